//! Claims: who works on what. A station asks, the lead grants, and the grant is an entry of the lead's log.
//!
//! - One holder: the lead answers from its own replica and makes the grant durable before it answers the next ask.
//! - Resumable: a grant carries the lines, and the holder writes down by which grant it began, so one that died finds
//!   them in its replica and goes on with the same, even if another lead granted the same ask otherwise meanwhile.
//! - Good without the lead: the holder needs nobody to go on, to finish or to give back; that is an entry of its own.
//! - Good after a promotion: grants are in every replica. What two leads granted to two holders is found by every
//!   replica alike ([`Claims::doubly_held`]), whatever the order in which their logs arrive.
//!
//! Does not know what a walk or a bench is, nor what its lines say.

use crate::Term;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Kinds of work one holder has to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Releasing a wave.
    Wave,
    /// Walking it.
    Walk,
    /// Sorting into a cell of a put wall.
    Cell,
    /// Packing at a bench.
    Bench,
    /// Packing one order.
    Order,
}

/// What is claimed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Subject {
    /// Of which kind.
    pub work: Work,
    /// Which of them.
    pub id: String,
}

/// A station wants to work on something. Sent again until an answer comes; the same ask is granted once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ask {
    /// The station.
    pub holder: String,
    /// Counts the holder's asks, so that one that comes late is not granted to a holder that wants it no more.
    pub number: u64,
    /// What it wants.
    pub subject: Subject,
}

/// The lead's word that an ask is granted: an entry of its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// What was asked.
    pub ask: Ask,
    /// In which term.
    pub term: Term,
    /// The lines to work, as the lead saw them then; JSON the caller reads.
    pub lines: serde_json::Value,
}

/// The holder's word that it works by this grant: an entry of its log, before anything that follows from the lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beginning {
    /// The ask that was granted.
    pub ask: Ask,
    /// In which term.
    pub term: Term,
}

/// The holder's word that it works on it no more: an entry of its log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The ask that was granted.
    pub ask: Ask,
    /// Whether the work is done; otherwise others may have it.
    pub finished: bool,
}

/// What the lead says to an ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<'a> {
    /// Free: to be granted in one transaction with this look.
    Free,
    /// The asker has it already; nothing is written.
    Yours(&'a Grant),
    /// Not to be had.
    Declined(Declined),
}

/// Why an ask is not granted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "why")]
pub enum Declined {
    /// Somebody else works on it.
    Held {
        /// Who.
        by: String,
    },
    /// It is done.
    Finished,
    /// The asker was granted a later ask since.
    Late,
}

/// One ask and what became of it. Two leads may have granted the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    grants: BTreeMap<Term, Grant>,
    begun: Option<Term>,
    ended: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Claimed {
    /// By holder and the number of the ask.
    asked: BTreeMap<(String, u64), Asked>,
    finished: bool,
}

impl Claimed {
    /// What is granted and not ended; where two leads granted the same ask, the grant by which its holder began.
    fn open(&self) -> impl Iterator<Item = &Grant> {
        let running = self.asked.values().filter(|asked| !asked.ended);
        running.filter_map(|asked| {
            let begun = asked.begun.as_ref().and_then(|term| asked.grants.get(term));
            begun.or_else(|| asked.grants.last_key_value().map(|(_, grant)| grant))
        })
    }

    /// By which grant a holder works. After a change of leads it may have two, of two asks: the begun one counts.
    fn of(&self, holder: &str) -> Option<&Grant> {
        let is_begun = |grant: &&Grant| {
            let key = (grant.ask.holder.clone(), grant.ask.number);
            self.asked.get(&key).is_some_and(|asked| asked.begun.is_some())
        };
        let mine = || self.open().filter(|grant| grant.ask.holder == holder);
        mine().find(is_begun).or_else(|| mine().last())
    }

    fn asked(&mut self, ask: &Ask) -> &mut Asked {
        self.asked.entry((ask.holder.clone(), ask.number)).or_default()
    }
}

/// All claims of a warehouse as one replica knows them: a function of the set of grants and endings, not of their
/// order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    claimed: BTreeMap<Subject, Claimed>,
    numbers: BTreeMap<String, u64>,
}

impl Claims {
    /// Takes in a grant.
    pub fn granted(&mut self, grant: Grant) {
        let latest = self.numbers.entry(grant.ask.holder.clone()).or_insert(0);
        *latest = grant.ask.number.max(*latest);
        let claimed = self.claimed.entry(grant.ask.subject.clone()).or_default();
        claimed.asked(&grant.ask).grants.insert(grant.term.clone(), grant);
    }

    /// Takes in a beginning, be its grant here already or not. The first of a holder counts.
    pub fn began(&mut self, beginning: Beginning) {
        let claimed = self.claimed.entry(beginning.ask.subject.clone()).or_default();
        let begun = &mut claimed.asked(&beginning.ask).begun;
        if begun.as_ref().is_none_or(|term| beginning.term < *term) {
            *begun = Some(beginning.term);
        }
    }

    /// Takes in an ending, be its grant here already or not.
    pub fn ended(&mut self, ending: &Ending) {
        let claimed = self.claimed.entry(ending.ask.subject.clone()).or_default();
        claimed.asked(&ending.ask).ended = true;
        claimed.finished |= ending.finished;
    }

    /// Who works on it: nobody, one, or after two leads more.
    pub fn open(&self, subject: &Subject) -> impl Iterator<Item = &Grant> {
        self.claimed.get(subject).into_iter().flat_map(Claimed::open)
    }

    /// What a holder works on, one grant each: where it goes on after a crash. O(subjects).
    pub fn held_by<'a>(&'a self, holder: &'a str) -> impl Iterator<Item = &'a Grant> {
        self.claimed.values().filter_map(move |claimed| claimed.of(holder))
    }

    /// Whether the work is done.
    #[must_use]
    pub fn is_finished(&self, subject: &Subject) -> bool {
        self.claimed.get(subject).is_some_and(|claimed| claimed.finished)
    }

    /// The number of a holder's next ask, as far as grants tell.
    #[must_use]
    pub fn next_number(&self, holder: &str) -> u64 {
        self.numbers.get(holder).copied().unwrap_or(0).saturating_add(1)
    }

    /// What the lead answers. Refusals in this order: the asker has it, it is done, another has it, the ask is late.
    #[must_use]
    pub fn answer(&self, ask: &Ask) -> Answer<'_> {
        if let Some(grant) = self.claimed.get(&ask.subject).and_then(|claimed| claimed.of(&ask.holder)) {
            return Answer::Yours(grant);
        }
        if self.is_finished(&ask.subject) {
            return Answer::Declined(Declined::Finished);
        }
        if let Some(grant) = self.open(&ask.subject).next() {
            return Answer::Declined(Declined::Held { by: grant.ask.holder.clone() });
        }
        if ask.number < self.next_number(&ask.holder) {
            return Answer::Declined(Declined::Late);
        }
        Answer::Free
    }

    /// What two or more hold at once, with all their grants. O(subjects).
    pub fn doubly_held(&self) -> impl Iterator<Item = (&Subject, Vec<&Grant>)> {
        self.claimed.iter().filter_map(|(subject, claimed)| {
            let open: Vec<&Grant> = claimed.open().collect();
            let holders: BTreeSet<&str> = open.iter().map(|grant| grant.ask.holder.as_str()).collect();
            (holders.len() > 1).then_some((subject, open))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::LogId;

    fn ask(holder: &str, number: u64, walk: &str) -> Ask {
        let subject = Subject { work: Work::Walk, id: walk.to_owned() };
        Ask { holder: holder.to_owned(), number, subject }
    }

    fn grant(ask: Ask, lead: &str, number: u64) -> Grant {
        let term = Term { number, lead: LogId::first(lead) };
        Grant { ask, term, lines: serde_json::json!(["A-01-1", 3]) }
    }

    #[test]
    fn one_holder_at_a_time_and_the_same_lines_after_a_crash() {
        let mut claims = Claims::default();
        let first = grant(ask("B", 1, "w1"), "A", 1);
        assert_eq!(claims.answer(&first.ask), Answer::Free);
        claims.granted(first.clone());
        assert_eq!(claims.answer(&ask("B", 2, "w1")), Answer::Yours(&first));
        assert_eq!(claims.held_by("B").collect::<Vec<_>>(), [&first]);
        assert_eq!(
            claims.answer(&ask("C", 1, "w1")),
            Answer::Declined(Declined::Held { by: "B".to_owned() })
        );
        claims.ended(&Ending { ask: first.ask.clone(), finished: false });
        assert_eq!(claims.answer(&ask("C", 1, "w1")), Answer::Free);
        claims.ended(&Ending { ask: first.ask, finished: true });
        assert_eq!(claims.answer(&ask("C", 1, "w1")), Answer::Declined(Declined::Finished));
    }

    #[test]
    fn an_ask_that_comes_after_a_later_one_was_granted_is_declined() {
        let mut claims = Claims::default();
        let granted = grant(ask("B", 5, "w1"), "A", 1);
        claims.granted(granted.clone());
        claims.ended(&Ending { ask: granted.ask, finished: false });
        for (number, answer) in
            [(4, Answer::Declined(Declined::Late)), (5, Answer::Declined(Declined::Late)), (6, Answer::Free)]
        {
            assert_eq!(claims.answer(&ask("B", number, "w1")), answer, "{number}");
        }
    }

    #[test]
    fn a_holder_goes_on_by_the_grant_it_began_with() {
        let (first, later) = (grant(ask("B", 1, "w1"), "A", 1), grant(ask("B", 1, "w1"), "D", 2));
        let mut claims = Claims::default();
        claims.granted(first.clone());
        claims.began(Beginning { ask: first.ask.clone(), term: first.term.clone() });
        claims.granted(later.clone());
        assert_eq!(claims.held_by("B").collect::<Vec<_>>(), [&first]);
        let asked_again = grant(ask("B", 2, "w1"), "D", 2);
        let mut other_way = Claims::default();
        other_way.granted(asked_again.clone());
        other_way.began(Beginning { ask: asked_again.ask.clone(), term: asked_again.term.clone() });
        other_way.granted(first.clone());
        assert_eq!(other_way.held_by("B").collect::<Vec<_>>(), [&asked_again]);
        let mut not_begun = Claims::default();
        not_begun.granted(later.clone());
        not_begun.granted(first);
        assert_eq!(not_begun.held_by("B").collect::<Vec<_>>(), [&later]);
    }

    #[test]
    fn what_two_leads_granted_is_found_whatever_came_first() {
        let (one, other) = (grant(ask("B", 1, "w1"), "A", 1), grant(ask("C", 1, "w1"), "D", 2));
        let same_again = grant(ask("B", 1, "w1"), "D", 2);
        let ending = Ending { ask: ask("E", 1, "w1"), finished: false };
        let (mut here, mut there) = (Claims::default(), Claims::default());
        here.granted(one.clone());
        here.granted(same_again.clone());
        assert_eq!(here.doubly_held().count(), 0, "one holder, granted twice");
        here.granted(other.clone());
        here.ended(&ending);
        there.ended(&ending);
        for grant in [other.clone(), same_again.clone(), one] {
            there.granted(grant);
        }
        assert_eq!(here, there);
        let found: Vec<_> = here.doubly_held().map(|(_, grants)| grants).collect();
        assert_eq!(found, [[&same_again, &other]]);
    }
}
