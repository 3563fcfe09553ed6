//! Carrying a plan out: some orders of one campaign a transaction, and one by one where some of them cannot.
//!
//! Rows are touched in the one order of the house: campaign, quotas and pools, days, orders, waybill numbers, feeds; days,
//! numbers and feeds by warehouse.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::{CarrierId, WarehouseId};
use liangcang_domain::order::Order;
use liangcang_domain::unit::EpochMs;

use super::plan::Planned;
use super::{Rerouted, Row};
use crate::database::{Database, Transaction};
use crate::store::hold::{self, LeftBehind};
use crate::store::moves::{self, Move};
use crate::store::orders::{self, State};
use crate::store::{feed, warehouse_day, waybill};

/// Orders of a campaign moved in one transaction: intake waits no longer than that.
const TOGETHER: usize = 50;

/// By whom and when.
type By<'a> = (&'a str, EpochMs);

/// Moves the orders; those that cannot any more join the stuck ones.
pub(super) async fn all(
    database: &Database,
    moves: Vec<Planned>,
    rerouted: &mut Rerouted,
    by: By<'_>,
) -> Result<()> {
    let mut by_campaign = BTreeMap::<String, Vec<Planned>>::new();
    for planned in moves {
        by_campaign.entry(planned.order.campaign.clone()).or_default().push(planned);
    }
    let (from, why) = (rerouted.warehouse.clone(), rerouted.why);
    for orders in by_campaign.into_values() {
        for together in orders.chunks(TOGETHER) {
            if some(database, (&from, why), together, by).await.is_ok() {
                rerouted.moved.extend(together.iter().map(|planned| planned.row.clone()));
                continue;
            }
            // One that cannot move must not keep the others.
            for planned in together {
                match some(database, (&from, why), std::slice::from_ref(planned), by).await {
                    Ok(()) => rerouted.moved.push(planned.row.clone()),
                    Err(fault) => rerouted.stuck.push(too_late(planned, &fault)),
                }
            }
        }
    }
    Ok(())
}

/// The order's place was taken, or the order itself moved on, since the plan was made.
fn too_late(planned: &Planned, fault: &anyhow::Error) -> Row {
    let order = planned.order.no.as_str();
    tracing::warn!(order, fault = format!("{fault:#}"), "an order could not be moved");
    Row {
        to: None,
        zh: format!("改仓未成，原地不动，请重新改仓：{fault}"),
        en: format!("it could not be moved and stays, run it again: {fault}"),
        ..planned.row.clone()
    }
}

async fn some(
    database: &Database,
    (from, why): (&WarehouseId, &str),
    moves: &[Planned],
    (who, at): By<'_>,
) -> Result<()> {
    let mut tx = database.begin().await?;
    for planned in moves {
        let order = &planned.order;
        let short = order.state == State::Short;
        let left_behind = if short { LeftBehind::Missing } else { LeftBehind::Free };
        hold::move_to(&mut tx, &order.no, &planned.to, left_behind).await?;
    }
    // Before the moves are written: the day an order was given here is that of the move before.
    let touched: BTreeSet<&WarehouseId> = moves.iter().map(|planned| &planned.to).chain([from]).collect();
    for warehouse in &touched {
        if *warehouse == from {
            for planned in moves {
                warehouse_day::give_back(&mut tx, from, &planned.order.no, at).await?;
            }
        } else {
            let count = moves.iter().filter(|planned| planned.to == **warehouse).count();
            warehouse_day::count(&mut tx, warehouse, warehouse_day::day_of(at), i64::try_from(count)?)
                .await?;
        }
    }
    for planned in moves {
        let it = Move { from, to: &planned.to, carrier: &planned.carrier, why };
        moves::record(&mut tx, &planned.order, it, (who, at)).await?;
        let note = format!("moved from {from} to {}: {from} is {why}", planned.to);
        orders::note(&mut tx, &planned.order.no, &note, at).await?;
    }
    number(&mut tx, moves).await?;
    for warehouse in touched {
        if warehouse == from {
            recall(&mut tx, from, moves).await?;
        } else {
            tell(&mut tx, database, warehouse, moves).await?;
        }
    }
    tx.commit().await
}

/// Gives new waybill numbers to the orders that were told to their old warehouse.
async fn number(tx: &mut Transaction, moves: &[Planned]) -> Result<()> {
    let mut wanted = BTreeMap::<(&WarehouseId, &CarrierId), Vec<&Planned>>::new();
    for planned in moves.iter().filter(|planned| planned.order.is_told()) {
        wanted.entry((&planned.to, &planned.carrier)).or_default().push(planned);
    }
    for ((warehouse, carrier), moves) in wanted {
        let numbers = waybill::take(tx, warehouse, carrier, moves.len(), 0).await?;
        ensure!(
            numbers.len() == moves.len(),
            "all waybill numbers of {carrier} are used: lease more and import them"
        );
        for (planned, number) in moves.into_iter().zip(numbers) {
            moves::set_number(tx, &planned.order.no, &number).await?;
        }
    }
    Ok(())
}

/// Tells the old warehouse to look for what it may have begun.
async fn recall(tx: &mut Transaction, from: &WarehouseId, moves: &[Planned]) -> Result<()> {
    for planned in moves.iter().filter(|planned| planned.order.is_told()) {
        let reason = format!("moved to {}", planned.to);
        feed::append(tx, from, &FeedEntry::Cancelled { order: planned.order.no.clone(), reason }).await?;
    }
    Ok(())
}

async fn tell(tx: &mut Transaction, database: &Database, to: &WarehouseId, moves: &[Planned]) -> Result<()> {
    let mut told: Vec<Order> = Vec::new();
    for planned in moves.iter().filter(|planned| planned.to == *to && planned.order.is_told()) {
        told.push(orders::read(tx, database, &planned.order.no).await?);
    }
    feed::append_orders(tx, database, &told).await
}
