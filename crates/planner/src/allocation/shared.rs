//! Stock that several SKU sets draw on: first as if each set were alone, then by prices on what is shared.
//!
//! 1. Each set alone with all of the stock is a pure transportation problem. If its exact answer keeps the shared
//!    stock too, nothing can be better.
//! 2. Else a linear program ([`super::program`]) says how much of each shared stock each set should get, in fractions,
//!    and what the stock is worth. At these prices the problem is a transportation problem again, and its value less
//!    what the stock costs is a lower bound, counted in whole numbers.
//! 3. The shares, rounded down and with the rest dealt out, are limits per set and warehouse; under limits the exact
//!    answer is a plan that keeps everything ([`super::repair`]).
//!
//! First for the number of orders (as few as possible without a place), then for their cost among plans that place
//! that many. A plan that meets its bounds is the best there is; else the gap is reported. Leaves out branching, and
//! programs of more than [`MOST_ROWS`] rows (kinds + warehouses + shared stocks), whose gap stays as wide as the first
//! step leaves it. A handful of transportation problems, and pivots of O(rows²) each.

use super::Optimality;
use super::instance::{Counts, Instance, Set};
use super::program::{Column, Program};
use super::repair::{Shares, repaired};
use super::transport::{Flow, Limits, Without, cheapest, dearer_than_any_detour, transport};

/// An inverse of so many rows takes 18 MB, and a pivot about a millisecond.
const MOST_ROWS: usize = 1_500;
/// Bounds are counted in thousandths, so that a price per unit may be a fraction of a fen.
pub(super) const SCALE: i64 = 1_000;

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

/// Stock of one SKU at one warehouse of which the orders could want more than there is.
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
        let mut wanted = vec![0; instance.sets.len()];
        for kind in &instance.kinds {
            wanted[kind.set] += kind.orders;
        }
        for (warehouse, stock) in instance.stock.iter().enumerate() {
            for (sku, &units) in stock.iter().enumerate() {
                let of_set =
                    |set: &Set| set.iter().find(|(one, _)| *one == sku).map_or(0, |(_, qty)| *qty);
                let takes: Vec<i64> = instance.sets.iter().map(of_set).collect();
                let most: i64 = takes.iter().zip(&wanted).map(|(qty, orders)| qty * orders).sum();
                if most > units && units > 0 && instance.capacity[warehouse] > 0 {
                    rows.push(Row { warehouse, sku, units, takes });
                }
            }
        }
        let best = vec![vec![0; instance.warehouses.len()]; instance.kinds.len()];
        Self { instance, alone, rows, best }
    }

    fn solve(mut self, relaxed: &Flow) -> Solved {
        let instance = self.instance;
        self.offer(&instance.by_set(&relaxed.counts).iter().map(|orders| fractions(orders)).collect());
        let mut fewest = instance.unplaced(&relaxed.counts);
        let free = vec![0; self.rows.len()];
        let small = instance.kinds.len() + instance.warehouses.len() + self.rows.len() <= MOST_ROWS;
        let priced = if small {
            let mut shares = Program::new(self.limits(), self.columns());
            shares.minimise(&vec![-1.0; self.lanes().count()]);
            self.offer(&self.by_set(&shares.levels()));
            if instance.unplaced(&self.best) > fewest {
                fewest = fewest.max(self.answer(Aim::Unplaced, self.mprices(&shares)).bound);
            }
            self.cheapen(shares)
        } else {
            self.answer(Aim::Fen { unplaced: instance.unplaced(&self.best) }, free)
        };
        let gap_fen = instance.cost_fen(&self.best) - priced.bound;
        let mut stock_mfen = per_unit(instance, &priced.flow.limit_price);
        for (row, price) in self.rows.iter().zip(&priced.row_mprices) {
            stock_mfen[row.warehouse][row.sku] += price;
        }
        Solved {
            optimality: Optimality::from_gaps(instance.unplaced(&self.best) - fewest, gap_fen),
            counts: self.best,
            capacity_mfen: priced.flow.capacity_price,
            stock_mfen,
        }
    }

    /// Finds the cheapest shares that place as many orders as the best plan, and again if that places more.
    fn cheapen(&mut self, mut program: Program) -> Priced {
        let instance = self.instance;
        let costs = self.lanes().map(|(kind, at)| instance.kinds[kind].cost_fen[at].unwrap_or(0) as f64);
        let costs: Vec<f64> = costs.collect();
        let mut demanded = 0;
        loop {
            let unplaced = instance.unplaced(&self.best);
            let placed = instance.kinds.iter().map(|kind| kind.orders).sum::<i64>() - unplaced;
            program.demand(-placed as f64, -demanded as f64);
            demanded = placed;
            program.minimise(&costs);
            self.offer(&self.by_set(&program.levels()));
            if instance.unplaced(&self.best) == unplaced {
                return self.answer(Aim::Fen { unplaced }, self.mprices(&program));
            }
        }
    }

    /// Kinds and warehouses that some orders may go between: the variables of the program.
    fn lanes(&self) -> impl Iterator<Item = (usize, usize)> {
        let usable = |set: usize, at: usize| self.alone[set][at] > 0 && self.instance.capacity[at] > 0;
        self.instance.kinds.iter().enumerate().flat_map(move |(kind, lanes)| {
            let served = lanes.cost_fen.iter().enumerate().filter(|(_, cost)| cost.is_some());
            served.map(move |(at, _)| (kind, at)).filter(move |(_, at)| lanes.orders > 0 && usable(lanes.set, *at))
        })
    }

    /// The rows of the program: orders by kind, capacity by warehouse, shared stock, and the orders placed in all.
    fn limits(&self) -> Vec<f64> {
        let orders = self.instance.kinds.iter().map(|kind| kind.orders);
        let capacity = self.instance.capacity.iter().copied();
        let limits = orders.chain(capacity).chain(self.rows.iter().map(|row| row.units)).chain([0]);
        limits.map(|limit| limit as f64).collect()
    }

    fn columns(&self) -> Vec<Column> {
        let kinds = self.instance.kinds.len();
        let first = kinds + self.instance.warehouses.len();
        let column = |(kind, at): (usize, usize)| {
            let set = self.instance.kinds[kind].set;
            let rows = self.rows.iter().enumerate().filter(|(_, row)| row.warehouse == at && row.takes[set] > 0);
            let stock = rows.map(|(index, row)| (first + index, row.takes[set] as f64));
            let column = [(kind, 1.0), (kinds + at, 1.0), (first + self.rows.len(), -1.0)];
            column.into_iter().chain(stock).collect()
        };
        self.lanes().map(column).collect()
    }

    /// What the program pays for shared stock, in thousandths.
    fn mprices(&self, program: &Program) -> Vec<i64> {
        let first = self.instance.kinds.len() + self.instance.warehouses.len();
        let prices = &program.prices()[first..first + self.rows.len()];
        prices.iter().map(|price| (price * SCALE as f64).round() as i64).collect()
    }

    fn by_set(&self, levels: &[f64]) -> Shares {
        let mut shares = vec![vec![0.0; self.instance.warehouses.len()]; self.instance.sets.len()];
        for ((kind, at), level) in self.lanes().zip(levels) {
            shares[self.instance.kinds[kind].set][at] += level;
        }
        shares
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

fn fractions(orders: &[i64]) -> Vec<f64> {
    orders.iter().map(|&orders| orders as f64).collect()
}
