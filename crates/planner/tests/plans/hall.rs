//! A small hall with a small catalogue, and plans told in lines a person can read.
//!
//! Zones A and B of three aisles with eight bays. Leaves out everything a plan does not look at.

use liangcang_domain::catalogue::{Catalogue, Fragility, Packaging, Size, Sku};
use liangcang_domain::order::ParcelProfile;
use liangcang_domain::task::walk::{LineKind, WalkPlan};
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use liangcang_domain::warehouse::Bin;
use liangcang_planner::layout::Layout;
use liangcang_planner::short::BinStock;
use liangcang_planner::wave::{LeftOutReason, WaveOrder, WavePlan};

/// A SKU of so many grams; sides in millimetres.
pub fn sku(id: &str, class: &str, fragility: Fragility, weight_g: i64, sides: [i64; 3]) -> Sku {
    let [length_mm, width_mm, height_mm] = sides.map(Mm);
    Sku {
        id: id.into(),
        name: id.into(),
        short_name: id.into(),
        spoken_zh: id.into(),
        spoken_en: id.into(),
        barcodes: vec![],
        gross_weight_g: Grams(weight_g),
        size: Size { length_mm, width_mm, height_mm },
        shelf_life_days: 540,
        fragility,
        packaging_class: class.into(),
    }
}

/// Rice in sacks, oil in bottles, vinegar in glass, eggs of quail in a box.
pub fn goods() -> Vec<Sku> {
    vec![
        sku("RICE5", "sack", Fragility::None, 5_050, [400, 280, 80]),
        sku("RICE10", "sack", Fragility::None, 10_080, [480, 330, 110]),
        sku("OIL5", "bottle", Fragility::Bottle, 4_780, [160, 140, 330]),
        sku("VINEGAR", "bottle", Fragility::Glass, 950, [80, 80, 270]),
        sku("MILLET1", "pouch", Fragility::None, 1_020, [200, 140, 60]),
    ]
}

/// The catalogue of these goods.
pub fn catalogue() -> Catalogue {
    let mut catalogue = Catalogue::default();
    for sku in goods() {
        catalogue.put_sku(sku);
    }
    catalogue
}

/// The bin a label names, `A-03-02-1`.
pub fn bin(id: &str) -> Bin {
    let mut parts = id.split('-');
    let zone = parts.next().unwrap_or_default().to_owned();
    let mut number = || parts.next().and_then(|part| part.parse().ok()).unwrap_or_default();
    let (aisle, bay, level) = (number(), number(), number());
    let check_digits = format!("{:02}", (aisle * 31 + bay * 7 + level) % 100);
    Bin { id: id.into(), zone, aisle, bay, level, check_digits }
}

/// The hall.
pub fn layout() -> Layout {
    let corners = [bin("A-03-08-1"), bin("B-03-08-1")];
    Layout::of(&corners)
}

/// `bin sku lot expiry qty`, a line each.
pub fn stock(table: &str) -> Vec<BinStock> {
    let rows = table.lines().map(str::trim).filter(|row| !row.is_empty());
    let parsed = rows.map(|row| {
        let cells: Vec<&str> = row.split_whitespace().collect();
        let [at, sku, lot, expiry, qty] = cells[..] else { panic!("five cells: {row}") };
        let qty = Qty(qty.parse().expect("a number of units"));
        BinStock { bin: bin(at), sku: sku.into(), lot: lot.into(), expiry: expiry.to_owned(), qty }
    });
    parsed.collect()
}

/// `no: qty sku, qty sku`, a line each, in the order they were paid.
pub fn orders(table: &str) -> Vec<WaveOrder> {
    let rows = table.lines().map(str::trim).filter(|row| !row.is_empty());
    let parsed = rows.enumerate().map(|(at, row)| {
        let (no, goods) = row.split_once(':').expect("a colon");
        let parts = goods.split(',').map(|part| {
            let (qty, sku) = part.trim().split_once(' ').expect("a quantity and a SKU");
            (sku.into(), Qty(qty.parse().expect("a number of units")))
        });
        let demand: std::collections::BTreeMap<_, _> = parts.collect();
        let units: Qty = demand.values().copied().sum();
        let profile = match (demand.len(), units) {
            (1, Qty::ONE) => ParcelProfile::OneOfOne,
            (1, _) => ParcelProfile::OneSkuMany,
            _ => ParcelProfile::Mixed,
        };
        WaveOrder { no: no.into(), paid_at: EpochMs(at as i64), profile, demand }
    });
    parsed.collect()
}

/// A walk, a line a stop.
pub fn told(walk: &WalkPlan) -> String {
    let mut text = match &walk.tote {
        Some(tote) => format!("{} of {} with {tote}\n", walk.id, walk.wave),
        None => format!("{} of {}\n", walk.id, walk.wave),
    };
    for line in &walk.lines {
        let shares: Vec<String> =
            line.shares.iter().map(|share| format!("{}:{}", share.order, share.qty)).collect();
        let deed = match line.kind {
            LineKind::Pick => "take",
            LineKind::PutBack => "put back",
        };
        let told = format!(
            "  {} ({}) {deed} {} {} {}  {}",
            line.bin,
            line.check_digits,
            line.qty,
            line.sku,
            line.lot,
            shares.join(" ")
        );
        text.push_str(told.trim_end());
        text.push('\n');
    }
    text
}

/// A plan, its walks and what it leaves out.
pub fn told_plan(plan: &WavePlan) -> String {
    let mut text: String = plan.walks.iter().map(told).collect();
    for (order, reason) in &plan.left_out {
        let why = match reason {
            LeftOutReason::NothingToFetch => "nothing to fetch".to_owned(),
            LeftOutReason::UnknownSkus { skus } => {
                let skus: Vec<&str> = skus.iter().map(|sku| sku.as_str()).collect();
                format!("unknown {}", skus.join(", "))
            }
            LeftOutReason::Short { missing } => {
                let missing: Vec<String> = missing.iter().map(|(sku, qty)| format!("{qty} {sku}")).collect();
                format!("short of {}", missing.join(", "))
            }
        };
        text.push_str(&format!("left out {order}: {why}\n"));
    }
    text
}

/// Packaging material of one class; inner sides in millimetres.
pub fn material(id: &str, class: &str, sides: [i64; 3], max_weight_g: i64) -> Packaging {
    let [length_mm, width_mm, height_mm] = sides.map(Mm);
    Packaging {
        id: id.into(),
        name: id.into(),
        class: class.into(),
        tare_g: Grams(300),
        inner: Size { length_mm, width_mm, height_mm },
        max_weight_g: Grams(max_weight_g),
    }
}
