//! The replica protocol for every hop: make the next message, take a message.
//!
//! Every writer has one append-only log, named by writer and epoch; every reader keeps a cursor per log, saved in the
//! same transaction as the effects. A message carries entries of the sender's logs and the cursors of what the sender
//! has, which is also the acknowledgement. That is all: loss, doubling and reordering are harmless, because an entry
//! is taken only when it is the next of its log.
//!
//! Knows no socket, disk, clock or randomness, and not what an entry says: bodies are JSON the caller reads. Does not
//! yet choose among several peers; the caller talks to one at a time.

mod cursors;
mod message;
mod retry;

pub use cursors::Cursors;
pub use message::{Entry, Message, OLDEST_PROTOCOL, PROTOCOL, Refused, SCHEMA, Taken, to_send};
pub use retry::retry_after_ms;

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
