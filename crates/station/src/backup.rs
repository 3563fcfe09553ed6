//! Backups of the replica: a copy of one moment, made while the floor works, sealed with the station's own key; seven
//! are kept. Putting one back is `successor`'s.
//!
//! A copy makes nobody wait: it reads as one more reader of the journal (readers and the writer never wait for each
//! other), and what it writes is not flushed before it is whole, so no flush of a fact has to carry it.

mod sealed;

use crate::clock;
use crate::event::{Event, ReplicaNews};
use crate::store;
use anyhow::{Context as _, Result, ensure};
use liangcang_domain::seal::SealKey;
use liangcang_domain::unit::EpochMs;
use sealed::{Opening, Sealing};
use sqlx::sqlite::SqliteSynchronous;
use sqlx::{ConnectOptions as _, Connection as _};
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;

/// Backups kept.
const KEPT: usize = 7;
/// Quick rather than small: a station has better things to do.
const LEVEL: i32 = 1;
const HOUR_MS: i64 = 3_600_000;
/// How often it is asked whether a backup is due.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// Where backups lie and what they are made of.
#[derive(Clone, Debug)]
pub struct Backups {
    /// The station's folder.
    pub data: PathBuf,
    /// The folder of the backups.
    pub folder: PathBuf,
    /// Seals them.
    pub key: SealKey,
}

impl Backups {
    /// Makes one now; older ones than the seven newest go. Gives its file.
    ///
    /// # Errors
    /// When the replica does not read (a damaged page stops it) or the folder cannot be written; no half backup is
    /// left then.
    pub async fn make(&self, now: EpochMs) -> Result<PathBuf> {
        let folder = &self.folder;
        let sound = !crate::damage::mark_of(&self.data).exists();
        ensure!(sound, "the replica is to be replaced at the next start; a backup of it would be of no use");
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let file = folder.join(format!("station-{}.backup", clock::stamp(now)));
        ensure!(!file.exists(), "{} is there already", file.display());
        let one_at_a_time = self.turn().await?;
        let copy = Passing::new(folder.join("copying.db"))?;
        self.copy(&copy.0).await?;
        let (key, to, from) = (self.key.clone(), file.clone(), copy.0.clone());
        let packing = tokio::task::spawn_blocking(move || pack(key, &from, &to));
        packing.await.context("packing a backup was stopped")??;
        drop(copy);
        drop(one_at_a_time);
        for old in self.all()?.into_iter().rev().skip(KEPT) {
            std::fs::remove_file(&old).with_context(|| format!("removing {}", old.display()))?;
        }
        Ok(file)
    }

    /// Waits until nobody else makes a backup in this folder: the station and a command may begin at once.
    async fn turn(&self) -> Result<File> {
        let path = self.folder.join("backup.lock");
        let file = File::create(&path).with_context(|| format!("making {}", path.display()))?;
        let waiting = tokio::task::spawn_blocking(move || file.lock().map(|()| file));
        waiting.await.context("waiting for a backup was stopped")?.context("locking the backups")
    }

    async fn copy(&self, to: &Path) -> Result<()> {
        // Read only: the last to close would else carry the journal over. The copy is flushed when it is packed.
        let options = store::looking(&store::file_in(&self.data)).synchronous(SqliteSynchronous::Off);
        let mut beside = options.connect().await.context("opening the replica once more")?;
        let to = to.to_str().context("the folder of the backups has a name that is no text")?;
        let copied = sqlx::query("VACUUM INTO $1").bind(to).execute(&mut beside).await;
        copied.context("copying the replica")?;
        beside.close().await.context("closing the replica")
    }

    /// All backups, the oldest first.
    ///
    /// # Errors
    /// When the folder does not read.
    pub fn all(&self) -> Result<Vec<PathBuf>> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Ok(vec![]) };
        let mut files = Vec::new();
        for entry in entries {
            let path = entry?.path();
            if made_at(&path).is_some() {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// When the newest was made.
    ///
    /// # Errors
    /// When the folder does not read.
    pub fn newest(&self) -> Result<Option<EpochMs>> {
        Ok(self.all()?.last().and_then(|path| made_at(path)))
    }

    /// Makes one each night for as long as it is polled, and tells the loop how it went.
    pub async fn nightly(self, events: mpsc::UnboundedSender<Event>) {
        let mut beat = tokio::time::interval(LOOK_EVERY);
        beat.tick().await;
        loop {
            let made = match self.newest() {
                Ok(newest) if !is_due(newest, clock::now()) => Ok(newest),
                Ok(_) => self.make(clock::now()).await.map(|file| made_at(&file)),
                Err(error) => Err(error),
            };
            if let Err(error) = &made {
                tracing::error!("no backup was made: {error:#}");
            }
            let news = ReplicaNews::Backup(made.map_err(|error| format!("{error:#}")));
            if events.send(Event::Replica(news)).is_err() {
                return;
            }
            beat.tick().await;
        }
    }

    /// Opens a backup into a file that is not there yet.
    ///
    /// # Errors
    /// When it is no backup, was sealed with another key, or is not whole; the file may be there in part.
    pub fn unpack(&self, backup: &Path, to: &Path) -> Result<()> {
        let from = File::open(backup).with_context(|| format!("opening {}", backup.display()))?;
        let opening = Opening::begin(self.key.clone(), BufReader::new(from))
            .with_context(|| format!("reading {}", backup.display()))?;
        let mut to = private(to)?;
        zstd::stream::copy_decode(opening, &mut to)
            .with_context(|| format!("opening {}", backup.display()))?;
        to.sync_all().context("writing the opened backup")
    }
}

/// A file that goes when it is no longer needed, also when something fails.
struct Passing(PathBuf);

impl Passing {
    fn new(path: PathBuf) -> Result<Self> {
        if path.exists() {
            std::fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
        private(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Passing {
    fn drop(&mut self) {
        // It may never have come to be.
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A new file that only its owner reads.
fn private(path: &Path) -> Result<File> {
    let opened = std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    opened.with_context(|| format!("making {}", path.display()))
}

fn pack(key: SealKey, from: &Path, to: &Path) -> Result<()> {
    let partial = Passing::new(to.with_extension("partial"))?;
    let out = std::fs::OpenOptions::new().write(true).open(&partial.0)?;
    let mut packing = zstd::Encoder::new(Sealing::begin(key, BufWriter::new(out))?, LEVEL)?;
    std::io::copy(&mut File::open(from)?, &mut packing).context("packing the copy")?;
    let out = packing.finish()?.finish()?.into_inner().context("writing the backup")?;
    out.sync_all().context("writing the backup")?;
    std::fs::rename(&partial.0, to).context("naming the backup")?;
    let folder = to.parent().context("a backup lies in a folder")?;
    Ok(File::open(folder)?.sync_all()?)
}

fn made_at(path: &Path) -> Option<EpochMs> {
    let name = path.file_name()?.to_str()?;
    clock::of_stamp(name.strip_prefix("station-")?.strip_suffix(".backup")?)
}

/// One a night, counted from two in the morning; a PC that was off then makes it when it is on again.
fn is_due(newest: Option<EpochMs>, now: EpochMs) -> bool {
    let night = |at: EpochMs| clock::day(at.0 - 2 * HOUR_MS);
    newest.is_none_or(|newest| night(newest) != night(now))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn at(stamp: &str) -> EpochMs {
        clock::of_stamp(stamp).unwrap()
    }

    #[test]
    fn a_backup_is_due_once_a_night_and_when_a_night_was_missed() {
        // Two in the morning in China is six in the evening of the day before in UTC.
        let evening = at("20261123T140000.000Z");
        assert!(is_due(None, evening));
        assert!(!is_due(Some(evening), at("20261123T175959.999Z")));
        assert!(is_due(Some(evening), at("20261123T180000.000Z")));
        assert!(!is_due(Some(at("20261123T180000.000Z")), at("20261124T170000.000Z")));
        assert!(is_due(Some(at("20261123T180000.000Z")), at("20261126T010000.000Z")));
    }

    #[test]
    fn only_files_named_as_backups_are_counted_as_such() {
        assert_eq!(
            made_at(Path::new("b/station-20261123T140000.000Z.backup")),
            Some(at("20261123T140000.000Z"))
        );
        for other in ["station.db", "station-20261123T140000.000Z.partial", "station-.backup", "copying.db"] {
            assert_eq!(made_at(Path::new(other)), None, "{other}");
        }
    }
}
