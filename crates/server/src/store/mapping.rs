//! Named mapping files: how the order files of other sources are read.

use crate::database::{Transaction, query};
use anyhow::Result;
use liangcang_domain::unit::EpochMs;

/// The text of a mapping.
///
/// # Errors
/// Of the database.
pub async fn find(conn: &mut Transaction, name: &str) -> Result<Option<String>> {
    query("SELECT toml FROM import_mapping WHERE name = $1").bind(name).scalar_optional(conn).await
}

/// All names, in order.
///
/// # Errors
/// Of the database.
pub async fn names(conn: &mut Transaction) -> Result<Vec<String>> {
    query("SELECT name FROM import_mapping ORDER BY name").scalars(conn).await
}

/// Stores a mapping under its name, in place of an earlier one.
///
/// # Errors
/// Of the database.
pub async fn save(conn: &mut Transaction, name: &str, toml: &str, now: EpochMs) -> Result<()> {
    let sql = "INSERT INTO import_mapping (name, toml, saved_at) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET toml = excluded.toml, saved_at = excluded.saved_at";
    query(sql).bind(name).bind(toml).bind(now.0).execute(conn).await?;
    Ok(())
}
