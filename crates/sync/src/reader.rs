//! Taking a message as a replica: who speaks, whether the logs go on as they are known here, and what is new.

use crate::{Entry, LogId, Mark, Marks, Message, Refused, Replica, Taken};
use std::collections::BTreeMap;

/// What a replica knows when it takes a message.
#[derive(Clone, Copy, Debug)]
pub struct Reader<'a> {
    /// The newest schema it reads.
    pub schema: u32,
    /// What it has of every log, its own too.
    pub marks: &'a Marks,
    /// The log it writes.
    pub own: &'a LogId,
    /// What is known of the sender, if it is a station: its hardware, the highest epoch of its logs.
    pub sender: Option<&'a Replica>,
}

/// A message that was taken: to be carried out in one transaction.
#[derive(Clone, Debug, PartialEq)]
pub struct Received {
    /// What applies and what waits; its cursors are those of `marks`.
    pub taken: Taken,
    /// The marks after both.
    pub marks: Marks,
}

impl Reader<'_> {
    /// Takes a message. Refusals first, in this order: version, a copy of a station, an old copy of ourselves, a log
    /// that goes on otherwise. O(entries), one digest each.
    ///
    /// # Errors
    /// [`Refused`]; nothing is taken then.
    pub fn receive(&self, message: Message) -> Result<Received, Refused> {
        message.check_version()?;
        if let (Some(known), Some(speaker)) = (self.sender, &message.from) {
            known.admit(speaker)?;
        }
        let (theirs, ours) = (message.have.of(self.own), self.marks.of(self.own).seq);
        if theirs > ours {
            return Err(Refused::AheadOfItsWriter { theirs, ours });
        }
        let mut marks = self.marks.clone();
        let mut told = Told(message.marks.iter().map(|(log, mark)| (log.clone(), *mark)).collect());
        let mut taken = Taken {
            apply: Vec::new(),
            aside: Vec::new(),
            cursors: self.marks.cursors(),
            doubled: 0,
            early: 0,
        };
        for entry in message.entries {
            let here = marks.of(&entry.log);
            told.compare(&entry.log, here)?;
            let after = told.go_on(&entry, here);
            if entry.seq <= here.seq {
                told.compare(&entry.log, here)?;
                taken.doubled += 1;
            } else if entry.seq - here.seq > 1 {
                taken.early += 1;
            } else {
                marks.advance(&entry.log, after);
                taken.cursors.advance(&entry.log, entry.seq);
                let side = if entry.schema > self.schema { &mut taken.aside } else { &mut taken.apply };
                side.push(entry);
            }
        }
        Ok(Received { taken, marks })
    }
}

/// The marks the sender told, moved along its entries.
struct Told(BTreeMap<LogId, Mark>);

impl Told {
    /// Where both marks are at the same place, they must be the same.
    fn compare(&self, log: &LogId, here: Mark) -> Result<(), Refused> {
        match self.0.get(log) {
            Some(told) if told.seq == here.seq && told.chain != here.chain => {
                Err(Refused::OtherContent { log: log.clone(), seq: here.seq })
            }
            _ => Ok(()),
        }
    }

    /// Moves the sender's mark over an entry, and gives ours after it, should it be the next.
    fn go_on(&mut self, entry: &Entry, here: Mark) -> Mark {
        match self.0.get_mut(&entry.log) {
            Some(told) if told.seq.checked_add(1) == Some(entry.seq) => {
                *told = told.after(entry);
                *told
            }
            _ => here.after(entry),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;
    use serde_json::value::RawValue;

    /// A log of these bodies, with the mark after each entry.
    fn log_of(writer: &str, bodies: &[&str]) -> Vec<(Entry, Mark)> {
        let mut mark = Mark::default();
        let next = |(body, seq): (&&str, u64)| {
            let body = RawValue::from_string(format!("\"{body}\"")).unwrap();
            let entry = Entry { log: LogId::first(writer), seq, schema: 1, body };
            mark = mark.after(&entry);
            (entry, mark)
        };
        bodies.iter().zip(1..).map(next).collect()
    }

    fn message(log: &[(Entry, Mark)], from: usize) -> Message {
        let entries: Vec<Entry> = log[from..].iter().map(|(entry, _)| entry.clone()).collect();
        let mut message = Message::new(Marks::default().cursors(), entries, false);
        let before = if from == 0 { Mark::default() } else { log[from - 1].1 };
        message.marks.advance(&log[0].0.log, before);
        message
    }

    fn marks_at(log: &[(Entry, Mark)], count: usize) -> Marks {
        let mut marks = Marks::default();
        marks.advance(&log[0].0.log, log[count - 1].1);
        marks
    }

    fn read(marks: &Marks, message: Message) -> Result<Received, Refused> {
        Reader { schema: 1, marks, own: &LogId::first("me"), sender: None }.receive(message)
    }

    #[test]
    fn the_next_entries_are_taken_whatever_was_sent_before_them() {
        let log = log_of("B", &["one", "two", "three", "four"]);
        for from in 0..=2 {
            let received = read(&marks_at(&log, 2), message(&log, from)).unwrap();
            assert_eq!((received.taken.apply.len(), received.taken.doubled), (2, 2 - from));
            assert_eq!(received.marks, marks_at(&log, 4));
            assert_eq!(received.taken.cursors, received.marks.cursors());
        }
        let early = read(&marks_at(&log, 2), message(&log, 3)).unwrap();
        assert_eq!((early.taken.early, early.marks), (1, marks_at(&log, 2)));
    }

    #[test]
    fn a_log_that_goes_on_otherwise_is_refused_by_name() {
        let (log, copy) = (
            log_of("B", &["one", "two", "three"]),
            log_of("B", &["one", "otherwise", "three", "four", "five"]),
        );
        for (here, from) in [(2, 0), (2, 1), (2, 2), (3, 1), (3, 3)] {
            let refused = read(&marks_at(&log, here), message(&copy, from)).unwrap_err();
            assert!(matches!(refused, Refused::OtherContent { .. }), "{here} {from}");
            assert!(refused.to_string().contains("log of B"), "{refused}");
        }
        assert!(read(&marks_at(&log, 1), message(&copy, 1)).is_ok(), "both say the same so far");
    }

    #[test]
    fn a_replica_that_others_know_more_of_than_itself_is_an_old_copy() {
        let log = log_of("me", &["one", "two"]);
        let mut told = Message::new(marks_at(&log, 2).cursors(), vec![], false);
        let refused = read(&marks_at(&log, 1), told.clone()).unwrap_err();
        assert_eq!(refused, Refused::AheadOfItsWriter { theirs: 2, ours: 1 });
        assert!(read(&marks_at(&log, 2), told.clone()).is_ok());
        told.oldest = 99;
        assert!(matches!(read(&marks_at(&log, 1), told), Err(Refused::Version { .. })), "the first refusal");
    }

    #[test]
    fn numbers_out_of_all_bounds_do_no_harm() {
        let log = log_of("B", &["one", "two"]);
        let mut far = message(&log, 0);
        far.marks.advance(&log[0].0.log, Mark { seq: u64::MAX, ..Mark::default() });
        far.entries[0].seq = u64::MAX;
        far.entries[1].seq = 0;
        let received = read(&marks_at(&log, 1), far).unwrap();
        assert_eq!((received.taken.early, received.taken.doubled), (1, 1));
        assert_eq!(received.marks, marks_at(&log, 1));
    }

    #[test]
    fn a_sender_that_tells_no_marks_is_taken_as_before() {
        let log = log_of("B", &["one", "two"]);
        let mut message = message(&log, 0);
        message.marks = Marks::default();
        assert_eq!(read(&Marks::default(), message).unwrap().marks, marks_at(&log, 2));
    }
}
