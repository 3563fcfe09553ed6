//! An order that was held back goes to its warehouse: its money came, its receiver can be read, or a person said so. Of
//! one that is split all parts go, each to its own.

use anyhow::{Result, bail};
use liangcang_domain::id::OrderNo;
use liangcang_domain::order::Receiver;
use liangcang_domain::unit::EpochMs;

use super::decide::REVIEW_MS;
use super::outcome::{Outcome, Reason};
use crate::database::{Database, Transaction, query};
use crate::store::orders::{self, Known, State};
use crate::store::parts::{self, Part};
use crate::store::readable::is_readable;
use crate::store::{changes, feed, hold, waybill};

/// The money of an order came, or its receiver can be read now: it goes to its warehouse, unless a person must decide
/// first. An order that waits for neither is a duplicate. One whose receiver could never be read waits on: where
/// `receiver` can be, the group judges it by that (`readable::admit`).
///
/// # Errors
/// Of the database; the caller's transaction must then be undone.
pub async fn wake(
    conn: &mut Transaction,
    database: &Database,
    no: &OrderNo,
    receiver: Option<Receiver>,
    now: EpochMs,
) -> Result<Outcome> {
    let parts = in_turn(conn, no).await?;
    let Part { no: first, known } = &parts[0];
    if !matches!(known.state, State::Unpaid | State::Waiting) {
        return Ok(Outcome::Duplicate { changed: false });
    }
    if !is_readable(conn, first).await? {
        let sql = "UPDATE orders SET state = 'waiting', hold_expires_at = NULL,
            paid_at = CASE WHEN paid_at = 0 THEN $2 ELSE paid_at END WHERE no = $1";
        for part in &parts {
            query(sql).bind(part.no.as_str()).bind(now.0).execute(conn).await?;
        }
        return Ok(Outcome::WaitsForPlatform);
    }
    let open = "SELECT COUNT(*) FROM review WHERE order_no = $1 AND state IN ('open', 'asked')";
    if query(open).bind(first.as_str()).scalar::<i64>(conn).await? > 0 {
        to_review(conn, &parts, now).await?;
        return Ok(Outcome::Review);
    }
    route(conn, database, &parts, receiver, now).await
}

/// A paid order waits for a person from now on.
pub(super) async fn to_review(conn: &mut Transaction, parts: &[Part], now: EpochMs) -> Result<()> {
    let sql = "UPDATE orders SET state = 'review', hold_expires_at = $2,
        paid_at = CASE WHEN paid_at = 0 THEN $3 ELSE paid_at END WHERE no = $1";
    let lapses_at = now.0.saturating_add(REVIEW_MS);
    for part in parts {
        query(sql).bind(part.no.as_str()).bind(lapses_at).bind(now.0).execute(conn).await?;
    }
    Ok(())
}

/// A person said that an order under review may go. An unpaid one goes when its money comes; an order that is not
/// held back is a duplicate.
///
/// # Errors
/// Of the database; the caller's transaction must then be undone.
pub async fn route_held(
    conn: &mut Transaction,
    database: &Database,
    no: &OrderNo,
    now: EpochMs,
) -> Result<Outcome> {
    let parts = in_turn(conn, no).await?;
    match parts[0].known.state {
        State::Review => route(conn, database, &parts, None, now).await,
        State::Unpaid => Ok(Outcome::Unpaid),
        State::Waiting => Ok(Outcome::WaitsForPlatform),
        _ => Ok(Outcome::Duplicate { changed: false }),
    }
}

/// The parts of an order that is about to move on, one or more, its campaign's turn taken.
async fn in_turn(conn: &mut Transaction, no: &OrderNo) -> Result<Vec<Part>> {
    let parts = parts::of(conn, no).await?;
    let Some(first) = parts.first() else { bail!("there is no order {no}") };
    let turn = hold::take_turn(conn, &first.known.campaign).await?;
    for part in &parts {
        changes::note(conn, &part.no, turn).await?;
    }
    Ok(parts)
}

/// Gives a held order its waybill number and tells its warehouse; all parts of it or none. The caller holds the
/// campaign's turn.
pub(super) async fn route(
    conn: &mut Transaction,
    database: &Database,
    parts: &[Part],
    receiver: Option<Receiver>,
    now: EpochMs,
) -> Result<Outcome> {
    let Known { warehouse, carrier, .. } = parts[0].known.clone();
    // Leases are locked by warehouse, and all of them before any feed.
    let mut by_warehouse: Vec<&Part> = parts.iter().collect();
    by_warehouse.sort_by_key(|part| &part.known.warehouse);
    let mut numbers = Vec::with_capacity(parts.len());
    for Part { known, .. } in &by_warehouse {
        match waybill::take(conn, &known.warehouse, &known.carrier, 1, 0).await?.pop() {
            Some(number) => numbers.push(number),
            // A number another part has by now is lost, if the caller commits; it is never given twice.
            None => {
                return Ok(Outcome::Refused(Reason::NoWaybillNumber { carrier: known.carrier.clone() }));
            }
        }
    }
    let routes = waybill::routes(conn).await?;
    let mut told = Vec::with_capacity(parts.len());
    for (part, number) in by_warehouse.into_iter().zip(numbers) {
        let mut order = orders::read(conn, database, &part.no).await?;
        order.receiver = receiver.clone().unwrap_or(order.receiver);
        order.waybill_no = number;
        if order.paid_at.0 == 0 {
            order.paid_at = now;
        }
        (order.route_code, order.consolidation) = routes.printed(&order.carrier, &order.receiver);
        orders::route_held(conn, database, &order).await?;
        told.push(order);
    }
    feed::append_orders(conn, database, &told).await?;
    Ok(Outcome::Accepted { warehouse, carrier })
}
