//! `POST /platforms/douyin/events`: verified over the raw bytes, kept, then answered; the work comes after. For the
//! office `GET /api/platforms/waiting`: paid orders that are not taken yet.
//!
//! The platform wants its answer within two seconds and delivers again what was not answered with code 0.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::extract::rejection::BytesRejection;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;
use serde_json::{Value, json};

use super::door::FromOffice;
use super::{App, Refusal};
use crate::clock::now;
use crate::platforms::douyin::{Event, Freshness, Message, STALE_AFTER_MS, parse, verify};
use crate::store::orders;
use crate::store::platform_message::{Kind, Received, keep, waiting_for_stock};

/// The code the vendor's own programs answer with when they refuse.
const REFUSED: i64 = 40_041;

/// A refused delivery in the platform's own shape.
fn refused(status: StatusCode, why: &str) -> Response {
    tracing::warn!(why, "a platform delivery was refused");
    (status, Json(json!({ "code": REFUSED, "msg": why }))).into_response()
}

/// The platform's messages.
pub async fn douyin_events(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Response {
    let Some(shop) = &app.settings.douyin else {
        return refused(StatusCode::NOT_FOUND, "no Douyin shop is set up here");
    };
    let body = match body {
        Ok(body) => body,
        Err(fault) => {
            return refused(fault.status(), "the body is larger than 1 MiB or did not arrive whole");
        }
    };
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let verified = verify(&shop.app_key, &shop.app_secret, header("app-id"), header("event-sign"), &body);
    if let Err(why) = verified {
        return refused(StatusCode::UNAUTHORIZED, &why.to_string());
    }
    let messages = match parse(&body) {
        Ok(messages) => messages,
        Err(why) => return refused(StatusCode::BAD_REQUEST, &why.to_string()),
    };
    let at = now();
    let (old, good): (Vec<&Message>, Vec<&Message>) =
        messages.iter().partition(|message| is_too_old(message, at));
    if let Err(fault) = keep_all(&app, &good, at).await {
        tracing::error!(fault = format!("{fault:#}"), "platform messages could not be kept");
        return refused(StatusCode::INTERNAL_SERVER_ERROR, "could not be kept: deliver again");
    }
    app.platform_bell.notify_one();
    // The good ones are kept all the same; that they come again with the old one changes nothing.
    if !old.is_empty() {
        return refused(StatusCode::BAD_REQUEST, "a message tells of something more than a week ago");
    }
    Json(json!({ "code": 0, "msg": "success" })).into_response()
}

/// Whatever it tells has been settled by other means since; such a message is not taken at all.
fn is_too_old(message: &Message, at: EpochMs) -> bool {
    message.happened_at_ms().is_some_and(|happened| happened < at.0 - STALE_AFTER_MS)
}

async fn keep_all(app: &App, messages: &[&Message], at: EpochMs) -> anyhow::Result<()> {
    let mut tx = app.database.begin().await?;
    for message in messages {
        let received = to_do(message, at);
        let new = keep(&mut tx, &received, at).await?;
        if new && matches!(message.event, Event::AddressChanged(_)) {
            let note = "the buyer changed the address at the platform";
            orders::note(&mut tx, &OrderNo(received.order_no), note, at).await?;
        }
    }
    tx.commit().await
}

/// What a message asks of us. A cancellation is taken at its word only while it is fresh.
fn to_do(message: &Message, at: EpochMs) -> Received {
    let fresh = message.freshness(at.0) == Freshness::Fresh;
    let (kind, order_no, reason) = match &message.event {
        Event::Paid { order, .. } => (Kind::Paid, &order.order_no[..], ""),
        Event::Cancelled { order, reason, .. } if fresh => {
            (Kind::Cancelled, &order.order_no[..], &reason[..])
        }
        Event::Cancelled { order, .. } | Event::Refunded { order, .. } => {
            (Kind::Check, &order.order_no[..], "")
        }
        Event::Created(order) | Event::AddressChanged(order) => (Kind::Other, &order.order_no[..], ""),
        Event::Test | Event::Other { .. } => (Kind::Other, "", ""),
    };
    Received {
        dedupe_key: message.dedupe_key(),
        kind,
        order_no: order_no.to_owned(),
        reason: reason.to_owned(),
    }
}

/// Waiting orders a page holds.
const PAGE: i64 = 200;

/// `GET /api/platforms/waiting`: paid orders that were refused for want of stock, room or waybill numbers and are tried
/// again; at most 200, those that wait longest first, and how many there are in all.
pub async fn waiting(State(app): State<Arc<App>>, _office: FromOffice) -> Result<Json<Value>, Refusal> {
    let (waiting, total) = waiting_for_stock(&mut app.database.look().await?, PAGE).await?;
    Ok(Json(json!({ "waiting": waiting, "total": total })))
}
