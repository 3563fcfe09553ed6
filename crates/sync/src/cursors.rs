//! How far a reader has got, per log.

use crate::LogId;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The last sequence number taken in of each log; 0 of a log never seen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(LogId, u64)>", into = "Vec<(LogId, u64)>")]
pub struct Cursors(BTreeMap<LogId, u64>);

impl Cursors {
    /// The last sequence number taken in of `log`.
    #[must_use]
    pub fn of(&self, log: &LogId) -> u64 {
        self.0.get(log).copied().unwrap_or(0)
    }

    /// Notes that `log` is taken in up to `seq`. A cursor never goes back.
    pub fn advance(&mut self, log: &LogId, seq: u64) {
        let cursor = self.0.entry(log.clone()).or_insert(0);
        *cursor = seq.max(*cursor);
    }

    /// All cursors, by log.
    pub fn iter(&self) -> impl Iterator<Item = (&LogId, u64)> {
        self.0.iter().map(|(log, seq)| (log, *seq))
    }
}

impl From<Vec<(LogId, u64)>> for Cursors {
    fn from(pairs: Vec<(LogId, u64)>) -> Self {
        let mut cursors = Self::default();
        for (log, seq) in pairs {
            cursors.advance(&log, seq);
        }
        cursors
    }
}

impl From<Cursors> for Vec<(LogId, u64)> {
    fn from(cursors: Cursors) -> Self {
        cursors.0.into_iter().collect()
    }
}
