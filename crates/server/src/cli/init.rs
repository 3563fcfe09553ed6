//! `init`: the admin token, made once, printed once, kept beside the database for its owner.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::clock::now;
use crate::database::{Database, write_private};
use crate::secret;
use crate::store::admin;

/// The file the token is kept in.
pub const TOKEN_FILE: &str = "admin.token";

/// Makes the admin token if there is none yet.
pub async fn run(database: &Database, dir: &Path, out: &mut impl Write) -> Result<ExitCode> {
    let mut tx = database.begin().await?;
    if admin::is_set_up(&mut tx).await? {
        return Ok(ExitCode::SUCCESS);
    }
    let token = secret::token()?;
    admin::add_token(&mut tx, &token, now()).await?;
    let file = dir.join(TOKEN_FILE);
    // A start that was cut off here before may have left the file of a token the database never learnt.
    if file.exists() {
        std::fs::remove_file(&file)?;
    }
    write_private(&file, token.as_bytes())?;
    tx.commit().await?;
    writeln!(out, "admin token (also in {}): {token}", file.display())?;
    Ok(ExitCode::SUCCESS)
}
