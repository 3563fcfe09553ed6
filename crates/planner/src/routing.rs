//! Which warehouse ships an order, and who carries it.
//!
//! The first simple rule: the warehouse that serves the receiver's province if it has everything, else the first
//! that has. Optimises nearness by the province list alone. Ignores freight prices, the load of each warehouse,
//! splitting an order, and transfers between warehouses. O(warehouses × SKUs) an order.

use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};
use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::Carrier;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an order wants, and where to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// The receiver's province as written in the region table.
    pub province: String,
    /// Units per SKU over the whole order, bundles exploded and summed.
    pub units: BTreeMap<SkuId, Qty>,
}

/// What a warehouse may promise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarehouseStock {
    /// Its id.
    pub id: WarehouseId,
    /// Provinces it serves first.
    pub provinces: Vec<String>,
    /// Units not yet promised, per SKU.
    pub atp: BTreeMap<SkuId, Qty>,
}

impl WarehouseStock {
    fn missing(&self, demand: &Demand) -> BTreeMap<SkuId, Qty> {
        let lacks = demand.units.iter().map(|(sku, want)| {
            let have = self.atp.get(sku).copied().unwrap_or_default();
            (sku.clone(), Qty((*want - have).0.max(0)))
        });
        lacks.filter(|(_, missing)| *missing > Qty::ZERO).collect()
    }
}

/// Why an order goes to a warehouse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoutedBecause {
    /// It serves the receiver's province and has everything.
    ServesProvince,
    /// Nobody who serves the province has everything; this one has.
    HasStock,
}

impl RoutedBecause {
    /// The word kept with the order (`Order::routed_because`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServesProvince => "serves_province",
            Self::HasStock => "has_stock",
        }
    }
}

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Routed {
    /// The warehouse.
    pub warehouse: WarehouseId,
    /// Why this one.
    pub because: RoutedBecause,
}

/// Why an order goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum NotRouted {
    /// It wants nothing.
    NothingToShip,
    /// There is no warehouse.
    NoWarehouse,
    /// No warehouse has everything.
    Short {
        /// The warehouse that lacks the fewest units; of several the one that serves the province, then by id.
        nearest: WarehouseId,
        /// What that one lacks.
        missing: BTreeMap<SkuId, Qty>,
    },
}

/// Routes one order as a whole.
///
/// # Errors
/// [`NotRouted`], with the SKUs that are short.
pub fn route(order: &Demand, warehouses: &[WarehouseStock]) -> Result<Routed, NotRouted> {
    if order.units.values().copied().sum::<Qty>() <= Qty::ZERO {
        return Err(NotRouted::NothingToShip);
    }
    let serves = |warehouse: &WarehouseStock| warehouse.provinces.contains(&order.province);
    let best = warehouses.iter().map(|warehouse| (warehouse, warehouse.missing(order))).min_by_key(
        |(warehouse, missing)| {
            (missing.values().copied().sum::<Qty>(), !serves(warehouse), warehouse.id.clone())
        },
    );
    match best {
        None => Err(NotRouted::NoWarehouse),
        Some((warehouse, missing)) if missing.is_empty() => {
            let because =
                if serves(warehouse) { RoutedBecause::ServesProvince } else { RoutedBecause::HasStock };
            Ok(Routed { warehouse: warehouse.id.clone(), because })
        }
        Some((warehouse, missing)) => Err(NotRouted::Short { nearest: warehouse.id.clone(), missing }),
    }
}

/// Why a carrier was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CarrierBecause {
    /// It is chosen first for the province.
    ServesProvince,
    /// It takes what nobody else wants.
    TakesTheRest,
}

impl CarrierBecause {
    /// The word kept with the order.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ServesProvince => "carrier_serves_province",
            Self::TakesTheRest => "carrier_takes_the_rest",
        }
    }
}

/// Who carries an order to a province: by id the first that names it, else the first that names none; nobody if
/// all name provinces and none this one. Ignores prices, weights and cut-offs. O(carriers × provinces).
#[must_use]
pub fn choose_carrier(province: &str, carriers: &[Carrier]) -> Option<(CarrierId, CarrierBecause)> {
    let named = carriers.iter().filter(|carrier| carrier.provinces.iter().any(|name| name == province));
    let rest = carriers.iter().filter(|carrier| carrier.provinces.is_empty());
    let named = named.map(|carrier| &carrier.id).min().map(|id| (id.clone(), CarrierBecause::ServesProvince));
    named.or_else(|| {
        rest.map(|carrier| &carrier.id).min().map(|id| (id.clone(), CarrierBecause::TakesTheRest))
    })
}
