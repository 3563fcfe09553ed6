//! From the tote to the packed parcel on the scale: parts, packaging, weight, and taking back.
//!
//! Leaves out the label.

use super::{Pack, PackStep, Undoable};
use crate::code::{Action, Code};
use crate::fact::{Evidence, Fact, Goods};
use crate::gate::WeightGate;
use crate::id::{LotId, OperatorId, OrderNo, SkuId};
use crate::label::LabelState;
use crate::task::{Context, Event, Feedback, First, Mistake, Notice, Outcome, item, no_item};
use crate::unit::{Grams, Qty};

impl Pack {
    pub(super) fn scan_part(&self, event: &Event, cx: Context<'_>) -> Outcome {
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

    pub(super) fn take_packaging(&self, event: &Event, cx: Context<'_>) -> Outcome {
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

    pub(super) fn weigh(&self, event: &Event) -> Outcome {
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

    pub(super) fn recall(&self, order: &OrderNo) -> Outcome {
        if *order != self.job.order || self.recalled || self.packed {
            return Outcome::quiet();
        }
        let mut facts = vec![Fact::PackRecalled { order: order.clone() }];
        let live = self.print().filter(|print| print.state.may_become(LabelState::Voided));
        facts.extend(live.map(|print| Fact::LabelMoved {
            order: order.clone(),
            print: print.id.clone(),
            to: LabelState::Voided,
            why: None,
        }));
        if self.goods_on_bench().is_empty() {
            facts.push(Fact::PackReturned {
                order: order.clone(),
                goods: vec![],
                tote: self.job.tote.clone(),
            });
        }
        Outcome { facts, ..Outcome::attention(Notice::Recalled { order: order.clone() }) }
    }

    fn goods_on_bench(&self) -> Vec<Goods> {
        let parts = self.job.parts.iter().zip(&self.scanned);
        parts
            .filter(|(_, n)| **n > Qty::ZERO)
            .map(|(part, n)| Goods { qty: *n, ..part.goods.clone() })
            .collect()
    }

    pub(super) fn return_goods(&self, event: &Event) -> Outcome {
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

    pub(super) fn undo(&mut self, by: &OperatorId) -> Outcome {
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
}
