//! The weight gate: what a parcel may weigh, and why.
//!
//! It catches a missing or a doubled unit, also one scanned twice for a two-unit line, which no scan can see.
//! It leaves out catch-weight goods, of which this trade has none.

use crate::unit::Grams;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Scales at benches divide by 5 g; below this nothing is certain.
const LEAST_TOLERANCE: Grams = Grams(15);

/// What a parcel should weigh.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct WeightGate {
    /// Goods and packaging together.
    pub expected_g: Grams,
    /// Allowed either way.
    pub tolerance_g: Grams,
}

impl WeightGate {
    /// One part in a hundred of the parcel, but never as much as half the lightest unit in it (else a missing
    /// one would pass), and never less than the scale can see.
    #[must_use]
    pub fn new(goods: Grams, tare: Grams, lightest_unit: Grams) -> Self {
        let expected = goods + tare;
        let by_ratio = Grams(expected.0 / 100);
        let by_unit = Grams(lightest_unit.0 * 2 / 5);
        Self { expected_g: expected, tolerance_g: by_ratio.min(by_unit).max(LEAST_TOLERANCE) }
    }

    /// Whether a reading passes.
    #[must_use]
    pub fn admits(self, gross: Grams) -> bool {
        (gross.0 - self.expected_g.0).abs() <= self.tolerance_g.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_lightest_unit_never_passes() {
        for (goods, lightest) in [(40_500, 500), (5_050, 5_050), (12_000, 400), (900, 450)] {
            let gate = WeightGate::new(Grams(goods), Grams(350), Grams(lightest));
            assert!(gate.admits(gate.expected_g));
            assert!(!gate.admits(gate.expected_g - Grams(lightest)), "{goods} {lightest}");
            assert!(!gate.admits(gate.expected_g + Grams(lightest)), "{goods} {lightest}");
        }
    }
}
