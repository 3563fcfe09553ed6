//! Facts: what happened on the floor, in the order it happened.
//!
//! A fact is written by the warehouse, durable before anyone hears "good", and never changed; undo is a fact of its
//! own. Task states are rebuilt from facts, stock movements follow from them (`movements`), and the server learns
//! of the floor by nothing else. Variants and fields are only added: old replicas must read on.

#![expect(missing_docs, reason = "fields of a fact say by name and type what they are")]

use crate::code::Action;
use crate::gate::WeightGate;
use crate::id::{
    BinId, CageId, CarrierId, GestureId, LotId, ManifestId, OperatorId, OrderNo, PackagingId, PrintId, SkuId,
    StationId, ToteId, WalkId, WaveId, WaybillNo,
};
use crate::label::{LabelState, ReprintReason};
use crate::stock::{Movement, Place};
use crate::task::walk::{Line, ShortReason, WalkPlan};
use crate::unit::{EpochMs, Grams, Qty};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What completed a step. The engine treats all alike; the fact remembers which it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Evidence {
    /// The thing's own code.
    Scanned,
    /// Check digits or a number, spoken.
    Heard,
    /// Check digits or a number, typed.
    Keyed,
    /// The code could not be read; confirmed by hand.
    ByHand,
}

/// Goods of one lot in one place, moved by a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goods {
    /// What.
    pub sku: SkuId,
    /// Which lot.
    pub lot: LotId,
    /// How many.
    pub qty: Qty,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Fact {
    /// Somebody began to work at this station.
    SignedOn,
    /// Goods came in (also the opening stock of a new replica).
    Received { goods: Goods, bin: BinId },
    /// Orders were released together, cut into walks.
    WaveReleased { wave: WaveId, carrier: CarrierId, cutoff: EpochMs, walks: Vec<WalkPlan> },
    /// An order that was here left its queue because its channel cancelled it.
    OrderCancelled { order: OrderNo },
    /// An order cannot be completed from this warehouse now.
    OrderShort { order: OrderNo },

    /// A picker took a tote.
    WalkStarted { walk: WalkId, tote: ToteId },
    /// The picker proved where they stand.
    BinReached { walk: WalkId, line: usize, evidence: Evidence },
    /// Units went from the bin into the tote.
    Picked { walk: WalkId, line: usize, goods: Goods, bin: BinId, tote: ToteId, evidence: Evidence },
    /// The last pick was taken back.
    PickUndone { walk: WalkId, line: usize, goods: Goods, bin: BinId, tote: ToteId },
    /// Fewer in the bin than the ledger says.
    Shorted { walk: WalkId, line: usize, qty: Qty, reason: ShortReason },
    /// A bin must be counted.
    CountOpened { bin: BinId, sku: SkuId },
    /// An order left the walk; what was already picked for it goes back.
    WalkRecalled { walk: WalkId, order: OrderNo },
    /// Lines joined the end of the walk.
    LinesAdded { walk: WalkId, lines: Vec<Line> },
    /// Goods in a tote that nobody wants any more get a walk of their own, back to their bins.
    PutBackOpened { walk: WalkPlan },
    /// Units went from the tote back into the bin.
    PutBack { walk: WalkId, line: usize, goods: Goods, bin: BinId, tote: ToteId },
    /// The walk has no open line.
    WalkFinished { walk: WalkId },

    /// An order was opened on a bench.
    PackStarted { order: OrderNo, tote: ToteId },
    /// A unit was verified and lies on the bench.
    PartScanned { order: OrderNo, part: usize, goods: Goods, tote: ToteId, evidence: Evidence },
    /// The last unit went back into the tote.
    PartUndone { order: OrderNo, part: usize, goods: Goods, tote: ToteId },
    /// The packaging was taken.
    PackagingTaken { order: OrderNo, packaging: PackagingId, evidence: Evidence },
    /// The packaging was put back.
    PackagingUndone { order: OrderNo },
    /// The parcel passed the gate, or a lead let it pass.
    Weighed { order: OrderNo, gross: Grams, gate: WeightGate, allowed_by: Option<OperatorId> },
    /// A label was asked for; the next print of the order if it had one before.
    LabelRequested { order: OrderNo, waybill: WaybillNo, print: PrintId, reprint: Option<ReprintReason> },
    /// A label's journal moved.
    LabelMoved { order: OrderNo, print: PrintId, to: LabelState, why: Option<String> },
    /// The parcel is sealed and its label was scanned back.
    Packed { order: OrderNo, waybill: WaybillNo, gross: Grams, goods: Vec<Goods> },
    /// The order on the bench was cancelled.
    PackRecalled { order: OrderNo },
    /// Its goods lie in a tote again, to be put back.
    PackReturned { order: OrderNo, goods: Vec<Goods>, tote: ToteId },

    /// A parcel went into the carrier's cage: the only act that takes stock out of the building.
    ScannedOut {
        order: OrderNo,
        waybill: WaybillNo,
        print: PrintId,
        carrier: CarrierId,
        cage: CageId,
        goods: Vec<Goods>,
    },
    /// The last parcel came out of the cage again.
    ScanOutUndone { order: OrderNo, waybill: WaybillNo, print: PrintId, goods: Vec<Goods> },
    /// The carrier took the cage.
    HandedOver {
        manifest: ManifestId,
        carrier: CarrierId,
        cage: CageId,
        waybills: Vec<WaybillNo>,
        gross: Grams,
    },

    /// Asked for help or a repeat: no effect on goods, kept because a report of a walk wants them.
    Asked { action: Action },
}

/// A fact with who, where and when: what is stored, and what the server receives.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// The physical gesture behind it.
    pub gesture: GestureId,
    /// When, by the station's clock.
    pub at: EpochMs,
    /// Who.
    pub by: OperatorId,
    /// Where.
    pub station: StationId,
    /// What.
    #[serde(flatten)]
    pub fact: Fact,
}

impl Recorded {
    /// The stock movements that follow from this fact. Empty for most.
    #[must_use]
    pub fn movements(&self) -> Vec<Movement> {
        let moved = |goods: &Goods, from: Place, to: Place| Movement {
            gesture: self.gesture.clone(),
            sku: goods.sku.clone(),
            lot: goods.lot.clone(),
            qty: goods.qty,
            from,
            to,
            at: self.at,
        };
        let all = |goods: &[Goods], from: Place, to: Place| {
            goods.iter().map(|one| moved(one, from.clone(), to.clone())).collect()
        };
        let bin = |id: &BinId| Place::Bin(id.clone());
        let tote = |id: &ToteId| Place::Tote(id.clone());
        let bench = |no: &OrderNo| Place::Bench(no.clone());
        let parcel = |no: &OrderNo| Place::Parcel(no.clone());
        match &self.fact {
            Fact::Received { goods, bin: at } => vec![moved(goods, Place::Supplier, bin(at))],
            Fact::Picked { goods, bin: from, tote: to, .. } => vec![moved(goods, bin(from), tote(to))],
            Fact::PickUndone { goods, bin: to, tote: from, .. }
            | Fact::PutBack { goods, bin: to, tote: from, .. } => {
                vec![moved(goods, tote(from), bin(to))]
            }
            Fact::PartScanned { order, goods, tote: from, .. } => {
                vec![moved(goods, tote(from), bench(order))]
            }
            Fact::PartUndone { order, goods, tote: to, .. } => vec![moved(goods, bench(order), tote(to))],
            Fact::Packed { order, goods, .. } => all(goods, bench(order), parcel(order)),
            Fact::PackReturned { order, goods, tote: to } => all(goods, bench(order), tote(to)),
            Fact::ScannedOut { order, goods, .. } => all(goods, parcel(order), Place::Carrier),
            Fact::ScanOutUndone { order, goods, .. } => all(goods, Place::Carrier, parcel(order)),
            _ => Vec::new(),
        }
    }
}
