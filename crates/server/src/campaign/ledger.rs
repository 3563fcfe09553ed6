//! The books of a campaign: what is set aside, available, held and settled, recounted from its orders. Changes
//! nothing; a difference is a fault of a program. Of a campaign that is only planned the books are empty.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use liangcang_domain::id::{SkuId, WarehouseId};
use serde::Serialize;

use crate::database::{Transaction, query};
use crate::store::campaign as table;
use crate::store::quota::{self, QuotaRow};

/// The books of a campaign at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Ledger {
    /// Its id.
    pub campaign: String,
    /// Whether quotas and orders say the same.
    pub balanced: bool,
    /// By warehouse, SKU and channel.
    pub rows: Vec<LedgerRow>,
    /// Provinces that have a quota.
    pub provinces: Vec<ProvinceTaken>,
    /// What does not agree, each in a sentence.
    pub differences: Vec<String>,
}

/// One quota; `set_aside = available + held + settled`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LedgerRow {
    /// What.
    pub sku: SkuId,
    /// Where.
    pub warehouse: WarehouseId,
    /// For whose orders; empty: everybody's.
    pub channel: String,
    /// Units set aside.
    pub set_aside: i64,
    /// Units that may still be promised.
    pub available: i64,
    /// Units promised to orders.
    pub held: i64,
    /// Units that left the building.
    pub settled: i64,
    /// Held and settled, as its orders say, by where they go.
    pub by_province: Vec<ProvinceShare>,
}

/// Units that go to a province.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProvinceShare {
    /// As the orders spell it.
    pub province: String,
    /// Units promised.
    pub held: i64,
    /// Units that left.
    pub settled: i64,
}

/// Orders of a province that has a quota.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvinceTaken {
    /// Without its kind.
    pub province: String,
    /// Orders it may have.
    pub most: i64,
    /// Orders it has.
    pub taken: i64,
}

type Place = (WarehouseId, SkuId, String);

/// The books of a campaign; `None` where there is no such campaign. O(its orders) in the database, O(distinct
/// baskets × provinces) here.
///
/// # Errors
/// Of the database, or when an order's units cannot be read.
pub async fn ledger(look: &mut Transaction, id: &str) -> Result<Option<Ledger>> {
    if table::find(look, id).await?.is_none() {
        return Ok(None);
    }
    let mut sold = sold(look, id).await?;
    let mut differences = Vec::new();
    let mut rows = Vec::new();
    for row in quota::rows(look, id).await? {
        let place = (row.warehouse.clone(), row.sku.clone(), row.channel.clone());
        rows.push(recount(row, sold.remove(&place).unwrap_or_default(), &mut differences));
    }
    differences.extend(sold.into_keys().map(|(warehouse, sku, channel)| {
        format!("orders of channel {channel:?} draw on {sku} at {warehouse}, of which nothing is set aside")
    }));
    let mut provinces = Vec::new();
    for (province, most, taken) in table::province_quotas(look, id).await? {
        if taken > most {
            differences.push(format!("{province} has {taken} orders of at most {most}"));
        }
        provinces.push(ProvinceTaken { province, most, taken });
    }
    let balanced = differences.is_empty();
    Ok(Some(Ledger { campaign: id.to_owned(), balanced, rows, provinces, differences }))
}

fn recount(
    row: QuotaRow,
    shares: BTreeMap<String, ProvinceShare>,
    differences: &mut Vec<String>,
) -> LedgerRow {
    let available = row.available();
    let QuotaRow { warehouse, sku, channel, set_aside, held, settled } = row;
    let by_province: Vec<ProvinceShare> = shares.into_values().collect();
    let place = || format!("{sku} at {warehouse} for channel {channel:?}");
    for (what, says, sum) in [
        ("held", held, by_province.iter().map(|it| it.held).sum::<i64>()),
        ("settled", settled, by_province.iter().map(|it| it.settled).sum::<i64>()),
    ] {
        if says != sum {
            differences.push(format!("{}: {says} units are {what}, its orders say {sum}", place()));
        }
    }
    if available < 0 {
        differences.push(format!("{}: {} units more than are set aside", place(), -available));
    }
    LedgerRow { sku, warehouse, channel, set_aside, available, held, settled, by_province }
}

/// What orders hold and have settled, by place and province. Orders with the same basket are counted by the
/// database, so a million of them come as some hundred rows.
async fn sold(look: &mut Transaction, id: &str) -> Result<BTreeMap<Place, BTreeMap<String, ProvinceShare>>> {
    let sql = "SELECT warehouse, quota_channel, province, hold, units, COUNT(*) FROM orders
        WHERE campaign = $1 AND hold <> 'released' GROUP BY warehouse, quota_channel, province, hold, units";
    let rows = query(sql).bind(id).all::<(String, String, String, String, String, i64)>(look).await?;
    let mut sold = BTreeMap::<Place, BTreeMap<String, ProvinceShare>>::new();
    for (warehouse, channel, province, hold, units, orders) in rows {
        let units: Vec<(SkuId, i64)> =
            serde_json::from_str(&units).context("the units of an order cannot be read")?;
        for (sku, qty) in units {
            let place = (WarehouseId::from(warehouse.as_str()), sku, channel.clone());
            let share = sold.entry(place).or_default().entry(province.clone()).or_default();
            share.province.clone_from(&province);
            *(if hold == "held" { &mut share.held } else { &mut share.settled }) += qty * orders;
        }
    }
    Ok(sold)
}
