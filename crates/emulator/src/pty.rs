//! One end of a serial cable: a pseudo-terminal whose far end has a fixed name in the emulator's folder.
//!
//! The far end is deliberately not held open here. So the emulator can tell whether a program has the
//! port open, what is sent to a closed port is lost as it is on a real cable, and a lock left by a
//! killed program does not outlive it. Baud rate and parity mean nothing on a pseudo-terminal.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// A plugged-in serial device; dropping it pulls the plug.
pub struct Pty {
    device: OwnedFd,
    link: PathBuf,
}

impl Pty {
    /// Makes a new pseudo-terminal and puts a symlink to its far end at `link`, replacing an older link.
    pub fn plug(link: &Path) -> Result<Self> {
        let device = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)
            .context("no pseudo-terminal could be opened; is /dev/ptmx there?")?;
        grantpt(&device)?;
        unlockpt(&device)?;
        rustix::io::ioctl_fionbio(&device, true)?;
        let far_end = ptsname(&device, Vec::new())?;
        // Opened and closed once: only after that the kernel reports "nobody is there" on the device side.
        drop(rustix::fs::open(
            far_end.as_c_str(),
            OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC,
            Mode::empty(),
        )?);
        let far_end = far_end.into_string().context("the pseudo-terminal's name is not text")?;
        if link.symlink_metadata().is_ok() {
            std::fs::remove_file(link).with_context(|| format!("cannot replace {}", link.display()))?;
        }
        std::os::unix::fs::symlink(&far_end, link)
            .with_context(|| format!("cannot link {} to {far_end}", link.display()))?;
        Ok(Self { device, link: link.to_owned() })
    }

    /// Whether a program has the far end open now.
    pub fn is_open(&self) -> bool {
        let mut ends = [PollFd::new(&self.device, PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        poll(&mut ends, Some(&now)).is_ok() && !ends[0].revents().contains(PollFlags::HUP)
    }

    /// Sends all of `bytes`; an error says that nobody listens or that the listener does not read.
    pub fn send(&self, bytes: &[u8]) -> Result<()> {
        if !self.is_open() {
            bail!("no program has {} open, so what was sent is lost", self.link.display());
        }
        let mut rest = bytes;
        while !rest.is_empty() {
            let sent = rustix::io::write(&self.device, rest)
                .with_context(|| format!("the program at {} does not read", self.link.display()))?;
            rest = &rest[sent..];
        }
        Ok(())
    }

    /// Takes what has arrived, at most `room.len()` bytes; 0 when there is nothing or nobody.
    pub fn receive(&self, room: &mut [u8]) -> usize {
        rustix::io::read(&self.device, room).unwrap_or(0)
    }
}

impl AsFd for Pty {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.device.as_fd()
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        if let Err(fault) = std::fs::remove_file(&self.link) {
            tracing::warn!(link = %self.link.display(), %fault, "the device's link could not be removed");
        }
    }
}
