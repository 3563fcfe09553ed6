//! The life of a campaign: planned, armed, live, closed. Each act is one transaction, whole or not at all.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use liangcang_domain::id::{SkuId, WarehouseId};
use serde_json::{Value, json};

use super::plan::{Known, check_id, provinces};
use super::{Act, By, Missing, Plan, Refused};
use crate::database::{Database, Transaction, query};
use crate::store::campaign::{self as table, Campaign, State};
use crate::store::{company, platform_message, quota};

/// What plans are held against, as it is now.
pub(super) async fn known(tx: &mut Transaction) -> Result<Known> {
    let catalogue = company::catalogue(tx).await?;
    let warehouses: Vec<String> = query("SELECT id FROM warehouse").scalars(tx).await?;
    Ok(Known { catalogue, warehouses: warehouses.into_iter().map(WarehouseId::from).collect() })
}

/// The campaign in its turn, if it is in a state in which this may be done.
pub(super) async fn turn(
    tx: &mut Transaction,
    id: &str,
    act: Act,
    allowed: &[State],
) -> Result<Campaign, Refused> {
    check_id(id).map_err(|fault| Refused::Unfit(vec![fault]))?;
    let campaign = table::in_turn(tx, id).await?;
    let campaign = campaign.ok_or_else(|| Refused::Unknown { id: id.to_owned() })?;
    if allowed.contains(&campaign.state) {
        Ok(campaign)
    } else {
        Err(Refused::WrongState { id: campaign.id, state: campaign.state, act })
    }
}

/// Writes down an act in the transaction of the act.
pub(super) async fn note(
    tx: &mut Transaction,
    id: &str,
    act: &str,
    detail: &Value,
    by: By<'_>,
) -> Result<()> {
    table::note_act(tx, id, (act, detail), (by.who, by.at)).await
}

/// Plans a campaign; nothing is held yet.
///
/// # Errors
/// Everything that is wrong with the plan, or that there is one of its id.
pub async fn plan(database: &Database, plan: &Plan, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    check(&mut tx, plan).await?;
    if !table::insert(&mut tx, plan).await? {
        return Err(Refused::Exists { id: plan.id.clone() });
    }
    write(&mut tx, plan, "planned", by).await?;
    Ok(tx.commit().await?)
}

/// Writes the plan of a planned campaign anew.
///
/// # Errors
/// As [`plan()`], and when the campaign is no longer planned.
pub async fn replan(database: &Database, plan: &Plan, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    turn(&mut tx, &plan.id, Act::Replan, &[State::Planned]).await?;
    check(&mut tx, plan).await?;
    table::replace(&mut tx, plan).await?;
    write(&mut tx, plan, "replanned", by).await?;
    Ok(tx.commit().await?)
}

async fn check(tx: &mut Transaction, plan: &Plan) -> Result<(), Refused> {
    let faults = plan.faults(&known(tx).await?);
    if faults.is_empty() { Ok(()) } else { Err(Refused::Unfit(faults)) }
}

async fn write(tx: &mut Transaction, plan: &Plan, act: &str, by: By<'_>) -> Result<(), Refused> {
    table::put_offers(tx, &plan.id, &plan.offers).await?;
    let quotas = provinces(&plan.province_quotas).map_err(Refused::Unfit)?;
    let quotas: Vec<(String, i64, i64)> =
        quotas.into_iter().map(|(province, most)| (province, most, 0)).collect();
    table::put_province_quotas(tx, &plan.id, &quotas).await?;
    Ok(note(tx, &plan.id, act, &serde_json::to_value(plan).map_err(anyhow::Error::from)?, by).await?)
}

/// Sets the planned stock aside, whole or not at all.
///
/// # Errors
/// Every row of stock that is not free, with what is.
pub async fn arm(database: &Database, id: &str, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    turn(&mut tx, id, Act::Arm, &[State::Planned]).await?;
    let plan = table::last_plan(&mut tx, id).await?;
    for row in &plan.set_aside {
        quota::raise(&mut tx, id, (&row.warehouse, &row.sku, &row.channel), row.qty).await?;
    }
    hold_all(&mut tx, &Plan::by_pool(&plan.set_aside)).await?;
    table::set_state(&mut tx, id, State::Armed).await?;
    let units: i64 = plan.set_aside.iter().map(|row| row.qty).sum();
    note(&mut tx, id, "armed", &json!({ "rows": plan.set_aside.len(), "units": units }), by).await?;
    Ok(tx.commit().await?)
}

/// Holds units in their pools; the caller's transaction must end without a commit when they are not all free.
pub(super) async fn hold_all(
    tx: &mut Transaction,
    pools: &BTreeMap<(WarehouseId, SkuId), i64>,
) -> Result<(), Refused> {
    let mut missing = Vec::new();
    for ((warehouse, sku), qty) in pools {
        if !quota::hold_in_pool(tx, warehouse, sku, *qty).await? {
            let free = quota::free(tx, warehouse, sku).await?;
            missing.push(Missing { warehouse: warehouse.clone(), sku: sku.clone(), asked: *qty, free });
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Refused::NotEnough(missing)) }
}

/// Gives units back to their pools.
pub(super) async fn free_all(
    tx: &mut Transaction,
    pools: &BTreeMap<(WarehouseId, SkuId), i64>,
) -> Result<()> {
    for ((warehouse, sku), qty) in pools {
        let freed = quota::free_in_pool(tx, warehouse, sku, *qty).await?;
        ensure!(
            freed,
            "the pool of {sku} at {warehouse} does not hold what a campaign set aside: run the audit"
        );
    }
    Ok(())
}

/// From now on the campaign takes orders.
///
/// # Errors
/// When it is not armed.
pub async fn start(database: &Database, id: &str, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    turn(&mut tx, id, Act::Start, &[State::Armed]).await?;
    table::set_state(&mut tx, id, State::Live).await?;
    note(&mut tx, id, "started", &json!({}), by).await?;
    Ok(tx.commit().await?)
}

/// Ends a campaign: what is neither held nor settled goes back to the pools, orders keep theirs. Closing again
/// changes nothing.
///
/// # Errors
/// When there is no such campaign.
pub async fn close(database: &Database, id: &str, by: By<'_>) -> Result<(), Refused> {
    let mut tx = database.begin().await?;
    check_id(id).map_err(|fault| Refused::Unfit(vec![fault]))?;
    let campaign = table::in_turn(&mut tx, id).await?;
    let campaign = campaign.ok_or_else(|| Refused::Unknown { id: id.to_owned() })?;
    if campaign.state == State::Closed {
        return Ok(());
    }
    let mut pools = BTreeMap::new();
    for row in quota::rows(&mut tx, id).await?.into_iter().filter(|row| row.available() > 0) {
        let lowered = quota::lower(&mut tx, id, (&row.warehouse, &row.sku, &row.channel), row.available());
        if !lowered.await? {
            // Everybody who moves a quota takes its campaign's turn first.
            return Err(anyhow::anyhow!("a quota of campaign {id} moved out of its turn").into());
        }
        let available = row.available();
        *pools.entry((row.warehouse, row.sku)).or_default() += available;
    }
    free_all(&mut tx, &pools).await?;
    platform_message::stock_came(&mut tx).await?;
    table::set_state(&mut tx, id, State::Closed).await?;
    let back: Vec<Value> = pools
        .iter()
        .map(|((warehouse, sku), qty)| json!({ "warehouse": warehouse, "sku": sku, "qty": qty }))
        .collect();
    note(&mut tx, id, "closed", &json!({ "from": campaign.state, "back": back }), by).await?;
    Ok(tx.commit().await?)
}
