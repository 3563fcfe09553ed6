//! Which bins and lots a wave takes, and how its orders are cut into walks.
//!
//! Two steps, each a plain greedy one. First the allocation: oldest paid order first, each whole or not at all,
//! earliest expiry first, of equal expiry the bin nearest the depot. Then the cut: orders of one parcel profile
//! together, begun by the oldest, grown by whichever of the next [`LOOK_AHEAD`] adds the least way.
//! Optimises expiry, age and then walking distance. Ignores who picks, how full the benches are, replenishment of a
//! pick face, and the optimum of the cut. O(orders × SKUs × bins of a SKU) and O(orders × look-ahead × lines).

use crate::layout::Layout;
use crate::short::{BinStock, Shelves};
use crate::walk::{Stop, sequence};
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::fact::Goods;
use liangcang_domain::id::{BinId, LotId, OrderNo, SkuId, ToteId, WalkId, WaveId};
use liangcang_domain::order::ParcelProfile;
use liangcang_domain::task::walk::{Line, LineKind, Share, WalkPlan};
use liangcang_domain::unit::{EpochMs, Grams, Mm, Qty};
use liangcang_domain::warehouse::Bin;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// How many of the waiting orders are compared when a walk grows.
const LOOK_AHEAD: usize = 256;

/// An order that wants to be in the wave. Each order number stands once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaveOrder {
    /// Its number.
    pub no: OrderNo,
    /// The oldest is served first.
    pub paid_at: EpochMs,
    /// Orders of one profile share a walk.
    pub profile: ParcelProfile,
    /// Units per SKU (`Order::demand`).
    pub demand: BTreeMap<SkuId, Qty>,
}

/// What one walk may hold. An order that exceeds a limit by itself gets a walk of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalkLimits {
    /// All goods of the walk together.
    pub max_weight_g: Grams,
    /// Orders in the tote.
    pub max_orders: usize,
    /// Stops: one lot of one SKU in one bin.
    pub max_lines: usize,
}

impl Default for WalkLimits {
    /// What one person pushes on one cart.
    fn default() -> Self {
        Self { max_weight_g: Grams(60_000), max_orders: 12, max_lines: 40 }
    }
}

/// Why an order is not in the wave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "reason", rename_all = "snake_case")]
pub enum LeftOutReason {
    /// It wants nothing.
    NothingToFetch,
    /// The catalogue does not know these, so nobody knows what they weigh.
    UnknownSkus {
        /// Which.
        skus: BTreeSet<SkuId>,
    },
    /// Not all of it is in the bins; it took nothing from others.
    Short {
        /// Units that are missing, after older orders took theirs.
        missing: BTreeMap<SkuId, Qty>,
    },
}

/// A wave as planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WavePlan {
    /// Its walks, the one with the oldest order first; ids are the wave's with a running number.
    pub walks: Vec<WalkPlan>,
    /// What is not in it, and why; oldest order first.
    pub left_out: Vec<(OrderNo, LeftOutReason)>,
}

/// Plans a wave: see the file's head for what it optimises and ignores.
#[must_use]
pub fn plan_wave(
    wave: &WaveId,
    orders: &[WaveOrder],
    stock: &[BinStock],
    catalogue: &Catalogue,
    limits: WalkLimits,
    layout: &Layout,
) -> WavePlan {
    let mut orders: Vec<&WaveOrder> = orders.iter().collect();
    orders.sort_by_key(|order| (order.paid_at, &order.no));
    let mut shelves = Shelves::new(stock, layout);
    let mut left_out = Vec::new();
    let mut waiting = BTreeMap::<ParcelProfile, Vec<Allocated<'_>>>::new();
    for order in orders {
        match allocate(order, catalogue, &mut shelves) {
            Ok(allocated) => waiting.entry(order.profile).or_default().push(allocated),
            Err(reason) => left_out.push((order.no.clone(), reason)),
        }
    }
    let mut groups: Vec<Vec<Allocated<'_>>> =
        waiting.into_values().flat_map(|orders| cut(orders, limits, layout)).collect();
    groups.sort_by_key(|group| group.first().map(|oldest| (oldest.order.paid_at, oldest.order.no.clone())));
    let walks = groups.into_iter().enumerate().map(|(at, group)| WalkPlan {
        id: WalkId(format!("{wave}-{:02}", at + 1)),
        wave: wave.clone(),
        lines: sequence(merged(group), catalogue, layout),
        tote: None,
    });
    WavePlan { walks: walks.collect(), left_out }
}

/// A walk that brings goods of a tote back to their bins. What belongs to one lot and bin becomes one line; what has
/// no units becomes none. Optimises the way alone: on the way back nothing is laid on anything.
#[must_use]
pub fn plan_put_back(
    id: &WalkId,
    wave: &WaveId,
    tote: &ToteId,
    goods: &[(Bin, Goods)],
    layout: &Layout,
) -> WalkPlan {
    let mut merged = BTreeMap::<StopKey, (Bin, Qty)>::new();
    for (bin, goods) in goods.iter().filter(|(_, goods)| goods.qty > Qty::ZERO) {
        let key = (bin.id.clone(), goods.sku.clone(), goods.lot.clone());
        merged.entry(key).or_insert_with(|| (bin.clone(), Qty::ZERO)).1 += goods.qty;
    }
    let stops = merged.into_iter().map(|((id, sku, lot), (bin, qty))| {
        let check_digits = bin.check_digits.clone();
        Stop {
            line: Line { kind: LineKind::PutBack, bin: id, check_digits, sku, lot, qty, shares: vec![] },
            bin,
        }
    });
    let lines = sequence(stops.collect(), &Catalogue::default(), layout);
    WalkPlan { id: id.clone(), wave: wave.clone(), lines, tote: Some(tote.clone()) }
}

/// One lot of one SKU in one bin.
type StopKey = (BinId, SkuId, LotId);

/// An order with the goods it has taken.
#[derive(Clone, Debug)]
struct Allocated<'a> {
    order: &'a WaveOrder,
    weight: Grams,
    takes: BTreeMap<StopKey, (Bin, Qty)>,
}

/// Takes all an order wants, or nothing.
fn allocate<'a>(
    order: &'a WaveOrder,
    catalogue: &Catalogue,
    shelves: &mut Shelves,
) -> Result<Allocated<'a>, LeftOutReason> {
    let wanted = || order.demand.iter().filter(|(_, qty)| **qty > Qty::ZERO);
    if wanted().next().is_none() {
        return Err(LeftOutReason::NothingToFetch);
    }
    let unknown = |sku: &SkuId| catalogue.sku(sku).is_none();
    let skus: BTreeSet<SkuId> = wanted().map(|(sku, _)| sku.clone()).filter(unknown).collect();
    if !skus.is_empty() {
        return Err(LeftOutReason::UnknownSkus { skus });
    }
    let lacks = wanted().map(|(sku, want)| (sku.clone(), *want - shelves.left(sku)));
    let missing: BTreeMap<SkuId, Qty> = lacks.filter(|(_, missing)| *missing > Qty::ZERO).collect();
    if !missing.is_empty() {
        return Err(LeftOutReason::Short { missing });
    }
    let mut weight = Grams(0);
    let mut takes = BTreeMap::new();
    for (sku, want) in wanted() {
        weight += catalogue.sku(sku).map_or(Grams(0), |known| want.weigh(known.gross_weight_g));
        for (bin, lot, qty) in shelves.take(sku, *want) {
            let key = (bin.id.clone(), sku.clone(), lot);
            takes.entry(key).or_insert((bin, Qty::ZERO)).1 += qty;
        }
    }
    Ok(Allocated { order, weight, takes })
}

/// Cuts orders, oldest first, into the contents of walks.
fn cut<'a>(mut waiting: Vec<Allocated<'a>>, limits: WalkLimits, layout: &Layout) -> Vec<Vec<Allocated<'a>>> {
    let mut groups = Vec::new();
    while !waiting.is_empty() {
        let mut group = Group::begin(waiting.remove(0));
        while group.orders.len() < limits.max_orders {
            let fitting =
                (0..waiting.len().min(LOOK_AHEAD)).filter(|&at| group.has_room(&waiting[at], limits));
            // Of equal ways the oldest: the order of the queue.
            let Some(at) = fitting.min_by_key(|&at| (group.added_way(&waiting[at], layout), at)) else {
                break;
            };
            group.add(waiting.remove(at));
        }
        groups.push(group.orders);
    }
    groups
}

/// A walk that grows.
struct Group<'a> {
    orders: Vec<Allocated<'a>>,
    weight: Grams,
    stops: BTreeSet<StopKey>,
    bins: BTreeMap<BinId, Bin>,
}

impl<'a> Group<'a> {
    fn begin(seed: Allocated<'a>) -> Self {
        let mut group =
            Self { orders: vec![], weight: Grams(0), stops: BTreeSet::new(), bins: BTreeMap::new() };
        group.add(seed);
        group
    }

    fn add(&mut self, order: Allocated<'a>) {
        self.weight += order.weight;
        self.stops.extend(order.takes.keys().cloned());
        self.bins.extend(order.takes.values().map(|(bin, _)| (bin.id.clone(), bin.clone())));
        self.orders.push(order);
    }

    fn has_room(&self, order: &Allocated<'_>, limits: WalkLimits) -> bool {
        let new_stops = order.takes.keys().filter(|key| !self.stops.contains(key)).count();
        self.weight + order.weight <= limits.max_weight_g && self.stops.len() + new_stops <= limits.max_lines
    }

    /// From each of its new bins to the nearest this walk visits anyway: cheap, and zero for shared bins.
    fn added_way(&self, order: &Allocated<'_>, layout: &Layout) -> Mm {
        let new = order.takes.values().filter(|(bin, _)| !self.bins.contains_key(&bin.id));
        let nearest = |bin: &Bin| self.bins.values().map(|known| layout.between(known, bin)).min();
        new.map(|(bin, _)| nearest(bin).unwrap_or_default()).sum()
    }
}

/// One line a stop, with each order's share; the oldest order's first, since what is short is the last one's.
fn merged(mut group: Vec<Allocated<'_>>) -> Vec<Stop> {
    group.sort_by_key(|taken| (taken.order.paid_at, taken.order.no.clone()));
    let mut stops = BTreeMap::<StopKey, (Bin, Vec<Share>)>::new();
    for Allocated { order, takes, .. } in group {
        for (key, (bin, qty)) in takes {
            let share = Share { order: order.no.clone(), qty };
            stops.entry(key).or_insert_with(|| (bin, vec![])).1.push(share);
        }
    }
    let stops = stops.into_iter().map(|((id, sku, lot), (bin, shares))| {
        let (qty, check_digits) = (shares.iter().map(|share| share.qty).sum(), bin.check_digits.clone());
        Stop { line: Line { kind: LineKind::Pick, bin: id, check_digits, sku, lot, qty, shares }, bin }
    });
    stops.collect()
}
