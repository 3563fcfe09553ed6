//! A replica that took another's place: facts of its own earlier epochs come back from the server, then what was saved
//! from the old file goes into the log again, in its order and under its own gestures.
//!
//! A fact is never dropped: what it leads to may not fit any more, then it stands in the log and is named (`unfit`).
//! How the file was replaced is not told here (`crate::successor`).

use super::own_log::{OwnLog, turn_to};
use super::{Store, facts, meta, set_meta};
use crate::store::sync::Identity;
use anyhow::{Context as _, Result, ensure};
use liangcang_domain::fact::Recorded;
use liangcang_sync::Entry;
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, Row as _, SqliteConnection};

/// Why facts are on their way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatchingUp {
    /// A backup took the replica's place: the floor works with what it says.
    Restored,
    /// The replica begins anew: the floor waits, for it knows nothing of what it holds.
    Rebuilt,
}

impl CatchingUp {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Rebuilt => "rebuilt",
        }
    }

    pub(super) fn parse(word: &str) -> Option<Self> {
        [Self::Restored, Self::Rebuilt].into_iter().find(|one| one.as_str() == word)
    }
}

/// Own facts that could not be read from a damaged file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lost {
    /// The epoch of the log.
    pub epoch: u32,
    /// The first sequence number.
    pub first: i64,
    /// The last; the greatest number where nobody knows how many there were.
    pub last: i64,
}

impl std::fmt::Display for Lost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { epoch, first, last } = self;
        match *last {
            i64::MAX => write!(f, "{epoch}:{first}–?"),
            last if last > *first => write!(f, "{epoch}:{first}–{last}"),
            _ => write!(f, "{epoch}:{first}"),
        }
    }
}

/// Key in `meta` of what could not be read.
pub(crate) const LOST: &str = "lost";
/// Key in `meta` of why facts are on their way back.
pub(crate) const CATCHING_UP: &str = "catching_up";

impl Store {
    /// Takes facts of own earlier epochs that the server gave back. What came before is passed over.
    ///
    /// # Errors
    /// When one is of another writer, of the present epoch, not the next of its log, or the disk refuses; nothing is
    /// kept then.
    pub async fn take_returned(&mut self, identity: &Identity, entries: &[Entry]) -> Result<()> {
        let mut tx = self.begin().await?;
        let mut heads = OwnLog::read(&mut tx, identity).await?.heads();
        let mut writing = None;
        for entry in entries {
            let epoch = entry.log.epoch;
            ensure!(
                entry.log.writer == identity.station && epoch < identity.epoch,
                "the server gave back a fact that is none of this station's earlier ones"
            );
            let head = heads.entry(epoch).or_default();
            let seq = i64::try_from(entry.seq)?;
            if seq <= *head {
                continue;
            }
            ensure!(seq == *head + 1, "the server gave back fact {seq} of epoch {epoch} after {head}");
            if writing != Some(epoch) {
                turn_to(&mut tx, identity.epoch, epoch, seq).await?;
                writing = Some(epoch);
            }
            keep(&mut tx, entry.body.get(), None).await?;
            *head = seq;
        }
        if writing.is_some() {
            let next = heads.get(&identity.epoch).copied().unwrap_or(0) + 1;
            turn_to(&mut tx, identity.epoch, identity.epoch, next).await?;
        }
        tx.commit().await.context("storing facts that came back")
    }

    /// Nothing more comes back: what was saved from the old file goes into the log again. Gives how many facts.
    ///
    /// # Errors
    /// When the disk refuses; nothing is kept then and it is done again.
    pub async fn caught_up(&mut self, identity: &Identity) -> Result<usize> {
        let mut tx = self.begin().await?;
        let saved =
            sqlx::query("SELECT ordinal, body FROM salvaged ORDER BY fact_row").fetch_all(&mut *tx).await?;
        for row in &saved {
            keep(&mut tx, row.get(1), Some(row.get(0))).await?;
        }
        sqlx::query("DELETE FROM salvaged").execute(&mut *tx).await?;
        let heads = OwnLog::read(&mut tx, identity).await?.heads();
        let lost: Vec<Lost> = read_lost(&mut tx)
            .await?
            .into_iter()
            .filter_map(|lost| {
                let has =
                    heads.get(&lost.epoch).copied().filter(|_| lost.epoch < identity.epoch).unwrap_or(0);
                let first = lost.first.max(has + 1);
                (first <= lost.last).then_some(Lost { first, ..lost })
            })
            .collect();
        set_meta(&mut *tx, LOST, &serde_json::to_string(&lost)?).await?;
        sqlx::query("DELETE FROM meta WHERE key = $1").bind(CATCHING_UP).execute(&mut *tx).await?;
        tx.commit().await.context("putting saved facts back")?;
        (self.catching_up, self.lost) = (None, lost);
        Ok(saved.len())
    }
}

/// What could not be read of a file that was replaced.
pub(crate) async fn read_lost(connection: &mut SqliteConnection) -> Result<Vec<Lost>> {
    let text = meta(&mut *connection, LOST).await?;
    text.map_or_else(|| Ok(vec![]), |text| serde_json::from_str(&text).context("reading what was lost"))
}

/// Keeps one fact. With its place in its gesture, a fact that is here already is passed over; without, it is the next
/// of its gesture.
async fn keep(tx: &mut SqliteConnection, body: &str, place: Option<i64>) -> Result<()> {
    let raw: serde_json::Value = serde_json::from_str(body).context("a fact is no JSON")?;
    let gesture = raw["gesture"].as_str().unwrap_or_default();
    let here: i64 = sqlx::query_scalar("SELECT count(*) FROM fact WHERE gesture = $1")
        .bind(gesture)
        .fetch_one(&mut *tx)
        .await?;
    let ordinal = place.unwrap_or(here);
    if ordinal < here {
        return Ok(());
    }
    let why = match serde_json::from_str::<Recorded>(body) {
        Err(error) => format!("this program does not read it: {error}"),
        Ok(recorded) => {
            let mut attempt = tx.begin().await?;
            match facts::append(&mut attempt, &recorded, ordinal).await {
                Ok(()) => return Ok(attempt.commit().await?),
                Err(error) => {
                    attempt.rollback().await?;
                    format!("{error:#}")
                }
            }
        }
    };
    // Kept out of every task: a state folded from it would not be what the tables say.
    let row: i64 = sqlx::query_scalar(
        "INSERT INTO fact (gesture, ordinal, at, operator, task, body) VALUES ($1, $2, $3, $4, '', $5) RETURNING seq",
    )
    .bind(gesture)
    .bind(ordinal)
    .bind(raw["at"].as_i64().unwrap_or_default())
    .bind(raw["by"].as_str().unwrap_or_default())
    .bind(body)
    .fetch_one(&mut *tx)
    .await?;
    tracing::warn!("fact {row} came back and does not fit: {why}");
    sqlx::query("INSERT INTO unfit VALUES ($1, $2)").bind(row).bind(why).execute(tx).await?;
    Ok(())
}
