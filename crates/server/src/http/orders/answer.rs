//! What a storefront is told of its order: a status and a body for each outcome.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::intake::{Answer, Outcome, Promise, Reason};

/// The word of an outcome.
pub fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::Duplicate { .. } => "duplicate",
        Outcome::WaitsForPlatform => "waiting",
        Outcome::Unpaid => "unpaid",
        Outcome::Review => "review",
        Outcome::Refused(Reason::Short { .. }) => "sold_out",
        Outcome::Refused(Reason::OverQuota { .. }) => "over_quota",
        Outcome::Refused(_) => "refused",
    }
}

/// Status and body of one order's answer.
pub fn answer(no: &str, answer: Answer) -> (StatusCode, Value) {
    let status = match &answer.outcome {
        Outcome::Accepted { .. } | Outcome::Unpaid => StatusCode::CREATED,
        Outcome::WaitsForPlatform | Outcome::Review => StatusCode::ACCEPTED,
        Outcome::Duplicate { .. } => StatusCode::OK,
        Outcome::Refused(Reason::Short { .. } | Reason::OverQuota { .. } | Reason::NumberTaken { .. }) => {
            StatusCode::CONFLICT
        }
        Outcome::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let mut body = json!({ "outcome": word(&answer.outcome), "order": no });
    if let Some(promise) = answer.promise {
        add(&mut body, promised(promise));
    }
    match answer.outcome {
        Outcome::Refused(Reason::Short { skus }) => body["missing"] = json!(skus),
        Outcome::Refused(Reason::OverQuota { of, limit }) => {
            add(&mut body, json!({ "quota": of.as_str(), "limit": limit }));
        }
        Outcome::Refused(reason) => add(&mut body, json!({ "code": reason.code(), "reason": reason.en() })),
        Outcome::Duplicate { changed } => body["changed"] = json!(changed),
        _ => {}
    }
    if let Some(first) = answer.first {
        body["first"] = json!({
            "state": first.state, "campaign": first.campaign, "warehouse": first.warehouse, "carrier": first.carrier,
        });
    }
    if !answer.hits.is_empty() {
        body["reasons"] = json!(answer.hits);
    }
    (status, body)
}

fn promised(promise: Promise) -> Value {
    json!({
        "campaign": promise.campaign,
        "warehouse": promise.warehouse,
        "carrier": promise.carrier,
        "waybill": promise.waybill_no,
        "because": promise.because,
        "hold": { "units": promise.units, "expires_at": promise.expires_at },
    })
}

fn add(body: &mut Value, more: Value) {
    if let (Some(body), Value::Object(more)) = (body.as_object_mut(), more) {
        body.extend(more);
    }
}
