//! Bytes of a scanner into whole scans.
//!
//! A code ends at CR, LF, TAB or ETX and nowhere else: time never cuts a code. A partial code that has been
//! silent for [`STALE_AFTER`] is reported as discarded, and its late tail is swallowed too, because half a
//! code may well be another valid code. What a code means is not known here.

use std::time::{Duration, Instant};

/// A partial code that gets no byte for this long is given up.
pub const STALE_AFTER: Duration = Duration::from_millis(200);
/// After a code was given up, bytes that come before this much silence still belong to it.
const NEW_CODE_AFTER: Duration = Duration::from_secs(1);
/// The longest code taken, in bytes without its end mark.
pub const LONGEST_CODE: usize = 512;

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// One whole code as the scanner read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The AIM symbology identifier without its bracket, such as `C1` for GS1-128, when the scanner sends it.
    pub aim: Option<String>,
    /// The code itself; the GS1 separator stays in it as U+001D.
    pub text: String,
}

/// Why bytes of a scanner gave no scan. It never holds the code: a code may be a person's waybill.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// More bytes than any code has came without an end mark.
    #[error("the scanner sent more than {LONGEST_CODE} bytes without an end mark: scan again")]
    TooLong,
    /// The code is not UTF-8, so the scanner speaks another character set.
    #[error("the scanner sent {bytes} bytes that are not UTF-8: set its output to UTF-8 and scan again")]
    NotUtf8 {
        /// How long the code was.
        bytes: usize,
    },
    /// A code was begun and never ended.
    #[error("the scanner sent {bytes} bytes and no end mark: switch its CR suffix on and scan again")]
    Unfinished {
        /// How many bytes had come before the silence.
        bytes: usize,
    },
}

/// What one call of [`Framer::push`] found, in the order of the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Framed {
    /// A whole code.
    Scan(Scan),
    /// Bytes that were thrown away, with the reason.
    Refused(Refusal),
}

/// Collects the bytes of one scanner; keep one for each port.
#[derive(Debug, Default)]
pub struct Framer {
    partial: Vec<u8>,
    /// The rest of a refused code is on its way and must not be taken for a code.
    swallowing: bool,
    last_byte_at: Option<Instant>,
}

impl Framer {
    /// Takes the bytes that arrived at `now` and gives the codes that ended in them.
    pub fn push(&mut self, bytes: &[u8], now: Instant) -> Vec<Framed> {
        let mut found: Vec<Framed> = self.tick(now).map(Framed::Refused).into_iter().collect();
        if self.silent_for(now) >= NEW_CODE_AFTER {
            self.swallowing = false;
        }
        for &byte in bytes {
            match byte {
                b'\r' | b'\n' | b'\t' | ETX => found.extend(self.end_code()),
                STX => {}
                _ if self.swallowing => {}
                _ if self.partial.len() == LONGEST_CODE => {
                    self.abandon();
                    found.push(Framed::Refused(Refusal::TooLong));
                }
                _ => self.partial.push(byte),
            }
        }
        if !bytes.is_empty() {
            self.last_byte_at = Some(now);
        }
        found
    }

    /// To be called now and then while nothing arrives: gives up a code that will not end.
    pub fn tick(&mut self, now: Instant) -> Option<Refusal> {
        if self.partial.is_empty() || self.silent_for(now) < STALE_AFTER {
            return None;
        }
        let bytes = self.partial.len();
        self.abandon();
        Some(Refusal::Unfinished { bytes })
    }

    fn silent_for(&self, now: Instant) -> Duration {
        self.last_byte_at.map_or(Duration::MAX, |at| now.saturating_duration_since(at))
    }

    fn abandon(&mut self) {
        self.partial.clear();
        self.swallowing = true;
    }

    fn end_code(&mut self) -> Option<Framed> {
        self.swallowing = false;
        let bytes = std::mem::take(&mut self.partial);
        if bytes.is_empty() {
            return None;
        }
        Some(match String::from_utf8(bytes) {
            Ok(code) => return split_aim(code).map(Framed::Scan),
            Err(error) => Framed::Refused(Refusal::NotUtf8 { bytes: error.as_bytes().len() }),
        })
    }
}

/// Parts the AIM identifier (`]`, a letter, a letter or digit) from the code. A code that is nothing but an
/// identifier is empty and gives nothing.
fn split_aim(code: String) -> Option<Scan> {
    let scan = match code.as_bytes() {
        [b']', letter, modifier, ..] if letter.is_ascii_alphabetic() && modifier.is_ascii_alphanumeric() => {
            Scan { aim: Some(code[1..3].to_owned()), text: code[3..].to_owned() }
        }
        _ => Scan { aim: None, text: code },
    };
    (!scan.text.is_empty()).then_some(scan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn codes(found: &[Framed]) -> Vec<String> {
        found
            .iter()
            .map(|framed| match framed {
                Framed::Scan(scan) => scan.text.clone(),
                Framed::Refused(refusal) => format!("{refusal:?}"),
            })
            .collect()
    }

    fn after(start: Instant, ms: u64) -> Instant {
        start + Duration::from_millis(ms)
    }

    #[test]
    fn any_end_mark_ends_a_code_and_empty_codes_are_dropped() {
        let found = Framer::default().push(b"A\r\nB\tC\n\n\x02D\x03\r", Instant::now());
        assert_eq!(codes(&found), ["A", "B", "C", "D"]);
    }

    #[test]
    fn the_aim_identifier_is_split_off_and_the_separator_is_kept() {
        let found =
            Framer::default().push(b"]C1010690000000001510L2311\x1d17271231\r]12\r]C1\r", Instant::now());
        let gs1 = Scan { aim: Some("C1".into()), text: "010690000000001510L2311\u{1d}17271231".into() };
        let bracket = Scan { aim: None, text: "]12".into() };
        assert_eq!(found, [Framed::Scan(gs1), Framed::Scan(bracket)]);
    }

    #[test]
    fn a_code_of_512_bytes_is_taken_and_one_more_is_refused_up_to_its_end_mark() {
        let now = Instant::now();
        let mut framer = Framer::default();
        let longest = [b'7'; LONGEST_CODE];
        assert_eq!(codes(&framer.push(&longest, now)), [] as [&str; 0]);
        assert_eq!(codes(&framer.push(b"\r", now))[0].len(), LONGEST_CODE);
        framer.push(&longest, now);
        assert_eq!(codes(&framer.push(b"77\rnext\r", now)), ["TooLong", "next"]);
    }

    #[test]
    fn a_partial_code_is_discarded_by_name_and_its_late_tail_is_never_delivered() {
        let start = Instant::now();
        let mut framer = Framer::default();
        framer.push(b"69012345", start);
        assert_eq!(framer.tick(after(start, 199)), None);
        assert_eq!(framer.tick(after(start, 200)), Some(Refusal::Unfinished { bytes: 8 }));
        assert_eq!(codes(&framer.push(b"67892\r", after(start, 700))), [] as [&str; 0]);
        assert_eq!(codes(&framer.push(b"6901234567892\r", after(start, 800))), ["6901234567892"]);
    }

    #[test]
    fn noise_long_ago_does_not_swallow_the_next_code() {
        let start = Instant::now();
        let mut framer = Framer::default();
        framer.push(b"~", start);
        let found = framer.push(b"6901234567892\r", after(start, 1000));
        assert_eq!(codes(&found), ["Unfinished { bytes: 1 }", "6901234567892"]);
    }

    #[test]
    fn a_code_in_another_character_set_is_refused_by_name() {
        let found = Framer::default().push(b"\xb4\xf3\xc3\xd7\rnext\r", Instant::now());
        assert_eq!(codes(&found), ["NotUtf8 { bytes: 4 }", "next"]);
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_scans(
            bytes in proptest::collection::vec(
                prop_oneof![Just(b'\r'), Just(b'\n'), Just(b'\t'), Just(0x02), Just(b']'), any::<u8>(), 0x30..0x7au8],
                0..1200,
            ),
            cuts in proptest::collection::vec(1..40usize, 1..20),
        ) {
            let now = Instant::now();
            let whole = Framer::default().push(&bytes, now);
            let mut framer = Framer::default();
            let mut pieces = Vec::new();
            let mut rest = bytes.as_slice();
            let mut sizes = cuts.iter().cycle();
            while !rest.is_empty() {
                let size = sizes.next().map_or(1, |size| (*size).min(rest.len()));
                let (piece, later) = rest.split_at(size);
                pieces.extend(framer.push(piece, now));
                rest = later;
            }
            prop_assert_eq!(whole, pieces);
        }
    }
}
