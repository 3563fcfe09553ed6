//! `bins.csv`, `stock.csv`, `waybill_numbers.csv` and `routes.csv`: where goods lie and how parcels leave.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use liangcang_domain::catalogue::Sku;
use liangcang_domain::feed::Lot;
use liangcang_domain::id::WarehouseId;
use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::{Bin, Carrier, Warehouse};
use serde::Deserialize;

use super::fault::{Faults, Reason};
use super::rows::{check_code, read_rows};
use super::{OpeningStock, Route, WaybillRange};
use crate::incoming::province_stem;

const BINS: &str = "bins.csv";
const STOCK: &str = "stock.csv";
const WAYBILL_NUMBERS: &str = "waybill_numbers.csv";
const ROUTES: &str = "routes.csv";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BinRow {
    warehouse: String,
    bin: String,
    zone: String,
    aisle: u32,
    bay: u32,
    level: u32,
    check_digits: String,
}

/// Every bin, with its faults told.
pub(super) fn read_bins(
    dir: &Path,
    warehouses: &[Warehouse],
    faults: &mut Faults,
) -> Vec<(WarehouseId, Bin)> {
    let mut by_place = BTreeMap::new();
    let mut bins: Vec<(WarehouseId, Bin)> = Vec::new();
    for (row, read) in read_rows::<BinRow>(dir, BINS, faults) {
        if !warehouses.iter().any(|warehouse| warehouse.id.as_str() == read.warehouse) {
            faults.add(BINS, row, Reason::UnknownWarehouse(read.warehouse.clone()));
        }
        check_code(BINS, Some(row), &read.bin, faults);
        let expected = format!("{}-{:02}-{:02}-{}", read.zone, read.aisle, read.bay, read.level);
        if read.bin != expected {
            faults.add(BINS, row, Reason::BinNameDiffers { expected });
        }
        if read.check_digits.len() != 2 || !read.check_digits.bytes().all(|b| b.is_ascii_digit()) {
            faults.add(BINS, row, Reason::MalformedCheckDigits(read.check_digits.clone()));
        }
        let place = (read.warehouse.clone(), read.zone.clone(), read.aisle, read.bay, read.level);
        if by_place.insert(place, (row, bins.len())).is_some() {
            faults.add(BINS, row, Reason::Twice(format!("bin {}", read.bin)));
        }
        let bin = Bin {
            id: read.bin.into(),
            zone: read.zone,
            aisle: read.aisle,
            bay: read.bay,
            level: read.level,
            check_digits: read.check_digits,
        };
        bins.push((read.warehouse.into(), bin));
    }
    for ((warehouse, zone, aisle, bay, level), (row, at)) in &by_place {
        // Each pair once: the bays and levels around it on the higher side, and the same place of the next aisle.
        for (aisles, bays, levels) in [(0, 1, 0), (0, 0, 1), (0, 1, 1), (0, 1, -1), (1, 0, 0)] {
            let moved = |from: &u32, by: i64| u32::try_from(i64::from(*from) + by).unwrap_or(u32::MAX);
            let beside = (
                warehouse.clone(),
                zone.clone(),
                moved(aisle, aisles),
                moved(bay, bays),
                moved(level, levels),
            );
            let Some((_, other)) = by_place.get(&beside) else { continue };
            if sound(&bins[*at].1.check_digits) == sound(&bins[*other].1.check_digits) {
                let neighbour = bins[*other].1.id.to_string();
                faults.add(BINS, *row, Reason::CheckDigitsConfusable { neighbour });
            }
        }
    }
    bins
}

/// How digits sound through noise: 1 (yī) and 7 (qī), 6 (liù) and 9 (jiǔ) share their endings.
fn sound(digits: &str) -> String {
    digits.replace('7', "1").replace('9', "6")
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StockRow {
    warehouse: String,
    bin: String,
    sku: String,
    lot: String,
    mfg_date: String,
    expiry: String,
    qty: i64,
}

/// The opening stock and its lots, with faults told.
pub(super) fn read_stock(
    dir: &Path,
    bins: &[(WarehouseId, Bin)],
    skus: &[Sku],
    faults: &mut Faults,
) -> (Vec<Lot>, Vec<OpeningStock>) {
    let known_bins: BTreeSet<(&str, &str)> =
        bins.iter().map(|(at, bin)| (at.as_str(), bin.id.as_str())).collect();
    let known_skus: BTreeSet<&str> = skus.iter().map(|sku| sku.id.as_str()).collect();
    let mut lots = BTreeMap::<String, Lot>::new();
    let mut seen = BTreeSet::new();
    let mut stock = Vec::new();
    for (row, read) in read_rows::<StockRow>(dir, STOCK, faults) {
        if !known_bins.contains(&(read.warehouse.as_str(), read.bin.as_str())) {
            faults.add(STOCK, row, Reason::UnknownBin(read.bin.clone()));
        }
        if !known_skus.contains(read.sku.as_str()) {
            faults.add(STOCK, row, Reason::UnknownSku(read.sku.clone()));
        }
        check_code(STOCK, Some(row), &read.lot, faults);
        if read.qty < 1 {
            faults.add(STOCK, row, Reason::TooSmall("qty"));
        }
        check_dates(row, &read, faults);
        let place = (read.warehouse.clone(), read.bin.clone(), read.sku.clone(), read.lot.clone());
        if !seen.insert(place) {
            faults.add(STOCK, row, Reason::Twice(format!("lot {} in bin {}", read.lot, read.bin)));
        }
        let lot = Lot {
            id: read.lot.clone().into(),
            sku: read.sku.clone().into(),
            mfg_date: read.mfg_date,
            expiry: read.expiry,
        };
        let first = lots.entry(read.lot.clone()).or_insert_with(|| lot.clone());
        if *first != lot {
            faults.add(STOCK, row, Reason::LotDiffers(read.lot.clone()));
        }
        stock.push(OpeningStock {
            warehouse: read.warehouse.into(),
            bin: read.bin.into(),
            sku: read.sku.into(),
            lot: read.lot.into(),
            qty: Qty(read.qty),
        });
    }
    (lots.into_values().collect(), stock)
}

fn check_dates(row: u32, read: &StockRow, faults: &mut Faults) {
    // Exactly ten characters, because lots are sorted by this text.
    let date = |text: &str| text.parse::<jiff::civil::Date>().ok().filter(|_| text.len() == 10);
    for text in [&read.mfg_date, &read.expiry] {
        if date(text).is_none() {
            faults.add(STOCK, row, Reason::NotADate(text.clone()));
        }
    }
    if date(&read.mfg_date).zip(date(&read.expiry)).is_some_and(|(made, expires)| expires <= made) {
        faults.add(STOCK, row, Reason::ExpiresBeforeMade);
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RangeRow {
    carrier: String,
    first: String,
    last: String,
}

/// The leased ranges, with faults told.
pub(super) fn read_waybill_ranges(
    dir: &Path,
    carriers: &[Carrier],
    faults: &mut Faults,
) -> Vec<WaybillRange> {
    let mut ranges: Vec<WaybillRange> = Vec::new();
    for (row, read) in read_rows::<RangeRow>(dir, WAYBILL_NUMBERS, faults) {
        check_carrier(WAYBILL_NUMBERS, row, &read.carrier, carriers, faults);
        let split = |text: &str| -> Option<(String, u64, usize)> {
            let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_uppercase()).len();
            let (prefix, digits) = text.split_at(digits);
            let plain = digits.len() <= 18 && digits.bytes().all(|b| b.is_ascii_digit());
            Some((prefix.to_owned(), digits.parse().ok().filter(|_| plain)?, digits.len()))
        };
        let (Some((prefix, first, digits)), Some((last_prefix, last, last_digits))) =
            (split(&read.first), split(&read.last))
        else {
            faults.add(WAYBILL_NUMBERS, row, Reason::MalformedRange);
            continue;
        };
        if prefix != last_prefix || digits != last_digits || last < first {
            faults.add(WAYBILL_NUMBERS, row, Reason::MalformedRange);
            continue;
        }
        let meets = |other: &WaybillRange| {
            other.prefix == prefix && other.digits == digits && first <= other.last && other.first <= last
        };
        if ranges.iter().any(meets) {
            faults.add(WAYBILL_NUMBERS, row, Reason::RangesOverlap);
        }
        ranges.push(WaybillRange { carrier: read.carrier.into(), prefix, first, last, digits });
    }
    ranges
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RouteRow {
    carrier: String,
    province: String,
    city: String,
    route_code: String,
    consolidation: String,
}

/// What carriers print by city, with faults told.
pub(super) fn read_routes(dir: &Path, carriers: &[Carrier], faults: &mut Faults) -> Vec<Route> {
    let mut seen = BTreeSet::new();
    let mut routes = Vec::new();
    for (row, read) in read_rows::<RouteRow>(dir, ROUTES, faults) {
        check_carrier(ROUTES, row, &read.carrier, carriers, faults);
        if province_stem(&read.province) != read.province {
            faults.add(ROUTES, row, Reason::ProvinceWithKind(read.province.clone()));
        }
        if read.route_code.is_empty() {
            faults.add(ROUTES, row, Reason::Empty("route_code"));
        }
        if !seen.insert((read.carrier.clone(), read.province.clone(), read.city.clone())) {
            faults.add(ROUTES, row, Reason::Twice(format!("{} {}", read.carrier, read.city)));
        }
        let RouteRow { carrier, province, city, route_code, consolidation } = read;
        routes.push(Route { carrier: carrier.into(), province, city, route_code, consolidation });
    }
    routes
}

fn check_carrier(file: &'static str, row: u32, carrier: &str, carriers: &[Carrier], faults: &mut Faults) {
    if !carriers.iter().any(|known| known.id.as_str() == carrier) {
        faults.add(file, row, Reason::UnknownCarrier(carrier.to_owned()));
    }
}
