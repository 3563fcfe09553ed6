//! A Toledo 8217 scale at the end of a pseudo-terminal: asked with `W`, it answers what lies on it.

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::OwnedFd;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

/// The scale; dropping it pulls the plug.
pub struct Scale {
    /// The port a station opens.
    pub path: String,
    grams: Arc<AtomicI64>,
    unplugged: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Scale {
    /// An empty scale.
    pub fn plug() -> Self {
        let device = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC);
        let device = device.expect("a pseudo-terminal");
        grantpt(&device).and_then(|()| unlockpt(&device)).expect("it may be opened");
        rustix::io::ioctl_fionbio(&device, true).expect("it need not wait");
        let path = ptsname(&device, vec![]).expect("it has a name").into_string().expect("in ASCII");
        let (grams, unplugged) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
        let (lies_on_it, pulled) = (Arc::clone(&grams), Arc::clone(&unplugged));
        let thread = std::thread::spawn(move || answer(&device, &lies_on_it, &pulled));
        Self { path, grams, unplugged, thread: Some(thread) }
    }

    /// Lays something on it in place of what lay there.
    pub fn put(&self, grams: i64) {
        self.grams.store(grams, Ordering::SeqCst);
    }
}

impl Drop for Scale {
    fn drop(&mut self) {
        self.unplugged.store(true, Ordering::SeqCst);
        if let Some(thread) = self.thread.take() {
            // A panic in there has been printed, and this may be the unwinding of another.
            let _ = thread.join();
        }
    }
}

fn answer(device: &OwnedFd, grams: &AtomicI64, unplugged: &AtomicBool) {
    let patience = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };
    let mut buffer = [0u8; 64];
    while !unplugged.load(Ordering::SeqCst) {
        let mut ends = [PollFd::new(device, PollFlags::IN)];
        let ready = poll(&mut ends, Some(&patience)).unwrap_or(0);
        if ready > 0 && ends[0].revents().contains(PollFlags::HUP) {
            // Nobody has the far end open, of which the system tells at once, again and again.
            std::thread::park_timeout(Duration::from_millis(5));
        }
        let length = rustix::io::read(device, &mut buffer).unwrap_or(0);
        for _ in buffer[..length].iter().filter(|byte| **byte == b'W') {
            let now = grams.load(Ordering::SeqCst);
            let frame = format!("\u{2}{:02}.{:03}\r", now / 1000, now % 1000);
            // A station that closed the port meanwhile wants no answer.
            let _ = rustix::io::write(device, frame.as_bytes());
        }
    }
}
