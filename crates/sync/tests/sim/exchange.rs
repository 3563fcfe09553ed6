//! What a node does with messages: make the next, take one. All of it goes through the crate under test.

use crate::breaks::Breaks;
use crate::dice::Dice;
use crate::disk::{Crashed, Write};
use crate::node::Node;
use crate::word::{Line, Word};
use liangcang_sync::claims::{Answer, Ask, Declined, Grant};
use liangcang_sync::{
    Cursors, Entry, Heard, LogId, Mark, Marks, Message, Reader, Refused, Replica, Room, Run, Term, fit, hear,
    runs_to_send,
};
use std::rc::Rc;

/// What a sender never passes in one message.
const BOUND: Room = Room { entries: 40, bytes: 8_000 };

/// Why a message had no effect.
#[derive(Debug)]
pub enum NotTaken {
    Refused(Refused),
    Crashed,
}

impl From<Crashed> for NotTaken {
    fn from(Crashed: Crashed) -> Self {
        Self::Crashed
    }
}

impl Node {
    /// The next message to a peer. Before anything was heard of it, only a greeting.
    pub fn message(&self, peer: usize, room: Room) -> Message {
        let kept = &self.disk.kept;
        let is_hasty = self.breaks == Breaks::TellsWhatIsNotDurable;
        let have = if is_hasty { kept.marks.cursors() } else { self.disk.durable.clone() };
        let (mut entries, mut marks, mut more) = (Vec::new(), Marks::default(), false);
        if let Some(theirs) = self.memory.heard.get(&peer) {
            let room = self.memory.rooms.get(&peer).map_or(BOUND, |room| room.at_most(BOUND));
            for Run { log, seqs } in runs_to_send(&self.disk.durable, theirs, room) {
                marks.advance(&log, self.mark_at(&log, seqs.start() - 1));
                // A node that broke a rule may have a gap here; it sends what stands before it.
                entries.extend(seqs.map_while(|seq| self.entry(&log, seq)));
            }
            (entries, more) = fit(entries, room);
        }
        let from = (!self.is_server()).then(|| self.replica());
        let asks = if self.leads() { Vec::new() } else { self.memory.wants.clone() };
        let declined = self.memory.declined.get(&peer).cloned().unwrap_or_default();
        let (term, room) = (kept.term.clone(), Some(room));
        Message { from, term, room, marks, asks, declined, ..Message::new(have, entries, more) }
    }

    fn entry(&self, log: &LogId, seq: u64) -> Option<Entry> {
        Some(self.disk.kept.logs.get(log)?.get(&seq)?.0.entry.clone())
    }

    fn mark_at(&self, log: &LogId, seq: u64) -> Mark {
        let kept = self.disk.kept.logs.get(log).and_then(|kept| kept.get(&seq));
        kept.map_or_else(|| Mark { seq, ..Mark::default() }, |(_, mark)| *mark)
    }

    /// What this node knows of the station that speaks.
    fn known(&self, speaker: &Replica) -> Option<Replica> {
        let kept = &self.disk.kept;
        let hardware = kept.book.hardware.get(&speaker.station)?.clone();
        let of_it = kept.marks.iter().filter(|(log, _)| log.writer == speaker.station);
        let epoch = of_it.map(|(log, _)| log.epoch).max().unwrap_or(1);
        Some(Replica { station: speaker.station.clone(), epoch, hardware })
    }

    /// Takes a message from a peer; says whether the peer's term is older, so that it must be told.
    pub fn take(
        &mut self,
        peer: usize,
        mut message: Message,
        tick: u64,
        dice: &mut Dice,
    ) -> Result<Heard, NotTaken> {
        if self.breaks == Breaks::AdmitsCopies {
            message.from = None;
            message.marks = Marks::default();
        }
        if self.disk.kept.fresh {
            // A fresh replica waits for its snapshot; who leads it must know before.
            message.entries.clear();
        }
        let (asks, declined) = (std::mem::take(&mut message.asks), std::mem::take(&mut message.declined));
        let (have, room, term) = (message.have.clone(), message.room, message.term.clone());
        let known = message.from.as_ref().and_then(|speaker| self.known(speaker));
        let kept = &self.disk.kept;
        let reader =
            Reader { schema: kept.schema, marks: &kept.marks, own: &self.log, sender: known.as_ref() };
        let received = reader.receive(message).map_err(NotTaken::Refused)?;
        self.hear_cursors(peer, have);
        self.memory.rooms.insert(peer, room.unwrap_or(Room::USUAL));
        let read = |entries: Vec<Entry>| -> Vec<Rc<Line>> {
            entries.into_iter().map(|entry| Rc::new(Line::read(entry))).collect()
        };
        let (apply, aside) = (read(received.taken.apply), read(received.taken.aside));
        let heard = hear(self.disk.kept.term.as_ref(), term.as_ref());
        self.store(apply, aside, received.marks, term.as_ref(), dice)?;
        self.memory.wants.retain(|ask| !declined.iter().any(|(declined, _)| declined == ask));
        self.memory.declined.remove(&peer);
        if self.leads() {
            for ask in asks {
                self.answer(peer, ask, tick, dice)?;
            }
        }
        Ok(heard)
    }

    fn hear_cursors(&mut self, peer: usize, have: Cursors) {
        if self.breaks == Breaks::TellsWhatIsNotDurable {
            let known = self.memory.heard.entry(peer).or_default();
            have.iter().for_each(|(log, seq)| known.advance(log, seq));
        } else {
            self.memory.heard.insert(peer, have);
        }
    }

    /// Entries, marks and a newer term, told by the peer or by an entry, in one transaction.
    fn store(
        &mut self,
        apply: Vec<Rc<Line>>,
        mut aside: Vec<Rc<Line>>,
        marks: Marks,
        theirs: Option<&Term>,
        dice: &mut Dice,
    ) -> Result<(), Crashed> {
        let promoted = apply.iter().filter_map(|line| match &line.said.word {
            Word::Promoted(term) => Some(term),
            _ => None,
        });
        let latest = promoted.chain(theirs).max();
        let is_deaf = self.breaks == Breaks::IgnoresHigherTerms && self.leads();
        let is_newer = hear(self.disk.kept.term.as_ref(), latest) == Heard::Newer && !is_deaf;
        let term = latest.filter(|_| is_newer).cloned().map(Write::Term);
        if apply.is_empty() && aside.is_empty() && term.is_none() {
            return Ok(());
        }
        if self.breaks == Breaks::DropsNewerSchemas {
            aside.clear();
        }
        // A term must outlive a crash: two leads in one term would be the end of all claims.
        let sync = term.is_some() || dice.roll(2) == 0;
        let mut writes = vec![Write::Lines { apply, aside }];
        writes.extend(term);
        if self.breaks == Breaks::SavesMarksApart {
            self.disk.commit(vec![Write::Marks(marks)], sync, dice)?;
        } else {
            writes.push(Write::Marks(marks));
        }
        self.disk.commit(writes, sync, dice)
    }

    /// The lead answers an ask: the grant is durable before the next is looked at.
    pub fn answer(&mut self, peer: usize, ask: Ask, tick: u64, dice: &mut Dice) -> Result<(), Crashed> {
        let why = match self.disk.kept.book.claims.answer(&ask) {
            Answer::Yours(_) => return Ok(()),
            Answer::Free => None,
            Answer::Declined(Declined::Held { .. }) if self.breaks == Breaks::GrantsWithoutLooking => None,
            Answer::Declined(why) => Some(why),
        };
        match (why, self.disk.kept.term.clone()) {
            (None, Some(term)) => {
                let lines = serde_json::json!([ask.subject.id, tick]);
                self.record(&[Word::Granted(Grant { ask, term, lines })], tick, dice)
            }
            (why, _) => {
                self.memory.declined.entry(peer).or_default().extend(why.map(|why| (ask, why)));
                Ok(())
            }
        }
    }
}
