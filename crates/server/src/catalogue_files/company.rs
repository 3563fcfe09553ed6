//! `company.toml`: who we are, where we pack, who carries, who works, and what things are packed in.
//!
//! Unknown keys are refused: a misspelt one would silently leave something out.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use liangcang_domain::catalogue::{Packaging, Size};
use liangcang_domain::feed::Operator;
use liangcang_domain::id::{ToteId, WarehouseId};
use liangcang_domain::unit::{Grams, Mm};
use liangcang_domain::warehouse::{Carrier, Sender, Warehouse};
use serde::Deserialize;

use super::Cage;
use super::fault::{Faults, Reason};
use super::rows::{check_code, read_text};
use crate::incoming::province_stem;

const COMPANY: &str = "company.toml";

/// What the file says, in the words of the domain.
#[derive(Default)]
pub(super) struct Company {
    pub(super) name: String,
    pub(super) warehouses: Vec<Warehouse>,
    pub(super) daily_orders: BTreeMap<WarehouseId, i64>,
    pub(super) carriers: Vec<Carrier>,
    pub(super) packaging: Vec<Packaging>,
    pub(super) operators: Vec<(WarehouseId, Operator)>,
    pub(super) totes: Vec<(WarehouseId, ToteId)>,
    pub(super) cages: Vec<Cage>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyFile {
    name: String,
    warehouses: Vec<WarehouseEntry>,
    carriers: Vec<CarrierEntry>,
    packaging: Vec<PackagingEntry>,
    operators: Vec<OperatorEntry>,
    totes: Vec<TotesEntry>,
    cages: Vec<CageEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WarehouseEntry {
    id: String,
    name: String,
    provinces: Vec<String>,
    /// No limit where it is left out.
    daily_orders: Option<i64>,
    sender: Sender,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CarrierEntry {
    id: String,
    name: String,
    service: String,
    cutoff: String,
    provinces: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PackagingEntry {
    id: String,
    name: String,
    class: String,
    tare_g: i64,
    inner_length_mm: i64,
    inner_width_mm: i64,
    inner_height_mm: i64,
    max_weight_g: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OperatorEntry {
    id: String,
    name: String,
    warehouse: String,
    lead: bool,
}

/// Totes are numbered: `TOTE-0001` and on.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TotesEntry {
    warehouse: String,
    first: u16,
    last: u16,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CageEntry {
    id: String,
    warehouse: String,
    carrier: String,
}

/// Reads the file, with its faults told.
pub(super) fn read(dir: &Path, faults: &mut Faults) -> Company {
    let Some(text) = read_text(dir, COMPANY, faults) else { return Company::default() };
    let file: CompanyFile = match toml::from_str(&text) {
        Ok(file) => file,
        Err(fault) => {
            faults.add(COMPANY, None, Reason::Unreadable(fault.to_string()));
            return Company::default();
        }
    };
    let mut company = Company { name: file.name, ..Company::default() };
    for entry in file.warehouses {
        check_provinces(&entry.provinces, faults);
        let WarehouseEntry { id, name, provinces, daily_orders, sender } = entry;
        if let Some(orders) = daily_orders {
            if orders < 1 {
                faults.add(COMPANY, None, Reason::TooSmall("warehouses.daily_orders"));
            }
            company.daily_orders.insert(id.as_str().into(), orders);
        }
        company.warehouses.push(Warehouse { id: id.into(), name, sender, provinces });
    }
    for entry in file.carriers {
        check_provinces(&entry.provinces, faults);
        company.carriers.push(carrier(entry, faults));
    }
    company.packaging = file.packaging.into_iter().map(|entry| packaging(entry, faults)).collect();
    for OperatorEntry { id, name, warehouse, lead } in file.operators {
        check_warehouse(&company, &warehouse, faults);
        company.operators.push((warehouse.into(), Operator { id: id.into(), name, lead }));
    }
    for TotesEntry { warehouse, first, last } in file.totes {
        check_warehouse(&company, &warehouse, faults);
        let codes = (first..=last).map(|number| ToteId(format!("TOTE-{number:04}")));
        company.totes.extend(codes.map(|tote| (WarehouseId(warehouse.clone()), tote)));
    }
    for CageEntry { id, warehouse, carrier } in file.cages {
        check_warehouse(&company, &warehouse, faults);
        if !company.carriers.iter().any(|known| known.id.as_str() == carrier) {
            faults.add(COMPANY, None, Reason::UnknownCarrier(carrier.clone()));
        }
        if !id.starts_with("CAGE-") {
            let (column, allowed) = ("cages.id", "codes that begin with CAGE-");
            faults.add(COMPANY, None, Reason::UnknownWord { column, found: id.clone(), allowed });
        }
        company.cages.push(Cage { id: id.into(), warehouse: warehouse.into(), carrier: carrier.into() });
    }
    check_codes(&company, faults);
    company
}

/// Every code is sound and there once.
fn check_codes(company: &Company, faults: &mut Faults) {
    let mut seen = BTreeSet::new();
    let codes = (company.warehouses.iter().map(|it| ("warehouse", it.id.as_str())))
        .chain(company.carriers.iter().map(|it| ("carrier", it.id.as_str())))
        .chain(company.packaging.iter().map(|it| ("packaging", it.id.as_str())))
        .chain(company.operators.iter().map(|(_, it)| ("operator", it.id.as_str())))
        .chain(company.totes.iter().map(|(_, it)| ("tote", it.as_str())))
        .chain(company.cages.iter().map(|it| ("cage", it.id.as_str())));
    for (kind, code) in codes {
        check_code(COMPANY, None, code, faults);
        if !seen.insert((kind, code)) {
            faults.add(COMPANY, None, Reason::Twice(format!("{kind} {code}")));
        }
    }
    let names = [("warehouses", company.warehouses.is_empty()), ("carriers", company.carriers.is_empty())];
    for (column, _) in names.into_iter().filter(|(_, empty)| *empty) {
        faults.add(COMPANY, None, Reason::Empty(column));
    }
}

fn check_provinces(provinces: &[String], faults: &mut Faults) {
    for name in provinces.iter().filter(|name| province_stem(name) != name.as_str()) {
        faults.add(COMPANY, None, Reason::ProvinceWithKind(name.clone()));
    }
}

fn check_warehouse(company: &Company, warehouse: &str, faults: &mut Faults) {
    if !company.warehouses.iter().any(|known| known.id.as_str() == warehouse) {
        faults.add(COMPANY, None, Reason::UnknownWarehouse(warehouse.to_owned()));
    }
}

fn carrier(entry: CarrierEntry, faults: &mut Faults) -> Carrier {
    let minutes = || -> Option<u32> {
        let (hour, minute) = entry.cutoff.split_once(':')?;
        let two = |text: &str| text.parse::<u32>().ok().filter(|_| text.len() == 2);
        let (hour, minute) = (two(hour)?, two(minute)?);
        (hour < 24 && minute < 60).then_some(hour * 60 + minute)
    };
    let cutoff_minute = minutes().unwrap_or_else(|| {
        faults.add(COMPANY, None, Reason::NotATimeOfDay(entry.cutoff.clone()));
        0
    });
    let CarrierEntry { id, name, service, provinces, .. } = entry;
    Carrier { id: id.into(), name, service, cutoff_minute, provinces }
}

fn packaging(entry: PackagingEntry, faults: &mut Faults) -> Packaging {
    if !matches!(entry.class.as_str(), "woven_bag" | "carton" | "air_column_carton") {
        let (column, allowed) = ("packaging.class", "woven_bag, carton, air_column_carton");
        faults.add(COMPANY, None, Reason::UnknownWord { column, found: entry.class.clone(), allowed });
    }
    for (column, value) in [
        ("packaging.tare_g", entry.tare_g),
        ("packaging.inner_length_mm", entry.inner_length_mm),
        ("packaging.inner_width_mm", entry.inner_width_mm),
        ("packaging.inner_height_mm", entry.inner_height_mm),
        ("packaging.max_weight_g", entry.max_weight_g),
    ] {
        if value < 1 {
            faults.add(COMPANY, None, Reason::TooSmall(column));
        }
    }
    Packaging {
        id: entry.id.into(),
        name: entry.name,
        class: entry.class,
        tare_g: Grams(entry.tare_g),
        inner: Size {
            length_mm: Mm(entry.inner_length_mm),
            width_mm: Mm(entry.inner_width_mm),
            height_mm: Mm(entry.inner_height_mm),
        },
        max_weight_g: Grams(entry.max_weight_g),
    }
}
