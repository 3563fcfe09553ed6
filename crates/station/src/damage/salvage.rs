//! What can still be read of a replica that is damaged or is being replaced: facts that no server has confirmed, row by
//! row, so that one bad page costs its own rows and no others.
//!
//! Reads beside whatever is wrong and never writes to the file. Facts the server confirmed are not wanted: they come
//! back from there.

use crate::store;
use crate::store::catch_up::{Lost, read_lost};
use crate::store::own_log::OwnLog;
use crate::store::sync::{self, Identity};
use anyhow::{Context as _, Result};
use liangcang_domain::fact::Recorded;
use liangcang_sync::Cursors;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};
use std::io::Write as _;
use std::path::Path;

/// After so many rows in succession that are not there, there are no more.
const NO_MORE: i64 = 10_000;

/// A fact that was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Saved {
    pub gesture: String,
    pub ordinal: i64,
    pub body: String,
}

/// What was read of the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Salvage {
    /// Who it says it is.
    pub identity: Option<Identity>,
    /// Facts no server has confirmed, in their order.
    pub facts: Vec<Saved>,
    /// Facts that could not be read, and what an earlier salvage could not.
    pub lost: Vec<Lost>,
    /// Nothing at all could be read: what it held is not even known by number.
    pub unreadable: Option<String>,
}

/// Reads what can be read of the replica in `folder`; `known` stands in for what it no longer says of itself.
pub(crate) async fn salvage(folder: &Path, known: Option<&Identity>) -> Salvage {
    let file = store::file_in(folder);
    let first = from_file(&file, known).await;
    let Err(error) = &first else { return first.unwrap_or_default() };
    let why = format!("{error:#}");
    // A file without its head, or one cut off, is read by SQLite once it has a head again that tells of no more than
    // is there; that is tried on a copy.
    match with_new_head(folder, known).await {
        Ok(salvage) => salvage,
        Err(error) => {
            tracing::error!("nothing can be read of {}: {why}; with a new head: {error:#}", file.display());
            let whatever_followed = known.map(|known| Lost { epoch: known.epoch, first: 1, last: i64::MAX });
            let lost = whatever_followed.into_iter().collect();
            Salvage { unreadable: Some(why), lost, ..Salvage::default() }
        }
    }
}

async fn from_file(file: &Path, known: Option<&Identity>) -> Result<Salvage> {
    let mut old = store::looking(file)
        .pragma("cell_size_check", "ON")
        .connect()
        .await
        .context("opening the old file")?;
    let salvage = from_connection(&mut old, known).await;
    let _ = old.close().await;
    salvage
}

async fn from_connection(old: &mut SqliteConnection, known: Option<&Identity>) -> Result<Salvage> {
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema WHERE name = 'fact'")
        .fetch_one(&mut *old)
        .await
        .context("reading what tables it has")?;
    anyhow::ensure!(tables == 1, "it has no facts");
    let said = sync::identity(old).await.ok().flatten();
    let Some(identity) = said.clone().or_else(|| known.cloned()) else {
        anyhow::bail!("it does not say whose replica it is");
    };
    let mut salvage = Salvage { identity: said, ..Salvage::default() };
    salvage.lost = read_lost(old).await.unwrap_or_default();
    // Saved once already, from a file before this one, and not yet in the log again.
    let earlier =
        sqlx::query("SELECT gesture, ordinal, body FROM salvaged ORDER BY fact_row").fetch_all(&mut *old);
    for row in earlier.await.unwrap_or_default() {
        salvage.facts.extend(readable(row.get(0), row.get(1), row.get(2)));
    }
    for (row, log) in unsent(old, &identity, &mut salvage.lost).await {
        match fact(old, row).await {
            Some(saved) => salvage.facts.push(saved),
            None => name_lost(&mut salvage.lost, log),
        }
    }
    Ok(salvage)
}

/// Rows the server has not confirmed, each with its place in its log: all rows where that cannot be told. Where nobody
/// knows how many there were, what may have followed is lost.
async fn unsent(
    old: &mut SqliteConnection,
    identity: &Identity,
    lost: &mut Vec<Lost>,
) -> Vec<(i64, (u32, i64))> {
    let confirmed = sync::cursors(&mut *old, "confirmed").await.unwrap_or_default();
    if let Ok(stretches) = OwnLog::read(old, identity).await.and_then(|log| log.after(&confirmed)) {
        let rows = stretches.iter().flat_map(|stretch| {
            (0..stretch.rows()).map(|at| (stretch.first_row + at, (stretch.epoch, stretch.seq + at)))
        });
        return rows.collect();
    }
    let first = i64::try_from(confirmed.of(&identity.log())).unwrap_or(0) + 1;
    let first = if confirmed == Cursors::default() { 1 } else { first };
    let last = last_row(old, first).await;
    lost.push(Lost { epoch: identity.epoch, first: last + 1, last: i64::MAX });
    (first..=last).map(|row| (row, (identity.epoch, row))).collect()
}

/// The last row there is, found by asking for one after the other.
async fn last_row(old: &mut SqliteConnection, first: i64) -> i64 {
    let (mut last, mut row) = (first - 1, first);
    while row - last <= NO_MORE {
        // A damaged page answers for rows it never had: only what reads as a fact is there.
        if fact(old, row).await.is_some() {
            last = row;
        }
        row += 1;
    }
    last
}

async fn fact(old: &mut SqliteConnection, row: i64) -> Option<Saved> {
    let sql = "SELECT gesture, ordinal, body FROM fact WHERE seq = $1";
    let row = sqlx::query(sql).bind(row).fetch_optional(old).await.ok().flatten()?;
    readable(row.try_get(0).ok()?, row.try_get(1).ok()?, row.try_get(2).ok()?)
}

/// Only what reads as a fact of the gesture it is filed under is one: a damaged page may give anything.
fn readable(gesture: String, ordinal: i64, body: String) -> Option<Saved> {
    let recorded: Recorded = serde_json::from_str(&body).ok()?;
    (recorded.gesture.as_str() == gesture).then_some(Saved { gesture, ordinal, body })
}

fn name_lost(lost: &mut Vec<Lost>, (epoch, seq): (u32, i64)) {
    match lost.last_mut() {
        Some(last) if last.epoch == epoch && last.last.checked_add(1) == Some(seq) => last.last = seq,
        _ => lost.push(Lost { epoch, first: seq, last: seq }),
    }
}

/// The head every replica has: pages of 4,096 bytes, a journal beside it, text in UTF-8. Counts are left out; SQLite
/// takes them from the file's length then.
fn new_head() -> [u8; 100] {
    let mut head = [0; 100];
    head[..16].copy_from_slice(b"SQLite format 3\0");
    head[16..24].copy_from_slice(&[0x10, 0, 2, 2, 0, 64, 32, 32]);
    head[43] = 1;
    head[47] = 4;
    head[59] = 1;
    head
}

async fn with_new_head(folder: &Path, known: Option<&Identity>) -> Result<Salvage> {
    let aside = empty_folder_in(folder)?;
    let copy = aside.join("station.db");
    let copied = copy_with_head(folder, &copy);
    let salvage = match copied {
        Ok(()) => from_file(&copy, known).await,
        Err(error) => Err(error),
    };
    std::fs::remove_dir_all(&aside).with_context(|| format!("removing {}", aside.display()))?;
    salvage
}

fn empty_folder_in(folder: &Path) -> Result<std::path::PathBuf> {
    let aside = folder.join("salvage");
    if aside.exists() {
        std::fs::remove_dir_all(&aside).with_context(|| format!("removing {}", aside.display()))?;
    }
    std::fs::create_dir(&aside).with_context(|| format!("making {}", aside.display()))?;
    Ok(aside)
}

fn copy_with_head(folder: &Path, copy: &Path) -> Result<()> {
    let file = store::file_in(folder);
    std::fs::copy(&file, copy).context("copying the old file")?;
    let journal = store::beside(&file, "-wal");
    if journal.exists() {
        std::fs::copy(journal, store::beside(copy, "-wal")).context("copying the old journal")?;
    }
    let mut headed = std::fs::OpenOptions::new().write(true).open(copy)?;
    Ok(headed.write_all(&new_head())?)
}

#[cfg(test)]
mod tests;
