//! The pick walk: what the picker does, bin by bin.
//!
//! Scan a tote; then for every line: go to the zone (heard "好了"), prove the bin (scan, or its check digits heard
//! or keyed), take the units (scan them one by one, or say or key how many), until no line is open. Short: reason,
//! confirm, the rest is looked for elsewhere. A cancelled order's units still in the bin are no longer wanted, those
//! already in the tote become a put-back line that comes first. Everything may be undone by who did it.
//!
//! Leaves out which orders make a walk and in which order its bins come (planner), and what is shown (`screen`).

use super::{Context, Gesture, Outcome};
use crate::fact::{Evidence, Fact, Goods};
use crate::id::{BinId, GestureId, LotId, OperatorId, OrderNo, SkuId, ToteId, WalkId, WaveId};
use crate::unit::Qty;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

mod decide;
mod evolve;
mod screen;

pub use screen::{WalkLineView, WalkScreen, WalkStepView};

/// Above this, a number said or typed is read back before it counts.
const READ_BACK_ABOVE: Qty = Qty(5);

/// For whom a line's units are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// The order.
    pub order: OrderNo,
    /// How many of the line's units.
    pub qty: Qty,
}

/// One line: units of one lot in one bin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Fetched, or brought back.
    pub kind: LineKind,
    /// Where.
    pub bin: BinId,
    /// The bin's check digits.
    pub check_digits: String,
    /// What.
    pub sku: SkuId,
    /// Which lot.
    pub lot: LotId,
    /// How many.
    pub qty: Qty,
    /// For whom; empty for a put-back.
    pub shares: Vec<Share>,
}

/// Whether a line fetches or brings back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum LineKind {
    /// From the bin into the tote.
    Pick,
    /// From the tote into the bin.
    PutBack,
}

/// A walk as planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalkPlan {
    /// Its id.
    pub id: WalkId,
    /// The wave it is part of.
    pub wave: WaveId,
    /// Its lines in the order they are walked.
    pub lines: Vec<Line>,
    /// A put-back walk begins with the tote the goods lie in.
    pub tote: Option<ToteId>,
}

impl WalkPlan {
    /// The orders it serves, each once.
    #[must_use]
    pub fn orders(&self) -> BTreeSet<OrderNo> {
        self.lines.iter().flat_map(|line| &line.shares).map(|share| share.order.clone()).collect()
    }
}

/// Why there are fewer than the ledger says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ShortReason {
    /// The bin is empty.
    Empty,
    /// What is left is damaged.
    Damaged,
    /// Something else lies there.
    WrongGoods,
    /// It cannot be reached now.
    Blocked,
}

const REASONS: [ShortReason; 4] =
    [ShortReason::Empty, ShortReason::Damaged, ShortReason::WrongGoods, ShortReason::Blocked];

/// A line and how far it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineState {
    /// As planned.
    pub line: Line,
    /// Moved so far.
    pub done: Qty,
    /// Given up as short.
    pub short: Qty,
    /// No longer wanted, per order.
    pub recalled: BTreeMap<OrderNo, Qty>,
}

impl LineState {
    fn new(line: Line) -> Self {
        Self { line, done: Qty::ZERO, short: Qty::ZERO, recalled: BTreeMap::new() }
    }

    /// Units still wanted in all: planned, less recalled, less short.
    #[must_use]
    pub fn want(&self) -> Qty {
        self.line.qty - self.recalled.values().copied().sum::<Qty>() - self.short
    }

    /// Units still to move.
    #[must_use]
    pub fn open(&self) -> Qty {
        Qty((self.want() - self.done).0.max(0))
    }

    /// For whom units are missing when `missing` more of them are not there: the last orders first, after those
    /// who lost theirs before.
    fn short_orders(&self, missing: Qty) -> Vec<(OrderNo, Qty)> {
        self.lost(self.short, missing)
    }

    /// What this order lost by the shortages so far.
    fn short_of(&self, order: &OrderNo) -> Qty {
        self.lost(Qty::ZERO, self.short)
            .into_iter()
            .filter(|(lost, _)| lost == order)
            .map(|(_, qty)| qty)
            .sum()
    }

    /// Deals `missing` units to the live shares from the last one on, after passing over `before`.
    fn lost(&self, mut before: Qty, mut missing: Qty) -> Vec<(OrderNo, Qty)> {
        let mut orders = Vec::new();
        for share in self.line.shares.iter().rev() {
            let live = share.qty - self.recalled.get(&share.order).copied().unwrap_or_default();
            let passed = live.min(before);
            before -= passed;
            let lost = (live - passed).min(missing);
            missing -= lost;
            if lost > Qty::ZERO {
                orders.push((share.order.clone(), lost));
            }
        }
        orders
    }
}

/// A question that waits for its answer; not a fact, so a crash asks again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Asking {
    ShortReason,
    ShortConfirm(ShortReason),
    Count(Qty, Evidence),
}

/// What can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Done {
    by: OperatorId,
    line: usize,
    qty: Qty,
}

/// The step a walk is at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Take a tote.
    Tote,
    /// Go to the zone of the line.
    Zone(usize),
    /// Prove the bin of the line.
    Bin(usize),
    /// Move the units of the line.
    Units(usize),
    /// Say why they are short.
    Reason(usize),
    /// Confirm that they are.
    ConfirmShort(usize, ShortReason),
    /// Confirm a number above the limit.
    ConfirmCount(usize, Qty),
    /// Nothing is open.
    Finished,
}

/// The state of a walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walk {
    /// As planned.
    pub id: WalkId,
    /// The tote, once taken.
    pub tote: Option<ToteId>,
    /// All lines.
    pub lines: Vec<LineState>,
    /// Whether the walk is over, also for undo.
    pub finished: bool,
    planned_tote: Option<ToteId>,
    zone: Option<String>,
    reached: Option<usize>,
    pub(super) asking: Option<Asking>,
    history: Vec<Done>,
    /// Units that were short and are looked for elsewhere: the walk is not over before the answer is there.
    awaited: BTreeMap<(OrderNo, SkuId), Qty>,
    seen: BTreeSet<GestureId>,
}

impl Walk {
    /// A walk nobody began.
    #[must_use]
    pub fn new(plan: WalkPlan) -> Self {
        Self {
            id: plan.id,
            tote: None,
            lines: plan.lines.into_iter().map(LineState::new).collect(),
            finished: false,
            planned_tote: plan.tote,
            zone: None,
            reached: None,
            asking: None,
            history: Vec::new(),
            awaited: BTreeMap::new(),
            seen: BTreeSet::new(),
        }
    }

    /// The line to work on: put-backs first, then picks in order.
    #[must_use]
    pub fn current(&self) -> Option<usize> {
        let open = |kind| move |state: &LineState| state.line.kind == kind && state.open() > Qty::ZERO;
        let first = |kind| self.lines.iter().position(open(kind));
        first(LineKind::PutBack).or_else(|| first(LineKind::Pick))
    }

    /// The tote a put-back walk must begin with.
    pub(super) fn planned_tote(&self) -> Option<&ToteId> {
        self.planned_tote.as_ref()
    }

    /// Whether this is the tote the walk must begin with, because its goods lie in it.
    #[must_use]
    pub fn wants_tote(&self, tote: &ToteId) -> bool {
        self.planned_tote.as_ref() == Some(tote)
    }

    /// Where the walk is.
    #[must_use]
    pub fn step(&self) -> Step {
        if self.finished {
            return Step::Finished;
        }
        if self.tote.is_none() {
            return Step::Tote;
        }
        let Some(at) = self.current() else { return Step::Finished };
        if self.reached != Some(at) {
            let zone = zone_of(&self.lines[at].line.bin);
            return if self.zone.as_deref() == Some(zone) { Step::Bin(at) } else { Step::Zone(at) };
        }
        match &self.asking {
            Some(Asking::ShortReason) => Step::Reason(at),
            Some(Asking::ShortConfirm(reason)) => Step::ConfirmShort(at, *reason),
            Some(Asking::Count(qty, _)) => Step::ConfirmCount(at, *qty),
            None => Step::Units(at),
        }
    }

    /// Takes a gesture: what to record, do and answer. The state moves by [`Walk::evolve`] alone, except for
    /// questions (`asking`, the zone), which [`Walk::take`] keeps.
    #[must_use]
    pub fn take(&mut self, gesture: &Gesture, cx: Context<'_>) -> Outcome {
        if self.seen.contains(&gesture.id) {
            return Outcome::quiet();
        }
        let mut next = self.clone();
        let outcome = next.decide(gesture, cx);
        // What is recorded moves the state when it is stored, and not before.
        if outcome.facts.is_empty() && (&self.zone, &self.asking) != (&next.zone, &next.asking) {
            // A retry of an answer must not be taken for the answer to the next question.
            self.seen.insert(gesture.id.clone());
            self.zone = next.zone;
            self.asking = next.asking;
        }
        outcome
    }

    /// Adds the end of the walk to facts that leave no line open and nothing to wait for. Also of a walk nobody
    /// began: all its orders were cancelled.
    fn with_end(&self, mut facts: Vec<Fact>) -> Outcome {
        let mut after = self.clone();
        for fact in &facts {
            after.evolve(fact, &GestureId::default(), &OperatorId::default());
        }
        if after.current().is_none() && after.awaited.is_empty() && !after.finished {
            facts.push(Fact::WalkFinished { walk: self.id.clone() });
            return Outcome { feedback: super::Feedback::Complete, ..Outcome::right(facts) };
        }
        Outcome::right(facts)
    }

    /// The end, if nothing is open any more and nobody said so yet (after a replan that found nothing).
    #[must_use]
    pub fn closing(&self) -> Vec<Fact> {
        self.with_end(vec![]).facts
    }

    /// For whom the goods in the tote are: units moved so far, dealt to the line's orders in their order.
    #[must_use]
    pub fn allotted(&self) -> Vec<(OrderNo, Goods)> {
        let mut allotted = Vec::new();
        for state in self.lines.iter().filter(|state| state.line.kind == LineKind::Pick) {
            let mut left = state.done;
            for share in &state.line.shares {
                let live = share.qty - state.recalled.get(&share.order).copied().unwrap_or_default();
                let qty = live.min(left);
                if qty > Qty::ZERO {
                    let Line { sku, lot, .. } = state.line.clone();
                    allotted.push((share.order.clone(), Goods { sku, lot, qty }));
                    left -= qty;
                }
            }
        }
        allotted
    }
}

/// The zone of a bin, which stands before the first dash.
pub(super) fn zone_of(bin: &BinId) -> &str {
    bin.as_str().split('-').next().unwrap_or_default()
}
