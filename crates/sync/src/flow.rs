//! How much is sent: what the reader lacks, within the room it told, in entries and in bytes.

use crate::{Cursors, Entry, LogId};
use serde::{Deserialize, Serialize};
use std::ops::RangeInclusive;

/// What its sender takes in the next message. A reader that is busy tells less, down to nothing, and hears only
/// acknowledgements until it tells more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    /// Entries.
    pub entries: u64,
    /// Bytes of their bodies, each counted with [`ENTRY_BYTES`] more.
    pub bytes: u64,
}

/// What an entry weighs besides its body: log, place and schema in JSON.
pub const ENTRY_BYTES: u64 = 80;

impl Room {
    /// What a side takes that has not said otherwise: a second's worth on a slow line.
    pub const USUAL: Self = Self { entries: 2_000, bytes: 2 << 20 };

    /// The smaller of both in each measure: the reader's word and the sender's own bound.
    #[must_use]
    pub fn at_most(self, other: Self) -> Self {
        Self { entries: self.entries.min(other.entries), bytes: self.bytes.min(other.bytes) }
    }
}

/// Entries of one log, without a gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Whose.
    pub log: LogId,
    /// From the one after what the reader has.
    pub seqs: RangeInclusive<u64>,
}

/// What to read and send of all logs: `heads` is what this side has durably, `theirs` what the reader said it has.
/// Short backlogs are served whole and the long ones share what is left, so that a day's backlog of one station does
/// not hold up the others. Ordered by log. O(logs · log(logs)).
#[must_use]
pub fn runs_to_send(heads: &Cursors, theirs: &Cursors, room: Room) -> Vec<Run> {
    let mut lacking: Vec<(u64, &LogId, u64)> = heads
        .iter()
        .filter_map(|(log, head)| {
            let has = theirs.of(log);
            (head > has).then(|| (head - has, log, has))
        })
        .collect();
    lacking.sort();
    let (mut left, mut logs_left) = (room.entries, lacking.len() as u64);
    let mut runs = Vec::new();
    for (lacks, log, has) in lacking {
        let share = lacks.min(left.div_ceil(logs_left));
        if share > 0 {
            runs.push(Run { log: log.clone(), seqs: has + 1..=has + share });
        }
        left -= share;
        logs_left -= 1;
    }
    runs.sort_by(|one, other| one.log.cmp(&other.log));
    runs
}

/// Takes entries as long as there is room, and says whether some did not fit. The first always fits where there is
/// room at all: one large entry must not stop its log.
pub fn fit(entries: impl IntoIterator<Item = Entry>, room: Room) -> (Vec<Entry>, bool) {
    let (mut fitting, mut bytes) = (Vec::new(), 0);
    for entry in entries {
        bytes += entry.body.get().len() as u64 + ENTRY_BYTES;
        let full = fitting.len() as u64 >= room.entries || (bytes > room.bytes && !fitting.is_empty());
        if full || room.bytes == 0 {
            return (fitting, true);
        }
        fitting.push(entry);
    }
    (fitting, false)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use serde_json::value::RawValue;

    fn cursors(pairs: &[(&str, u64)]) -> Cursors {
        pairs.iter().map(|(writer, seq)| (LogId::first(writer), *seq)).collect::<Vec<_>>().into()
    }

    fn sent(heads: &[(&str, u64)], theirs: &[(&str, u64)], entries: u64) -> String {
        let room = Room { entries, ..Room::USUAL };
        runs_to_send(&cursors(heads), &cursors(theirs), room)
            .iter()
            .map(|run| format!("{} {:?}", run.log.writer, run.seqs))
            .collect::<Vec<_>>()
            .join(", ")
    }

    #[test]
    fn short_backlogs_are_served_whole_and_long_ones_share_the_rest() {
        let heads = [("a", 1_000), ("b", 12), ("c", 500), ("d", 7)];
        for (theirs, entries, wanted) in [
            (&[("b", 10), ("d", 7)][..], 22, "a 1..=10, b 11..=12, c 1..=10"),
            (&[("a", 1_000), ("b", 12), ("c", 499), ("d", 7)], 22, "c 500..=500"),
            (&[("a", 1_000), ("b", 12), ("c", 500), ("d", 9)], 22, ""),
            (&[], 1, "d 1..=1"),
            (&[], 0, ""),
        ] {
            assert_eq!(sent(&heads, theirs, entries), wanted);
        }
    }

    #[test]
    fn a_large_entry_goes_alone_and_never_stops_its_log() {
        let entry = |seq, length: usize| Entry {
            log: LogId::first("a"),
            seq,
            schema: 1,
            body: RawValue::from_string(format!("\"{}\"", "x".repeat(length))).unwrap(),
        };
        let fitted = |lengths: &[usize], bytes| {
            let entries = lengths.iter().zip(1..).map(|(length, seq)| entry(seq, *length));
            let (fitting, more) = fit(entries, Room { entries: 3, bytes });
            (fitting.len(), more)
        };
        assert_eq!(fitted(&[5_000, 10], 1_000), (1, true));
        assert_eq!(fitted(&[10, 5_000], 1_000), (1, true));
        assert_eq!(fitted(&[10, 10, 10], 1_000), (3, false));
        assert_eq!(fitted(&[10, 10, 10, 10], 1_000), (3, true));
        assert_eq!(fitted(&[10], 0), (0, true));
        assert_eq!(fitted(&[], 1_000), (0, false));
    }
}
