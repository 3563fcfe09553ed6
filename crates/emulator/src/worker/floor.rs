//! What physically surrounds the worker: goods with their printed barcodes, and sealed parcels on the floor.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

/// Barcodes by SKU, as printed on the goods.
#[derive(Debug, Clone, Default)]
pub(super) struct Goods(BTreeMap<String, String>);

impl Goods {
    /// Reads the columns `sku` and `barcodes` (the first of a `;` list counts) of a `catalogue.csv`.
    pub fn read(file: &Path) -> Result<Self> {
        let mut rows =
            csv::Reader::from_path(file).with_context(|| format!("cannot read {}", file.display()))?;
        let headings = rows.headers()?.clone();
        let column = |name: &str| {
            let place = headings.iter().position(|heading| heading.trim_start_matches('\u{feff}') == name);
            place.with_context(|| format!("{} has no column {name}", file.display()))
        };
        let (sku, barcodes) = (column("sku")?, column("barcodes")?);
        let mut goods = BTreeMap::new();
        for row in rows.records() {
            let row = row.with_context(|| format!("{} has a broken row", file.display()))?;
            let barcode =
                row.get(barcodes).and_then(|list| list.split(';').next()).unwrap_or_default().trim();
            if let (Some(sku), false) = (row.get(sku), barcode.is_empty()) {
                goods.insert(sku.trim().to_owned(), barcode.to_owned());
            }
        }
        ensure!(!goods.is_empty(), "{} names no goods with a barcode", file.display());
        Ok(Self(goods))
    }

    /// What is printed on the item; goods without a barcode carry our own sticker.
    pub fn barcode(&self, sku: &str) -> String {
        self.0.get(sku).cloned().unwrap_or_else(|| format!("SKU-{sku}"))
    }

    /// The barcode of something that is not one of `wanted`; `None` if there is nothing else.
    pub fn another(&self, wanted: &BTreeSet<&str>) -> Option<String> {
        self.0.iter().find(|(sku, _)| !wanted.contains(sku.as_str())).map(|(_, barcode)| barcode.clone())
    }
}

/// Sealed parcels on the floor, waybills by carrier. Kept in the emulator's folder, because parcels do not
/// vanish when the worker goes home.
#[derive(Debug, Default)]
pub(super) struct Parcels {
    file: PathBuf,
    standing: BTreeMap<String, BTreeSet<String>>,
}

impl Parcels {
    /// What stands on the floor of the emulator with this folder.
    pub fn standing_in(folder: &Path) -> Result<Self> {
        let file = folder.join("parcels.json");
        let standing = match std::fs::read(&file) {
            Ok(bytes) => serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is damaged; remove it if the floor is empty", file.display()))?,
            Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(fault) => return Err(fault).with_context(|| format!("cannot read {}", file.display())),
        };
        Ok(Self { file, standing })
    }

    /// A parcel is put down.
    pub fn put_down(&mut self, carrier: &str, waybill: &str) -> Result<()> {
        if self.standing.entry(carrier.to_owned()).or_default().insert(waybill.to_owned()) {
            self.save()?;
        }
        Ok(())
    }

    /// The next parcel for a carrier.
    pub fn next(&self, carrier: &str) -> Option<&String> {
        self.standing.get(carrier).and_then(BTreeSet::first)
    }

    /// A parcel is put into a cage, or turns out not to be there for this carrier.
    pub fn take_away(&mut self, carrier: &str, waybill: &str) -> Result<()> {
        if let Some(waybills) = self.standing.get_mut(carrier) {
            waybills.remove(waybill);
            self.save()?;
        }
        Ok(())
    }

    fn save(&self) -> Result<()> {
        let unfinished = self.file.with_extension("part");
        std::fs::write(&unfinished, serde_json::to_vec(&self.standing)?)
            .and_then(|()| std::fs::rename(&unfinished, &self.file))
            .with_context(|| format!("cannot write {}", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn parcels_stay_on_the_floor_when_the_worker_goes_home() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut parcels = Parcels::standing_in(folder.path()).unwrap();
        parcels.put_down("SF", "SF2").unwrap();
        parcels.put_down("SF", "SF1").unwrap();
        let mut parcels = Parcels::standing_in(folder.path()).unwrap();
        assert_eq!(parcels.next("SF").unwrap(), "SF1");
        parcels.take_away("SF", "SF1").unwrap();
        assert_eq!(Parcels::standing_in(folder.path()).unwrap().next("SF").unwrap(), "SF2");
        assert_eq!(parcels.next("ZTO"), None);
    }

    #[test]
    fn goods_are_known_by_their_first_barcode_and_else_by_our_sticker() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = folder.path().join("catalogue.csv");
        std::fs::write(&file, "\u{feff}name,sku,barcodes\n大米,RICE5,6901;6902\n油,OIL5,\n").unwrap();
        let goods = Goods::read(&file).unwrap();
        assert_eq!(
            (goods.barcode("RICE5"), goods.barcode("OIL5")),
            ("6901".to_owned(), "SKU-OIL5".to_owned())
        );
        assert_eq!(goods.another(&BTreeSet::from(["RICE5"])), None);
        assert_eq!(goods.another(&BTreeSet::from(["OIL5"])).unwrap(), "6901");
    }
}
