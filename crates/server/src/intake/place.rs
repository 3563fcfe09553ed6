//! Where one order of a group goes: the planner's choice on what the group has left, at the prices of its campaign.
//!
//! The channel's own share of the stock comes first, then everybody's. An order is split only where its campaign
//! allows it and no warehouse can send it whole, neither of one share nor of the other; its parts draw on one share.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};
use liangcang_domain::unit::{EpochMs, Qty};
use liangcang_planner::allocation::{Live, Part, Placing, Unplaced};

use super::book::Sale;
use super::outcome::Reason;
use super::reference::Reference;
use super::statements as sql;
use crate::database::{Transaction, query};
use crate::store::warehouse_day::{self, day_of};

/// Where an order can be sent from.
#[derive(Debug)]
pub(super) struct Placed {
    pub(super) warehouse: WarehouseId,
    pub(super) carrier: CarrierId,
    /// The word kept with the order.
    pub(super) because: String,
    /// Whose share of the stock it draws on.
    pub(super) channel: String,
    /// What each warehouse sends where it is split, that one first; empty where it sends all.
    pub(super) parts: Vec<Part>,
}

/// What a sale has left at this moment; its turn is taken.
pub(super) async fn read_live(
    conn: &mut Transaction,
    reference: &Reference,
    sale: &Sale,
    now: EpochMs,
) -> Result<Live> {
    let mut live = Live::new(reference.reach.clone(), &sale.prices);
    if sale.daily {
        for warehouse in &reference.warehouses {
            let free = query(sql::POOLS).bind(warehouse.as_str()).all::<(String, i64)>(conn).await?;
            free.into_iter().for_each(|(sku, free)| live.put("", warehouse, sku.into(), Qty(free)));
        }
    } else {
        let left = query(sql::QUOTAS).bind(&sale.id).all::<(String, String, String, i64)>(conn).await?;
        for (warehouse, sku, channel, left) in left {
            live.put(&channel, &warehouse.into(), sku.into(), Qty(left));
        }
    }
    for (warehouse, most) in &reference.daily_orders {
        live.limit(warehouse, most - warehouse_day::taken(conn, warehouse, day_of(now)).await?);
    }
    reference.closed.iter().for_each(|warehouse| live.close(warehouse));
    Ok(live)
}

/// Chooses for one order; nothing is taken.
///
/// # Errors
/// Why it goes nowhere.
pub(super) fn place(
    reference: &Reference,
    (sale, live): (&Sale, &Live),
    (channel, province): (&str, &str),
    units: &BTreeMap<SkuId, Qty>,
) -> Result<Placed, Reason> {
    if reference.warehouses.is_empty() {
        return Err(Reason::NoWarehouse);
    }
    let mut refused = Reason::Short { skus: units.keys().cloned().collect() };
    let ways: &[Way] = if sale.split_allowed { &[WHOLE, IN_PARTS] } else { &[WHOLE] };
    for way in ways {
        for share in [channel, ""].into_iter().filter(|share| live.has_share(share)) {
            match (way.place)(live, share, province, units) {
                // A share whose warehouses are full says more than one that is sold out.
                Placing::Unplaced { .. } if refused == Reason::NoCapacity => {}
                Placing::Unplaced { reason } => {
                    refused = reason_of(reason, province, || (way.missing)(live, share, province, units));
                }
                placing => return placed(placing, share).ok_or(refused),
            }
            if channel.is_empty() {
                break;
            }
        }
    }
    Err(refused)
}

/// A question to the planner about an order: of which share, to which province, what.
type Ask<T> = fn(&Live, &str, &str, &BTreeMap<SkuId, Qty>) -> T;

/// How an order may be sent, and what is missing where it cannot be.
struct Way {
    place: Ask<Placing>,
    missing: Ask<BTreeSet<SkuId>>,
}

const WHOLE: Way = Way { place: Live::choose, missing: Live::missing };
const IN_PARTS: Way = Way { place: Live::split, missing: Live::missing_together };

fn placed(placing: Placing, share: &str) -> Option<Placed> {
    let channel = share.to_owned();
    match placing {
        Placing::Placed { warehouse, carrier, because, .. } => {
            Some(Placed { warehouse, carrier, because: because.word(), channel, parts: Vec::new() })
        }
        Placing::Split { parts, .. } => {
            let Part { warehouse, carrier, .. } = parts.first()?.clone();
            Some(Placed { warehouse, carrier, because: "split".to_owned(), channel, parts })
        }
        Placing::Unplaced { .. } => None,
    }
}

fn reason_of(reason: Unplaced, province: &str, missing: impl FnOnce() -> BTreeSet<SkuId>) -> Reason {
    match reason {
        Unplaced::NothingToShip => Reason::NothingToShip,
        Unplaced::UnknownSku { sku } => Reason::UnknownGoods { codes: [sku.0].into() },
        Unplaced::AllClosed => Reason::NoWarehouse,
        Unplaced::NoCarrier => Reason::NoCarrier { province: province.to_owned() },
        Unplaced::NoStock { .. } => Reason::Short { skus: missing() },
        Unplaced::NoCapacity => Reason::NoCapacity,
    }
}

/// Counts the orders that each warehouse is given today.
pub(super) async fn count_day<'a>(
    conn: &mut Transaction,
    given: impl Iterator<Item = &'a WarehouseId>,
    now: EpochMs,
) -> Result<()> {
    let mut counts = BTreeMap::<&WarehouseId, i64>::new();
    given.for_each(|warehouse| *counts.entry(warehouse).or_default() += 1);
    for (warehouse, orders) in counts {
        warehouse_day::count(conn, warehouse, day_of(now), orders).await?;
    }
    Ok(())
}
