//! A small warehouse for tests: goods, people, places, opening stock and orders, as the server's feed tells them.

use liangcang_domain::catalogue::{Bundle, Component, Fragility, Packaging, Size, Sku};
use liangcang_domain::fact::Goods;
use liangcang_domain::feed::{FeedEntry, Lot, Operator};
use liangcang_domain::order::{Order, OrderLine, Receiver};
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use liangcang_domain::warehouse::{Bin, Carrier, Sender, Warehouse};

/// GTIN of the rice, with a right check digit.
pub const RICE_GTIN: &str = "6901234567892";
/// The receiver of every order that does not name another.
pub const RECEIVER: &str = "李小明";

fn sku(id: &str, name: &str, barcodes: &[&str], weight_g: i64, class: &str) -> FeedEntry {
    let fragility = if class == "bottle" { Fragility::Bottle } else { Fragility::None };
    FeedEntry::Sku {
        sku: Sku {
            id: id.into(),
            name: name.into(),
            short_name: name.into(),
            spoken_zh: name.into(),
            spoken_en: id.to_lowercase(),
            barcodes: barcodes.iter().map(|code| (*code).to_owned()).collect(),
            gross_weight_g: Grams(weight_g),
            size: Size { length_mm: Mm(300), width_mm: Mm(200), height_mm: Mm(100) },
            shelf_life_days: 360,
            fragility,
            packaging_class: class.into(),
        },
    }
}

fn packaging(id: &str, class: &str, tare_g: i64, side_mm: i64) -> FeedEntry {
    let inner = Size { length_mm: Mm(side_mm), width_mm: Mm(side_mm), height_mm: Mm(side_mm) };
    let (name, max_weight_g) = (id.to_owned(), Grams(60_000));
    FeedEntry::Packaging {
        packaging: Packaging {
            id: id.into(),
            name,
            class: class.into(),
            tare_g: Grams(tare_g),
            inner,
            max_weight_g,
        },
    }
}

fn carrier(id: &str, name: &str) -> FeedEntry {
    let carrier = Carrier {
        id: id.into(),
        name: name.into(),
        service: "标准快递".into(),
        cutoff_minute: 17 * 60,
        provinces: vec![],
    };
    FeedEntry::Carrier { carrier }
}

fn bin(zone: &str, aisle: u32, bay: u32, check_digits: &str) -> FeedEntry {
    let id = format!("{zone}-{aisle:02}-{bay:02}-1").into();
    FeedEntry::Bin {
        bin: Bin { id, zone: zone.into(), aisle, bay, level: 1, check_digits: check_digits.into() },
    }
}

/// What lay there when the system began.
pub fn opening(bin: &str, sku: &str, lot: &str, qty: i64) -> FeedEntry {
    let goods = Goods { sku: sku.into(), lot: lot.into(), qty: Qty(qty) };
    FeedEntry::Opening { goods, bin: bin.into() }
}

fn lot(id: &str, sku: &str, expiry: &str) -> FeedEntry {
    FeedEntry::Lot {
        lot: Lot { id: id.into(), sku: sku.into(), mfg_date: "2026-10-01".into(), expiry: expiry.into() },
    }
}

fn person(id: &str, name: &str, lead: bool) -> FeedEntry {
    FeedEntry::Operator { operator: Operator { id: id.into(), name: name.into(), lead } }
}

/// Rice in A-01-01-1 (20) and, expiring later, in A-02-03-1 (5); oil in A-01-02-1 (20); salt in B-01-01-1 (20).
pub fn reference() -> Vec<FeedEntry> {
    let sender = Sender {
        name: "粮仓旗舰店".into(),
        phone: "400-000-0000".into(),
        address: "上海市嘉定区粮仓路".into(),
    };
    let warehouse =
        Warehouse { id: "SH".into(), name: "上海仓".into(), sender, provinces: vec!["上海".into()] };
    let component = |sku: &str| Component { sku: sku.into(), qty: Qty::ONE };
    let gift = Bundle {
        id: "GIFT-A".into(),
        name: "米油礼盒".into(),
        components: vec![component("RICE5"), component("OIL5")],
    };
    let totes = (1..=4).map(|n| FeedEntry::Tote { tote: format!("TOTE-{n:04}").into() });
    let mut entries = vec![
        FeedEntry::Warehouse { warehouse },
        carrier("SF", "顺丰速运"),
        carrier("ZTO", "中通快递"),
        sku("RICE5", "五常大米 5kg", &[RICE_GTIN], 5_050, "sack"),
        sku("OIL5", "菜籽油 5L", &["6901234567908"], 4_700, "bottle"),
        sku("SALT", "湖盐 400g", &["6901234567915"], 410, "box"),
        FeedEntry::Bundle { bundle: gift },
        packaging("BAG", "woven_bag", 90, 600),
        packaging("BOX-M", "carton", 350, 450),
        person("wang", "王敏", false),
        person("zhao", "赵强", false),
        person("li", "李组长", true),
        FeedEntry::Cage { cage: "CAGE-SF-01".into() },
        FeedEntry::Cage { cage: "CAGE-ZTO-01".into() },
        bin("A", 1, 1, "41"),
        bin("A", 1, 2, "86"),
        bin("A", 2, 3, "27"),
        bin("B", 1, 1, "53"),
        lot("LR1", "RICE5", "2027-03-01"),
        lot("LR2", "RICE5", "2027-09-01"),
        lot("LO1", "OIL5", "2027-05-01"),
        lot("LS1", "SALT", "2029-01-01"),
        opening("A-01-01-1", "RICE5", "LR1", 20),
        opening("A-02-03-1", "RICE5", "LR2", 5),
        opening("A-01-02-1", "OIL5", "LO1", 20),
        opening("B-01-01-1", "SALT", "LS1", 20),
    ];
    entries.extend(totes);
    entries
}

/// The waybill of an order: its number in the carrier's form.
pub fn waybill(no: &str, carrier: &str) -> String {
    if carrier == "SF" { format!("SF{no:0>13}") } else { format!("7{no:0>13}") }
}

/// An order for single items; `GIFT-A` is exploded.
pub fn order(no: &str, carrier: &str, lines: &[(&str, i64)]) -> Order {
    let line = |(code, qty): &(&str, i64)| {
        let skus: &[&str] = if *code == "GIFT-A" { &["RICE5", "OIL5"] } else { &[code] };
        let parts = skus.iter().map(|sku| ((*sku).into(), Qty(*qty))).collect();
        OrderLine { code: (*code).into(), title: (*code).into(), qty: Qty(*qty), parts }
    };
    Order {
        channel: "douyin".into(),
        no: no.into(),
        warehouse: "SH".into(),
        carrier: carrier.into(),
        waybill_no: waybill(no, carrier).into(),
        route_code: "021-A1".into(),
        consolidation: "沪集".into(),
        receiver: receiver(RECEIVER, "13800001234"),
        lines: lines.iter().map(line).collect(),
        // The number also says which order is older.
        paid_at: EpochMs(1_795_400_000_000 + no.parse::<i64>().unwrap_or(0)),
        ship_by: EpochMs(1_795_500_000_000),
        routed_because: "region".into(),
    }
}

/// Somebody in Shanghai.
pub fn receiver(name: &str, phone: &str) -> Receiver {
    Receiver {
        name: name.into(),
        phone: phone.into(),
        province: "上海市".into(),
        city: "上海市".into(),
        district: "浦东新区".into(),
        detail: "稻香路 88 弄 3 号 501 室".into(),
    }
}

/// The order as the feed tells it.
pub fn told(order: Order) -> FeedEntry {
    FeedEntry::Order { order: Box::new(order) }
}

/// A cancellation as the feed tells it.
pub fn cancelled(no: &str) -> FeedEntry {
    FeedEntry::Cancelled { order: no.into(), reason: "buyer".into() }
}
