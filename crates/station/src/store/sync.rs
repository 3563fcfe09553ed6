//! What a message to the server is made of: own facts after what it confirmed, and cursors.

use super::own_log::OwnLog;
use super::{Store, feed::save_cursors, meta};
use anyhow::{Context as _, Result};
use liangcang_sync::{Cursors, Entry, LogId, Message, SCHEMA};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use sqlx::{Row as _, SqliteConnection, SqlitePool};

/// Facts sent in one message.
const LIMIT: i64 = 1_000;

/// Who this replica is, once enrolled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
pub async fn identity(store: &mut SqliteConnection) -> Result<Option<Identity>> {
    let (station, warehouse) = (meta(&mut *store, "station").await?, meta(&mut *store, "warehouse").await?);
    let epoch = meta(store, "epoch").await?.and_then(|text| text.parse().ok()).unwrap_or(1);
    Ok(station.zip(warehouse).map(|(station, warehouse)| Identity { station, warehouse, epoch }))
}

/// Cursors of one direction: `taken` of others' logs, `confirmed` of ours.
///
/// # Errors
/// When the store does not answer.
pub async fn cursors<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
    direction: &str,
) -> Result<Cursors> {
    let rows = sqlx::query("SELECT writer, epoch, seq FROM cursor WHERE direction = $1")
        .bind(direction)
        .fetch_all(executor)
        .await?;
    let mut cursors = Cursors::default();
    for row in rows {
        let log = LogId { writer: row.get(0), epoch: row.get(1) };
        cursors.advance(&log, u64::try_from(row.get::<i64, _>(2))?);
    }
    Ok(cursors)
}

/// The next message to the server. It also says how far this replica has its own logs, so that the server gives back
/// what it has of the earlier ones.
///
/// # Errors
/// When the store does not answer or a stored fact is no JSON.
pub async fn next_message(readers: &SqlitePool, identity: &Identity) -> Result<Message> {
    let mut reader = readers.acquire().await?;
    let own = OwnLog::read(&mut reader, identity).await?;
    let mut have = cursors(&mut *reader, "taken").await?;
    for (log, seq) in own.cursors()?.iter() {
        have.advance(log, seq);
    }
    let confirmed = cursors(&mut *reader, "confirmed").await?;
    let (mut entries, mut room, mut more) = (Vec::new(), LIMIT, false);
    for stretch in own.after(&confirmed)? {
        let rows = stretch.rows().min(room);
        more |= rows < stretch.rows();
        room -= rows;
        let bodies = sqlx::query("SELECT seq, body FROM fact WHERE seq BETWEEN $1 AND $2 ORDER BY seq")
            .bind(stretch.first_row)
            .bind(stretch.first_row + rows - 1)
            .fetch_all(&mut *reader)
            .await?;
        let log = LogId { writer: identity.station.clone(), epoch: stretch.epoch };
        for row in bodies {
            let seq = u64::try_from(stretch.seq + row.get::<i64, _>(0) - stretch.first_row)?;
            let body = RawValue::from_string(row.get(1)).context("a stored fact is no JSON")?;
            entries.push(Entry { log: log.clone(), seq, schema: SCHEMA, body });
        }
    }
    Ok(Message::new(have, entries, more))
}

/// How much the server has not confirmed.
///
/// # Errors
/// When the store does not answer.
pub async fn pending(readers: &SqlitePool, identity: &Identity) -> Result<Pending> {
    let mut reader = readers.acquire().await?;
    let confirmed = cursors(&mut *reader, "confirmed").await?;
    let open = OwnLog::read(&mut reader, identity).await?.after(&confirmed)?;
    let Some(oldest) = open.first() else { return Ok(Pending::default()) };
    let oldest_ms = sqlx::query_scalar("SELECT at FROM fact WHERE seq = $1")
        .bind(oldest.first_row)
        .fetch_optional(&mut *reader)
        .await?;
    Ok(Pending { count: open.iter().map(super::own_log::Stretch::rows).sum(), oldest_ms })
}

impl Store {
    /// Notes what the server confirmed of our log.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn confirm(&mut self, confirmed: &Cursors) -> Result<()> {
        let mut tx = self.begin().await?;
        save_cursors(&mut tx, "confirmed", confirmed).await?;
        tx.commit().await.context("storing a confirmation")
    }

    /// Writes down who this replica is.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn enrol(&mut self, identity: &Identity) -> Result<()> {
        let mut tx = self.begin().await?;
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
