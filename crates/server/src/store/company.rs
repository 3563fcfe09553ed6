//! The company as one value: what an import compares, what a feed tells of it.
//!
//! Small enough to be read whole (some thousand bins), so a change is found by comparing entry with entry instead
//! of by flags on rows.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::database::Transaction;
use anyhow::Result;
use liangcang_domain::catalogue::{Bundle, Catalogue, Packaging, Sku};
use liangcang_domain::fact::Goods;
use liangcang_domain::feed::{FeedEntry, Lot, Operator};
use liangcang_domain::id::{
    BinId, BundleId, CageId, CarrierId, LotId, OperatorId, PackagingId, SkuId, ToteId, WarehouseId,
};
use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::{Bin, Carrier, Warehouse};

pub use super::company_read::{carriers, catalogue, daily_orders, read, weights};
pub use super::company_write::write;
use super::freight::Rates;
use super::{feed, platform_message};
use crate::catalogue_files::{Cage, CompanyFiles, OpeningStock, Route, WaybillRange};

/// Everything an import of the catalogue brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Company {
    /// Its warehouses.
    pub warehouses: BTreeMap<WarehouseId, Warehouse>,
    /// Carriers that fetch at every warehouse.
    pub carriers: BTreeMap<CarrierId, Carrier>,
    /// SKUs.
    pub skus: BTreeMap<SkuId, Sku>,
    /// Bundles; their components are among `skus`.
    pub bundles: BTreeMap<BundleId, Bundle>,
    /// Packaging material.
    pub packaging: BTreeMap<PackagingId, Packaging>,
    /// People, per warehouse.
    pub operators: BTreeMap<(WarehouseId, OperatorId), Operator>,
    /// Totes, per warehouse.
    pub totes: BTreeSet<(WarehouseId, ToteId)>,
    /// Cages with the carrier that fetches them, per warehouse.
    pub cages: BTreeMap<(WarehouseId, CageId), CarrierId>,
    /// Bins, per warehouse.
    pub bins: BTreeMap<(WarehouseId, BinId), Bin>,
    /// Lots.
    pub lots: BTreeMap<(SkuId, LotId), Lot>,
    /// What lay in the bins when the system began.
    pub opening: BTreeMap<(WarehouseId, BinId, SkuId, LotId), Qty>,
    /// Waybill numbers leased ahead.
    pub ranges: Vec<WaybillRange>,
    /// What carriers print for a city.
    pub routes: Vec<Route>,
    /// Orders a warehouse can send out on one day, where that is limited.
    pub daily_orders: BTreeMap<WarehouseId, i64>,
    /// What carrying costs, where the company has told.
    pub freight: Rates,
}

impl From<CompanyFiles> for Company {
    fn from(files: CompanyFiles) -> Self {
        let cage = |cage: Cage| ((cage.warehouse, cage.id), cage.carrier);
        let opening = |it: OpeningStock| ((it.warehouse, it.bin, it.sku, it.lot), it.qty);
        Self {
            warehouses: files.warehouses.into_iter().map(|it| (it.id.clone(), it)).collect(),
            carriers: files.carriers.into_iter().map(|it| (it.id.clone(), it)).collect(),
            skus: files.skus.into_iter().map(|it| (it.id.clone(), it)).collect(),
            bundles: files.bundles.into_iter().map(|it| (it.id.clone(), it)).collect(),
            packaging: files.packaging.into_iter().map(|it| (it.id.clone(), it)).collect(),
            operators: files.operators.into_iter().map(|(at, it)| ((at, it.id.clone()), it)).collect(),
            totes: files.totes.into_iter().collect(),
            cages: files.cages.into_iter().map(cage).collect(),
            bins: files.bins.into_iter().map(|(at, it)| ((at, it.id.clone()), it)).collect(),
            lots: files.lots.into_iter().map(|it| ((it.sku.clone(), it.id.clone()), it)).collect(),
            opening: files.stock.into_iter().map(opening).collect(),
            ranges: files.waybill_ranges,
            routes: files.routes,
            daily_orders: files.daily_orders,
            freight: files.freight,
        }
    }
}

impl Company {
    /// What one warehouse is told of the company, in an order in which each entry finds what it names. The text is
    /// the key by which two versions of an entry are compared.
    #[must_use]
    pub fn entries(&self, warehouse: &WarehouseId) -> Vec<(String, FeedEntry)> {
        let mut entries = Vec::new();
        let mut tell = |kind: &str, id: &str, entry: FeedEntry| entries.push((format!("{kind}:{id}"), entry));
        if let Some(own) = self.warehouses.get(warehouse) {
            tell("warehouse", own.id.as_str(), FeedEntry::Warehouse { warehouse: own.clone() });
        }
        for (id, carrier) in &self.carriers {
            tell("carrier", id.as_str(), FeedEntry::Carrier { carrier: carrier.clone() });
        }
        for (id, sku) in &self.skus {
            tell("sku", id.as_str(), FeedEntry::Sku { sku: sku.clone() });
        }
        for (id, bundle) in &self.bundles {
            tell("bundle", id.as_str(), FeedEntry::Bundle { bundle: bundle.clone() });
        }
        for (id, packaging) in &self.packaging {
            tell("packaging", id.as_str(), FeedEntry::Packaging { packaging: packaging.clone() });
        }
        for ((_, id), operator) in self.operators.iter().filter(|((at, _), _)| at == warehouse) {
            tell("operator", id.as_str(), FeedEntry::Operator { operator: operator.clone() });
        }
        for (_, id) in self.totes.iter().filter(|(at, _)| at == warehouse) {
            tell("tote", id.as_str(), FeedEntry::Tote { tote: id.clone() });
        }
        for (_, id) in self.cages.keys().filter(|(at, _)| at == warehouse) {
            tell("cage", id.as_str(), FeedEntry::Cage { cage: id.clone() });
        }
        for ((_, id), bin) in self.bins.iter().filter(|((at, _), _)| at == warehouse) {
            tell("bin", id.as_str(), FeedEntry::Bin { bin: bin.clone() });
        }
        for ((sku, id), lot) in &self.lots {
            tell("lot", &format!("{sku}/{id}"), FeedEntry::Lot { lot: lot.clone() });
        }
        for ((_, bin, sku, lot), qty) in self.opening.iter().filter(|((at, ..), _)| at == warehouse) {
            let goods = Goods { sku: sku.clone(), lot: lot.clone(), qty: *qty };
            tell("opening", &format!("{bin}/{sku}/{lot}"), FeedEntry::Opening { goods, bin: bin.clone() });
        }
        entries
    }

    /// The part orders are exploded by.
    #[must_use]
    pub fn catalogue(&self) -> Catalogue {
        let mut catalogue = Catalogue::default();
        self.skus.values().cloned().for_each(|sku| catalogue.put_sku(sku));
        self.bundles.values().cloned().for_each(|bundle| catalogue.put_bundle(bundle));
        self.packaging.values().cloned().for_each(|packaging| catalogue.put_packaging(packaging));
        catalogue
    }
}

/// What an import of the catalogue did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Entries appended to the feeds: 0 when the files say nothing new.
    pub entries: usize,
    /// Opening stock the file has changed since it was taken; it was taken once and stays.
    pub opening_kept: Vec<String>,
}

/// Brings the files' company in: writes the tables, and tells each warehouse what is new to it.
///
/// # Errors
/// Of the database; nothing is written then, since the caller's transaction ends with it.
pub async fn import(conn: &mut Transaction, files: &Company) -> Result<Imported> {
    let before = read(conn).await?;
    let mut imported = Imported::default();
    for (key, qty) in &files.opening {
        if before.opening.get(key).is_some_and(|taken| taken != qty) {
            let (warehouse, bin, sku, lot) = key;
            imported.opening_kept.push(format!("{warehouse} {bin} {sku} {lot}"));
        }
    }
    write(conn, files, &before).await?;
    platform_message::stock_came(conn).await?;
    let after = read(conn).await?;
    for warehouse in after.warehouses.keys() {
        let told: HashMap<String, FeedEntry> = before.entries(warehouse).into_iter().collect();
        // A warehouse the server did not know has been told nothing, not even of SKUs that were there.
        let known = before.warehouses.contains_key(warehouse);
        for (key, entry) in after.entries(warehouse) {
            if !known || told.get(&key) != Some(&entry) {
                feed::append(conn, warehouse, &entry).await?;
                imported.entries += 1;
            }
        }
    }
    Ok(imported)
}
