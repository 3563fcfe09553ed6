//! Asking the platform for one order: the signed question, and the answer as an [`IncomingOrder`].
//!
//! Messages name an order without its goods and receiver, so a paid one is asked for here. Sending, retrying and
//! fetching the access token are the caller's. The receiver comes as ciphertext unless the shop has decrypted it.

use std::collections::BTreeMap;
use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use serde::Deserialize;
use serde_json::Value;
use sha2::Sha256;

use super::wire::{Id, moment};
use crate::incoming::{IncomingLine, IncomingOrder, IncomingState, MAX_LINE_QTY, Receiver, province_stem};

/// A request ready to be sent by POST: the signature covers exactly `body`.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedRequest {
    /// Path behind the platform's host.
    pub path: &'static str,
    /// Query, not yet percent-encoded.
    pub query: Vec<(&'static str, String)>,
    /// The JSON that was signed; `Content-Type: application/json`.
    pub body: String,
}

impl fmt::Debug for SignedRequest {
    /// The access token opens the shop, so the query is not shown.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SignedRequest({} {})", self.path, self.body)
    }
}

/// What proves who asks.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The app's key.
    pub app_key: &'a str,
    /// The app's secret.
    pub secret: &'a str,
    /// The shop's token.
    pub access_token: &'a str,
}

/// The question for one order; `now_s` is in seconds since 1970.
#[must_use]
pub fn request(credentials: Credentials<'_>, order_no: &str, now_s: i64) -> SignedRequest {
    let body = canonical_json(&serde_json::json!({ "shop_order_id": order_no }));
    let Credentials { app_key, secret, access_token } = credentials;
    let method = "order.orderDetail";
    let timestamp = now_s.to_string();
    let sign = sign(secret, &text_to_sign(app_key, secret, method, &body, &timestamp));
    let query = vec![
        ("app_key", app_key.to_owned()),
        ("method", method.to_owned()),
        ("timestamp", timestamp),
        ("sign", sign),
        ("v", "2".to_owned()),
        ("sign_method", "hmac-sha256".to_owned()),
        ("access_token", access_token.to_owned()),
    ];
    SignedRequest { path: "/order/orderDetail", query, body }
}

/// Names and values in the platform's order, between the secret twice, without separators.
fn text_to_sign(app_key: &str, secret: &str, method: &str, param_json: &str, timestamp: &str) -> String {
    format!("{secret}app_key{app_key}method{method}param_json{param_json}timestamp{timestamp}v2{secret}")
}

fn sign(secret: &str, text: &str) -> String {
    // HMAC takes a key of any length, so there is no error to speak of; an empty signature would be refused there.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Keys sorted by bytes at every depth, no blanks, nothing escaped that JSON does not demand.
fn canonical_json(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let sorted: BTreeMap<&String, &Value> = fields.iter().collect();
            let fields = sorted
                .into_iter()
                .map(|(key, value)| format!("{}:{}", Value::from(key.as_str()), canonical_json(value)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
        }
        Value::Array(items) => {
            format!("[{}]", items.iter().map(canonical_json).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

/// Why an answer brings no order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoOrder {
    /// Not the JSON it should be.
    Unreadable,
    /// The platform refuses.
    Refused {
        /// Its code; 10000 would be success.
        code: i64,
        /// Its words.
        message: String,
    },
    /// An order, but one we cannot take as it is.
    Unfit {
        /// Its number.
        order_no: String,
        /// What does not fit.
        why: &'static str,
    },
}

impl fmt::Display for NoOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable => f.write_str("the platform's answer is not an order"),
            Self::Refused { code, message } => write!(f, "the platform refuses with {code}: {message}"),
            Self::Unfit { order_no, why } => write!(f, "order {order_no} cannot be taken: {why}"),
        }
    }
}

impl std::error::Error for NoOrder {}

#[derive(Deserialize)]
struct Answer {
    code: i64,
    #[serde(default)]
    msg: String,
    #[serde(default)]
    sub_msg: String,
    data: Option<AnswerData>,
}

#[derive(Deserialize)]
struct AnswerData {
    shop_order_detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    order_id: Id,
    order_status: i64,
    #[serde(default)]
    main_status: i64,
    #[serde(default)]
    create_time: i64,
    #[serde(default)]
    pay_time: i64,
    #[serde(default)]
    exp_ship_time: i64,
    #[serde(default)]
    pay_amount: i64,
    /// The buyer (用户唯一 id), the same in every order of the shop.
    #[serde(default)]
    doudian_open_id: Value,
    #[serde(default)]
    buyer_words: String,
    #[serde(default)]
    seller_words: String,
    #[serde(default)]
    post_receiver: String,
    #[serde(default)]
    encrypt_post_receiver: String,
    #[serde(default)]
    post_tel: String,
    #[serde(default)]
    encrypt_post_tel: String,
    #[serde(default)]
    post_addr: Address,
    sku_order_list: Vec<SkuOrder>,
}

#[derive(Deserialize, Default)]
struct Address {
    #[serde(default)]
    province: Place,
    #[serde(default)]
    city: Place,
    #[serde(default)]
    town: Place,
    #[serde(default)]
    street: Place,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    encrypt_detail: String,
}

#[derive(Deserialize, Default)]
struct Place {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct SkuOrder {
    order_id: Id,
    order_status: i64,
    /// 商家后台商品编码: what the export calls 商家编码.
    #[serde(default)]
    code: String,
    #[serde(default)]
    product_name: String,
    #[serde(default)]
    spec: Vec<Spec>,
    item_num: i64,
    #[serde(default)]
    pay_amount: i64,
    /// `FREE` for a gift, `MASTER` for what it was given with.
    #[serde(default)]
    given_product_type: String,
    #[serde(default)]
    after_sale_info: Option<AfterSale>,
}

#[derive(Deserialize)]
struct Spec {
    #[serde(default)]
    value: String,
}

#[derive(Deserialize)]
struct AfterSale {
    #[serde(default)]
    refund_status: i64,
}

/// Reads the answer: the whole order, its closed and refunded sub-orders left out.
///
/// # Errors
/// Why there is no order in it. An order whose sub-orders are all closed is returned as closed, with no lines.
pub fn parse_answer(raw_body: &[u8]) -> Result<IncomingOrder, NoOrder> {
    let answer: Answer = serde_json::from_slice(raw_body).map_err(|_| NoOrder::Unreadable)?;
    if answer.code != 10_000 {
        let message = if answer.sub_msg.is_empty() { answer.msg } else { answer.sub_msg };
        return Err(NoOrder::Refused { code: answer.code, message });
    }
    let detail = answer.data.ok_or(NoOrder::Unreadable)?.shop_order_detail;
    let order_no = detail.order_id.0.clone();
    incoming(detail).map_err(|why| NoOrder::Unfit { order_no, why })
}

fn incoming(detail: Detail) -> Result<IncomingOrder, &'static str> {
    let state = state(detail.order_status, detail.main_status).ok_or("its status is unknown")?;
    let receiver = receiver(&detail)?;
    let mut lines = Vec::new();
    for sku_order in detail.sku_order_list {
        let refunded = sku_order.after_sale_info.as_ref().is_some_and(|case| case.refund_status == 3);
        if sku_order.order_status != 4 && !refunded {
            lines.push(line(sku_order)?);
        }
    }
    let state = if lines.is_empty() { IncomingState::Closed } else { state };
    Ok(IncomingOrder {
        campaign: None,
        buyer: buyer(&detail.doudian_open_id),
        device: String::new(),
        channel: "douyin".to_owned(),
        order_no: detail.order_id.0,
        paid_at_ms: moment(detail.pay_time),
        created_at_ms: moment(detail.create_time),
        ship_by_ms: moment(detail.exp_ship_time),
        receiver,
        lines,
        paid_fen: detail.pay_amount,
        buyer_note: detail.buyer_words,
        seller_note: detail.seller_words,
        state,
    })
}

/// `order_status`, overruled by `main_status` 21, 22 and 39: refunded before shipping, after it, after receipt.
fn state(order_status: i64, main_status: i64) -> Option<IncomingState> {
    match (order_status, main_status) {
        (_, 21 | 22 | 39) | (4, _) => Some(IncomingState::Closed),
        (1, _) => Some(IncomingState::Unpaid),
        (2 | 105, _) => Some(IncomingState::Paid),
        (3 | 101, _) => Some(IncomingState::Shipped),
        (5, _) => Some(IncomingState::Done),
        _ => None,
    }
}

/// The buyer's id. An order is not lost because its buyer is told in another way than the platform's own programs
/// expect: then nobody knows them.
fn buyer(id: &Value) -> String {
    match id {
        Value::String(id) => id.clone(),
        Value::Number(id) => id.to_string(),
        _ => String::new(),
    }
}

/// Plain where the platform gives it plain, else the ciphertext.
fn receiver(detail: &Detail) -> Result<Receiver, &'static str> {
    let either = |plain: &String, encrypted: &String| {
        if plain.is_empty() { encrypted.clone() } else { plain.clone() }
    };
    let receiver = Receiver {
        name: either(&detail.post_receiver, &detail.encrypt_post_receiver),
        phone: either(&detail.post_tel, &detail.encrypt_post_tel),
        province: province_stem(&detail.post_addr.province.name).to_owned(),
        city: detail.post_addr.city.name.clone(),
        district: detail.post_addr.town.name.clone(),
        street: detail.post_addr.street.name.clone(),
        detail: either(&detail.post_addr.detail, &detail.post_addr.encrypt_detail),
    };
    let needed = [&receiver.name, &receiver.phone, &receiver.province, &receiver.city, &receiver.detail];
    if needed.iter().any(|field| field.is_empty()) { Err("its receiver is incomplete") } else { Ok(receiver) }
}

fn line(sku_order: SkuOrder) -> Result<IncomingLine, &'static str> {
    let qty = u32::try_from(sku_order.item_num).ok().filter(|qty| (1..=MAX_LINE_QTY).contains(qty));
    if sku_order.code.is_empty() {
        return Err("a product has no merchant code");
    }
    let spec: Vec<String> = sku_order.spec.into_iter().map(|spec| spec.value).collect();
    Ok(IncomingLine {
        sub_order_no: sku_order.order_id.0,
        merchant_code: sku_order.code,
        title: sku_order.product_name,
        spec: spec.join(" "),
        qty: qty.ok_or("a quantity is not 1 to 9999")?,
        paid_fen: sku_order.pay_amount,
        gift: sku_order.given_product_type == "FREE",
    })
}

#[cfg(test)]
#[path = "order_detail_tests.rs"]
mod tests;
