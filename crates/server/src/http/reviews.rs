//! `/api/reviews`, `/api/clusters/{kind}/{key}` and `/api/reviews/decide`: orders a person decides on, with all they
//! have in common with others. Receivers are masked.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use liangcang_domain::id::OrderNo;
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::Body;
use super::door::FromOffice;
use super::person::FromPerson;
use super::{App, Refusal};
use crate::clock::now;
use crate::review::{Decided, Decision, MOST, decide as decide_on};
use crate::store::hold::DAILY;
use crate::store::review::{self, ClusterKind, parse_key};

/// Reviews a page holds.
const PAGE: i64 = 200;
/// Orders of a cluster that are shown.
const CLUSTER: usize = 500;
const LONGEST_WHO: usize = 40;

/// Which reviews.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    #[serde(default)]
    campaign: String,
    #[serde(default)]
    state: String,
}

/// `GET /api/reviews`: at most 200, those that wait longest first, and how many there are in all.
pub async fn list(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Query(ListQuery { campaign, state }): Query<ListQuery>,
) -> Result<Json<Value>, Refusal> {
    if !["", "open", "asked"].contains(&state.as_str()) {
        return Err(unfit("a state is one of: open asked"));
    }
    let mut look = app.database.look().await?;
    let (mut reviews, total) = review::open(&mut look, &app.database, (&campaign, &state), PAGE).await?;
    look.rollback().await?;
    app.looks.count_clusters(&app.database, &mut reviews).await?;
    Ok(Json(json!({ "reviews": reviews, "total": total })))
}

pub(super) fn unfit(why: impl Into<String>) -> Refusal {
    Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unfit", why)
}

fn known_key(kind: &str, key: &str) -> Result<(ClusterKind, i64), Refusal> {
    let kind =
        ClusterKind::parse(kind).ok_or_else(|| unfit("a kind is one of: address phone buyer device"))?;
    let key = parse_key(key).ok_or_else(|| unfit("a key is the sixteen hexadecimal digits of a cluster"))?;
    Ok((kind, key))
}

/// Of which campaign.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClusterQuery {
    #[serde(default)]
    campaign: String,
}

/// `GET /api/clusters/{kind}/{key}`: its orders in whatever state, at most 500, oldest first.
pub async fn cluster(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path((kind, key)): Path<(String, String)>,
    Query(ClusterQuery { campaign }): Query<ClusterQuery>,
) -> Result<Json<Value>, Refusal> {
    let (kind, key) = known_key(&kind, &key)?;
    let orders = if campaign.is_empty() || campaign == DAILY {
        let limit = i64::try_from(CLUSTER).unwrap_or(i64::MAX);
        let mut look = app.database.look().await?;
        review::cluster_anywhere(&mut look, &app.database, (kind, key, &campaign), limit).await?
    } else {
        app.looks.cluster(&app.database, (kind, key, &campaign), CLUSTER).await?
    };
    Ok(Json(json!({ "orders": orders })))
}

/// A cluster to be decided on as a whole.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WholeCluster {
    kind: String,
    key: String,
    #[serde(default)]
    campaign: String,
}

/// What is decided, and on which orders: `orders` or `cluster`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToDecide {
    orders: Option<Vec<OrderNo>>,
    cluster: Option<WholeCluster>,
    decision: Decision,
    who: Option<String>,
}

/// `POST /api/reviews/decide`: decides on at most 1,000 orders; what is left undecided is named with its reason.
pub async fn decide(
    State(app): State<Arc<App>>,
    FromPerson(person): FromPerson,
    Body(body): Body<ToDecide>,
) -> Result<Json<Decided>, Refusal> {
    let who = body.who.unwrap_or(person);
    if who.trim().is_empty() || who.chars().count() > LONGEST_WHO || who.chars().any(char::is_control) {
        return Err(unfit("who is a name of 1 to 40 characters"));
    }
    let orders = match (body.orders, body.cluster) {
        (Some(orders), None) if orders.len() > MOST => {
            return Err(unfit(format!("at most {MOST} orders are decided on at once: send the rest again")));
        }
        (Some(orders), None) => orders,
        (None, Some(cluster)) => {
            let (kind, key) = known_key(&cluster.kind, &cluster.key)?;
            let mut look = app.database.look().await?;
            review::held_in_cluster(&mut look, (kind, key, &cluster.campaign)).await?
        }
        _ => return Err(unfit("name either orders or a cluster")),
    };
    Ok(Json(decide_on(&app.database, &orders, body.decision, &who, now()).await))
}
