//! Each warehouse's feed: appended in the transaction that changed what it tells, read by its stations alone.

use anyhow::{Context, Result};
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::WarehouseId;
use liangcang_domain::order::Order;
use liangcang_domain::seal::SealKey;
use liangcang_sync::{Entry, LogId, SCHEMA};
use serde_json::value::RawValue;
use crate::database::{Transaction, query};

use crate::database::Database;

/// The log a warehouse's feed is.
#[must_use]
pub fn log(warehouse: &WarehouseId) -> LogId {
    LogId::first(&format!("server:{warehouse}"))
}

fn place(warehouse: &WarehouseId, seq: i64) -> String {
    format!("feed.body:{warehouse}:{seq}")
}

/// Appends an entry without personal data.
///
/// # Errors
/// Of the database.
pub async fn append(conn: &mut Transaction, warehouse: &WarehouseId, entry: &FeedEntry) -> Result<()> {
    let seq = next(conn, warehouse).await?;
    write(conn, warehouse, seq, 0, serde_json::to_vec(entry)?).await
}

/// Appends an order: its receiver makes the whole entry personal, so it is sealed.
///
/// # Errors
/// Of the database.
pub async fn append_order(conn: &mut Transaction, database: &Database, order: Order) -> Result<()> {
    let warehouse = order.warehouse.clone();
    let seq = next(conn, &warehouse).await?;
    let body = serde_json::to_vec(&FeedEntry::Order { order: Box::new(order) })?;
    let sealed = database.seal(&place(&warehouse, seq), &body)?;
    write(conn, &warehouse, seq, 1, sealed).await
}

async fn next(conn: &mut Transaction, warehouse: &WarehouseId) -> Result<i64> {
    let sql = "UPDATE feed_head SET seq = seq + 1 WHERE warehouse = $1 RETURNING seq";
    Ok(query(sql).bind(warehouse.as_str()).scalar(conn).await?)
}

async fn write(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    seq: i64,
    sealed: i64,
    body: Vec<u8>,
) -> Result<()> {
    query("INSERT INTO feed (warehouse, seq, schema, sealed, body) VALUES ($1, $2, $3, $4, $5)")
        .bind(warehouse.as_str())
        .bind(seq)
        .bind(SCHEMA)
        .bind(sealed)
        .bind(body)
        .execute(conn)
        .await?;
    Ok(())
}

/// The last sequence number of a warehouse's feed.
///
/// # Errors
/// Of the database, also when there is no such warehouse.
pub async fn head(conn: &mut Transaction, warehouse: &WarehouseId) -> Result<u64> {
    let sql = "SELECT seq FROM feed_head WHERE warehouse = $1";
    let seq: i64 = query(sql).bind(warehouse.as_str()).scalar(conn).await?;
    Ok(u64::try_from(seq)?)
}

/// Entries `first..=last` of a warehouse's feed.
///
/// # Errors
/// Of the database, or when a sealed entry does not open.
pub async fn between(
    conn: &mut Transaction,
    key: &SealKey,
    warehouse: &WarehouseId,
    (first, last): (u64, u64),
) -> Result<Vec<Entry>> {
    let sql = "SELECT seq, schema, sealed, body FROM feed
        WHERE warehouse = $1 AND seq BETWEEN $2 AND $3 ORDER BY seq";
    let rows = query(sql)
        .bind(warehouse.as_str())
        .bind(i64::try_from(first)?)
        .bind(i64::try_from(last)?)
        .all::<(i64, i64, i64, Vec<u8>)>(conn)
        .await?;
    let open = |(seq, schema, sealed, body): (i64, i64, i64, Vec<u8>)| -> Result<Entry> {
        let body = if sealed == 0 { body } else { key.open(&place(warehouse, seq), &body)? };
        let body = RawValue::from_string(String::from_utf8(body)?)?;
        Ok(Entry { log: log(warehouse), seq: u64::try_from(seq)?, schema: u32::try_from(schema)?, body })
    };
    let open = |row| open(row).with_context(|| format!("the feed of {warehouse}"));
    rows.into_iter().map(open).collect()
}
