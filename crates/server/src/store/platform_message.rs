//! What a platform told us, kept before it is answered: the second delivery finds the first, and what is not done is
//! found again after a crash.

use crate::database::{Transaction, query};
use anyhow::Result;
use liangcang_domain::unit::EpochMs;
use serde::Serialize;

/// What is to be done about a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Paid: fetch the order and take it.
    Paid,
    /// Cancelled, by a message whose word still holds.
    Cancelled,
    /// Ask for the order before acting: the message is old, carries no time, or is about a part of the order.
    Check,
    /// Nothing, for now.
    Other,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Paid, Self::Cancelled, Self::Check, Self::Other];

    fn as_str(self) -> &'static str {
        match self {
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Check => "check",
            Self::Other => "other",
        }
    }
}

/// A message to be kept.
#[derive(Clone, Debug)]
pub struct Received {
    /// The same on every delivery.
    pub dedupe_key: String,
    /// What is to be done.
    pub kind: Kind,
    /// About which order; empty for none.
    pub order_no: String,
    /// The platform's words for a cancellation.
    pub reason: String,
}

/// A message that waits to be worked on.
#[derive(Clone, Debug)]
pub struct Open {
    /// Its key.
    pub dedupe_key: String,
    /// What is to be done.
    pub kind: Kind,
    /// About which order.
    pub order_no: String,
    /// The platform's words for a cancellation.
    pub reason: String,
    /// How often it was tried in vain.
    pub tries: u32,
    /// When it came.
    pub received_at: EpochMs,
}

/// Keeps a message; `false` when it was here before.
///
/// # Errors
/// Of the database.
pub async fn keep(conn: &mut Transaction, message: &Received, now: EpochMs) -> Result<bool> {
    let state = if message.kind == Kind::Other { "done" } else { "open" };
    let sql = "INSERT INTO platform_message (dedupe_key, kind, order_no, reason, state, tries, next_try_at, outcome,
            received_at)
        VALUES ($1, $2, $3, $4, $5, 0, $6, '', $6) ON CONFLICT (dedupe_key) DO NOTHING";
    let row = query(sql)
        .bind(&message.dedupe_key)
        .bind(message.kind.as_str())
        .bind(&message.order_no)
        .bind(&message.reason)
        .bind(state)
        .bind(now.0);
    Ok(row.execute(conn).await? == 1)
}

/// Messages to be worked on now, oldest first; those that wait for stock come behind those that came just now.
///
/// # Errors
/// Of the database.
pub async fn due(conn: &mut Transaction, now: EpochMs, limit: i64) -> Result<Vec<Open>> {
    let sql = "SELECT dedupe_key, kind, order_no, reason, tries, received_at FROM platform_message
        WHERE state IN ('open', 'short') AND next_try_at <= $1 ORDER BY state, received_at, dedupe_key LIMIT $2";
    type Row = (String, String, String, String, i64, i64);
    let rows = query(sql).bind(now.0).bind(limit).all::<Row>(conn).await?;
    let open = |(dedupe_key, kind, order_no, reason, tries, received_at): Row| {
        let kind = Kind::ALL.into_iter().find(|known| known.as_str() == kind)?;
        let (tries, received_at) = (u32::try_from(tries).unwrap_or(u32::MAX), EpochMs(received_at));
        Some(Open { dedupe_key, kind, order_no, reason, tries, received_at })
    };
    Ok(rows.into_iter().filter_map(open).collect())
}

/// The message is done with; `outcome` is a word for the office.
///
/// # Errors
/// Of the database.
pub async fn close(conn: &mut Transaction, dedupe_key: &str, state: Closed, outcome: &str) -> Result<()> {
    let sql = "UPDATE platform_message SET state = $2, outcome = $3
        WHERE dedupe_key = $1 AND state IN ('open', 'short')";
    let word = match state {
        Closed::Done => "done",
        Closed::Refused => "refused",
    };
    query(sql).bind(dedupe_key).bind(word).bind(outcome).execute(conn).await?;
    Ok(())
}

/// How a message ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// What it asks for is done, or was before.
    Done,
    /// It cannot be done; `outcome` says why.
    Refused,
}

/// It did not work now; once more later.
///
/// # Errors
/// Of the database.
pub async fn try_later(conn: &mut Transaction, dedupe_key: &str, at: EpochMs, why: &str) -> Result<()> {
    let sql = "UPDATE platform_message SET state = 'open', tries = tries + 1, next_try_at = $2, outcome = $3
        WHERE dedupe_key = $1 AND state IN ('open', 'short')";
    query(sql).bind(dedupe_key).bind(at.0).bind(why).execute(conn).await?;
    Ok(())
}

/// Its order was refused for something that may pass (`code`); once more later, or when stock comes.
///
/// # Errors
/// Of the database.
pub async fn wait_for_stock(conn: &mut Transaction, dedupe_key: &str, at: EpochMs, code: &str) -> Result<()> {
    let sql = "UPDATE platform_message SET state = 'short', tries = 0, next_try_at = $2, outcome = $3
        WHERE dedupe_key = $1 AND state IN ('open', 'short')";
    query(sql).bind(dedupe_key).bind(at.0).bind(code).execute(conn).await?;
    Ok(())
}

/// Stock, room or numbers have come somewhere: orders that wait for such are tried again at once.
///
/// # Errors
/// Of the database.
pub async fn stock_came(conn: &mut Transaction) -> Result<()> {
    query("UPDATE platform_message SET next_try_at = received_at WHERE state = 'short'")
        .execute(conn)
        .await?;
    Ok(())
}

/// A paid order that is not taken yet, for the office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WaitingOrder {
    /// Its number.
    pub order: String,
    /// Why it was refused when it was last tried: a code of intake's closed list.
    pub code: String,
    /// Since when it waits, epoch milliseconds.
    pub since: i64,
    /// When it is tried again at the latest, epoch milliseconds.
    pub next_try_at: i64,
}

/// Paid orders that wait for stock, those that wait longest first. Also says how many there are in all.
///
/// # Errors
/// Of the database.
pub async fn waiting_for_stock(look: &mut Transaction, limit: i64) -> Result<(Vec<WaitingOrder>, i64)> {
    let sql = "SELECT order_no, outcome, received_at, next_try_at FROM platform_message
        WHERE state = 'short' ORDER BY received_at, dedupe_key LIMIT $1";
    let rows: Vec<(String, String, i64, i64)> = query(sql).bind(limit).all(look).await?;
    let total = query("SELECT COUNT(*) FROM platform_message WHERE state = 'short'").scalar(look).await?;
    let waiting = |(order, code, since, next_try_at)| WaitingOrder { order, code, since, next_try_at };
    Ok((rows.into_iter().map(waiting).collect(), total))
}
