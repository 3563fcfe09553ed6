//! The replica protocol for every hop: make the next message, take a message.
//!
//! Every writer has one append-only log, named by writer and epoch; every replica keeps the logs of all stations of its
//! warehouse and a mark per log, saved in the same transaction as the effects. A message carries entries of any logs
//! and the cursors of what the sender has durably, which is also the acknowledgement. So every replica passes on what
//! the other lacks, whoever wrote it, and the same message serves both hops: member and lead, lead and server. Loss,
//! doubling and reordering are harmless, because an entry is taken only when it is the next of its log.
//!
//! Three rules are the caller's, who owns disk and network; the simulation breaks each and finds out:
//! - entries, their effects and the marks are one transaction;
//! - an own entry is durable before anybody hears of it, and `have` tells only of what is durable;
//! - what the other side has is what its last message says, not the most it ever said.
//!
//! Logs arrive in any order among each other, so what a replica shows must be a function of the set of entries: so are
//! [`Claims`](claims::Claims), [`Acts`](clash::Acts) and [`Escrow`](escrow::Escrow).
//!
//! Knows no socket, disk, clock or randomness, and not what an entry says: bodies are JSON the caller reads.

mod aside;
pub mod claims;
pub mod clash;
mod cursors;
mod digest;
pub mod escrow;
mod flow;
mod mark;
mod message;
mod reader;
mod replica;
mod retry;
pub mod snapshot;
mod term;

pub use aside::after_upgrade;
pub use cursors::Cursors;
pub use digest::{Digest, NoDigest};
pub use flow::{ENTRY_BYTES, Room, Run, fit, runs_to_send};
pub use mark::{Mark, Marks};
pub use message::{Entry, Message, OLDEST_PROTOCOL, PROTOCOL, Refused, SCHEMA, Taken, to_send};
pub use reader::{Reader, Received};
pub use replica::Replica;
pub use retry::retry_after_ms;
pub use term::{Heard, Term, hear};

use serde::{Deserialize, Serialize};

/// A log: who writes it, in which epoch. A writer that lost its log begins a higher epoch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LogId {
    /// The writer's name (`server:SH`, a station's id).
    pub writer: String,
    /// Counts from 1.
    pub epoch: u32,
}

impl LogId {
    /// The first epoch of a writer.
    #[must_use]
    pub fn first(writer: &str) -> Self {
        Self { writer: writer.to_owned(), epoch: 1 }
    }
}
