//! Clashes: two stations wrote the same kind of final act about one subject. Every replica finds the same, with the
//! evidence of all sides; each stays open until a person decides, and the decision is an entry like any other.
//!
//! Both acts stay facts: goods that left twice left twice. What a decision means for the books is the caller's.

use crate::LogId;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Acts that are done once about one subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActKind {
    /// An order was packed.
    Packed,
    /// Its parcel left.
    ScannedOut,
    /// A lot in a bin was counted, in one count.
    Counted,
}

/// What an act is about: `Packed` and an order's number, `Counted` and count, bin and lot.
pub type About = (ActKind, String);

/// One act, with what shows that it was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Act {
    /// The gesture behind it: the same one told twice is one act.
    pub gesture: String,
    /// Who wrote it.
    pub log: LogId,
    /// Where in its log.
    pub seq: u64,
    /// What was scanned, weighed, counted; JSON the caller reads.
    pub evidence: serde_json::Value,
}

/// A person's word on a clash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Decision {
    /// What the acts are about.
    pub about: About,
    /// One more than the highest of the decisions this person knew of.
    pub round: u32,
    /// The gestures this person saw. One that is heard of later opens the clash again.
    pub over: BTreeSet<String>,
    /// The gesture that stands; none where all are void.
    pub stands: Option<String>,
    /// Who decided.
    pub by: String,
}

/// A clash that waits for a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash<'a> {
    /// What was done twice.
    pub about: &'a About,
    /// By whom, with evidence: two or more.
    pub acts: Vec<&'a Act>,
    /// What was decided and did not settle it: others' decisions of the same round, or one that missed an act.
    pub decisions: Vec<&'a Decision>,
}

/// All final acts as one replica knows them: a function of the set of entries, not of their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acts {
    acts: BTreeMap<About, BTreeMap<String, Act>>,
    undone: BTreeSet<String>,
    decisions: BTreeMap<About, BTreeSet<Decision>>,
}

impl Acts {
    /// Takes in an act.
    pub fn acted(&mut self, about: About, act: Act) {
        let acts = self.acts.entry(about).or_default();
        match acts.get(&act.gesture) {
            // One gesture that stands in two logs: all replicas must show the same of the two.
            Some(known) if (&known.log, known.seq) <= (&act.log, act.seq) => {}
            _ => _ = acts.insert(act.gesture.clone(), act),
        }
    }

    /// Takes in that an act was taken back by the one who did it.
    pub fn undone(&mut self, gesture: &str) {
        self.undone.insert(gesture.to_owned());
    }

    /// Takes in a decision.
    pub fn decided(&mut self, decision: Decision) {
        self.decisions.entry(decision.about.clone()).or_default().insert(decision);
    }

    /// What was done and not taken back.
    pub fn of(&self, about: &About) -> impl Iterator<Item = &Act> {
        self.acts.get(about).into_iter().flat_map(|acts| self.standing(acts))
    }

    fn standing<'a>(&'a self, acts: &'a BTreeMap<String, Act>) -> impl Iterator<Item = &'a Act> {
        acts.values().filter(|act| !self.undone.contains(&act.gesture))
    }

    /// Clashes that wait for a person. O(acts).
    pub fn clashes(&self) -> impl Iterator<Item = Clash<'_>> {
        self.acts.iter().filter(|(_, acts)| acts.len() > 1).filter_map(|(about, acts)| {
            let acts: Vec<&Act> = self.standing(acts).collect();
            let decisions: Vec<&Decision> = self.decisions.get(about).into_iter().flatten().collect();
            (acts.len() > 1 && !is_settled(&acts, &decisions)).then_some(Clash { about, acts, decisions })
        })
    }
}

/// The decisions of the highest round must agree, and one of them must have seen every act.
fn is_settled(acts: &[&Act], decisions: &[&Decision]) -> bool {
    let latest = decisions.iter().map(|decision| decision.round).max();
    let last: Vec<_> = decisions.iter().filter(|decision| Some(decision.round) == latest).collect();
    let agree = last.windows(2).all(|pair| pair[0].stands == pair[1].stands);
    agree && last.iter().any(|decision| acts.iter().all(|act| decision.over.contains(&act.gesture)))
}

impl Clash<'_> {
    /// A person's decision about it: an entry to write. `None` where `stands` is none of the acts.
    #[must_use]
    pub fn decide(&self, stands: Option<&str>, by: &str) -> Option<Decision> {
        let over: BTreeSet<String> = self.acts.iter().map(|act| act.gesture.clone()).collect();
        if stands.is_some_and(|gesture| !over.contains(gesture)) {
            return None;
        }
        let round = self.decisions.iter().map(|decision| decision.round).max().unwrap_or(0).saturating_add(1);
        let stands = stands.map(str::to_owned);
        Some(Decision { about: self.about.clone(), round, over, stands, by: by.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn packed(order: &str) -> About {
        (ActKind::Packed, order.to_owned())
    }

    fn act(station: &str, gesture: &str) -> Act {
        let evidence = serde_json::json!({ "gross_g": 5_120 });
        Act { gesture: gesture.to_owned(), log: LogId::first(station), seq: 3, evidence }
    }

    fn open(acts: &Acts) -> Vec<String> {
        let by = |clash: Clash<'_>| {
            let by: Vec<_> = clash.acts.iter().map(|act| act.log.writer.as_str()).collect();
            format!("{} by {}", clash.about.1, by.join(", "))
        };
        acts.clashes().map(by).collect()
    }

    #[test]
    fn an_order_packed_by_two_is_open_until_a_person_decides_and_again_when_a_third_comes() {
        let mut acts = Acts::default();
        acts.acted(packed("7001"), act("B", "g1"));
        acts.acted(packed("7001"), act("B", "g1"));
        assert_eq!(open(&acts), [""; 0]);
        acts.acted(packed("7001"), act("C", "g2"));
        assert_eq!(open(&acts), ["7001 by B, C"]);
        let decision = acts.clashes().next().unwrap().decide(Some("g2"), "W-1").unwrap();
        acts.decided(decision);
        assert_eq!(open(&acts), [""; 0]);
        acts.acted(packed("7001"), act("D", "g3"));
        assert_eq!(open(&acts), ["7001 by B, C, D"]);
    }

    #[test]
    fn an_act_taken_back_clashes_with_nothing() {
        let mut acts = Acts::default();
        acts.undone("g2");
        acts.acted(packed("7001"), act("B", "g1"));
        acts.acted(packed("7001"), act("C", "g2"));
        assert_eq!(open(&acts), [""; 0]);
    }

    #[test]
    fn two_who_decide_differently_do_not_settle_it_and_a_later_word_does() {
        let mut acts = Acts::default();
        acts.acted(packed("7001"), act("B", "g1"));
        acts.acted(packed("7001"), act("C", "g2"));
        let clash = acts.clashes().next().unwrap();
        let (one, other) = (clash.decide(Some("g1"), "W-1").unwrap(), clash.decide(None, "W-2").unwrap());
        assert_eq!(clash.decide(Some("g9"), "W-1"), None);
        acts.decided(one);
        acts.decided(other);
        assert_eq!(open(&acts), ["7001 by B, C"]);
        let last = acts.clashes().next().unwrap().decide(Some("g1"), "W-3").unwrap();
        acts.decided(last);
        assert_eq!(open(&acts), [""; 0]);
    }
}
