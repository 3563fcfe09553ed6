//! `audit`: the recount, every difference by name; exit status 1 when there is any.

use std::io::Write;
use std::process::ExitCode;

use anyhow::Result;

use crate::audit::recount;
use crate::database::Database;

/// Prints differences, then notes, then the verdict.
pub async fn run(database: &Database, out: &mut impl Write) -> Result<ExitCode> {
    let found = recount(database).await?;
    for difference in &found.differences {
        writeln!(out, "difference: {difference}")?;
    }
    for note in &found.notes {
        writeln!(out, "for a person: {note}")?;
    }
    let verdict = if found.differences.is_empty() { "clean" } else { "NOT clean" };
    writeln!(
        out,
        "audit {verdict}: {} orders, {} differences, {} for a person",
        found.orders,
        found.differences.len(),
        found.notes.len()
    )?;
    Ok(if found.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
