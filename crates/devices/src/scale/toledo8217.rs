//! The Toledo 8217 protocol: the computer asks with `W`, the scale answers with a weight or with its state.
//!
//! A weight comes only when it is valid and stable: `STX dd.ddd [N] CR`, in kilograms. Otherwise `STX ? s CR`
//! comes, where `s` is a byte of flags. The scale is polled about ten times a second on the thread of its
//! port, and only changes are reported. Setting the scale to zero and its other commands are left out.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::ports::{PortEvent, SerialHandle, SerialSettings};

const STX: u8 = 0x02;
const CR: u8 = b'\r';
/// The longest answer is `STX`, nine of weight, `N`, `CR`; more without an end is noise.
const LONGEST_ANSWER: usize = 16;
const POLL_EVERY: Duration = Duration::from_millis(100);
/// A scale that is asked this long without an answer is called silent.
const SILENT_AFTER: Duration = Duration::from_secs(1);

/// What the scale says is on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighing {
    /// A weight at rest, in grams.
    Stable(i64),
    /// The load moves.
    Moving,
    /// More than the scale can carry.
    OverCapacity,
    /// Less than nothing: something was taken off that was there when the scale was set to zero.
    UnderZero,
    /// The scale was switched on with a load and wants to be emptied.
    OutsideZero,
    /// The answer is neither a weight nor a state.
    Unreadable,
}

/// What a scale reports, on change only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScaleEvent {
    /// The port is open; no weight is known yet.
    Ready,
    /// The scale says something new.
    Weighing(Weighing),
    /// The port is open and the scale does not answer: it is off, or speaks another protocol.
    Silent,
    /// The scale is unplugged or its port is taken; it is looked for without end.
    Away {
        /// The fault in words for a person.
        why: String,
    },
}

/// A running scale; dropping it frees the port.
#[derive(Debug)]
pub struct ScaleHandle {
    _port: SerialHandle,
}

impl ScaleHandle {
    /// Starts to poll the scale at a port and to report into `events`.
    ///
    /// # Errors
    /// Only when the system gives no thread; a scale that is not there is [`ScaleEvent::Away`].
    pub fn start(
        settings: SerialSettings,
        events: mpsc::UnboundedSender<ScaleEvent>,
    ) -> std::io::Result<Self> {
        let mut poller = Poller::default();
        let port = SerialHandle::start(settings, move |event| {
            let (heard, question) = poller.hear(event, Instant::now());
            for event in heard {
                // A receiver that is gone means the station is closing; the handle is dropped next.
                let _ = events.send(event);
            }
            question.to_vec()
        })?;
        Ok(Self { _port: port })
    }
}

/// Decides when to ask and what is news.
#[derive(Debug, Default)]
struct Poller {
    answer: Vec<u8>,
    asked_at: Option<Instant>,
    answered_at: Option<Instant>,
    told: Option<ScaleEvent>,
}

impl Poller {
    /// Takes an event of the port; gives what is news and the bytes to be written.
    fn hear(&mut self, event: PortEvent, now: Instant) -> (Vec<ScaleEvent>, &'static [u8]) {
        let mut news = Vec::new();
        match event {
            PortEvent::Closed { why } => {
                *self = Self::default();
                return (vec![ScaleEvent::Away { why }], b"");
            }
            PortEvent::Opened => {
                *self = Self { answered_at: Some(now), ..Self::default() };
                news.push(ScaleEvent::Ready);
            }
            PortEvent::Bytes(bytes, at) => {
                for byte in bytes {
                    if let Some(weighing) = self.take_byte(byte) {
                        self.answered_at = Some(at);
                        self.tell(ScaleEvent::Weighing(weighing), &mut news);
                    }
                }
            }
            PortEvent::Quiet(_) => {}
        }
        let silent = self.answered_at.is_some_and(|at| now.saturating_duration_since(at) >= SILENT_AFTER);
        if silent {
            self.tell(ScaleEvent::Silent, &mut news);
        }
        let due = self.asked_at.is_none_or(|at| now.saturating_duration_since(at) >= POLL_EVERY);
        if due {
            self.asked_at = Some(now);
        }
        (news, if due { b"W" } else { b"" })
    }

    fn tell(&mut self, event: ScaleEvent, news: &mut Vec<ScaleEvent>) {
        if self.told.as_ref() != Some(&event) {
            self.told = Some(event.clone());
            news.push(event);
        }
    }

    /// Collects one answer from STX to CR. Bytes outside of an answer are noise of the line.
    fn take_byte(&mut self, byte: u8) -> Option<Weighing> {
        match byte {
            STX => {
                self.answer.clear();
                self.answer.push(STX);
                None
            }
            CR if !self.answer.is_empty() => {
                let answer = std::mem::take(&mut self.answer);
                Some(read_answer(&answer[1..]))
            }
            _ if self.answer.is_empty() => None,
            _ if self.answer.len() > LONGEST_ANSWER => {
                self.answer.clear();
                Some(Weighing::Unreadable)
            }
            _ => {
                self.answer.push(byte);
                None
            }
        }
    }
}

/// Reads what stands between STX and CR.
fn read_answer(answer: &[u8]) -> Weighing {
    match answer {
        [b'?', flags] => read_flags(*flags),
        [weight @ .., b'N'] | weight => read_kilograms(weight).map_or(Weighing::Unreadable, Weighing::Stable),
    }
}

/// Bits: 0 motion, 1 over capacity, 2 under zero, 3 outside the zero range, 4 centre of zero, 5 net, 6
/// always one, 7 parity. The worst is named first.
fn read_flags(flags: u8) -> Weighing {
    let bit = |n: u8| flags & (1 << n) != 0;
    if !bit(6) {
        Weighing::Unreadable
    } else if bit(1) {
        Weighing::OverCapacity
    } else if bit(2) {
        Weighing::UnderZero
    } else if bit(3) {
        Weighing::OutsideZero
    } else {
        // A scale that gives no weight although nothing is wrong is about to settle.
        Weighing::Moving
    }
}

/// Kilograms with a point and up to three decimals into grams, by digits alone. No minus sign exists in
/// this protocol.
fn read_kilograms(text: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(text).ok()?.trim();
    let (whole, fraction) = text.split_once('.')?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 3 || whole.len() > 6 {
        return None;
    }
    let kilograms: i64 = whole.parse().ok()?;
    let grams: i64 = format!("{fraction:0<3}").parse().ok()?;
    Some(kilograms * 1000 + grams)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn say(poller: &mut Poller, bytes: &[u8], at: Instant) -> Vec<ScaleEvent> {
        poller.hear(PortEvent::Bytes(bytes.to_vec(), at), at).0
    }

    fn weighings(bytes: &[u8]) -> Vec<Weighing> {
        let mut poller = Poller::default();
        bytes.iter().filter_map(|byte| poller.take_byte(*byte)).collect()
    }

    #[test]
    fn documented_frames_become_whole_grams() {
        let cases: [(&[u8], Weighing); 10] = [
            (b"\x0205.120\r", Weighing::Stable(5120)),
            (b"\x0200.000\r", Weighing::Stable(0)),
            (b"\x0210.245N\r", Weighing::Stable(10245)),
            (b"\x02 2.50\r", Weighing::Stable(2500)),
            (b"\x02?A\r", Weighing::Moving),
            (b"\x02?B\r", Weighing::OverCapacity),
            (b"\x02?D\r", Weighing::UnderZero),
            (b"\x02?H\r", Weighing::OutsideZero),
            (b"\x02?\x01\r", Weighing::Unreadable),
            (b"\x02ab.cde\r", Weighing::Unreadable),
        ];
        for (frame, weighing) in cases {
            assert_eq!(weighings(frame), [weighing], "{}", frame.escape_ascii());
        }
    }

    #[test]
    fn a_broken_answer_does_not_spoil_the_next_one() {
        assert_eq!(weighings(b"5.1\r\x0205.\x0205.120\r"), [Weighing::Stable(5120)]);
        assert_eq!(
            weighings(b"\x0200000000000000000000\r\x0201.000\r"),
            [Weighing::Unreadable, Weighing::Stable(1000)]
        );
    }

    #[test]
    fn only_changes_are_reported() {
        let now = Instant::now();
        let mut poller = Poller::default();
        assert_eq!(poller.hear(PortEvent::Opened, now), (vec![ScaleEvent::Ready], b"W".as_slice()));
        let five = ScaleEvent::Weighing(Weighing::Stable(5000));
        assert_eq!(say(&mut poller, b"\x0205.0", now), []);
        assert_eq!(say(&mut poller, b"00\r", now), std::slice::from_ref(&five));
        assert_eq!(say(&mut poller, b"\x0205.000\r", now), []);
        assert_eq!(say(&mut poller, b"\x02?A\r", now), [ScaleEvent::Weighing(Weighing::Moving)]);
        assert_eq!(say(&mut poller, b"\x0205.000\r", now), [five]);
    }

    #[test]
    fn the_scale_is_asked_ten_times_a_second_and_called_silent_after_one() {
        let start = Instant::now();
        let mut poller = Poller::default();
        poller.hear(PortEvent::Opened, start);
        let mut asked = 0;
        let mut news = Vec::new();
        for turn in 1..=24u64 {
            let now = start + Duration::from_millis(50 * turn);
            let (heard, question) = poller.hear(PortEvent::Quiet(now), now);
            asked += question.len();
            news.extend(heard);
        }
        assert_eq!((asked, news), (12, vec![ScaleEvent::Silent]));
        let back = say(&mut poller, b"\x0200.000\r", start + Duration::from_millis(1250));
        assert_eq!(back, [ScaleEvent::Weighing(Weighing::Stable(0))]);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_scale_on_a_port_is_polled_and_its_weights_arrive() {
        use serialport::{SerialPort, TTYPort};
        use std::io::{Read, Write};
        use std::sync::Arc;
        use std::sync::atomic::{AtomicBool, Ordering};

        let (mut scale, port) = TTYPort::pair().unwrap();
        let path = port.name().unwrap();
        drop(port);
        let (sender, mut events) = mpsc::unbounded_channel();
        let handle = ScaleHandle::start(SerialSettings::toledo_8217(path), sender).unwrap();
        let mut next =
            async || tokio::time::timeout(Duration::from_secs(20), events.recv()).await.unwrap().unwrap();
        assert_eq!(next().await, ScaleEvent::Ready);
        let settled = Arc::new(AtomicBool::new(false));
        let at_rest = Arc::clone(&settled);
        // Ends when the handle closes the port.
        std::thread::spawn(move || {
            let mut asked = [0u8; 1];
            loop {
                match scale.read(&mut asked) {
                    Ok(_) => assert_eq!(&asked, b"W"),
                    Err(error) if error.kind() == std::io::ErrorKind::TimedOut => continue,
                    Err(_) => return,
                }
                let settled = at_rest.load(Ordering::Relaxed);
                let answer: &[u8] = if settled { b"\x0205.120\r" } else { b"\x02?A\r" };
                if scale.write_all(answer).is_err() {
                    return;
                }
            }
        });
        assert_eq!(next().await, ScaleEvent::Weighing(Weighing::Moving));
        settled.store(true, Ordering::Relaxed);
        assert_eq!(next().await, ScaleEvent::Weighing(Weighing::Stable(5120)));
        drop(handle);
    }
}
