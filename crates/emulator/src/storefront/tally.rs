//! What the storefront was answered: outcomes by their word, and how long each answer took.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

/// Outcomes after which the server has the order.
const KEPT: [&str; 5] = ["accepted", "duplicate", "review", "unpaid", "waiting"];

/// What an answer says, as far as the storefront reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The HTTP status.
    pub status: u16,
    /// The word of the outcome; empty where the body has none.
    pub outcome: String,
}

/// Answers so far.
#[derive(Debug, Default)]
pub struct Tally {
    took_us: Vec<u32>,
    by_word: BTreeMap<String, usize>,
    /// Requests, by their place, after which the server has the order.
    pub acknowledged: Vec<usize>,
    found: usize,
    /// Times the server said that it was busy.
    pub busy: usize,
    /// Times a request was sent again because its connection broke.
    pub sent_again: usize,
}

impl Tally {
    /// For so many answers.
    pub fn with_room_for(answers: usize) -> Self {
        Self { took_us: Vec::with_capacity(answers), ..Self::default() }
    }

    /// Counts the answer to the request at `place`.
    pub fn count(&mut self, place: usize, told: &Told, took: Duration) {
        self.took_us.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        if KEPT.contains(&told.outcome.as_str()) {
            self.acknowledged.push(place);
        }
        if told.status == 200 {
            self.found += 1;
        }
        let word =
            if told.outcome.is_empty() { format!("http_{}", told.status) } else { told.outcome.clone() };
        *self.by_word.entry(word).or_default() += 1;
    }

    /// Requests that were answered with 200.
    pub fn found(&self) -> usize {
        self.found
    }
}

/// A rush in figures.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// When the first byte was sent, in milliseconds since 1970.
    pub began_at_ms: u64,
    /// Answers.
    pub answers: usize,
    /// From the first byte sent to the last answer read.
    pub seconds: f64,
    /// Answers in a second.
    pub per_second: f64,
    /// Half of the answers took no longer, in milliseconds.
    pub p50_ms: f64,
    /// All but one in a hundred took no longer, in milliseconds.
    pub p99_ms: f64,
    /// Answers by the word of their outcome.
    pub outcomes: BTreeMap<String, usize>,
    /// Times the server said that it was busy; the order was sent again.
    pub busy: usize,
    /// Times an order was sent again because its connection broke.
    pub sent_again: usize,
    /// Acknowledged orders the server does not know afterwards; nothing where nobody asked.
    pub lost: Option<usize>,
}

impl Summary {
    /// Of a tally that was begun then and took so long.
    pub fn of(tally: &Tally, began_at_ms: u64, took: Duration) -> Self {
        let mut took_us = tally.took_us.clone();
        took_us.sort_unstable();
        let at = |part: f64| {
            let place = (took_us.len() as f64 * part) as usize;
            let us = took_us.get(place.min(took_us.len().saturating_sub(1))).copied().unwrap_or_default();
            f64::from(us) / 1000.0
        };
        let seconds = took.as_secs_f64();
        Self {
            began_at_ms,
            answers: took_us.len(),
            seconds,
            per_second: took_us.len() as f64 / seconds.max(f64::MIN_POSITIVE),
            p50_ms: at(0.5),
            p99_ms: at(0.99),
            outcomes: tally.by_word.clone(),
            busy: tally.busy,
            sent_again: tally.sent_again,
            lost: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, outcome: &str) -> Told {
        Told { status, outcome: outcome.into() }
    }

    #[test]
    fn what_the_server_has_taken_is_remembered_and_what_it_refused_is_not() {
        let mut tally = Tally::default();
        for (place, (status, word)) in
            [(201, "accepted"), (409, "sold_out"), (202, "review"), (200, "duplicate"), (500, "")]
                .into_iter()
                .enumerate()
        {
            tally.count(place, &told(status, word), Duration::from_millis(1));
        }
        assert_eq!(tally.acknowledged, [0, 2, 3]);
        let summary = Summary::of(&tally, 0, Duration::from_secs(2));
        assert_eq!(summary.outcomes.get("http_500"), Some(&1));
        assert_eq!((summary.answers, summary.per_second), (5, 2.5));
    }

    #[test]
    fn half_of_the_answers_took_no_longer_than_the_median_and_the_slowest_hundredth_is_seen() {
        let mut tally = Tally::default();
        for ms in 1..=100 {
            tally.count(0, &told(201, "accepted"), Duration::from_millis(ms));
        }
        let summary = Summary::of(&tally, 0, Duration::from_secs(1));
        assert_eq!((summary.p50_ms, summary.p99_ms), (51.0, 100.0));
    }
}
