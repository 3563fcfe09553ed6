//! Whether the replica's file is sound: looked at when the station starts, and beside the work while it runs.
//!
//! What is found while the floor works is marked for the next start, which puts a sound file in its place
//! (`crate::successor`); the floor goes on as long as facts can be stored.

pub(crate) mod salvage;

use crate::event::{Event, ReplicaNews};
use crate::store;
use crate::trouble::Trouble;
use anyhow::Result;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;

/// A file up to this size is looked through whole before the station starts; a larger one beside its work.
const WHOLE_BYTES: u64 = 64 << 20;
const LOOK_EVERY: Duration = Duration::from_secs(6 * 3600);

/// The mark beside a file that was found damaged.
pub(crate) fn mark_of(folder: &Path) -> PathBuf {
    folder.join("station.db-damaged")
}

/// What is wrong with the replica's file; `None` when it may be worked with. The replica of a PC that is `enrolled`
/// must say so.
///
/// # Errors
/// When that cannot be told: the disk does not read, or the file is held by somebody.
pub(crate) async fn found(folder: &Path, enrolled: bool) -> Result<Option<String>> {
    if let Ok(why) = std::fs::read_to_string(mark_of(folder)) {
        return Ok(Some(why));
    }
    let Ok(about) = std::fs::metadata(store::file_in(folder)) else {
        return Ok(Some("the file is not there".into()));
    };
    told(look(folder, enrolled, about.len() <= WHOLE_BYTES).await)
}

/// Damage is an answer, any other fault is none.
fn told(looked: Result<Vec<String>>) -> Result<Option<String>> {
    match looked {
        Ok(faults) if faults.is_empty() => Ok(None),
        Ok(faults) => Ok(Some(faults.join("; "))),
        Err(error) => match Trouble::of(&format!("{error:#}")) {
            Some(Trouble::Damaged) => Ok(Some(format!("{error:#}"))),
            _ => Err(error.context("looking at the replica's file")),
        },
    }
}

async fn look(folder: &Path, enrolled: bool, whole: bool) -> Result<Vec<String>> {
    let mut beside = store::looking(&store::file_in(folder)).connect().await?;
    let faults = faults(&mut beside, enrolled, whole).await;
    // What was read stands, whatever closing says.
    let _ = beside.close().await;
    faults
}

async fn faults(beside: &mut SqliteConnection, enrolled: bool, whole: bool) -> Result<Vec<String>> {
    if enrolled && !says_whose(beside).await? {
        return Ok(vec!["the file holds no replica of this station".into()]);
    }
    if whole { store::faults(beside).await } else { Ok(vec![]) }
}

async fn says_whose(beside: &mut SqliteConnection) -> Result<bool> {
    let tables: i64 = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('meta', 'fact', 'orders')",
    )
    .fetch_one(&mut *beside)
    .await?;
    Ok(tables == 3 && store::meta(beside, "station").await?.is_some())
}

/// Looks the whole file through beside the work, at once and every six hours, for as long as it is polled.
pub(crate) async fn watch(folder: PathBuf, events: mpsc::UnboundedSender<Event>) {
    let mut beat = tokio::time::interval(LOOK_EVERY);
    loop {
        beat.tick().await;
        match told(look(&folder, true, true).await) {
            Ok(None) => {}
            Ok(Some(why)) => {
                if events.send(Event::Replica(ReplicaNews::Damaged(why))).is_err() {
                    return;
                }
            }
            Err(error) => tracing::warn!("the replica's file could not be looked through: {error:#}"),
        }
    }
}

/// Marks the file, so that the next start replaces it.
pub(crate) fn mark(folder: &Path, why: &str) {
    tracing::error!("the replica's file is damaged and is rebuilt at the next start: {why}");
    if let Err(error) = std::fs::write(mark_of(folder), why) {
        // The next start looks for itself; the mark spares a large file the time.
        tracing::error!("the damage could not be marked: {error}");
    }
}
