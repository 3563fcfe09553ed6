//! A bench scale that speaks the Toledo 8217 protocol: it says nothing until it is asked `W`.
//!
//! Played: weight, motion, over capacity, under zero, the echo probe. Not played: tare, zero key and
//! the 9600 7E1 line settings, which a pseudo-terminal cannot carry.

use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use anyhow::{Context, Result};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde::{Deserialize, Serialize};

use crate::lock::take;
use crate::pty::Pty;

/// Largest weight shown, in grams; anything above is "over capacity".
pub const CAPACITY_G: i64 = 30_000;

const STX: u8 = 0x02;
const CR: u8 = 0x0d;

/// What lies on the pan.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Load {
    /// Grams on the pan; below 0 when the pan was lifted or zeroed under load.
    pub grams: i64,
    /// Whether it still swings.
    #[serde(default)]
    pub motion: bool,
}

/// The conversation with one host, byte by byte.
#[derive(Debug, Default)]
pub struct Toledo8217 {
    echoing: bool,
}

impl Toledo8217 {
    /// Takes one byte from the host and returns what the scale sends back, possibly nothing.
    pub fn hear(&mut self, byte: u8, load: Load) -> Vec<u8> {
        match byte {
            b'F' => {
                self.echoing = false;
                Vec::new()
            }
            _ if self.echoing => vec![byte],
            b'E' => {
                self.echoing = true;
                vec![STX, b'E', CR]
            }
            b'W' => weigh(load),
            _ => Vec::new(),
        }
    }
}

/// The answer to `W`: kilograms with three decimals if valid and stable, else the status byte.
fn weigh(load: Load) -> Vec<u8> {
    let over = load.grams > CAPACITY_G;
    let under = load.grams < 0;
    if !load.motion && !over && !under {
        let text = format!("\u{2}{:02}.{:03}\r", load.grams / 1000, load.grams % 1000);
        return text.into_bytes();
    }
    let centre_of_zero = load.grams == 0;
    // Bit 6 is always 1; bit 7 is the parity bit, which does not exist on this line.
    let status = 0x40
        | u8::from(load.motion)
        | u8::from(over) << 1
        | u8::from(under) << 2
        | u8::from(centre_of_zero) << 4;
    vec![STX, b'?', status, CR]
}

/// A plugged-in scale; its thread ends when this is dropped.
struct Plugged {
    stop: Option<UnixStream>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Plugged {
    fn drop(&mut self) {
        self.stop.take();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the scale's thread had panicked");
        }
    }
}

/// What the control side and the scale's thread share.
#[derive(Default)]
struct Pan {
    load: Mutex<Load>,
    asked: AtomicU64,
}

/// A scale that may be plugged in or not, with whatever lies on it.
pub struct Scale {
    link: PathBuf,
    pan: Arc<Pan>,
    plugged: Mutex<Option<Plugged>>,
}

impl Scale {
    /// Plugs in an empty scale whose port is named `link`.
    pub fn plugged(link: PathBuf) -> Result<Self> {
        let pan = Arc::default();
        let plugged = Mutex::new(Some(start(&link, Arc::clone(&pan))?));
        Ok(Self { link, pan, plugged })
    }

    /// Path at which a program opens this scale.
    pub fn link(&self) -> &PathBuf {
        &self.link
    }

    /// What lies on the pan now.
    pub fn load(&self) -> Load {
        *take(&self.pan.load)
    }

    /// How often a host has asked for the weight: whoever lays something down can see that it was noticed.
    pub fn asked(&self) -> u64 {
        self.pan.asked.load(Ordering::Relaxed)
    }

    /// Puts `load` on the pan in place of what was there.
    pub fn put(&self, load: Load) {
        *take(&self.pan.load) = load;
    }

    /// Whether the cable is in.
    pub fn is_plugged(&self) -> bool {
        take(&self.plugged).is_some()
    }

    /// Pulls the cable.
    pub fn unplug(&self) {
        take(&self.plugged).take();
    }

    /// Puts the cable back under the old name. Nothing happens if it is in already.
    pub fn plug(&self) -> Result<()> {
        let mut plugged = take(&self.plugged);
        if plugged.is_none() {
            *plugged = Some(start(&self.link, Arc::clone(&self.pan))?);
        }
        Ok(())
    }
}

fn start(link: &Path, pan: Arc<Pan>) -> Result<Plugged> {
    let port = Pty::plug(link)?;
    let (stop, stopped) = UnixStream::pair().context("no socket pair for the scale's stop signal")?;
    let thread = std::thread::Builder::new()
        .name("scale".to_owned())
        .spawn(move || answer_until_stopped(&port, &stopped, &pan))
        .context("no thread for the scale")?;
    Ok(Plugged { stop: Some(stop), thread: Some(thread) })
}

fn answer_until_stopped(port: &Pty, stopped: &UnixStream, pan: &Pan) {
    // With nobody at the far end the port reports "hung up" without pause, so then only the stop signal
    // is waited for, this long at a time.
    let while_alone = Timespec { tv_sec: 0, tv_nsec: 10_000_000 };
    let mut protocol = Toledo8217::default();
    let mut room = [0; 64];
    loop {
        let mut stop = PollFd::new(stopped, PollFlags::IN);
        let outcome = if port.is_open() {
            let mut ends = [stop, PollFd::new(port, PollFlags::IN)];
            let outcome = poll(&mut ends, None);
            [stop, _] = ends;
            outcome
        } else {
            protocol = Toledo8217::default();
            let mut ends = [stop];
            let outcome = poll(&mut ends, Some(&while_alone));
            [stop] = ends;
            outcome
        };
        if let Err(fault) = outcome
            && fault != rustix::io::Errno::INTR
        {
            tracing::error!(%fault, "the scale's port cannot be watched any more");
            return;
        }
        if !stop.revents().is_empty() {
            return;
        }
        let arrived = port.receive(&mut room);
        for &byte in &room[..arrived] {
            let answer = protocol.hear(byte, *take(&pan.load));
            if !answer.is_empty()
                && let Err(fault) = port.send(&answer)
            {
                tracing::debug!(%fault, "the scale's answer was lost");
            }
            // Counted after the answer, so that whoever sees the count knows that it was given.
            if byte == b'W' {
                pan.asked.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(load: Load) -> Vec<u8> {
        Toledo8217::default().hear(b'W', load)
    }

    #[test]
    fn a_stable_weight_is_sent_in_kilograms_with_three_decimals() {
        assert_eq!(ask(Load { grams: 5_260, motion: false }), b"\x0205.260\r");
        assert_eq!(ask(Load { grams: 0, motion: false }), b"\x0200.000\r");
        assert_eq!(ask(Load { grams: CAPACITY_G, motion: false }), b"\x0230.000\r");
    }

    #[test]
    fn a_swinging_over_loaded_or_lifted_pan_answers_with_its_status_bit() {
        for (load, bits) in [
            (Load { grams: 900, motion: true }, 0b0000_0001),
            (Load { grams: CAPACITY_G + 1, motion: false }, 0b0000_0010),
            (Load { grams: -5, motion: false }, 0b0000_0100),
            (Load { grams: 0, motion: true }, 0b0001_0001),
        ] {
            assert_eq!(ask(load), [0x02, b'?', 0x40 | bits, 0x0d], "{load:?}");
        }
    }

    #[test]
    fn the_probe_is_echoed_until_echo_is_switched_off() {
        let mut scale = Toledo8217::default();
        let answer: Vec<u8> = b"Ehello".iter().flat_map(|&byte| scale.hear(byte, Load::default())).collect();
        assert_eq!(answer, b"\x02E\rhello");
        assert_eq!(scale.hear(b'F', Load::default()), b"");
        assert_eq!(scale.hear(b'W', Load { grams: 12, motion: false }), b"\x0200.012\r");
    }
}
