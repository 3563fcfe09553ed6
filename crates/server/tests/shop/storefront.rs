//! The brand's own storefront: it sends orders to `POST /api/orders`, each under its own number, and may send one
//! again when it does not know what became of it.

use std::time::Duration;

use serde_json::{Value, json};

use super::OFFICE;

/// What the office sells a sack for in the storefront's shows.
pub const PRICE_FEN: i64 = 100;

/// A client of one server. Clones share their connections.
#[derive(Clone)]
pub struct Storefront {
    http: reqwest::Client,
    url: String,
}

impl Storefront {
    pub fn new(url: &str) -> Self {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap();
        Self { http, url: url.to_owned() }
    }

    /// Sends an order; status and answer, or why there is no answer.
    pub async fn order(&self, no: &str, body: &Value) -> reqwest::Result<(u16, Value)> {
        let to = format!("{}/api/orders", self.url);
        let sent = self.http.post(to).bearer_auth(OFFICE).header("Idempotency-Key", no).json(body).send();
        let answer = sent.await?;
        Ok((answer.status().as_u16(), answer.json().await?))
    }

    /// Asks for something as the office; panics unless it is given.
    pub async fn office(&self, method: reqwest::Method, path: &str, body: &Value) -> Value {
        let asked = self.http.request(method, format!("{}{path}", self.url)).bearer_auth(OFFICE);
        let asked = if body.is_null() { asked } else { asked.json(body) };
        let answer = asked.send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(status.is_success(), "{path}: {status} {text}");
        serde_json::from_str(&text).unwrap_or(Value::Null)
    }

    /// A show that is live and sells `code` from stock set aside: (warehouse, SKU, units).
    pub async fn show(&self, id: &str, code: &str, stock: &[(&str, &str, i64)]) {
        let set_aside: Vec<Value> = stock
            .iter()
            .map(|(warehouse, sku, qty)| json!({ "warehouse": warehouse, "sku": sku, "channel": "", "qty": qty }))
            .collect();
        let campaign = json!({
            "id": id, "name": id, "host": "host", "channel": "", "starts_at": 1, "ends_at": 4_000_000_000_000_i64,
            "split_allowed": false, "buyer_limit": 0, "address_limit": 0, "unpaid_ms": 600_000,
            "offers": [{ "code": code, "price_fen": PRICE_FEN, "expected": 1 }],
            "set_aside": set_aside, "province_quotas": [],
        });
        self.office(reqwest::Method::POST, "/api/campaigns", &campaign).await;
        for act in ["arm", "start"] {
            self.office(reqwest::Method::POST, &format!("/api/campaigns/{id}/{act}"), &json!({})).await;
        }
    }
}

/// A paid order of one `code`. Each `person` lives at a door of its own, with a phone of its own.
pub fn basket(campaign: Option<&str>, person: u64, code: &str) -> Value {
    json!({
        "campaign": campaign, "buyer": format!("buyer-{person}"), "state": "paid", "paid_fen": PRICE_FEN,
        "receiver": {
            "name": "李小明", "phone": format!("120{:08}", person % 100_000_000), "province": "上海市",
            "city": "上海市", "district": "浦东新区", "detail": format!("稻香路 {} 号 {} 室", person / 900 + 1, person % 900 + 100),
        },
        "lines": [{ "code": code, "qty": 1 }],
    })
}
