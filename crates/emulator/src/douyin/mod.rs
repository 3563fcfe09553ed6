//! The platform side of a Douyin shop: it sends signed messages to a merchant's server and answers the
//! merchant's question for an order's detail.
//!
//! Played: the tags 0 (test), 101 (paid) and 106 (cancelled), redelivery, and the ways in which a message
//! can be wrong. Not played: tokens, search, shipping back, after-sale.

mod deliver;
mod message;
mod order_api;
pub mod sign;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::lock::take;

pub use deliver::{Delivery, Send};
pub use message::{Kind, Message, Tamper};
pub use order_api::Query;

/// The app as the platform knows it. The defaults are invented and belong to nobody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct App {
    /// `app_key` of the app.
    pub app_key: String,
    /// `app_secret` of the app.
    pub app_secret: String,
    /// The token the merchant sends with API calls.
    pub access_token: String,
    /// The merchant's address for messages; may also be given with each send.
    #[serde(default)]
    pub webhook: Option<String>,
}

impl Default for App {
    fn default() -> Self {
        Self {
            app_key: "7000000000000000001".to_owned(),
            app_secret: "00000000-aaaa-bbbb-cccc-111111111111".to_owned(),
            access_token: "00000000-dddd-eeee-ffff-222222222222".to_owned(),
            webhook: None,
        }
    }
}

#[derive(Default)]
struct State {
    app: App,
    /// `shop_order_detail` objects by order number.
    orders: BTreeMap<String, Value>,
    deliveries: Vec<Delivery>,
    next_message: u64,
}

/// The platform.
pub struct Platform {
    state: Mutex<State>,
    http: reqwest::Client,
}

impl Platform {
    /// A platform with the default app and no orders.
    pub fn new() -> Result<Self> {
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .context("the platform's HTTP client could not be made")?;
        Ok(Self { state: Mutex::default(), http })
    }

    /// The app's registration.
    pub fn app(&self) -> App {
        take(&self.state).app.clone()
    }

    /// Replaces the app's registration.
    pub fn set_app(&self, app: App) {
        take(&self.state).app = app;
    }

    /// How many orders can be asked for.
    pub fn order_count(&self) -> usize {
        take(&self.state).orders.len()
    }

    /// Every message sent, in order, with what became of it.
    pub fn deliveries(&self) -> Vec<Delivery> {
        take(&self.state).deliveries.clone()
    }

    /// Registers `shop_order_detail` objects; all of them or, if one is not usable, none.
    pub fn register(&self, details: Vec<Value>) -> Result<usize> {
        let mut orders = Vec::with_capacity(details.len());
        for (position, detail) in details.into_iter().enumerate() {
            let number = order_number(&detail).with_context(|| format!("order {position} (from 0)"))?;
            orders.push((number, detail));
        }
        let count = orders.len();
        take(&self.state).orders.extend(orders);
        Ok(count)
    }

    /// Marks an order cancelled, as the buyer would; the message about it is sent apart.
    fn cancel(&self, number: &str) {
        if let Some(detail) = take(&self.state).orders.get_mut(number) {
            detail["order_status"] = json!(4);
            detail["order_status_desc"] = json!("已关闭");
        }
    }
}

fn order_number(detail: &Value) -> Result<String> {
    let number = detail["order_id"].as_str().context("`order_id` must be a text of digits")?;
    ensure!(
        !number.is_empty() && number.len() <= 19 && number.bytes().all(|byte| byte.is_ascii_digit()),
        "`order_id` {number:?} is not a number of at most 19 digits"
    );
    let lines = detail["sku_order_list"].as_array().context("`sku_order_list` must be a list")?;
    ensure!(!lines.is_empty(), "`sku_order_list` is empty");
    for line in lines {
        ensure!(line["order_id"].is_string(), "each of `sku_order_list` needs its `order_id` as a text");
        ensure!(line["item_num"].is_u64(), "each of `sku_order_list` needs its `item_num`");
    }
    ensure!(detail["post_addr"].is_object(), "`post_addr` must be an object");
    Ok(number.to_owned())
}

fn unix_seconds() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
