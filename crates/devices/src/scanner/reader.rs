//! A scanner on a serial port: the port's bytes framed into scans and reported into a channel.

use tokio::sync::mpsc;

use super::framing::{Framed, Framer, Refusal, Scan};
use crate::ports::{PortEvent, SerialHandle, SerialSettings};

/// What a scanner reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScannerEvent {
    /// The port is open.
    Ready,
    /// A whole code was read.
    Scan(Scan),
    /// Bytes came that are no code; the person must scan again.
    Refused(Refusal),
    /// The scanner is unplugged or its port is taken; it is looked for without end.
    Away {
        /// The fault in words for a person.
        why: String,
    },
}

/// A running scanner; dropping it frees the port.
#[derive(Debug)]
pub struct ScannerHandle {
    _port: SerialHandle,
}

impl ScannerHandle {
    /// Starts to read the scanner at a port and to report into `events`.
    ///
    /// # Errors
    /// Only when the system gives no thread; a scanner that is not there is [`ScannerEvent::Away`].
    pub fn start(
        settings: SerialSettings,
        events: mpsc::UnboundedSender<ScannerEvent>,
    ) -> std::io::Result<Self> {
        let mut framer = Framer::default();
        let port = SerialHandle::start(settings, move |event| {
            for heard in translate(&mut framer, event) {
                // A receiver that is gone means the station is closing; the handle is dropped next.
                let _ = events.send(heard);
            }
            Vec::new()
        })?;
        Ok(Self { _port: port })
    }
}

fn translate(framer: &mut Framer, event: PortEvent) -> Vec<ScannerEvent> {
    match event {
        PortEvent::Opened => {
            *framer = Framer::default();
            vec![ScannerEvent::Ready]
        }
        PortEvent::Bytes(bytes, at) => {
            let framed = framer.push(&bytes, at).into_iter();
            framed
                .map(|framed| match framed {
                    Framed::Scan(scan) => ScannerEvent::Scan(scan),
                    Framed::Refused(refusal) => ScannerEvent::Refused(refusal),
                })
                .collect()
        }
        PortEvent::Quiet(at) => framer.tick(at).map(ScannerEvent::Refused).into_iter().collect(),
        PortEvent::Closed { why } => vec![ScannerEvent::Away { why }],
    }
}

#[cfg(all(test, unix))]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;
    use serialport::{SerialPort, TTYPort};
    use std::io::Write;
    use std::time::Duration;

    async fn next(events: &mut mpsc::UnboundedReceiver<ScannerEvent>) -> ScannerEvent {
        tokio::time::timeout(Duration::from_secs(20), events.recv()).await.unwrap().unwrap()
    }

    fn text(event: ScannerEvent) -> String {
        match event {
            ScannerEvent::Scan(scan) => scan.text,
            other => format!("{other:?}"),
        }
    }

    /// A link that can be pointed to another pseudo-terminal, as a replugged scanner is another device.
    fn point(link: &std::path::Path, slave: &TTYPort) {
        let _ = std::fs::remove_file(link);
        std::os::unix::fs::symlink(slave.name().unwrap(), link).unwrap();
    }

    fn plug(link: &std::path::Path) -> TTYPort {
        let (master, slave) = TTYPort::pair().unwrap();
        point(link, &slave);
        master
    }

    #[tokio::test]
    async fn a_scanner_that_is_unplugged_is_away_and_reads_again_when_it_is_back() {
        let place = tempfile::tempdir().unwrap();
        let link = place.path().join("scanner");
        let (sender, mut events) = mpsc::unbounded_channel();
        let mut scanner = plug(&link);
        let handle = ScannerHandle::start(SerialSettings::scanner(link.to_string_lossy()), sender).unwrap();
        assert_eq!(next(&mut events).await, ScannerEvent::Ready);
        scanner.write_all(b"69012345").unwrap();
        scanner.write_all(b"67892\rBIN-A-03-02-1\r\n").unwrap();
        assert_eq!(text(next(&mut events).await), "6901234567892");
        assert_eq!(text(next(&mut events).await), "BIN-A-03-02-1");

        drop(scanner);
        assert!(matches!(next(&mut events).await, ScannerEvent::Away { .. }));
        let mut again = plug(&link);
        assert_eq!(next(&mut events).await, ScannerEvent::Ready);
        again.write_all(b"TOTE-0001\r").unwrap();
        assert_eq!(text(next(&mut events).await), "TOTE-0001");
        drop(handle);
    }

    #[tokio::test]
    async fn a_scanner_that_was_never_there_is_away_by_name_and_stops_when_dropped() {
        let (sender, mut events) = mpsc::unbounded_channel();
        let handle = ScannerHandle::start(SerialSettings::scanner("/no/such/port"), sender).unwrap();
        let ScannerEvent::Away { why } = next(&mut events).await else { panic!("it must be away") };
        assert!(why.contains("/no/such/port"), "{why}");
        drop(handle);
        assert_eq!(events.recv().await, None);
    }
}
