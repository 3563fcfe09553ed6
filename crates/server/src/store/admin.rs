//! Who may act for the office: hashes of bearer tokens.

use crate::database::{Transaction, query};
use anyhow::Result;
use liangcang_domain::unit::EpochMs;

use crate::secret;

/// Whether there is a token at all.
///
/// # Errors
/// Of the database.
pub async fn is_set_up(conn: &mut Transaction) -> Result<bool> {
    Ok(query("SELECT COUNT(*) FROM admin_token").scalar::<i64>(conn).await? > 0)
}

/// Lets a token in from now on.
///
/// # Errors
/// Of the database.
pub async fn add_token(conn: &mut Transaction, token: &str, now: EpochMs) -> Result<()> {
    let sql = "INSERT INTO admin_token (token_hash, made_at) VALUES ($1, $2)";
    query(sql).bind(secret::hash(token)).bind(now.0).execute(conn).await?;
    Ok(())
}

/// Whether a token is one of the office's.
///
/// # Errors
/// Of the database.
pub async fn knows(conn: &mut Transaction, token: &str) -> Result<bool> {
    Ok(among(&hashes(conn).await?, token))
}

/// The hashes of all tokens.
///
/// # Errors
/// Of the database.
pub async fn hashes(conn: &mut Transaction) -> Result<Vec<String>> {
    query("SELECT token_hash FROM admin_token").scalars(conn).await
}

/// Whether a token is one of these, in a time that says nothing of which.
#[must_use]
pub fn among(hashes: &[String], token: &str) -> bool {
    let claimed = secret::hash(token);
    hashes.iter().fold(false, |found, hash| found | secret::same(hash, &claimed))
}
