//! What is known of a job whose bytes the printer has: the rule that tells printed from unknown. Pure.

use std::time::Duration;

use super::zpl_status::PrinterStatus;

/// What one look at the printer showed after a job was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// `None` when the printer answered no question about its state.
    pub status: Option<PrinterStatus>,
    /// `None` when it does not count, or did not answer.
    pub odometer: Option<u64>,
}

/// What follows from a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The counter moved and nothing is left to print.
    Printed,
    /// Not yet; look again.
    Wait,
    /// The printer is hindered and will print by itself afterwards; wait without end.
    Blocked,
    /// The time is over, and nothing proves the label or its absence.
    Unknown(String),
}

/// Judges a look `unhindered` after the job was sent, or after the printer was last seen hindered; `before`
/// is the counter as it stood before the job.
pub(super) fn judge(before: Option<u64>, look: Look, unhindered: Duration, bound: Duration) -> Verdict {
    let moved = before.zip(look.odometer).is_some_and(|(before, now)| now > before);
    match look.status {
        Some(status) if !status.is_ready() && !moved => Verdict::Blocked,
        Some(status) if moved && status.is_idle() => Verdict::Printed,
        None if moved => Verdict::Printed,
        // Waiting longer would hold up the next label and prove nothing.
        Some(status) if before.is_none() && status.is_idle() => {
            Verdict::Unknown("the printer took the label but keeps no count, so nothing proves it".to_owned())
        }
        _ if unhindered < bound => Verdict::Wait,
        None => Verdict::Unknown("the printer took the label and answers no question".to_owned()),
        Some(_) if moved => Verdict::Unknown("the printer counted a label but has more to print".to_owned()),
        Some(_) => Verdict::Unknown("the printer took the label and its counter did not move".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUND: Duration = Duration::from_secs(10);

    fn after(seconds: u64, before: Option<u64>, status: Option<PrinterStatus>, now: Option<u64>) -> Verdict {
        judge(before, Look { status, odometer: now }, Duration::from_secs(seconds), BOUND)
    }

    fn unknown(verdict: &Verdict) -> bool {
        matches!(verdict, Verdict::Unknown(_))
    }

    #[test]
    fn only_a_moved_counter_and_an_empty_buffer_prove_a_label() {
        let idle = Some(PrinterStatus::default());
        let busy = Some(PrinterStatus { formats_waiting: 1, ..PrinterStatus::default() });
        assert_eq!(after(1, Some(7), idle, Some(8)), Verdict::Printed);
        assert_eq!(after(1, Some(7), busy, Some(8)), Verdict::Wait);
        assert_eq!(after(1, Some(7), idle, Some(7)), Verdict::Wait);
        assert!(unknown(&after(10, Some(7), idle, Some(7))));
        assert!(unknown(&after(10, Some(7), busy, Some(8))));
    }

    #[test]
    fn a_printer_that_does_not_count_proves_nothing_by_being_idle() {
        let idle = Some(PrinterStatus::default());
        let busy = Some(PrinterStatus { formats_waiting: 1, ..PrinterStatus::default() });
        assert_eq!(after(1, None, busy, None), Verdict::Wait);
        assert!(unknown(&after(1, None, idle, None)));
        assert!(unknown(&after(10, None, busy, None)));
    }

    #[test]
    fn silence_is_unknown_once_the_time_is_over() {
        assert_eq!(after(9, Some(7), None, None), Verdict::Wait);
        assert!(unknown(&after(10, Some(7), None, None)));
    }

    #[test]
    fn a_hindered_printer_is_waited_for_without_end() {
        let out = PrinterStatus { paper_out: true, ..PrinterStatus::default() };
        assert_eq!(after(3600, Some(7), Some(out), Some(7)), Verdict::Blocked);
    }

    #[test]
    fn paper_that_ran_out_after_the_label_does_not_unprint_it() {
        let out = PrinterStatus { paper_out: true, ..PrinterStatus::default() };
        assert_eq!(after(1, Some(7), Some(out), Some(8)), Verdict::Printed);
    }
}
