//! What stock and capacity are worth under a plan, and single orders that follow it.
//!
//! A price says what one more unit, or one more order of capacity, would save the plan. An order that comes between
//! two plans goes where freight and prices together are lowest, so it does not take what others need more. Prices are
//! those of the moment of the plan. Leaves out splitting.

use super::instance::Instance;
use super::shared::Solved;
use super::sharing::SCALE;
use super::snapshot::Snapshot;
use super::{Kinds, OrderToPlace, Placing, because};
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::{Fen, Qty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Prices in thousandths of a fen; what is not scarce has none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// Of one order of a warehouse's day.
    pub capacity_mfen: BTreeMap<WarehouseId, i64>,
    /// Of one unit of a SKU at a warehouse.
    pub stock_mfen: BTreeMap<WarehouseId, BTreeMap<SkuId, i64>>,
}

impl Prices {
    pub(super) fn new(instance: &Instance<'_>, solved: &Solved) -> Self {
        let mut prices = Self::default();
        for (at, warehouse) in instance.warehouses.iter().enumerate() {
            if solved.capacity_mfen[at] > 0 {
                prices.capacity_mfen.insert(warehouse.id.clone(), solved.capacity_mfen[at]);
            }
            let scarce = instance.skus.iter().zip(&solved.stock_mfen[at]).filter(|(_, price)| **price > 0);
            let scarce: BTreeMap<SkuId, i64> = scarce.map(|(sku, price)| ((*sku).clone(), *price)).collect();
            if !scarce.is_empty() {
                prices.stock_mfen.insert(warehouse.id.clone(), scarce);
            }
        }
        prices
    }

    /// What an order of these units displaces at a warehouse, in thousandths of a fen, freight left aside.
    #[must_use]
    pub fn price_of_mfen(&self, units: &[(SkuId, Qty)], warehouse: &WarehouseId) -> i64 {
        let of_stock = self.stock_mfen.get(warehouse);
        let of_sku = |sku: &SkuId| of_stock.and_then(|skus| skus.get(sku)).copied().unwrap_or(0);
        let stock: i64 = units.iter().map(|(sku, qty)| of_sku(sku) * qty.0).sum();
        self.capacity_mfen.get(warehouse).copied().unwrap_or(0) + stock
    }

    /// Places a single order on what is left now: where freight and prices together are lowest among the open
    /// warehouses that have all of it and room; of equal ones the first by id. Never splits. Changes nothing.
    #[must_use]
    pub fn choose(&self, order: &OrderToPlace, live: &Snapshot) -> Placing {
        let kinds = Kinds::count(std::slice::from_ref(order));
        let (instance, kind) = (Instance::new(&kinds, live), &kinds.kinds[0]);
        let (lanes, left) = (&instance.kinds[0], instance.left_after(&[]));
        let set = &instance.sets[lanes.set];
        let places = lanes.cost_fen.iter().enumerate().filter_map(|(at, cost)| Some((at, (*cost)?)));
        let priced = |(at, cost): (usize, i64)| {
            let warehouse = &instance.warehouses[at].id;
            (cost * SCALE + self.price_of_mfen(&kind.units, warehouse), at, cost)
        };
        let best = places.filter(|(at, _)| left.room(set, *at) > 0).map(priced).min();
        let placed = best.and_then(|(_, at, cost)| {
            let warehouse = instance.warehouses[at];
            let (carrier, _) = warehouse.carrier_to(&kind.province)?;
            let because = because::placed(&instance, 0, at, &left);
            Some(Placing::Placed { warehouse: warehouse.id.clone(), carrier, cost_fen: Fen(cost), because })
        });
        placed.unwrap_or_else(|| Placing::Unplaced {
            reason: because::unplaced(live, &instance, 0, kind, &left),
        })
    }
}
