//! The step engine: `(state, event) -> (facts, effects, feedback)`, one for voice, scanner, keys, scale and printer.
//!
//! A task's state is a fold over its facts (`evolve`), so a station that died comes back to the same line. `decide`
//! is total: every event in every state has an answer, and "not now" is one of them, by name, recording nothing.
//! What is shown and said is a view of the state. Who may begin which task is the station's business.

#![expect(missing_docs, reason = "fields of an event or a mistake say by name and type what they are")]

pub mod handover;
pub mod pack;
pub mod walk;

use crate::catalogue::Catalogue;
use crate::code::{Action, Code};
use crate::fact::Fact;
use crate::id::{CarrierId, GestureId, LotId, OperatorId, OrderNo, PackagingId, PrintId, SkuId, WaybillNo};
use crate::label::LabelState;
use crate::unit::{Grams, Qty};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything that can happen to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// A code was scanned.
    Scanned(Code),
    /// Digits were spoken: check digits, or a number of units.
    Heard(String),
    /// Digits were typed.
    Keyed(String),
    /// The scale came to rest.
    Weighed(Grams),
    /// A key, a touch, a command barcode or a command word.
    Pressed(Action),
    /// A label's print moved.
    Label { print: PrintId, to: LabelState, why: Option<String> },
    /// An order was cancelled, or cannot be completed.
    Recalled(OrderNo),
    /// More lines for this walk (a shortage found elsewhere).
    Replanned(Vec<walk::Line>),
}

/// An event with its gesture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gesture {
    /// Its id; a retry carries the same.
    pub id: GestureId,
    /// Who.
    pub by: OperatorId,
    /// What.
    pub event: Event,
}

/// What a task may look things up in.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The goods.
    pub catalogue: &'a Catalogue,
}

/// What must be done besides recording, after the facts are durable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Draw, store and print a label.
    Print(PrintId),
    /// Look for the missing units elsewhere, or give the orders up.
    Replan { sku: SkuId, qty: Qty, orders: Vec<(OrderNo, Qty)> },
}

/// The answer a person sees and hears.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum Feedback {
    /// Nothing to say.
    Quiet,
    /// Right.
    Right,
    /// A step of the task is complete.
    Complete,
    /// Wrong, by name; stays until a right scan or undo.
    Wrong {
        /// What is wrong.
        mistake: Mistake,
    },
    /// Look here.
    Attention {
        /// At what.
        notice: Notice,
    },
}

/// What can be wrong, by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Mistake {
    /// A code nobody knows.
    UnknownCode { got: String },
    /// Another bin.
    WrongBin { expected: String, got: String },
    /// Check digits of another bin. The right ones are not told.
    WrongCheckDigits { got: String },
    /// Another item.
    WrongItem { expected: SkuId, got: SkuId },
    /// An item of another order.
    OtherOrdersItem { expected: SkuId, got: SkuId },
    /// More than wanted.
    OverScan { sku: SkuId, want: Qty },
    /// Another lot.
    WrongLot { sku: SkuId, expected: Vec<LotId>, got: LotId },
    /// A waybill where an item, a bin or packaging is expected.
    WaybillHere { got: WaybillNo },
    /// A tote that is not this task's, or is in use.
    WrongTote { got: String },
    /// Packaging that will not do.
    WrongPackaging { expected: PackagingId, got: PackagingId },
    /// Too light: something is missing.
    TooLight { expected_g: Grams, got_g: Grams, tolerance_g: Grams },
    /// Too heavy: something is doubled.
    TooHeavy { expected_g: Grams, got_g: Grams, tolerance_g: Grams },
    /// The label of another parcel.
    WrongLabel { expected: WaybillNo, got: WaybillNo },
    /// A parcel that was not packed here, or not yet.
    NotPacked { got: WaybillNo },
    /// A parcel for another carrier.
    WrongCarrier { expected: CarrierId, got: CarrierId },
    /// A parcel whose order was cancelled.
    OrderWasCancelled { order: OrderNo },
    /// A number that cannot be meant.
    NotANumber { got: String },
    /// Something else comes first.
    NotNow { first: First },
}

/// What must come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum First {
    /// Somebody must sign on.
    SignOn,
    /// A tote must be scanned.
    Tote,
    /// The bin must be proved.
    Bin,
    /// Items must be scanned.
    Items,
    /// A reason must be chosen.
    Reason,
    /// A question must be answered.
    Answer,
    /// Packaging must be scanned.
    Packaging,
    /// The parcel must be weighed.
    Weight,
    /// The label must be scanned back.
    Label,
    /// The cage must be scanned.
    Cage,
    /// Nothing: the task is done.
    Nothing,
}

/// What is worth looking at, without being wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Notice {
    /// Done already.
    Already,
    /// Nothing of yours to take back.
    NothingToUndo,
    /// Taken back.
    Undone,
    /// The order was cancelled while it was in your hands.
    Recalled { order: OrderNo },
    /// The printer could not say whether the label came out.
    LabelUnknown,
    /// The label was not printed.
    LabelFailed { why: String },
    /// Lines were added to the walk.
    LinesAdded { count: usize },
    /// Paused; only "go on" is heard.
    Paused,
}

/// What a gesture leads to. Facts first, all together; then everything else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// To be made durable before anything else.
    pub facts: Vec<Fact>,
    /// To be done after.
    pub effects: Vec<Effect>,
    /// To be shown and sounded after.
    pub feedback: Feedback,
}

impl Outcome {
    /// Nothing is recorded; this is what is wrong.
    #[must_use]
    pub fn wrong(mistake: Mistake) -> Self {
        Self { facts: vec![], effects: vec![], feedback: Feedback::Wrong { mistake } }
    }

    /// Nothing is recorded; something else comes first.
    #[must_use]
    pub fn not_now(first: First) -> Self {
        Self::wrong(Mistake::NotNow { first })
    }

    /// Nothing is recorded; look here.
    #[must_use]
    pub fn attention(notice: Notice) -> Self {
        Self { facts: vec![], effects: vec![], feedback: Feedback::Attention { notice } }
    }

    /// Nothing is recorded and nothing is said.
    #[must_use]
    pub fn quiet() -> Self {
        Self { facts: vec![], effects: vec![], feedback: Feedback::Quiet }
    }

    /// These facts, and "right".
    #[must_use]
    pub fn right(facts: Vec<Fact>) -> Self {
        Self { facts, effects: vec![], feedback: Feedback::Right }
    }
}

/// A piece of goods as a screen draws it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ItemCard {
    /// Its id.
    pub sku: SkuId,
    /// Full name.
    pub name: String,
    /// Name for tight places.
    pub short_name: String,
    /// What to draw: `sack`, `bottle`, `box`, `pouch`.
    pub class: String,
    /// Weight of one.
    pub weight_g: Grams,
}

impl ItemCard {
    /// The card of a SKU; one the catalogue lacks is shown by its id.
    #[must_use]
    pub fn of(sku: &SkuId, catalogue: &Catalogue) -> Self {
        match catalogue.sku(sku) {
            Some(known) => Self {
                sku: sku.clone(),
                name: known.name.clone(),
                short_name: known.short_name.clone(),
                class: known.packaging_class.clone(),
                weight_g: known.gross_weight_g,
            },
            None => Self {
                sku: sku.clone(),
                name: sku.0.clone(),
                short_name: sku.0.clone(),
                class: "box".to_owned(),
                weight_g: Grams(0),
            },
        }
    }
}

/// An item as scanned: the SKU if the catalogue knows it, and the lot if the code names one.
pub(crate) fn item(code: &Code, catalogue: &Catalogue) -> Option<(SkuId, Option<LotId>)> {
    match code {
        Code::Item(sku) => catalogue.sku(sku).map(|known| (known.id.clone(), None)),
        Code::Gtin { gtin, lot, .. } => {
            catalogue.sku_by_barcode(gtin).map(|known| (known.id.clone(), lot.clone()))
        }
        // A catalogue may hold a code that looks like something else; the catalogue wins.
        Code::Waybill(no) => catalogue.sku_by_barcode(no.as_str()).map(|known| (known.id.clone(), None)),
        Code::Unknown(text) => catalogue.sku_by_barcode(text).map(|known| (known.id.clone(), None)),
        _ => None,
    }
}

/// The mistake of scanning something that is no item where an item is wanted.
pub(crate) fn no_item(code: &Code) -> Mistake {
    match code {
        Code::Waybill(no) => Mistake::WaybillHere { got: no.clone() },
        Code::Gtin { gtin, .. } => Mistake::UnknownCode { got: gtin.clone() },
        Code::Unknown(text) => Mistake::UnknownCode { got: text.clone() },
        Code::Item(sku) => Mistake::UnknownCode { got: format!("SKU-{sku}") },
        Code::Tote(tote) => Mistake::WrongTote { got: tote.0.clone() },
        _ => Mistake::NotNow { first: First::Items },
    }
}
