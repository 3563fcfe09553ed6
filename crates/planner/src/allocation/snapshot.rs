//! What the search is given: warehouses as they stand, what carrying costs, and orders.
//!
//! Plain values, taken in one moment. Leaves out how they come about (the server's store).

use crate::carrier::choose_carrier;
use liangcang_domain::id::{CarrierId, OrderNo, SkuId, WarehouseId};
use liangcang_domain::unit::{EpochMs, Fen, Grams, Qty};
use liangcang_domain::warehouse::Carrier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An order that needs a place. Each number stands once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderToPlace {
    /// Its number.
    pub no: OrderNo,
    /// Whoever arrived first is served best; of equal moments the lower number.
    pub arrived_at: EpochMs,
    /// The receiver's province as written in the region table.
    pub province: String,
    /// Units per SKU, bundles exploded; a SKU may stand on several lines.
    pub units: Vec<(SkuId, Qty)>,
    /// May come from several warehouses if no one has all of it.
    pub may_split: bool,
}

/// A warehouse as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warehouse {
    /// Its id; each stands once.
    pub id: WarehouseId,
    /// Takes orders today.
    pub open: bool,
    /// Orders it can still send out today; a split order's part counts as one.
    pub capacity_orders: i64,
    /// Units not yet promised in the pool these orders draw on. Below zero counts as none.
    pub stock: BTreeMap<SkuId, Qty>,
    /// Who fetches here, and for which provinces (none named means all).
    pub carriers: Vec<Carrier>,
}

impl Warehouse {
    /// Who carries an order from here to a province; `None` if nobody does.
    #[must_use]
    pub fn carrier_to(&self, province: &str) -> Option<CarrierId> {
        choose_carrier(province, &self.carriers)
    }
}

/// What carrying one order costs: a first kilogram, then each one begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Up to one kilogram.
    pub first_kg_fen: Fen,
    /// For each further kilogram begun.
    pub further_kg_fen: Fen,
}

impl Rate {
    /// What an order of this weight costs.
    #[must_use]
    pub fn order_fen(self, weight: Grams) -> Fen {
        let further_kg = (weight.0 - 1).max(0) / 1_000;
        Fen(self.first_kg_fen.0 + self.further_kg_fen.0 * further_kg)
    }
}

/// Rates by warehouse and province; under the empty name the rate to all provinces that are not named. A lane without
/// a rate is not served.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs(pub BTreeMap<WarehouseId, BTreeMap<String, Rate>>);

impl Costs {
    /// The rate from a warehouse to a province.
    #[must_use]
    pub fn rate(&self, warehouse: &WarehouseId, province: &str) -> Option<Rate> {
        let rates = self.0.get(warehouse)?;
        rates.get(province).or_else(|| rates.get("")).copied()
    }

    /// What an order of this weight costs from a warehouse to a province; `None` without a rate.
    #[must_use]
    pub fn order_fen(&self, warehouse: &WarehouseId, province: &str, weight: Grams) -> Option<Fen> {
        self.rate(warehouse, province).map(|rate| rate.order_fen(weight))
    }
}

/// Everything the search looks at but the orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// In any sequence.
    pub warehouses: Vec<Warehouse>,
    /// What carrying costs.
    pub costs: Costs,
    /// Gross weight of one unit of each SKU that may be ordered.
    pub weights: BTreeMap<SkuId, Grams>,
}

impl Snapshot {
    /// The weight of these units together; `None` if one SKU has no weight.
    #[must_use]
    pub fn weight_of(&self, units: &[(SkuId, Qty)]) -> Option<Grams> {
        units.iter().map(|(sku, qty)| self.weights.get(sku).map(|each| qty.weigh(*each))).sum()
    }
}
