//! What a running campaign looks like at this moment, for the live page. Counts in the database; knows no order.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::EpochMs;
use serde::Serialize;

use crate::database::{Transaction, query};
use crate::store::campaign as table;
use crate::store::quota;

/// Seconds of the curve.
const CURVE_S: i64 = 300;

/// A look at a running campaign.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Meter {
    /// When, epoch milliseconds.
    pub at: i64,
    /// Orders taken, by where they stand.
    pub orders: OrderCounts,
    /// Orders not taken, by the code of the refusal.
    pub refused: BTreeMap<String, i64>,
    /// Orders taken a second (seconds since 1970, orders), the last five minutes, seconds without any left out.
    pub per_second: Vec<(i64, i64)>,
    /// Stock by warehouse and SKU, all channels together.
    pub stock: Vec<StockLevel>,
    /// Orders by province, most first.
    pub provinces: Vec<ProvinceOrders>,
}

/// Orders by where they stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct OrderCounts {
    /// At their warehouse or further.
    pub accepted: i64,
    /// A person decides.
    pub review: i64,
    /// Not paid yet.
    pub unpaid: i64,
    /// Their receiver cannot be read yet.
    pub waiting: i64,
    /// By channel, lapse or review.
    pub cancelled: i64,
}

/// Stock of one SKU in one warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StockLevel {
    /// What.
    pub sku: SkuId,
    /// Where.
    pub warehouse: WarehouseId,
    /// Units set aside.
    pub set_aside: i64,
    /// Units promised.
    pub held: i64,
    /// Units that left.
    pub settled: i64,
}

/// Orders that go to a province.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvinceOrders {
    /// As the orders spell it.
    pub province: String,
    /// How many.
    pub orders: i64,
}

/// What happened to orders taken at `since` or later (all: 0); `None` where there is no such campaign. O(its
/// orders).
///
/// # Errors
/// Of the database.
pub async fn meter(look: &mut Transaction, id: &str, since: EpochMs, now: EpochMs) -> Result<Option<Meter>> {
    if table::find(look, id).await?.is_none() {
        return Ok(None);
    }
    let sql = "SELECT state, province, COUNT(*) FROM orders WHERE campaign = $1 AND taken_at >= $2
        GROUP BY state, province";
    let mut orders = OrderCounts::default();
    let mut provinces = BTreeMap::<String, i64>::new();
    for (state, province, count) in
        query(sql).bind(id).bind(since.0).all::<(String, String, i64)>(look).await?
    {
        *match state.as_str() {
            "review" => &mut orders.review,
            "unpaid" => &mut orders.unpaid,
            "waiting" => &mut orders.waiting,
            "cancelled" => &mut orders.cancelled,
            _ => &mut orders.accepted,
        } += count;
        *provinces.entry(province).or_default() += count;
    }
    let mut provinces: Vec<ProvinceOrders> =
        provinces.into_iter().map(|(province, orders)| ProvinceOrders { province, orders }).collect();
    provinces.sort_by(|a, b| (b.orders, &a.province).cmp(&(a.orders, &b.province)));
    let sql = "SELECT code, COUNT(*) FROM refusal WHERE campaign = $1 AND at >= $2 GROUP BY code";
    let refused: Vec<(String, i64)> = query(sql).bind(id).bind(since.0).all(look).await?;
    let per_second = per_second(look, id, since.0.max((now.0 / 1000 - CURVE_S) * 1000)).await?;
    let stock = stock(look, id).await?;
    let refused = refused.into_iter().collect();
    Ok(Some(Meter { at: now.0, orders, refused, per_second, stock, provinces }))
}

async fn per_second(look: &mut Transaction, id: &str, from: i64) -> Result<Vec<(i64, i64)>> {
    let sql = "SELECT taken_at / 1000, COUNT(*) FROM orders WHERE campaign = $1 AND taken_at >= $2
        GROUP BY taken_at / 1000 ORDER BY taken_at / 1000";
    query(sql).bind(id).bind(from).all(look).await
}

async fn stock(look: &mut Transaction, id: &str) -> Result<Vec<StockLevel>> {
    let mut levels = BTreeMap::<(SkuId, WarehouseId), [i64; 3]>::new();
    for row in quota::rows(look, id).await? {
        let level = levels.entry((row.sku, row.warehouse)).or_default();
        for (sum, more) in level.iter_mut().zip([row.set_aside, row.held, row.settled]) {
            *sum += more;
        }
    }
    let level = |((sku, warehouse), [set_aside, held, settled]): ((SkuId, WarehouseId), [i64; 3])| {
        StockLevel { sku, warehouse, set_aside, held, settled }
    };
    Ok(levels.into_iter().map(level).collect())
}
