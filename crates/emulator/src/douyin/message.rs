//! Builds messages: the array the platform posts, and the ways in which one can be wrong.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};

use super::sign::event_sign;
use super::{App, State, order_number, unix_seconds};

/// What a message is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Tag 0: sent when the merchant saves the address in the console.
    Test,
    /// Tag 101: an order is paid.
    Paid,
    /// Tag 106: an order is cancelled.
    Cancelled,
}

/// How a message is spoiled on the way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tamper {
    /// Not at all.
    #[default]
    None,
    /// Signed with another secret.
    Forged,
    /// No `event-sign` header.
    Unsigned,
    /// Half of the body is missing, the signature is the whole body's.
    Truncated,
    /// Half of the body is missing and the half is signed rightly.
    TruncatedThenSigned,
}

/// One element of the posted array.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// What it is about.
    pub kind: Kind,
    /// The registered order it is about; not for `test`.
    #[serde(default)]
    pub order_id: Option<String>,
    /// How long ago it happened, in seconds: a late message.
    #[serde(default)]
    pub age_s: u64,
}

/// What goes over the wire.
#[derive(Debug, Clone)]
pub(super) struct Wire {
    pub body: Vec<u8>,
    pub sign: Option<String>,
    pub message_ids: Vec<String>,
}

pub(super) fn build(state: &mut State, messages: &[Message], tamper: Tamper) -> Result<Wire> {
    ensure!(!messages.is_empty(), "`messages` is empty; the platform never posts an empty array");
    let mut elements = Vec::new();
    let mut message_ids = Vec::new();
    for message in messages {
        let (tag, data) = content(state, message)?;
        let about = message.order_id.as_deref().unwrap_or("0");
        state.next_message += 1;
        let time = unix_seconds().saturating_sub(message.age_s);
        let id = format!("{about}:{tag}:{time}:{}", state.next_message);
        elements.push(json!({"tag": tag, "msg_id": id, "data": data.to_string()}));
        message_ids.push(id);
    }
    let whole = Value::from(elements).to_string().into_bytes();
    let half = whole[..whole.len() / 2].to_vec();
    let app = &state.app;
    let another = App { app_secret: format!("not {}", app.app_secret), ..app.clone() };
    let (body, sign) = match tamper {
        Tamper::None => (whole.clone(), Some(event_sign(app, &whole))),
        Tamper::Forged => (whole.clone(), Some(event_sign(&another, &whole))),
        Tamper::Unsigned => (whole, None),
        Tamper::Truncated => (half, Some(event_sign(app, &whole))),
        Tamper::TruncatedThenSigned => (half.clone(), Some(event_sign(app, &half))),
    };
    Ok(Wire { body, sign, message_ids })
}

fn content(state: &State, message: &Message) -> Result<(&'static str, Value)> {
    let time = unix_seconds().saturating_sub(message.age_s);
    if message.kind == Kind::Test {
        return Ok(("0", json!({"time": time})));
    }
    let number = message.order_id.as_deref().context("this message needs an `order_id`")?;
    let detail = state.orders.get(number).with_context(|| {
        format!("order {number} is not registered; post it to /platform/douyin/orders first")
    })?;
    let mut data = json!({
        "p_id": digits(&order_number(detail)?)?,
        "s_ids": sub_orders(detail)?,
        "shop_id": detail.get("shop_id").cloned().unwrap_or_else(|| json!(1)),
        "order_type": detail.get("order_type").cloned().unwrap_or_else(|| json!(0)),
        "biz": 2,
    });
    if message.kind == Kind::Paid {
        data["order_status"] = json!(2);
        data["pay_time"] = json!(time);
        data["pay_type"] = json!(1);
        data["pay_amount"] = detail.get("pay_amount").cloned().unwrap_or_else(|| json!(0));
        return Ok(("101", data));
    }
    data["order_status"] = json!(4);
    data["cancel_reason"] = json!("不想要了");
    data["cancel_time"] = json!(time);
    Ok(("106", data))
}

fn sub_orders(detail: &Value) -> Result<Vec<u64>> {
    let lines = detail["sku_order_list"].as_array().context("`sku_order_list` must be a list")?;
    lines.iter().map(|line| digits(line["order_id"].as_str().unwrap_or_default())).collect()
}

/// Message data carries order numbers as JSON numbers, the order detail as texts.
fn digits(number: &str) -> Result<u64> {
    number.parse().with_context(|| format!("order number {number:?} is not a number of at most 19 digits"))
}
