//! Where a shop's books are: in a file of its data directory, or, when the tests were given a PostgreSQL cluster by
//! `LIANGCANG_TEST_POSTGRES`, in a database of its own there (`scripts/test.sh` runs all tests both ways).

use std::path::Path;
use std::thread;

use liangcang_server::database::Database;
use reqwest::Url;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use tempfile::TempDir;

/// The cluster's address, of a database in which nothing is kept, as `scripts/postgres.sh start` prints it.
const CLUSTER: &str = "LIANGCANG_TEST_POSTGRES";
/// The advisory lock under which the first test makes the template.
const MAKING: i64 = 1;

/// A database of its own in the cluster; it goes with this.
#[derive(Debug)]
pub struct ClusterDatabase {
    cluster: Url,
    name: String,
}

/// The cluster the tests were given.
pub fn cluster() -> Option<Url> {
    let address = std::env::var(CLUSTER).ok()?;
    Some(Url::parse(&address).unwrap_or_else(|fault| panic!("{CLUSTER} is no address: {fault}")))
}

impl ClusterDatabase {
    /// One with tables and nothing in them, named after the data directory; or without any table.
    pub async fn make(cluster: Url, dir: &Path, with_tables: bool) -> Self {
        let name = format!("shop_{}", dir.file_name().unwrap().to_str().unwrap().trim_start_matches('.'));
        let mut office = PgConnection::connect(cluster.as_str()).await.unwrap();
        let template = if with_tables { template(&mut office, &cluster).await } else { "template0".into() };
        run(&mut office, format!("CREATE DATABASE \"{name}\" TEMPLATE {template}")).await;
        office.close().await.unwrap();
        Self { cluster, name }
    }

    /// As `--database` takes it.
    pub fn address(&self) -> String {
        of(&self.cluster, &self.name)
    }
}

impl Drop for ClusterDatabase {
    /// Whoever still works on it is thrown out. A test may end in a runtime that is shutting down, so this has its own.
    fn drop(&mut self) {
        let (cluster, name) = (self.cluster.clone(), self.name.clone());
        let dropping = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            runtime.block_on(async {
                let mut office = PgConnection::connect(cluster.as_str()).await?;
                let drop = AssertSqlSafe(format!("DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)"));
                office.execute(drop).await?;
                office.close().await?;
                anyhow::Ok(())
            })
        });
        if !matches!(dropping.join(), Ok(Ok(()))) {
            eprintln!("the database {} is left in the cluster", self.name);
        }
    }
}

/// The template of all shops. Its name tells the tables it has, so that a cluster may outlive a change of them.
async fn template(office: &mut PgConnection, cluster: &Url) -> String {
    let tables = sqlx::migrate!("../../migrations/server");
    let mark = tables
        .iter()
        .flat_map(|file| file.checksum.iter().take(4))
        .fold(0, |mark: u64, byte| mark.wrapping_mul(0x100_0000_01b3) ^ u64::from(*byte));
    let name = format!("shops_of_{mark:016x}");
    sqlx::query("SELECT pg_advisory_lock($1)").bind(MAKING).execute(&mut *office).await.unwrap();
    let known = "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)";
    if !sqlx::query_scalar::<_, bool>(known).bind(&name).fetch_one(&mut *office).await.unwrap() {
        // Made under another name: one that was left half made is never taken for a whole one.
        run(office, "DROP DATABASE IF EXISTS half_made WITH (FORCE)".into()).await;
        run(office, "CREATE DATABASE half_made TEMPLATE template0".into()).await;
        let dir = TempDir::new().unwrap();
        let database = Database::open_postgres(dir.path(), &of(cluster, "half_made")).await.unwrap();
        // Each shop has a key of its own.
        let mut tx = database.begin().await.unwrap();
        liangcang_server::database::query("DELETE FROM key_mark").execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        database.close().await;
        run(office, format!("ALTER DATABASE half_made RENAME TO {name}")).await;
    }
    sqlx::query("SELECT pg_advisory_unlock($1)").bind(MAKING).execute(office).await.unwrap();
    name
}

async fn run(office: &mut PgConnection, sql: String) {
    office.execute(AssertSqlSafe(sql)).await.unwrap();
}

fn of(cluster: &Url, name: &str) -> String {
    let mut address = cluster.clone();
    address.set_path(name);
    address.into()
}
