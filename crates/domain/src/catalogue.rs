//! What is sold: SKUs with their codes and measures, bundles, packaging material.
//!
//! Leaves out prices and pictures. A catalogue is a value that never changes while a task runs on it.

use crate::id::{BundleId, PackagingId, SkuId};
use crate::unit::{Grams, Mm, Qty};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// How easily it breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Fragility {
    /// Sacks, boxes.
    None,
    /// A plastic bottle: leaks when crushed.
    Bottle,
    /// Glass: needs an air-column bag.
    Glass,
}

/// Outer measures, in any fixed orientation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Size {
    /// Longest side.
    pub length_mm: Mm,
    /// Second side.
    pub width_mm: Mm,
    /// Third side.
    pub height_mm: Mm,
}

impl Size {
    /// Volume in cubic centimetres, rounded up.
    #[must_use]
    pub fn volume_cm3(self) -> i64 {
        (self.length_mm.0 * self.width_mm.0 * self.height_mm.0 + 999) / 1000
    }
}

/// A stock-keeping unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sku {
    /// Its id, also its own code behind `SKU-`.
    pub id: SkuId,
    /// Full name (`五常大米 5kg`).
    pub name: String,
    /// Name that fits a shelf label.
    pub short_name: String,
    /// Name as said in Mandarin, with its measure word apart (`五公斤大米`).
    pub spoken_zh: String,
    /// Name as said in English.
    pub spoken_en: String,
    /// GTINs and other codes that stand for it; the first is printed.
    pub barcodes: Vec<String>,
    /// Weight of one unit as it lies in the bin.
    pub gross_weight_g: Grams,
    /// Outer measures.
    pub size: Size,
    /// Days from making to expiry.
    pub shelf_life_days: i64,
    /// How easily it breaks.
    pub fragility: Fragility,
    /// What it looks like and how it is packed: `sack`, `bottle`, `box`, `pouch`.
    pub packaging_class: String,
}

/// One component of a bundle.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Component {
    /// What.
    pub sku: SkuId,
    /// How many in one bundle.
    pub qty: Qty,
}

/// A bundle: sold as one, picked as its components.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bundle {
    /// The code it is sold under.
    pub id: BundleId,
    /// Its name.
    pub name: String,
    /// What is in it.
    pub components: Vec<Component>,
}

/// A piece of packaging material.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Packaging {
    /// Its code, printed behind `PKG-`.
    pub id: PackagingId,
    /// Its name (`3号加固纸箱`).
    pub name: String,
    /// `woven_bag`, `carton` or `air_column_carton`.
    pub class: String,
    /// Its own weight.
    pub tare_g: Grams,
    /// Inner measures.
    pub inner: Size,
    /// The most it carries.
    pub max_weight_g: Grams,
}

/// Something an order line may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sellable<'a> {
    /// One SKU.
    Sku(&'a Sku),
    /// A bundle.
    Bundle(&'a Bundle),
}

/// The whole catalogue, with its indices.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    skus: BTreeMap<SkuId, Sku>,
    bundles: BTreeMap<BundleId, Bundle>,
    packaging: BTreeMap<PackagingId, Packaging>,
    by_barcode: BTreeMap<String, SkuId>,
}

impl Catalogue {
    /// Adds or replaces a SKU. A barcode belongs to whoever named it last.
    pub fn put_sku(&mut self, sku: Sku) {
        self.by_barcode.retain(|_, owner| *owner != sku.id);
        for barcode in &sku.barcodes {
            self.by_barcode.insert(barcode.clone(), sku.id.clone());
        }
        self.skus.insert(sku.id.clone(), sku);
    }

    /// Adds or replaces a bundle.
    pub fn put_bundle(&mut self, bundle: Bundle) {
        self.bundles.insert(bundle.id.clone(), bundle);
    }

    /// Adds or replaces packaging material.
    pub fn put_packaging(&mut self, packaging: Packaging) {
        self.packaging.insert(packaging.id.clone(), packaging);
    }

    /// A SKU by id.
    #[must_use]
    pub fn sku(&self, id: &SkuId) -> Option<&Sku> {
        self.skus.get(id)
    }

    /// A bundle by id.
    #[must_use]
    pub fn bundle(&self, id: &BundleId) -> Option<&Bundle> {
        self.bundles.get(id)
    }

    /// Packaging material by id.
    #[must_use]
    pub fn packaging(&self, id: &PackagingId) -> Option<&Packaging> {
        self.packaging.get(id)
    }

    /// All packaging material, by id.
    pub fn all_packaging(&self) -> impl Iterator<Item = &Packaging> {
        self.packaging.values()
    }

    /// The SKU a barcode stands for.
    #[must_use]
    pub fn sku_by_barcode(&self, barcode: &str) -> Option<&Sku> {
        self.by_barcode.get(barcode).and_then(|id| self.skus.get(id))
    }

    /// What a merchant code on an order line names: a bundle first, since a bundle may carry a SKU's old code.
    #[must_use]
    pub fn sellable(&self, merchant_code: &str) -> Option<Sellable<'_>> {
        let bundle = self.bundles.get(&BundleId::from(merchant_code)).map(Sellable::Bundle);
        bundle.or_else(|| self.skus.get(&SkuId::from(merchant_code)).map(Sellable::Sku))
    }

    /// Components summed over a whole order: the demand every check of stock starts from.
    ///
    /// # Errors
    /// The codes that name nothing, all of them at once.
    pub fn explode<'a>(
        &self,
        lines: impl IntoIterator<Item = (&'a str, Qty)>,
    ) -> Result<BTreeMap<SkuId, Qty>, BTreeSet<String>> {
        let mut demand = BTreeMap::<SkuId, Qty>::new();
        let mut unknown = BTreeSet::new();
        for (code, qty) in lines {
            match self.sellable(code) {
                Some(Sellable::Sku(sku)) => *demand.entry(sku.id.clone()).or_default() += qty,
                Some(Sellable::Bundle(bundle)) => {
                    for part in &bundle.components {
                        *demand.entry(part.sku.clone()).or_default() += Qty(part.qty.0 * qty.0);
                    }
                }
                None => {
                    unknown.insert(code.to_owned());
                }
            }
        }
        if unknown.is_empty() { Ok(demand) } else { Err(unknown) }
    }
}
