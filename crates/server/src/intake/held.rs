//! An order that was held back goes to its warehouse: its money came, its receiver can be read, or a person said so.

use anyhow::{Result, bail};
use liangcang_domain::id::OrderNo;
use liangcang_domain::order::Receiver;
use liangcang_domain::unit::EpochMs;

use super::outcome::{Outcome, Reason};
use crate::database::{Database, Transaction};
use crate::store::orders::{self, State};
use crate::store::{feed, hold, waybill};

/// Gives a held order its waybill number and tells its warehouse. `receiver`: the one that can be read now, where it
/// could not before. An order that is not held back is a duplicate.
///
/// # Errors
/// Of the database; the caller's transaction must then be undone.
pub async fn route_held(
    conn: &mut Transaction,
    database: &Database,
    no: &OrderNo,
    receiver: Option<Receiver>,
    now: EpochMs,
) -> Result<Outcome> {
    let Some(known) = orders::find(conn, no).await? else { bail!("there is no order {no}") };
    hold::take_turn(conn, &known.campaign).await?;
    if !matches!(known.state, State::Unpaid | State::Waiting | State::Review) {
        return Ok(Outcome::Duplicate { changed: false });
    }
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
    feed::append_orders(conn, database, &known.warehouse, [&order]).await?;
    Ok(Outcome::Accepted { warehouse: known.warehouse, carrier: known.carrier })
}
