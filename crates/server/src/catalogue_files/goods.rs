//! `catalogue.csv` and `bundles.csv`: what is sold, and what it is made of.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use liangcang_domain::catalogue::{Bundle, Component, Fragility, Size, Sku};
use liangcang_domain::unit::{Grams, Mm, Qty};
use serde::Deserialize;

use super::fault::{Faults, Reason};
use super::rows::{check_code, is_code, read_rows};

const CATALOGUE: &str = "catalogue.csv";
const BUNDLES: &str = "bundles.csv";

/// One unit heavier or longer than this is not a parcel.
const MAX_WEIGHT_G: i64 = 60_000;
const MAX_LENGTH_MM: i64 = 2_000;
/// Ten years.
const MAX_SHELF_LIFE_DAYS: i64 = 3_650;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SkuRow {
    sku: String,
    name: String,
    short_name: String,
    spoken_zh: String,
    spoken_en: String,
    barcodes: String,
    gross_weight_g: i64,
    length_mm: i64,
    width_mm: i64,
    height_mm: i64,
    shelf_life_days: i64,
    fragility: String,
    packaging_class: String,
}

/// Every SKU, with its faults told.
pub(super) fn read_skus(dir: &Path, faults: &mut Faults) -> Vec<Sku> {
    let mut seen = BTreeSet::new();
    let mut owners = BTreeMap::<String, String>::new();
    let mut skus = Vec::new();
    for (row, read) in read_rows::<SkuRow>(dir, CATALOGUE, faults) {
        check_code(CATALOGUE, Some(row), &read.sku, faults);
        if !seen.insert(read.sku.clone()) {
            faults.add(CATALOGUE, row, Reason::Twice(format!("SKU {}", read.sku)));
        }
        check_measures(row, &read, faults);
        let barcodes = read_barcodes(row, &read, &mut owners, faults);
        let fragility = match read.fragility.as_str() {
            "none" => Fragility::None,
            "bottle" => Fragility::Bottle,
            "glass" => Fragility::Glass,
            _ => {
                let (column, allowed) = ("fragility", "none, bottle, glass");
                faults.add(
                    CATALOGUE,
                    row,
                    Reason::UnknownWord { column, found: read.fragility.clone(), allowed },
                );
                Fragility::Glass
            }
        };
        if !matches!(read.packaging_class.as_str(), "sack" | "bottle" | "box" | "pouch") {
            let (column, allowed) = ("packaging_class", "sack, bottle, box, pouch");
            faults.add(
                CATALOGUE,
                row,
                Reason::UnknownWord { column, found: read.packaging_class.clone(), allowed },
            );
        }
        skus.push(Sku {
            id: read.sku.into(),
            name: read.name,
            short_name: read.short_name,
            spoken_zh: read.spoken_zh,
            spoken_en: read.spoken_en,
            barcodes,
            gross_weight_g: Grams(read.gross_weight_g),
            size: Size {
                length_mm: Mm(read.length_mm),
                width_mm: Mm(read.width_mm),
                height_mm: Mm(read.height_mm),
            },
            shelf_life_days: read.shelf_life_days,
            fragility,
            packaging_class: read.packaging_class,
        });
    }
    skus
}

fn check_measures(row: u32, read: &SkuRow, faults: &mut Faults) {
    for (column, text) in [
        ("name", &read.name),
        ("short_name", &read.short_name),
        ("spoken_zh", &read.spoken_zh),
        ("spoken_en", &read.spoken_en),
    ] {
        if text.is_empty() {
            faults.add(CATALOGUE, row, Reason::Empty(column));
        }
    }
    for (column, value, most) in [
        ("gross_weight_g", read.gross_weight_g, MAX_WEIGHT_G),
        ("length_mm", read.length_mm, MAX_LENGTH_MM),
        ("width_mm", read.width_mm, MAX_LENGTH_MM),
        ("height_mm", read.height_mm, MAX_LENGTH_MM),
        ("shelf_life_days", read.shelf_life_days, MAX_SHELF_LIFE_DAYS),
    ] {
        if value < 1 {
            faults.add(CATALOGUE, row, Reason::TooSmall(column));
        } else if value > most {
            faults.add(CATALOGUE, row, Reason::TooLarge(column));
        }
    }
}

fn read_barcodes(
    row: u32,
    read: &SkuRow,
    owners: &mut BTreeMap<String, String>,
    faults: &mut Faults,
) -> Vec<String> {
    let barcodes: Vec<String> =
        read.barcodes.split(';').map(str::trim).filter(|code| !code.is_empty()).map(str::to_owned).collect();
    if barcodes.is_empty() {
        faults.add(CATALOGUE, row, Reason::Empty("barcodes"));
    }
    for barcode in &barcodes {
        let all_digits = barcode.bytes().all(|b| b.is_ascii_digit());
        if !is_code(barcode) {
            faults.add(CATALOGUE, row, Reason::MalformedCode(barcode.clone()));
        } else if all_digits && matches!(barcode.len(), 8 | 12 | 13 | 14) && !has_check_digit(barcode) {
            faults.add(CATALOGUE, row, Reason::WrongCheckDigit(barcode.clone()));
        }
        if let Some(owner) = owners.insert(barcode.clone(), read.sku.clone()) {
            faults.add(CATALOGUE, row, Reason::BarcodeTaken { barcode: barcode.clone(), owner });
        }
    }
    barcodes
}

/// GS1 modulo-10 over digits, weights 3 and 1 from the right.
fn has_check_digit(digits: &str) -> bool {
    let weighted = digits.bytes().rev().enumerate();
    let sum: u32 = weighted.map(|(at, b)| u32::from(b - b'0') * if at % 2 == 1 { 3 } else { 1 }).sum();
    sum.is_multiple_of(10)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BundleRow {
    code: String,
    name: String,
    components: String,
}

/// Every bundle, with its faults told.
pub(super) fn read_bundles(dir: &Path, skus: &[Sku], faults: &mut Faults) -> Vec<Bundle> {
    let known: BTreeSet<&str> = skus.iter().map(|sku| sku.id.as_str()).collect();
    let mut seen = BTreeSet::new();
    let mut bundles = Vec::new();
    for (row, read) in read_rows::<BundleRow>(dir, BUNDLES, faults) {
        check_code(BUNDLES, Some(row), &read.code, faults);
        if !seen.insert(read.code.clone()) {
            faults.add(BUNDLES, row, Reason::Twice(format!("bundle {}", read.code)));
        }
        if known.contains(read.code.as_str()) {
            faults.add(BUNDLES, row, Reason::BundleIsSku(read.code.clone()));
        }
        if read.name.is_empty() {
            faults.add(BUNDLES, row, Reason::Empty("name"));
        }
        let components = read_components(row, &read.components, &known, faults);
        bundles.push(Bundle { id: read.code.into(), name: read.name, components });
    }
    bundles
}

fn read_components(row: u32, text: &str, known: &BTreeSet<&str>, faults: &mut Faults) -> Vec<Component> {
    let mut components: Vec<Component> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
        let read =
            part.split_once('*').and_then(|(sku, qty)| Some((sku.trim(), qty.trim().parse::<u16>().ok()?)));
        let Some((sku, qty)) = read.filter(|(_, qty)| *qty > 0) else {
            faults.add(BUNDLES, row, Reason::MalformedComponent(part.to_owned()));
            continue;
        };
        if !known.contains(sku) {
            faults.add(BUNDLES, row, Reason::UnknownSku(sku.to_owned()));
        }
        if components.iter().any(|component| component.sku.as_str() == sku) {
            faults.add(BUNDLES, row, Reason::Twice(format!("component {sku}")));
        }
        components.push(Component { sku: sku.into(), qty: Qty(i64::from(qty)) });
    }
    if components.is_empty() {
        faults.add(BUNDLES, row, Reason::Empty("components"));
    }
    components
}
