//! What a walk shows and says: views of its state, never kept.

use super::{LineKind, ShortReason, Step, Walk, zone_of};
use crate::id::{BinId, LotId, SkuId, ToteId, WalkId};
use crate::say::Say;
use crate::task::{Context, ItemCard};
use crate::unit::Qty;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// One line as a screen draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WalkLineView {
    /// Its place in the walk, from 0.
    pub no: usize,
    /// Fetched or brought back.
    pub kind: LineKind,
    /// Where.
    pub bin: BinId,
    /// Parts of the bin's code: zone, aisle, bay, level.
    pub zone: String,
    /// 排.
    pub aisle: String,
    /// 列.
    pub bay: String,
    /// 层.
    pub level: String,
    /// What.
    pub item: ItemCard,
    /// Which lot.
    pub lot: LotId,
    /// How many in all.
    pub want: Qty,
    /// How many so far.
    pub done: Qty,
}

/// The step, as a word for the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WalkStepView {
    /// Scan a tote.
    Tote,
    /// Go to the zone, say so.
    Zone,
    /// Go to the bin, prove it.
    Bin,
    /// Move the units.
    Units,
    /// Choose why short: 1 empty, 2 damaged, 3 other goods, 4 blocked.
    Reason,
    /// Confirm that it is short.
    ConfirmShort,
    /// Confirm the number.
    ConfirmCount,
    /// Nothing left.
    Finished,
}

/// A walk as a screen draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WalkScreen {
    /// Its id.
    pub walk: WalkId,
    /// The step.
    pub step: WalkStepView,
    /// The tote taken.
    pub tote: Option<ToteId>,
    /// The tote a put-back walk must begin with.
    pub wanted_tote: Option<ToteId>,
    /// The line to work on.
    pub line: Option<WalkLineView>,
    /// The line after it.
    pub next: Option<WalkLineView>,
    /// The line before it in the walk, whatever became of it.
    pub before: Option<WalkLineView>,
    /// Lines with nothing open.
    pub lines_done: usize,
    /// All lines.
    pub lines_total: usize,
    /// The reason to confirm.
    pub reason: Option<ShortReason>,
    /// The number to confirm.
    pub count: Option<Qty>,
}

impl Walk {
    /// What is shown.
    #[must_use]
    pub fn screen(&self, cx: Context<'_>) -> WalkScreen {
        let step = self.step();
        let view = |at: usize| self.line_view(at, cx);
        let current = self.current();
        let next = current.and_then(|at| {
            let after = (at + 1..self.lines.len()).chain(0..at);
            after.into_iter().find(|&other| self.lines[other].open() > Qty::ZERO)
        });
        let (reason, count) = match &step {
            Step::ConfirmShort(_, reason) => (Some(*reason), None),
            Step::ConfirmCount(_, qty) => (None, Some(*qty)),
            _ => (None, None),
        };
        WalkScreen {
            walk: self.id.clone(),
            step: match step {
                Step::Tote => WalkStepView::Tote,
                Step::Zone(_) => WalkStepView::Zone,
                Step::Bin(_) => WalkStepView::Bin,
                Step::Units(_) => WalkStepView::Units,
                Step::Reason(_) => WalkStepView::Reason,
                Step::ConfirmShort(..) => WalkStepView::ConfirmShort,
                Step::ConfirmCount(..) => WalkStepView::ConfirmCount,
                Step::Finished => WalkStepView::Finished,
            },
            tote: self.tote.clone(),
            wanted_tote: self.planned_tote().cloned(),
            line: current.map(view),
            next: next.map(view),
            before: current.and_then(|at| at.checked_sub(1)).map(view),
            lines_done: self.lines.iter().filter(|state| state.open() == Qty::ZERO).count(),
            lines_total: self.lines.len(),
            reason,
            count,
        }
    }

    fn line_view(&self, at: usize, cx: Context<'_>) -> WalkLineView {
        let state = &self.lines[at];
        let mut parts =
            state.line.bin.as_str().split('-').map(|part| part.trim_start_matches('0').to_owned());
        WalkLineView {
            no: at,
            kind: state.line.kind,
            bin: state.line.bin.clone(),
            zone: parts.next().unwrap_or_default(),
            aisle: parts.next().unwrap_or_default(),
            bay: parts.next().unwrap_or_default(),
            level: parts.next().unwrap_or_default(),
            item: ItemCard::of(&state.line.sku, cx.catalogue),
            lot: state.line.lot.clone(),
            want: state.want(),
            done: state.done,
        }
    }

    /// What is said now: one element a prompt.
    #[must_use]
    pub fn prompt(&self) -> Say {
        let item = |at: usize| -> (SkuId, Qty, Qty) {
            let state = &self.lines[at];
            (state.line.sku.clone(), state.open(), state.done)
        };
        match self.step() {
            Step::Tote => Say::TakeTote,
            Step::Zone(at) => Say::Zone { zone: zone_of(&self.lines[at].line.bin).to_owned() },
            Step::Bin(at) => Say::Bin { bin: self.lines[at].line.bin.clone() },
            Step::Units(at) => {
                let ((sku, open, done), kind) = (item(at), self.lines[at].line.kind);
                match (kind, done) {
                    (LineKind::PutBack, _) => Say::PutBack { sku, qty: open },
                    (LineKind::Pick, Qty::ZERO) => Say::Take { sku, qty: open },
                    (LineKind::Pick, done) => Say::More { sku, done, open },
                }
            }
            Step::Reason(_) => Say::ShortReason,
            Step::ConfirmShort(at, _) => {
                let (sku, open, _) = item(at);
                Say::ConfirmShort { sku, qty: open }
            }
            Step::ConfirmCount(at, qty) => Say::ConfirmCount { sku: item(at).0, qty },
            Step::Finished => Say::WalkFinished,
        }
    }
}
