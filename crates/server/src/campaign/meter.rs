//! What a running campaign looks like at this moment, for the live page. Orders are added up elsewhere (`sums`).

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::EpochMs;
use serde::Serialize;

use super::sums::Sums;
use crate::database::{Transaction, query};
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

/// What happened to orders taken since a second (all: 0), from what they add up to; reads the stock, and refusals
/// where any were written since they were counted.
///
/// # Errors
/// Of the database.
pub(super) async fn show(
    look: &mut Transaction,
    id: &str,
    (sums, refused): (&Sums, &mut Refusals),
    (since, now): (EpochMs, EpochMs),
) -> Result<Meter> {
    let second = since.0.div_euclid(1_000) + i64::from(since.0.rem_euclid(1_000) > 0);
    let (orders, provinces) = sums.stands(second);
    let per_second = sums.per_second(second.max(now.0 / 1_000 - CURVE_S));
    let refused = refused.since(look, id, (sums.turn(), since)).await?;
    let stock = stock(look, id).await?;
    Ok(Meter { at: now.0, orders, refused, per_second, stock, provinces })
}

/// Refusals as last counted. They are not counted by turns: nothing in a refusal tells its turn.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    turn: i64,
    whole: BTreeMap<String, i64>,
}

impl Refusals {
    /// Refusals by code. Of all (0) they are counted in the table's own index, and only when the campaign's turn has
    /// moved on.
    async fn since(
        &mut self,
        look: &mut Transaction,
        id: &str,
        (turn, since): (i64, EpochMs),
    ) -> Result<BTreeMap<String, i64>> {
        if since.0 > 0 {
            let sql = "SELECT code, COUNT(*) FROM refusal WHERE campaign = $1 AND at >= $2 GROUP BY code";
            let some: Vec<(String, i64)> = query(sql).bind(id).bind(since.0).all(look).await?;
            return Ok(some.into_iter().collect());
        }
        if self.turn != turn {
            let sql = "SELECT code, COUNT(*) FROM refusal WHERE campaign = $1 GROUP BY code";
            let whole: Vec<(String, i64)> = query(sql).bind(id).all(look).await?;
            *self = Self { turn, whole: whole.into_iter().collect() };
        }
        Ok(self.whole.clone())
    }
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
