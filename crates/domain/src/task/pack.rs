//! The bench: one order from its parts to a labelled parcel.
//!
//! Scan each part (a bundle is drawn as its parts); scan the packaging; the parcel on the scale passes the gate (or a
//! lead's badge lets it pass); the label prints; the label scanned back on the parcel ends it. The last scan may be
//! undone until the label is asked for. A cancelled order's goods go back into a tote. Nothing here knows which
//! printer prints; a label's journal says how far it is, truthfully.
//!
//! Leaves out which order comes next and which packaging is proposed (the station and the planner).

use super::{Context, Effect, Event, Feedback, First, Gesture, ItemCard, Mistake, Notice, Outcome, item, no_item};
use crate::code::{Action, Code};
use crate::fact::{Evidence, Fact, Goods};
use crate::gate::WeightGate;
use crate::id::{CarrierId, GestureId, LotId, OperatorId, OrderNo, PackagingId, PrintId, SkuId, ToteId, WaybillNo};
use crate::label::{LabelPrint, LabelState, ReprintReason};
use crate::say::Say;
use crate::unit::{Grams, Qty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;

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
            PackStep::Packed | PackStep::Returned => Outcome::not_now(First::Nothing),
        };
        if self.started || outcome.facts.is_empty() {
            return outcome;
        }
        let start = Fact::PackStarted { order: self.job.order.clone(), tote: self.job.tote.clone() };
        Outcome { facts: [vec![start], outcome.facts].concat(), ..outcome }
    }

    fn scan_part(&self, event: &Event, cx: Context<'_>) -> Outcome {
        let Some(next) = self.next_part() else { return Outcome::not_now(First::Packaging) };
        match event {
            Event::Scanned(code) => match item(code, cx.catalogue) {
                Some((sku, lot)) => self.verify_part(next, &sku, lot.as_ref()),
                None => Outcome::wrong(no_item(code)),
            },
            Event::Pressed(Action::Unreadable) => self.part_fact(next, Evidence::ByHand),
            Event::Weighed(_) => Outcome::quiet(),
            _ => Outcome::not_now(First::Items),
        }
    }

    fn verify_part(&self, next: usize, sku: &SkuId, lot: Option<&LotId>) -> Outcome {
        let expected = self.job.parts[next].goods.sku.clone();
        let of_sku: Vec<usize> =
            (0..self.job.parts.len()).filter(|&at| self.job.parts[at].goods.sku == *sku).collect();
        if of_sku.is_empty() {
            let got = sku.clone();
            return Outcome::wrong(if self.job.neighbours.contains(sku) {
                Mistake::OtherOrdersItem { expected, got }
            } else {
                Mistake::WrongItem { expected, got }
            });
        }
        let of_lot: Vec<usize> = of_sku
            .iter()
            .copied()
            .filter(|&at| lot.is_none_or(|lot| self.job.parts[at].goods.lot == *lot))
            .collect();
        if let (true, Some(got)) = (of_lot.is_empty(), lot) {
            let expected = of_sku.iter().map(|&at| self.job.parts[at].goods.lot.clone()).collect();
            return Outcome::wrong(Mistake::WrongLot { sku: sku.clone(), expected, got: got.clone() });
        }
        match of_lot.iter().find(|&&at| self.scanned[at] < self.job.parts[at].goods.qty) {
            Some(&at) => self.part_fact(at, Evidence::Scanned),
            None => {
                let want = of_lot.iter().map(|&at| self.job.parts[at].goods.qty).sum();
                Outcome::wrong(Mistake::OverScan { sku: sku.clone(), want })
            }
        }
    }

    fn part_fact(&self, part: usize, evidence: Evidence) -> Outcome {
        let goods = Goods { qty: Qty::ONE, ..self.job.parts[part].goods.clone() };
        let (order, tote) = (self.job.order.clone(), self.job.tote.clone());
        let last = self.open_units() == Qty::ONE;
        let outcome = Outcome::right(vec![Fact::PartScanned { order, part, goods, tote, evidence }]);
        if last { Outcome { feedback: Feedback::Complete, ..outcome } } else { outcome }
    }

    fn open_units(&self) -> Qty {
        self.job.parts.iter().zip(&self.scanned).map(|(part, scanned)| part.goods.qty - *scanned).sum()
    }

    fn take_packaging(&self, event: &Event, cx: Context<'_>) -> Outcome {
        let expected = self.job.packaging.clone();
        let taken = |evidence| {
            let (order, packaging) = (self.job.order.clone(), expected.clone());
            Outcome::right(vec![Fact::PackagingTaken { order, packaging, evidence }])
        };
        match event {
            Event::Scanned(Code::Packaging(got)) if *got == expected => taken(Evidence::Scanned),
            Event::Scanned(Code::Packaging(got)) => {
                Outcome::wrong(Mistake::WrongPackaging { expected: expected.clone(), got: got.clone() })
            }
            Event::Pressed(Action::Unreadable | Action::Confirm) => taken(Evidence::ByHand),
            // A part scanned once more than wanted is a unit too many on the bench.
            Event::Scanned(code) => match item(code, cx.catalogue) {
                Some((sku, _)) => {
                    let of_sku = self.job.parts.iter().filter(|part| part.goods.sku == sku);
                    let want = of_sku.map(|part| part.goods.qty).sum();
                    if want > Qty::ZERO {
                        Outcome::wrong(Mistake::OverScan { sku, want })
                    } else {
                        Outcome::not_now(First::Packaging)
                    }
                }
                None if matches!(code, Code::Waybill(_) | Code::Unknown(_)) => Outcome::wrong(no_item(code)),
                None => Outcome::not_now(First::Packaging),
            },
            Event::Weighed(_) => Outcome::quiet(),
            _ => Outcome::not_now(First::Packaging),
        }
    }

    fn weigh(&self, event: &Event) -> Outcome {
        match event {
            Event::Weighed(gross) if gross.0 <= 0 => Outcome::quiet(),
            Event::Weighed(gross) if self.job.gate.admits(*gross) => self.weighed(*gross, None),
            Event::Weighed(got) => {
                let WeightGate { expected_g, tolerance_g } = self.job.gate;
                Outcome::wrong(if *got < expected_g {
                    Mistake::TooLight { expected_g, got_g: *got, tolerance_g }
                } else {
                    Mistake::TooHeavy { expected_g, got_g: *got, tolerance_g }
                })
            }
            _ => Outcome::not_now(First::Weight),
        }
    }

    /// A lead lets a parcel pass that the gate held. The station calls it when a lead's badge is scanned at this
    /// step, with the weight that was refused.
    #[must_use]
    pub fn let_pass(&self, gross: Grams, lead: &OperatorId) -> Outcome {
        if self.step() != PackStep::Weigh || gross.0 <= 0 {
            return Outcome::not_now(First::Weight);
        }
        self.weighed(gross, Some(lead.clone()))
    }

    fn weighed(&self, gross: Grams, allowed_by: Option<OperatorId>) -> Outcome {
        let order = self.job.order.clone();
        let weighed = Fact::Weighed { order, gross, gate: self.job.gate, allowed_by };
        let (requested, effect) = self.request_label(None);
        Outcome { effects: vec![effect], ..Outcome::right(vec![weighed, requested]) }
    }

    fn request_label(&self, reprint: Option<ReprintReason>) -> (Fact, Effect) {
        let print = PrintId(format!("{}-{}", self.job.order, self.prints.len() + 1));
        let (order, waybill) = (self.job.order.clone(), self.job.waybill.clone());
        (Fact::LabelRequested { order, waybill, print: print.clone(), reprint }, Effect::Print(print))
    }

    fn label_moved(&self, id: &PrintId, to: LabelState, why: Option<&str>) -> Outcome {
        // An older print's late answer is kept as well: paper of it may lie about.
        let Some(print) = self.prints.iter().find(|print| print.id == *id) else { return Outcome::quiet() };
        if !print.state.may_become(to) {
            return Outcome::quiet();
        }
        let order = self.job.order.clone();
        let why = why.map(str::to_owned);
        let facts = vec![Fact::LabelMoved { order, print: id.clone(), to, why: why.clone() }];
        let feedback = match to {
            LabelState::Unknown => Feedback::Attention { notice: Notice::LabelUnknown },
            LabelState::Failed => Feedback::Attention { notice: Notice::LabelFailed { why: why.unwrap_or_default() } },
            _ => Feedback::Quiet,
        };
        Outcome { facts, effects: vec![], feedback }
    }

    fn scan_back(&mut self, event: &Event) -> Outcome {
        let Some(print) = self.print().cloned() else { return Outcome::not_now(First::Weight) };
        match event {
            Event::Scanned(Code::Waybill(got)) if *got == self.job.waybill => {
                if !print.state.may_be_scanned() {
                    return Outcome::not_now(First::Label);
                }
                Outcome { feedback: Feedback::Complete, ..Outcome::right(self.seal(print.id)) }
            }
            Event::Scanned(Code::Waybill(got)) => {
                Outcome::wrong(Mistake::WrongLabel { expected: self.job.waybill.clone(), got: got.clone() })
            }
            Event::Pressed(Action::Reprint) => {
                self.asking_reprint = true;
                Outcome::right(vec![])
            }
            // A print that never left the computer may be sent again under its own id; no paper can carry it.
            Event::Pressed(Action::Print) if print.state == LabelState::Failed => {
                let order = self.job.order.clone();
                let stored = Fact::LabelMoved { order, print: print.id.clone(), to: LabelState::Stored, why: None };
                Outcome { effects: vec![Effect::Print(print.id)], ..Outcome::right(vec![stored]) }
            }
            Event::Weighed(_) => Outcome::quiet(),
            _ => Outcome::not_now(First::Label),
        }
    }

    fn seal(&self, print: PrintId) -> Vec<Fact> {
        let (order, waybill) = (self.job.order.clone(), self.job.waybill.clone());
        let gross = self.gross.unwrap_or_default();
        let goods = self.job.parts.iter().map(|part| part.goods.clone()).collect();
        vec![
            Fact::LabelMoved { order: order.clone(), print, to: LabelState::ScannedBack, why: None },
            Fact::Packed { order, waybill, gross, goods },
        ]
    }

    fn reprint(&mut self, event: &Event) -> Outcome {
        let reason = match event {
            Event::Keyed(n) | Event::Heard(n) if n == "1" => ReprintReason::Spoilt,
            Event::Keyed(n) | Event::Heard(n) if n == "2" => ReprintReason::Missing,
            Event::Keyed(n) | Event::Heard(n) if n == "3" => ReprintReason::Repacked,
            Event::Pressed(Action::Leave | Action::Skip) => {
                self.asking_reprint = false;
                return Outcome::right(vec![]);
            }
            // The label turned up: scanning it is the answer.
            Event::Scanned(Code::Waybill(_)) => {
                self.asking_reprint = false;
                return self.scan_back(event);
            }
            Event::Weighed(_) => return Outcome::quiet(),
            _ => return Outcome::not_now(First::Reason),
        };
        let Some(old) = self.print().cloned() else { return Outcome::not_now(First::Weight) };
        self.asking_reprint = false;
        let order = self.job.order.clone();
        let voided = Fact::LabelMoved { order, print: old.id, to: LabelState::Voided, why: None };
        let (requested, effect) = self.request_label(Some(reason));
        Outcome { effects: vec![effect], ..Outcome::right(vec![voided, requested]) }
    }

    fn recall(&mut self, order: &OrderNo) -> Outcome {
        if *order != self.job.order || self.recalled || self.packed {
            return Outcome::quiet();
        }
        self.asking_reprint = false;
        let mut facts = vec![Fact::PackRecalled { order: order.clone() }];
        let live = self.print().filter(|print| print.state.may_become(LabelState::Voided));
        facts.extend(live.map(|print| Fact::LabelMoved {
            order: order.clone(),
            print: print.id.clone(),
            to: LabelState::Voided,
            why: None,
        }));
        if self.goods_on_bench().is_empty() {
            facts.push(Fact::PackReturned { order: order.clone(), goods: vec![], tote: self.job.tote.clone() });
        }
        Outcome { facts, ..Outcome::attention(Notice::Recalled { order: order.clone() }) }
    }

    fn goods_on_bench(&self) -> Vec<Goods> {
        let parts = self.job.parts.iter().zip(&self.scanned);
        parts.filter(|(_, n)| **n > Qty::ZERO).map(|(part, n)| Goods { qty: *n, ..part.goods.clone() }).collect()
    }

    fn return_goods(&self, event: &Event) -> Outcome {
        match event {
            Event::Scanned(Code::Tote(tote)) if *tote == self.job.tote => {
                let (order, goods) = (self.job.order.clone(), self.goods_on_bench());
                let fact = Fact::PackReturned { order, goods, tote: tote.clone() };
                Outcome { feedback: Feedback::Complete, ..Outcome::right(vec![fact]) }
            }
            Event::Scanned(Code::Tote(tote)) => Outcome::wrong(Mistake::WrongTote { got: tote.0.clone() }),
            Event::Weighed(_) => Outcome::quiet(),
            _ => Outcome::not_now(First::Tote),
        }
    }

    fn undo(&mut self, by: &OperatorId) -> Outcome {
        if std::mem::take(&mut self.asking_reprint) {
            return Outcome::attention(Notice::Undone);
        }
        if self.gross.is_some() || self.recalled || self.packed {
            return Outcome::attention(Notice::NothingToUndo);
        }
        let order = self.job.order.clone();
        let fact = match self.history.last() {
            Some(Undoable::Part { part, by: doer }) if doer == by => {
                let goods = Goods { qty: Qty::ONE, ..self.job.parts[*part].goods.clone() };
                Fact::PartUndone { order, part: *part, goods, tote: self.job.tote.clone() }
            }
            Some(Undoable::Packaging { by: doer }) if doer == by => Fact::PackagingUndone { order },
            _ => return Outcome::attention(Notice::NothingToUndo),
        };
        Outcome { facts: vec![fact], ..Outcome::attention(Notice::Undone) }
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
            Fact::LabelRequested { order, print, reprint, .. } if mine(order) => self.prints.push(LabelPrint {
                id: print.clone(),
                state: LabelState::Requested,
                why: None,
                reprint: *reprint,
            }),
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

    /// What is shown.
    #[must_use]
    pub fn screen(&self, cx: Context<'_>) -> PackScreen {
        let parts = self.job.parts.iter().zip(&self.scanned).map(|(part, scanned)| PartView {
            item: ItemCard::of(&part.goods.sku, cx.catalogue),
            lot: part.goods.lot.clone(),
            want: part.goods.qty,
            done: *scanned,
            group: part.group,
        });
        PackScreen {
            order: self.job.order.clone(),
            step: self.step(),
            carrier: self.job.carrier.clone(),
            waybill: self.job.waybill.clone(),
            tote: self.job.tote.clone(),
            groups: self.job.groups.clone(),
            parts: parts.collect(),
            current: self.next_part(),
            packaging: self.job.packaging.clone(),
            packaging_name: cx
                .catalogue
                .packaging(&self.job.packaging)
                .map_or_else(|| self.job.packaging.to_string(), |known| known.name.clone()),
            packaging_reason: self.job.packaging_reason,
            gate: self.job.gate,
            gross_g: self.gross,
            prints: self.prints.clone(),
        }
    }

    /// What is said now: at a bench only what changes behaviour.
    #[must_use]
    pub fn prompt(&self) -> Say {
        match (self.step(), self.next_part()) {
            (PackStep::Parts, Some(at)) => {
                let goods = &self.job.parts[at].goods;
                Say::ScanPart { sku: goods.sku.clone(), qty: goods.qty - self.scanned[at] }
            }
            (PackStep::Parts | PackStep::Packaging, _) => Say::Packaging { packaging: self.job.packaging.clone() },
            (PackStep::Weigh, _) => Say::Weigh,
            (PackStep::Print | PackStep::ReprintReason, _) => Say::LabelComing,
            (PackStep::ScanBack, _) if self.print().is_some_and(|print| print.state == LabelState::Unknown) => {
                Say::LabelUnknown
            }
            (PackStep::ScanBack, _) => Say::StickLabel,
            (PackStep::Packed | PackStep::Returned, _) => Say::Packed,
            (PackStep::Return, _) => Say::ReturnGoods,
        }
    }
}

/// One part as drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PartView {
    /// What.
    pub item: ItemCard,
    /// Which lot.
    pub lot: LotId,
    /// How many.
    pub want: Qty,
    /// How many are scanned.
    pub done: Qty,
    /// The group it is drawn under.
    pub group: usize,
}

/// A parcel as a screen draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct PackScreen {
    /// The order.
    pub order: OrderNo,
    /// The step.
    pub step: PackStep,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Its waybill.
    pub waybill: WaybillNo,
    /// The tote its goods come from.
    pub tote: ToteId,
    /// Its lines.
    pub groups: Vec<Group>,
    /// Their parts.
    pub parts: Vec<PartView>,
    /// The part to scan now.
    pub current: Option<usize>,
    /// Proposed packaging.
    pub packaging: PackagingId,
    /// Its name.
    pub packaging_name: String,
    /// Why that.
    pub packaging_reason: PackagingReason,
    /// What it should weigh.
    pub gate: WeightGate,
    /// What it weighed.
    pub gross_g: Option<Grams>,
    /// The label's journal, every print of it.
    pub prints: Vec<LabelPrint>,
}
