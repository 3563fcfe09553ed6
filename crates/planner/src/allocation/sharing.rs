//! Shared stock as a linear program, and what a price on shared stock proves.
//!
//! Variables are the lanes that orders may use; rows are the orders of each kind, the capacity of each warehouse, each
//! stock the orders could want more of than there is, and last the orders placed in all. Leaves out what is done with
//! the answers ([`super::shared`]).

use super::branch::Sum;
use super::instance::{Counts, Instance, Set};
use super::program::{Column, Program};
use super::repair::Shares;
use super::transport::{Flow, Limits, Without, dearer_than_any_detour, transport};
use std::collections::BTreeMap;

/// Prices and bounds are counted in thousandths, so that a price per unit may be a fraction of a fen.
pub(super) const SCALE: i64 = 1_000;

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

/// What is made small.
#[derive(Clone, Copy, Debug)]
pub(super) enum Aim {
    /// Orders without a place.
    Unplaced,
    /// Fen, and for each order without a place so many more.
    Both { unplaced_fen: i64 },
    /// Fen, while exactly so many go without.
    Fen { unplaced: i64 },
}

impl Aim {
    /// What counts of a cost in fen.
    fn of_fen(self, fen: i64) -> i64 {
        if matches!(self, Self::Unplaced) { 0 } else { fen }
    }

    /// What an order without a place counts.
    fn of_unplaced(self) -> i64 {
        match self {
            Self::Unplaced => 1,
            Self::Both { unplaced_fen } => unplaced_fen,
            Self::Fen { .. } => 0,
        }
    }

    /// What a plan counts.
    pub(super) fn of(self, instance: &Instance<'_>, counts: &Counts) -> i64 {
        self.of_fen(instance.cost_fen(counts)) + self.of_unplaced() * instance.unplaced(counts)
    }

    /// The same, as the program counts it: from all orders without a place downwards.
    pub(super) fn in_program(self, instance: &Instance<'_>, counts: &Counts) -> f64 {
        (self.of(instance, counts) - self.of_unplaced() * instance.orders()) as f64
    }
}

/// What prices on shared stock prove: no plan counts less than the bound.
#[derive(Clone, Debug)]
pub(super) struct Priced {
    /// In what the aim counts.
    pub bound: i64,
    /// The best that could be had if shared stock could be bought at these prices.
    pub flow: Flow,
    /// Thousandths a unit, by row.
    pub row_mprices: Vec<i64>,
}

/// The instance with what its sets share.
#[derive(Clone, Debug)]
pub(super) struct Sharing<'a> {
    pub instance: &'a Instance<'a>,
    /// What each set could have if it were alone.
    pub alone: Limits,
    pub rows: Vec<Row>,
    /// Kind and warehouse of each variable of the program.
    lanes: Vec<(usize, usize)>,
}

impl<'a> Sharing<'a> {
    pub(super) fn new(instance: &'a Instance<'a>, alone: Limits) -> Self {
        let mut wanted = vec![0; instance.sets.len()];
        let mut lanes = vec![];
        for (at, kind) in instance.kinds.iter().enumerate().filter(|(_, kind)| kind.orders > 0) {
            wanted[kind.set] += kind.orders;
            let usable =
                |to: usize| kind.cost_fen[to].is_some() && alone[kind.set][to].min(instance.capacity[to]) > 0;
            lanes.extend((0..instance.warehouses.len()).filter(|&to| usable(to)).map(|to| (at, to)));
        }
        let mut rows = vec![];
        for (warehouse, stock) in instance.stock.iter().enumerate() {
            for (sku, &units) in stock.iter().enumerate() {
                let of_set = |set: &Set| set.iter().find(|(one, _)| *one == sku).map_or(0, |(_, qty)| *qty);
                let takes: Vec<i64> = instance.sets.iter().map(of_set).collect();
                let most: i64 = takes.iter().zip(&wanted).map(|(qty, orders)| qty * orders).sum();
                if most > units && units > 0 && instance.capacity[warehouse] > 0 {
                    rows.push(Row { warehouse, sku, units, takes });
                }
            }
        }
        Self { instance, alone, rows, lanes }
    }

    /// Rows of the program.
    pub(super) fn size(&self) -> usize {
        self.last_row() + 1
    }

    /// The row that counts the orders placed.
    pub(super) fn last_row(&self) -> usize {
        self.first_stock() + self.rows.len()
    }

    fn first_stock(&self) -> usize {
        self.instance.kinds.len() + self.instance.warehouses.len()
    }

    /// The program, with nothing placed.
    pub(super) fn program(&self) -> Program {
        let orders = self.instance.kinds.iter().map(|kind| kind.orders);
        let capacity = self.instance.capacity.iter().copied();
        let limits = orders.chain(capacity).chain(self.rows.iter().map(|row| row.units)).chain([0]);
        let column = |&(kind, at): &(usize, usize)| -> Column {
            let set = self.instance.kinds[kind].set;
            let here =
                self.rows.iter().enumerate().filter(|(_, row)| row.warehouse == at && row.takes[set] > 0);
            let stock = here.map(|(row, of)| (self.first_stock() + row, of.takes[set] as f64));
            let first = [(kind, 1.0), (self.instance.kinds.len() + at, 1.0), (self.last_row(), -1.0)];
            first.into_iter().chain(stock).collect()
        };
        let columns = self.lanes.iter().map(column).collect();
        Program::new(limits.map(|limit| limit as f64).collect(), columns)
    }

    /// What the variables cost.
    pub(super) fn costs(&self, aim: Aim) -> Vec<f64> {
        let fen = |&(kind, at): &(usize, usize)| self.instance.kinds[kind].cost_fen[at].unwrap_or(0);
        self.lanes.iter().map(|lane| (aim.of_fen(fen(lane)) - aim.of_unplaced()) as f64).collect()
    }

    /// The variables of each set at each warehouse; once these sums are whole, the rest is.
    pub(super) fn sums(&self) -> Vec<Sum> {
        let mut sums = BTreeMap::<(usize, usize), Sum>::new();
        for (variable, &(kind, at)) in self.lanes.iter().enumerate() {
            sums.entry((self.instance.kinds[kind].set, at)).or_default().push(variable);
        }
        sums.into_values().collect()
    }

    /// Levels of the variables as orders by set and warehouse.
    pub(super) fn shares(&self, levels: &[f64]) -> Shares {
        let mut shares = vec![vec![0.0; self.instance.warehouses.len()]; self.instance.sets.len()];
        for (&(kind, at), level) in self.lanes.iter().zip(levels) {
            shares[self.instance.kinds[kind].set][at] += level;
        }
        shares
    }

    /// What the prices of an answered program prove.
    pub(super) fn proved(&self, aim: Aim, program: &Program) -> Priced {
        let prices = &program.prices()[self.first_stock()..self.last_row()];
        self.proved_by(aim, prices.iter().map(|price| (price * SCALE as f64).round() as i64).collect())
    }

    /// What these prices prove. Any prices do; good ones prove more.
    pub(super) fn proved_by(&self, aim: Aim, row_mprices: Vec<i64>) -> Priced {
        let instance = self.instance;
        let mut paid = vec![vec![0; instance.warehouses.len()]; instance.sets.len()];
        for (row, price) in self.rows.iter().zip(&row_mprices) {
            for (paid, qty) in paid.iter_mut().zip(&row.takes) {
                paid[row.warehouse] += price * qty;
            }
        }
        let without = match aim {
            Aim::Fen { unplaced } => {
                let dearest = paid.iter().flatten().max().copied().unwrap_or(0);
                Without { exactly: unplaced, cost: dearer_than_any_detour(instance, SCALE, dearest) }
            }
            Aim::Unplaced | Aim::Both { .. } => Without { exactly: 0, cost: SCALE * aim.of_unplaced() },
        };
        let flow = transport(instance, &self.alone, without, |kind, at| {
            let lanes = &instance.kinds[kind];
            SCALE * aim.of_fen(lanes.cost_fen[at].unwrap_or(0)) + paid[lanes.set][at]
        });
        let mut worth = SCALE * aim.of(instance, &flow.counts);
        for (paid, orders) in paid.iter().zip(instance.by_set(&flow.counts)) {
            worth += paid.iter().zip(orders).map(|(paid, orders)| paid * orders).sum::<i64>();
        }
        worth -= self.rows.iter().zip(&row_mprices).map(|(row, price)| row.units * price).sum::<i64>();
        Priced { bound: -(-worth).div_euclid(SCALE), flow, row_mprices }
    }
}
