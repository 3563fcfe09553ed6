//! What a message to the server is made of: own facts after what it confirmed, and cursors.

use super::{Store, feed::save_cursors, meta};
use anyhow::{Context as _, Result};
use liangcang_sync::{Cursors, Entry, LogId, Message, SCHEMA, to_send};
use serde_json::value::RawValue;
use sqlx::{Connection as _, Row as _, SqlitePool};

/// Facts sent in one message.
const LIMIT: u64 = 1_000;

/// Who this replica is, once enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The station's id, also the writer of its log.
    pub station: String,
    /// Its warehouse.
    pub warehouse: String,
    /// The epoch of its log.
    pub epoch: u32,
}

impl Identity {
    /// The station's own log.
    #[must_use]
    pub fn log(&self) -> LogId {
        LogId { writer: self.station.clone(), epoch: self.epoch }
    }
}

/// How much waits to be confirmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pending {
    /// Facts.
    pub count: i64,
    /// When the oldest happened.
    pub oldest_ms: Option<i64>,
}

/// The identity, if the station is enrolled.
///
/// # Errors
/// When the store does not answer.
pub async fn identity(readers: &SqlitePool) -> Result<Option<Identity>> {
    let (station, warehouse) = (meta(readers, "station").await?, meta(readers, "warehouse").await?);
    let epoch = meta(readers, "epoch").await?.and_then(|text| text.parse().ok()).unwrap_or(1);
    Ok(station.zip(warehouse).map(|(station, warehouse)| Identity { station, warehouse, epoch }))
}

/// Cursors of one direction: `taken` of others' logs, `confirmed` of ours.
///
/// # Errors
/// When the store does not answer.
pub async fn cursors(readers: &SqlitePool, direction: &str) -> Result<Cursors> {
    let rows = sqlx::query("SELECT writer, epoch, seq FROM cursor WHERE direction = $1")
        .bind(direction)
        .fetch_all(readers)
        .await?;
    let mut cursors = Cursors::default();
    for row in rows {
        let log = LogId { writer: row.get(0), epoch: row.get(1) };
        cursors.advance(&log, u64::try_from(row.get::<i64, _>(2))?);
    }
    Ok(cursors)
}

/// The next message to the server.
///
/// # Errors
/// When the store does not answer or a stored fact is no JSON.
pub async fn next_message(readers: &SqlitePool, identity: &Identity) -> Result<Message> {
    let log = identity.log();
    let have = cursors(readers, "taken").await?;
    let confirmed = cursors(readers, "confirmed").await?.of(&log);
    let head: i64 = sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM fact").fetch_one(readers).await?;
    let Some((range, more)) = to_send(u64::try_from(head)?, confirmed, LIMIT) else {
        return Ok(Message::new(have, vec![], false));
    };
    let rows = sqlx::query("SELECT seq, body FROM fact WHERE seq BETWEEN $1 AND $2 ORDER BY seq")
        .bind(i64::try_from(*range.start())?)
        .bind(i64::try_from(*range.end())?)
        .fetch_all(readers)
        .await?;
    let entries = rows.iter().map(|row| {
        let body = RawValue::from_string(row.get(1)).context("a stored fact is no JSON")?;
        Ok(Entry { log: log.clone(), seq: u64::try_from(row.get::<i64, _>(0))?, schema: SCHEMA, body })
    });
    Ok(Message::new(have, entries.collect::<Result<_>>()?, more))
}

/// How much the server has not confirmed.
///
/// # Errors
/// When the store does not answer.
pub async fn pending(readers: &SqlitePool, identity: &Identity) -> Result<Pending> {
    let confirmed = i64::try_from(cursors(readers, "confirmed").await?.of(&identity.log()))?;
    let row = sqlx::query("SELECT coalesce(max(seq), 0), (SELECT at FROM fact WHERE seq = $1 + 1) FROM fact")
        .bind(confirmed)
        .fetch_one(readers)
        .await?;
    let head: i64 = row.get(0);
    Ok(Pending { count: (head - confirmed).max(0), oldest_ms: row.get(1) })
}

impl Store {
    /// Notes what the server confirmed of our log.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn confirm(&mut self, confirmed: &Cursors) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        save_cursors(&mut tx, "confirmed", confirmed).await?;
        tx.commit().await.context("storing a confirmation")
    }

    /// Writes down who this replica is.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn enrol(&mut self, identity: &Identity) -> Result<()> {
        let mut tx = self.writer.begin_with("BEGIN IMMEDIATE").await?;
        super::set_meta(&mut *tx, "station", &identity.station).await?;
        super::set_meta(&mut *tx, "warehouse", &identity.warehouse).await?;
        super::set_meta(&mut *tx, "epoch", &identity.epoch.to_string()).await?;
        tx.commit().await.context("storing the enrolment")
    }

    /// Opening stock that came with the feed and was not received yet: `(bin, sku, lot, qty)`.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn opening(&mut self) -> Result<Vec<(String, String, String, i64)>> {
        let rows = sqlx::query("SELECT key, value FROM meta WHERE key LIKE 'opening:%' ORDER BY key")
            .fetch_all(&mut self.writer)
            .await?;
        Ok(rows
            .iter()
            .filter_map(|row| {
                let (key, value): (String, String) = (row.get(0), row.get(1));
                let mut parts = key.splitn(4, ':').skip(1).map(str::to_owned);
                Some((parts.next()?, parts.next()?, parts.next()?, value.parse().ok()?))
            })
            .collect())
    }
}
