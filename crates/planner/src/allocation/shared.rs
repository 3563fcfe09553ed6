//! Stock that several SKU sets draw on: first as if each set were alone, then by prices on what is shared.
//!
//! 1. Each set alone with all of the stock is a pure transportation problem. If its exact answer keeps the shared
//!    stock too, nothing can be better.
//! 2. Else each shared stock gets a price. At given prices the problem is a transportation problem again; its answers
//!    are mixed by a small linear program ([`super::master`]), whose prices ask for the next one. Each round's value
//!    less what the prices are paid for the stock is a lower bound, counted in whole numbers, whatever the prices.
//! 3. The mixture says how much of each shared stock each set gets; rounded down, with the rest dealt out, that is a
//!    limit per set and warehouse, and under limits the exact answer is a plan that keeps everything.
//!
//! First for the number of orders (as few as possible without a place), then for their cost among plans that place
//! that many. A plan that meets its bounds is the best there is; else the gap is reported. Leaves out branching.
//! Rounds are bounded by [`ROUNDS`], each one transportation problem and pivots of O(limits²).

use super::Optimality;
use super::instance::{Counts, Instance, Set};
use super::master::Master;
use super::repair::{Shares, repaired};
use super::transport::{Flow, Limits, Without, cheapest, dearer_than_any_detour, transport};

/// Price rounds a stage; twice as many changed no plan of the trials.
const ROUNDS: usize = 60;
/// Bounds are counted in thousandths, so that a price per unit may be a fraction of a fen.
const SCALE: i64 = 1_000;

/// A plan in numbers.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    /// Orders by kind and warehouse.
    pub counts: Counts,
    /// How good it is.
    pub optimality: Optimality,
    /// Thousandths of a fen that one more order of capacity would save, by warehouse.
    pub capacity_mfen: Vec<i64>,
    /// Thousandths of a fen that one more unit would save, by warehouse and SKU.
    pub stock_mfen: Vec<Vec<i64>>,
}

/// Solves the instance: see the file's head for what is exact.
pub(super) fn solve(instance: &Instance<'_>) -> Solved {
    let full = instance.left_after(&[]);
    let limits = |set: &Set| (0..instance.warehouses.len()).map(|at| full.sets_in_stock(set, at)).collect();
    let alone: Limits = instance.sets.iter().map(limits).collect();
    let relaxed = cheapest(instance, &alone);
    let kept = instance.left_after(&relaxed.counts).stock.iter().flatten().all(|left| *left >= 0);
    if kept {
        let scaled = |prices: &[i64]| prices.iter().map(|price| price * SCALE).collect::<Vec<i64>>();
        let limit_mfen: Vec<Vec<i64>> = relaxed.limit_price.iter().map(|prices| scaled(prices)).collect();
        return Solved {
            optimality: Optimality::Exact,
            capacity_mfen: scaled(&relaxed.capacity_price),
            stock_mfen: per_unit(instance, &limit_mfen),
            counts: relaxed.counts,
        };
    }
    Sharing::new(instance, alone).solve(&relaxed)
}

/// A set's price at a warehouse belongs to the SKU that runs out first there.
fn per_unit(instance: &Instance<'_>, limit_mfen: &[Vec<i64>]) -> Vec<Vec<i64>> {
    let mut stock_mfen = vec![vec![0; instance.skus.len()]; instance.warehouses.len()];
    for (set, prices) in instance.sets.iter().zip(limit_mfen) {
        for (at, &price) in prices.iter().enumerate().filter(|(_, price)| **price > 0) {
            let scarcest = set.iter().min_by_key(|&&(sku, qty)| (instance.stock[at][sku] / qty, sku));
            if let Some(&(sku, qty)) = scarcest {
                stock_mfen[at][sku] += price / qty;
            }
        }
    }
    stock_mfen
}

/// Stock of one SKU at one warehouse that sets want more of than there is.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// Where.
    pub warehouse: usize,
    /// Of what.
    pub sku: usize,
    /// How many there are; at least one.
    pub units: i64,
    /// Units that one order takes, by set.
    pub takes: Vec<i64>,
}

/// What a stage makes small.
#[derive(Clone, Copy)]
enum Aim {
    /// Orders without a place.
    Unplaced,
    /// Fen, while exactly so many go without.
    Fen { unplaced: i64 },
}

impl Aim {
    fn of(self, instance: &Instance<'_>, counts: &Counts) -> i64 {
        match self {
            Self::Unplaced => instance.unplaced(counts),
            Self::Fen { .. } => instance.cost_fen(counts),
        }
    }
}

/// The best answer a price gave: no plan is below its bound.
struct Priced {
    bound: i64,
    flow: Flow,
    row_mprices: Vec<i64>,
}

struct Sharing<'a> {
    instance: &'a Instance<'a>,
    alone: Limits,
    rows: Vec<Row>,
    best: Counts,
}

impl<'a> Sharing<'a> {
    fn new(instance: &'a Instance<'a>, alone: Limits) -> Self {
        let mut rows = vec![];
        for (warehouse, stock) in instance.stock.iter().enumerate() {
            for (sku, &units) in stock.iter().enumerate() {
                let of_set =
                    |set: &Set| set.iter().find(|(one, _)| *one == sku).map_or(0, |(_, qty)| *qty);
                let takes: Vec<i64> = instance.sets.iter().map(of_set).collect();
                let most: i64 = takes.iter().zip(&alone).map(|(qty, limits)| qty * limits[warehouse]).sum();
                if most > units && instance.capacity[warehouse] > 0 {
                    rows.push(Row { warehouse, sku, units, takes });
                }
            }
        }
        let best = vec![vec![0; instance.warehouses.len()]; instance.kinds.len()];
        Self { instance, alone, rows, best }
    }

    fn solve(mut self, relaxed: &Flow) -> Solved {
        let mut shares = Shares::none(self.instance);
        shares.add(self.instance, &relaxed.counts, 1.0);
        self.offer(&shares);
        let least = self.instance.unplaced(&relaxed.counts);
        let mut bound = least;
        if self.instance.unplaced(&self.best) > least {
            bound = bound.max(self.stage(Aim::Unplaced).bound);
        }
        let (unplaced, priced) = loop {
            let unplaced = self.instance.unplaced(&self.best);
            let priced = self.stage(Aim::Fen { unplaced });
            if self.instance.unplaced(&self.best) == unplaced {
                break (unplaced, priced);
            }
        };
        let gap_fen = self.instance.cost_fen(&self.best) - priced.bound;
        let mut stock_mfen = per_unit(self.instance, &priced.flow.limit_price);
        for (row, price) in self.rows.iter().zip(&priced.row_mprices) {
            stock_mfen[row.warehouse][row.sku] += price;
        }
        Solved {
            counts: self.best,
            optimality: Optimality::from_gaps(unplaced - bound, gap_fen),
            capacity_mfen: priced.flow.capacity_price,
            stock_mfen,
        }
    }

    /// Prices, answers and mixtures in turn, until the bound meets the best plan or no price moves.
    fn stage(&mut self, aim: Aim) -> Priced {
        let first = aim.of(self.instance, &self.best);
        let norm = first.max(1) as f64;
        let mut plans = vec![self.best.clone()];
        let mut master = Master::new(first as f64 / norm, &self.usage(&self.best));
        let mut highest = self.answer(aim, vec![0; self.rows.len()]);
        let mut answer = highest.flow.counts.clone();
        for round in 1..=ROUNDS {
            if highest.bound >= aim.of(self.instance, &self.best) {
                break;
            }
            let cost = aim.of(self.instance, &answer) as f64 / norm;
            master.add(cost, &self.usage(&answer));
            plans.push(answer);
            master.improve();
            let priced = master.prices().into_iter().zip(&self.rows);
            let per_unit = |(price, row): (f64, &Row)| (price * norm * SCALE as f64 / row.units as f64).round();
            let next = self.answer(aim, priced.map(per_unit).map(|price| price as i64).collect());
            answer = next.flow.counts.clone();
            let settled = plans.contains(&answer);
            if next.bound > highest.bound {
                highest = next;
            }
            if settled || round == ROUNDS || round.is_power_of_two() {
                let mut shares = Shares::none(self.instance);
                for (share, plan) in master.mixture().into_iter().zip(&plans) {
                    shares.add(self.instance, plan, share);
                }
                self.offer(&shares);
            }
            if settled {
                break;
            }
        }
        highest
    }

    /// How much of each shared stock a plan uses, as a share of it.
    fn usage(&self, counts: &Counts) -> Vec<f64> {
        let by_set = self.instance.by_set(counts);
        let used = |row: &Row| {
            let units: i64 = row.takes.iter().zip(&by_set).map(|(qty, orders)| qty * orders[row.warehouse]).sum();
            units as f64 / row.units as f64
        };
        self.rows.iter().map(used).collect()
    }

    /// The best that could be had if shared stock could be bought at these prices, in thousandths of what is counted.
    fn answer(&self, aim: Aim, row_mprices: Vec<i64>) -> Priced {
        let instance = self.instance;
        let mut paid = vec![vec![0; instance.warehouses.len()]; instance.sets.len()];
        for (row, price) in self.rows.iter().zip(&row_mprices) {
            for (paid, qty) in paid.iter_mut().zip(&row.takes) {
                paid[row.warehouse] += price * qty;
            }
        }
        let lane = |kind: usize, at: usize| {
            let lanes = &instance.kinds[kind];
            let own = match aim {
                Aim::Unplaced => 0,
                Aim::Fen { .. } => lanes.cost_fen[at].unwrap_or(0) * SCALE,
            };
            own + paid[lanes.set][at]
        };
        let without = match aim {
            Aim::Unplaced => Without { exactly: 0, cost: SCALE },
            Aim::Fen { unplaced } => {
                let dearest = paid.iter().flatten().max().copied().unwrap_or(0);
                let cost = dearer_than_any_detour(instance, SCALE, dearest);
                Without { exactly: unplaced, cost }
            }
        };
        let flow = transport(instance, &self.alone, without, lane);
        let mut worth = SCALE * aim.of(instance, &flow.counts);
        for (paid, orders) in paid.iter().zip(instance.by_set(&flow.counts)) {
            worth += paid.iter().zip(orders).map(|(paid, orders)| paid * orders).sum::<i64>();
        }
        worth -= self.rows.iter().zip(&row_mprices).map(|(row, price)| row.units * price).sum::<i64>();
        Priced { bound: -(-worth).div_euclid(SCALE), flow, row_mprices }
    }

    /// Takes the plan that these shares lead to if it is better than the best so far.
    fn offer(&mut self, shares: &Shares) {
        let plan = repaired(self.instance, &self.alone, &self.rows, shares);
        if self.instance.value(&plan) < self.instance.value(&self.best) {
            self.best = plan;
        }
    }
}
