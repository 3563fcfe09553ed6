//! Cancelling: the channel takes an order back. Before it has left, its goods are free again at once and its
//! warehouse is told to find the parcel; after it has left, the office is told. Of an order that is split, so it goes
//! with each part.

use anyhow::Result;
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;

use crate::database::{Transaction, query};
use crate::store::orders::{self, State};
use crate::store::parts::{self, Part};
use crate::store::{feed, hold, warehouse_day};

/// What a cancellation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Its goods are free again.
    Done,
    /// Some of its parts had left, which is noted for the office; the goods of the others are free again.
    InPart,
    /// It was cancelled before; nothing changed.
    Already,
    /// It has left the building: noted for the office.
    TooLate,
    /// The channel has no such order here.
    NotHere,
}

/// Cancels an order of a channel, whichever of its parts is named. A second cancellation changes nothing.
///
/// # Errors
/// Of the database.
pub async fn cancel_order(
    conn: &mut Transaction,
    channel: &str,
    no: &OrderNo,
    reason: &str,
    now: EpochMs,
) -> Result<Cancelled> {
    let parts = parts::of(conn, no).await?;
    let Some(first) = parts.first().filter(|first| first.known.channel == channel) else {
        return Ok(Cancelled::NotHere);
    };
    let has_left = |part: &&Part| part.known.state == State::Shipped;
    for part in parts.iter().filter(has_left) {
        orders::note(conn, &part.no, "cancelled at its channel after it had left", now).await?;
    }
    let left = parts.iter().any(|part| has_left(&part));
    let mut here: Vec<&Part> =
        parts.iter().filter(|part| !matches!(part.known.state, State::Cancelled | State::Shipped)).collect();
    if here.is_empty() {
        return Ok(if left { Cancelled::TooLate } else { Cancelled::Already });
    }
    // Rows are locked by warehouse.
    here.sort_by_key(|part| &part.known.warehouse);
    free(conn, &here, reason, now).await?;
    let close = "UPDATE review SET state = 'lapsed', decided_at = $2 WHERE order_no = $1 AND state IN ('open', 'asked')";
    query(close).bind(first.no.as_str()).bind(now.0).execute(conn).await?;
    for Part { no, known } in here {
        // An order held back was never told to a warehouse.
        if !matches!(known.state, State::Unpaid | State::Waiting | State::Review) {
            let entry = FeedEntry::Cancelled { order: no.clone(), reason: reason.to_owned() };
            feed::append(conn, &known.warehouse, &entry).await?;
        }
    }
    Ok(if left { Cancelled::InPart } else { Cancelled::Done })
}

/// Lets go of the goods of parts and of their places in the day.
async fn free(conn: &mut Transaction, parts: &[&Part], reason: &str, now: EpochMs) -> Result<()> {
    for part in parts {
        hold::release(conn, &part.no).await?;
    }
    for Part { no, known } in parts {
        warehouse_day::give_back(conn, &known.warehouse, no, now).await?;
        let sql = "UPDATE orders SET state = 'cancelled', cancel_reason = $2 WHERE no = $1";
        query(sql).bind(no.as_str()).bind(reason).execute(conn).await?;
    }
    Ok(())
}
