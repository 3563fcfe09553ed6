//! Single orders between two plans: each goes where freight and the plan's prices together are lowest, on what is left
//! at that moment.
//!
//! Everything is looked up by place and counted in whole numbers, so that a choice costs about a microsecond with
//! eight warehouses. Leaves out where the numbers come from and who keeps them.

mod split;

use super::because::{Scarce, Unplaced, chosen, nowhere};
use super::prices::Prices;
use super::reach::Reach;
use super::sharing::SCALE;
use super::{Because, Placing};
use liangcang_domain::id::{CarrierId, SkuId, WarehouseId};
use liangcang_domain::unit::{Fen, Grams, Qty};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is left while single orders are placed.
#[derive(Clone, Debug, Default)]
pub struct Live {
    reach: Arc<Reach>,
    places: Vec<Place>,
    /// By the share of the stock the orders draw on, then by SKU.
    shares: BTreeMap<String, BTreeMap<SkuId, Shelf>>,
    /// By SKU, what one unit is worth at each place; a SKU left out is worth nothing anywhere.
    stock_mfen: BTreeMap<SkuId, Vec<i64>>,
}

/// A warehouse.
#[derive(Clone, Debug)]
struct Place {
    open: bool,
    /// Orders it can still send out today; `None`: any number.
    room: Option<i64>,
    capacity_mfen: i64,
}

/// Units of one SKU not yet promised, by place.
type Shelf = Vec<i64>;

/// A SKU of an order: which, how many, and what is left of it.
type Wanted<'a> = (&'a SkuId, i64, Option<&'a Shelf>);

impl Live {
    /// With all warehouses open and without limit, and no stock.
    #[must_use]
    pub fn new(reach: Arc<Reach>, prices: &Prices) -> Self {
        let capacity = |id: &WarehouseId| prices.capacity_mfen.get(id).copied().unwrap_or(0);
        let place = |id| Place { open: true, room: None, capacity_mfen: capacity(id) };
        let places = reach.warehouses.iter().map(place).collect();
        let mut stock_mfen = BTreeMap::<SkuId, Vec<i64>>::new();
        for (warehouse, skus) in &prices.stock_mfen {
            let Some(at) = reach.place(warehouse) else { continue };
            for (sku, price) in skus {
                let of_sku = stock_mfen.entry(sku.clone()).or_insert_with(|| vec![0; reach.warehouses.len()]);
                of_sku[at] = *price;
            }
        }
        Self { reach, places, shares: BTreeMap::new(), stock_mfen }
    }

    /// Closes a warehouse.
    pub fn close(&mut self, warehouse: &WarehouseId) {
        if let Some(at) = self.reach.place(warehouse) {
            self.places[at].open = false;
        }
    }

    /// Sets how many orders a warehouse can still send out today; below zero counts as none.
    pub fn limit(&mut self, warehouse: &WarehouseId, orders: i64) {
        if let Some(at) = self.reach.place(warehouse) {
            self.places[at].room = Some(orders);
        }
    }

    /// Sets what a share has left of a SKU at a warehouse; below zero counts as none.
    pub fn put(&mut self, share: &str, warehouse: &WarehouseId, sku: SkuId, left: Qty) {
        let Some(at) = self.reach.place(warehouse) else { return };
        if !self.shares.contains_key(share) {
            self.shares.insert(share.to_owned(), BTreeMap::new());
        }
        let Some(shelves) = self.shares.get_mut(share) else { return };
        shelves.entry(sku).or_insert_with(|| vec![0; self.places.len()])[at] = left.0;
    }

    /// Whether there is a share of this name.
    #[must_use]
    pub fn has_share(&self, share: &str) -> bool {
        self.shares.contains_key(share)
    }

    /// Places one order on what a share has left: where freight and prices together are lowest among the open
    /// warehouses that have all of it and room; of equal ones the first by id. Takes nothing. O(warehouses × SKUs).
    #[must_use]
    pub fn choose(&self, share: &str, province: &str, units: &BTreeMap<SkuId, Qty>) -> Placing {
        let wanted = self.wanted(share, units);
        let weight = match self.weight(&wanted) {
            Ok(weight) => weight,
            Err(reason) => return Placing::Unplaced { reason },
        };
        let lanes = self.reach.lanes(province);
        let mut cheapest = None;
        let mut best: Option<(i64, usize, i64, &CarrierId)> = None;
        for (at, lane) in lanes.iter().enumerate() {
            let Some((carrier, rate)) = lane else { continue };
            let cost = rate.order_fen(weight).0;
            if cheapest.is_none_or(|cheapest| (cost, at) < cheapest) {
                cheapest = Some((cost, at));
            }
            if !self.fits(at, &wanted) {
                continue;
            }
            let priced = cost * SCALE + self.price_mfen(at, &wanted);
            if best.is_none_or(|(least, ..)| priced < least) {
                best = Some((priced, at, cost, carrier));
            }
        }
        if let (Some((_, at, cost, carrier)), Some((least, from))) = (best, cheapest) {
            let because = chosen(cost, (least, &self.reach.warehouses[from]), || self.scarce(from, &wanted));
            let (warehouse, carrier) = (self.reach.warehouses[at].clone(), carrier.clone());
            return Placing::Placed { warehouse, carrier, cost_fen: Fen(cost), because };
        }
        Placing::Unplaced { reason: self.unplaced(province, weight, &wanted) }
    }

    /// What an order lacks at the open warehouse that lacks the fewest units of it; of several at the cheapest, then
    /// the first by id. Nothing where no open warehouse reaches the province.
    #[must_use]
    pub fn missing(&self, share: &str, province: &str, units: &BTreeMap<SkuId, Qty>) -> BTreeSet<SkuId> {
        let wanted = self.wanted(share, units);
        let weight = self.weight(&wanted).unwrap_or_default();
        let lanes = self.reach.lanes(province).iter().enumerate();
        let lacks = |at: usize, (_, qty, shelf): &Wanted<'_>| (qty - left(*shelf, at)).max(0);
        let open = lanes.filter_map(|(at, lane)| {
            let (_, rate) = lane.as_ref().filter(|_| self.places[at].open)?;
            Some((wanted.iter().map(|it| lacks(at, it)).sum::<i64>(), rate.order_fen(weight), at))
        });
        let Some((.., nearest)) = open.min() else { return BTreeSet::new() };
        let short = wanted.iter().filter(|it| lacks(nearest, it) > 0);
        short.map(|(sku, ..)| (*sku).clone()).collect()
    }

    /// Takes an order's units and its place in the day from a warehouse.
    pub fn take(&mut self, share: &str, warehouse: &WarehouseId, units: &BTreeMap<SkuId, Qty>) {
        let Some(at) = self.reach.place(warehouse) else { return };
        if let Some(room) = &mut self.places[at].room {
            *room -= 1;
        }
        let Some(shelves) = self.shares.get_mut(share) else { return };
        for (sku, qty) in units {
            if let Some(shelf) = shelves.get_mut(sku) {
                shelf[at] -= qty.0;
            }
        }
    }

    fn wanted<'a>(&'a self, share: &str, units: &'a BTreeMap<SkuId, Qty>) -> Vec<Wanted<'a>> {
        let shelves = self.shares.get(share);
        let wanted = units.iter().filter(|(_, qty)| **qty > Qty::ZERO);
        wanted.map(|(sku, qty)| (sku, qty.0, shelves.and_then(|skus| skus.get(sku)))).collect()
    }

    fn weight(&self, wanted: &[Wanted<'_>]) -> Result<Grams, Unplaced> {
        if wanted.is_empty() {
            return Err(Unplaced::NothingToShip);
        }
        let mut weight = Grams(0);
        for (sku, qty, _) in wanted {
            let each = self.reach.weights.get(*sku);
            let each = each.ok_or_else(|| Unplaced::UnknownSku { sku: (*sku).clone() })?;
            weight = Grams(weight.0 + Qty(*qty).weigh(*each).0);
        }
        Ok(weight)
    }

    fn fits(&self, at: usize, wanted: &[Wanted<'_>]) -> bool {
        let has = |(_, qty, shelf): &Wanted<'_>| left(*shelf, at) >= *qty;
        self.has_room(at) && wanted.iter().all(has)
    }

    fn has_room(&self, at: usize) -> bool {
        let place = &self.places[at];
        place.open && place.room.is_none_or(|orders| orders > 0)
    }

    fn price_mfen(&self, at: usize, wanted: &[Wanted<'_>]) -> i64 {
        if self.stock_mfen.is_empty() {
            return self.places[at].capacity_mfen;
        }
        let price = |sku: &SkuId| self.stock_mfen.get(sku).map_or(0, |prices| prices[at]);
        let stock: i64 = wanted.iter().map(|(sku, qty, _)| price(sku) * qty).sum();
        self.places[at].capacity_mfen + stock
    }

    /// What keeps a warehouse from taking the order.
    fn scarce(&self, at: usize, wanted: &[Wanted<'_>]) -> Option<Scarce> {
        if !self.places[at].open {
            return Some(Scarce::Closed);
        }
        if let Some((sku, ..)) = wanted.iter().find(|(_, qty, shelf)| left(*shelf, at) < *qty) {
            return Some(Scarce::Stock { sku: (*sku).clone() });
        }
        self.places[at].room.is_some_and(|orders| orders <= 0).then_some(Scarce::Capacity)
    }

    fn unplaced(&self, province: &str, weight: Grams, wanted: &[Wanted<'_>]) -> Unplaced {
        if self.places.iter().all(|place| !place.open) {
            return Unplaced::AllClosed;
        }
        let lanes = self.reach.lanes(province).iter().enumerate();
        let open = lanes.filter(|(at, _)| self.places[*at].open);
        let costs = open.filter_map(|(at, lane)| Some((lane.as_ref()?.1.order_fen(weight).0, at)));
        nowhere(costs.collect(), |at| self.scarce(at, wanted))
    }
}

fn left(shelf: Option<&Shelf>, at: usize) -> i64 {
    shelf.map_or(0, |by_place| by_place[at].max(0))
}

impl Because {
    /// The word kept with an order: `cheapest`, or `displaced:` with what was scarce where (`capacity:SH`,
    /// `stock:SH:RICE5`, `closed:SH`, `kept:SH`).
    #[must_use]
    pub fn word(&self) -> String {
        match self {
            Self::Cheapest => "cheapest".to_owned(),
            Self::Displaced { from, scarce, .. } => match scarce {
                Scarce::Closed => format!("displaced:closed:{from}"),
                Scarce::Capacity => format!("displaced:capacity:{from}"),
                Scarce::Stock { sku } => format!("displaced:stock:{from}:{sku}"),
                Scarce::Kept => format!("displaced:kept:{from}"),
            },
        }
    }
}
