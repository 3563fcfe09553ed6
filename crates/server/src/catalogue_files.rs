//! A company's own files -> the catalogue, the building, the opening stock and the numbers leased from carriers.
//!
//! A directory holds `company.toml` and six tables (CSV): `catalogue`, `bundles`, `bins`, `stock`,
//! `waybill_numbers`, `routes`; a seventh, `freight`, may be there. All of it is checked before any of it is returned, and all faults are told at once.
//! What it means for what is already stored is the importer's.

mod building;
mod company;
pub mod fault;
mod freight;
mod goods;
mod rows;

use std::collections::BTreeMap;
use std::path::Path;

use liangcang_domain::catalogue::{Bundle, Packaging, Sku};
use liangcang_domain::feed::{Lot, Operator};
use liangcang_domain::id::{BinId, CageId, CarrierId, LotId, SkuId, ToteId, WarehouseId};
use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::{Bin, Carrier, Warehouse};

use crate::store::freight::Rates;
use fault::Faults;
pub use fault::{CatalogueFault, Reason};

/// Everything a company's directory says.
#[derive(Clone, Debug)]
pub struct CompanyFiles {
    /// The company.
    pub name: String,
    /// Its warehouses.
    pub warehouses: Vec<Warehouse>,
    /// Carriers that fetch at its warehouses.
    pub carriers: Vec<Carrier>,
    /// Packaging material.
    pub packaging: Vec<Packaging>,
    /// Who works where.
    pub operators: Vec<(WarehouseId, Operator)>,
    /// Totes, by where they are used.
    pub totes: Vec<(WarehouseId, ToteId)>,
    /// Cages, by where they stand and who fetches them.
    pub cages: Vec<Cage>,
    /// What is sold.
    pub skus: Vec<Sku>,
    /// What is sold as one and picked as several.
    pub bundles: Vec<Bundle>,
    /// Where goods lie.
    pub bins: Vec<(WarehouseId, Bin)>,
    /// The lots the stock is of.
    pub lots: Vec<Lot>,
    /// What lies where when the system begins.
    pub stock: Vec<OpeningStock>,
    /// Waybill numbers leased ahead.
    pub waybill_ranges: Vec<WaybillRange>,
    /// What a carrier prints for a city.
    pub routes: Vec<Route>,
    /// Orders a warehouse can send out on one day, where that is limited.
    pub daily_orders: BTreeMap<WarehouseId, i64>,
    /// What carrying costs, where the company tells.
    pub freight: Rates,
}

/// A cage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cage {
    /// Its code.
    pub id: CageId,
    /// Where it stands.
    pub warehouse: WarehouseId,
    /// Who fetches it.
    pub carrier: CarrierId,
}

/// Goods of one lot in one bin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpeningStock {
    /// In which building.
    pub warehouse: WarehouseId,
    /// In which bin.
    pub bin: BinId,
    /// What.
    pub sku: SkuId,
    /// Of which lot.
    pub lot: LotId,
    /// How many, at least one.
    pub qty: Qty,
}

/// Numbers of one carrier that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaybillRange {
    /// Whose.
    pub carrier: CarrierId,
    /// What stands before the digits (`SF`, or nothing).
    pub prefix: String,
    /// The first number, without prefix.
    pub first: u64,
    /// The last number, without prefix.
    pub last: u64,
    /// How many digits each has, with leading zeros.
    pub digits: usize,
}

impl WaybillRange {
    /// The numbers, as printed.
    pub fn numbers(&self) -> impl Iterator<Item = String> + '_ {
        (self.first..=self.last).map(|number| format!("{}{number:0width$}", self.prefix, width = self.digits))
    }
}

/// What a carrier wants printed largest on parcels to a city, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Whose.
    pub carrier: CarrierId,
    /// Province, without its kind (`江苏`).
    pub province: String,
    /// City as channels write it (`苏州市`).
    pub city: String,
    /// 三段码, verbatim.
    pub route_code: String,
    /// 集包地.
    pub consolidation: String,
}

/// Reads and checks a company's directory.
///
/// # Errors
/// Every fault of every file.
pub fn read_company(dir: &Path) -> Result<CompanyFiles, Vec<CatalogueFault>> {
    let mut faults = Faults::default();
    let company = company::read(dir, &mut faults);
    let skus = goods::read_skus(dir, &mut faults);
    let bundles = goods::read_bundles(dir, &skus, &mut faults);
    let bins = building::read_bins(dir, &company.warehouses, &mut faults);
    let (lots, stock) = building::read_stock(dir, &bins, &skus, &mut faults);
    let waybill_ranges = building::read_waybill_ranges(dir, &company.carriers, &mut faults);
    let routes = building::read_routes(dir, &company.carriers, &mut faults);
    let freight = freight::read_freight(dir, &company.warehouses, &mut faults);
    faults.none_or_all()?;
    Ok(CompanyFiles {
        name: company.name,
        warehouses: company.warehouses,
        carriers: company.carriers,
        packaging: company.packaging,
        operators: company.operators,
        totes: company.totes,
        cages: company.cages,
        skus,
        bundles,
        bins,
        lots,
        stock,
        waybill_ranges,
        routes,
        daily_orders: company.daily_orders,
        freight,
    })
}

#[cfg(test)]
#[path = "catalogue_files/tests.rs"]
mod tests;

#[cfg(test)]
#[path = "catalogue_files/sample_tests.rs"]
mod sample_tests;
