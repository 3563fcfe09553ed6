//! Cancelling: the channel takes an order back. Before it has left, its goods are free again at once and its
//! warehouse is told to find the parcel; after it has left, the office is told.

use crate::database::{Transaction, query};
use anyhow::Result;
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;

use crate::store::orders::{self, State};
use crate::store::{feed, hold, warehouse_day};

/// What a cancellation did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// Its goods are free again.
    Done,
    /// It was cancelled before; nothing changed.
    Already,
    /// It has left the building: noted for the office.
    TooLate,
    /// The channel has no such order here.
    NotHere,
}

/// Cancels an order of a channel. A second cancellation changes nothing.
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
    let known = orders::find(conn, no).await?.filter(|known| known.channel == channel);
    let Some(known) = known else { return Ok(Cancelled::NotHere) };
    match known.state {
        State::Cancelled => return Ok(Cancelled::Already),
        State::Shipped => {
            orders::note(conn, no, "cancelled at its channel after it had left", now).await?;
            return Ok(Cancelled::TooLate);
        }
        State::Unpaid | State::Waiting | State::Review | State::Routed | State::Packed | State::Short => {}
    }
    hold::release(conn, no).await?;
    warehouse_day::give_back(conn, &known.warehouse, no, now).await?;
    let sql = "UPDATE orders SET state = 'cancelled', cancel_reason = $2 WHERE no = $1";
    query(sql).bind(no.as_str()).bind(reason).execute(conn).await?;
    let close = "UPDATE review SET state = 'lapsed', decided_at = $2 WHERE order_no = $1 AND state IN ('open', 'asked')";
    query(close).bind(no.as_str()).bind(now.0).execute(conn).await?;
    // An order held back was never told to a warehouse.
    if !matches!(known.state, State::Unpaid | State::Waiting | State::Review) {
        let entry = FeedEntry::Cancelled { order: no.clone(), reason: reason.to_owned() };
        feed::append(conn, &known.warehouse, &entry).await?;
    }
    Ok(Cancelled::Done)
}
