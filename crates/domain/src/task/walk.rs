//! The pick walk: what the picker does, bin by bin.
//!
//! Scan a tote; then for every line: go to the zone (heard "好了"), prove the bin (scan, or its check digits heard
//! or keyed), take the units (scan them one by one, or say or key how many), until no line is open. Short: reason,
//! confirm, the rest is looked for elsewhere. A cancelled order's units still in the bin are no longer wanted, those
//! already in the tote become a put-back line that comes first. Everything may be undone by who did it.
//!
//! Leaves out which orders make a walk and in which order its bins come (planner), and what is shown (`screen`).

use super::{Context, Effect, Event, First, Gesture, Mistake, Notice, Outcome, item, no_item};
use crate::code::{Action, Code};
use crate::fact::{Evidence, Fact, Goods};
use crate::id::{BinId, GestureId, LotId, OperatorId, OrderNo, SkuId, ToteId, WalkId, WaveId};
use crate::unit::Qty;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

pub use super::walk_screen::{WalkLineView, WalkScreen, WalkStepView};

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

    /// For whom units are missing when `missing` of the open ones are not there: the last orders first.
    fn short_orders(&self, missing: Qty) -> Vec<(OrderNo, Qty)> {
        let mut left = missing;
        let mut orders = Vec::new();
        for share in self.line.shares.iter().rev() {
            let live = share.qty - self.recalled.get(&share.order).copied().unwrap_or_default();
            let taken = live.min(left);
            if taken > Qty::ZERO {
                orders.push((share.order.clone(), taken));
                left -= taken;
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
        self.zone = next.zone;
        self.asking = next.asking;
        outcome
    }

    fn decide(&mut self, gesture: &Gesture, cx: Context<'_>) -> Outcome {
        match &gesture.event {
            Event::Recalled(order) => return self.recall(order),
            Event::Replanned(lines) => {
                let facts = vec![Fact::LinesAdded { walk: self.id.clone(), lines: lines.clone() }];
                let notice = Notice::LinesAdded { count: lines.len() };
                return Outcome { facts, ..Outcome::attention(notice) };
            }
            Event::Pressed(Action::Undo) => return self.undo(&gesture.by),
            Event::Pressed(action @ (Action::Repeat | Action::Help | Action::Pause)) => {
                let facts = vec![Fact::Asked { action: *action }];
                return Outcome { facts, ..Outcome::quiet() };
            }
            Event::Label { .. } | Event::Weighed(_) => return Outcome::quiet(),
            _ => {}
        }
        match self.step() {
            Step::Tote => self.take_tote(&gesture.event),
            Step::Zone(at) => self.at_zone(at, &gesture.event, cx),
            Step::Bin(at) => self.at_bin(at, &gesture.event, cx),
            Step::Units(at) => self.at_units(at, &gesture.event, cx),
            Step::Reason(_) => self.choose_reason(&gesture.event),
            Step::ConfirmShort(at, reason) => self.confirm_short(at, reason, &gesture.event),
            Step::ConfirmCount(at, qty) => self.confirm_count(at, qty, &gesture.event),
            Step::Finished => Outcome::not_now(First::Nothing),
        }
    }

    fn take_tote(&self, event: &Event) -> Outcome {
        match event {
            Event::Scanned(Code::Tote(tote)) if self.planned_tote.as_ref().is_none_or(|planned| planned == tote) => {
                Outcome::right(vec![Fact::WalkStarted { walk: self.id.clone(), tote: tote.clone() }])
            }
            Event::Scanned(Code::Tote(tote)) => Outcome::wrong(Mistake::WrongTote { got: tote.0.clone() }),
            _ => Outcome::not_now(First::Tote),
        }
    }

    fn at_zone(&mut self, at: usize, event: &Event, cx: Context<'_>) -> Outcome {
        if *event == Event::Pressed(Action::Confirm) {
            self.zone = Some(zone_of(&self.lines[at].line.bin).to_owned());
            return Outcome::right(vec![]);
        }
        // Who stands at the bin already need not say so first.
        self.at_bin(at, event, cx)
    }

    fn at_bin(&self, at: usize, event: &Event, cx: Context<'_>) -> Outcome {
        let line = &self.lines[at].line;
        let reached = |evidence| {
            Outcome::right(vec![Fact::BinReached { walk: self.id.clone(), line: at, evidence }])
        };
        match event {
            Event::Scanned(Code::Bin(bin)) if *bin == line.bin => reached(Evidence::Scanned),
            Event::Scanned(Code::Bin(bin)) => {
                Outcome::wrong(Mistake::WrongBin { expected: line.bin.0.clone(), got: bin.0.clone() })
            }
            Event::Heard(digits) if *digits == line.check_digits => reached(Evidence::Heard),
            Event::Keyed(digits) if *digits == line.check_digits => reached(Evidence::Keyed),
            Event::Heard(digits) | Event::Keyed(digits) => {
                Outcome::wrong(Mistake::WrongCheckDigits { got: digits.clone() })
            }
            Event::Scanned(code) if item(code, cx.catalogue).is_none() && !matches!(code, Code::Command(_)) => {
                Outcome::wrong(no_item(code))
            }
            _ => Outcome::not_now(First::Bin),
        }
    }

    fn at_units(&mut self, at: usize, event: &Event, cx: Context<'_>) -> Outcome {
        let line = &self.lines[at].line;
        match event {
            Event::Scanned(Code::Bin(bin)) if *bin == line.bin => Outcome::attention(Notice::Already),
            Event::Scanned(Code::Bin(bin)) => {
                Outcome::wrong(Mistake::WrongBin { expected: line.bin.0.clone(), got: bin.0.clone() })
            }
            Event::Scanned(code) => match item(code, cx.catalogue) {
                Some((sku, _)) if sku != line.sku => {
                    Outcome::wrong(Mistake::WrongItem { expected: line.sku.clone(), got: sku })
                }
                Some((sku, Some(lot))) if lot != line.lot => {
                    Outcome::wrong(Mistake::WrongLot { sku, expected: vec![line.lot.clone()], got: lot })
                }
                Some(_) => self.move_units(at, Qty::ONE, Evidence::Scanned),
                None => Outcome::wrong(no_item(code)),
            },
            Event::Heard(number) => self.count(at, number, Evidence::Heard),
            Event::Keyed(number) => self.count(at, number, Evidence::Keyed),
            Event::Pressed(Action::Unreadable) => self.move_units(at, Qty::ONE, Evidence::ByHand),
            Event::Pressed(Action::Short) if line.kind == LineKind::Pick => {
                self.asking = Some(Asking::ShortReason);
                Outcome::right(vec![])
            }
            _ => Outcome::not_now(First::Items),
        }
    }

    fn count(&mut self, at: usize, number: &str, evidence: Evidence) -> Outcome {
        let state = &self.lines[at];
        let Some(qty) = number.parse().ok().filter(|n| *n > 0 && *n <= 9_999).map(Qty) else {
            return Outcome::wrong(Mistake::NotANumber { got: number.to_owned() });
        };
        if qty > state.open() {
            return Outcome::wrong(Mistake::OverScan { sku: state.line.sku.clone(), want: state.want() });
        }
        if qty > READ_BACK_ABOVE {
            self.asking = Some(Asking::Count(qty, evidence));
            return Outcome::right(vec![]);
        }
        self.move_units(at, qty, evidence)
    }

    fn confirm_count(&mut self, at: usize, qty: Qty, event: &Event) -> Outcome {
        let evidence = match &self.asking {
            Some(Asking::Count(_, evidence)) => *evidence,
            _ => Evidence::Keyed,
        };
        match event {
            Event::Pressed(Action::Confirm) => {
                self.asking = None;
                self.move_units(at, qty, evidence)
            }
            // Another number, or a scan, takes the place of the question.
            Event::Heard(number) => self.count(at, number, Evidence::Heard),
            Event::Keyed(number) => self.count(at, number, Evidence::Keyed),
            _ => Outcome::not_now(First::Answer),
        }
    }

    fn move_units(&mut self, at: usize, qty: Qty, evidence: Evidence) -> Outcome {
        let state = &self.lines[at];
        if qty > state.open() {
            return Outcome::wrong(Mistake::OverScan { sku: state.line.sku.clone(), want: state.want() });
        }
        let Some(tote) = self.tote.clone() else { return Outcome::not_now(First::Tote) };
        self.asking = None;
        let Line { kind, bin, sku, lot, .. } = state.line.clone();
        let goods = Goods { sku, lot, qty };
        let walk = self.id.clone();
        let fact = match kind {
            LineKind::Pick => Fact::Picked { walk, line: at, goods, bin, tote, evidence },
            LineKind::PutBack => Fact::PutBack { walk, line: at, goods, bin, tote },
        };
        self.with_end(vec![fact])
    }

    fn choose_reason(&mut self, event: &Event) -> Outcome {
        match event {
            Event::Heard(number) | Event::Keyed(number) => {
                let chosen = number.parse::<usize>().ok().and_then(|n| REASONS.get(n.wrapping_sub(1)));
                let Some(reason) = chosen else {
                    return Outcome::wrong(Mistake::NotANumber { got: number.clone() });
                };
                self.asking = Some(Asking::ShortConfirm(*reason));
                Outcome::right(vec![])
            }
            Event::Pressed(Action::Leave | Action::Skip) => {
                self.asking = None;
                Outcome::right(vec![])
            }
            // They were there after all: the scan is the answer.
            Event::Scanned(Code::Item(_) | Code::Gtin { .. }) => {
                self.asking = None;
                Outcome::not_now(First::Items)
            }
            _ => Outcome::not_now(First::Reason),
        }
    }

    fn confirm_short(&mut self, at: usize, reason: ShortReason, event: &Event) -> Outcome {
        match event {
            Event::Pressed(Action::Confirm) => {
                self.asking = None;
                let state = &self.lines[at];
                let (sku, bin, missing) = (state.line.sku.clone(), state.line.bin.clone(), state.open());
                let orders = state.short_orders(missing);
                let facts = vec![
                    Fact::Shorted { walk: self.id.clone(), line: at, qty: missing, reason },
                    Fact::CountOpened { bin, sku: sku.clone() },
                ];
                // The end of the walk waits for the answer of the replan, which always comes.
                let effects = vec![Effect::Replan { sku, qty: missing, orders }];
                Outcome { effects, ..Outcome::right(facts) }
            }
            Event::Pressed(Action::Leave | Action::Skip) => {
                self.asking = None;
                Outcome::right(vec![])
            }
            _ => Outcome::not_now(First::Answer),
        }
    }

    fn recall(&mut self, order: &OrderNo) -> Outcome {
        let live = |state: &LineState| {
            state.line.shares.iter().any(|share| share.order == *order) && !state.recalled.contains_key(order)
        };
        if self.finished || !self.lines.iter().any(live) {
            return Outcome::quiet();
        }
        self.asking = None;
        let fact = Fact::WalkRecalled { walk: self.id.clone(), order: order.clone() };
        let facts = self.with_end(vec![fact]).facts;
        Outcome { facts, ..Outcome::attention(Notice::Recalled { order: order.clone() }) }
    }

    fn undo(&mut self, by: &OperatorId) -> Outcome {
        if self.asking.take().is_some() {
            return Outcome::attention(Notice::Undone);
        }
        let last = self.history.last().filter(|done| done.by == *by && !self.finished);
        let (Some(done), Some(tote)) = (last, self.tote.clone()) else {
            return Outcome::attention(Notice::NothingToUndo);
        };
        let Line { bin, sku, lot, .. } = self.lines[done.line].line.clone();
        let goods = Goods { sku, lot, qty: done.qty };
        let fact = Fact::PickUndone { walk: self.id.clone(), line: done.line, goods, bin, tote };
        Outcome { facts: vec![fact], ..Outcome::attention(Notice::Undone) }
    }

    /// Adds the end of the walk to facts that leave no line open.
    fn with_end(&self, mut facts: Vec<Fact>) -> Outcome {
        let mut after = self.clone();
        for fact in &facts {
            after.evolve(fact, &GestureId::default(), &OperatorId::default());
        }
        if after.tote.is_some() && after.current().is_none() && !after.finished {
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

    /// Moves the state by one fact. Facts of other walks change nothing. O(lines).
    pub fn evolve(&mut self, fact: &Fact, gesture: &GestureId, by: &OperatorId) {
        let mine = |walk: &WalkId| *walk == self.id;
        match fact {
            Fact::WalkStarted { walk, tote } if mine(walk) => self.tote = Some(tote.clone()),
            Fact::BinReached { walk, line, .. } if mine(walk) => {
                self.reached = Some(*line);
                self.zone = self.lines.get(*line).map(|state| zone_of(&state.line.bin).to_owned());
            }
            Fact::Picked { walk, line, goods, .. } | Fact::PutBack { walk, line, goods, .. } if mine(walk) => {
                let line = *line;
                if let Some(state) = self.lines.get_mut(line) {
                    state.done += goods.qty;
                    match state.line.kind {
                        LineKind::Pick => self.history.push(Done { by: by.clone(), line, qty: goods.qty }),
                        // What was brought back stays back: the order it was for is gone.
                        LineKind::PutBack => self.history.clear(),
                    }
                }
            }
            Fact::PickUndone { walk, line, goods, .. } if mine(walk) => {
                if let Some(state) = self.lines.get_mut(*line) {
                    state.done -= goods.qty;
                }
                self.reached = Some(*line);
                self.history.pop();
            }
            Fact::Shorted { walk, line, qty, .. } if mine(walk) => {
                if let Some(state) = self.lines.get_mut(*line) {
                    state.short += *qty;
                }
            }
            Fact::WalkRecalled { walk, order } if mine(walk) => self.drop_order(order),
            Fact::LinesAdded { walk, lines } if mine(walk) => {
                self.lines.extend(lines.iter().cloned().map(LineState::new));
            }
            Fact::WalkFinished { walk } if mine(walk) => self.finished = true,
            _ => return,
        }
        self.seen.insert(gesture.clone());
    }

    fn drop_order(&mut self, order: &OrderNo) {
        let mut back = Vec::new();
        for state in self.lines.iter_mut().filter(|state| state.line.kind == LineKind::Pick) {
            let share: Qty = state.line.shares.iter().filter(|s| s.order == *order).map(|s| s.qty).sum();
            if share == Qty::ZERO || state.recalled.contains_key(order) {
                continue;
            }
            // Units given up as short for this order are not wanted twice less.
            let was_short = state.short_orders(state.short).into_iter().find(|(o, _)| o == order);
            let short_share = was_short.map_or(Qty::ZERO, |(_, qty)| qty);
            state.short -= short_share;
            state.recalled.insert(order.clone(), share);
            let excess = state.done - state.want();
            if excess > Qty::ZERO {
                state.done -= excess;
                let line = Line { kind: LineKind::PutBack, qty: excess, shares: vec![], ..state.line.clone() };
                back.push(LineState::new(line));
            }
        }
        // What was taken may now have to go back: nothing before this can be undone.
        if !back.is_empty() {
            self.history.clear();
            self.reached = None;
        }
        self.lines.extend(back);
    }
}

/// The zone of a bin, which stands before the first dash.
pub(super) fn zone_of(bin: &BinId) -> &str {
    bin.as_str().split('-').next().unwrap_or_default()
}
