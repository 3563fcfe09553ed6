//! The books of a campaign: what is set aside, available, held and settled, held against what its orders add up to
//! (`sums`). Changes nothing; a difference is a fault of a program. Of a campaign that is only planned the books are
//! empty.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::id::{SkuId, WarehouseId};
use serde::Serialize;

use super::sums::Sums;
use crate::database::Transaction;
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

/// The books of a campaign, all its orders read; `None` where there is no such campaign. Who looks often asks
/// [`super::Looks`].
///
/// # Errors
/// Of the database, or when an order's units cannot be read.
pub async fn ledger(look: &mut Transaction, id: &str) -> Result<Option<Ledger>> {
    if table::find(look, id).await?.is_none() {
        return Ok(None);
    }
    let mut sums = Sums::default();
    sums.catch_up(look, id).await?;
    book(look, id, &sums).await.map(Some)
}

/// The books of a campaign whose orders are added up.
pub(super) async fn book(look: &mut Transaction, id: &str, sums: &Sums) -> Result<Ledger> {
    let mut sold = sums.shares()?;
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
    Ok(Ledger { campaign: id.to_owned(), balanced, rows, provinces, differences })
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
