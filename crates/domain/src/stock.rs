//! The warehouse's stock: a double-entry ledger of movements between places.
//!
//! A quantity is never overwritten: goods only move, and every movement says from where, to where, which lot and
//! by which gesture. Goods come from `Supplier`, leave to `Carrier`; the sum over all places of one lot is always
//! zero. What a promise may take is the server's (`feed`, holds).

use crate::id::{BinId, GestureId, LotId, OrderNo, SkuId, ToteId};
use crate::unit::{EpochMs, Qty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Where goods can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "place", content = "id", rename_all = "snake_case")]
pub enum Place {
    /// Outside, before they were ours. May go negative: it is the other side of every receipt.
    Supplier,
    /// In a bin.
    Bin(BinId),
    /// In a tote.
    Tote(ToteId),
    /// On a bench, for one order.
    Bench(OrderNo),
    /// In one order's sealed parcel.
    Parcel(OrderNo),
    /// With the carrier: out of the building.
    Carrier,
    /// Found more or fewer than the ledger said; may go negative.
    CountDifference,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Supplier => f.write_str("supplier"),
            Self::Bin(id) => write!(f, "bin:{id}"),
            Self::Tote(id) => write!(f, "tote:{id}"),
            Self::Bench(no) => write!(f, "bench:{no}"),
            Self::Parcel(no) => write!(f, "parcel:{no}"),
            Self::Carrier => f.write_str("carrier"),
            Self::CountDifference => f.write_str("count_difference"),
        }
    }
}

impl Place {
    /// Whether the ledger lets it fall below zero.
    #[must_use]
    pub fn may_owe(&self) -> bool {
        matches!(self, Self::Supplier | Self::CountDifference)
    }
}

/// Goods that moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The gesture that moved them.
    pub gesture: GestureId,
    /// What.
    pub sku: SkuId,
    /// Of which lot.
    pub lot: LotId,
    /// How many, always positive.
    pub qty: Qty,
    /// From.
    pub from: Place,
    /// To.
    pub to: Place,
    /// When.
    pub at: EpochMs,
}

/// Why goods cannot move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Zero or negative.
    #[error("a movement of {0} units says nothing")]
    NotPositive(Qty),
    /// From a place to itself.
    #[error("goods cannot move from {0} to itself")]
    SamePlace(Place),
    /// Fewer there than wanted.
    #[error("{place} holds {there} of {sku} lot {lot}, {wanted} wanted")]
    NotThere {
        /// Where they should be.
        place: Place,
        /// What.
        sku: SkuId,
        /// Lot.
        lot: LotId,
        /// How many are there.
        there: Qty,
        /// How many were wanted.
        wanted: Qty,
    },
}

/// Balances per place, SKU and lot, recomputed from movements: what `audit` holds the store against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ledger {
    balances: BTreeMap<(Place, SkuId, LotId), Qty>,
}

impl Ledger {
    /// Units of one lot in one place.
    #[must_use]
    pub fn balance(&self, place: &Place, sku: &SkuId, lot: &LotId) -> Qty {
        self.balances.get(&(place.clone(), sku.clone(), lot.clone())).copied().unwrap_or_default()
    }

    /// Moves goods, or says why not and changes nothing. O(log n).
    ///
    /// # Errors
    /// The first [`Refusal`] in the order they are declared.
    pub fn move_goods(&mut self, movement: &Movement) -> Result<(), Refusal> {
        let Movement { sku, lot, qty, from, to, .. } = movement;
        if *qty <= Qty::ZERO {
            return Err(Refusal::NotPositive(*qty));
        }
        if from == to {
            return Err(Refusal::SamePlace(from.clone()));
        }
        let there = self.balance(from, sku, lot);
        if !from.may_owe() && there < *qty {
            let (place, sku, lot) = (from.clone(), sku.clone(), lot.clone());
            return Err(Refusal::NotThere { place, sku, lot, there, wanted: *qty });
        }
        *self.balances.entry((from.clone(), sku.clone(), lot.clone())).or_default() -= *qty;
        *self.balances.entry((to.clone(), sku.clone(), lot.clone())).or_default() += *qty;
        self.balances.retain(|_, balance| *balance != Qty::ZERO);
        Ok(())
    }

    /// All balances that are not zero, in order of place.
    pub fn balances(&self) -> impl Iterator<Item = (&Place, &SkuId, &LotId, Qty)> {
        self.balances.iter().map(|((place, sku, lot), qty)| (place, sku, lot, *qty))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail by panicking")]

    use super::*;
    use proptest::prelude::*;

    fn movement(qty: i64, from: Place, to: Place) -> Movement {
        let (sku, lot) = ("RICE5".into(), "L1".into());
        Movement { gesture: "g".into(), sku, lot, qty: Qty(qty), from, to, at: EpochMs(0) }
    }

    #[test]
    fn goods_that_are_not_there_do_not_move() {
        let mut ledger = Ledger::default();
        let bin = Place::Bin("A-01-01-1".into());
        let tote = Place::Tote("TOTE-1".into());
        ledger.move_goods(&movement(3, Place::Supplier, bin.clone())).expect("suppliers may owe");
        let before = ledger.clone();
        let refusal = ledger.move_goods(&movement(4, bin.clone(), tote)).expect_err("only three there");
        assert_eq!(refusal.to_string(), "bin:A-01-01-1 holds 3 of RICE5 lot L1, 4 wanted");
        assert_eq!(
            ledger.move_goods(&movement(0, Place::Supplier, bin.clone())),
            Err(Refusal::NotPositive(Qty(0)))
        );
        assert_eq!(ledger.move_goods(&movement(1, bin.clone(), bin.clone())), Err(Refusal::SamePlace(bin)));
        assert_eq!(ledger, before);
    }

    proptest! {
        #[test]
        fn a_lot_sums_to_zero_whatever_is_tried(steps in proptest::collection::vec((0usize..6, 0usize..6, -1i64..9), 0..60)) {
            let places = [
                Place::Supplier, Place::Bin("A-01-01-1".into()), Place::Tote("TOTE-1".into()),
                Place::Bench("1".into()), Place::Parcel("1".into()), Place::Carrier,
            ];
            let mut ledger = Ledger::default();
            for (from, to, qty) in steps {
                let _ = ledger.move_goods(&movement(qty, places[from].clone(), places[to].clone()));
                prop_assert_eq!(ledger.balances().map(|(.., qty)| qty).sum::<Qty>(), Qty::ZERO);
                prop_assert!(ledger.balances().all(|(place, .., qty)| place.may_owe() || qty > Qty::ZERO));
            }
        }
    }
}
