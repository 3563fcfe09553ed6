//! Orders of a warehouse that closed or ran short go to others, as few and as cheaply as can be.
//!
//! Of a closed warehouse all that are in no parcel, of an open one those it cannot complete. First a plan by the
//! planner on what all others have left of the same sale, then it is carried out in small transactions, each order
//! looked at again: hold, place in the day, waybill number, and both warehouses told. A parcel that was packed at the
//! old warehouse in the same moment comes up as a clash of facts. Of an order that is split each part moves by
//! itself. Leaves out splitting anew, and transfers of goods.

mod carry_out;
mod plan;

use anyhow::Result;
use liangcang_domain::id::{CarrierId, OrderNo, WarehouseId};
use liangcang_domain::unit::EpochMs;
use serde::Serialize;

use crate::database::Database;

/// Orders moved by one call at most: it ends while somebody waits for it.
pub const MOST: usize = 10_000;

/// What becomes of one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// Which.
    pub order: OrderNo,
    /// What it was sold by.
    pub campaign: String,
    /// To where it goes.
    pub province: String,
    /// Where it is packed from now on, and who carries it; nothing where it cannot move.
    pub to: Option<(WarehouseId, CarrierId)>,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// What became of the orders of a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rerouted {
    /// From where.
    pub warehouse: WarehouseId,
    /// `closed` or `short`.
    pub why: &'static str,
    /// Nothing was carried out.
    pub dry_run: bool,
    /// Orders that move, by number in each sale.
    pub moved: Vec<Row>,
    /// Orders that cannot: they stay where they are.
    pub stuck: Vec<Row>,
    /// There are more than one call moves: call again.
    pub more: bool,
}

/// Moves what a warehouse cannot ship. A dry run only says what would be done. `None`: there is no such warehouse.
///
/// # Errors
/// Of the database; what was moved before stays moved, and a call again goes on after it.
pub async fn reroute(
    database: &Database,
    warehouse: &WarehouseId,
    dry_run: bool,
    (who, at): (&str, EpochMs),
) -> Result<Option<Rerouted>> {
    let Some(plan) = plan::make(database, warehouse, at).await? else { return Ok(None) };
    let mut rerouted = Rerouted {
        warehouse: warehouse.clone(),
        why: plan.why,
        dry_run,
        moved: Vec::new(),
        stuck: plan.stuck,
        more: plan.more,
    };
    if dry_run {
        rerouted.moved = plan.moves.into_iter().map(|planned| planned.row).collect();
    } else {
        carry_out::all(database, plan.moves, &mut rerouted, (who, at)).await?;
    }
    Ok(Some(rerouted))
}
