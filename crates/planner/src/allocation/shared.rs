//! Stock that several SKU sets draw on: first as if each set were alone, then by prices on what is shared.
//!
//! 1. Each set alone with all of the stock is a pure transportation problem. If its exact answer keeps the shared
//!    stock too, nothing can be better.
//! 2. Else a linear program says how much of each shared stock each set should get, in fractions, and what the stock
//!    is worth ([`super::sharing`]). At these prices the problem is a transportation problem again, and its value less
//!    what the stock costs is a lower bound, counted in whole numbers.
//! 3. The shares, rounded down and with the rest dealt out, are limits per set and warehouse; under limits the exact
//!    answer is a plan that keeps everything ([`super::repair`]). A bounded search makes the shares whole
//!    ([`super::branch`]).
//!
//! First for the number of orders (as few as possible without a place), then for their cost among plans that place
//! that many. A plan that meets its bounds, or that a finished search could not beat, is the best there is; else the
//! gap is reported. Leaves out the search for programs of more than [`MOST_ROWS`] rows, whose gap stays as wide as the
//! first step leaves it.

use super::Optimality;
use super::branch::branch;
use super::instance::{Counts, Instance, Set};
use super::program::{Mended, Program};
use super::repair::{Shares, repaired};
use super::sharing::{Aim, Priced, SCALE, Sharing};
use super::transport::{Flow, Limits, cheapest};

/// An inverse of so many rows takes 18 MB, and a step about a millisecond.
const MOST_ROWS: usize = 1_500;
/// While a good plan is sought, an order without a place is as bad as so many orders on the dearest lane.
const UNPLACED_LANES: i64 = 100;

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
    let nothing = vec![vec![0; instance.warehouses.len()]; instance.kinds.len()];
    Best { sharing: &Sharing::new(instance, alone), counts: nothing }.found(&relaxed)
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

/// The best plan known.
struct Best<'a> {
    sharing: &'a Sharing<'a>,
    counts: Counts,
}

impl Best<'_> {
    fn found(mut self, relaxed: &Flow) -> Solved {
        let instance = self.sharing.instance;
        let fractions = |orders: Vec<i64>| orders.into_iter().map(|orders| orders as f64).collect();
        self.offer(&instance.by_set(&relaxed.counts).into_iter().map(fractions).collect());
        let mut fewest = instance.unplaced(&relaxed.counts);
        let priced = if self.sharing.size() <= MOST_ROWS {
            let mut program = self.sharing.program();
            program.minimise(self.sharing.costs(Aim::Unplaced));
            self.place(&mut fewest, &program);
            self.cheapen(program)
        } else {
            let aim = Aim::Fen { unplaced: self.unplaced() };
            self.sharing.proved_by(aim, vec![0; self.sharing.rows.len()])
        };
        let gap_fen = instance.cost_fen(&self.counts) - priced.bound;
        let mut stock_mfen = per_unit(instance, &priced.flow.limit_price);
        for (row, price) in self.sharing.rows.iter().zip(&priced.row_mprices) {
            stock_mfen[row.warehouse][row.sku] += price;
        }
        Solved {
            optimality: Optimality::from_gaps(self.unplaced() - fewest, gap_fen),
            counts: self.counts,
            capacity_mfen: priced.flow.capacity_price,
            stock_mfen,
        }
    }

    fn unplaced(&self) -> i64 {
        self.sharing.instance.unplaced(&self.counts)
    }

    /// Takes the plan that these shares lead to if it is better than the best so far.
    fn offer(&mut self, shares: &Shares) {
        let plan = repaired(self.sharing, shares);
        if self.sharing.instance.value(&plan) < self.sharing.instance.value(&self.counts) {
            self.counts = plan;
        }
    }

    /// Places as many orders as it can, and raises the number that must go without as far as it can be proved. The
    /// program is answered for that number.
    fn place(&mut self, fewest: &mut i64, program: &Program) {
        self.offer(&self.sharing.shares(&program.levels()));
        if self.unplaced() == *fewest {
            return;
        }
        *fewest = self.sharing.proved(Aim::Unplaced, program).bound.max(*fewest);
        let aim = Aim::Both { unplaced_fen: UNPLACED_LANES * self.sharing.instance.dearest_fen() };
        let mut good = program.clone();
        good.minimise(self.sharing.costs(aim));
        self.search(aim, good);
        if self.unplaced() > *fewest && self.search(Aim::Unplaced, program.clone()) {
            *fewest = self.unplaced();
        }
    }

    /// Finds the cheapest plan that places as many orders as the best, and again if that places more.
    fn cheapen(&mut self, mut program: Program) -> Priced {
        let instance = self.sharing.instance;
        let mut demanded = 0;
        loop {
            let unplaced = self.unplaced();
            let aim = Aim::Fen { unplaced };
            let placed = instance.orders() - unplaced;
            let mended = program.demand(self.sharing.last_row(), (demanded - placed) as f64);
            demanded = placed;
            program.minimise(self.sharing.costs(aim));
            let mut priced = self.sharing.proved(aim, &program);
            self.offer(&self.sharing.shares(&program.levels()));
            let met = instance.cost_fen(&self.counts) <= priced.bound;
            let best = met || (mended == Mended::Kept && self.search(aim, program.clone()));
            if self.unplaced() == unplaced {
                if best {
                    priced.bound = instance.cost_fen(&self.counts);
                }
                return priced;
            }
        }
    }

    /// Looks for a better plan below an answered program; true if none is left. A plan that places more ends a search
    /// for the cheapest.
    fn search(&mut self, aim: Aim, program: Program) -> bool {
        let sharing = self.sharing;
        branch(program, &sharing.sums(), |levels| {
            self.offer(&sharing.shares(levels));
            match aim {
                Aim::Fen { unplaced } if unplaced > self.unplaced() => f64::NEG_INFINITY,
                _ => aim.in_program(sharing.instance, &self.counts),
            }
        })
    }
}
