//! The station's side of a comparison, read from the file of its replica (or of an opened backup).
//!
//! The one place where the server looks at a station's tables; what they mean is written down beside them, in
//! `migrations/station`.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use liangcang_domain::id::WarehouseId;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqliteConnection};

use super::{Orders, Seen};

/// What a replica says.
#[derive(Debug)]
pub(super) struct Replica {
    /// Whose it is.
    pub station: String,
    /// Its orders.
    pub orders: Orders,
    /// How far it has taken the feed.
    pub feed: i64,
    /// Facts in each of its logs, by epoch.
    pub facts: BTreeMap<i64, i64>,
}

/// Reads a replica, also beside a station that works on it, as it is at one moment.
///
/// # Errors
/// When it does not read or belongs to another warehouse.
pub(super) async fn read(file: &Path, warehouse: &WarehouseId) -> Result<Replica> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(std::time::Duration::from_secs(5));
    let opened = options.disable_statement_logging().connect().await;
    let mut opened = opened.with_context(|| format!("opening the replica {}", file.display()))?;
    let mut moment = opened.begin().await?;
    let replica = read_from(&mut moment, warehouse).await;
    moment.rollback().await?;
    opened.close().await?;
    replica.with_context(|| format!("reading the replica {}", file.display()))
}

async fn read_from(replica: &mut SqliteConnection, warehouse: &WarehouseId) -> Result<Replica> {
    let meta = "SELECT value FROM meta WHERE key = $1";
    let said = |key: &'static str| sqlx::query_scalar::<_, String>(meta).bind(key);
    let station = said("station").fetch_one(&mut *replica).await.context("it says no station")?;
    let own: String = said("warehouse").fetch_one(&mut *replica).await?;
    ensure!(own == warehouse.as_str(), "it is a replica of warehouse {own}, not of {warehouse}");
    let epoch: i64 = said("epoch").fetch_one(&mut *replica).await?.parse().context("its epoch")?;
    let feed = "SELECT coalesce(max(seq), 0) FROM cursor WHERE direction = 'taken' AND writer = $1";
    let feed = sqlx::query_scalar(feed).bind(format!("server:{warehouse}")).fetch_one(&mut *replica).await?;
    let facts = facts(replica, epoch).await?;
    let orders = orders(replica).await?;
    Ok(Replica { station, orders, feed, facts })
}

/// Rows of `fact`, counted by the epoch of the log they are of.
async fn facts(replica: &mut SqliteConnection, own: i64) -> Result<BTreeMap<i64, i64>> {
    let rows: i64 =
        sqlx::query_scalar("SELECT coalesce(max(seq), 0) FROM fact").fetch_one(&mut *replica).await?;
    let spans =
        sqlx::query("SELECT first_row, epoch FROM log_span ORDER BY first_row").fetch_all(replica).await?;
    let mut spans: Vec<(i64, i64)> = spans.iter().map(|row| (row.get(0), row.get(1))).collect();
    if spans.is_empty() {
        spans.push((1, own));
    }
    let mut facts = BTreeMap::new();
    let ends = spans.iter().skip(1).map(|(next, _)| *next).chain([rows + 1]);
    for ((first, epoch), end) in spans.iter().zip(ends) {
        if end > *first {
            *facts.entry(*epoch).or_default() += end - first;
        }
    }
    Ok(facts)
}

async fn orders(replica: &mut SqliteConnection) -> Result<Orders> {
    let mut orders = Orders::new();
    let rows =
        sqlx::query("SELECT no, state, waybill_no, gross_g FROM orders").fetch_all(&mut *replica).await?;
    for row in rows {
        let (no, state): (String, String) = (row.get(0), row.get(1));
        let state = match state.as_str() {
            "ready" | "released" | "picking" | "picked" | "packing" => "to_pack",
            "handed_over" => "shipped",
            other => other,
        };
        let packed = matches!(state, "packed" | "shipped");
        let weight_g = row.get::<Option<i64>, _>(3).filter(|_| packed);
        let seen = Seen { state: state.into(), waybill: row.get(2), weight_g, goods: BTreeMap::new() };
        orders.insert(no, seen);
    }
    // What was sealed into a parcel went there from its bench, whatever became of the parcel afterwards.
    let sealed = "SELECT substr(to_place, 8), sku, lot, sum(qty) FROM movement
        WHERE to_place LIKE 'parcel:%' AND from_place LIKE 'bench:%' GROUP BY to_place, sku, lot";
    for row in sqlx::query(sealed).fetch_all(replica).await? {
        let seen = orders.get_mut(&row.get::<String, _>(0));
        if let Some(seen) = seen.filter(|seen| matches!(seen.state.as_str(), "packed" | "shipped")) {
            seen.goods.insert((row.get(1), row.get(2)), row.get(3));
        }
    }
    Ok(orders)
}
