//! Posts messages to the merchant and posts them again until the answer is `{"code":0}`.

use std::time::Duration;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::message::{self, Kind, Message, Tamper, Wire};
use super::{App, Platform};
use crate::lock::take;

/// The merchant has so long to answer; the stricter of the two published figures.
const ANSWER_WITHIN: Duration = Duration::from_secs(2);
/// Pause before the second try; it doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
/// Longest pause between two tries.
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Tries of an honest message unless told otherwise. A spoiled one is tried once.
const USUAL_TRIES: u32 = 8;

/// A wish to send.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Send {
    /// Where to; without it, the app's registered address.
    #[serde(default)]
    pub url: Option<String>,
    /// What to; all go in one array.
    #[serde(default)]
    pub messages: Vec<Message>,
    /// Send the very bytes of this earlier delivery (its number) again, instead of new messages.
    #[serde(default)]
    pub replay: Option<usize>,
    /// How to spoil it.
    #[serde(default)]
    pub tamper: Tamper,
    /// Most tries.
    #[serde(default)]
    pub tries: Option<u32>,
}

/// One try of a delivery.
#[derive(Debug, Clone, Serialize)]
pub struct Try {
    /// HTTP status, if there was an answer.
    pub status: Option<u16>,
    /// `code` in the answer, if it was JSON and had one.
    pub code: Option<i64>,
    /// What went wrong instead of an answer.
    pub fault: Option<String>,
    /// Time until the answer or the fault.
    pub ms: u128,
}

/// A delivery and what became of it.
#[derive(Debug, Clone, Serialize)]
pub struct Delivery {
    /// Counts from 1.
    pub number: usize,
    /// Where it went.
    pub url: String,
    /// `msg_id`s in the array.
    pub message_ids: Vec<String>,
    /// The `event-sign` header, if one was sent.
    pub event_sign: Option<String>,
    /// The raw body (a cut one may end within a character).
    pub body: String,
    /// Every try in order.
    pub tries: Vec<Try>,
    /// Whether the merchant answered `{"code":0}`.
    pub accepted: bool,
    #[serde(skip)]
    raw_body: Vec<u8>,
}

impl Platform {
    /// Sends, redelivers within the bound, and returns what became of it. A merchant that refuses is not
    /// an error; a wish that cannot be carried out is.
    pub async fn send(&self, send: &Send) -> Result<Delivery> {
        let (app, wire) = self.prepare(send)?;
        let url = send.url.clone().or(app.webhook.clone());
        let url = url.context("no `url` given and the app has no `webhook` registered")?;
        let most = send.tries.unwrap_or(if send.tamper == Tamper::None { USUAL_TRIES } else { 1 });
        let mut tries = Vec::new();
        let mut accepted = false;
        let mut pause = FIRST_PAUSE;
        while !accepted && tries.len() < most.max(1) as usize {
            if !tries.is_empty() {
                tokio::time::sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            let outcome = self.post(&url, &app, &wire).await;
            accepted = outcome.status == Some(200) && outcome.code == Some(0);
            tries.push(outcome);
        }
        let mut state = take(&self.state);
        let delivery = Delivery {
            number: state.deliveries.len() + 1,
            url,
            message_ids: wire.message_ids,
            event_sign: wire.sign,
            body: String::from_utf8_lossy(&wire.body).into_owned(),
            tries,
            accepted,
            raw_body: wire.body,
        };
        state.deliveries.push(delivery.clone());
        Ok(delivery)
    }

    fn prepare(&self, send: &Send) -> Result<(App, Wire)> {
        let cancelled = send.messages.iter().filter(|message| message.kind == Kind::Cancelled);
        for number in cancelled.filter_map(|message| message.order_id.as_deref()) {
            self.cancel(number);
        }
        let mut state = take(&self.state);
        let wire = match send.replay {
            Some(number) => {
                let earlier = number.checked_sub(1).and_then(|index| state.deliveries.get(index));
                let earlier = earlier.with_context(|| format!("there is no delivery {number} to replay"))?;
                Wire {
                    body: earlier.raw_body.clone(),
                    sign: earlier.event_sign.clone(),
                    message_ids: earlier.message_ids.clone(),
                }
            }
            None => message::build(&mut state, &send.messages, send.tamper)?,
        };
        Ok((state.app.clone(), wire))
    }

    async fn post(&self, url: &str, app: &App, wire: &Wire) -> Try {
        let begun = std::time::Instant::now();
        let mut request = self
            .http
            .post(url)
            .timeout(ANSWER_WITHIN)
            .header("content-type", "application/json")
            .header("app-id", &app.app_key)
            .body(wire.body.clone());
        if let Some(sign) = &wire.sign {
            request = request.header("event-sign", sign);
        }
        let mut outcome = Try { status: None, code: None, fault: None, ms: 0 };
        match request.send().await {
            Ok(answer) => {
                outcome.status = Some(answer.status().as_u16());
                match answer.json::<Value>().await {
                    Ok(answer) => outcome.code = answer["code"].as_i64(),
                    Err(fault) => outcome.fault = Some(format!("the answer is not JSON: {fault}")),
                }
            }
            Err(fault) => outcome.fault = Some(fault.to_string()),
        }
        outcome.ms = begun.elapsed().as_millis();
        outcome
    }
}
