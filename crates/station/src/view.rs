//! What a screen shows: one value, pushed whole at each change.
//!
//! Every screen (the window, a hand-held's browser, a test) draws the same `View`, so a crash or a second screen shows
//! the same truth at once. It holds no personal data. Times are epoch milliseconds by the station's clock.

use crate::trouble::Trouble;
use liangcang_domain::code::Action;
use liangcang_domain::id::{
    CageId, CarrierId, OperatorId, OrderNo, StationId, ToteId, WalkId, WarehouseId, WaveId,
};
use liangcang_domain::say::Language;
use liangcang_domain::task::handover::HandOverScreen;
use liangcang_domain::task::pack::PackScreen;
use liangcang_domain::task::walk::WalkScreen;
use liangcang_domain::task::{Feedback, ItemCard};
use liangcang_domain::unit::{EpochMs, Grams};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Everything a screen shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct View {
    /// When this was taken; screens count down from it.
    pub now_ms: EpochMs,
    /// Which PC this is.
    pub station: StationCard,
    /// Language of screens and voice.
    pub language: Language,
    /// Who works.
    pub operator: Option<OperatorCard>,
    /// The sync pill.
    pub sync: SyncCard,
    /// Each device.
    pub devices: Vec<DeviceCard>,
    /// The answer to the last gesture.
    pub answer: AnswerCard,
    /// The task in hand.
    pub task: TaskView,
    /// What the headset said last.
    pub prompt: String,
    /// What may be pressed now.
    pub actions: Vec<Action>,
    /// The day's work.
    pub today: Today,
    /// What a person must act on; each stays until its cause is gone.
    pub sticky: Vec<Sticky>,
}

/// Which PC.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct StationCard {
    /// Its id.
    pub id: StationId,
    /// Its warehouse.
    pub warehouse: WarehouseId,
    /// The warehouse's name; empty until the first sync.
    pub warehouse_name: String,
}

/// Who works.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct OperatorCard {
    /// Id.
    pub id: OperatorId,
    /// Name.
    pub name: String,
    /// Whether they lead.
    pub lead: bool,
}

/// How sync stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SyncCard {
    /// Whether the last exchange succeeded.
    pub connected: bool,
    /// Since when so.
    pub since_ms: EpochMs,
    /// Facts the server has not confirmed.
    pub pending: i64,
    /// When the oldest of them happened.
    pub oldest_ms: Option<EpochMs>,
    /// The last exchange that succeeded.
    pub last_success_ms: Option<EpochMs>,
    /// Why it fails, for the devices page.
    pub why: Option<String>,
    /// How the replica's file is; not there before the station has looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub replica: Option<ReplicaCard>,
}

/// The file the station's facts lie in, and its backups.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ReplicaCard {
    /// When the newest backup was made.
    pub backup_ms: Option<EpochMs>,
    /// Why the last try made none, in the system's words.
    pub backup_failed: Option<String>,
    /// What is damaged, in the system's words; the next start replaces the file.
    pub damaged: Option<String>,
    /// Whether facts of an earlier file are on their way back from the server.
    pub catching_up: bool,
    /// Own facts that could be read nowhere, by epoch and sequence numbers (`2:101–103`).
    pub lost: Vec<String>,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeviceKind {
    /// Reads codes.
    Scanner,
    /// Weighs.
    Scale,
    /// Prints labels.
    Printer,
    /// Speaks.
    Voice,
}

/// How a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum DeviceHealth {
    /// Ready.
    Ready,
    /// There, and wants a hand: paper, a closed head, a stable load.
    Blocked,
    /// Not there.
    Away,
    /// There, and nobody can say.
    Unknown,
}

/// One device.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DeviceCard {
    /// Its name in the station's settings.
    pub id: String,
    /// What it is.
    pub kind: DeviceKind,
    /// Where: port or address.
    pub port: String,
    /// How it is.
    pub health: DeviceHealth,
    /// Why, as a word of the message catalogue (`paper_out`, `unplugged`) or the system's own text.
    pub why: Option<String>,
    /// Since when.
    pub since_ms: EpochMs,
    /// The last things it said, latest last, control bytes made visible.
    pub live: Vec<String>,
}

/// The answer to a gesture; fills the screen for a moment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AnswerCard {
    /// Counts answers, so that a screen knows a new one.
    pub seq: i64,
    /// When.
    pub at_ms: EpochMs,
    /// What.
    pub feedback: Feedback,
    /// The item wanted, when another was scanned.
    pub expected: Option<ItemCard>,
    /// The item scanned.
    pub got: Option<ItemCard>,
}

/// The task in hand.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum TaskView {
    /// None; a scan may begin one.
    #[default]
    Idle,
    /// A walk.
    Walk {
        /// The walk.
        screen: Box<WalkScreen>,
        /// The wave's cut-off.
        cutoff_ms: Option<EpochMs>,
    },
    /// A parcel on the bench.
    Pack {
        /// The parcel.
        screen: Box<PackScreen>,
        /// Orders of this tote that are packed, of all.
        packed: usize,
        /// All orders of this tote.
        total: usize,
        /// The carrier's cut-off.
        cutoff_ms: Option<EpochMs>,
    },
    /// A hand-over.
    HandOver {
        /// The cage.
        screen: Box<HandOverScreen>,
        /// The carrier's cut-off.
        cutoff_ms: Option<EpochMs>,
    },
}

/// The day's work.
#[derive(Clone, Debug, Default, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Today {
    /// Orders in no wave, per carrier.
    pub ready: Vec<ReadyCard>,
    /// Waves, the nearest cut-off first.
    pub waves: Vec<WaveCard>,
    /// Walks nobody finished.
    pub walks: Vec<WalkCard>,
    /// Totes with picked orders.
    pub totes: Vec<ToteCard>,
    /// Cages and what waits for them.
    pub cages: Vec<CageCard>,
    /// Orders that wait for stock.
    pub short: i64,
    /// Orders cancelled before they left.
    pub cancelled: i64,
}

/// Orders of one carrier that are in no wave.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ReadyCard {
    /// The carrier.
    pub carrier: CarrierId,
    /// Its name.
    pub carrier_name: String,
    /// Its next cut-off.
    pub cutoff_ms: EpochMs,
    /// How many.
    pub orders: i64,
}

/// A wave.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WaveCard {
    /// Its id.
    pub wave: WaveId,
    /// Its carrier.
    pub carrier: CarrierId,
    /// The carrier's name.
    pub carrier_name: String,
    /// Its cut-off.
    pub cutoff_ms: EpochMs,
    /// All orders.
    pub orders: i64,
    /// Of them in a tote or further.
    pub picked: i64,
    /// Of them packed or further.
    pub packed: i64,
    /// Of them gone.
    pub handed_over: i64,
    /// Of them short or cancelled.
    pub dropped: i64,
}

/// A walk nobody finished.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WalkCard {
    /// Its id.
    pub walk: WalkId,
    /// Its wave.
    pub wave: WaveId,
    /// Lines in all.
    pub lines: i64,
    /// Orders in all.
    pub orders: i64,
    /// Weight in all.
    pub weight_g: Grams,
    /// The tote, once it began.
    pub tote: Option<ToteId>,
    /// Whether it brings goods back.
    pub put_back: bool,
}

/// A tote with picked orders.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ToteCard {
    /// Its id.
    pub tote: ToteId,
    /// Orders in it that are not packed.
    pub orders: i64,
    /// The carrier's cut-off.
    pub cutoff_ms: Option<EpochMs>,
}

/// A cage.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct CageCard {
    /// Its id.
    pub cage: CageId,
    /// Whose.
    pub carrier: CarrierId,
    /// The carrier's name.
    pub carrier_name: String,
    /// Its next cut-off.
    pub cutoff_ms: EpochMs,
    /// Parcels in it.
    pub caged: i64,
    /// Parcels of this carrier that are packed and in no cage.
    pub waiting: i64,
}

/// Something a person must act on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "code", rename_all = "snake_case")]
#[ts(export)]
pub enum Sticky {
    /// A fact could not be stored; the screen did not move.
    StoreFailed {
        /// What is wrong and what to do now, in the language of the screens where `trouble` is there; else in the
        /// system's own words.
        why: String,
        /// What it is, where it has a name.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        trouble: Option<Trouble>,
    },
    /// A printer wants a hand while labels wait for it.
    PrinterBlocked {
        /// Which.
        printer: String,
        /// What it wants.
        why: String,
        /// Labels that wait.
        waiting: usize,
    },
    /// A cancelled order is sealed: take the parcel out.
    CancelledParcel {
        /// The order.
        order: OrderNo,
    },
    /// Goods of a cancelled order lie in a tote and must go back.
    PutBackWaiting {
        /// The walk that brings them.
        walk: WalkId,
    },
    /// An order cannot be completed here.
    OrderShort {
        /// The order.
        order: OrderNo,
    },
    /// A label lacks a character of the font; it prints as a box.
    MissingGlyphs {
        /// The order.
        order: OrderNo,
        /// The characters.
        characters: String,
    },
    /// Nothing came from the server yet.
    EmptyReplica,
}
