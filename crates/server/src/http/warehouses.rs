//! `/api/warehouses/{id}/close`, `/open`, `/reroute` and `/counted`: whether a warehouse takes orders, who ships those
//! it has, and what was counted there of units it misses.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use liangcang_domain::id::SkuId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Body;
use super::person::FromPerson;
use super::{App, Refusal};
use crate::clock::now;
use crate::reroute::{Rerouted, reroute as move_orders};
use crate::store::counted::{self, NotCounted};
use crate::store::platform_message::stock_came;
use crate::store::warehouse_day::set_open;

fn unknown() -> Refusal {
    Refusal::not_found("there is no warehouse of this id")
}

/// `POST /api/warehouses/{id}/close`: from now on it gets no order; those it has stay until they are rerouted.
pub async fn close(
    app: State<Arc<App>>,
    person: FromPerson,
    id: Path<String>,
) -> Result<Json<Value>, Refusal> {
    set(app, person, id, false).await
}

/// `POST /api/warehouses/{id}/open`: it gets orders again.
pub async fn open(
    app: State<Arc<App>>,
    person: FromPerson,
    id: Path<String>,
) -> Result<Json<Value>, Refusal> {
    set(app, person, id, true).await
}

async fn set(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    open: bool,
) -> Result<Json<Value>, Refusal> {
    let mut tx = app.database.begin().await?;
    if !set_open(&mut tx, &id.as_str().into(), open, (&who, now())).await? {
        return Err(unknown());
    }
    if open {
        stock_came(&mut tx).await?;
    }
    tx.commit().await?;
    Ok(Json(json!({ "warehouse": id, "open": open })))
}

/// How to reroute.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    #[serde(default)]
    dry_run: bool,
}

/// `POST /api/warehouses/{id}/reroute`: moves what it cannot ship, or with `dry_run` says what would be moved. At most
/// 10,000 orders a call.
pub async fn reroute(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    Body(asked): Body<Asked>,
) -> Result<Json<Rerouted>, Refusal> {
    let done = move_orders(&app.database, &id.as_str().into(), asked.dry_run, (&who, now())).await?;
    done.map(Json).ok_or_else(unknown)
}

/// What somebody counted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    sku: SkuId,
    found: u32,
}

/// `POST /api/warehouses/{id}/counted`: of the units of a SKU that are missing there so many were found; they can be
/// sold again, the rest is written off.
pub async fn counted(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    Body(Count { sku, found }): Body<Count>,
) -> Result<Json<counted::Counted>, Refusal> {
    let mut tx = app.database.begin().await?;
    let done = counted::count(&mut tx, (&id.as_str().into(), &sku), found, (&who, now())).await?;
    let done = done.map_err(|why| {
        let none = matches!(why, NotCounted::NoPool { .. });
        let status = if none { StatusCode::NOT_FOUND } else { StatusCode::CONFLICT };
        Refusal::new(status, why.code(), why.to_string())
    })?;
    stock_came(&mut tx).await?;
    tx.commit().await?;
    app.platform_bell.notify_one();
    Ok(Json(done))
}
