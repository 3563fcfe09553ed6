//! The server's side of the replica protocol: take a station's message in one transaction, answer with its feed;
//! and the snapshot a fresh replica starts from. A station that lost its file gets back the facts of its earlier logs.
//!
//! The protocol is `liangcang-sync`'s; who may speak is decided before (`http::door`).

use std::io::Write;

use crate::database::{Transaction, query};
use anyhow::{Context, Result};
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::WarehouseId;
use liangcang_sync::{Cursors, Entry, Message, Refused, to_send};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::database::Database;
use crate::floor;
use crate::store::orders::{self, State};
use crate::store::station::Station;
use crate::store::{company, feed, station, waybill};

/// Entries a message carries at most: some 2 MB, so that a slow line shows progress.
pub const MAX_ENTRIES: u64 = 2_000;

/// Why a message is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    /// The two sides do not understand each other.
    #[error(transparent)]
    Version(#[from] Refused),
    /// An entry of somebody else's log.
    #[error("station {station} may only send its own log, not that of {writer}")]
    ForeignLog {
        /// Who sent it.
        station: String,
        /// Whose entry it is.
        writer: String,
    },
    /// The database failed; nothing was taken.
    #[error(transparent)]
    Failed(#[from] anyhow::Error),
}

/// Takes a station's message and makes the answer. Cursors and effects are one transaction; a message that arrives
/// twice changes nothing.
///
/// # Errors
/// [`NotTaken`]; then nothing of the message was taken.
pub async fn exchange(database: &Database, from: &Station, message: Message) -> Result<Message, NotTaken> {
    let foreign = message.entries.iter().find(|entry| entry.log.writer != from.id.as_str());
    if let Some(entry) = foreign {
        return Err(NotTaken::ForeignLog { station: from.id.to_string(), writer: entry.log.writer.clone() });
    }
    let has = message.have.of(&feed::log(&from.warehouse));
    let own = own_logs(from, &message.have);
    let have = if message.entries.is_empty() {
        // Most exchanges only ask: they must not stand in the writers' queue.
        let mut look = database.look().await?;
        let cursors = station::cursors(&mut look, &from.id).await?;
        message.take(&cursors)?.cursors
    } else {
        take(database, from, message).await?
    };
    let mut look = database.look().await?;
    let head = feed::head(&mut look, &from.warehouse).await?;
    let Some((range, more)) = to_send(head, has, MAX_ENTRIES) else {
        // Behind the feed: facts tell of orders that must be there first.
        let (entries, more) = give_back(&mut look, from, &have, &own).await?;
        return Ok(Message::new(have, entries, more));
    };
    let (first, last) = range.into_inner();
    let entries = feed::between(&mut look, database.key(), &from.warehouse, (first, last)).await?;
    Ok(Message::new(have, entries, more))
}

/// How far a station says that it has its own logs. Its newest is the one it writes.
fn own_logs(from: &Station, have: &Cursors) -> Cursors {
    let own = have.iter().filter(|(log, _)| log.writer == from.id.as_str());
    Cursors::from(own.map(|(log, seq)| (log.clone(), seq)).collect::<Vec<_>>())
}

/// What the server has of a station's earlier logs and the station has not: the next of them, and whether more follow.
/// A log that is still written is never given back, for nobody else may say what its next entry is.
async fn give_back(
    look: &mut Transaction,
    from: &Station,
    have: &Cursors,
    own: &Cursors,
) -> Result<(Vec<Entry>, bool)> {
    let Some(written) = own.iter().map(|(log, _)| log.epoch).max() else { return Ok((Vec::new(), false)) };
    for (log, head) in have.iter().filter(|(log, _)| log.writer == from.id.as_str() && log.epoch < written) {
        let Some((range, more)) = to_send(head, own.of(log), MAX_ENTRIES) else { continue };
        let sql =
            "SELECT seq, schema, body FROM fact WHERE station = $1 AND epoch = $2 AND seq BETWEEN $3 AND $4
            ORDER BY seq";
        let rows = query(sql).bind(from.id.as_str()).bind(log.epoch);
        let rows = rows.bind(i64::try_from(*range.start())?).bind(i64::try_from(*range.end())?);
        let entry = |(seq, schema, body): (i64, i64, String)| {
            let body = RawValue::from_string(body).context("a stored fact is no JSON")?;
            Ok(Entry { log: log.clone(), seq: u64::try_from(seq)?, schema: u32::try_from(schema)?, body })
        };
        let entries = rows.all::<(i64, i64, String)>(look).await?.into_iter().map(entry);
        return Ok((entries.collect::<Result<_>>()?, more));
    }
    Ok((Vec::new(), false))
}

async fn take(database: &Database, from: &Station, message: Message) -> Result<Cursors, NotTaken> {
    let mut tx = database.begin().await?;
    let cursors = station::cursors(&mut tx, &from.id).await?;
    let taken = message.take(&cursors)?;
    let aside = taken.aside.iter().map(|entry| (entry, false));
    for (entry, readable) in taken.apply.iter().map(|entry| (entry, true)).chain(aside) {
        floor::take_fact(&mut tx, from, entry, readable).await?;
    }
    station::save_cursors(&mut tx, &taken.cursors).await?;
    tx.commit().await.context("the facts could not be committed")?;
    Ok(taken.cursors)
}

/// The first line of a snapshot.
#[derive(Serialize)]
struct Head {
    cursors: Cursors,
    entries: i64,
}

/// Compression of a snapshot: the line is quicker than a higher level.
const LEVEL: i32 = 1;

type Lines = zstd::Encoder<'static, Vec<u8>>;

fn line(lines: &mut Lines, value: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *lines, value)?;
    Ok(lines.write_all(b"\n")?)
}

/// Orders a fresh replica must know. Packed ones are not told: they are sealed at another replica, and one that
/// does not know so would pack them a second time.
const STILL_TO_DO: &str = "warehouse = $1 AND waybill_no <> '' AND state IN ('routed', 'short', 'cancelled')
    AND packed_at IS NULL";

/// Everything a fresh replica of a warehouse needs, as zstd of JSON lines: a head with the cursor to go on from and
/// the number of lines, then that many feed entries. All of one moment. O(orders to do).
///
/// # Errors
/// Of the database.
pub async fn snapshot(database: &Database, warehouse: &WarehouseId) -> Result<Vec<u8>> {
    let mut look = database.look().await?;
    let mut cursors = Cursors::default();
    cursors.advance(&feed::log(warehouse), feed::head(&mut look, warehouse).await?);
    let company = company::read(&mut look).await?.entries(warehouse);
    let count = sqlx::AssertSqlSafe(format!(
        "SELECT COUNT(*) + COUNT(CASE WHEN state = 'cancelled' THEN 1 END)
        FROM orders WHERE {STILL_TO_DO}"
    ));
    let about_orders: i64 = query(count).bind(warehouse.as_str()).scalar(&mut look).await?;
    let mut lines = zstd::Encoder::new(Vec::new(), LEVEL)?;
    line(&mut lines, &Head { cursors, entries: i64::try_from(company.len())? + about_orders })?;
    for (_, entry) in &company {
        line(&mut lines, entry)?;
    }
    tell_orders(database, &mut look, warehouse, &mut lines).await?;
    Ok(lines.finish()?)
}

/// Orders read at a time.
const PAGE: i64 = 2_000;

async fn tell_orders(
    database: &Database,
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    lines: &mut Lines,
) -> Result<()> {
    let page = format!("SELECT * FROM orders WHERE {STILL_TO_DO} AND no > $2 ORDER BY no LIMIT $3");
    let routes = waybill::routes(conn).await?;
    let mut after = String::new();
    loop {
        let sql = sqlx::AssertSqlSafe(page.clone());
        let rows = query(sql).bind(warehouse.as_str()).bind(&after).bind(PAGE).rows(conn).await?;
        for row in &rows {
            let mut order = orders::from_row(database, row)?;
            (order.route_code, order.consolidation) = routes.printed(&order.carrier, &order.receiver);
            let no = order.no.clone();
            line(lines, &FeedEntry::Order { order: Box::new(order) })?;
            if row.get::<String>("state")? == State::Cancelled.as_str() {
                let reason = row.get::<Option<String>>("cancel_reason")?.unwrap_or_default();
                line(lines, &FeedEntry::Cancelled { order: no.clone(), reason })?;
            }
            after = no.0;
        }
        if rows.len() < usize::try_from(PAGE)? {
            return Ok(());
        }
    }
}
