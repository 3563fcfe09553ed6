//! Everything that can wake a workstation.
//!
//! Two queues feed one loop: what a person or a device did (`Event`) goes before what the server sent
//! (`Arrival`), so that sync never makes a scan wait longer than one small piece takes.

use crate::commands::{Command, Fault};
use crate::store::feed::Touched;
use anyhow::Result;
use liangcang_devices::printer::PrinterEvent;
use liangcang_devices::scale::ScaleEvent;
use liangcang_devices::scanner::ScannerEvent;
use liangcang_domain::feed::FeedEntry;
use liangcang_domain::id::{GestureId, OrderNo, PrintId};
use liangcang_domain::unit::EpochMs;
use liangcang_sync::{Cursors, Entry, Taken};
use serde_json::Value;
use tokio::sync::oneshot;

/// What a person or a device did.
#[derive(Debug)]
pub enum Event {
    /// A scanner, by its name.
    Scanner(String, ScannerEvent),
    /// A scale, by its name.
    Scale(String, ScaleEvent),
    /// A printer, by its name.
    Printer(String, PrinterEvent),
    /// The voice came, went, or fails.
    Voice(VoiceState),
    /// A label is drawn, or cannot be.
    Drawn {
        /// The order it is for.
        order: OrderNo,
        /// The print.
        print: PrintId,
        /// Its bytes and the characters the font lacks.
        label: Result<DrawnLabel>,
    },
    /// A screen asks; with the id of the gesture when it may ask again after a lost answer.
    Command(Command, Option<GestureId>, oneshot::Sender<Result<Value, Fault>>),
    /// How the exchange with the server went.
    Exchange(ExchangeState),
    /// How the replica's file and its backups are.
    Replica(ReplicaNews),
    /// A second passed: countdowns and cut-offs.
    Tick,
    /// The program ends.
    Stop,
}

/// A drawn label.
#[derive(Debug)]
pub struct DrawnLabel {
    /// For the printer.
    pub zpl: Vec<u8>,
    /// Characters drawn as boxes.
    pub missing: Vec<char>,
}

/// How the voice is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VoiceState {
    /// It speaks.
    Ready,
    /// It does not; why.
    Away(String),
}

/// How the replica's file and its backups are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplicaNews {
    /// When the newest backup was made; or why the last try made none, in the system's words.
    Backup(Result<Option<EpochMs>, String>),
    /// The file was looked through and is damaged; in the system's words.
    Damaged(String),
}

/// How the exchange with the server went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExchangeState {
    /// Both sides heard each other; this much is still to be confirmed.
    Succeeded {
        /// Facts the server has not confirmed.
        pending: i64,
        /// When the oldest happened.
        oldest_ms: Option<i64>,
    },
    /// No answer, or a refusal.
    Failed {
        /// In the system's words, without personal data.
        why: String,
        /// Facts that wait.
        pending: i64,
        /// When the oldest happened.
        oldest_ms: Option<i64>,
    },
}

/// What the server sent, in pieces small enough to fit between two scans.
#[derive(Debug)]
pub enum Arrival {
    /// Entries next in their logs.
    Feed(Taken, oneshot::Sender<Result<Touched>>),
    /// A piece of the snapshot; the last carries the cursors.
    Snapshot(Vec<FeedEntry>, Option<Cursors>, oneshot::Sender<Result<Touched>>),
    /// What the server confirmed of our facts.
    Confirmed(Cursors, oneshot::Sender<Result<()>>),
    /// Facts of our earlier logs that the server gave back.
    Returned(Vec<Entry>, oneshot::Sender<Result<()>>),
    /// The server has nothing more to give back.
    CaughtUp(oneshot::Sender<Result<()>>),
}
