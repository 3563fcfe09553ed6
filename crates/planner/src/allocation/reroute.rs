//! When a warehouse closes or runs short: who stays, and where the rest goes.
//!
//! As little as possible moves: whoever can still be shipped where they are stays, oldest first, and only the others
//! are placed anew, on what all warehouses have left. Optimises the new places ([`super::allocate`]); ignores that a
//! newer order that left might have made room for two others.

use super::kinds::summed;
use super::{Allocation, Kinds, OrderToPlace, Placing, Snapshot, allocate};
use liangcang_domain::id::{OrderNo, WarehouseId};
use liangcang_domain::unit::Qty;
use serde::{Deserialize, Serialize};

/// What becomes of the orders of a warehouse that cannot ship all of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rerouting {
    /// Stay where they are, oldest first.
    pub stay: Vec<OrderNo>,
    /// Must go elsewhere, with their new placing, oldest first.
    pub moved: Vec<(OrderNo, Placing)>,
    /// The plan behind the new placings.
    pub allocation: Allocation,
}

/// Places anew what a warehouse cannot ship any more.
///
/// `there` are all orders placed at `at`. The snapshot says of that warehouse what it can ship of just these orders
/// (closed, or the stock and capacity they may use), and of the others what is left besides their own orders.
#[must_use]
pub fn reroute(there: &[OrderToPlace], at: &WarehouseId, snapshot: &Snapshot) -> Rerouting {
    let mut oldest_first: Vec<&OrderToPlace> = there.iter().collect();
    oldest_first.sort_by_key(|order| (order.arrived_at, &order.no));
    let mut left = snapshot.clone();
    let (mut stay, mut displaced) = (vec![], vec![]);
    for order in oldest_first {
        let here = left.warehouses.iter_mut().find(|warehouse| warehouse.id == *at);
        let units = summed(&order.units);
        let ships = here.filter(|here| {
            let has = |(sku, qty): &(_, Qty)| here.stock.get(sku).is_some_and(|stock| stock >= qty);
            here.open && here.capacity_orders > 0 && units.iter().all(has)
        });
        if let Some(here) = ships {
            here.capacity_orders -= 1;
            for (sku, qty) in &units {
                here.stock.entry(sku.clone()).and_modify(|stock| *stock -= *qty);
            }
            stay.push(order.no.clone());
        } else {
            displaced.push(order.clone());
        }
    }
    let kinds = Kinds::count(&displaced);
    let allocation = allocate(&kinds, &left);
    let placings = kinds.deal(&allocation).into_iter().cloned();
    let moved = displaced.iter().map(|order| order.no.clone()).zip(placings).collect();
    Rerouting { stay, moved, allocation }
}
