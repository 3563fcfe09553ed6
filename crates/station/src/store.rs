//! The replica on disk: one SQLite file, one writer, a pool of readers.
//!
//! Facts are durable (`synchronous=FULL`) before anyone hears "good". What the floor needs at once is kept in tables
//! that follow from facts and feed in the same transaction (`facts`, `feed`); `audit` recounts them. Holds no rule of
//! the business: those are asked of the domain.

pub mod audit;
pub mod catch_up;
pub mod facts;
pub mod feed;
mod labels;
pub mod orders;
pub mod own_log;
mod plan;
mod project;
pub mod reference;
pub mod sync;
pub mod tasks;
pub mod today;

use anyhow::{Context as _, Result, ensure};
use catch_up::{CATCHING_UP, CatchingUp, Lost};
use liangcang_domain::seal::SealKey;
use liangcang_domain::unit::EpochMs;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection as _, Sqlite, SqliteConnection, SqlitePool, Transaction};
use std::path::{Path, PathBuf};
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
    /// Whether facts of another file are on their way back.
    pub(crate) catching_up: Option<CatchingUp>,
    /// Own facts that could be read nowhere.
    pub(crate) lost: Vec<Lost>,
    file: PathBuf,
}

impl Store {
    /// Opens or makes the replica in `folder` (`station.db`, `seal.key`) and brings it to the newest schema.
    ///
    /// # Errors
    /// When the folder cannot be written, the file is not a replica, or SQLite is too old.
    pub async fn open(folder: &Path) -> Result<Self> {
        std::fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
        let seal = seal_of(folder)?;
        let options = options(&file_in(folder)).create_if_missing(true);
        let mut writer = open_with(&options)
            .await
            .with_context(|| format!("opening the replica in {}", folder.display()))?;
        let catching_up = meta(&mut writer, CATCHING_UP).await?;
        let catching_up = catching_up.and_then(|word| CatchingUp::parse(&word));
        let lost = catch_up::read_lost(&mut writer).await?;
        let readers = SqlitePoolOptions::new()
            .min_connections(READERS)
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .context("opening the readers")?;
        Ok(Self { writer, readers, seal, catching_up, lost, file: file_in(folder) })
    }
}

impl Store {
    /// Begins to write. A full disk may have broken the transaction before off in a way that leaves the connection in
    /// doubt of it for good; then a new connection takes its place.
    ///
    /// # Errors
    /// When the replica does not open or is held.
    pub(crate) async fn begin(&mut self) -> Result<Transaction<'_, Sqlite>> {
        if self.writer.is_in_transaction() {
            // What was dropped is rolled back behind the next question.
            self.writer.ping().await.context("asking the replica")?;
        }
        if self.writer.is_in_transaction() {
            let anew = SqliteConnection::connect_with(&options(&self.file)).await;
            self.writer = anew.context("opening the replica once more")?;
        }
        self.writer.begin_with("BEGIN IMMEDIATE").await.context("beginning to write")
    }

    /// Writes the time down: whether the disk takes anything at all.
    ///
    /// # Errors
    /// When it does not.
    pub async fn try_disk(&mut self, now: EpochMs) -> Result<()> {
        set_meta(&mut self.writer, "disk_tried", &now.to_string()).await.context("trying the disk")
    }
}

/// The file of the replica in a station's folder.
pub(crate) fn file_in(folder: &Path) -> PathBuf {
    folder.join("station.db")
}

/// A file that lies beside another under its name with more behind it.
pub(crate) fn beside(file: &Path, more: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(more);
    PathBuf::from(name)
}

/// The key personal fields are sealed with, made if there is none.
pub(crate) fn seal_of(folder: &Path) -> Result<SealKey> {
    Ok(SealKey::new(&crate::secret::key_file(&folder.join("seal.key"))?))
}

/// Opens or makes a replica that nobody else has open, without a journal beside it, and brings it to the newest schema.
pub(crate) async fn open_alone(file: &Path) -> Result<SqliteConnection> {
    open_with(&options(file).journal_mode(SqliteJournalMode::Delete).create_if_missing(true)).await
}

/// What SQLite finds wrong with an open file, looking it through whole; empty when it is sound.
pub(crate) async fn faults(connection: &mut SqliteConnection) -> Result<Vec<String>> {
    let said: Vec<String> = sqlx::query_scalar("PRAGMA quick_check(5)")
        .fetch_all(connection)
        .await
        .context("looking it through")?;
    Ok(said.into_iter().filter(|line| line != "ok").collect())
}

async fn open_with(options: &SqliteConnectOptions) -> Result<SqliteConnection> {
    let mut writer = SqliteConnection::connect_with(options).await?;
    check_version(&mut writer).await?;
    sqlx::migrate!("../../migrations/station")
        .run(&mut writer)
        .await
        .context("bringing the replica up to date")?;
    Ok(writer)
}

/// For a file that is only looked at, as it is.
pub(crate) fn looking(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging()
}

fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", JOURNAL_PAGES)
        .busy_timeout(Duration::from_secs(5))
        .foreign_keys(false)
        .disable_statement_logging()
}

/// Carries the journal into the file once a second, beside the writer: done by the writer itself, it makes one scan in
/// a few wait for a whole megabyte to reach the disk. Runs until it is dropped; while the disk refuses, it tries again.
///
/// # Errors
/// When the replica does not open; the writer then does it by itself, later and all at once.
pub async fn keep_journal_short(folder: &Path) -> Result<()> {
    let mut beside = SqliteConnection::connect_with(&options(&file_in(folder)))
        .await
        .context("opening the replica once more")?;
    let mut beat = tokio::time::interval(TIDY_EVERY);
    let mut refused = false;
    loop {
        beat.tick().await;
        // Passive: takes what it can have without making anybody wait.
        let tidied = sqlx::query("PRAGMA wal_checkpoint(PASSIVE)").execute(&mut beside).await;
        if let (Err(error), false) = (&tidied, refused) {
            tracing::warn!("the journal could not be carried into the file: {error}");
        }
        refused = tidied.is_err();
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
