//! In which order the bins of one walk are visited.
//!
//! Optimises the walking distance from the depot and back, one zone after the other (a picker is led into a zone
//! once), with heavy goods before fragile ones where the detour is small, so that a sack does not lie on bottles.
//! Starts from an S-shape through the front block and back through the rear block, then improves it by turning
//! stretches round (2-opt) and moving short ones (Or-opt), a bounded number of times.
//! Ignores congestion, and the optimum: a better order may exist. O(n²) moves of O(n) each, capped.

use crate::layout::{Layout, Spot};
use liangcang_domain::catalogue::{Catalogue, Fragility};
use liangcang_domain::task::walk::Line;
use liangcang_domain::unit::{Grams, Mm};
use liangcang_domain::warehouse::Bin;
use std::collections::BTreeMap;

/// A unit from this weight on crushes what is fragile.
const HEAVY: Grams = Grams(5_000);
/// The detour worth making so that one fragile line does not come before a heavy one.
const CRUSH_MM: i64 = 12_000;
/// Orders of visiting looked at, per zone: keeps a walk of 90 lines within milliseconds.
const MOST_TRIALS: u32 = 60_000;
/// Or-opt moves stretches up to this long.
const LONGEST_MOVED: usize = 3;

/// A line with the bin it stands at, to be put in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stop {
    pub(crate) bin: Bin,
    pub(crate) line: Line,
}

/// How far a walk leads, from the depot over these bins and back.
#[must_use]
pub fn distance<'a>(bins: impl IntoIterator<Item = &'a Bin>, layout: &Layout) -> Mm {
    let mut at = layout.depot();
    let mut total = 0;
    for bin in bins {
        let next = layout.spot(bin);
        total += layout.walk_mm(at, next);
        at = next;
    }
    Mm(total + layout.walk_mm(at, layout.depot()))
}

/// Puts the lines of a walk in the order they are walked. They come in order of bin, SKU and lot, so that the same
/// lines always give the same walk.
pub(crate) fn sequence(stops: Vec<Stop>, catalogue: &Catalogue, layout: &Layout) -> Vec<Line> {
    let mut zones = BTreeMap::<String, Vec<Stop>>::new();
    for stop in stops {
        zones.entry(stop.bin.zone.clone()).or_default().push(stop);
    }
    let mut lines = Vec::new();
    let mut entry = layout.depot();
    let last_zone = zones.keys().next_back().cloned();
    for (zone, stops) in zones {
        let exit = (Some(zone) == last_zone).then(|| layout.depot());
        let stops = s_shape(stops, layout);
        let path: Vec<Weighed> = stops.iter().map(|stop| Weighed::of(stop, catalogue, layout)).collect();
        let order = Search::new(layout, entry, exit, path.clone()).improve();
        entry = order.last().map_or(entry, |&last| path[last].spot);
        lines.extend(order.into_iter().map(|place| stops[place].line.clone()));
    }
    lines
}

/// Up one aisle and down the next through the front block, then back the same way through the rear block.
fn s_shape(stops: Vec<Stop>, layout: &Layout) -> Vec<Stop> {
    let (mut rear, mut front): (Vec<Stop>, Vec<Stop>) =
        stops.into_iter().partition(|stop| layout.is_behind_middle(&stop.bin));
    let snake = |block: &mut Vec<Stop>, leftwards: bool| {
        let mut aisles: Vec<u32> = block.iter().map(|stop| stop.bin.aisle).collect();
        aisles.sort_unstable();
        aisles.dedup();
        let turn = |aisle: u32| {
            let nth = aisles.binary_search(&aisle).unwrap_or_default() as i64;
            let nth = if leftwards { aisles.len() as i64 - 1 - nth } else { nth };
            let inwards = nth % 2 == 0;
            (nth, inwards)
        };
        block.sort_by_key(|stop| {
            let (nth, inwards) = turn(stop.bin.aisle);
            let bay = i64::from(stop.bin.bay);
            (nth, if inwards { bay } else { -bay })
        });
    };
    snake(&mut front, false);
    snake(&mut rear, true);
    front.append(&mut rear);
    front
}

/// What the search must know of a stop.
#[derive(Clone, Copy, Debug)]
struct Weighed {
    spot: Spot,
    heavy: bool,
    fragile: bool,
}

impl Weighed {
    fn of(stop: &Stop, catalogue: &Catalogue, layout: &Layout) -> Self {
        let known = catalogue.sku(&stop.line.sku);
        let fragile = known.is_some_and(|sku| sku.fragility != Fragility::None);
        let heavy = !fragile && known.is_some_and(|sku| sku.gross_weight_g >= HEAVY);
        Self { spot: layout.spot(&stop.bin), heavy, fragile }
    }
}

/// The search for a better order within one zone.
struct Search<'a> {
    layout: &'a Layout,
    entry: Spot,
    /// Where the picker goes after this zone: the depot after the last one, else nowhere yet.
    exit: Option<Spot>,
    path: Vec<Weighed>,
    /// The stops' places before the search, in the order found so far.
    order: Vec<usize>,
    cost: i64,
    trials: u32,
}

impl<'a> Search<'a> {
    fn new(layout: &'a Layout, entry: Spot, exit: Option<Spot>, path: Vec<Weighed>) -> Self {
        let order = (0..path.len()).collect();
        let mut search = Self { layout, entry, exit, path, order, cost: 0, trials: 0 };
        search.cost = search.cost_of(&search.order);
        search
    }

    /// Takes every move that is a gain, until a whole round finds none or the trials are used up.
    fn improve(mut self) -> Vec<usize> {
        while self.turn_a_stretch() || self.move_a_stretch() {}
        self.order
    }

    /// Millimetres walked, and millimetres for what may be crushed.
    fn cost_of(&self, order: &[usize]) -> i64 {
        let (mut at, mut total, mut fragile, mut crushed) = (self.entry, 0, 0, 0);
        for next in order.iter().map(|&place| self.path[place]) {
            total += self.layout.walk_mm(at, next.spot);
            at = next.spot;
            fragile += i64::from(next.fragile);
            if next.heavy {
                crushed = fragile;
            }
        }
        total + self.exit.map_or(0, |exit| self.layout.walk_mm(at, exit)) + crushed * CRUSH_MM
    }

    fn is_spent(&self) -> bool {
        self.trials >= MOST_TRIALS
    }

    fn keep_if_better(&mut self, order: Vec<usize>) -> bool {
        self.trials += 1;
        let cost = self.cost_of(&order);
        let better = cost < self.cost;
        if better {
            (self.order, self.cost) = (order, cost);
        }
        better
    }

    /// 2-opt: takes the first stretch that is better walked the other way round.
    fn turn_a_stretch(&mut self) -> bool {
        for from in 0..self.order.len() {
            for to in from + 2..=self.order.len() {
                let mut order = self.order.clone();
                order[from..to].reverse();
                if self.is_spent() {
                    return false;
                }
                if self.keep_if_better(order) {
                    return true;
                }
            }
        }
        false
    }

    /// Or-opt: takes the first short stretch that is better walked earlier or later.
    fn move_a_stretch(&mut self) -> bool {
        for length in 1..=LONGEST_MOVED.min(self.order.len()) {
            for from in 0..=self.order.len() - length {
                for to in (0..=self.order.len() - length).filter(|to| *to != from) {
                    let mut order = self.order.clone();
                    let stretch: Vec<usize> = order.drain(from..from + length).collect();
                    order.splice(to..to, stretch);
                    if self.is_spent() {
                        return false;
                    }
                    if self.keep_if_better(order) {
                        return true;
                    }
                }
            }
        }
        false
    }
}
