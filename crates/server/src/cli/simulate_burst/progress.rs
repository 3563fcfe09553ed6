//! How far a burst is: a bar that is drawn over itself at a terminal, a plain line now and then elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

const WIDTH: u64 = 30;
/// Between two bars, and between two lines in a file.
const BAR_EVERY: Duration = Duration::from_millis(100);
const LINE_EVERY: Duration = Duration::from_secs(2);

/// Who draws.
pub struct Progress {
    orders: u64,
    begun: Instant,
    at_terminal: bool,
}

impl Progress {
    /// Of so many orders, from now; drawn on standard error, so that the summary stays alone.
    pub fn begin(orders: u64) -> Self {
        Self { orders, begun: Instant::now(), at_terminal: io::stderr().is_terminal() }
    }

    /// Time between two drawings.
    pub fn every(&self) -> Duration {
        if self.at_terminal { BAR_EVERY } else { LINE_EVERY }
    }

    /// Shows that so many orders are answered. A screen that cannot be written to stops nothing.
    pub fn show(&self, answered: u64) {
        let text = text(answered, self.orders, self.begun.elapsed());
        let _ = if self.at_terminal {
            write!(io::stderr(), "\r{} {text}\u{1b}[K", bar(answered, self.orders))
        } else {
            writeln!(io::stderr(), "{text}")
        };
    }

    /// Shows the last and leaves the line.
    pub fn end(&self, answered: u64) {
        self.show(answered);
        if self.at_terminal {
            let _ = writeln!(io::stderr());
        }
    }
}

fn bar(answered: u64, orders: u64) -> String {
    let full = usize::try_from(answered.min(orders) * WIDTH / orders.max(1)).unwrap_or_default();
    let width = usize::try_from(WIDTH).unwrap_or_default();
    format!("[{}{}]", "#".repeat(full), "-".repeat(width - full))
}

fn text(answered: u64, orders: u64, took: Duration) -> String {
    let per_second = answered as f64 / took.as_secs_f64().max(0.001);
    format!(
        "{} of {} orders, {} in a second, {:.1} s",
        grouped(answered),
        grouped(orders),
        grouped(per_second as u64),
        took.as_secs_f64()
    )
}

/// A count as people read it: `1,000,000`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_full_when_all_are_answered_and_never_longer() {
        for (answered, full) in [(0, 0), (50, 15), (99, 29), (100, 30), (250, 30)] {
            assert_eq!(bar(answered, 100).matches('#').count(), full, "{answered}");
            assert_eq!(bar(answered, 100).len(), 32);
        }
    }

    #[test]
    fn a_line_says_how_many_how_fast_and_how_long() {
        let line = text(1_250, 1_000_000, Duration::from_millis(500));
        assert_eq!(line, "1,250 of 1,000,000 orders, 2,500 in a second, 0.5 s");
        assert_eq!([7, 999, 1_000, 1_234_567].map(grouped), ["7", "999", "1,000", "1,234,567"]);
    }
}
