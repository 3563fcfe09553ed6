//! The JSON of the messages and answers, field by field as the platform's SDKs name them.
//!
//! Ids exceed what a double holds and come as numbers or as text: both become text. Fields we do not use are not
//! named and not looked at.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Visitor};

use super::{Event, OrderRef};

/// A 64-bit id, sent as a number or as text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Id(pub(super) String);

/// A message's `data`: JSON as text, or, from some senders, JSON as it is.
#[derive(Debug, Default)]
pub(super) struct Data(pub(super) String);

struct IdVisitor;

impl Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id of at most 64 characters, or a whole number")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Id, E> {
        Ok(Id(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id(number.to_string()))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Id, E> {
        let plain = |b: u8| b.is_ascii_graphic();
        if text.is_empty() || text.len() > 64 || !text.bytes().all(plain) {
            return Err(E::custom("an id of 1 to 64 printable characters is expected"));
        }
        Ok(Id(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

impl<'de> Deserialize<'de> for Data {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match serde_json::Value::deserialize(deserializer)? {
            serde_json::Value::String(text) => Self(text),
            serde_json::Value::Null => Self::default(),
            other => Self(other.to_string()),
        })
    }
}

#[derive(Deserialize)]
struct OrderData {
    shop_id: Id,
    p_id: Id,
    #[serde(default)]
    s_ids: Vec<Id>,
}

#[derive(Deserialize)]
struct PaidData {
    #[serde(flatten)]
    order: OrderData,
    pay_time: i64,
    pay_amount: i64,
}

#[derive(Deserialize)]
struct CancelledData {
    #[serde(flatten)]
    order: OrderData,
    cancel_time: Option<i64>,
    #[serde(default)]
    cancel_reason: String,
}

#[derive(Deserialize)]
struct RefundedData {
    shop_id: Id,
    p_id: Id,
    s_id: Id,
    aftersale_id: Id,
    success_time: Option<i64>,
    #[serde(default)]
    refund_amount: i64,
}

impl From<OrderData> for OrderRef {
    fn from(data: OrderData) -> Self {
        let sub_order_nos = data.s_ids.into_iter().map(|id| id.0).collect();
        Self { shop_id: data.shop_id.0, order_no: data.p_id.0, sub_order_nos }
    }
}

/// Seconds of the wire as milliseconds; 0 stands for "not yet".
pub(super) fn moment(seconds: i64) -> Option<i64> {
    if seconds > 0 { seconds.checked_mul(1000) } else { None }
}

pub(super) fn created(data: &str) -> Option<Event> {
    serde_json::from_str::<OrderData>(data).ok().map(|order| Event::Created(order.into()))
}

pub(super) fn address_changed(data: &str) -> Option<Event> {
    serde_json::from_str::<OrderData>(data).ok().map(|order| Event::AddressChanged(order.into()))
}

pub(super) fn paid(data: &str) -> Option<Event> {
    let PaidData { order, pay_time, pay_amount } = serde_json::from_str(data).ok()?;
    let paid_at_ms = moment(pay_time)?;
    (pay_amount >= 0).then(|| Event::Paid { order: order.into(), paid_at_ms, paid_fen: pay_amount })
}

pub(super) fn cancelled(data: &str) -> Option<Event> {
    let CancelledData { order, cancel_time, cancel_reason } = serde_json::from_str(data).ok()?;
    let cancelled_at_ms = cancel_time.and_then(moment);
    Some(Event::Cancelled { order: order.into(), cancelled_at_ms, reason: cancel_reason })
}

pub(super) fn refunded(data: &str) -> Option<Event> {
    let data: RefundedData = serde_json::from_str(data).ok()?;
    let order = OrderRef { shop_id: data.shop_id.0, order_no: data.p_id.0, sub_order_nos: vec![data.s_id.0] };
    Some(Event::Refunded {
        order,
        aftersale_id: data.aftersale_id.0,
        refunded_at_ms: data.success_time.and_then(moment),
        refund_fen: data.refund_amount,
    })
}
