//! The server's files: the SQLite database with its one writer, and the key personal fields are sealed with.
//!
//! Several programs may work on one data directory (`import` while `serve` runs): each write transaction begins
//! with `BEGIN IMMEDIATE` and waits for the other. What the tables mean stands in `migrations/server`.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use liangcang_domain::seal::{NONCE_LEN, SealKey};
use sqlx::migrate::Migrator;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Sqlite, Transaction};

use crate::secret;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/server");
/// Older ones may lose a committed write-ahead log when two programs checkpoint at once.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
/// How long a writer waits for the other program's transaction. An import's group takes well under a second.
const WAIT_FOR_WRITER: Duration = Duration::from_secs(30);
const READERS: u32 = 4;

/// The open database.
#[derive(Clone, Debug)]
pub struct Database {
    writer: SqlitePool,
    readers: SqlitePool,
    key: SealKey,
}

impl Database {
    /// Opens the database of a data directory, makes directory, file and key where they are missing, and brings the
    /// tables up to date.
    ///
    /// # Errors
    /// What is wrong with the directory, and what to do now.
    pub async fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir)
            .with_context(|| format!("the data directory {} cannot be made", dir.display()))?;
        let lock =
            fs::File::create(dir.join("server.lock")).context("the data directory cannot be written to")?;
        // Held while tables are made, so that two programs started together do not both make them.
        lock.lock().context("server.lock cannot be locked")?;
        let file = dir.join("server.db");
        let key = seal_key(dir, file.exists())?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WAIT_FOR_WRITER);
        let pool = |connections: u32| {
            SqlitePoolOptions::new()
                .min_connections(connections)
                .max_connections(connections)
                .acquire_timeout(WAIT_FOR_WRITER)
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let opening = || format!("{} cannot be opened", file.display());
        let writer = pool(1).connect_with(options.clone()).await.with_context(opening)?;
        refuse_old_sqlite(&writer).await?;
        MIGRATIONS.run(&writer).await.context("the tables cannot be brought up to date")?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await.with_context(opening)?;
        Ok(Self { writer, readers, key })
    }

    /// Begins the one write transaction; others wait until it ends.
    ///
    /// # Errors
    /// When no turn came within half a minute.
    pub async fn begin(&self) -> Result<Transaction<'static, Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await.context("the database stays busy with another writer")
    }

    /// Begins a look at the database as it is at this moment; writers do not wait for it.
    ///
    /// # Errors
    /// When all readers stay busy for half a minute.
    pub async fn look(&self) -> Result<Transaction<'static, Sqlite>> {
        self.readers.begin().await.context("the database stays busy with readers")
    }

    /// The key personal fields are sealed with.
    #[must_use]
    pub fn key(&self) -> &SealKey {
        &self.key
    }

    /// Seals a personal field for its place (`table.column:row`).
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn seal(&self, place: &str, plain: &[u8]) -> Result<Vec<u8>> {
        Ok(self.key.seal(place, secret::random::<NONCE_LEN>()?, plain))
    }

    /// Closes the files, so that the write-ahead log is folded in.
    pub async fn close(self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

async fn refuse_old_sqlite(pool: &SqlitePool) -> Result<()> {
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
    ensure!(
        new_enough(&version),
        "this program was built with SQLite {version}, which can lose committed data; 3.51.3 or later is needed"
    );
    Ok(())
}

fn new_enough(version: &str) -> bool {
    let parts: Option<Vec<u32>> = version.split('.').map(|part| part.parse().ok()).collect();
    parts.is_some_and(|parts| parts.as_slice() >= OLDEST_SQLITE.as_slice())
}

/// The key lies beside the database, readable by its owner alone; without it an existing database is of no use.
fn seal_key(dir: &Path, database_exists: bool) -> Result<SealKey> {
    let file = dir.join("seal.key");
    match fs::read(&file) {
        Ok(bytes) => {
            let secret = <[u8; 32]>::try_from(bytes.as_slice());
            let secret =
                secret.ok().context("seal.key is damaged (not 32 bytes): restore it from the backup")?;
            Ok(SealKey::new(&secret))
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound && !database_exists => {
            let secret = secret::random::<32>()?;
            write_private(&file, &secret)?;
            Ok(SealKey::new(&secret))
        }
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            bail!(
                "{} is missing: the receivers in server.db cannot be read without it; restore it",
                file.display()
            )
        }
        Err(fault) => Err(fault).with_context(|| format!("{} cannot be read", file.display())),
    }
}

/// Writes a new file that only its owner may read.
///
/// # Errors
/// When it exists, or cannot be written.
pub fn write_private(file: &Path, bytes: &[u8]) -> Result<()> {
    let writing = || format!("{} cannot be written", file.display());
    let mut open =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(file).with_context(writing)?;
    open.write_all(bytes).and_then(|()| open.sync_all()).with_context(writing)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    #[test]
    fn a_sqlite_that_can_lose_its_log_is_refused() {
        for (version, good) in [
            ("3.51.3", true),
            ("3.52.0", true),
            ("4.0", true),
            ("3.51.2", false),
            ("3.9.9", false),
            ("", false),
        ] {
            assert_eq!(new_enough(version), good, "{version}");
        }
    }

    #[tokio::test]
    async fn a_database_without_its_key_is_refused_by_name() {
        let dir = tempfile::tempdir().unwrap();
        Database::open(dir.path()).await.unwrap().close().await;
        fs::remove_file(dir.path().join("seal.key")).unwrap();
        let fault = Database::open(dir.path()).await.unwrap_err();
        assert!(fault.to_string().contains("seal.key is missing"), "{fault}");
    }

    #[tokio::test]
    async fn the_pools_check_fires_even_when_code_forgets_to() {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::open(dir.path()).await.unwrap();
        let mut tx = database.begin().await.unwrap();
        for sql in [
            "INSERT INTO warehouse VALUES ('SH', '', '', '', '', '[]')",
            "INSERT INTO sku VALUES ('R', '', '', '', '', 1, 1, 1, 1, 1, 'none', 'sack')",
            "INSERT INTO pool (warehouse, sku, on_hand, held, shipped) VALUES ('SH', 'R', 2, 2, 0)",
        ] {
            sqlx::query(sql).execute(&mut *tx).await.unwrap();
        }
        for sql in ["UPDATE pool SET held = 3", "UPDATE pool SET on_hand = 1", "UPDATE pool SET held = -1"] {
            let fault = sqlx::query(sql).execute(&mut *tx).await.unwrap_err();
            assert!(fault.to_string().contains("CHECK constraint failed"), "{fault}");
        }
    }
}
