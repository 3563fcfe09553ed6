//! Why an order goes where it goes, or nowhere, in values and in words.
//!
//! Names the one warehouse that would have been cheapest and the one thing that stood in the way. Leaves out names:
//! warehouses and SKUs stand by id.

use super::instance::{Instance, Left};
use super::snapshot::Snapshot;
use super::{Kind, Placing};
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::Fen;
use serde::{Deserialize, Serialize};

/// Why an order is placed at a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "because", rename_all = "snake_case")]
pub enum Because {
    /// No warehouse that reaches the province is cheaper.
    Cheapest,
    /// A cheaper one could not take it.
    Displaced {
        /// The cheapest that reaches the province.
        from: WarehouseId,
        /// What it lacks.
        scarce: Scarce,
        /// What the detour costs.
        extra_fen: Fen,
    },
}

/// What a warehouse lacks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "scarce", rename_all = "snake_case")]
pub enum Scarce {
    /// It is closed.
    Closed,
    /// Its orders of the day are full.
    Capacity,
    /// Units of one SKU; of several that are short the first by id.
    Stock {
        /// Which.
        sku: SkuId,
    },
    /// Nothing, but what it has is kept for orders that would cost more elsewhere.
    Kept,
}

/// Why an order goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum Unplaced {
    /// It wants nothing.
    NothingToShip,
    /// A SKU whose weight nobody knows, so nobody knows what carrying costs.
    UnknownSku {
        /// The first by id.
        sku: SkuId,
    },
    /// There is no open warehouse.
    AllClosed,
    /// No carrier with a rate takes it from an open warehouse to the province.
    NoCarrier,
    /// No open warehouse that reaches the province has all of it.
    NoStock {
        /// What the cheapest of them lacks; of several SKUs the first by id.
        sku: SkuId,
    },
    /// Some have all of it, and their orders of the day are full.
    NoCapacity,
}

/// What keeps a warehouse from taking one more order of a kind.
fn scarce(instance: &Instance<'_>, kind: usize, at: usize, left: &Left) -> Option<Scarce> {
    if !instance.warehouses[at].open {
        return Some(Scarce::Closed);
    }
    let set = &instance.sets[instance.kinds[kind].set];
    if let Some(&(sku, _)) = set.iter().find(|&&(sku, qty)| left.stock[at][sku] < qty) {
        return Some(Scarce::Stock { sku: instance.skus[sku].clone() });
    }
    (left.capacity[at] <= 0).then_some(Scarce::Capacity)
}

/// Why a plan that leaves this places orders of a kind there.
pub(super) fn placed(instance: &Instance<'_>, kind: usize, at: usize, left: &Left) -> Because {
    let costs = &instance.kinds[kind].cost_fen;
    let cheapest = costs.iter().enumerate().filter_map(|(at, cost)| Some(((*cost)?, at))).min();
    let Some(((least, from), cost)) = cheapest.zip(costs[at]) else { return Because::Cheapest };
    chosen(cost, (least, &instance.warehouses[from].id), || scarce(instance, kind, from, left))
}

/// Why an order is placed where it costs so much, when the cheapest lane costs `least` from another and `scarce` says
/// what keeps that one from taking it.
pub(super) fn chosen(
    cost: i64,
    (least, from): (i64, &WarehouseId),
    scarce: impl FnOnce() -> Option<Scarce>,
) -> Because {
    if least >= cost {
        return Because::Cheapest;
    }
    let scarce = scarce().unwrap_or(Scarce::Kept);
    Because::Displaced { from: from.clone(), scarce, extra_fen: Fen(cost - least) }
}

/// Why an order of a kind goes nowhere when this is left.
pub(super) fn unplaced(
    snapshot: &Snapshot,
    instance: &Instance<'_>,
    at: usize,
    kind: &Kind,
    left: &Left,
) -> Unplaced {
    if kind.units.is_empty() {
        return Unplaced::NothingToShip;
    }
    if let Some((sku, _)) = kind.units.iter().find(|(sku, _)| !snapshot.weights.contains_key(sku)) {
        return Unplaced::UnknownSku { sku: sku.clone() };
    }
    if instance.warehouses.iter().all(|warehouse| !warehouse.open) {
        return Unplaced::AllClosed;
    }
    let lanes = instance.kinds[at].cost_fen.iter().enumerate();
    let lanes = lanes.filter_map(|(place, cost)| Some(((*cost)?, place)));
    let open = lanes.filter(|(_, place)| instance.warehouses[*place].open).collect();
    nowhere(open, |place| scarce(instance, at, place, left))
}

/// Why no open warehouse takes an order: their costs with their places, and what each lacks.
pub(super) fn nowhere(mut open: Vec<(i64, usize)>, scarce: impl Fn(usize) -> Option<Scarce>) -> Unplaced {
    open.sort_unstable();
    let lacks: Vec<Option<Scarce>> = open.iter().map(|(_, place)| scarce(*place)).collect();
    match lacks.first() {
        None => Unplaced::NoCarrier,
        Some(Some(Scarce::Stock { sku })) if !lacks.contains(&Some(Scarce::Capacity)) => {
            Unplaced::NoStock { sku: sku.clone() }
        }
        Some(_) => Unplaced::NoCapacity,
    }
}

/// Yuan with two decimals.
fn yuan(fen: Fen) -> String {
    format!("{}.{:02}", fen.0 / 100, fen.0 % 100)
}

impl Placing {
    /// Why, in one Chinese sentence.
    #[must_use]
    pub fn zh(&self) -> String {
        match self {
            Self::Placed { warehouse, because: Because::Cheapest, .. } => {
                format!("由 {warehouse} 仓发货：运费最低")
            }
            Self::Placed { warehouse, because: Because::Displaced { from, scarce, extra_fen }, .. } => {
                let why = match scarce {
                    Scarce::Closed => format!("{from} 仓停止接单"),
                    Scarce::Capacity => format!("{from} 仓今日产能已满"),
                    Scarce::Stock { sku } => format!("{from} 仓的 {sku} 已分完"),
                    Scarce::Kept => format!("{from} 仓的余量留给改仓更贵的订单"),
                };
                format!("{why}，改到 {warehouse} 仓（+{} 元）", yuan(*extra_fen))
            }
            Self::Split { parts, .. } => {
                let places: Vec<&str> = parts.iter().map(|part| part.warehouse.as_str()).collect();
                format!("没有一个仓能整单发货，拆由 {} 仓发货", places.join("、"))
            }
            Self::Unplaced { reason } => match reason {
                Unplaced::NothingToShip => "订单里没有要发的货".to_owned(),
                Unplaced::UnknownSku { sku } => format!("{sku} 没有登记重量，请先补商品资料"),
                Unplaced::AllClosed => "所有仓都停止接单".to_owned(),
                Unplaced::NoCarrier => "没有承运商送到该省".to_owned(),
                Unplaced::NoStock { sku } => format!("没有一个仓备齐整单，缺 {sku}"),
                Unplaced::NoCapacity => "有货的仓今日产能都已满".to_owned(),
            },
        }
    }

    /// Why, in one English sentence.
    #[must_use]
    pub fn en(&self) -> String {
        match self {
            Self::Placed { warehouse, because: Because::Cheapest, .. } => {
                format!("ships from {warehouse}: the lowest freight")
            }
            Self::Placed { warehouse, because: Because::Displaced { from, scarce, extra_fen }, .. } => {
                let why = match scarce {
                    Scarce::Closed => format!("{from} is closed"),
                    Scarce::Capacity => format!("{from} is full for today"),
                    Scarce::Stock { sku } => format!("{from} has given out its {sku}"),
                    Scarce::Kept => format!("{from} keeps the rest for orders that cost more elsewhere"),
                };
                format!("{why}, so it ships from {warehouse} (+{} yuan)", yuan(*extra_fen))
            }
            Self::Split { parts, .. } => {
                let places: Vec<&str> = parts.iter().map(|part| part.warehouse.as_str()).collect();
                format!("no warehouse can ship it whole, so it is split over {}", places.join(", "))
            }
            Self::Unplaced { reason } => match reason {
                Unplaced::NothingToShip => "the order has nothing to ship".to_owned(),
                Unplaced::UnknownSku { sku } => {
                    format!("{sku} has no weight on record; complete the catalogue first")
                }
                Unplaced::AllClosed => "every warehouse is closed".to_owned(),
                Unplaced::NoCarrier => "no carrier goes to the province".to_owned(),
                Unplaced::NoStock { sku } => format!("no warehouse has all of it; {sku} is missing"),
                Unplaced::NoCapacity => "the warehouses that have it are full for today".to_owned(),
            },
        }
    }
}
