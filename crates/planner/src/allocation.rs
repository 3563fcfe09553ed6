//! Which warehouse ships each of many orders: as many as can be placed, at the least cost, with the reason for each.
//!
//! Orders are counted by province, SKU set and leave to be split ([`Kinds`]); the counts are placed as a minimum-cost
//! flow within stock, daily capacity and the reach of carriers ([`allocate`]); the counts are dealt out to the orders
//! again ([`Kinds::deal`]). Single orders that come between two plans follow the plan's prices ([`Live`]); a
//! warehouse that closes or runs short gives up only what it cannot ship ([`reroute()`]).
//!
//! First as many whole orders as possible, then the fewest fen, in whole numbers. Exact when no two SKU sets compete
//! for stock that is short, or when the bounds of [`Optimality`] meet; else it says how far it may be off. Orders that
//! fit nowhere whole are split after that, kind by kind, if they may be: greedily, so that splits have no guarantee.
//! The sequence of the input does not matter; ties are broken by id. Ignores the age of orders between kinds, the
//! load of a day that is not over, and transfers between warehouses. O(orders × log kinds) to count and deal, and for
//! one flow O(rounds × lanes × log nodes), where the rounds are bounded by the different lengths of detours.

mod because;
mod branch;
mod instance;
mod kinds;
mod live;
mod make_room;
mod network;
mod prices;
mod program;
mod reach;
mod repair;
mod reroute;
mod shared;
mod sharing;
mod snapshot;
mod split;
mod transport;

pub use because::{Because, Scarce, Unplaced};
pub use kinds::{Kind, Kinds};
pub use live::Live;
pub use prices::Prices;
pub use reach::Reach;
pub use reroute::{Rerouting, reroute};
pub use snapshot::{Costs, OrderToPlace, Rate, Snapshot, Warehouse};

use instance::{Instance, Left};
use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};
use liangcang_domain::unit::{Fen, Qty};
use serde::{Deserialize, Serialize};
use split::split;

/// Where an order goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "placing", rename_all = "snake_case")]
pub enum Placing {
    /// All of it from one warehouse.
    Placed {
        /// Which.
        warehouse: WarehouseId,
        /// Who carries it.
        carrier: CarrierId,
        /// What carrying costs.
        cost_fen: Fen,
        /// Why from there.
        because: Because,
    },
    /// From several, because no one had all of it or room for it.
    Split {
        /// What each sends; whoever sends the most units first.
        parts: Vec<Part>,
        /// What carrying all parts costs.
        cost_fen: Fen,
    },
    /// Nowhere.
    Unplaced {
        /// Why.
        reason: Unplaced,
    },
}

/// What one warehouse sends of a split order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Which.
    pub warehouse: WarehouseId,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Units per SKU, ascending.
    pub units: Vec<(SkuId, Qty)>,
}

/// So many orders of a kind with the same placing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// How many; at least one.
    pub orders: usize,
    /// Where they go.
    pub placing: Placing,
}

/// What is planned for the orders of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindPlan {
    /// What they want.
    pub kind: Kind,
    /// Whole placings, cheapest first, then splits, then those without a place; all orders of the kind together.
    pub shares: Vec<Share>,
}

/// How good the whole placings are. Splits are not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "optimality", rename_all = "snake_case")]
pub enum Optimality {
    /// No plan places more orders, and none that places as many costs less.
    Exact,
    /// Not proved to be the best.
    Within {
        /// At most so many more orders could be placed.
        orders: i64,
        /// A plan that places as many orders would save at most this.
        gap_fen: Fen,
    },
}

impl Optimality {
    fn from_gaps(orders: i64, gap_fen: i64) -> Self {
        if orders <= 0 && gap_fen <= 0 {
            Self::Exact
        } else {
            Self::Within { orders: orders.max(0), gap_fen: Fen(gap_fen.max(0)) }
        }
    }
}

/// A plan for many orders.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allocation {
    /// One per kind of the orders, ascending.
    pub kinds: Vec<KindPlan>,
    /// Orders placed whole.
    pub placed: usize,
    /// Orders split.
    pub split: usize,
    /// Orders that go nowhere.
    pub unplaced: usize,
    /// What carrying the orders placed whole costs; this is what is minimised.
    pub placed_fen: Fen,
    /// What carrying the split orders costs.
    pub split_fen: Fen,
    /// How good it is.
    pub optimality: Optimality,
    /// What stock and capacity are worth under it.
    pub prices: Prices,
}

/// Places orders that were counted: see the file's head for what it optimises, guarantees and ignores.
#[must_use]
pub fn allocate(kinds: &Kinds, snapshot: &Snapshot) -> Allocation {
    let instance = Instance::new(kinds, snapshot);
    let solved = shared::solve(&instance);
    let mut left = instance.left_after(&solved.counts);
    let mut plans = whole_placings(kinds, &instance, &solved.counts, &left);
    let mut split_fen = 0;
    for (at, plan) in plans.iter_mut().enumerate().filter(|(_, plan)| plan.kind.may_split) {
        let mut waiting = instance.kinds[at].orders - solved.counts[at].iter().sum::<i64>();
        while let Some((orders, placing)) = split(snapshot, &instance, (at, &plan.kind), waiting, &mut left) {
            if let Placing::Split { cost_fen, .. } = &placing {
                split_fen += cost_fen.0 * orders;
            }
            waiting -= orders;
            plan.shares.push(Share { orders: counted(orders), placing });
        }
    }
    for (at, plan) in plans.iter_mut().enumerate() {
        let waiting = kinds.orders_of(at) - plan.shares.iter().map(|share| share.orders).sum::<usize>();
        if waiting > 0 {
            let reason = because::unplaced(snapshot, &instance, at, &plan.kind, &left);
            plan.shares.push(Share { orders: waiting, placing: Placing::Unplaced { reason } });
        }
    }
    let sum = |which: fn(&Placing) -> bool| {
        let shares = plans.iter().flat_map(|plan| &plan.shares);
        shares.filter(|share| which(&share.placing)).map(|share| share.orders).sum()
    };
    Allocation {
        placed: sum(|placing| matches!(placing, Placing::Placed { .. })),
        split: sum(|placing| matches!(placing, Placing::Split { .. })),
        unplaced: sum(|placing| matches!(placing, Placing::Unplaced { .. })),
        placed_fen: Fen(instance.cost_fen(&solved.counts)),
        split_fen: Fen(split_fen),
        optimality: solved.optimality,
        prices: Prices::new(&instance, &solved),
        kinds: plans,
    }
}

fn counted(orders: i64) -> usize {
    usize::try_from(orders).unwrap_or(0)
}

/// The shares that go to one warehouse each, cheapest first.
fn whole_placings(kinds: &Kinds, instance: &Instance<'_>, counts: &[Vec<i64>], left: &Left) -> Vec<KindPlan> {
    let mut plans = vec![];
    for (at, (kind, lanes)) in kinds.kinds.iter().zip(&instance.kinds).enumerate() {
        let mut shares = vec![];
        for (warehouse, &orders) in counts[at].iter().enumerate().filter(|(_, orders)| **orders > 0) {
            let place = instance.warehouses[warehouse];
            let Some((carrier, cost)) = place.carrier_to(&kind.province).zip(lanes.cost_fen[warehouse])
            else {
                continue;
            };
            let placing = Placing::Placed {
                warehouse: place.id.clone(),
                carrier,
                cost_fen: Fen(cost),
                because: because::placed(instance, at, warehouse, left),
            };
            shares.push((cost, warehouse, Share { orders: counted(orders), placing }));
        }
        shares.sort_by_key(|(cost, warehouse, _)| (*cost, *warehouse));
        let shares = shares.into_iter().map(|(_, _, share)| share).collect();
        plans.push(KindPlan { kind: kind.clone(), shares });
    }
    plans
}
