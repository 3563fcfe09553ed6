//! What the disk itself takes for one durable write, measured beside the station in the same folder.
//!
//! No answer can be quicker: a scan waits for one such write, a label for three, one after the other. On a shared
//! machine this is where the long ones come from.

use crate::shift::millis;
use anyhow::{Context as _, Result};
use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Seldom enough to take nothing from the station.
const EVERY: Duration = Duration::from_millis(100);

/// A watch over the disk that runs.
pub struct Disk {
    stop: Sender<()>,
    watching: JoinHandle<Result<Vec<f64>>>,
}

impl Disk {
    /// Begins to write a page every tenth of a second into a file of its own in `folder`.
    pub fn watch(folder: &Path) -> Result<Self> {
        let mut file = File::create(folder.join("disk.probe"))?;
        let (stop, stopped) = channel();
        let watching = std::thread::Builder::new().name("disk".into()).spawn(move || {
            let mut times = vec![];
            // An end of the channel without a word is a stop, too.
            while stopped.recv_timeout(EVERY) == Err(std::sync::mpsc::RecvTimeoutError::Timeout) {
                let begun = Instant::now();
                file.seek(SeekFrom::Start(0))?;
                file.write_all(&[0; 4096])?;
                file.sync_data()?;
                times.push(millis(begun.elapsed()));
            }
            Ok(times)
        })?;
        Ok(Self { stop, watching })
    }

    /// Ends the watch: how long each write took.
    pub fn end(self) -> Result<Vec<f64>> {
        drop(self.stop);
        self.watching.join().ok().context("the watch over the disk failed")?
    }
}
