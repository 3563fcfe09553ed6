//! The snapshot as numbers: warehouses, SKUs, sets and kinds by place instead of by name.
//!
//! Warehouses ascend by id, so a tie that is broken by place is broken by id. Leaves out who carries, and every
//! choice.

use super::kinds::Kinds;
use super::snapshot::{Snapshot, Warehouse};
use liangcang_domain::id::SkuId;
use liangcang_domain::unit::{Fen, Grams, Qty};
use std::collections::{BTreeMap, BTreeSet};

/// Units per SKU of an order, by place of the SKU.
pub(super) type Set = Vec<(usize, i64)>;

/// Orders by kind and warehouse.
pub(super) type Counts = Vec<Vec<i64>>;

/// Orders of one kind.
#[derive(Clone, Debug)]
pub(super) struct Lanes {
    /// What one wants, by place in [`Instance::sets`].
    pub set: usize,
    /// How many there are; none if the kind cannot be placed at all.
    pub orders: i64,
    /// Per warehouse what one order costs from there in fen, open or closed; `None` where nobody carries it.
    pub cost_fen: Vec<Option<i64>>,
}

/// What is to be solved.
#[derive(Clone, Debug)]
pub(super) struct Instance<'a> {
    /// Ascending by id.
    pub warehouses: Vec<&'a Warehouse>,
    /// Ascending, all that some order wants.
    pub skus: Vec<&'a SkuId>,
    /// Each once.
    pub sets: Vec<Set>,
    /// One per kind, in the same sequence.
    pub kinds: Vec<Lanes>,
    /// Orders each warehouse takes; none where it is closed.
    pub capacity: Vec<i64>,
    /// Units by warehouse and SKU.
    pub stock: Vec<Vec<i64>>,
}

impl<'a> Instance<'a> {
    pub(super) fn new(kinds: &'a Kinds, snapshot: &'a Snapshot) -> Self {
        let mut warehouses: Vec<&Warehouse> = snapshot.warehouses.iter().collect();
        warehouses.sort_by(|one, other| one.id.cmp(&other.id));
        let wanted = kinds.kinds.iter().flat_map(|kind| &kind.units).map(|(sku, _)| sku);
        let skus: Vec<&SkuId> = wanted.collect::<BTreeSet<_>>().into_iter().collect();
        let place: BTreeMap<&SkuId, usize> = skus.iter().enumerate().map(|(at, sku)| (*sku, at)).collect();
        let mut known = BTreeMap::<&[(SkuId, Qty)], usize>::new();
        let mut sets = Vec::<Set>::new();
        let mut lanes = Vec::new();
        for (at, kind) in kinds.kinds.iter().enumerate() {
            let set = *known.entry(&kind.units).or_insert_with(|| {
                sets.push(kind.units.iter().map(|(sku, qty)| (place[sku], qty.0)).collect());
                sets.len() - 1
            });
            let weight = snapshot.weight_of(&kind.units).filter(|_| !kind.units.is_empty());
            let cost = |warehouse: &&Warehouse| lane_fen(snapshot, warehouse, &kind.province, weight?);
            let orders = i64::try_from(kinds.orders_of(at)).unwrap_or(i64::MAX);
            lanes.push(Lanes {
                set,
                orders: if weight.is_some() { orders } else { 0 },
                cost_fen: warehouses.iter().map(cost).collect(),
            });
        }
        let capacity = warehouses.iter().map(|one| if one.open { one.capacity_orders.max(0) } else { 0 });
        let units = |one: &Warehouse, sku: &SkuId| one.stock.get(sku).map_or(0, |qty| qty.0.max(0));
        let stock = warehouses.iter().map(|one| skus.iter().map(|sku| units(one, sku)).collect());
        let (capacity, stock) = (capacity.collect(), stock.collect());
        Self { warehouses, skus, sets, kinds: lanes, capacity, stock }
    }

    /// What is left when these numbers of orders per kind and warehouse are taken out.
    pub(super) fn left_after(&self, counts: &[Vec<i64>]) -> Left {
        let mut left = Left { capacity: self.capacity.clone(), stock: self.stock.clone() };
        for (kind, counts) in self.kinds.iter().zip(counts) {
            for (warehouse, &orders) in counts.iter().enumerate() {
                left.take(&self.sets[kind.set], warehouse, orders);
            }
        }
        left
    }

    /// Orders by set and warehouse.
    pub(super) fn by_set(&self, counts: &Counts) -> Vec<Vec<i64>> {
        let mut by_set = vec![vec![0; self.warehouses.len()]; self.sets.len()];
        for (kind, counts) in self.kinds.iter().zip(counts) {
            by_set[kind.set].iter_mut().zip(counts).for_each(|(sum, orders)| *sum += orders);
        }
        by_set
    }

    /// What a plan costs in fen.
    pub(super) fn cost_fen(&self, counts: &Counts) -> i64 {
        let lanes = self.kinds.iter().zip(counts).flat_map(|(kind, counts)| kind.cost_fen.iter().zip(counts));
        lanes.map(|(cost, orders)| cost.unwrap_or(0) * orders).sum()
    }

    /// Orders that can be placed at all.
    pub(super) fn orders(&self) -> i64 {
        self.kinds.iter().map(|kind| kind.orders).sum()
    }

    /// What the dearest lane costs.
    pub(super) fn dearest_fen(&self) -> i64 {
        self.kinds.iter().flat_map(|kind| kind.cost_fen.iter().flatten()).copied().max().unwrap_or(0)
    }

    /// What makes one plan better than another: fewer orders without a place, then fewer fen.
    pub(super) fn value(&self, counts: &Counts) -> (i64, i64) {
        (self.unplaced(counts), self.cost_fen(counts))
    }

    /// How many orders it leaves without a place.
    pub(super) fn unplaced(&self, counts: &Counts) -> i64 {
        self.kinds.iter().zip(counts).map(|(kind, counts)| kind.orders - counts.iter().sum::<i64>()).sum()
    }
}

fn lane_fen(snapshot: &Snapshot, warehouse: &Warehouse, province: &str, weight: Grams) -> Option<i64> {
    warehouse.carrier_to(province)?;
    snapshot.costs.order_fen(&warehouse.id, province, weight).map(|Fen(fen)| fen)
}

/// Stock and capacity not yet given away.
#[derive(Clone, Debug)]
pub(super) struct Left {
    /// Orders by warehouse.
    pub capacity: Vec<i64>,
    /// Units by warehouse and SKU.
    pub stock: Vec<Vec<i64>>,
}

impl Left {
    /// How many orders of a set the stock of a warehouse makes up, its capacity left aside.
    pub(super) fn sets_in_stock(&self, set: &Set, warehouse: usize) -> i64 {
        set.iter().map(|&(sku, qty)| self.stock[warehouse][sku] / qty).min().unwrap_or(0)
    }

    /// How many orders of a set a warehouse can still take.
    pub(super) fn room(&self, set: &Set, warehouse: usize) -> i64 {
        self.sets_in_stock(set, warehouse).min(self.capacity[warehouse])
    }

    /// Gives orders to a warehouse, or takes them back if the number is negative.
    pub(super) fn take(&mut self, set: &Set, warehouse: usize, orders: i64) {
        self.capacity[warehouse] -= orders;
        for &(sku, qty) in set {
            self.stock[warehouse][sku] -= qty * orders;
        }
    }
}
