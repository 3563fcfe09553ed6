//! What the office asks by token: `/api/orders`, `/api/orders/{no}`, `/api/warehouses/{id}/status`.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use liangcang_domain::id::WarehouseId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::door::FromOffice;
use super::{App, Refusal};
use crate::clock::now;
use crate::database::query;
use crate::store::order_list::{OrderRow, OrderStory, Wanted, list, one};
use crate::store::{company, counted, orders, warehouse_day};

/// Orders a page holds.
const PAGE: i64 = 100;
/// Counts of a warehouse that are shown.
const COUNTS: i64 = 20;

/// What a list is asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    state: Option<String>,
    #[serde(default)]
    after: String,
    phone: Option<String>,
    #[serde(default)]
    campaign: String,
}

/// `GET /api/orders`: at most 100, by number; `after` the last number is the next page.
pub async fn list_orders(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Query(query): Query<ListQuery>,
) -> Result<Json<Vec<OrderRow>>, Refusal> {
    let state = match query.state.as_deref() {
        None => None,
        Some(word) => Some(orders::State::parse(word).ok_or_else(|| {
            let known = orders::State::ALL.map(orders::State::as_str).join(" ");
            Refusal::new(StatusCode::BAD_REQUEST, "unknown_state", format!("a state is one of: {known}"))
        })?),
    };
    let wanted = Wanted { state, after: query.after, phone: query.phone, campaign: query.campaign };
    let mut look = app.database.look().await?;
    Ok(Json(list(&mut look, &app.database, &wanted, PAGE).await?))
}

/// `GET /api/orders/{no}`: one order with its lines and notes; of one that is split, one part and what all parts are.
pub async fn one_order(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(no): Path<String>,
) -> Result<Json<OrderStory>, Refusal> {
    let mut look = app.database.look().await?;
    let story = one(&mut look, &app.database, &no).await?;
    story.map(Json).ok_or_else(|| Refusal::not_found("there is no order of this number"))
}

/// `GET /api/warehouses/{id}/status`: whether it takes orders, those it was given today and may be given, orders by
/// state, units that are missing and the last counts of such, the feed's head, and how far each station's facts are
/// here.
pub async fn warehouse_status(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let mut look = app.database.look().await?;
    let head: Option<i64> =
        query("SELECT seq FROM feed_head WHERE warehouse = $1").bind(&id).scalar_optional(&mut look).await?;
    let head = head.ok_or_else(|| Refusal::not_found("there is no warehouse of this id"))?;
    let sql = "SELECT state, COUNT(*) FROM orders WHERE warehouse = $1 GROUP BY state";
    let states: Vec<(String, i64)> = query(sql).bind(&id).all(&mut look).await?;
    let states: BTreeMap<String, i64> = states.into_iter().collect();
    let sql =
        "SELECT s.id, s.name, CAST(COALESCE(SUM(c.seq), 0) AS BIGINT) FROM station s LEFT JOIN cursor c ON c.writer = s.id
        WHERE s.warehouse = $1 GROUP BY s.id, s.name ORDER BY s.id";
    let stations: Vec<(String, String, i64)> = query(sql).bind(&id).all(&mut look).await?;
    let stations: Vec<Value> = stations
        .into_iter()
        .map(|(id, name, facts)| json!({ "station": id, "name": name, "facts": facts }))
        .collect();
    let missing = counted::missing(&mut look, &id).await?;
    let counted = counted::latest(&mut look, &id, COUNTS).await?;
    let open = !warehouse_day::closed(&mut look).await?.contains(&WarehouseId::from(id.as_str()));
    let today = warehouse_day::taken(&mut look, &id.as_str().into(), warehouse_day::day_of(now())).await?;
    let most = company::daily_orders(&mut look).await?.get(&WarehouseId::from(id.as_str())).copied();
    Ok(Json(json!({
        "warehouse": id,
        "open": open,
        "today": { "orders": today, "most": most },
        "feed": head,
        "orders": states,
        "missing": missing,
        "counted": counted,
        "stations": stations,
    })))
}
