//! `reconcile`: a warehouse's replica beside the books, every difference by name; exit status 1 when there is any.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::database::Database;
use crate::reconcile::compare;

/// Prints differences, then the verdict.
pub async fn run(
    database: &Database,
    warehouse: &str,
    replica: &Path,
    out: &mut impl Write,
) -> Result<ExitCode> {
    let found = compare(database, &warehouse.into(), replica).await?;
    for difference in &found.differences {
        writeln!(out, "difference: {difference}")?;
    }
    let same = found.differences.is_empty();
    writeln!(
        out,
        "{warehouse} and station {} {}: {} orders in {} ranges, {} of them differ; {} differences",
        found.station,
        if same { "agree" } else { "do NOT agree" },
        found.orders,
        found.ranges.0,
        found.ranges.1,
        found.differences.len()
    )?;
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
