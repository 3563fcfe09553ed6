//! What stock and capacity are worth under a plan.
//!
//! A price says what one more unit, or one more order of capacity, would save the plan. An order that comes between
//! two plans goes where freight and prices together are lowest ([`super::Live`]), so it does not take what others need
//! more. Prices are those of the moment of the plan.

use super::instance::Instance;
use super::shared::Solved;
use liangcang_domain::id::{SkuId, WarehouseId};
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
}
