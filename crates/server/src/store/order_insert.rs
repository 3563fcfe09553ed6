//! New orders, written many at a time: a statement costs more than its rows.
//!
//! Chunks have fixed sizes, so that each size is prepared once.

use anyhow::Result;
use liangcang_domain::id::SkuId;
use liangcang_domain::order::Order;
use liangcang_domain::unit::{EpochMs, Qty};
use sqlx::AssertSqlSafe;

use super::orders::{State, StoredLine, receiver_place};
use crate::database::{Database, Query, Transaction, Value, query};

/// Keyed hashes an order is counted and found by; 0 where there is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of the door.
    pub address: i64,
    /// Of the phone.
    pub phone: i64,
    /// Of the channel's buyer.
    pub buyer: i64,
    /// Of the machine it was ordered at.
    pub device: i64,
}

impl Keys {
    /// Those that stand for something.
    pub fn known(self) -> impl Iterator<Item = i64> {
        [self.address, self.phone, self.buyer, self.device].into_iter().filter(|key| *key != 0)
    }
}

/// An order to be written.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// As its warehouse gets it.
    pub order: Order,
    /// What it was sold by.
    pub campaign: String,
    /// Whose share of the campaign's stock it draws on.
    pub quota_channel: String,
    /// Where it stands.
    pub state: State,
    /// What it promises.
    pub units: Vec<(SkuId, Qty)>,
    /// When the promise lapses; `None`: never.
    pub hold_expires_at: Option<EpochMs>,
    /// What it is found by.
    pub keys: Keys,
    /// Keyed hash of the content.
    pub fingerprint: String,
    /// What the buyer pays, in fen.
    pub paid_fen: i64,
    /// The buyer's words to the shop, and the shop's to itself.
    pub notes: (String, String),
    /// Per line: the channel's number of it, and what is paid for it in fen.
    pub lines: Vec<(String, i64)>,
    /// When it was taken.
    pub taken_at: EpochMs,
}

const COLUMNS: usize = 26;

/// Writes orders; rows follow.
pub const INSERT: &str = "INSERT INTO orders (no, channel, campaign, turn, quota_channel, state, warehouse, carrier,
    routed_because, province, lines, units, hold, hold_expires_at, receiver_sealed, notes_sealed, phone_key,
    address_key, buyer_key, device_key, fingerprint, paid_fen, paid_at, ship_by, taken_at, waybill_no) VALUES ";

/// Rows a statement writes: as many of the largest as there are, then of the next.
const CHUNKS: [usize; 4] = [64, 16, 4, 1];

/// Runs `insert rows` for all rows, a fixed number of them at a time. A row's text is `($1, …)`; `head` stands
/// before the rows, `tail` behind them.
///
/// # Errors
/// Of the database.
pub async fn insert_rows(
    conn: &mut Transaction,
    (head, columns, tail): (&str, usize, &str),
    rows: Vec<Vec<Value>>,
) -> Result<u64> {
    let mut rows = rows.into_iter();
    let mut written = 0;
    for chunk in CHUNKS {
        while rows.len() >= chunk {
            let places: Vec<String> =
                (0..chunk).map(|row| format!("({})", conn.places(1 + row * columns, columns))).collect();
            let sql = AssertSqlSafe(format!("{head}{}{tail}", places.join(",")));
            let values = rows.by_ref().take(chunk).flatten();
            written += values.fold(query(sql), Query::bind).execute(conn).await?;
        }
    }
    Ok(written)
}

/// Writes new orders, taken in their campaign's turn `turn`.
///
/// # Errors
/// Of the database, also when one of them is there already.
pub async fn insert(
    conn: &mut Transaction,
    database: &Database,
    turn: i64,
    orders: &[&NewOrder],
) -> Result<()> {
    let rows = orders.iter().map(|new| row(database, turn, new)).collect::<Result<_>>()?;
    insert_rows(conn, (INSERT, COLUMNS, ""), rows).await?;
    Ok(())
}

fn row(database: &Database, turn: i64, new: &NewOrder) -> Result<Vec<Value>> {
    let order = &new.order;
    let receiver = serde_json::to_vec(&order.receiver)?;
    let notes = serde_json::to_vec(&new.notes)?;
    let stored = order.lines.iter().zip(&new.lines).map(|(line, (sub_order_no, paid_fen))| StoredLine {
        code: line.code.clone(),
        title: line.title.clone(),
        qty: line.qty,
        parts: line.parts.clone(),
        sub_order_no: sub_order_no.clone(),
        paid_fen: *paid_fen,
    });
    let stored: Vec<StoredLine> = stored.collect();
    Ok(vec![
        order.no.as_str().into(),
        order.channel.as_str().into(),
        new.campaign.as_str().into(),
        turn.into(),
        new.quota_channel.as_str().into(),
        new.state.as_str().into(),
        order.warehouse.as_str().into(),
        order.carrier.as_str().into(),
        order.routed_because.as_str().into(),
        order.receiver.province.as_str().into(),
        serde_json::to_string(&stored)?.into(),
        serde_json::to_string(&new.units)?.into(),
        "held".into(),
        new.hold_expires_at.map(|at| at.0).into(),
        database.seal(&receiver_place(&order.no), &receiver)?.into(),
        database.seal(&format!("orders.notes_sealed:{}", order.no), &notes)?.into(),
        new.keys.phone.into(),
        new.keys.address.into(),
        new.keys.buyer.into(),
        new.keys.device.into(),
        new.fingerprint.as_str().into(),
        new.paid_fen.into(),
        order.paid_at.0.into(),
        order.ship_by.0.into(),
        new.taken_at.0.into(),
        order.waybill_no.as_str().into(),
    ])
}
