//! A made-up program: a station or the server, with its disk. What it does with messages is in `exchange`, with
//! snapshots in `filling`, with people in `floor`.

use crate::breaks::Breaks;
use crate::dice::Dice;
use crate::disk::{Crashed, Disk, Write};
use crate::word::{Line, Said, Word};
use liangcang_sync::claims::{Ask, Declined};
use liangcang_sync::snapshot::{Assembly, Manifest};
use liangcang_sync::{Cursors, Entry, LogId, Marks, Replica, Room, Term};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::rc::Rc;

/// The name of the server's log.
pub const SERVER: &str = "server:SH";

/// What is forgotten in a crash.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    /// What each peer said it has, last.
    pub heard: BTreeMap<usize, Cursors>,
    /// What each peer takes.
    pub rooms: BTreeMap<usize, Room>,
    /// What a person here wants and has no answer to.
    pub wants: Vec<Ask>,
    /// Answers that a peer has yet to hear.
    pub declined: BTreeMap<usize, Vec<(Ask, Declined)>>,
    /// The snapshot this node gives out.
    pub offered: Option<(Manifest, Vec<u8>)>,
    /// The snapshot it fetches.
    pub assembly: Option<Assembly>,
}

/// A program on its machine.
#[derive(Clone, Debug)]
pub struct Node {
    pub name: String,
    pub log: LogId,
    pub hardware: String,
    pub disk: Disk,
    pub memory: Memory,
    pub up: bool,
    /// A copy that was told so works no more.
    pub stopped: bool,
    pub clock_off_ms: i64,
    /// A copy that somebody works at before its cable is in.
    pub alone_until: u64,
    pub breaks: Breaks,
    /// Pieces of snapshots that arrived wrong.
    pub damaged: u64,
}

impl Node {
    pub fn new(name: &str, hardware: &str, breaks: Breaks) -> Self {
        Self {
            name: name.to_owned(),
            log: LogId::first(name),
            hardware: hardware.to_owned(),
            disk: Disk::empty(0),
            memory: Memory::default(),
            up: true,
            stopped: false,
            clock_off_ms: 0,
            alone_until: 0,
            breaks,
            damaged: 0,
        }
    }

    pub fn is_server(&self) -> bool {
        self.name == SERVER
    }

    pub fn works(&self) -> bool {
        self.up && !self.stopped && !self.disk.kept.fresh
    }

    pub fn replica(&self) -> Replica {
        Replica { station: self.name.clone(), epoch: self.log.epoch, hardware: self.hardware.clone() }
    }

    pub fn leads(&self) -> bool {
        let kept = &self.disk.kept;
        !kept.fresh && kept.term.as_ref().is_some_and(|term| term.lead == self.log)
    }

    /// The time by this machine's clock.
    pub fn now_ms(&self, tick: u64) -> i64 {
        tick as i64 * 1_000 + self.clock_off_ms
    }

    /// Entries of this node's log that say these words, with the marks after them, ready to be written.
    pub fn say(&self, words: &[Word], tick: u64) -> Vec<Write> {
        let mut mark = self.disk.kept.head(&self.log);
        let schema = self.disk.kept.schema;
        let line = |word: &Word| {
            let said = Said { tick, word: word.clone() };
            let body = serde_json::to_string(&said).expect("words can be written");
            let body = RawValue::from_string(body).expect("JSON");
            // A count is what the new schema says otherwise.
            let schema = if matches!(word, Word::Counted { .. }) { schema } else { 1 };
            let entry = Entry { log: self.log.clone(), seq: mark.seq + 1, schema, body };
            mark = mark.after(&entry);
            Rc::new(Line { entry, said })
        };
        let apply = words.iter().map(line).collect();
        let mut marks = Marks::default();
        marks.advance(&self.log, mark);
        vec![Write::Lines { apply, aside: Vec::new() }, Write::Marks(marks)]
    }

    /// Says these words durably.
    pub fn record(&mut self, words: &[Word], tick: u64, dice: &mut Dice) -> Result<(), Crashed> {
        let sync = self.breaks != Breaks::ForgetsToSyncBeforeGood;
        self.disk.commit(self.say(words, tick), sync, dice)
    }

    /// A person makes this station the lead.
    pub fn promote(&mut self, tick: u64, dice: &mut Dice) -> Result<(), Crashed> {
        let term = Term::promoted(self.disk.kept.term.as_ref(), self.log.clone());
        let mut writes = self.say(&[Word::Promoted(term.clone())], tick);
        writes.push(Write::Term(term));
        self.disk.commit(writes, true, dice)
    }

    /// The machine dies.
    pub fn crash(&mut self) {
        self.up = false;
        self.memory = Memory::default();
    }

    /// It comes back with what its disk has.
    pub fn restart(&mut self, dice: &mut Dice) {
        if !self.up {
            self.disk.restart(dice);
            self.up = true;
        }
    }
}
