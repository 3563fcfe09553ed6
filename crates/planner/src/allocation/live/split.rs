//! A single order from several warehouses, when no one can send it whole.
//!
//! As a plan splits its kinds (`allocation::split`), on what is left at that moment and at the plan's prices. Leaves
//! out who may be split: that is the sale's to say.

use super::{Live, Shelf, Wanted, left};
use crate::allocation::reach::Lane;
use crate::allocation::sharing::SCALE;
use crate::allocation::{Part, Placing, Unplaced};
use liangcang_domain::id::{CarrierId, SkuId};
use liangcang_domain::unit::{Fen, Qty};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// What one warehouse would send.
struct Sending<'a> {
    at: usize,
    carrier: &'a CarrierId,
    cost_fen: i64,
    /// With what it sends in place of what is wanted.
    units: Vec<Wanted<'a>>,
}

impl Live {
    /// Splits one order over what a share has left: whoever of the open warehouses with room can send the most units
    /// of it sends them, of equal numbers the one where freight and prices are lowest, then the first by id; so on
    /// until all is found. Ask [`Live::choose`] first: an order that one warehouse could send comes back as one part.
    ///
    /// Optimises few parts, greedily. Ignores what the parts cost together, and what other shares have. Takes nothing.
    /// O(warehouses² × SKUs).
    #[must_use]
    pub fn split(&self, share: &str, province: &str, units: &BTreeMap<SkuId, Qty>) -> Placing {
        let mut wanted = self.wanted(share, units);
        if let Err(reason) = self.weight(&wanted) {
            return Placing::Unplaced { reason };
        }
        let lanes = self.reach.lanes(province);
        let mut sendings: Vec<Sending<'_>> = Vec::new();
        while !wanted.is_empty() {
            let Some(most) = self.most_units(lanes, &wanted, &sendings) else {
                let reason = self.not_together(share, province, units);
                return Placing::Unplaced { reason };
            };
            for (sku, qty, _) in &mut wanted {
                *qty -= most.units.iter().find(|(sent, ..)| *sent == *sku).map_or(0, |(_, sent, _)| *sent);
            }
            wanted.retain(|(_, qty, _)| *qty > 0);
            sendings.push(most);
        }
        let cost_fen = Fen(sendings.iter().map(|it| it.cost_fen).sum());
        let part = |it: Sending<'_>| Part {
            warehouse: self.reach.warehouses[it.at].clone(),
            carrier: it.carrier.clone(),
            units: it.units.into_iter().map(|(sku, qty, _)| (sku.clone(), Qty(qty))).collect(),
        };
        Placing::Split { parts: sendings.into_iter().map(part).collect(), cost_fen }
    }

    /// What of an order the open warehouses that reach the province have not even together.
    #[must_use]
    pub fn missing_together(
        &self,
        share: &str,
        province: &str,
        units: &BTreeMap<SkuId, Qty>,
    ) -> BTreeSet<SkuId> {
        let lanes = self.reach.lanes(province).iter().enumerate();
        let open = lanes.filter(|(at, lane)| lane.is_some() && self.places[*at].open);
        let open: Vec<usize> = open.map(|(at, _)| at).collect();
        let has = |shelf: Option<&Shelf>| open.iter().map(|at| left(shelf, *at)).sum::<i64>();
        let wanted = self.wanted(share, units).into_iter();
        wanted.filter(|(_, qty, shelf)| has(*shelf) < *qty).map(|(sku, ..)| sku.clone()).collect()
    }

    /// Who of those that send nothing yet can send the most.
    fn most_units<'a>(
        &self,
        lanes: &'a [Lane],
        wanted: &[Wanted<'a>],
        sendings: &[Sending<'_>],
    ) -> Option<Sending<'a>> {
        let free = lanes.iter().enumerate();
        let free = free.filter(|(at, _)| self.has_room(*at) && sendings.iter().all(|it| it.at != *at));
        let can_send = free.filter_map(|(at, lane)| {
            let (carrier, rate) = lane.as_ref()?;
            let sends = wanted.iter().map(|(sku, qty, shelf)| (*sku, (*qty).min(left(*shelf, at)), *shelf));
            let units: Vec<Wanted<'a>> = sends.filter(|(_, qty, _)| *qty > 0).collect();
            // Nothing to send has no weight.
            let cost_fen = rate.order_fen(self.weight(&units).ok()?).0;
            Some(Sending { at, carrier, cost_fen, units })
        });
        can_send.min_by_key(|it| {
            let units = it.units.iter().map(|(_, qty, _)| qty).sum::<i64>();
            (Reverse(units), it.cost_fen * SCALE + self.price_mfen(it.at, &it.units), it.at)
        })
    }

    fn not_together(&self, share: &str, province: &str, units: &BTreeMap<SkuId, Qty>) -> Unplaced {
        if self.places.iter().all(|place| !place.open) {
            return Unplaced::AllClosed;
        }
        let mut lanes = self.reach.lanes(province).iter().zip(&self.places);
        if !lanes.any(|(lane, place)| lane.is_some() && place.open) {
            return Unplaced::NoCarrier;
        }
        let missing = self.missing_together(share, province, units).into_iter().next();
        missing.map_or(Unplaced::NoCapacity, |sku| Unplaced::NoStock { sku })
    }
}
