//! The server's database, SQLite in its data directory or PostgreSQL elsewhere, and the key personal fields are
//! sealed with.
//!
//! Several programs may work on one database. On SQLite each write transaction begins with `BEGIN IMMEDIATE`; on
//! PostgreSQL those of the office and the floor take turns by one advisory lock, so that the same code is right on
//! both, while intake locks nothing but the rows of its campaign ([`Database::begin_intake`]). What the tables mean
//! stands in `migrations/server`.

mod insert;
mod statement;
mod transaction;

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use liangcang_domain::seal::SealKey;
use sqlx::Connection as _;
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};

pub use insert::{insert_rows, run_all};
pub use statement::{Column, Query, Read, Row, Value, query};
pub use transaction::Transaction;

use crate::secret::{self, Nonces};

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations/server");
/// Older ones may lose a committed write-ahead log when two programs checkpoint at once.
const OLDEST_SQLITE: [u32; 3] = [3, 51, 3];
/// How long a writer waits for the other program's transaction. An import's group takes well under a second.
const WAIT_FOR_WRITER: Duration = Duration::from_secs(30);
const READERS: u32 = 4;
/// Pages a connection keeps, in KiB (negative, as SQLite wants it): the indices of a million orders for the writer.
const CACHE_KIB: &str = "-131072";
/// Pages of the write-ahead log after which it is carried into the file: 64 MB, so that a burst does it seldom.
const CHECKPOINT_PAGES: &str = "16000";
/// Connections of one server to a cluster: intake, the floor, the office and some readers.
const CLUSTER_CONNECTIONS: u32 = 12;
/// The advisory lock by which the office and the floor take turns on a cluster: "liangcan" in ASCII.
const TURN: i64 = 0x6c69_616e_6763_616e;

/// The open database.
#[derive(Clone, Debug)]
pub struct Database {
    pools: Pools,
    key: SealKey,
    nonces: Arc<Nonces>,
}

#[derive(Clone, Debug)]
enum Pools {
    /// A file has one writer; readers never wait for it.
    Sqlite {
        writer: SqlitePool,
        readers: SqlitePool,
    },
    Postgres(PgPool),
}

impl Database {
    /// Opens the SQLite database of a data directory, makes directory, file and key where they are missing, and
    /// brings the tables up to date.
    ///
    /// # Errors
    /// What is wrong with the directory, and what to do now.
    pub async fn open(dir: &Path) -> Result<Self> {
        let _lock = lock(dir)?;
        let file = dir.join("server.db");
        let key = seal_key(dir, file.exists())?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            // What a statement of many rows may have to take back would go through a file otherwise.
            .pragma("temp_store", "MEMORY")
            .pragma("cache_size", CACHE_KIB)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            .busy_timeout(WAIT_FOR_WRITER);
        let pool = |connections: u32| {
            SqlitePoolOptions::new()
                .min_connections(connections)
                .max_connections(connections)
                .acquire_timeout(WAIT_FOR_WRITER)
                // A disk that is full at the commit may leave a connection inside its transaction for good.
                .after_release(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }))
                .idle_timeout(None)
                .max_lifetime(None)
        };
        let opening = || format!("{} cannot be opened", file.display());
        let writer = pool(1).connect_with(options.clone()).await.with_context(opening)?;
        refuse_old_sqlite(&writer).await?;
        MIGRATIONS.run(&writer).await.context("the tables cannot be brought up to date")?;
        let readers = pool(READERS).connect_with(options.read_only(true)).await.with_context(opening)?;
        Ok(Self { pools: Pools::Sqlite { writer, readers }, key, nonces: Arc::new(Nonces::draw()?) })
    }

    /// Opens a database of a PostgreSQL cluster (`postgres://user:password@host/name`) and brings its tables up to
    /// date. The key personal fields are sealed with lies in the data directory; every server of the cluster needs
    /// the same one.
    ///
    /// # Errors
    /// What is wrong with the address, the cluster or the key, and what to do now.
    pub async fn open_postgres(dir: &Path, address: &str) -> Result<Self> {
        let _lock = lock(dir)?;
        let pool = PgPoolOptions::new()
            .max_connections(CLUSTER_CONNECTIONS)
            .acquire_timeout(WAIT_FOR_WRITER)
            .connect(address)
            .await
            .context(
                "the PostgreSQL database cannot be reached: check --database and that the cluster runs",
            )?;
        // The one type the two databases name differently; rows come back as BYTEA.
        let domain = "DO $$ BEGIN CREATE DOMAIN blob AS bytea; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$";
        sqlx::query(domain).execute(&pool).await.context("the type for blobs cannot be made")?;
        MIGRATIONS.run(&pool).await.context("the tables cannot be brought up to date")?;
        let used: bool =
            sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM key_mark)").fetch_one(&pool).await?;
        let nonces = Arc::new(Nonces::draw()?);
        let database = Self { pools: Pools::Postgres(pool), key: seal_key(dir, used)?, nonces };
        database.refuse_other_key().await?;
        Ok(database)
    }

    /// A server with another key would seal what the others cannot open.
    async fn refuse_other_key(&self) -> Result<()> {
        let mark = secret::hex(&self.key.search_hash("key_mark"));
        let mut tx = self.begin().await?;
        query("INSERT INTO key_mark (id, mark) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
            .bind(&mark)
            .execute(&mut tx)
            .await?;
        let known: String = query("SELECT mark FROM key_mark WHERE id = 1").scalar(&mut tx).await?;
        ensure!(
            known == mark,
            "this server's seal.key is not the one this database was sealed with: copy seal.key from the first server's data directory"
        );
        tx.commit().await
    }

    /// Begins a write transaction of the office or the floor; others of that kind wait until it ends.
    ///
    /// # Errors
    /// When no turn came within half a minute.
    pub async fn begin(&self) -> Result<Transaction> {
        let mut tx = self.begin_intake().await?;
        if let Transaction::Postgres(_) = tx {
            query("SELECT CAST(pg_advisory_xact_lock($1) AS TEXT)").bind(TURN).execute(&mut tx).await?;
        }
        Ok(tx)
    }

    /// Begins a write transaction that locks only the rows it writes, in the order campaign, quotas or pools,
    /// orders, waybill numbers, feeds. On SQLite it is the one writer, as ever.
    ///
    /// # Errors
    /// When no connection came free within half a minute.
    pub async fn begin_intake(&self) -> Result<Transaction> {
        let busy = "the database stays busy with another writer";
        Ok(match &self.pools {
            Pools::Sqlite { writer, .. } => {
                Transaction::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await.context(busy)?)
            }
            Pools::Postgres(pool) => Transaction::Postgres(pool.begin().await.context(busy)?),
        })
    }

    /// Begins a look at the database as it is at this moment; writers do not wait for it.
    ///
    /// # Errors
    /// When all readers stay busy for half a minute.
    pub async fn look(&self) -> Result<Transaction> {
        let busy = "the database stays busy with readers";
        Ok(match &self.pools {
            Pools::Sqlite { readers, .. } => Transaction::Sqlite(readers.begin().await.context(busy)?),
            Pools::Postgres(pool) => {
                let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                Transaction::Postgres(pool.begin_with(begin).await.context(busy)?)
            }
        })
    }

    /// Whether other servers may write at the same moment.
    #[must_use]
    pub fn is_cluster(&self) -> bool {
        matches!(self.pools, Pools::Postgres(_))
    }

    /// The key personal fields are sealed with.
    #[must_use]
    pub fn key(&self) -> &SealKey {
        &self.key
    }

    /// Seals a personal field for its place (`table.column:row`).
    #[must_use]
    pub fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        self.key.seal(place, self.nonces.next(), plain)
    }

    /// Closes the files, so that the write-ahead log is folded in; or the connections.
    pub async fn close(self) {
        match self.pools {
            Pools::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// Held while tables are made, so that two programs started together do not both make them.
fn lock(dir: &Path) -> Result<fs::File> {
    fs::create_dir_all(dir)
        .with_context(|| format!("the data directory {} cannot be made", dir.display()))?;
    let lock =
        fs::File::create(dir.join("server.lock")).context("the data directory cannot be written to")?;
    lock.lock().context("server.lock cannot be locked")?;
    Ok(lock)
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
    async fn a_connection_that_is_stuck_in_a_transaction_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let database = Database::open(dir.path()).await.unwrap();
        let Pools::Sqlite { writer, .. } = &database.pools else { unreachable!("opened as a file") };
        let mut stuck = writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
        // Its rollback finds no transaction to end, fails, and so does not end ours.
        sqlx::query("ROLLBACK").execute(&mut *stuck).await.unwrap();
        drop(stuck);
        for _ in 0..2 {
            let mut tx = database.begin().await.unwrap();
            query("UPDATE company_revision SET revision = revision + 1").execute(&mut tx).await.unwrap();
            tx.commit().await.unwrap();
        }
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
            query(sql).execute(&mut tx).await.unwrap();
        }
        for sql in ["UPDATE pool SET held = 3", "UPDATE pool SET on_hand = 1", "UPDATE pool SET held = -1"] {
            let fault = query(sql).execute(&mut tx).await.unwrap_err();
            assert!(fault.to_string().contains("CHECK constraint failed"), "{fault}");
        }
    }
}
