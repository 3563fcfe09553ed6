//! What a bench shows and says: views of its state, never kept.

use super::{Group, Pack, PackStep, PackagingReason};
use crate::gate::WeightGate;
use crate::id::{CarrierId, LotId, OrderNo, PackagingId, ToteId, WaybillNo};
use crate::label::{LabelPrint, LabelState};
use crate::say::Say;
use crate::task::{Context, ItemCard};
use crate::unit::{Grams, Qty};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

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

impl Pack {
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
            (PackStep::Parts | PackStep::Packaging, _) => {
                Say::Packaging { packaging: self.job.packaging.clone() }
            }
            (PackStep::Weigh, _) => Say::Weigh,
            // Failed or unknown: either way somebody must look at the printer.
            (PackStep::Print | PackStep::ScanBack, _) if self.print().is_some_and(is_in_doubt) => {
                Say::LabelUnknown
            }
            (PackStep::ReprintReason, _) => Say::ReprintReason,
            (PackStep::Print, _) => Say::LabelComing,
            (PackStep::ScanBack, _) => Say::StickLabel,
            (PackStep::Packed | PackStep::Returned, _) => Say::Packed,
            (PackStep::Return, _) => Say::ReturnGoods,
        }
    }
}

fn is_in_doubt(print: &LabelPrint) -> bool {
    matches!(print.state, LabelState::Unknown | LabelState::Failed)
}
