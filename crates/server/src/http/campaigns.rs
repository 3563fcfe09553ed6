//! `/api/campaigns…`: plan, arm, start, close, change; ledger, publishable stock and meter. The rules are
//! `crate::campaign`'s.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use liangcang_domain::risk::Rules;
use liangcang_domain::unit::EpochMs;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Body;
use super::door::FromOffice;
use super::person::FromPerson;
use super::{App, Refusal};
use crate::campaign::{self, By, Ledger, Limits, Meter, Plan, Refused, StockChange, Story};
use crate::clock::now;

impl From<Refused> for Refusal {
    fn from(refused: Refused) -> Self {
        let status = match &refused {
            Refused::Unfit(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Refused::Unknown { .. } => StatusCode::NOT_FOUND,
            Refused::Exists { .. }
            | Refused::WrongState { .. }
            | Refused::NotEnough(_)
            | Refused::InUse(_) => StatusCode::CONFLICT,
            Refused::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        match refused {
            Refused::Failed(fault) => fault.into(),
            refused => Self::new(status, refused.code(), refused.to_string()),
        }
    }
}

fn none(id: &str) -> Refusal {
    Refused::Unknown { id: id.to_owned() }.into()
}

async fn shown(app: &App, id: &str) -> Result<Json<Story>, Refusal> {
    let story = campaign::story(&mut app.database.look().await?, id).await?;
    story.map(Json).ok_or_else(|| none(id))
}

/// `POST /api/campaigns`: plans one.
pub async fn plan(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Body(plan): Body<Plan>,
) -> Result<(StatusCode, Json<Story>), Refusal> {
    campaign::plan(&app.database, &plan, By { who: &who, at: now() }).await?;
    Ok((StatusCode::CREATED, shown(&app, &plan.id).await?))
}

/// `PUT /api/campaigns/{id}`: plans it anew.
pub async fn replan(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    Body(plan): Body<Plan>,
) -> Result<Json<Story>, Refusal> {
    if plan.id != id {
        let why = "a campaign keeps its id: the body must name the one in the address".to_owned();
        return Err(Refused::Unfit(vec![why]).into());
    }
    campaign::replan(&app.database, &plan, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// `GET /api/campaigns`: all, the latest to start first.
pub async fn list(State(app): State<Arc<App>>, _office: FromOffice) -> Result<Json<Value>, Refusal> {
    let campaigns = app.looks.list(&app.database).await?;
    Ok(Json(json!({ "campaigns": campaigns })))
}

/// `GET /api/campaigns/{id}`: all of it, with its acts.
pub async fn one(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(id): Path<String>,
) -> Result<Json<Story>, Refusal> {
    shown(&app, &id).await
}

/// `POST /api/campaigns/{id}/arm`: sets its stock aside.
pub async fn arm(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
) -> Result<Json<Story>, Refusal> {
    campaign::arm(&app.database, &id, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// `POST /api/campaigns/{id}/start`: it takes orders from now on.
pub async fn start(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
) -> Result<Json<Story>, Refusal> {
    campaign::start(&app.database, &id, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// `POST /api/campaigns/{id}/close`: what it has not sold goes back.
pub async fn close(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
) -> Result<Json<Story>, Refusal> {
    campaign::close(&app.database, &id, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// Rows of stock to be changed together.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Changes {
    changes: Vec<StockChange>,
}

/// `POST /api/campaigns/{id}/stock`: tops up and draws down.
pub async fn change_stock(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    Body(Changes { changes }): Body<Changes>,
) -> Result<Json<Story>, Refusal> {
    campaign::change_stock(&app.database, &id, &changes, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// `PUT /api/campaigns/{id}/rules`: risk rules for the orders that come from now on.
pub async fn set_rules(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    Body(rules): Body<Rules>,
) -> Result<Json<Story>, Refusal> {
    campaign::set_rules(&app.database, &id, &rules, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// `PUT /api/campaigns/{id}/limits`: limits for the orders that come from now on.
pub async fn set_limits(
    State(app): State<Arc<App>>,
    FromPerson(who): FromPerson,
    Path(id): Path<String>,
    Body(limits): Body<Limits>,
) -> Result<Json<Story>, Refusal> {
    campaign::set_limits(&app.database, &id, &limits, By { who: &who, at: now() }).await?;
    shown(&app, &id).await
}

/// `GET /api/campaigns/{id}/ledger`: its books, held against its orders.
pub async fn ledger(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(id): Path<String>,
) -> Result<Json<Ledger>, Refusal> {
    let ledger = app.looks.ledger(&app.database, &id).await?;
    ledger.map(Json).ok_or_else(|| none(&id))
}

/// `GET /api/campaigns/{id}/stock`: what each channel may show for sale.
pub async fn sellable(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(id): Path<String>,
) -> Result<Json<Value>, Refusal> {
    let channels = campaign::sellable(&mut app.database.look().await?, &id).await?;
    let channels = channels.ok_or_else(|| none(&id))?.into_iter();
    let channels: Vec<Value> =
        channels.map(|(channel, sellable)| json!({ "channel": channel, "sellable": sellable })).collect();
    Ok(Json(json!({ "channels": channels })))
}

/// From when on orders are counted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeterQuery {
    #[serde(default)]
    since: i64,
}

/// `GET /api/campaigns/{id}/meter`: what is happening.
pub async fn meter(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(id): Path<String>,
    Query(MeterQuery { since }): Query<MeterQuery>,
) -> Result<Json<Meter>, Refusal> {
    let meter = app.looks.meter(&app.database, &id, EpochMs(since), now()).await?;
    meter.map(Json).ok_or_else(|| none(&id))
}
