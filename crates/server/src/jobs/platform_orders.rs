//! Carries out what the Douyin platform told: fetches paid orders and takes them, cancels cancelled ones.
//!
//! Messages are kept before they are answered (`http::platforms`); here they are worked off, oldest first, tried
//! again with growing pauses, and closed in a transaction after the effect, so that a crash between the two only
//! repeats what repeats harmlessly.
//!
//! A paid order for which there is no stock, room or waybill number is asked for and tried again, with growing pauses
//! and when stock comes, for as long as a buyer is willing to wait.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use futures_util::{StreamExt, stream};
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;
use liangcang_sync::retry_after_ms;
use tokio::sync::{Mutex, Notify};

use crate::clock::now;
use crate::database::Database;
use crate::incoming::{IncomingOrder, IncomingState};
use crate::intake::{Arrival, Desk, Outcome, cancel_order};
use crate::platforms::douyin::order_detail::{Credentials, NoOrder, parse_answer, request};
use crate::settings::Douyin;
use crate::store::platform_message::{Closed, Kind, Open, close, due, try_later, wait_for_stock};

const CHANNEL: &str = "douyin";
/// Messages worked off together: one transaction takes their orders.
const GROUP: i64 = 100;
/// Questions to the platform at a time.
const QUESTIONS: usize = 8;
/// The vendor's own program waits so long for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(12);
/// An order has 40 sub-orders at most; its answer is far below this.
const MAX_ANSWER_BYTES: usize = 1024 * 1024;
/// What waits for its next try is looked for this often.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// A platform that says no to a question is asked so often; a message can arrive before the order can be read.
const REFUSED_TRIES: u32 = 8;
/// Platforms want a paid order shipped within two days; after that it is refused for good.
const WAITS_FOR_STOCK_MS: i64 = 48 * 60 * 60 * 1000;
/// Between two tries of a paid order that waits for stock: a quarter of the time it has waited, within these.
const STOCK_PAUSE_MS: (i64, i64) = (30 * 1000, 15 * 60 * 1000);

/// The running job's view of the world.
#[derive(Debug)]
pub struct PlatformOrders {
    database: Database,
    shop: Douyin,
    http: reqwest::Client,
    /// It counts orders by buyer, so that it need not count them all for each group.
    desk: Mutex<Desk>,
    /// Rung when a message has come in.
    bell: Arc<Notify>,
}

/// What the platform's answer means for a message.
enum Fetched {
    Order(Box<IncomingOrder>),
    NotNow(String),
    Never(String),
}

impl PlatformOrders {
    /// A job for one shop. `bell` is rung when there is something to do.
    ///
    /// # Errors
    /// When no HTTP client can be made.
    pub fn new(database: Database, shop: Douyin, bell: Arc<Notify>) -> Result<Self> {
        let http = reqwest::Client::builder().timeout(ANSWER_WITHIN).no_proxy().build();
        Ok(Self {
            database,
            shop,
            http: http.context("no HTTP client can be made")?,
            desk: Mutex::default(),
            bell,
        })
    }

    /// Works until it is dropped.
    pub async fn run(self) {
        loop {
            match self.work_off(now()).await {
                Ok(0) => {
                    let _ = tokio::time::timeout(LOOK_EVERY, self.bell.notified()).await;
                }
                Ok(_) => {}
                Err(fault) => {
                    tracing::error!(
                        fault = format!("{fault:#}"),
                        "platform messages could not be worked off"
                    );
                    tokio::time::sleep(LOOK_EVERY).await;
                }
            }
        }
    }

    /// Works off what is due at a moment; says how many messages that were.
    ///
    /// # Errors
    /// Of the database; the messages stay open.
    pub async fn work_off(&self, at: EpochMs) -> Result<usize> {
        let open = due(&mut self.database.look().await?, at, GROUP).await?;
        let questions: Vec<(Kind, String)> = open.iter().map(|it| (it.kind, it.order_no.clone())).collect();
        let asked = stream::iter(questions).map(|(kind, order_no)| async move {
            if kind == Kind::Cancelled { None } else { Some(self.fetch(&order_no).await) }
        });
        let fetched: Vec<Option<Fetched>> = asked.buffered(QUESTIONS).collect().await;
        let mut orders = Vec::new();
        for (message, fetched) in open.iter().zip(fetched) {
            match fetched {
                None => self.cancel(message, &message.reason).await?,
                Some(Fetched::Order(order)) if order.state == IncomingState::Closed => {
                    self.cancel(message, "closed at the platform").await?;
                }
                Some(Fetched::Order(order)) if message.kind == Kind::Paid => orders.push((message, order)),
                Some(Fetched::Order(_)) => self.end(message, Closed::Done, "the order stands").await?,
                Some(Fetched::NotNow(why)) => self.later(message, at, &why).await?,
                Some(Fetched::Never(why)) => self.end(message, Closed::Refused, &why).await?,
            }
        }
        self.take(&orders, at).await?;
        Ok(open.len())
    }

    async fn take(&self, orders: &[(&Open, Box<IncomingOrder>)], at: EpochMs) -> Result<()> {
        if orders.is_empty() {
            return Ok(());
        }
        let group: Vec<Arrival<'_>> = orders.iter().map(|(_, order)| Arrival::from(&**order)).collect();
        let answers = self.desk.lock().await.take(&self.database, now(), &group).await?;
        for ((message, _), answer) in orders.iter().zip(answers) {
            match answer.outcome {
                Outcome::Accepted { .. } => self.end(message, Closed::Done, "accepted").await?,
                Outcome::WaitsForPlatform | Outcome::Unpaid => {
                    self.end(message, Closed::Done, "waiting").await?;
                }
                Outcome::Review => self.end(message, Closed::Done, "in review").await?,
                Outcome::Duplicate { .. } => self.end(message, Closed::Done, "known before").await?,
                Outcome::Refused(reason)
                    if reason.may_pass() && at.0 - message.received_at.0 < WAITS_FOR_STOCK_MS =>
                {
                    self.wait(message, at, reason.code()).await?;
                }
                Outcome::Refused(reason) => {
                    tracing::warn!(
                        order = message.order_no,
                        code = reason.code(),
                        "a paid order was refused"
                    );
                    self.end(message, Closed::Refused, reason.code()).await?;
                }
            }
        }
        Ok(())
    }

    async fn cancel(&self, message: &Open, reason: &str) -> Result<()> {
        let mut tx = self.database.begin().await?;
        let no = OrderNo::from(message.order_no.as_str());
        let cancelled = cancel_order(&mut tx, CHANNEL, &no, reason, now()).await?;
        close(&mut tx, &message.dedupe_key, Closed::Done, &format!("{cancelled:?}")).await?;
        tx.commit().await
    }

    async fn end(&self, message: &Open, how: Closed, outcome: &str) -> Result<()> {
        let mut tx = self.database.begin().await?;
        close(&mut tx, &message.dedupe_key, how, outcome).await?;
        tx.commit().await
    }

    async fn wait(&self, message: &Open, at: EpochMs, code: &str) -> Result<()> {
        tracing::warn!(order = message.order_no, code, "a paid order waits for stock");
        let (shortest, longest) = STOCK_PAUSE_MS;
        let pause = ((at.0 - message.received_at.0) / 4).clamp(shortest, longest);
        let mut tx = self.database.begin().await?;
        wait_for_stock(&mut tx, &message.dedupe_key, EpochMs(at.0 + pause), code).await?;
        tx.commit().await
    }

    async fn later(&self, message: &Open, at: EpochMs, why: &str) -> Result<()> {
        tracing::warn!(
            order = message.order_no,
            tries = message.tries,
            why,
            "the platform gave no order yet"
        );
        let wait = i64::try_from(retry_after_ms(message.tries, u64::from(message.tries))).unwrap_or(i64::MAX);
        let mut tx = self.database.begin().await?;
        if why.starts_with(REFUSES) && message.tries >= REFUSED_TRIES {
            close(&mut tx, &message.dedupe_key, Closed::Refused, why).await?;
        } else {
            try_later(&mut tx, &message.dedupe_key, EpochMs(at.0 + wait), why).await?;
        }
        tx.commit().await
    }

    async fn fetch(&self, order_no: &str) -> Fetched {
        match self.ask(order_no).await {
            Err(fault) => Fetched::NotNow(format!("{fault:#}")),
            Ok(body) => match parse_answer(&body) {
                Ok(order) if order.order_no == order_no => Fetched::Order(Box::new(order)),
                Ok(_) => Fetched::Never("the platform answered with another order".to_owned()),
                Err(fault @ NoOrder::Unreadable) => Fetched::NotNow(fault.to_string()),
                Err(fault @ NoOrder::Refused { .. }) => Fetched::NotNow(format!("{REFUSES}: {fault}")),
                Err(fault @ NoOrder::Unfit { .. }) => Fetched::Never(fault.to_string()),
            },
        }
    }

    async fn ask(&self, order_no: &str) -> Result<Vec<u8>> {
        let Douyin { app_key, app_secret, access_token, api } = &self.shop;
        let credentials = Credentials { app_key, secret: app_secret, access_token };
        let signed = request(credentials, order_no, now().0 / 1000);
        let mut url = reqwest::Url::parse(&format!("{}{}", api.trim_end_matches('/'), signed.path))?;
        url.query_pairs_mut().extend_pairs(&signed.query);
        let sent =
            self.http.post(url).header("content-type", "application/json").body(signed.body).send().await;
        // The address carries the shop's token; it must not stand in an error.
        let mut answer = sent.map_err(reqwest::Error::without_url)?;
        let mut body = Vec::new();
        while let Some(part) = answer.chunk().await.map_err(reqwest::Error::without_url)? {
            anyhow::ensure!(
                body.len() + part.len() <= MAX_ANSWER_BYTES,
                "the platform's answer is larger than 1 MiB"
            );
            body.extend_from_slice(&part);
        }
        Ok(body)
    }
}

/// How a refusal of the platform itself begins among the reasons to try later.
const REFUSES: &str = "refused";
