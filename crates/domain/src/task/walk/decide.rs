//! What each event leads to at each step of a walk: facts, effects and the answer, before anything is stored.
//!
//! Moves nothing but the questions and the zone, which are no facts. What the facts do to the state is `evolve`.

use super::{Asking, Line, LineKind, LineState, READ_BACK_ABOVE, REASONS, ShortReason, Step, Walk, zone_of};
use crate::code::{Action, Code};
use crate::fact::{Evidence, Fact, Goods};
use crate::id::{OperatorId, OrderNo, SkuId};
use crate::task::{Context, Effect, Event, First, Gesture, Mistake, Notice, Outcome, item, no_item};
use crate::unit::Qty;

impl Walk {
    pub(super) fn decide(&mut self, gesture: &Gesture, cx: Context<'_>) -> Outcome {
        match &gesture.event {
            Event::Recalled(order) => return self.recall(order),
            Event::Replanned(lines) if self.finished || lines.is_empty() => return Outcome::quiet(),
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
            Step::Reason(at) => self.choose_reason(at, &gesture.event, cx),
            Step::ConfirmShort(at, reason) => self.confirm_short(at, reason, &gesture.event, cx),
            Step::ConfirmCount(at, qty) => self.confirm_count(at, qty, &gesture.event, cx),
            Step::Finished => Outcome::not_now(First::Nothing),
        }
    }

    fn take_tote(&self, event: &Event) -> Outcome {
        match event {
            Event::Scanned(Code::Tote(tote))
                if self.planned_tote.as_ref().is_none_or(|planned| planned == tote) =>
            {
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
        let reached =
            |evidence| Outcome::right(vec![Fact::BinReached { walk: self.id.clone(), line: at, evidence }]);
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
            Event::Scanned(code) => match (item(code, cx.catalogue), no_item(code)) {
                (Some((sku, _)), _) => self.early_item(sku),
                (None, Mistake::NotNow { .. }) => Outcome::not_now(First::Bin),
                (None, mistake) => Outcome::wrong(mistake),
            },
            _ => Outcome::not_now(First::Bin),
        }
    }

    /// An item where a bin is wanted: one unit more of the line just completed is one too many.
    fn early_item(&self, sku: SkuId) -> Outcome {
        let completed =
            self.reached.and_then(|at| self.lines.get(at)).filter(|state| state.open() == Qty::ZERO);
        match completed.filter(|state| state.line.sku == sku) {
            Some(state) => Outcome::wrong(Mistake::OverScan { sku, want: state.want() }),
            None => Outcome::not_now(First::Bin),
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

    fn confirm_count(&mut self, at: usize, qty: Qty, event: &Event, cx: Context<'_>) -> Outcome {
        let evidence = match &self.asking {
            Some(Asking::Count(_, evidence)) => *evidence,
            _ => Evidence::Keyed,
        };
        match event {
            Event::Pressed(Action::Confirm) => self.move_units(at, qty, evidence),
            // Another number, or a scan, takes the place of the question.
            Event::Heard(number) => self.count(at, number, Evidence::Heard),
            Event::Keyed(number) => self.count(at, number, Evidence::Keyed),
            Event::Scanned(code) if item(code, cx.catalogue).is_some() => self.scan_instead(at, event, cx),
            Event::Pressed(Action::Leave | Action::Skip) => {
                self.asking = None;
                Outcome::right(vec![])
            }
            _ => Outcome::not_now(First::Answer),
        }
    }

    fn move_units(&self, at: usize, qty: Qty, evidence: Evidence) -> Outcome {
        let state = &self.lines[at];
        if qty > state.open() {
            return Outcome::wrong(Mistake::OverScan { sku: state.line.sku.clone(), want: state.want() });
        }
        let Some(tote) = self.tote.clone() else { return Outcome::not_now(First::Tote) };
        let Line { kind, bin, sku, lot, .. } = state.line.clone();
        let goods = Goods { sku, lot, qty };
        let walk = self.id.clone();
        let fact = match kind {
            LineKind::Pick => Fact::Picked { walk, line: at, goods, bin, tote, evidence },
            LineKind::PutBack => Fact::PutBack { walk, line: at, goods, bin, tote },
        };
        self.with_end(vec![fact])
    }

    fn choose_reason(&mut self, at: usize, event: &Event, cx: Context<'_>) -> Outcome {
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
            Event::Scanned(code) if item(code, cx.catalogue).is_some() => self.scan_instead(at, event, cx),
            _ => Outcome::not_now(First::Reason),
        }
    }

    /// They were there after all: the scan is the answer to whatever was asked.
    fn scan_instead(&mut self, at: usize, event: &Event, cx: Context<'_>) -> Outcome {
        self.asking = None;
        self.at_units(at, event, cx)
    }

    fn confirm_short(&mut self, at: usize, reason: ShortReason, event: &Event, cx: Context<'_>) -> Outcome {
        match event {
            Event::Pressed(Action::Confirm) => {
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
            Event::Scanned(code) if item(code, cx.catalogue).is_some() => self.scan_instead(at, event, cx),
            Event::Pressed(Action::Leave | Action::Skip) => {
                self.asking = None;
                Outcome::right(vec![])
            }
            _ => Outcome::not_now(First::Answer),
        }
    }

    fn recall(&self, order: &OrderNo) -> Outcome {
        let live = |state: &LineState| {
            state.line.shares.iter().any(|share| share.order == *order) && !state.recalled.contains_key(order)
        };
        if self.finished || !self.lines.iter().any(live) {
            return Outcome::quiet();
        }
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
}
