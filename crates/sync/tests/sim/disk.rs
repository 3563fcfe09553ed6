//! A made-up disk: a commit is whole or absent, and what was not synced may be lost, the latest first.
//! What it keeps is the replica; after a crash that is made anew from the commits that are left.

use crate::dice::Dice;
use crate::word::{Book, Line};
use liangcang_sync::snapshot::Manifest;
use liangcang_sync::{Cursors, Entry, LogId, Mark, Marks, Term, after_upgrade};
use std::collections::BTreeMap;
use std::rc::Rc;

/// One change of a transaction.
#[derive(Clone, Debug)]
pub enum Write {
    /// Entries: those that apply, and those of a newer schema.
    Lines {
        apply: Vec<Rc<Line>>,
        aside: Vec<Rc<Line>>,
    },
    Marks(Marks),
    Term(Term),
    /// The program is upgraded: what waited for it is taken in.
    Schema(u32),
    /// A snapshot is being fetched.
    Fetching(Manifest),
    Piece(u64, Vec<u8>),
    /// The replica is no longer fresh.
    Filled,
}

/// A replica as it lies on the disk.
#[derive(Clone, Debug)]
pub struct Kept {
    pub logs: BTreeMap<LogId, BTreeMap<u64, (Rc<Line>, Mark)>>,
    pub marks: Marks,
    pub aside: Vec<Entry>,
    pub book: Book,
    pub term: Option<Term>,
    pub schema: u32,
    pub fetching: Option<(Manifest, BTreeMap<u64, Vec<u8>>)>,
    pub fresh: bool,
}

impl Kept {
    fn empty() -> Self {
        Self {
            logs: BTreeMap::new(),
            marks: Marks::default(),
            aside: Vec::new(),
            book: Book::default(),
            term: None,
            schema: 1,
            fetching: None,
            fresh: true,
        }
    }

    fn store(&mut self, line: &Rc<Line>) {
        let Entry { log, seq, .. } = &line.entry;
        let kept = self.logs.entry(log.clone()).or_default();
        let before = kept.last_key_value().map_or_else(Mark::default, |(_, (_, mark))| *mark);
        kept.insert(*seq, (Rc::clone(line), before.after(&line.entry)));
    }

    fn apply(&mut self, line: &Line) {
        self.book.take(&line.entry.log, line.entry.seq, &line.said.word);
    }

    fn write(&mut self, write: &Write) {
        match write {
            Write::Lines { apply, aside } => {
                let mut lines: Vec<&Rc<Line>> = apply.iter().chain(aside).collect();
                lines.sort_by_key(|line| line.entry.seq);
                lines.into_iter().for_each(|line| self.store(line));
                apply.iter().for_each(|line| self.apply(line));
                self.aside.extend(aside.iter().map(|line| line.entry.clone()));
            }
            Write::Marks(marks) => {
                for (log, mark) in marks.iter() {
                    self.marks.advance(log, *mark);
                }
            }
            Write::Term(term) => self.term = Some(term.clone()),
            Write::Schema(schema) => {
                self.schema = *schema;
                let (read, left) = after_upgrade(std::mem::take(&mut self.aside), *schema);
                for entry in read {
                    self.apply(&Line::read(entry));
                }
                self.aside = left;
            }
            Write::Fetching(manifest) => self.fetching = Some((manifest.clone(), BTreeMap::new())),
            Write::Piece(index, bytes) => {
                if let Some((_, pieces)) = &mut self.fetching {
                    pieces.insert(*index, bytes.clone());
                }
            }
            Write::Filled => {
                self.fresh = false;
                self.fetching = None;
            }
        }
    }

    /// Where a log ends here.
    pub fn head(&self, log: &LogId) -> Mark {
        let last = self.logs.get(log).and_then(|kept| kept.last_key_value());
        last.map_or_else(Mark::default, |(_, (_, mark))| *mark)
    }
}

/// The machine died: nobody hears what it was about to say.
#[derive(Clone, Copy, Debug)]
pub struct Crashed;

/// A node's disk.
#[derive(Clone, Debug)]
pub struct Disk {
    pub kept: Kept,
    /// What may be told: where the logs are as far as they are synced.
    pub durable: Cursors,
    commits: Vec<Vec<Write>>,
    synced: usize,
    /// Crashes in a thousand writes.
    pub crashes: u64,
}

impl Disk {
    pub fn empty(crashes: u64) -> Self {
        let (kept, durable) = (Kept::empty(), Cursors::default());
        Self { kept, durable, commits: Vec::new(), synced: 0, crashes }
    }

    /// Writes a transaction; `sync` waits until it and all before it are durable. The machine may die before it is
    /// there or after, in both cases before it can tell.
    pub fn commit(&mut self, writes: Vec<Write>, sync: bool, dice: &mut Dice) -> Result<(), Crashed> {
        let dies = dice.chance(self.crashes);
        if dies && dice.roll(2) == 0 {
            return Err(Crashed);
        }
        for write in &writes {
            self.kept.write(write);
        }
        self.commits.push(writes);
        if sync {
            self.sync();
        }
        if dies { Err(Crashed) } else { Ok(()) }
    }

    /// Waits until all that was written is durable.
    pub fn sync(&mut self) {
        self.synced = self.commits.len();
        self.durable = self.kept.marks.cursors();
    }

    /// The machine comes back: synced commits are there, and of the others none, some or all.
    pub fn restart(&mut self, dice: &mut Dice) {
        let left = self.synced + dice.index(self.commits.len() - self.synced + 1);
        *self = self.copy(left);
    }

    /// What the disk was after `count` commits.
    fn copy(&self, count: usize) -> Self {
        let mut copy = Self::empty(self.crashes);
        copy.commits = self.commits[..count].to_vec();
        for write in copy.commits.iter().flatten() {
            copy.kept.write(write);
        }
        // What was read back from the disk after a crash is durable.
        copy.sync();
        copy
    }

    /// An image of it as it is now.
    pub fn image(&self) -> Self {
        self.copy(self.synced)
    }

    /// An older image of it, in which `log` ended before `end`; none if it never did with something in it.
    pub fn older_image(&self, log: &LogId, end: u64, dice: &mut Dice) -> Option<Self> {
        let count = dice.index(self.synced + 1);
        let image = self.copy(count);
        let head = image.kept.head(log).seq;
        (!image.kept.fresh && head > 0 && head < end).then_some(image)
    }
}
