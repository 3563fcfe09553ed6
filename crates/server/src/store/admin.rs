//! Who may act for the office: hashes of bearer tokens.

use anyhow::Result;
use liangcang_domain::unit::EpochMs;
use sqlx::{SqliteConnection, query, query_scalar};

use crate::secret;

/// Whether there is a token at all.
///
/// # Errors
/// Of the database.
pub async fn is_set_up(conn: &mut SqliteConnection) -> Result<bool> {
    Ok(query_scalar::<_, i64>("SELECT COUNT(*) FROM admin_token").fetch_one(conn).await? > 0)
}

/// Lets a token in from now on.
///
/// # Errors
/// Of the database.
pub async fn add_token(conn: &mut SqliteConnection, token: &str, now: EpochMs) -> Result<()> {
    let sql = "INSERT INTO admin_token (token_hash, made_at) VALUES ($1, $2)";
    query(sql).bind(secret::hash(token)).bind(now.0).execute(conn).await?;
    Ok(())
}

/// Whether a token is one of the office's.
///
/// # Errors
/// Of the database.
pub async fn knows(conn: &mut SqliteConnection, token: &str) -> Result<bool> {
    let claimed = secret::hash(token);
    let hashes: Vec<String> = query_scalar("SELECT token_hash FROM admin_token").fetch_all(conn).await?;
    Ok(hashes.iter().fold(false, |found, hash| found | secret::same(hash, &claimed)))
}
