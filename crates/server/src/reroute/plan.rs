//! The plan: where each order would go, on what all warehouses have left at one moment.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};
use liangcang_domain::unit::{EpochMs, Grams, Qty};
use liangcang_domain::warehouse::Carrier;
use liangcang_planner::allocation::{Costs, OrderToPlace, Placing, Snapshot, Warehouse, reroute};

use super::{MOST, Row};
use crate::database::{Database, Transaction, query};
use crate::store::moves::{self, Movable};
use crate::store::quota::{self, QuotaRow};
use crate::store::{company, freight, warehouse_day};

/// Orders a plan looks at.
const LOOKED_AT: i64 = 200_000;
/// What a warehouse without a limit has room for.
const NO_LIMIT: i64 = 100_000_000;

/// An order and where it goes.
pub(super) struct Planned {
    pub(super) order: Movable,
    pub(super) to: WarehouseId,
    pub(super) carrier: CarrierId,
    pub(super) row: Row,
}

/// What is to be done.
pub(super) struct Plan {
    pub(super) why: &'static str,
    pub(super) moves: Vec<Planned>,
    pub(super) stuck: Vec<Row>,
    pub(super) more: bool,
}

/// Orders that draw on the same stock and may go to the same warehouses.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Alike {
    campaign: String,
    channel: String,
    from_pools: bool,
    left_before: BTreeSet<WarehouseId>,
}

/// Units by warehouse and SKU.
type Stock = BTreeMap<(WarehouseId, SkuId), i64>;

/// What all groups of orders have in common; what one of them takes is gone for the next.
struct Company {
    closed: BTreeSet<WarehouseId>,
    carriers: Vec<Carrier>,
    costs: Costs,
    weights: BTreeMap<SkuId, Grams>,
    room: BTreeMap<WarehouseId, i64>,
    pools: Stock,
    quotas: BTreeMap<String, Vec<QuotaRow>>,
}

/// Plans for the orders of a warehouse; `None` when there is no such warehouse.
pub(super) async fn make(database: &Database, warehouse: &WarehouseId, now: EpochMs) -> Result<Option<Plan>> {
    let mut look = database.look().await?;
    let mut company = Company::read(&mut look, now).await?;
    if !company.costs.0.contains_key(warehouse) {
        return Ok(None);
    }
    let open = !company.closed.contains(warehouse);
    let orders = moves::movable(&mut look, warehouse, open, LOOKED_AT).await?;
    let looked_at_all = orders.len() < usize::try_from(LOOKED_AT)?;
    let left_before = moves::left_before(&mut look, warehouse).await?;
    let mut groups = BTreeMap::<Alike, Vec<Movable>>::new();
    for order in orders {
        let alike = Alike {
            campaign: order.campaign.clone(),
            channel: order.channel.clone(),
            from_pools: order.campaign == crate::store::hold::DAILY || order.campaign_closed,
            left_before: left_before.get(&order.no).cloned().unwrap_or_default(),
        };
        groups.entry(alike).or_default().push(order);
    }
    let campaigns: BTreeSet<String> =
        groups.keys().filter(|alike| !alike.from_pools).map(|alike| alike.campaign.clone()).collect();
    for campaign in campaigns {
        let rows = quota::rows(&mut look, &campaign).await?;
        company.quotas.insert(campaign, rows);
    }
    look.rollback().await?;
    let why = if open { "short" } else { "closed" };
    let (mut moves, mut stuck) = (Vec::new(), Vec::new());
    for (alike, orders) in groups {
        company.place(warehouse, &alike, orders, (&mut moves, &mut stuck));
    }
    let more = !looked_at_all || moves.len() > MOST;
    moves.truncate(MOST);
    Ok(Some(Plan { why, moves, stuck, more }))
}

impl Company {
    async fn read(look: &mut Transaction, now: EpochMs) -> Result<Self> {
        let costs = freight::costs(look).await?;
        let limits = company::daily_orders(look).await?;
        let mut room = BTreeMap::new();
        for warehouse in costs.0.keys() {
            let orders = match limits.get(warehouse) {
                Some(most) => {
                    most - warehouse_day::taken(look, warehouse, warehouse_day::day_of(now)).await?
                }
                None => NO_LIMIT,
            };
            room.insert(warehouse.clone(), orders);
        }
        let free = query("SELECT warehouse, sku, on_hand - held FROM pool");
        let free = free.all::<(String, String, i64)>(look).await?.into_iter();
        Ok(Self {
            closed: warehouse_day::closed(look).await?,
            carriers: company::carriers(look).await?,
            weights: company::weights(look).await?,
            pools: free.map(|(warehouse, sku, free)| ((warehouse.into(), sku.into()), free)).collect(),
            quotas: BTreeMap::new(),
            costs,
            room,
        })
    }

    /// Places orders that are alike, and takes what they take.
    fn place(
        &mut self,
        from: &WarehouseId,
        alike: &Alike,
        orders: Vec<Movable>,
        (moves, stuck): (&mut Vec<Planned>, &mut Vec<Row>),
    ) {
        let wanted: Vec<OrderToPlace> = orders.iter().map(to_place).collect();
        let rerouting = reroute(&wanted, from, &self.snapshot(from, alike));
        let mut placings: BTreeMap<_, _> = rerouting.moved.into_iter().collect();
        for order in orders {
            let Some(placing) = placings.remove(&order.no) else { continue };
            let row = |to| Row {
                order: order.no.clone(),
                campaign: order.campaign.clone(),
                province: order.province.clone(),
                to,
                zh: placing.zh(),
                en: placing.en(),
            };
            match &placing {
                Placing::Placed { warehouse, carrier, .. } => {
                    self.take(alike, warehouse, &order.units);
                    let row = row(Some((warehouse.clone(), carrier.clone())));
                    moves.push(Planned { to: warehouse.clone(), carrier: carrier.clone(), row, order });
                }
                Placing::Split { .. } | Placing::Unplaced { .. } => stuck.push(row(None)),
            }
        }
    }

    fn snapshot(&self, from: &WarehouseId, alike: &Alike) -> Snapshot {
        let place = |id: &WarehouseId| Warehouse {
            id: id.clone(),
            open: !self.closed.contains(id) && !alike.left_before.contains(id),
            capacity_orders: self.room.get(id).copied().unwrap_or(0),
            // What its own orders hold, an open warehouse has shown that it does not have.
            stock: if id == from { BTreeMap::new() } else { self.stock(id, alike) },
            carriers: self.carriers.clone(),
        };
        Snapshot {
            warehouses: self.costs.0.keys().map(place).collect(),
            costs: self.costs.clone(),
            weights: self.weights.clone(),
        }
    }

    fn stock(&self, at: &WarehouseId, alike: &Alike) -> BTreeMap<SkuId, Qty> {
        if alike.from_pools {
            let here = self.pools.iter().filter(|((warehouse, _), _)| warehouse == at);
            return here.map(|((_, sku), free)| (sku.clone(), Qty(*free))).collect();
        }
        let rows = self.quotas.get(&alike.campaign).into_iter().flatten();
        let here = rows.filter(|row| row.warehouse == *at && row.channel == alike.channel);
        here.map(|row| (row.sku.clone(), Qty(row.available()))).collect()
    }

    fn take(&mut self, alike: &Alike, at: &WarehouseId, units: &[(SkuId, Qty)]) {
        if let Some(room) = self.room.get_mut(at) {
            *room -= 1;
        }
        for (sku, qty) in units {
            if alike.from_pools {
                *self.pools.entry((at.clone(), sku.clone())).or_default() -= qty.0;
                continue;
            }
            let rows = self.quotas.get_mut(&alike.campaign).into_iter().flatten();
            let mut here =
                rows.filter(|row| row.warehouse == *at && row.channel == alike.channel && row.sku == *sku);
            if let Some(row) = here.next() {
                row.held += qty.0;
            }
        }
    }
}

fn to_place(order: &Movable) -> OrderToPlace {
    OrderToPlace {
        no: order.no.clone(),
        arrived_at: order.taken_at,
        province: order.province.clone(),
        units: order.units.clone(),
        may_split: false,
    }
}
