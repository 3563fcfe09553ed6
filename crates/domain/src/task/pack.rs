//! The bench: one order from its parts to a labelled parcel.
//!
//! Scan each part (a bundle is drawn as its parts); scan the packaging; the parcel on the scale passes the gate (or a
//! lead's badge lets it pass); the label prints; the label scanned back on the parcel ends it. The last scan may be
//! undone until the label is asked for. A cancelled order's goods go back into a tote. Nothing here knows which
//! printer prints; a label's journal says how far it is, truthfully.
//!
//! Leaves out which order comes next and which packaging is proposed (the station and the planner).

use super::{Context, Event, First, Gesture, Outcome};
use crate::code::Action;
use crate::fact::{Fact, Goods};
use crate::gate::WeightGate;
use crate::id::{CarrierId, GestureId, OperatorId, OrderNo, PackagingId, SkuId, ToteId, WaybillNo};
use crate::label::{LabelPrint, LabelState};
use crate::unit::{Grams, Qty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

mod label;
mod parts;
mod screen;

pub use screen::{PackScreen, PartView};

/// Units of one lot that belong into the parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// What, which lot, how many.
    pub goods: Goods,
    /// The line of the order it is drawn under.
    pub group: usize,
}

/// A line of the order as drawn: a bundle with its parts, or a single item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Group {
    /// As sold.
    pub title: String,
    /// How many of it.
    pub qty: Qty,
    /// Whether it is a bundle.
    pub bundle: bool,
}

/// Why a packaging is proposed, as a closed word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PackagingReason {
    /// Glass: air columns around each bottle.
    Glass,
    /// Bottles: stiff carton, upright.
    Bottles,
    /// Only sacks, heavy: a woven bag outlasts a carton.
    HeavySacks,
    /// The smallest carton that holds it.
    SmallestFit,
}

/// Everything a bench must know of one order before it begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PackJob {
    /// The order.
    pub order: OrderNo,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Its waybill.
    pub waybill: WaybillNo,
    /// The tote its goods lie in.
    pub tote: ToteId,
    /// Its lines as drawn.
    pub groups: Vec<Group>,
    /// What belongs into it.
    pub parts: Vec<Part>,
    /// SKUs of other orders in the same tote, so that a mix-up is named as one.
    pub neighbours: BTreeSet<SkuId>,
    /// Proposed packaging.
    pub packaging: PackagingId,
    /// Why that.
    pub packaging_reason: PackagingReason,
    /// What it should weigh in that packaging.
    pub gate: WeightGate,
}

/// The step a parcel is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum PackStep {
    /// Scan the parts.
    Parts,
    /// Take the packaging.
    Packaging,
    /// Put it on the scale.
    Weigh,
    /// The label is being drawn and printed.
    Print,
    /// Why print again: 1 spoilt, 2 missing, 3 repacked.
    ReprintReason,
    /// Stick the label and scan it.
    ScanBack,
    /// Sealed.
    Packed,
    /// Cancelled: put the goods into a tote.
    Return,
    /// Returned.
    Returned,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Undoable {
    Part { part: usize, by: OperatorId },
    Packaging { by: OperatorId },
}

/// The state of one parcel on a bench.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    /// What it should become.
    pub job: PackJob,
    /// Units scanned, per part.
    pub scanned: Vec<Qty>,
    /// Packaging taken.
    pub packaging: Option<PackagingId>,
    /// Weight that passed.
    pub gross: Option<Grams>,
    /// All prints of its label; the last one counts.
    pub prints: Vec<LabelPrint>,
    started: bool,
    packed: bool,
    recalled: bool,
    returned: bool,
    asking_reprint: bool,
    history: Vec<Undoable>,
    seen: BTreeSet<GestureId>,
}

impl Pack {
    /// An order just opened.
    #[must_use]
    pub fn new(job: PackJob) -> Self {
        Self {
            scanned: vec![Qty::ZERO; job.parts.len()],
            job,
            packaging: None,
            gross: None,
            prints: vec![],
            started: false,
            packed: false,
            recalled: false,
            returned: false,
            asking_reprint: false,
            history: vec![],
            seen: BTreeSet::new(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn step(&self) -> PackStep {
        match () {
            () if self.returned => PackStep::Returned,
            () if self.packed => PackStep::Packed,
            () if self.recalled => PackStep::Return,
            () if self.next_part().is_some() => PackStep::Parts,
            () if self.packaging.is_none() => PackStep::Packaging,
            () if self.gross.is_none() => PackStep::Weigh,
            () if self.asking_reprint => PackStep::ReprintReason,
            () if self.print().is_some_and(|print| print.state.may_be_scanned()) => PackStep::ScanBack,
            () => PackStep::Print,
        }
    }

    /// The print that counts.
    #[must_use]
    pub fn print(&self) -> Option<&LabelPrint> {
        self.prints.last()
    }

    /// The first part that lacks units.
    fn next_part(&self) -> Option<usize> {
        (0..self.job.parts.len()).find(|&at| self.scanned[at] < self.job.parts[at].goods.qty)
    }

    /// Takes a gesture: what to record, do and answer.
    #[must_use]
    pub fn take(&mut self, gesture: &Gesture, cx: Context<'_>) -> Outcome {
        if self.seen.contains(&gesture.id) {
            return Outcome::quiet();
        }
        match &gesture.event {
            Event::Recalled(order) => return self.recall(order),
            Event::Label { print, to, why } => return self.label_moved(print, *to, why.as_deref()),
            Event::Pressed(Action::Undo) => return self.undo(&gesture.by),
            Event::Pressed(Action::Repeat | Action::Help | Action::Pause) | Event::Replanned(_) => {
                return Outcome::quiet();
            }
            _ => {}
        }
        let outcome = match self.step() {
            PackStep::Parts => self.scan_part(&gesture.event, cx),
            PackStep::Packaging => self.take_packaging(&gesture.event, cx),
            PackStep::Weigh => self.weigh(&gesture.event),
            PackStep::Print | PackStep::ScanBack => self.scan_back(&gesture.event),
            PackStep::ReprintReason => self.reprint(&gesture.event),
            PackStep::Return => self.return_goods(&gesture.event),
            // The scale is emptied after every parcel.
            PackStep::Packed | PackStep::Returned if matches!(gesture.event, Event::Weighed(_)) => {
                Outcome::quiet()
            }
            PackStep::Packed | PackStep::Returned => Outcome::not_now(First::Nothing),
        };
        if self.started || outcome.facts.is_empty() {
            return outcome;
        }
        let start = Fact::PackStarted { order: self.job.order.clone(), tote: self.job.tote.clone() };
        Outcome { facts: [vec![start], outcome.facts].concat(), ..outcome }
    }

    /// Moves the state by one fact. Facts of other orders change nothing. O(parts).
    pub fn evolve(&mut self, fact: &Fact, gesture: &GestureId, by: &OperatorId) {
        let mine = |order: &OrderNo| *order == self.job.order;
        match fact {
            Fact::PackStarted { order, .. } if mine(order) => self.started = true,
            Fact::PartScanned { order, part, goods, .. } if mine(order) => {
                if let Some(scanned) = self.scanned.get_mut(*part) {
                    *scanned += goods.qty;
                    self.history.push(Undoable::Part { part: *part, by: by.clone() });
                }
            }
            Fact::PartUndone { order, part, goods, .. } if mine(order) => {
                if let Some(scanned) = self.scanned.get_mut(*part) {
                    *scanned -= goods.qty;
                }
                self.history.pop();
            }
            Fact::PackagingTaken { order, packaging, .. } if mine(order) => {
                self.packaging = Some(packaging.clone());
                self.history.push(Undoable::Packaging { by: by.clone() });
            }
            Fact::PackagingUndone { order } if mine(order) => {
                self.packaging = None;
                self.history.pop();
            }
            Fact::Weighed { order, gross, .. } if mine(order) => self.gross = Some(*gross),
            Fact::LabelRequested { order, print, reprint, .. } if mine(order) => {
                self.asking_reprint = false;
                let (id, state) = (print.clone(), LabelState::Requested);
                self.prints.push(LabelPrint { id, state, why: None, reprint: *reprint });
            }
            Fact::LabelMoved { order, print, to, why } if mine(order) => {
                if let Some(known) = self.prints.iter_mut().find(|known| known.id == *print) {
                    known.state = *to;
                    known.why.clone_from(why);
                }
            }
            Fact::Packed { order, .. } if mine(order) => self.packed = true,
            Fact::PackRecalled { order } if mine(order) => self.recalled = true,
            Fact::PackReturned { order, .. } if mine(order) => self.returned = true,
            _ => return,
        }
        self.seen.insert(gesture.clone());
    }
}
