//! The order API: `POST /order/orderDetail`, with the signature checked over the bytes that came.
//!
//! The numbers of the refusals are not taken from a document; a merchant's program may only rely on
//! 10000 meaning success and everything else not.

use serde::Deserialize;
use serde_json::{Value, json};

use super::sign::{call_sign, canonical};
use super::{Platform, unix_seconds};
use crate::lock::take;

const METHOD: &str = "order.orderDetail";

/// The query part of a signed call.
#[derive(Debug, Clone, Deserialize)]
pub struct Query {
    app_key: String,
    method: String,
    timestamp: String,
    sign: String,
    v: String,
    #[serde(default)]
    sign_method: Option<String>,
    access_token: String,
}

impl Platform {
    /// Answers one call; the answer's `code` says whether it was granted.
    pub fn order_detail(&self, query: &Query, body: &str) -> Value {
        match self.find_order(query, body) {
            Ok(detail) => answer(10_000, "success", "", "", json!({"shop_order_detail": detail})),
            Err((code, sub_code, why)) => answer(code, "refused", sub_code, &why, json!({})),
        }
    }

    fn find_order(&self, query: &Query, body: &str) -> Result<Value, (i64, &'static str, String)> {
        let state = take(&self.state);
        if query.app_key != state.app.app_key {
            return Err((40_002, "isv.app-unknown", "no app has this app_key".to_owned()));
        }
        if query.method != METHOD || query.v != "2" {
            return Err((40_004, "isv.method-invalid", format!("method must be {METHOD} and v 2")));
        }
        let sign_method = query.sign_method.as_deref().unwrap_or("md5");
        let own = call_sign(&state.app, sign_method, METHOD, &query.timestamp, body);
        if own.is_none_or(|own| own != query.sign) {
            return Err((40_003, "isv.sign-invalid", "the sign does not fit the call".to_owned()));
        }
        if query.access_token != state.app.access_token {
            return Err((30_001, "isv.access-token-invalid", "the access_token is not valid".to_owned()));
        }
        let asked: Value = serde_json::from_str(body)
            .map_err(|fault| (40_005, "isv.param-invalid", format!("the body is not JSON: {fault}")))?;
        if canonical(&asked) != body {
            let why = "the body's keys are not in order, or it has blanks or escapes it should not have";
            return Err((40_005, "isv.param-invalid", why.to_owned()));
        }
        let number = asked["shop_order_id"].as_str().unwrap_or_default();
        let detail = state.orders.get(number).cloned();
        detail.ok_or_else(|| (50_002, "isv.order-not-found", format!("there is no order {number:?}")))
    }
}

fn answer(code: i64, msg: &str, sub_code: &str, sub_msg: &str, data: Value) -> Value {
    json!({
        "log_id": format!("emulated-{}", unix_seconds()),
        "code": code,
        "msg": msg,
        "sub_code": sub_code,
        "sub_msg": sub_msg,
        "data": data,
    })
}
