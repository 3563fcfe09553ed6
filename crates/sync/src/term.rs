//! Terms: who leads a warehouse.
//!
//! A person promotes a station, and its term is one higher than the highest it has heard of. Every message carries
//! its sender's term; whoever hears a higher one takes it as its own, and a lead that does so is a member from then
//! on. Two who were promoted at once have the same number: the higher log decides, for everybody alike. A term only
//! says who grants claims and speaks to the server. Facts are facts whoever led, so nothing is lost when it changes.

use crate::LogId;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

/// A time in which one station leads. Ordered by number, then by lead: that order is the rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Term {
    /// Counts up with each promotion.
    pub number: u64,
    /// The lead, by its log: one that lost its log has lost its grants with it, and leads no more.
    pub lead: LogId,
}

/// What another's term is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Ours.
    Same,
    /// A later one: it is ours from now on, saved before the next message leaves.
    Newer,
    /// An earlier one, or none: the other side is told ours.
    Older,
}

impl Term {
    /// The term of a warehouse's first lead.
    #[must_use]
    pub fn first(lead: LogId) -> Self {
        Self { number: 1, lead }
    }

    /// The term in which `lead` leads after the one it knows of, if any. To be durable before anybody is told.
    #[must_use]
    pub fn promoted(known: Option<&Self>, lead: LogId) -> Self {
        Self { number: known.map_or(0, |term| term.number).saturating_add(1), lead }
    }
}

/// Compares a term that was heard with ours; `None` is a replica that has heard of none.
#[must_use]
pub fn hear(ours: Option<&Term>, theirs: Option<&Term>) -> Heard {
    match theirs.cmp(&ours) {
        Ordering::Equal => Heard::Same,
        Ordering::Greater => Heard::Newer,
        Ordering::Less => Heard::Older,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_promoted_at_once_one_leads_for_everybody() {
        let first = Term::first(LogId::first("A"));
        let by_b = Term::promoted(Some(&first), LogId::first("B"));
        let by_c = Term::promoted(Some(&first), LogId::first("C"));
        assert_eq!(hear(Some(&by_b), Some(&by_c)), Heard::Newer);
        assert_eq!(hear(Some(&by_c), Some(&by_b)), Heard::Older);
        assert_eq!(hear(Some(&first), Some(&by_b)), Heard::Newer);
        assert_eq!(hear(None, Some(&first)), Heard::Newer);
        assert_eq!(hear(Some(&first), None), Heard::Older);
        assert_eq!(hear(Some(&by_b), Some(&by_b.clone())), Heard::Same);
    }
}
