//! The replica on disk: one SQLite file, one writer, a pool of readers.
//!
//! Facts are durable (`synchronous=FULL`) before anyone hears "good". What the floor needs at once is kept in tables
//! that follow from facts and feed in the same transaction (`facts`, `feed`); `audit` recounts them. Holds no rule of
//! the business: those are asked of the domain.

pub mod audit;
pub mod facts;
pub mod feed;
mod labels;
pub mod orders;
mod plan;
mod project;
pub mod reference;
pub mod sync;
pub mod tasks;
pub mod today;

use anyhow::{Context as _, Result, ensure};
use liangcang_domain::seal::SealKey;
use liangcang_domain::unit::EpochMs;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, SqliteConnection, SqlitePool};
use std::path::Path;
use std::time::Duration;

/// The first SQLite without the WAL-reset corruption.
const OLDEST_SQLITE: (u32, u32, u32) = (3, 51, 3);
const READERS: u32 = 4;
/// Pages of journal (64 MB) at which the writer itself carries them into the file. It comes to that only where
/// [`keep_journal_short`] does not run or falls behind.
const JOURNAL_PAGES: &str = "16000";
/// How often the journal is carried into the file beside the writer.
const TIDY_EVERY: Duration = Duration::from_secs(1);

/// The replica, open. The writer belongs to the loop alone; `readers` may be cloned.
#[derive(Debug)]
pub struct Store {
    /// The only connection that writes.
    pub(crate) writer: SqliteConnection,
    /// Connections that only read.
    pub readers: SqlitePool,
    /// Seals receivers at rest.
    pub seal: SealKey,
}

impl Store {
    /// Opens or makes the replica in `folder` (`station.db`, `seal.key`) and brings it to the newest schema.
    ///
    /// # Errors
    /// When the folder cannot be written, the file is not a replica, or SQLite is too old.
    pub async fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let seal = SealKey::new(&crate::secret::key_file(&folder.join("seal.key"))?);
        let options = options(folder).create_if_missing(true);
        let mut writer = SqliteConnection::connect_with(&options)
            .await
            .with_context(|| format!("opening the replica in {}", folder.display()))?;
        check_version(&mut writer).await?;
        sqlx::migrate!("../../migrations/station")
            .run(&mut writer)
            .await
            .context("bringing the replica up to date")?;
        let readers = SqlitePoolOptions::new()
            .min_connections(READERS)
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .context("opening the readers")?;
        Ok(Self { writer, readers, seal })
    }
}

impl Store {
    /// Writes the time down: whether the disk takes anything at all.
    ///
    /// # Errors
    /// When it does not.
    pub async fn try_disk(&mut self, now: EpochMs) -> Result<()> {
        set_meta(&mut self.writer, "disk_tried", &now.to_string()).await.context("trying the disk")
    }
}

fn options(folder: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(folder.join("station.db"))
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", JOURNAL_PAGES)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(false)
        .disable_statement_logging()
}

/// Carries the journal into the file once a second, beside the writer: done by the writer itself, it makes one scan in
/// a few wait for a whole megabyte to reach the disk. Runs until it is dropped.
///
/// # Errors
/// When the replica does not open, or the disk refuses; the writer then does it by itself, later and all at once.
pub async fn keep_journal_short(folder: &Path) -> Result<()> {
    let mut beside =
        SqliteConnection::connect_with(&options(folder)).await.context("opening the replica once more")?;
    let mut beat = tokio::time::interval(TIDY_EVERY);
    loop {
        beat.tick().await;
        // Passive: takes what it can have without making anybody wait.
        sqlx::query("PRAGMA wal_checkpoint(PASSIVE)")
            .execute(&mut beside)
            .await
            .context("tidying the journal")?;
    }
}

async fn check_version(connection: &mut SqliteConnection) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(connection).await?;
    let mut parts = version.split('.').map(|part| part.parse::<u32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let found = (next(), next(), next());
    ensure!(found >= OLDEST_SQLITE, "SQLite {version} can corrupt its journal; 3.51.3 or newer is needed");
    Ok(())
}

/// A value of `meta`.
pub(crate) async fn meta<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
    key: &str,
) -> sqlx::Result<Option<String>> {
    sqlx::query_scalar("SELECT value FROM meta WHERE key = $1").bind(key).fetch_optional(executor).await
}

/// Sets a value of `meta`.
pub(crate) async fn set_meta<'e>(
    executor: impl sqlx::Executor<'e, Database = sqlx::Sqlite>,
    key: &str,
    value: &str,
) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO meta VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
        .bind(key)
        .bind(value)
        .execute(executor)
        .await?;
    Ok(())
}
