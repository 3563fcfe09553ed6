//! What a storefront is told of its order: a status and a body for each outcome.

use std::borrow::Cow;
use std::collections::BTreeSet;

use axum::http::StatusCode;
use liangcang_domain::id::{CarrierId, OrderNo, SkuId, WarehouseId, WaybillNo};
use liangcang_domain::unit::{EpochMs, Qty};
use serde::Serialize;

use super::asked::Unfit;
use crate::intake::{Answer, Doubt, Outcome, Promise, PromisedPart, Reason};
use crate::store::orders::{Known, State};

/// One order's answer. What does not apply is left out.
#[derive(Debug, Default, Serialize)]
pub struct Told {
    outcome: &'static str,
    order: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    promise: Option<Promised>,
    /// Sold out: what there is not enough of.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    missing: BTreeSet<SkuId>,
    /// Over quota: whose, and how many orders it allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    quota: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<i64>,
    /// Refused for another reason: the word for programs, and for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<Cow<'static, str>>,
    /// Refused since a field is not as it must be: which.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'static str>,
    /// Duplicate: whether it says something else than the first.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first: Option<First>,
    /// Held for review: the rules it hit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reasons: Vec<Doubt>,
}

#[derive(Debug, Serialize)]
struct Promised {
    campaign: String,
    warehouse: WarehouseId,
    carrier: CarrierId,
    waybill: WaybillNo,
    because: String,
    hold: Hold,
    /// What each warehouse sends of an order that is split; the first of them is the one above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Part>,
}

#[derive(Debug, Serialize)]
struct Part {
    /// Its own number, which stands on its slip.
    order: OrderNo,
    warehouse: WarehouseId,
    carrier: CarrierId,
    waybill: WaybillNo,
    units: Vec<(SkuId, Qty)>,
}

#[derive(Debug, Serialize)]
struct Hold {
    units: Vec<(SkuId, Qty)>,
    expires_at: Option<EpochMs>,
}

#[derive(Debug, Serialize)]
struct First {
    state: State,
    campaign: String,
    warehouse: WarehouseId,
    carrier: CarrierId,
}

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

/// The status of an outcome.
fn status(outcome: &Outcome) -> StatusCode {
    match outcome {
        Outcome::Accepted { .. } | Outcome::Unpaid => StatusCode::CREATED,
        Outcome::WaitsForPlatform | Outcome::Review => StatusCode::ACCEPTED,
        Outcome::Duplicate { .. } => StatusCode::OK,
        Outcome::Refused(Reason::Short { .. } | Reason::OverQuota { .. } | Reason::NumberTaken { .. }) => {
            StatusCode::CONFLICT
        }
        Outcome::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Status and body of one order's answer.
pub fn answer(order: String, answer: Answer) -> (StatusCode, Told) {
    let status = status(&answer.outcome);
    let first = answer.first.map(|Known { state, campaign, warehouse, carrier, .. }| First {
        state,
        campaign,
        warehouse,
        carrier,
    });
    let mut told = Told {
        outcome: word(&answer.outcome),
        order,
        promise: answer.promise.map(Promised::from),
        first,
        reasons: answer.hits,
        ..Told::default()
    };
    match answer.outcome {
        Outcome::Refused(Reason::Short { skus }) => told.missing = skus,
        Outcome::Refused(Reason::OverQuota { of, limit }) => {
            (told.quota, told.limit) = (Some(of.as_str()), Some(limit));
        }
        Outcome::Refused(reason) => {
            (told.code, told.reason) = (Some(reason.code()), Some(reason.en().into()));
        }
        Outcome::Duplicate { changed } => told.changed = Some(changed),
        _ => {}
    }
    (status, told)
}

/// The answer to an order that was not even looked at.
pub fn unfit(order: &str, unfit: Unfit) -> Told {
    Told {
        outcome: "refused",
        order: order.to_owned(),
        code: Some("unfit"),
        field: Some(unfit.field),
        reason: Some(unfit.why.into()),
        ..Told::default()
    }
}

impl From<Promise> for Promised {
    fn from(promise: Promise) -> Self {
        Self {
            campaign: promise.campaign,
            warehouse: promise.warehouse,
            carrier: promise.carrier,
            waybill: promise.waybill_no,
            because: promise.because,
            hold: Hold { units: promise.units, expires_at: promise.expires_at },
            parts: promise.parts.into_iter().map(Part::from).collect(),
        }
    }
}

impl From<PromisedPart> for Part {
    fn from(part: PromisedPart) -> Self {
        let PromisedPart { order, warehouse, carrier, waybill_no: waybill, units } = part;
        Self { order, warehouse, carrier, waybill, units }
    }
}
