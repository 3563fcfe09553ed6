//! What stock and capacity are worth to a campaign: planned when it is armed, and again while it is live and its stock
//! moves, from what is left and what is still expected. Intake follows these prices between two plans.
//!
//! Never inside an intake transaction: a plan is made of one look and written in the campaign's turn. Prices are of
//! the moment of the look; orders taken since make them a little old, never wrong about what is there. Leaves out the
//! split of stock over channels, and whatever the daily sale will want.

mod expected;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use anyhow::{Context, Result};
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::{EpochMs, Grams, Qty};
use liangcang_domain::warehouse::Carrier;
use liangcang_planner::allocation::{Costs, Prices, Snapshot, Warehouse, allocate};

use crate::clock::now;
use crate::database::{Database, Transaction, query};
use crate::store::campaign::{self as table, Campaign, State};
use crate::store::quota::{self, QuotaRow};
use crate::store::{company, freight, hold, warehouse_day};

const LOOK_EVERY: Duration = Duration::from_secs(5);
/// What a warehouse without a limit can send out of one campaign: more than any show sells.
const NO_LIMIT: i64 = 100_000_000;

/// What the plan of a campaign was made of: when it is the same again, so is the plan.
#[derive(Debug, PartialEq, Eq)]
struct MadeOf {
    rows: Vec<QuotaRow>,
    room: BTreeMap<WarehouseId, i64>,
}

/// The plans made so far, by campaign.
#[derive(Debug, Default)]
pub struct Priced(BTreeMap<String, MadeOf>);

/// Prices campaigns until it is dropped.
pub async fn run(database: Database) {
    let mut priced = Priced::default();
    loop {
        if let Err(fault) = price(&database, &mut priced, now()).await {
            tracing::error!(fault = format!("{fault:#}"), "campaigns could not be priced");
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Prices every campaign that is armed or live and has moved since it was priced last; says how many that were.
///
/// # Errors
/// Of the database; campaigns priced before it stay priced.
pub async fn price(database: &Database, priced: &mut Priced, at: EpochMs) -> Result<usize> {
    let mut look = database.look().await?;
    let campaigns = table::list(&mut look).await?.into_iter();
    let campaigns: Vec<Campaign> =
        campaigns.filter(|it| matches!(it.state, State::Armed | State::Live)).collect();
    priced.0.retain(|id, _| campaigns.iter().any(|it| it.id == *id));
    if campaigns.is_empty() {
        return Ok(0);
    }
    let company = Company::read(&mut look).await?;
    let mut plans = Vec::new();
    for campaign in campaigns {
        let rows = quota::rows(&mut look, &campaign.id).await?;
        let room = company.room(&mut look, EpochMs(campaign.starts_at.max(at.0))).await?;
        let made_of = MadeOf { rows, room };
        if priced.0.get(&campaign.id) == Some(&made_of) {
            continue;
        }
        let kinds = expected::kinds(&mut look, &campaign, &made_of.rows).await?;
        plans.push((campaign.id, kinds, company.snapshot(&made_of), made_of));
    }
    look.rollback().await?;
    let count = plans.len();
    for (id, kinds, snapshot, made_of) in plans {
        let solving = tokio::task::spawn_blocking(move || allocate(&kinds, &snapshot).prices);
        let prices = solving.await.context("a plan broke off")?;
        write(database, &id, &prices).await?;
        priced.0.insert(id, made_of);
    }
    Ok(count)
}

async fn write(database: &Database, id: &str, prices: &Prices) -> Result<()> {
    let prices = serde_json::to_string(prices)?;
    let mut tx = database.begin().await?;
    hold::take_turn(&mut tx, id).await?;
    let sql = "UPDATE campaign SET prices = $2 WHERE id = $1 AND state IN ('armed', 'live')";
    query(sql).bind(id).bind(prices).execute(&mut tx).await?;
    tx.commit().await
}

/// What all plans of a moment have in common.
struct Company {
    warehouses: BTreeSet<WarehouseId>,
    closed: BTreeSet<WarehouseId>,
    daily_orders: BTreeMap<WarehouseId, i64>,
    carriers: Vec<Carrier>,
    costs: Costs,
    weights: BTreeMap<SkuId, Grams>,
}

impl Company {
    async fn read(look: &mut Transaction) -> Result<Self> {
        let costs = freight::costs(look).await?;
        Ok(Self {
            warehouses: costs.0.keys().cloned().collect(),
            closed: warehouse_day::closed(look).await?,
            daily_orders: company::daily_orders(look).await?,
            carriers: company::carriers(look).await?,
            weights: company::weights(look).await?,
            costs,
        })
    }

    /// How many orders each open warehouse can still send out on the day of a moment.
    async fn room(&self, look: &mut Transaction, at: EpochMs) -> Result<BTreeMap<WarehouseId, i64>> {
        let mut room = BTreeMap::new();
        for warehouse in self.warehouses.difference(&self.closed) {
            let orders = match self.daily_orders.get(warehouse) {
                Some(most) => most - warehouse_day::taken(look, warehouse, warehouse_day::day_of(at)).await?,
                None => NO_LIMIT,
            };
            room.insert(warehouse.clone(), orders);
        }
        Ok(room)
    }

    fn snapshot(&self, made_of: &MadeOf) -> Snapshot {
        let place = |id: &WarehouseId| {
            let mut stock = BTreeMap::<SkuId, Qty>::new();
            for row in made_of.rows.iter().filter(|row| row.warehouse == *id) {
                *stock.entry(row.sku.clone()).or_default() += Qty(row.available());
            }
            Warehouse {
                id: id.clone(),
                open: made_of.room.contains_key(id),
                capacity_orders: made_of.room.get(id).copied().unwrap_or(0),
                stock,
                carriers: self.carriers.clone(),
            }
        };
        Snapshot {
            warehouses: self.warehouses.iter().map(place).collect(),
            costs: self.costs.clone(),
            weights: self.weights.clone(),
        }
    }
}
