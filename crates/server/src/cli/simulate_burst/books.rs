//! What is in the books after a burst: orders that were acknowledged and are not there, units sold that were not there,
//! and what an order weighs in the database.

use std::collections::HashSet;

use anyhow::{Context, Result};

use super::company::SHOW;
use super::crowd::Crowd;
use crate::audit::recount;
use crate::campaign;
use crate::database::{Database, query};

/// Orders read at a time.
const PAGE: i64 = 10_000;

/// What a recount found.
pub struct Books {
    /// Acknowledged orders the database does not have.
    pub lost: u64,
    /// Units promised beyond what was set aside.
    pub oversold: i64,
    /// What the audit and the campaign's ledger call wrong.
    pub differences: Vec<String>,
}

/// Looks every acknowledged order up and recounts everything.
///
/// # Errors
/// Of the database.
pub async fn check(database: &Database, acknowledged: &[u64]) -> Result<Books> {
    let there = numbers(database).await?;
    let lost = acknowledged.iter().filter(|place| !there.contains(&Crowd::number(**place))).count();
    let ledger = campaign::ledger(&mut database.look().await?, SHOW).await?;
    let ledger = ledger.context("the campaign of the burst is gone")?;
    let oversold = ledger.rows.iter().map(|row| (-row.available).max(0)).sum();
    let mut differences = ledger.differences;
    differences.extend(recount(database).await?.differences);
    Ok(Books { lost: lost as u64, oversold, differences })
}

async fn numbers(database: &Database) -> Result<HashSet<String>> {
    let mut look = database.look().await?;
    let mut there = HashSet::new();
    let mut after = String::new();
    loop {
        let sql = "SELECT no FROM orders WHERE campaign = $1 AND no > $2 ORDER BY no LIMIT $3";
        let page = query(sql).bind(SHOW).bind(&after).bind(PAGE).scalars::<String>(&mut look).await?;
        let whole = page.len() == usize::try_from(PAGE)?;
        if let Some(last) = page.last() {
            after.clone_from(last);
        }
        there.extend(page);
        if !whole {
            return Ok(there);
        }
    }
}

/// Bytes of the database as it is now.
///
/// # Errors
/// Of the database.
pub async fn size_bytes(database: &Database) -> Result<i64> {
    let sql = if database.is_cluster() {
        "SELECT pg_database_size(current_database())"
    } else {
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()"
    };
    query(sql).scalar(&mut database.look().await?).await
}

/// The most memory this process has ever had, in kB; nothing where the system does not tell.
pub fn memory_peak_kb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches("kB").trim().parse().ok()
}
