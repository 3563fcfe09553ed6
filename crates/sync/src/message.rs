//! Messages: what one side says to the other, and what becomes of it.

use crate::claims::{Ask, Declined};
use crate::{Cursors, LogId, Marks, Replica, Room, Term};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::ops::RangeInclusive;

/// The protocol this program speaks. 2 added marks, terms, room, asks and the sender's name; all may be missing, so
/// that the two understand each other.
pub const PROTOCOL: u32 = 2;
/// The oldest it still understands.
pub const OLDEST_PROTOCOL: u32 = 1;
/// The newest schema of bodies this program reads; entries of a newer one are set aside.
pub const SCHEMA: u32 = 1;

/// One entry of a log.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    /// Whose.
    pub log: LogId,
    /// Its place, from 1 without gaps.
    pub seq: u64,
    /// The schema its body is written in.
    pub schema: u32,
    /// What it says, as JSON the caller reads.
    pub body: Box<RawValue>,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (&self.log, self.seq, self.schema, self.body.get())
            == (&other.log, other.seq, other.schema, other.body.get())
    }
}

/// What one side says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Message {
    /// The protocol it is written in.
    pub protocol: u32,
    /// The oldest its sender understands.
    pub oldest: u32,
    /// What the sender has of every log it reads: its acknowledgement.
    pub have: Cursors,
    /// Entries of logs the sender keeps.
    pub entries: Vec<Entry>,
    /// Whether the sender has more to send.
    pub more: bool,
    /// Which replica speaks; a server has no need to say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Replica>,
    /// The highest term the sender knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub term: Option<Term>,
    /// What the sender takes in the next message; [`Room::USUAL`] where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub room: Option<Room>,
    /// Of each log with entries here: the mark before the first of them.
    #[serde(default, skip_serializing_if = "Marks::is_empty")]
    pub marks: Marks,
    /// What the sender asks of its lead; answered by a grant among the entries, or declined.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<Ask>,
    /// Asks of the reader that its lead does not grant.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub declined: Vec<(Ask, Declined)>,
}

/// Why a message is not taken at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The other side is too old or too new.
    #[error(
        "the other side speaks protocol {theirs} (oldest {oldest}), this one {PROTOCOL} (oldest {OLDEST_PROTOCOL}); upgrade the older of the two"
    )]
    Version {
        /// What it speaks.
        theirs: u32,
        /// The oldest it understands.
        oldest: u32,
    },
    /// The speaker is not the PC that was enrolled under this name.
    #[error(
        "station {station} was enrolled on another PC; this copy is refused: give this PC a station of its own with a new code"
    )]
    Clone {
        /// The name it goes by.
        station: String,
    },
    /// The speaker's log has been replaced by one of a higher epoch.
    #[error(
        "station {station} works in epoch {known} by now; a copy of its epoch {epoch} is refused: set this copy aside"
    )]
    OldEpoch {
        /// The name it goes by.
        station: String,
        /// The copy's.
        epoch: u32,
        /// The station's.
        known: u32,
    },
    /// A log goes on otherwise than here: two copies of its writer have written.
    #[error(
        "the log of {} (epoch {}) goes on otherwise after entry {seq} than it is known here: two copies of this station have written; set one of them aside",
        log.writer, log.epoch
    )]
    OtherContent {
        /// Whose.
        log: LogId,
        /// The last entry both might have alike.
        seq: u64,
    },
    /// The other side knows more of our log than we: this is an old copy of ourselves.
    #[error(
        "the other side has {theirs} entries of this station's log, which ends at {ours} here: this is an old copy of the station; begin a new epoch"
    )]
    AheadOfItsWriter {
        /// What the other side has.
        theirs: u64,
        /// Where the log ends here.
        ours: u64,
    },
}

/// What becomes of a message: to be carried out in one transaction with the cursors.
#[derive(Clone, Debug, PartialEq)]
pub struct Taken {
    /// Entries to apply, each the next of its log.
    pub apply: Vec<Entry>,
    /// Entries of a newer schema: to be kept as they are and read after the upgrade.
    pub aside: Vec<Entry>,
    /// Cursors after both.
    pub cursors: Cursors,
    /// Entries that were here already.
    pub doubled: usize,
    /// Entries that came before their predecessor; the other side sends them again.
    pub early: usize,
}

impl Message {
    /// The next message: what I have, and these entries.
    #[must_use]
    pub fn new(have: Cursors, entries: Vec<Entry>, more: bool) -> Self {
        Self {
            protocol: PROTOCOL,
            oldest: OLDEST_PROTOCOL,
            have,
            entries,
            more,
            from: None,
            term: None,
            room: None,
            marks: Marks::default(),
            asks: Vec::new(),
            declined: Vec::new(),
        }
    }

    /// Whether the two sides understand each other.
    ///
    /// # Errors
    /// [`Refused::Version`].
    pub fn check_version(&self) -> Result<(), Refused> {
        if self.protocol < OLDEST_PROTOCOL || self.oldest > PROTOCOL {
            return Err(Refused::Version { theirs: self.protocol, oldest: self.oldest });
        }
        Ok(())
    }

    /// Takes a message: sorts its entries into what applies now, what waits, and what is known.
    /// `cursors` is what this side has. O(entries · log(logs)). Looks neither at who speaks nor whether the logs go on
    /// as they are known here: that is [`crate::Reader`]'s.
    ///
    /// # Errors
    /// [`Refused`] when the two sides do not understand each other; nothing is taken then.
    pub fn take(self, cursors: &Cursors) -> Result<Taken, Refused> {
        self.check_version()?;
        let mut taken =
            Taken { apply: vec![], aside: vec![], cursors: cursors.clone(), doubled: 0, early: 0 };
        for entry in self.entries {
            let next = taken.cursors.of(&entry.log) + 1;
            match entry.seq {
                seq if seq < next => taken.doubled += 1,
                seq if seq > next => taken.early += 1,
                seq => {
                    taken.cursors.advance(&entry.log, seq);
                    if entry.schema > SCHEMA { taken.aside.push(entry) } else { taken.apply.push(entry) }
                }
            }
        }
        Ok(taken)
    }
}

/// Which entries of one log to send to a reader, at most `limit`, and whether more remain.
/// `None` when the reader has all. Of many logs: [`crate::runs_to_send`].
#[must_use]
pub fn to_send(head: u64, reader_has: u64, limit: u64) -> Option<(RangeInclusive<u64>, bool)> {
    if reader_has >= head || limit == 0 {
        return None;
    }
    let last = head.min(reader_has + limit);
    Some((reader_has + 1..=last, last < head))
}
