//! How long to wait after a failed exchange.

const FIRST_MS: u64 = 250;
const LONGEST_MS: u64 = 30_000;

/// Doubles from a quarter of a second to half a minute; `spread` (any number) moves it by up to a quarter, so that a
/// warehouse of stations does not come back in one breath.
#[must_use]
pub fn retry_after_ms(failures: u32, spread: u64) -> u64 {
    let base = FIRST_MS.saturating_mul(1 << failures.min(16)).min(LONGEST_MS);
    base - base / 8 + spread % (base / 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_doubles_to_half_a_minute_and_never_falls_to_nothing() {
        for (failures, low, high) in
            [(0, 218, 281), (1, 437, 562), (7, 26_250, 33_750), (4_000_000, 26_250, 33_750)]
        {
            for spread in [0, 1, 77, u64::MAX] {
                let wait = retry_after_ms(failures, spread);
                assert!((low..=high).contains(&wait), "{failures} {spread}: {wait}");
            }
        }
    }
}
