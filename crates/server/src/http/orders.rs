//! The brand's own storefront: `POST /api/orders`, `/api/orders/bulk`, `/api/orders/{no}/pay`, `/api/orders/{no}/cancel`.
//!
//! The order's number is the caller's own (`Idempotency-Key`), so a retry is the same order. An answer comes after
//! the commit, or nothing was taken.

mod answer;
mod asked;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;
use serde::Deserialize;
use serde_json::json;

use super::body::Body;
use super::door::FromOffice;
use super::{App, BULK_BODY_BYTES, Refusal, SMALL_BODY_BYTES};
use crate::clock::now;
use crate::incoming::IncomingOrder;
use crate::intake::{Answer, Cancelled, Failed, Outcome, cancel_order, wake};
use crate::store::orders::{self, State as Stands};
use crate::store::parts::{self, Part};
use answer::answer;
use asked::{Asked, Unfit};

/// The header with the caller's own number of the order.
const KEY: &str = "idempotency-key";
/// Orders of one bulk request.
const MOST: usize = 1_000;
/// When a caller may come again.
const RETRY_AFTER_S: &str = "1";

/// `POST /api/orders`: one order.
pub async fn take_one(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    headers: HeaderMap,
    Body(asked): Body<Asked, SMALL_BODY_BYTES>,
) -> Result<Response, Refusal> {
    let key = headers.get(KEY).and_then(|key| key.to_str().ok()).unwrap_or_default();
    let order = match asked.into_order(key, now()) {
        Ok(order) => order,
        Err(unfit) => {
            let told = answer::unfit(key, unfit);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Json(told)).into_response());
        }
    };
    let no = order.order_no.clone();
    let Ok(pending) = app.intake.hand_in(vec![order]) else { return Ok(busy()) };
    let answers: Vec<Answer> = pending.answers().await.map_err(failed)?;
    let Some(taken) = answers.into_iter().next() else { return Ok(busy()) };
    let (status, told) = answer(no, taken);
    Ok((status, Json(told)).into_response())
}

/// One order of a bulk request.
#[derive(Deserialize)]
struct Keyed {
    key: String,
    #[serde(flatten)]
    asked: Asked,
}

/// `POST /api/orders/bulk`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    orders: Vec<Keyed>,
}

/// Up to a thousand orders; each gets its own answer, in order. Unfit ones are refused, the others are taken.
pub async fn take_many(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Body(bulk): Body<Bulk, BULK_BODY_BYTES>,
) -> Result<Response, Refusal> {
    if bulk.orders.len() > MOST {
        let why = format!("at most {MOST} orders at a time: send the rest in another request");
        return Err(Refusal::new(StatusCode::PAYLOAD_TOO_LARGE, "too_many_orders", why));
    }
    let at = now();
    let read = bulk.orders.into_iter().map(|it| (it.asked.into_order(&it.key, at), it.key));
    let read: Vec<(Result<IncomingOrder, Unfit>, String)> = read.collect();
    let fit: Vec<IncomingOrder> = read.iter().filter_map(|(order, _)| order.as_ref().ok().cloned()).collect();
    let Ok(pending) = app.intake.hand_in(fit) else { return Ok(busy()) };
    let mut taken = pending.answers().await.map_err(failed)?.into_iter();
    let answers = read.into_iter().map(|(order, key)| match order {
        Ok(_) => taken.next().map(|taken| answer(key, taken).1),
        Err(unfit) => Some(answer::unfit(&key, unfit)),
    });
    let answers: Vec<answer::Told> = answers.flatten().collect();
    Ok(Json(json!({ "answers": answers })).into_response())
}

fn busy() -> Response {
    let body = json!({ "error": "busy", "message": crate::intake::Busy.to_string() });
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", RETRY_AFTER_S)], Json(body)).into_response()
}

fn failed(fault: Failed) -> Refusal {
    // The queue has logged it, once a group.
    Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", fault.to_string())
}

/// What was paid, and when.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Paid {
    paid_fen: i64,
    paid_at: Option<i64>,
}

/// `POST /api/orders/{no}/pay`: the money of an unpaid order came.
pub async fn pay(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(no): Path<String>,
    Body(paid): Body<Paid, SMALL_BODY_BYTES>,
) -> Result<Response, Refusal> {
    let at = now();
    let mut tx = app.database.begin().await?;
    let parts = parts::of(&mut tx, &OrderNo(no)).await?;
    let Some(Part { no, known }) = parts.first() else {
        return Err(Refusal::not_found("there is no order of this number"));
    };
    if known.state == Stands::Cancelled {
        let why = "the order was cancelled, or its hold has lapsed: order anew, and give the money back";
        return Err(Refusal::new(StatusCode::CONFLICT, "cancelled", why));
    }
    let paid_at = EpochMs(paid.paid_at.unwrap_or(at.0));
    for part in &parts {
        // The money stands with the first part.
        let paid_fen = if part.is_first() { paid.paid_fen } else { 0 };
        orders::set_paid(&mut tx, &part.no, paid_fen, paid_at).await?;
    }
    let outcome = wake(&mut tx, &app.database, no, None, at).await?;
    if let Outcome::Refused(reason) = &outcome {
        return Err(Refusal::new(StatusCode::CONFLICT, reason.code(), reason.en()));
    }
    tx.commit().await?;
    Ok(Json(json!({ "outcome": answer::word(&outcome), "order": no.0 })).into_response())
}

/// Why the buyer wants no more.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cancel {
    reason: String,
    channel: Option<String>,
}

/// `POST /api/orders/{no}/cancel`.
pub async fn cancel(
    State(app): State<Arc<App>>,
    _office: FromOffice,
    Path(no): Path<String>,
    Body(cancel): Body<Cancel, SMALL_BODY_BYTES>,
) -> Result<Response, Refusal> {
    if cancel.reason.chars().count() > asked::LONGEST_NOTE {
        return Err(Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "unfit", "the reason is too long"));
    }
    let no = OrderNo(no);
    let channel = cancel.channel.as_deref().unwrap_or(asked::SHOP);
    let mut tx = app.database.begin().await?;
    let done = cancel_order(&mut tx, channel, &no, &cancel.reason, now()).await?;
    tx.commit().await?;
    let word = match done {
        Cancelled::Done => "cancelled",
        Cancelled::InPart => "in_part",
        Cancelled::Already => "already",
        Cancelled::TooLate => "too_late",
        Cancelled::NotHere => "not_here",
    };
    Ok(Json(json!({ "outcome": word, "order": no.0 })).into_response())
}
