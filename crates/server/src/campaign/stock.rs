//! Top-up and draw-down of what an armed or live campaign has set aside.

use std::collections::{BTreeMap, BTreeSet};

use liangcang_domain::id::{SkuId, WarehouseId};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::life::{free_all, hold_all, known, note, turn};
use super::plan::{Known, is_countable, place_words};
use super::{Act, By, Refused};
use crate::database::Database;
use crate::store::campaign::State;
use crate::store::{platform_message, quota};

/// Units to be set aside more or less.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StockChange {
    /// Where.
    pub warehouse: WarehouseId,
    /// What.
    pub sku: SkuId,
    /// For whose orders; empty: everybody's.
    #[serde(default)]
    pub channel: String,
    /// How many more (above 0) or fewer (below 0).
    pub by: i64,
}

/// Changes what is set aside, all rows or none. A move between channels needs nothing of the pool.
///
/// # Errors
/// Every row the pool has not enough for, or of which orders hold too much to draw it down.
pub async fn change_stock(
    database: &Database,
    id: &str,
    changes: &[StockChange],
    by: By<'_>,
) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    let campaign = turn(&mut tx, id, Act::ChangeStock, &[State::Armed, State::Live]).await?;
    let faults = faults(changes, &campaign.channel, &known(&mut tx).await?);
    if !faults.is_empty() {
        return Err(Refused::Unfit(faults));
    }
    let mut changes: Vec<&StockChange> = changes.iter().collect();
    changes.sort_by_key(|it| (&it.warehouse, &it.sku, &it.channel));
    let mut pools = BTreeMap::<(WarehouseId, SkuId), i64>::new();
    let mut in_use = Vec::new();
    for StockChange { warehouse, sku, channel, by } in &changes {
        *pools.entry((warehouse.clone(), sku.clone())).or_default() += by;
        let place = (warehouse, sku, channel.as_str());
        if *by > 0 {
            quota::raise(&mut tx, id, place, *by).await?;
        } else if !quota::lower(&mut tx, id, place, -by).await? {
            let rows = quota::rows(&mut tx, id).await?;
            let row = rows.iter().find(|it| (&it.warehouse, &it.sku, it.channel.as_str()) == place);
            let available = row.map_or(0, quota::QuotaRow::available);
            let words = place_words(warehouse, sku, channel);
            in_use.push(format!("{words}: {} units cannot be taken, {available} are available", -by));
        }
    }
    if !in_use.is_empty() {
        return Err(Refused::InUse(in_use));
    }
    let signed = |sign: i64| {
        let side = pools.iter().filter(move |(_, net)| **net * sign > 0);
        side.map(|(pool, net)| (pool.clone(), net * sign)).collect::<BTreeMap<_, _>>()
    };
    hold_all(&mut tx, &signed(1)).await?;
    free_all(&mut tx, &signed(-1)).await?;
    platform_message::stock_came(&mut tx).await?;
    note(&mut tx, id, "stock_changed", &json!({ "changes": changes }), by).await?;
    Ok(tx.commit().await?)
}

fn faults(changes: &[StockChange], takes: &str, known: &Known) -> Vec<String> {
    let mut faults = Vec::new();
    if changes.is_empty() {
        faults.push("there are no changes: name at least one".to_owned());
    }
    let mut seen = BTreeSet::new();
    for StockChange { warehouse, sku, channel, by } in changes {
        let place = place_words(warehouse, sku, channel);
        if !seen.insert((warehouse, sku, channel)) {
            faults.push(format!("{place} is changed twice: add the two up"));
        }
        faults.extend(known.place_faults(takes, (warehouse, sku, channel)));
        if *by == 0 || !is_countable(by.saturating_abs()) {
            faults.push(format!("{place}: a change by {by} units is none, or too large"));
        }
    }
    faults
}
