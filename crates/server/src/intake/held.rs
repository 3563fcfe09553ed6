//! An order that was held back goes to its warehouse: its money came, its receiver can be read, or a person said so.

use anyhow::{Result, bail};
use liangcang_domain::id::OrderNo;
use liangcang_domain::order::Receiver;
use liangcang_domain::unit::EpochMs;

use super::decide::REVIEW_MS;
use super::outcome::{Outcome, Reason};
use crate::database::{Database, Transaction, query};
use crate::store::orders::{self, Known, State};
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
    let known = known(conn, no).await?;
    if !matches!(known.state, State::Unpaid | State::Waiting) {
        return Ok(Outcome::Duplicate { changed: false });
    }
    if !is_readable(conn, no).await? {
        let sql = "UPDATE orders SET state = 'waiting', hold_expires_at = NULL,
            paid_at = CASE WHEN paid_at = 0 THEN $2 ELSE paid_at END WHERE no = $1";
        query(sql).bind(no.as_str()).bind(now.0).execute(conn).await?;
        return Ok(Outcome::WaitsForPlatform);
    }
    let open = "SELECT COUNT(*) FROM review WHERE order_no = $1 AND state IN ('open', 'asked')";
    if query(open).bind(no.as_str()).scalar::<i64>(conn).await? > 0 {
        to_review(conn, no, now).await?;
        return Ok(Outcome::Review);
    }
    route(conn, database, known, no, receiver, now).await
}

/// A paid order waits for a person from now on.
pub(super) async fn to_review(conn: &mut Transaction, no: &OrderNo, now: EpochMs) -> Result<()> {
    let sql = "UPDATE orders SET state = 'review', hold_expires_at = $2,
        paid_at = CASE WHEN paid_at = 0 THEN $3 ELSE paid_at END WHERE no = $1";
    query(sql).bind(no.as_str()).bind(now.0.saturating_add(REVIEW_MS)).bind(now.0).execute(conn).await?;
    Ok(())
}

/// A held order goes to its warehouse with the receiver it has. The caller holds the campaign's turn.
pub(super) async fn let_go(
    conn: &mut Transaction,
    database: &Database,
    no: &OrderNo,
    now: EpochMs,
) -> Result<Outcome> {
    let Some(known) = orders::find(conn, no).await? else { bail!("there is no order {no}") };
    route(conn, database, known, no, None, now).await
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
    let known = known(conn, no).await?;
    match known.state {
        State::Review => route(conn, database, known, no, None, now).await,
        State::Unpaid => Ok(Outcome::Unpaid),
        State::Waiting => Ok(Outcome::WaitsForPlatform),
        _ => Ok(Outcome::Duplicate { changed: false }),
    }
}

/// Where an order stands that is about to move on, its campaign's turn taken.
async fn known(conn: &mut Transaction, no: &OrderNo) -> Result<Known> {
    let Some(known) = orders::find(conn, no).await? else { bail!("there is no order {no}") };
    let turn = hold::take_turn(conn, &known.campaign).await?;
    changes::note(conn, no, turn).await?;
    Ok(known)
}

/// Gives a held order its waybill number and tells its warehouse.
async fn route(
    conn: &mut Transaction,
    database: &Database,
    known: Known,
    no: &OrderNo,
    receiver: Option<Receiver>,
    now: EpochMs,
) -> Result<Outcome> {
    let Some(number) = waybill::take(conn, &known.warehouse, &known.carrier, 1, 0).await?.pop() else {
        return Ok(Outcome::Refused(Reason::NoWaybillNumber { carrier: known.carrier }));
    };
    let mut order = orders::read(conn, database, no).await?;
    order.receiver = receiver.unwrap_or(order.receiver);
    order.waybill_no = number;
    if order.paid_at.0 == 0 {
        order.paid_at = now;
    }
    let routes = waybill::routes(conn).await?;
    (order.route_code, order.consolidation) = routes.printed(&order.carrier, &order.receiver);
    orders::route_held(conn, database, &order).await?;
    feed::append_orders(conn, database, [&order]).await?;
    Ok(Outcome::Accepted { warehouse: known.warehouse, carrier: known.carrier })
}
