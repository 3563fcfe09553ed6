//! Hand-over: parcels into a carrier's cage, and the cage to the carrier.
//!
//! Scan the cage, scan each parcel's label, close. Scan-out is the only act that takes stock out of the building, and
//! only for a parcel that is packed, for this carrier, and not cancelled. The last scan may be undone until the cage
//! is closed. Leaves out the manifest's drawing and the carrier's own confirmation.

use super::{Event, First, Gesture, Mistake, Notice, Outcome};
use crate::code::{Action, Code};
use crate::fact::{Fact, Goods};
use crate::id::{CageId, CarrierId, GestureId, ManifestId, OrderNo, PrintId, WaybillNo};
use crate::say::Say;
use crate::unit::Grams;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

/// What the store knows of the parcel behind a waybill number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Its order.
    pub order: OrderNo,
    /// Its number.
    pub waybill: WaybillNo,
    /// The print on it.
    pub print: PrintId,
    /// Who carries it.
    pub carrier: CarrierId,
    /// What it weighs.
    pub gross: Grams,
    /// What is in it.
    pub goods: Vec<Goods>,
    /// Whether it is sealed and still here.
    pub packed: bool,
    /// Whether its order was cancelled meanwhile.
    pub cancelled: bool,
}

/// One parcel in the cage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CagedParcel {
    /// Its order.
    pub order: OrderNo,
    /// Its number.
    pub waybill: WaybillNo,
    /// What it weighs.
    pub gross: Grams,
    #[ts(skip)]
    print: PrintId,
    #[ts(skip)]
    goods: Vec<Goods>,
}

/// The state of a hand-over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandOver {
    /// Its id.
    pub id: ManifestId,
    /// Whose truck.
    pub carrier: CarrierId,
    /// The cage, once scanned.
    pub cage: CageId,
    /// What is in it, in the order of scanning.
    pub parcels: Vec<CagedParcel>,
    /// Whether the carrier took it.
    pub closed: bool,
    seen: BTreeSet<GestureId>,
}

impl HandOver {
    /// An empty cage.
    #[must_use]
    pub fn new(id: ManifestId, carrier: CarrierId, cage: CageId) -> Self {
        Self { id, carrier, cage, parcels: vec![], closed: false, seen: BTreeSet::new() }
    }

    /// Total weight in the cage.
    #[must_use]
    pub fn gross(&self) -> Grams {
        self.parcels.iter().map(|parcel| parcel.gross).sum()
    }

    /// Takes a gesture. `parcel` is what the store knows of the waybill scanned, if one was and it knows it.
    #[must_use]
    pub fn take(&self, gesture: &Gesture, parcel: Option<&Parcel>) -> Outcome {
        if self.seen.contains(&gesture.id) {
            return Outcome::quiet();
        }
        match &gesture.event {
            Event::Recalled(_) if self.closed => Outcome::quiet(),
            Event::Weighed(_) | Event::Label { .. } | Event::Replanned(_) => Outcome::quiet(),
            _ if self.closed => Outcome::not_now(First::Nothing),
            Event::Scanned(Code::Waybill(got)) => self.scan_out(got, parcel),
            Event::Scanned(Code::Cage(cage)) if *cage == self.cage => Outcome::attention(Notice::Already),
            Event::Scanned(Code::Unknown(got)) => Outcome::wrong(Mistake::UnknownCode { got: got.clone() }),
            Event::Pressed(Action::Next | Action::Confirm) if !self.parcels.is_empty() => self.close(),
            Event::Pressed(Action::Undo) => self.undo(),
            Event::Recalled(order) => self.recall(order),
            _ => Outcome::not_now(First::Label),
        }
    }

    fn scan_out(&self, got: &WaybillNo, parcel: Option<&Parcel>) -> Outcome {
        if self.parcels.iter().any(|caged| caged.waybill == *got) {
            return Outcome::attention(Notice::Already);
        }
        let Some(parcel) = parcel else { return Outcome::wrong(Mistake::NotPacked { got: got.clone() }) };
        if parcel.cancelled {
            return Outcome::wrong(Mistake::OrderWasCancelled { order: parcel.order.clone() });
        }
        if !parcel.packed {
            return Outcome::wrong(Mistake::NotPacked { got: got.clone() });
        }
        if parcel.carrier != self.carrier {
            let (expected, got) = (self.carrier.clone(), parcel.carrier.clone());
            return Outcome::wrong(Mistake::WrongCarrier { expected, got });
        }
        let Parcel { order, waybill, print, goods, .. } = parcel.clone();
        let (carrier, cage) = (self.carrier.clone(), self.cage.clone());
        Outcome::right(vec![Fact::ScannedOut { order, waybill, print, carrier, cage, goods }])
    }

    /// A parcel cancelled while it stands in the open cage comes off the manifest at once, and its bearer is told
    /// to take it out: scanned again it is refused.
    fn recall(&self, order: &OrderNo) -> Outcome {
        let Some(caged) = self.parcels.iter().find(|caged| caged.order == *order) else {
            return Outcome::quiet();
        };
        Outcome {
            facts: vec![taken_out(caged)],
            ..Outcome::attention(Notice::Recalled { order: order.clone() })
        }
    }

    fn close(&self) -> Outcome {
        let waybills = self.parcels.iter().map(|parcel| parcel.waybill.clone()).collect();
        let (manifest, carrier, cage) = (self.id.clone(), self.carrier.clone(), self.cage.clone());
        let fact = Fact::HandedOver { manifest, carrier, cage, waybills, gross: self.gross() };
        Outcome { feedback: super::Feedback::Complete, ..Outcome::right(vec![fact]) }
    }

    fn undo(&self) -> Outcome {
        let Some(last) = self.parcels.last() else { return Outcome::attention(Notice::NothingToUndo) };
        Outcome { facts: vec![taken_out(last)], ..Outcome::attention(Notice::Undone) }
    }

    /// Moves the state by one fact; `gross` is looked up for a parcel just scanned out.
    pub fn evolve(&mut self, fact: &Fact, gesture: &GestureId, gross: Grams) {
        match fact {
            Fact::ScannedOut { order, waybill, print, goods, cage, .. } if *cage == self.cage => {
                let (order, waybill, print, goods) =
                    (order.clone(), waybill.clone(), print.clone(), goods.clone());
                self.parcels.push(CagedParcel { order, waybill, gross, print, goods });
            }
            Fact::ScanOutUndone { waybill, .. } => self.parcels.retain(|parcel| parcel.waybill != *waybill),
            Fact::HandedOver { manifest, .. } if *manifest == self.id => self.closed = true,
            _ => return,
        }
        self.seen.insert(gesture.clone());
    }

    /// What is shown. `waiting` parcels of this carrier are packed and not in a cage.
    #[must_use]
    pub fn screen(&self, waiting: usize) -> HandOverScreen {
        HandOverScreen {
            manifest: self.id.clone(),
            carrier: self.carrier.clone(),
            cage: self.cage.clone(),
            count: self.parcels.len(),
            waiting,
            gross_g: self.gross(),
            last: self.parcels.iter().rev().take(6).cloned().collect(),
            closed: self.closed,
        }
    }

    /// What is said now.
    #[must_use]
    pub fn prompt(&self) -> Say {
        Say::ScanParcel { count: self.parcels.len() }
    }
}

fn taken_out(caged: &CagedParcel) -> Fact {
    let CagedParcel { order, waybill, print, goods, .. } = caged.clone();
    Fact::ScanOutUndone { order, waybill, print, goods }
}

/// A hand-over as a screen draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct HandOverScreen {
    /// Its id.
    pub manifest: ManifestId,
    /// Whose truck.
    pub carrier: CarrierId,
    /// The cage.
    pub cage: CageId,
    /// Parcels in it.
    pub count: usize,
    /// Parcels of this carrier that are packed and not in a cage.
    pub waiting: usize,
    /// Weight of what is in it.
    pub gross_g: Grams,
    /// The last few, latest first.
    pub last: Vec<CagedParcel>,
    /// Whether the carrier took it.
    pub closed: bool,
}
