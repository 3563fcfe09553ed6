//! What the buyers of a burst were told, and how long each waited.

use std::time::Duration;

use crate::intake::{Outcome, Reason};

/// Answers so far.
#[derive(Debug, Default)]
pub struct Tally {
    /// Promised, and told to a warehouse.
    pub accepted: u64,
    /// Promised, and a person decides.
    pub review: u64,
    /// Refused: not enough stock.
    pub sold_out: u64,
    /// Refused: a province or a buyer has had enough.
    pub over_quota: u64,
    /// There already.
    pub duplicates: u64,
    /// Anything else, which a rehearsed show does not expect.
    pub other: u64,
    /// Places of the orders the server says it has.
    pub acknowledged: Vec<u64>,
    took_us: Vec<u32>,
}

impl Tally {
    /// Counts the answer to the order at `place`.
    pub fn count(&mut self, place: u64, outcome: &Outcome, took: Duration) {
        self.took_us.push(u32::try_from(took.as_micros()).unwrap_or(u32::MAX));
        let (counted, kept) = match outcome {
            Outcome::Accepted { .. } => (&mut self.accepted, true),
            Outcome::Review => (&mut self.review, true),
            Outcome::Duplicate { .. } => (&mut self.duplicates, true),
            Outcome::Refused(Reason::Short { .. }) => (&mut self.sold_out, false),
            Outcome::Refused(Reason::OverQuota { .. }) => (&mut self.over_quota, false),
            Outcome::Unpaid | Outcome::WaitsForPlatform => (&mut self.other, true),
            Outcome::Refused(_) => (&mut self.other, false),
        };
        *counted += 1;
        if kept {
            self.acknowledged.push(place);
        }
    }

    /// All that were answered.
    pub fn answered(&self) -> u64 {
        self.took_us.len() as u64
    }

    /// Milliseconds in which a part of all (0.5, 0.99) were answered.
    pub fn took_ms(&mut self, part: f64) -> f64 {
        self.took_us.sort_unstable();
        let last = self.took_us.len().saturating_sub(1);
        let place = ((self.took_us.len() as f64 * part) as usize).min(last);
        self.took_us.get(place).map_or(0.0, |us| f64::from(*us) / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_promised_is_asked_for_afterwards_and_what_was_refused_is_not() {
        let mut tally = Tally::default();
        let short = Outcome::Refused(Reason::Short { skus: ["OIL5".into()].into() });
        let accepted = Outcome::Accepted { warehouse: "SH".into(), carrier: "ZTO".into() };
        for (place, outcome) in [(3, &accepted), (4, &short), (5, &Outcome::Review)] {
            tally.count(place, outcome, Duration::from_millis(place));
        }
        assert_eq!(tally.acknowledged, [3, 5]);
        assert_eq!((tally.accepted, tally.sold_out, tally.review, tally.answered()), (1, 1, 1, 3));
        assert_eq!((tally.took_ms(0.5), tally.took_ms(0.99)), (4.0, 5.0));
    }
}
