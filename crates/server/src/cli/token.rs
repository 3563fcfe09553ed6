//! `token`: another admin token, for one who lost the first or for a second program.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::clock::now;
use crate::database::Database;
use crate::secret;
use crate::store::admin;

/// Prints a fresh token on a line of its own; earlier ones stay good.
pub async fn run(database: &Database, out: &mut impl Write) -> Result<ExitCode> {
    let token = secret::token()?;
    let mut tx = database.begin().await?;
    admin::add_token(&mut tx, &token, now()).await?;
    tx.commit().await?;
    writeln!(out, "{token}")?;
    Ok(ExitCode::SUCCESS)
}
