//! What entries say in the made-up company, and the book every replica keeps of it.

use liangcang_sync::claims::{Beginning, Claims, Ending, Grant};
use liangcang_sync::clash::{About, Act, ActKind, Acts, Decision};
use liangcang_sync::escrow::{Draw, Escrow, Lease, Return};
use liangcang_sync::{Entry, LogId, Replica, Term};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Goods of one kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Goods {
    pub sku: String,
    pub qty: u64,
}

/// The body of an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Said {
    /// The tick of the world: for the judge alone, no node looks at it.
    pub tick: u64,
    pub word: Word,
}

/// What an entry says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Word {
    Enrolled(Replica),
    Opening(Goods),
    /// Sold online, by the server.
    Order {
        no: String,
        goods: Goods,
    },
    Leased(Lease),
    /// Sold at a station; drawn on a lease.
    LocalOrder {
        no: String,
        goods: Goods,
        draw: Draw,
    },
    Returned(Return),
    Granted(Grant),
    Began(Beginning),
    Ended(Ending),
    /// With the lines the screen showed.
    Packed {
        gesture: String,
        order: String,
        goods: Goods,
        lines: serde_json::Value,
    },
    ScannedOut {
        gesture: String,
        order: String,
        goods: Goods,
        lines: serde_json::Value,
    },
    Counted {
        gesture: String,
        count: String,
        found: u64,
    },
    Decided(Decision),
    Promoted(Term),
}

impl Word {
    /// The gesture behind it, where one is.
    pub fn gesture(&self) -> Option<&str> {
        match self {
            Self::Order { no, .. } => Some(no),
            Self::LocalOrder { draw, .. } => Some(&draw.gesture),
            Self::Packed { gesture, .. }
            | Self::ScannedOut { gesture, .. }
            | Self::Counted { gesture, .. } => Some(gesture),
            _ => None,
        }
    }

    /// The same word of another gesture.
    pub fn renamed(&self, to: &str) -> Self {
        let mut word = self.clone();
        match &mut word {
            Self::Packed { gesture, .. }
            | Self::ScannedOut { gesture, .. }
            | Self::Counted { gesture, .. } => {
                *gesture = to.to_owned();
            }
            Self::LocalOrder { no, draw, .. } => {
                *no = format!("L{to}");
                draw.gesture = to.to_owned();
            }
            _ => {}
        }
        word
    }

    /// The final act it is, if it is one.
    pub fn about(&self) -> Option<About> {
        match self {
            Self::Packed { order, .. } => Some((ActKind::Packed, order.clone())),
            Self::ScannedOut { order, .. } => Some((ActKind::ScannedOut, order.clone())),
            Self::Counted { count, .. } => Some((ActKind::Counted, count.clone())),
            _ => None,
        }
    }

    /// What it moves: from, to, goods.
    pub fn movement(&self) -> Option<(&'static str, &'static str, &Goods)> {
        match self {
            Self::Opening(goods) => Some(("supplier", "bin", goods)),
            Self::Packed { goods, .. } => Some(("bin", "parcel", goods)),
            Self::ScannedOut { goods, .. } => Some(("parcel", "carrier", goods)),
            _ => None,
        }
    }
}

/// An entry with its body read.
#[derive(Clone, Debug)]
pub struct Line {
    pub entry: Entry,
    pub said: Said,
}

impl Line {
    /// Reads an entry, as a program would that knows every schema.
    pub fn read(entry: Entry) -> Self {
        let said = serde_json::from_str(entry.body.get()).expect("nodes write what they can read");
        Self { entry, said }
    }
}

/// What is kept per place and goods: both signs, as a ledger has.
pub type Places = BTreeMap<(&'static str, String), i64>;

/// Moves goods in a ledger.
pub fn move_goods(places: &mut Places, word: &Word) {
    if let Some((from, to, goods)) = word.movement() {
        *places.entry((from, goods.sku.clone())).or_default() -= goods.qty as i64;
        *places.entry((to, goods.sku.clone())).or_default() += goods.qty as i64;
    }
}

/// What a replica shows: a function of the set of entries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    pub orders: BTreeMap<String, (Goods, bool)>,
    pub opening: BTreeMap<String, u64>,
    /// Where each gesture stands and how often it was taken in from there: once. One that was told again after its
    /// station began a new epoch may stand in two logs; it is one gesture all the same.
    pub seen: BTreeMap<String, BTreeMap<(LogId, u64), u32>>,
    pub hardware: BTreeMap<String, String>,
    pub places: Places,
    pub acts: Acts,
    pub claims: Claims,
    pub escrow: Escrow,
}

impl Book {
    /// Takes in what an entry says.
    pub fn take(&mut self, log: &LogId, seq: u64, word: &Word) {
        let mut is_known = false;
        if let Some(gesture) = word.gesture() {
            let places = self.seen.entry(gesture.to_owned()).or_default();
            is_known = !places.is_empty() && !places.contains_key(&(log.clone(), seq));
            *places.entry((log.clone(), seq)).or_default() += 1;
        }
        if !is_known {
            move_goods(&mut self.places, word);
        }
        if let Some((about, gesture)) = word.about().zip(word.gesture()) {
            let evidence = serde_json::json!({ "by": log.writer });
            self.acts.acted(about, Act { gesture: gesture.to_owned(), log: log.clone(), seq, evidence });
        }
        match word {
            Word::Enrolled(replica) => {
                self.hardware.insert(replica.station.clone(), replica.hardware.clone());
            }
            Word::Opening(goods) => {
                self.opening.insert(goods.sku.clone(), goods.qty);
            }
            Word::Order { no, goods } => {
                self.orders.insert(no.clone(), (goods.clone(), false));
            }
            Word::LocalOrder { no, goods, draw } => {
                self.orders.insert(no.clone(), (goods.clone(), true));
                self.escrow.drew(draw.clone());
            }
            Word::Leased(lease) => self.escrow.leased(lease.clone()),
            Word::Returned(back) => self.escrow.returned(back),
            Word::Granted(grant) => self.claims.granted(grant.clone()),
            Word::Began(beginning) => self.claims.began(beginning.clone()),
            Word::Ended(ending) => self.claims.ended(ending),
            Word::Decided(decision) => self.acts.decided(decision.clone()),
            Word::Packed { .. } | Word::ScannedOut { .. } | Word::Counted { .. } | Word::Promoted(_) => {}
        }
    }

    /// What is neither sold online nor leased.
    pub fn free(&self, sku: &str) -> i64 {
        let opening = self.opening.get(sku).copied().unwrap_or(0) as i64;
        let online: u64 = self
            .orders
            .values()
            .filter(|(goods, local)| goods.sku == sku && !local)
            .map(|(goods, _)| goods.qty)
            .sum();
        let leased = self.escrow.iter().filter_map(|(_, leased)| {
            let lease = leased.lease.as_ref().filter(|lease| lease.sku == sku)?;
            Some(lease.qty as i64 - leased.returned.unwrap_or(0) as i64)
        });
        opening - online as i64 - leased.sum::<i64>()
    }
}
