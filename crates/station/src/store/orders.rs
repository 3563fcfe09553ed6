//! Orders in the replica. Receivers are sealed; only a label opens them.

use super::Store;
use anyhow::{Context as _, Result};
use liangcang_domain::id::{CarrierId, OrderNo};
use liangcang_domain::order::{Order, OrderState, Receiver};
use liangcang_domain::seal::SealKey;
use liangcang_domain::{mask, unit};
use sqlx::{Row as _, SqliteConnection, SqlitePool};

use crate::commands::{OrderPage, OrderRow};

const PAGE: i64 = 100;

fn place(no: &str) -> String {
    format!("orders.receiver:{no}")
}

/// Keeps an order of the feed. One that is here already keeps its state: the floor's records are the floor's.
pub(super) async fn put(tx: &mut SqliteConnection, seal: &SealKey, order: &Order) -> Result<()> {
    let receiver = serde_json::to_vec(&order.receiver)?;
    let sealed = seal.seal(&place(order.no.as_str()), crate::secret::random()?, &receiver);
    let bare = Order { receiver: Receiver::default(), ..order.clone() };
    sqlx::query(
        "INSERT INTO orders (no, channel, carrier, waybill_no, paid_at, ship_by, body, receiver, state)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'ready')
         ON CONFLICT (no) DO UPDATE SET ship_by = excluded.ship_by, body = excluded.body, receiver = excluded.receiver",
    )
    .bind(order.no.as_str())
    .bind(&order.channel)
    .bind(order.carrier.as_str())
    .bind(order.waybill_no.as_str())
    .bind(order.paid_at.0)
    .bind(order.ship_by.0)
    .bind(serde_json::to_string(&bare)?)
    .bind(sealed)
    .execute(tx)
    .await?;
    Ok(())
}

/// An order with its receiver, opened.
///
/// # Errors
/// When it is not here, does not read, or its seal does not open.
pub async fn whole(readers: &SqlitePool, seal: &SealKey, no: &OrderNo) -> Result<Order> {
    let row = sqlx::query("SELECT body, receiver FROM orders WHERE no = $1")
        .bind(no.as_str())
        .fetch_optional(readers)
        .await?
        .with_context(|| format!("no order {no}"))?;
    let mut order: Order = serde_json::from_str(row.get(0))?;
    let receiver =
        seal.open(&place(no.as_str()), row.get(1)).with_context(|| format!("the receiver of order {no}"))?;
    order.receiver = serde_json::from_slice(&receiver)?;
    Ok(order)
}

/// A page of orders in one state, receivers masked.
///
/// # Errors
/// When the store does not answer or a record does not read.
pub async fn page(
    readers: &SqlitePool,
    seal: &SealKey,
    state: OrderState,
    after: Option<&OrderNo>,
) -> Result<OrderPage> {
    let rows = sqlx::query(
        "SELECT no, body, receiver, gross_g FROM orders WHERE state = $1 AND no > $2 ORDER BY no LIMIT $3",
    )
    .bind(state.as_str())
    .bind(after.map_or("", OrderNo::as_str))
    .bind(PAGE + 1)
    .fetch_all(readers)
    .await?;
    let more = rows.len() > usize::try_from(PAGE)?;
    let mut orders = Vec::new();
    for row in rows.iter().take(usize::try_from(PAGE)?) {
        let (no, body, sealed): (String, String, Vec<u8>) = (row.get(0), row.get(1), row.get(2));
        let order: Order = serde_json::from_str(&body)?;
        let receiver: Receiver = serde_json::from_slice(&seal.open(&place(&no), &sealed)?)?;
        let goods: Vec<String> =
            order.lines.iter().map(|line| format!("{} ×{}", line.title, line.qty)).collect();
        orders.push(OrderRow {
            order: OrderNo(no),
            state,
            carrier: order.carrier.clone(),
            receiver: mask::name(&receiver.name),
            goods: goods.join(" · "),
            ship_by_ms: order.ship_by,
            gross_g: row.get::<Option<i64>, _>(3).map(unit::Grams),
        });
    }
    Ok(OrderPage { orders, more })
}

impl Store {
    /// An order without its receiver, and its state.
    ///
    /// # Errors
    /// When the store does not answer or the record does not read.
    pub async fn order(&mut self, no: &OrderNo) -> Result<Option<(Order, OrderState)>> {
        let row = sqlx::query("SELECT body, state FROM orders WHERE no = $1")
            .bind(no.as_str())
            .fetch_optional(&mut self.writer)
            .await?;
        let Some(row) = row else { return Ok(None) };
        let word: String = row.get(1);
        let state =
            OrderState::parse(&word).with_context(|| format!("order {no} is in no known state ({word})"))?;
        Ok(Some((serde_json::from_str(row.get(0))?, state)))
    }

    /// All ready orders of a carrier that fit a wave, oldest promise first.
    ///
    /// # Errors
    /// When the store does not answer or a record does not read.
    pub async fn ready(&mut self, carrier: &CarrierId, limit: i64) -> Result<Vec<Order>> {
        let bodies: Vec<String> = sqlx::query_scalar(
            "SELECT body FROM orders WHERE state = 'ready' AND carrier = $1 ORDER BY ship_by, no LIMIT $2",
        )
        .bind(carrier.as_str())
        .bind(limit)
        .fetch_all(&mut self.writer)
        .await?;
        bodies.iter().map(|body| serde_json::from_str(body).context("reading an order")).collect()
    }

    /// Cancelled orders the floor has not dealt with. One whose order has not come yet waits for it.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn recalls(&mut self) -> Result<Vec<OrderNo>> {
        let rows: Vec<String> =
            sqlx::query_scalar("SELECT order_no FROM recall JOIN orders ON orders.no = recall.order_no ORDER BY order_no LIMIT 100").fetch_all(&mut self.writer).await?;
        Ok(rows.into_iter().map(OrderNo).collect())
    }
}
