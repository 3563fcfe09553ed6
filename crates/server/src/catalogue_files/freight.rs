//! `freight.csv`: what carrying an order costs from a warehouse to a province. The file may be missing.

use std::collections::BTreeSet;
use std::path::Path;

use liangcang_domain::address::{Level, Regions};
use liangcang_domain::unit::Fen;
use liangcang_domain::warehouse::Warehouse;
use liangcang_planner::allocation::Rate;
use serde::Deserialize;

use super::fault::{Faults, Reason};
use super::rows::read_rows;
use crate::incoming::province_stem;
use crate::store::freight::Rates;

const FREIGHT: &str = "freight.csv";
/// A thousand yuan for a kilogram: more is yuan taken for fen.
const MOST_FEN: i64 = 100_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FreightRow {
    warehouse: String,
    /// Empty: every province that is not named from there.
    province: String,
    first_kg_fen: i64,
    further_kg_fen: i64,
}

/// Every rate, with its faults told.
pub(super) fn read_freight(dir: &Path, warehouses: &[Warehouse], faults: &mut Faults) -> Rates {
    if !dir.join(FREIGHT).exists() {
        return Rates::new();
    }
    let known: BTreeSet<&str> = warehouses.iter().map(|it| it.id.as_str()).collect();
    let mut rates = Rates::new();
    for (row, read) in read_rows::<FreightRow>(dir, FREIGHT, faults) {
        if !known.contains(read.warehouse.as_str()) {
            faults.add(FREIGHT, row, Reason::UnknownWarehouse(read.warehouse.clone()));
        }
        if province_stem(&read.province) != read.province {
            faults.add(FREIGHT, row, Reason::ProvinceWithKind(read.province.clone()));
        } else if !read.province.is_empty() && !is_province(&read.province) {
            let (column, allowed) = ("province", "the provinces of China, as 广东");
            faults.add(FREIGHT, row, Reason::UnknownWord { column, found: read.province.clone(), allowed });
        }
        for (column, fen) in [("first_kg_fen", read.first_kg_fen), ("further_kg_fen", read.further_kg_fen)] {
            if fen < 0 {
                faults.add(FREIGHT, row, Reason::TooSmall(column));
            } else if fen > MOST_FEN {
                faults.add(FREIGHT, row, Reason::TooLarge(column));
            }
        }
        let rate = Rate { first_kg_fen: Fen(read.first_kg_fen), further_kg_fen: Fen(read.further_kg_fen) };
        let lane = format!("lane {} {}", read.warehouse, read.province);
        if rates.insert((read.warehouse.into(), read.province), rate).is_some() {
            faults.add(FREIGHT, row, Reason::Twice(lane.trim_end().to_owned()));
        }
    }
    rates
}

/// Whether there is such a province; a misspelt one would be followed by nobody.
fn is_province(stem: &str) -> bool {
    Regions::built_in().all().iter().any(|it| it.level == Level::Province && province_stem(it.name) == stem)
}
