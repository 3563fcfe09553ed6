//! A serial port that survives the cable: one thread opens it, reads it and opens it again after any fault.
//!
//! The path is configured, never searched: a pseudo-terminal and many virtual ports are in no list, and a
//! list tells a scanner from a scale no better than a person does. What the bytes mean is left to the
//! closure that is given to [`SerialHandle::start`].

use std::io::ErrorKind;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serialport::{DataBits, Parity, SerialPort};

/// How long one read waits; also how often [`PortEvent::Quiet`] comes and how soon a dropped handle is noticed.
const READ_WAIT: Duration = Duration::from_millis(50);
const FIRST_RETRY: Duration = Duration::from_millis(500);
const LAST_RETRY: Duration = Duration::from_secs(5);

/// Which port, and how it speaks. One stop bit and no flow control always.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SerialSettings {
    /// `/dev/ttyACM0`, `COM11`, or the link of a pseudo-terminal.
    pub path: String,
    /// Bits a second; a USB port takes any figure.
    pub baud: u32,
    /// Seven data bits and even parity (most scales) in place of eight and none (most scanners).
    pub seven_even: bool,
}

impl SerialSettings {
    /// 9600 8N1, the factory setting of most scanners.
    pub fn scanner(path: impl Into<String>) -> Self {
        Self { path: path.into(), baud: 9600, seven_even: false }
    }

    /// 9600 7E1, the factory setting of a Toledo 8217 scale.
    pub fn toledo_8217(path: impl Into<String>) -> Self {
        Self { path: path.into(), baud: 9600, seven_even: true }
    }
}

/// What happens at a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PortEvent {
    /// The port is open; told again after each time it was closed.
    Opened,
    /// Bytes, and when they were read.
    Bytes(Vec<u8>, Instant),
    /// Nothing came for a while; the port is still open.
    Quiet(Instant),
    /// The port cannot be opened or was lost; told once, then it is tried again without end.
    Closed {
        /// The fault in words for a person.
        why: String,
    },
}

/// A running port. Dropping it ends the thread, within one read wait, and frees the port.
#[derive(Debug)]
pub struct SerialHandle {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl SerialHandle {
    /// Starts the thread of a port. `hear` is called there for each event; the bytes it returns are written.
    ///
    /// # Errors
    /// Only when the system gives no thread; a port that is not there is a [`PortEvent::Closed`].
    pub fn start(
        settings: SerialSettings,
        hear: impl FnMut(PortEvent) -> Vec<u8> + Send + 'static,
    ) -> std::io::Result<Self> {
        let stop = Arc::new(AtomicBool::new(false));
        let asked_to_stop = Arc::clone(&stop);
        let thread = thread::Builder::new()
            .name(format!("port {}", settings.path))
            .spawn(move || supervise(&settings, &asked_to_stop, hear))?;
        Ok(Self { stop, thread: Some(thread) })
    }
}

impl Drop for SerialHandle {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            // A panic in the closure has been printed by its own thread; there is nobody left to tell.
            let _ = thread.join();
        }
    }
}

fn supervise(settings: &SerialSettings, stop: &AtomicBool, mut hear: impl FnMut(PortEvent) -> Vec<u8>) {
    let mut retry = FIRST_RETRY;
    let mut told_closed = false;
    while !stop.load(Ordering::Relaxed) {
        let why = match open(settings) {
            Ok(mut port) => {
                retry = FIRST_RETRY;
                told_closed = false;
                match serve(port.as_mut(), stop, &mut hear) {
                    Ok(()) => return,
                    Err(error) => format!("{} was lost: {error}", settings.path),
                }
            }
            Err(error) => format!("{} cannot be opened: {error}", settings.path),
        };
        if !told_closed {
            told_closed = true;
            hear(PortEvent::Closed { why });
        }
        thread::park_timeout(retry);
        retry = (retry * 2).min(LAST_RETRY);
    }
}

fn open(settings: &SerialSettings) -> serialport::Result<Box<dyn SerialPort>> {
    let (bits, parity) =
        if settings.seven_even { (DataBits::Seven, Parity::Even) } else { (DataBits::Eight, Parity::None) };
    // Some scanners and scales stay silent until DTR is raised, and the crate does not raise it by itself.
    serialport::new(&settings.path, settings.baud)
        .data_bits(bits)
        .parity(parity)
        .timeout(READ_WAIT)
        .dtr_on_open(true)
        .exclusive(true)
        .open()
}

/// Serves an open port until it fails or the handle is dropped.
fn serve(
    port: &mut dyn SerialPort,
    stop: &AtomicBool,
    hear: &mut impl FnMut(PortEvent) -> Vec<u8>,
) -> std::io::Result<()> {
    let mut buffer = [0u8; 1024];
    let mut answer = hear(PortEvent::Opened);
    while !stop.load(Ordering::Relaxed) {
        port.write_all(&answer)?;
        answer = match port.read(&mut buffer) {
            Ok(0) => return Err(ErrorKind::UnexpectedEof.into()),
            Ok(length) => hear(PortEvent::Bytes(buffer[..length].to_vec(), Instant::now())),
            Err(error) if error.kind() == ErrorKind::TimedOut => hear(PortEvent::Quiet(Instant::now())),
            Err(error) if error.kind() == ErrorKind::Interrupted => Vec::new(),
            Err(error) => return Err(error),
        };
    }
    Ok(())
}
