//! The company that is measured: a warehouse of any number of bins, 200 goods, and as many orders as are asked for.
//!
//! Everything follows from its number, so two runs measure the same work. The people in it do not exist.

use liangcang_domain::catalogue::{Bundle, Component, Fragility, Packaging, Size, Sku};
use liangcang_domain::fact::Goods;
use liangcang_domain::feed::{FeedEntry, Lot, Operator};
use liangcang_domain::id::{BinId, LotId, SkuId};
use liangcang_domain::order::{Order, OrderLine, Receiver};
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use liangcang_domain::warehouse::{Bin, Carrier, Sender, Warehouse};

/// Goods in the catalogue.
const SKUS: u64 = 200;
/// Bundles in the catalogue.
const BUNDLES: u64 = 10;
/// Every so many bins one has stock.
const STOCKED_EVERY: u64 = 5;
/// Totes in the rack.
pub const TOTES: usize = 400;
/// The badge of the one who works.
pub const BADGE: &str = "OP-1001";
/// The carrier whose waves are worked.
pub const CARRIER: &str = "ZTO";
/// 2026-11-23 20:00 in China: all orders were paid in the ten minutes after it.
const SHOW_MS: i64 = 1_795_435_200_000;

/// How large it is.
#[derive(Clone, Copy, Debug)]
pub struct Company {
    /// Bins of the warehouse.
    pub bins: u64,
    /// Orders that a fresh replica begins with.
    pub orders: u64,
}

/// A number that looks random and is the same in every run.
pub fn scattered(seed: u64) -> u64 {
    // SplitMix64, the published constants.
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Company {
    /// Everything a fresh replica is given, orders last.
    pub fn snapshot(self) -> impl Iterator<Item = FeedEntry> {
        house()
            .into_iter()
            .chain((0..SKUS).flat_map(goods))
            .chain((0..BUNDLES).map(bundle))
            .chain((0..self.bins).flat_map(bin))
            .chain((0..self.orders).map(order))
    }
}

/// The barcode on a piece of goods.
pub fn barcode(sku: &SkuId) -> String {
    let number: u64 = sku.as_str().trim_start_matches('G').parse().unwrap_or_default();
    let bare = format!("690{:09}", 100_000 + number);
    let sum: u32 = bare.bytes().zip([1, 3].into_iter().cycle()).map(|(b, by)| u32::from(b - b'0') * by).sum();
    format!("{bare}{}", (10 - sum % 10) % 10)
}

fn sku_id(number: u64) -> SkuId {
    SkuId(format!("G{number:03}"))
}

fn lot_id(number: u64, which: u64) -> LotId {
    LotId(format!("L{number:03}{which}"))
}

fn size(length: i64, width: i64, height: i64) -> Size {
    Size { length_mm: Mm(length), width_mm: Mm(width), height_mm: Mm(height) }
}

/// What there is one or a few of: the warehouse, carriers, people, packaging, totes, cages.
fn house() -> Vec<FeedEntry> {
    let sender = Sender {
        name: "良仓粮油旗舰店".into(),
        phone: "021-58880000".into(),
        address: "上海市奉贤区金汇镇工业路669号3号库".into(),
    };
    let warehouse =
        Warehouse { id: "SH".into(), name: "上海仓".into(), sender, provinces: vec!["上海".into()] };
    let mut house = vec![FeedEntry::Warehouse { warehouse }];
    for (id, name, service) in [("ZTO", "中通快递", "标准快递"), ("SF", "顺丰速运", "电商标快")]
    {
        let (name, service) = (name.into(), service.into());
        let carrier = Carrier { id: id.into(), name, service, cutoff_minute: 21 * 60, provinces: vec![] };
        house.push(FeedEntry::Carrier { carrier });
        house.push(FeedEntry::Cage { cage: format!("CAGE-{id}-01").into() });
    }
    for (id, class, tare, side, most) in [
        ("C1", "carton", 120, 250, 4_000),
        ("C2", "carton", 260, 400, 12_000),
        ("C3", "carton", 420, 550, 30_000),
        ("A1", "air_column_carton", 340, 420, 20_000),
        ("W1", "woven_bag", 90, 600, 30_000),
    ] {
        let (inner, tare_g, max_weight_g) = (size(side, side, side), Grams(tare), Grams(most));
        let (id, name, class) = (id.into(), format!("包材{id}"), class.into());
        house.push(FeedEntry::Packaging {
            packaging: Packaging { id, name, class, tare_g, inner, max_weight_g },
        });
    }
    for number in 1..=20 {
        let operator = Operator {
            id: format!("{}", 1_000 + number).into(),
            name: format!("工号{number}"),
            lead: number == 1,
        };
        house.push(FeedEntry::Operator { operator });
    }
    house.extend((1..=TOTES).map(|number| FeedEntry::Tote { tote: format!("TOTE-{number:04}").into() }));
    house
}

/// One piece of goods and its two lots.
fn goods(number: u64) -> Vec<FeedEntry> {
    let (packaging_class, fragility, weight, name) = match number % 3 {
        0 => ("sack", Fragility::None, 2_540, "五常大米 2.5kg"),
        1 => ("bottle", Fragility::Bottle, 1_720, "压榨菜籽油 1.8L"),
        _ => ("box", Fragility::None, 620, "杂粮礼盒 600g"),
    };
    let sku = Sku {
        id: sku_id(number),
        name: format!("{name} {number}号"),
        short_name: format!("{name}{number}"),
        spoken_zh: format!("{number}号粮油"),
        spoken_en: format!("item {number}"),
        barcodes: vec![barcode(&sku_id(number))],
        gross_weight_g: Grams(weight),
        size: size(200, 120, 80),
        shelf_life_days: 540,
        fragility,
        packaging_class: packaging_class.into(),
    };
    let lot = |which: u64| FeedEntry::Lot {
        lot: Lot {
            id: lot_id(number, which),
            sku: sku_id(number),
            mfg_date: format!("2026-0{}-01", which + 7),
            expiry: format!("2028-0{}-01", which + 1),
        },
    };
    vec![FeedEntry::Sku { sku }, lot(0), lot(1)]
}

fn bundle(number: u64) -> FeedEntry {
    let component = |sku: u64| Component { sku: sku_id(sku), qty: Qty::ONE };
    let components = vec![component(number * 3), component(number * 3 + 1)];
    FeedEntry::Bundle {
        bundle: Bundle { id: bundle_code(number).into(), name: format!("米油组合 {number}"), components },
    }
}

fn bundle_code(number: u64) -> String {
    format!("GIFT-{number:02}")
}

/// A bin of four levels by fifty bays by fifteen aisles by as many zones as it takes, and what lies in it.
fn bin(number: u64) -> Vec<FeedEntry> {
    let (level, bay, aisle) = (number % 4 + 1, number / 4 % 50 + 1, number / 200 % 15 + 1);
    let zone = char::from(b'A' + u8::try_from(number / 3_000 % 26).unwrap_or_default());
    let id = BinId(format!("{zone}-{aisle:02}-{bay:02}-{level}"));
    let short = |n: u64| u32::try_from(n).unwrap_or_default();
    let bin = Bin {
        id: id.clone(),
        zone: zone.into(),
        aisle: short(aisle),
        bay: short(bay),
        level: short(level),
        check_digits: format!("{:02}", scattered(number) % 100),
    };
    let mut entries = vec![FeedEntry::Bin { bin }];
    if number.is_multiple_of(STOCKED_EVERY) {
        let pile = number / STOCKED_EVERY;
        let (sku, lot) = (sku_id(pile % SKUS), lot_id(pile % SKUS, pile / SKUS % 2));
        entries.push(FeedEntry::Opening { goods: Goods { sku, lot, qty: Qty(600) }, bin: id });
    }
    entries
}

/// The order of a number: one to three lines, the first goods of the show far more often than the last.
pub fn order(number: u64) -> FeedEntry {
    let roll = |salt: u64| scattered(number * 16 + salt);
    let lines = (0..roll(0) % 3 + 1).map(|line| order_line(roll(line + 1), line)).collect();
    let sf = roll(5) % 4 == 0;
    let waybill_no = if sf { format!("SF{number:013}") } else { format!("7{number:013}") };
    let paid_at = EpochMs(SHOW_MS + i64::try_from(roll(6) % 600_000).unwrap_or_default());
    let family =
        ["赵", "钱", "孙", "李", "周", "吴", "郑", "王"][usize::try_from(roll(7) % 8).unwrap_or_default()];
    let order = Order {
        channel: "douyin".into(),
        no: format!("692{number:016}").into(),
        warehouse: "SH".into(),
        carrier: if sf { "SF" } else { CARRIER }.into(),
        waybill_no: waybill_no.into(),
        route_code: format!("{:03}-H{:02} {:02}", roll(8) % 900 + 100, roll(9) % 40, roll(10) % 60),
        consolidation: "上海浦东转运中心".into(),
        receiver: Receiver {
            name: format!(
                "{family}小{}",
                ["明", "红", "丽", "强"][usize::try_from(roll(11) % 4).unwrap_or_default()]
            ),
            phone: format!("139{:08}", roll(12) % 100_000_000),
            province: "浙江省".into(),
            city: "杭州市".into(),
            district: "余杭区".into(),
            detail: format!(
                "文一西路{}号{}幢{}室",
                roll(13) % 999 + 1,
                roll(14) % 40 + 1,
                roll(15) % 2_000 + 101
            ),
        },
        lines,
        paid_at,
        ship_by: EpochMs(paid_at.0 + 48 * 3_600_000),
        routed_because: "nearest".into(),
    };
    FeedEntry::Order { order: Box::new(order) }
}

/// A line of an order. Lines of one order take their goods from different thirds of the catalogue.
fn order_line(roll: u64, line: u64) -> OrderLine {
    let qty = Qty(if roll.is_multiple_of(5) { 2 } else { 1 });
    if line == 0 && roll.is_multiple_of(7) {
        let number = roll / 7 % BUNDLES;
        let parts = [number * 3, number * 3 + 1].map(|sku| (sku_id(sku), qty)).to_vec();
        return OrderLine { code: bundle_code(number), title: format!("米油组合 {number}"), qty, parts };
    }
    let third = SKUS / 3;
    let (a, b) = (roll / 64 % third, roll / 65_536 % third);
    let sku = sku_id(a.min(b) * 3 + line);
    OrderLine { code: sku.0.clone(), title: format!("粮油 {sku}"), qty, parts: vec![(sku, qty)] }
}
