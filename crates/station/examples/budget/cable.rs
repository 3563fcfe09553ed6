//! The scanner's and the scale's ends of their cables: pseudo-terminals whose far ends the station opens.

use anyhow::{Context as _, Result};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// One end of a serial cable.
struct Cable {
    device: OwnedFd,
    /// What the station's settings call the other end.
    port: String,
}

impl Cable {
    fn plug() -> Result<Self> {
        let device = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .context("no pseudo-terminal could be opened; is /dev/ptmx there?")?;
        grantpt(&device)?;
        unlockpt(&device)?;
        let port = ptsname(&device, Vec::new())?.into_string().context("a port's name is not text")?;
        // Opened and closed once: only after that a read here fails while nobody has the other end open.
        drop(rustix::fs::open(
            port.as_str(),
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Mode::empty(),
        )?);
        Ok(Self { device, port })
    }

    fn send(&self, mut bytes: &[u8]) -> Result<()> {
        while !bytes.is_empty() {
            let sent =
                rustix::io::write(&self.device, bytes).context("the station does not read its port")?;
            bytes = &bytes[sent..];
        }
        Ok(())
    }
}

/// A scanner that ends each code by a carriage return.
pub struct Scanner {
    cable: Cable,
}

impl Scanner {
    /// Plugs it in.
    pub fn plug() -> Result<Self> {
        Ok(Self { cable: Cable::plug()? })
    }

    /// What the station's settings call its port.
    pub fn port(&self) -> &str {
        &self.cable.port
    }

    /// Pulls the trigger: the whole code in one write.
    pub fn scan(&self, code: &str) -> Result<()> {
        self.cable.send(format!("{code}\r").as_bytes())
    }
}

/// A Toledo 8217 scale with a steady hand: what lies on it lies still.
pub struct Scale {
    port: String,
    grams: Arc<AtomicI64>,
}

impl Scale {
    /// Plugs it in; it answers on a thread of its own until the program ends.
    pub fn plug() -> Result<Self> {
        let cable = Cable::plug()?;
        let (port, grams) = (cable.port.clone(), Arc::new(AtomicI64::new(0)));
        let load = Arc::clone(&grams);
        std::thread::Builder::new().name("scale".into()).spawn(move || answer(&cable, &load))?;
        Ok(Self { port, grams })
    }

    /// What the station's settings call its port.
    pub fn port(&self) -> &str {
        &self.port
    }

    /// Lays so much on it, in place of what was there.
    pub fn put(&self, grams: i64) {
        self.grams.store(grams, Ordering::Relaxed);
    }
}

fn answer(cable: &Cable, load: &AtomicI64) {
    let mut room = [0u8; 64];
    loop {
        let Ok(arrived) = rustix::io::read(&cable.device, &mut room) else {
            // Nobody has the port open yet, or any more.
            std::thread::sleep(Duration::from_millis(20));
            continue;
        };
        for _ in room[..arrived].iter().filter(|byte| **byte == b'W') {
            let grams = load.load(Ordering::Relaxed);
            // An answer that nobody waits for is lost, as on a real cable.
            let _ = cable.send(format!("\u{2}{:02}.{:03}\r", grams / 1000, grams % 1000).as_bytes());
        }
    }
}
