//! Who carries to each province from each warehouse, and at which rate: worked out once for a company, looked up by
//! every order.
//!
//! Leaves out stock, capacity and prices, which move with every order ([`super::Live`]).

use super::snapshot::{Costs, Rate, Warehouse};
use crate::carrier::choose_carrier;
use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};
use liangcang_domain::unit::Grams;
use liangcang_domain::warehouse::Carrier;
use std::collections::{BTreeMap, BTreeSet};

/// One warehouse's way to one province; `None` where nobody carries or no rate stands.
pub(super) type Lane = Option<(CarrierId, Rate)>;

/// The lanes of a company, and what its goods weigh.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    /// Ascending by id; what follows is by place in this list.
    pub(super) warehouses: Vec<WarehouseId>,
    /// By province, of those that a rate or a carrier names.
    named: BTreeMap<String, Vec<Lane>>,
    /// To any other.
    elsewhere: Vec<Lane>,
    /// Gross weight of one unit.
    pub(super) weights: BTreeMap<SkuId, Grams>,
}

impl Reach {
    /// Works the lanes out. Of the warehouses only id and carriers matter.
    #[must_use]
    pub fn new(warehouses: &[Warehouse], costs: &Costs, weights: BTreeMap<SkuId, Grams>) -> Self {
        let mut sorted: Vec<&Warehouse> = warehouses.iter().collect();
        sorted.sort_by(|one, other| one.id.cmp(&other.id));
        let rates = costs.0.values().flat_map(BTreeMap::keys);
        let carriers = warehouses.iter().flat_map(|place| &place.carriers).flat_map(|it| &it.provinces);
        let named: BTreeSet<&String> = rates.chain(carriers).filter(|name| !name.is_empty()).collect();
        let lanes = |province: &str| -> Vec<Lane> {
            sorted.iter().map(|place| lane(&place.id, &place.carriers, costs, province)).collect()
        };
        Self {
            named: named.into_iter().map(|name| (name.clone(), lanes(name))).collect(),
            elsewhere: lanes(""),
            warehouses: sorted.iter().map(|place| place.id.clone()).collect(),
            weights,
        }
    }

    /// The lanes to a province, by warehouse.
    pub(super) fn lanes(&self, province: &str) -> &[Lane] {
        self.named.get(province).unwrap_or(&self.elsewhere)
    }

    /// Where a warehouse stands in the lists.
    pub(super) fn place(&self, warehouse: &WarehouseId) -> Option<usize> {
        self.warehouses.binary_search(warehouse).ok()
    }
}

fn lane(id: &WarehouseId, carriers: &[Carrier], costs: &Costs, province: &str) -> Lane {
    let carrier = choose_carrier(province, carriers)?;
    Some((carrier, costs.rate(id, province)?))
}
