//! What people know to have happened, and how much of it.

use crate::word::Word;
use std::collections::BTreeMap;

/// What people know to have happened: what the books must say.
#[derive(Clone, Debug, Default)]
pub struct Truth {
    /// Gestures that were called good.
    pub good: BTreeMap<String, Word>,
    /// Done, but nobody was told good, or the disk that had it is gone: may be in the books, once.
    pub perhaps: BTreeMap<String, Word>,
    /// Done at a copy of a station.
    pub copied: BTreeMap<String, Word>,
}

/// What happened, counted: a simulation in which nothing happens proves nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Tally {
    pub good: u64,
    pub crashes: u64,
    pub promotions: u64,
    pub disks_lost: u64,
    pub copies: u64,
    pub copies_refused: u64,
    pub aside: u64,
    pub pieces_refused: u64,
    pub clashes: u64,
    pub local_orders: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.good += other.good;
        self.crashes += other.crashes;
        self.promotions += other.promotions;
        self.disks_lost += other.disks_lost;
        self.copies += other.copies;
        self.copies_refused += other.copies_refused;
        self.aside += other.aside;
        self.pieces_refused += other.pieces_refused;
        self.clashes += other.clashes;
        self.local_orders += other.local_orders;
    }
}
