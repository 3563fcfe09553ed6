//! Orders a person decides on, and the clusters they belong to. Receivers come out of here masked; what a decision
//! does is `crate::review`'s.

use std::collections::HashSet;

use anyhow::{Context, Result};
use liangcang_domain::id::OrderNo;
use liangcang_domain::mask;
use liangcang_domain::unit::EpochMs;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sqlx::AssertSqlSafe;

use super::{orders, parts};
use crate::database::{Database, Row, Transaction, query};

/// What orders are counted and gathered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClusterKind {
    /// The same door.
    Address,
    /// The same phone.
    Phone,
    /// The same buyer of a channel.
    Buyer,
    /// The same machine it was ordered at.
    Device,
}

impl ClusterKind {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Address, Self::Phone, Self::Buyer, Self::Device];

    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Phone => "phone",
            Self::Buyer => "buyer",
            Self::Device => "device",
        }
    }

    /// The kind a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    fn column(self) -> &'static str {
        match self {
            Self::Address => "address_key",
            Self::Phone => "phone_key",
            Self::Buyer => "buyer_key",
            Self::Device => "device_key",
        }
    }
}

/// A keyed hash as programs are told it: sixteen hexadecimal digits.
#[must_use]
pub fn key_text(key: i64) -> String {
    format!("{:016x}", key.cast_unsigned())
}

/// The keyed hash behind [`key_text`]; `None` for any other text.
#[must_use]
pub fn parse_key(text: &str) -> Option<i64> {
    let hex = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    hex.then(|| u64::from_str_radix(text, 16).ok()).flatten().map(u64::cast_signed)
}

/// Orders of one campaign that share an address, a phone, a buyer or a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cluster {
    /// What they share.
    pub kind: ClusterKind,
    /// As [`key_text`].
    pub key: String,
    /// How many there are that were not taken back.
    pub orders: i64,
}

/// A receiver nobody can be found by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MaskedReceiver {
    /// Name, masked.
    pub name: String,
    /// Phone, masked.
    pub phone: String,
    /// Address, masked.
    pub address: String,
}

/// An order somebody must decide on.
#[derive(Clone, Debug, Serialize)]
pub struct HeldOrder {
    /// Its number.
    pub order: String,
    /// What it was sold by.
    pub campaign: String,
    /// open, or asked: the buyer was.
    pub state: String,
    /// Where the order stands: review, or unpaid or waiting, which it stays when it is approved.
    pub order_state: String,
    /// Epoch milliseconds.
    pub opened_at: i64,
    /// When its hold lapses and it is cancelled.
    pub expires_at: Option<i64>,
    /// Why it is here: rule and words.
    pub hits: Value,
    /// To whom it would go.
    pub receiver: MaskedReceiver,
    /// Where to.
    pub province: String,
    /// What is held for it, over all its parts: `[[sku, qty], …]`.
    pub units: Value,
    /// What is paid for it.
    pub paid_fen: i64,
    /// What it has in common with other orders.
    pub clusters: Vec<Cluster>,
}

/// An order of a cluster, in whatever state.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterOrder {
    /// Its number.
    pub order: String,
    /// Where it was sold.
    pub channel: String,
    /// What it was sold by.
    pub campaign: String,
    /// Where it stands.
    pub state: String,
    /// When it was taken, epoch milliseconds.
    pub taken_at: i64,
    /// When its hold lapses.
    pub expires_at: Option<i64>,
    /// Why it was in review; empty where it never was.
    pub hits: Value,
    /// To whom it goes.
    pub receiver: MaskedReceiver,
    /// Where to.
    pub province: String,
    /// What it was promised, of one that is split by its first part: `[[sku, qty], …]`.
    pub units: Value,
    /// What is paid for it.
    pub paid_fen: i64,
}

fn masked(database: &Database, row: &Row) -> Result<MaskedReceiver> {
    let to = orders::receiver(database, &OrderNo(row.get("no")?), row)?;
    Ok(MaskedReceiver {
        name: mask::name(&to.name),
        phone: mask::phone(&to.phone),
        address: mask::address(&to),
    })
}

fn json(row: &Row, column: &str) -> Result<Value> {
    serde_json::from_str(&row.get::<String>(column)?)
        .with_context(|| format!("{column} of an order cannot be read"))
}

/// Orders to be decided on, those that wait longest first; an empty campaign or state asks for any. Also says how
/// many there are in all. What each has in common with others is named and not yet counted.
///
/// # Errors
/// Of the database, or when a receiver does not open.
pub async fn open(
    look: &mut Transaction,
    database: &Database,
    (campaign, state): (&str, &str),
    limit: i64,
) -> Result<(Vec<HeldOrder>, i64)> {
    let sql = "SELECT COUNT(*) FROM review r
        WHERE r.state IN ('open', 'asked') AND ($1 = '' OR r.campaign = $1)
            AND ($2 = '' OR r.state = $2)";
    let total = query(sql).bind(campaign).bind(state).scalar(look).await?;
    let sql = "SELECT o.no, r.campaign, r.state, r.opened_at, r.hits, o.hold_expires_at, o.receiver_sealed, o.province,
            o.units, o.part_of, o.paid_fen, o.state AS order_state, o.address_key, o.phone_key, o.buyer_key, o.device_key
        FROM review r JOIN orders o ON o.no = r.order_no
        WHERE r.state IN ('open', 'asked') AND ($1 = '' OR r.campaign = $1)
            AND ($2 = '' OR r.state = $2)
        ORDER BY r.opened_at, r.order_no LIMIT $3";
    let rows = query(sql).bind(campaign).bind(state).bind(limit).rows(look).await?;
    let mut held = Vec::with_capacity(rows.len());
    for row in rows {
        held.push(HeldOrder {
            order: row.get("no")?,
            campaign: row.get("campaign")?,
            state: row.get("state")?,
            order_state: row.get("order_state")?,
            opened_at: row.get("opened_at")?,
            expires_at: row.get("hold_expires_at")?,
            hits: json(&row, "hits")?,
            receiver: masked(database, &row)?,
            province: row.get("province")?,
            units: parts::all_units(look, &row).await?,
            paid_fen: row.get("paid_fen")?,
            clusters: clusters(&row)?,
        });
    }
    Ok((held, total))
}

/// The text with a kind's column in its middle: statements are fixed texts, and a column cannot be bound.
macro_rules! by_key {
    ($kind:expr, $head:literal, $tail:literal) => {
        match $kind {
            ClusterKind::Address => concat!($head, "address_key", $tail),
            ClusterKind::Phone => concat!($head, "phone_key", $tail),
            ClusterKind::Buyer => concat!($head, "buyer_key", $tail),
            ClusterKind::Device => concat!($head, "device_key", $tail),
        }
    };
}

/// What an order is gathered by, not yet counted.
fn clusters(row: &Row) -> Result<Vec<Cluster>> {
    let mut clusters = Vec::new();
    for kind in ClusterKind::ALL {
        let key: i64 = row.get(kind.column())?;
        if key != 0 {
            clusters.push(Cluster { kind, key: key_text(key), orders: 0 });
        }
    }
    Ok(clusters)
}

/// Orders looked for by number at a time.
const LOOKED_FOR: usize = 256;

/// Which of some orders were taken back.
///
/// # Errors
/// Of the database.
pub async fn released<'a>(
    look: &mut Transaction,
    orders: impl IntoIterator<Item = &'a String>,
) -> Result<HashSet<String>> {
    let orders: Vec<&String> = orders.into_iter().collect();
    let mut released = HashSet::new();
    for chunk in orders.chunks(LOOKED_FOR) {
        let places = look.places(1, chunk.len());
        let sql = format!("SELECT no FROM orders WHERE no IN ({places}) AND hold = 'released'");
        let sql = query(AssertSqlSafe(sql)).bind_all(chunk.iter().copied());
        released.extend(sql.scalars::<String>(look).await?);
    }
    Ok(released)
}

/// The columns of [`ClusterOrder`], of an order and its review.
const CLUSTER_ORDER: &str =
    "SELECT o.no, o.channel, o.campaign, o.state, o.taken_at, o.hold_expires_at, r.hits, o.receiver_sealed,
        o.province, o.units, o.paid_fen, o.address_key, o.phone_key, o.buyer_key, o.device_key
    FROM orders o LEFT JOIN review r ON r.order_no = o.no";

/// Orders of a cluster by their numbers, oldest first; those that have another key by now are left out.
///
/// # Errors
/// Of the database, or when a receiver does not open.
pub async fn cluster_orders(
    look: &mut Transaction,
    database: &Database,
    (kind, key): (ClusterKind, i64),
    numbers: &[String],
) -> Result<Vec<ClusterOrder>> {
    let mut orders = Vec::with_capacity(numbers.len());
    for chunk in numbers.chunks(LOOKED_FOR) {
        let sql = format!("{CLUSTER_ORDER} WHERE o.no IN ({})", look.places(1, chunk.len()));
        for row in query(AssertSqlSafe(sql)).bind_all(chunk).rows(look).await? {
            if row.get::<i64>(kind.column())? == key {
                orders.push(cluster_order(database, &row)?);
            }
        }
    }
    orders.sort_by(|a, b| (a.taken_at, &a.order).cmp(&(b.taken_at, &b.order)));
    Ok(orders)
}

fn cluster_order(database: &Database, row: &Row) -> Result<ClusterOrder> {
    let hits: Option<String> = row.get("hits")?;
    Ok(ClusterOrder {
        order: row.get("no")?,
        channel: row.get("channel")?,
        campaign: row.get("campaign")?,
        state: row.get("state")?,
        taken_at: row.get("taken_at")?,
        expires_at: row.get("hold_expires_at")?,
        hits: hits.map_or(Ok(Value::Array(Vec::new())), |hits| serde_json::from_str(&hits))?,
        receiver: masked(database, row)?,
        province: row.get("province")?,
        units: json(row, "units")?,
        paid_fen: row.get("paid_fen")?,
    })
}

/// Every order of a cluster over all campaigns, or of the standing sale, oldest first; an empty campaign asks for all.
/// O(orders there are), but by phone: nobody remembers so many (`campaign::Looks` remembers shows).
///
/// # Errors
/// Of the database, or when a receiver does not open.
pub async fn cluster_anywhere(
    look: &mut Transaction,
    database: &Database,
    (kind, key, campaign): (ClusterKind, i64, &str),
    limit: i64,
) -> Result<Vec<ClusterOrder>> {
    let by_key = by_key!(
        kind,
        " WHERE ($1 = '' OR o.campaign = $1) AND o.",
        " = $2 ORDER BY o.taken_at, o.no LIMIT $3"
    );
    let sql = AssertSqlSafe(format!("{CLUSTER_ORDER}{by_key}"));
    let rows = query(sql).bind(campaign).bind(key).bind(limit).rows(look).await?;
    rows.iter().map(|row| cluster_order(database, row)).collect()
}

/// Orders of a cluster a person has not decided on, oldest first; an empty campaign asks for all campaigns.
///
/// # Errors
/// Of the database.
pub async fn held_in_cluster(
    look: &mut Transaction,
    (kind, key, campaign): (ClusterKind, i64, &str),
) -> Result<Vec<OrderNo>> {
    let sql = by_key!(
        kind,
        "SELECT o.no FROM orders o JOIN review r ON r.order_no = o.no
        WHERE r.state IN ('open', 'asked') AND ($1 = '' OR o.campaign = $1) AND o.",
        " = $2 ORDER BY o.taken_at, o.no"
    );
    let numbers: Vec<String> = query(sql).bind(campaign).bind(key).scalars(look).await?;
    Ok(numbers.into_iter().map(OrderNo::from).collect())
}

/// The key an order is gathered by; `None` where there is no such order, 0 where it has no such key.
///
/// # Errors
/// Of the database.
pub async fn key_of_order(look: &mut Transaction, no: &OrderNo, kind: ClusterKind) -> Result<Option<i64>> {
    let sql = "SELECT address_key, phone_key, buyer_key, device_key FROM orders WHERE no = $1";
    let row = query(sql).bind(no.as_str()).row(look).await?;
    row.map(|row| row.get(kind.column())).transpose()
}

/// Where an order's review stands; `None` where it never was in review.
///
/// # Errors
/// Of the database.
pub async fn state(conn: &mut Transaction, no: &OrderNo) -> Result<Option<String>> {
    query("SELECT state FROM review WHERE order_no = $1").bind(no.as_str()).scalar_optional(conn).await
}

/// Moves a review on: who did it, and when it was decided; a question to the buyer decides nothing.
///
/// # Errors
/// Of the database.
pub async fn set_state(
    conn: &mut Transaction,
    no: &OrderNo,
    state: &str,
    (who, at): (&str, Option<EpochMs>),
) -> Result<()> {
    let sql = "UPDATE review SET state = $2, decided_by = $3, decided_at = $4 WHERE order_no = $1";
    query(sql).bind(no.as_str()).bind(state).bind(who).bind(at.map(|at| at.0)).execute(conn).await?;
    Ok(())
}

/// Adds what was found of an order later to its review, and opens it (again) where there is anything to decide. Says
/// whether there is.
///
/// # Errors
/// Of the database.
pub async fn add(
    conn: &mut Transaction,
    (no, campaign): (&OrderNo, &str),
    found: Vec<Value>,
    now: EpochMs,
) -> Result<bool> {
    let sql = "SELECT hits FROM review WHERE order_no = $1 AND state IN ('open', 'asked')";
    let before: Option<String> = query(sql).bind(no.as_str()).scalar_optional(conn).await?;
    if before.is_none() && found.is_empty() {
        return Ok(false);
    }
    let mut hits: Vec<Value> = before.as_deref().map(serde_json::from_str).transpose()?.unwrap_or_default();
    hits.extend(found);
    let sql =
        "INSERT INTO review (order_no, campaign, state, hits, opened_at) VALUES ($1, $2, 'open', $3, $4)
        ON CONFLICT (order_no) DO UPDATE SET hits = excluded.hits, decided_at = NULL, decided_by = NULL,
            state = CASE WHEN review.state = 'asked' THEN 'asked' ELSE 'open' END";
    let row = query(sql).bind(no.as_str()).bind(campaign).bind(serde_json::to_string(&hits)?).bind(now.0);
    row.execute(conn).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_back_from_its_text_and_no_other_text_is_one() {
        for key in [1, -1, i64::MAX, i64::MIN + 1, 0x00ab_cdef] {
            assert_eq!(parse_key(&key_text(key)), Some(key));
        }
        for text in ["", "1", "+000000000000001", "0123456789abcdeg", "0123456789abcdef0", "一一一一一一"]
        {
            assert_eq!(parse_key(text), None, "{text}");
        }
    }
}
