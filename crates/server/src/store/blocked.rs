//! Whom not to sell to, as keyed hashes: the store never learns an address, a phone, a buyer or a device by this.

use anyhow::Result;
use liangcang_domain::unit::EpochMs;
use serde::Serialize;

use super::review::{ClusterKind, key_text};
use crate::database::{Transaction, query};

/// Somebody who is blocked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct BlockedRow {
    /// As `review::key_text`.
    pub key: String,
    /// address, phone, buyer or device.
    pub kind: String,
    /// Why.
    pub note: String,
    /// Who blocked it.
    pub who: String,
    /// Epoch milliseconds.
    pub at: i64,
}

/// Everybody who is blocked, the latest first.
///
/// # Errors
/// Of the database.
pub async fn list(look: &mut Transaction) -> Result<Vec<BlockedRow>> {
    let sql = "SELECT key, kind, note, who, at FROM blocked ORDER BY at DESC, key";
    let rows = query(sql).all::<(i64, String, String, String, i64)>(look).await?;
    let row = |(key, kind, note, who, at)| BlockedRow { key: key_text(key), kind, note, who, at };
    Ok(rows.into_iter().map(row).collect())
}

/// Blocks a key for all campaigns; the latest note stands.
///
/// # Errors
/// Of the database.
pub async fn block(
    conn: &mut Transaction,
    (kind, key): (ClusterKind, i64),
    note: &str,
    (who, at): (&str, EpochMs),
) -> Result<()> {
    let sql = "INSERT INTO blocked (key, kind, note, who, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (key) DO UPDATE SET note = excluded.note, who = excluded.who, at = excluded.at";
    query(sql).bind(key).bind(kind.as_str()).bind(note).bind(who).bind(at.0).execute(conn).await?;
    Ok(())
}

/// Lets a key buy again; `false` when it was not blocked.
///
/// # Errors
/// Of the database.
pub async fn unblock(conn: &mut Transaction, key: i64) -> Result<bool> {
    Ok(query("DELETE FROM blocked WHERE key = $1").bind(key).execute(conn).await? == 1)
}
