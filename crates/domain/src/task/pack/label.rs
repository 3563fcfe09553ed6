//! From the passed gate to the sealed parcel: the label is asked for, moves, is scanned back or printed once more.
//!
//! Leaves out drawing and printing: the engine asks for a print by its id and hears how far it is.

use super::Pack;
use crate::code::{Action, Code};
use crate::fact::Fact;
use crate::id::PrintId;
use crate::label::{LabelState, ReprintReason};
use crate::task::{Effect, Event, Feedback, First, Mistake, Notice, Outcome};

impl Pack {
    pub(super) fn request_label(&self, reprint: Option<ReprintReason>) -> (Fact, Effect) {
        let print = PrintId(format!("{}-{}", self.job.order, self.prints.len() + 1));
        let (order, waybill) = (self.job.order.clone(), self.job.waybill.clone());
        (Fact::LabelRequested { order, waybill, print: print.clone(), reprint }, Effect::Print(print))
    }

    pub(super) fn label_moved(&self, id: &PrintId, to: LabelState, why: Option<&str>) -> Outcome {
        // Only what a printer can know; that the label was scanned or is void is said by people.
        use LabelState::{Failed, Printed, Sent, Stored, Unknown};
        if !matches!(to, Stored | Sent | Printed | Unknown | Failed) {
            return Outcome::quiet();
        }
        // An older print is void, so its printer's late answer changes nothing.
        let Some(print) = self.prints.iter().find(|print| print.id == *id) else { return Outcome::quiet() };
        if !print.state.may_become(to) {
            return Outcome::quiet();
        }
        let order = self.job.order.clone();
        let why = why.map(str::to_owned);
        let facts = vec![Fact::LabelMoved { order, print: id.clone(), to, why: why.clone() }];
        let feedback = match to {
            LabelState::Unknown => Feedback::Attention { notice: Notice::LabelUnknown },
            LabelState::Failed => {
                Feedback::Attention { notice: Notice::LabelFailed { why: why.unwrap_or_default() } }
            }
            _ => Feedback::Quiet,
        };
        Outcome { facts, effects: vec![], feedback }
    }

    pub(super) fn scan_back(&mut self, event: &Event) -> Outcome {
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
                let stored =
                    Fact::LabelMoved { order, print: print.id.clone(), to: LabelState::Stored, why: None };
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

    pub(super) fn reprint(&mut self, event: &Event) -> Outcome {
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
        let order = self.job.order.clone();
        let voided = Fact::LabelMoved { order, print: old.id, to: LabelState::Voided, why: None };
        let (requested, effect) = self.request_label(Some(reason));
        Outcome { effects: vec![effect], ..Outcome::right(vec![voided, requested]) }
    }
}
