//! The company and the campaign of a rehearsed show: eight warehouses over the whole country and one hot bundle, with
//! stock for fewer orders than will come.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use liangcang_domain::address::{Level, Regions};
use liangcang_domain::catalogue::{Bundle, Component, Fragility, Size, Sku};
use liangcang_domain::feed::Lot;
use liangcang_domain::id::WarehouseId;
use liangcang_domain::risk::Rules;
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use liangcang_domain::warehouse::{Bin, Carrier, Sender, Warehouse};

use crate::campaign::{self, By, OfferPlan, Plan, ProvinceQuota, SetAside};
use crate::catalogue_files::WaybillRange;
use crate::database::Database;
use crate::incoming::province_stem;
use crate::store::company::{self, Company};

/// The campaign's id.
pub const SHOW: &str = "burst";
/// The bundle everybody wants.
pub const BUNDLE: &str = "GIFT-A";
/// Its price in fen.
pub const PRICE_FEN: i64 = 12_900;
/// The province with a quota, which is half of what will be asked for there.
const SHORT_PROVINCE: &str = "西藏";
/// Of a hundred orders so many have stock.
const STOCKED_PERCENT: i64 = 95;
/// Orders a buyer may have.
const BUYER_LIMIT: i64 = 3;
const PARTS: [(&str, &str, Fragility, i64); 2] =
    [("RICE5", "五常大米 5kg", Fragility::None, 5_080), ("OIL5", "一级花生油 5L", Fragility::Bottle, 4_810)];
const HOUR_MS: i64 = 3_600_000;

/// Warehouses with the provinces they serve first.
const WAREHOUSES: [(&str, &str, &[&str]); 8] = [
    ("BJ", "北京仓", &["北京", "天津", "河北", "山西", "内蒙古"]),
    ("CD", "成都仓", &["四川", "重庆", "云南", "贵州", "西藏"]),
    ("GZ", "广州仓", &["广东", "广西", "海南", "福建"]),
    ("JN", "济南仓", &["山东", "安徽"]),
    ("SH", "上海仓", &["上海", "江苏", "浙江"]),
    ("SY", "沈阳仓", &["辽宁", "吉林", "黑龙江"]),
    ("WH", "武汉仓", &["湖北", "湖南", "河南", "江西"]),
    ("XA", "西安仓", &["陕西", "甘肃", "青海", "宁夏", "新疆"]),
];

/// Brings the company in and lets its campaign begin, for so many orders.
///
/// # Errors
/// Of the database; a refusal is an error with its sentence.
pub async fn open_show(database: &Database, orders: i64, at: EpochMs) -> Result<()> {
    let asked = asked_by_warehouse(orders);
    let mut tx = database.begin().await?;
    company::import(&mut tx, &company(&asked, orders)).await?;
    tx.commit().await?;
    let by = By { who: "rehearsal", at };
    campaign::plan(database, &plan(&asked, orders, at), by).await?;
    campaign::arm(database, SHOW, by).await?;
    campaign::start(database, SHOW, by).await?;
    Ok(())
}

/// Orders each warehouse has stock for: the share of its provinces, as the crowd is spread over all districts.
fn asked_by_warehouse(orders: i64) -> BTreeMap<WarehouseId, i64> {
    let districts = districts_by_province();
    let all: i64 = districts.values().sum();
    let share = |provinces: &[&str]| provinces.iter().filter_map(|name| districts.get(*name)).sum::<i64>();
    let stocked = |served: i64| (orders * served * STOCKED_PERCENT / (all * 100)).max(1);
    WAREHOUSES.iter().map(|(id, _, provinces)| (WarehouseId::from(*id), stocked(share(provinces)))).collect()
}

/// Districts a warehouse serves first, with their province and city: where the crowd lives.
pub fn districts() -> Vec<(&'static str, &'static str, &'static str)> {
    let served: BTreeSet<&str> =
        WAREHOUSES.iter().flat_map(|(_, _, provinces)| *provinces).copied().collect();
    let mut districts = Vec::new();
    let (mut province, mut city) = ("", "");
    for region in Regions::built_in().all() {
        match region.level {
            Level::Province => (province, city) = (region.name, region.name),
            Level::City => city = region.name,
            Level::District if served.contains(province_stem(province)) => {
                districts.push((province, city, region.name));
            }
            Level::District => {}
        }
    }
    districts
}

fn districts_by_province() -> BTreeMap<&'static str, i64> {
    let mut count = BTreeMap::new();
    for (province, ..) in districts() {
        *count.entry(province_stem(province)).or_default() += 1;
    }
    count
}

fn company(asked: &BTreeMap<WarehouseId, i64>, orders: i64) -> Company {
    let address = |name: &str| format!("{name}，丰收路 1 号");
    let warehouse = |(id, name, provinces): &(&str, &str, &[&str])| Warehouse {
        id: (*id).into(),
        name: (*name).to_owned(),
        sender: Sender { name: "丰禾粮油".into(), phone: "400-000-0120".into(), address: address(name) },
        provinces: provinces.iter().map(|name| (*name).to_owned()).collect(),
    };
    let carrier = Carrier {
        id: "ZTO".into(),
        name: "中通快递".into(),
        service: "标准快递".into(),
        cutoff_minute: 17 * 60,
        provinces: Vec::new(),
    };
    let component =
        |(sku, ..): &(&str, &str, Fragility, i64)| Component { sku: (*sku).into(), qty: Qty::ONE };
    let components = PARTS.iter().map(component).collect();
    let bundle = Bundle { id: BUNDLE.into(), name: "米油安家礼盒".into(), components };
    let numbers = u64::try_from(orders).unwrap_or_default() * 2;
    let range = WaybillRange {
        carrier: carrier.id.clone(),
        prefix: String::new(),
        first: 73_110_000_000_001,
        last: 73_110_000_000_000 + numbers.max(1_000),
        digits: 14,
    };
    Company {
        warehouses: WAREHOUSES.iter().map(|it| (it.0.into(), warehouse(it))).collect(),
        carriers: [(carrier.id.clone(), carrier)].into(),
        skus: PARTS.iter().map(|it| (it.0.into(), sku(it))).collect(),
        bundles: [(bundle.id.clone(), bundle)].into(),
        bins: asked.keys().map(|at| ((at.clone(), bin().id), bin())).collect(),
        lots: PARTS.iter().map(|it| ((it.0.into(), "L1".into()), lot(it.0))).collect(),
        opening: asked
            .iter()
            .flat_map(|(at, qty)| {
                PARTS.map(|it| ((at.clone(), bin().id, it.0.into(), "L1".into()), Qty(*qty)))
            })
            .collect(),
        ranges: vec![range],
        ..Company::default()
    }
}

fn sku((id, name, fragility, gross_weight_g): &(&str, &str, Fragility, i64)) -> Sku {
    Sku {
        id: (*id).into(),
        name: (*name).to_owned(),
        short_name: (*name).to_owned(),
        spoken_zh: (*name).to_owned(),
        spoken_en: (*id).to_owned(),
        barcodes: vec![format!("699000{}", gross_weight_g)],
        gross_weight_g: Grams(*gross_weight_g),
        size: Size { length_mm: Mm(400), width_mm: Mm(270), height_mm: Mm(75) },
        shelf_life_days: 365,
        fragility: *fragility,
        packaging_class: "sack".to_owned(),
    }
}

fn bin() -> Bin {
    Bin { id: "A-01-01-1".into(), zone: "A".into(), aisle: 1, bay: 1, level: 1, check_digits: "42".into() }
}

fn lot(sku: &str) -> Lot {
    Lot { id: "L1".into(), sku: sku.into(), mfg_date: "2026-10-01".into(), expiry: "2027-10-01".into() }
}

fn plan(asked: &BTreeMap<WarehouseId, i64>, orders: i64, at: EpochMs) -> Plan {
    let districts = districts_by_province();
    let all: i64 = districts.values().sum();
    let short = districts.get(SHORT_PROVINCE).copied().unwrap_or_default();
    let set_aside = asked.iter().flat_map(|(warehouse, qty)| {
        PARTS.map(|it| SetAside {
            warehouse: warehouse.clone(),
            sku: it.0.into(),
            channel: String::new(),
            qty: *qty,
        })
    });
    Plan {
        id: SHOW.to_owned(),
        name: "Rehearsed show".to_owned(),
        host: "rehearsal".to_owned(),
        channel: String::new(),
        starts_at: at.0 - HOUR_MS,
        ends_at: at.0 + 24 * HOUR_MS,
        split_allowed: false,
        buyer_limit: BUYER_LIMIT,
        address_limit: 0,
        unpaid_ms: HOUR_MS / 4,
        rules: Rules::default(),
        offers: vec![OfferPlan { code: BUNDLE.to_owned(), price_fen: PRICE_FEN, expected: orders.max(1) }],
        set_aside: set_aside.collect(),
        province_quotas: vec![ProvinceQuota {
            province: SHORT_PROVINCE.to_owned(),
            most: (orders * short / all / 2).max(1),
        }],
    }
}
