//! Each warehouse's feed: appended in the transaction that changed what it tells, read by its stations alone.
//!
//! A row carries as many entries as were written together, compressed and, where a receiver is among them, sealed as
//! a whole: a thousand orders are one row. Sequence numbers count entries, so readers know nothing of rows.

use std::collections::BTreeMap;

use anyhow::{Context, Result, ensure};
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::WarehouseId;
use liangcang_domain::order::Order;
use liangcang_domain::seal::SealKey;
use liangcang_sync::{Entry, LogId, SCHEMA};
use serde_json::value::RawValue;
use zstd::bulk::Compressor;

use crate::database::{Database, Query, Transaction, query, run_all};

/// Compression of a row: the quickest.
const LEVEL: i32 = 1;
/// Entries a row carries at most, so that a reader who wants one does not open ten thousand.
pub const ROW_ENTRIES: usize = 1_000;

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
    let seq = next(conn, warehouse, 1).await?;
    let mut text = serde_json::to_vec(entry)?;
    text.push(b'\n');
    row(warehouse, (seq, seq), false, zstd::bulk::compress(&text, LEVEL)?).execute(conn).await?;
    Ok(())
}

/// Appends orders to the feeds of their warehouses: their receivers make the rows personal, so they are sealed.
///
/// # Errors
/// Of the database.
pub async fn append_orders<'a>(
    conn: &mut Transaction,
    database: &Database,
    orders: impl IntoIterator<Item = &'a Order>,
) -> Result<()> {
    let mut told = BTreeMap::<&WarehouseId, Vec<&Order>>::new();
    orders.into_iter().for_each(|order| told.entry(&order.warehouse).or_default().push(order));
    let mut rows = Vec::new();
    for (warehouse, orders) in told {
        for orders in orders.chunks(ROW_ENTRIES) {
            let last = next(conn, warehouse, i64::try_from(orders.len())?).await?;
            rows.push((warehouse, last, orders.to_vec()));
        }
    }
    let mut compressor = Compressor::new(LEVEL)?;
    let statement = |(warehouse, last, orders): (&WarehouseId, i64, Vec<&Order>)| {
        let mut text = Vec::with_capacity(orders.len() * 1024);
        for order in &orders {
            serde_json::to_writer(&mut text, &Told::Order { order })?;
            text.push(b'\n');
        }
        let sealed = database.seal(&place(warehouse, last), &compressor.compress(&text)?);
        let first = last + 1 - i64::try_from(orders.len())?;
        Ok(row(warehouse, (first, last), true, sealed))
    };
    run_all(conn, rows.into_iter().map(statement)).await?;
    Ok(())
}

/// [`FeedEntry::Order`] without owning the order.
#[derive(serde::Serialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
enum Told<'a> {
    Order { order: &'a Order },
}

async fn next(conn: &mut Transaction, warehouse: &WarehouseId, count: i64) -> Result<i64> {
    query(NEXT).bind(count).bind(warehouse.as_str()).scalar(conn).await
}

/// Numbers entries of a feed.
pub const NEXT: &str = "UPDATE feed_head SET seq = seq + $1 WHERE warehouse = $2 RETURNING seq";
/// Writes a row of it.
pub const WRITE: &str =
    "INSERT INTO feed (warehouse, seq, first, schema, sealed, body) VALUES ($1, $2, $3, $4, $5, $6)";

fn row(warehouse: &WarehouseId, (first, last): (i64, i64), sealed: bool, body: Vec<u8>) -> Query {
    let row = query(WRITE).bind(warehouse.as_str()).bind(last).bind(first);
    row.bind(SCHEMA).bind(sealed).bind(body)
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
/// Of the database, or when a sealed row does not open.
pub async fn between(
    conn: &mut Transaction,
    key: &SealKey,
    warehouse: &WarehouseId,
    (first, last): (u64, u64),
) -> Result<Vec<Entry>> {
    let sql = "SELECT seq, first, schema, sealed, body FROM feed
        WHERE warehouse = $1 AND seq >= $2 AND first <= $3 ORDER BY seq";
    let rows = query(sql)
        .bind(warehouse.as_str())
        .bind(i64::try_from(first)?)
        .bind(i64::try_from(last)?)
        .all::<(i64, i64, i64, i64, Vec<u8>)>(conn)
        .await?;
    let mut entries = Vec::new();
    for (seq, row_first, schema, sealed, body) in rows {
        let opened = open(key, warehouse, seq, sealed == 1, body);
        let text = opened.with_context(|| format!("the feed of {warehouse} at {seq}"))?;
        let count = text.lines().count();
        ensure!(i64::try_from(count)? == seq - row_first + 1, "the feed of {warehouse} is damaged at {seq}");
        for (at, line) in (u64::try_from(row_first)?..).zip(text.lines()) {
            if (first..=last).contains(&at) {
                let body = RawValue::from_string(line.to_owned())?;
                entries.push(Entry { log: log(warehouse), seq: at, schema: u32::try_from(schema)?, body });
            }
        }
    }
    Ok(entries)
}

fn open(key: &SealKey, warehouse: &WarehouseId, seq: i64, sealed: bool, body: Vec<u8>) -> Result<String> {
    let body = if sealed { key.open(&place(warehouse, seq), &body)? } else { body };
    Ok(String::from_utf8(zstd::stream::decode_all(body.as_slice())?)?)
}
