//! Marks: how far a reader has got in a log, and the digest of all it has read of it.
//!
//! The digest is a chain: each entry's is made from the one before it and the entry. Two replicas that have the same
//! mark of a log have the same entries; a log that was written on by two copies of one station is found at the first
//! entry that differs.

use crate::{Cursors, Digest, Entry, LogId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A place in a log and the digest of the log up to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The last entry; 0 before the first.
    pub seq: u64,
    /// Of all entries up to it; zeros before the first.
    pub chain: Digest,
}

impl Mark {
    /// The mark after one more entry, whose place must be the next.
    #[must_use]
    pub fn after(&self, entry: &Entry) -> Self {
        let LogId { writer, epoch } = &entry.log;
        let chain = Digest::of(&[
            self.chain.as_bytes(),
            // Only the writer's name and the body vary in length, and the name's is told.
            &(writer.len() as u64).to_be_bytes(),
            writer.as_bytes(),
            &epoch.to_be_bytes(),
            &entry.seq.to_be_bytes(),
            &entry.schema.to_be_bytes(),
            entry.body.get().as_bytes(),
        ]);
        Self { seq: entry.seq, chain }
    }
}

/// A mark per log, saved in the same transaction as the entries it tells of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(LogId, Mark)>", into = "Vec<(LogId, Mark)>")]
pub struct Marks(BTreeMap<LogId, Mark>);

impl Marks {
    /// Where this reader is in `log`.
    #[must_use]
    pub fn of(&self, log: &LogId) -> Mark {
        self.0.get(log).copied().unwrap_or_default()
    }

    /// The mark of `log`, if there is one.
    #[must_use]
    pub fn get(&self, log: &LogId) -> Option<&Mark> {
        self.0.get(log)
    }

    /// Notes where this reader is. A mark never goes back.
    pub fn advance(&mut self, log: &LogId, mark: Mark) {
        match self.0.get_mut(log) {
            Some(known) if known.seq >= mark.seq => {}
            Some(known) => *known = mark,
            None => _ = self.0.insert(log.clone(), mark),
        }
    }

    /// The places without the digests: what is acknowledged.
    #[must_use]
    pub fn cursors(&self) -> Cursors {
        self.0.iter().map(|(log, mark)| (log.clone(), mark.seq)).collect::<Vec<_>>().into()
    }

    /// All marks, by log.
    pub fn iter(&self) -> impl Iterator<Item = (&LogId, &Mark)> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<(LogId, Mark)>> for Marks {
    fn from(pairs: Vec<(LogId, Mark)>) -> Self {
        let mut marks = Self::default();
        for (log, mark) in pairs {
            marks.advance(&log, mark);
        }
        marks
    }
}

impl From<Marks> for Vec<(LogId, Mark)> {
    fn from(marks: Marks) -> Self {
        marks.0.into_iter().collect()
    }
}
