//! `import catalogue`: a company's directory becomes tables and feed entries, all of it or nothing.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;

use crate::catalogue_files::read_company;
use crate::database::Database;
use crate::store::company::{self, Company};

/// Prints what is new, or every fault of the files.
pub async fn run(database: &Database, dir: &Path, out: &mut impl Write) -> Result<ExitCode> {
    let files = match read_company(dir) {
        Ok(files) => files,
        Err(faults) => {
            for fault in &faults {
                writeln!(out, "{fault}")?;
            }
            writeln!(out, "nothing was imported: {} faults", faults.len())?;
            return Ok(ExitCode::FAILURE);
        }
    };
    let name = files.name.clone();
    let files = Company::from(files);
    let mut tx = database.begin().await?;
    let imported = company::import(&mut tx, &files).await?;
    tx.commit().await?;
    for place in &imported.opening_kept {
        writeln!(out, "opening stock {place}: taken with another quantity before; correct it by a count")?;
    }
    let Company { warehouses, skus, bundles, bins, .. } = &files;
    writeln!(
        out,
        "{name}: {} warehouses, {} SKUs, {} bundles, {} bins; {} feed entries new",
        warehouses.len(),
        skus.len(),
        bundles.len(),
        bins.len(),
        imported.entries
    )?;
    Ok(ExitCode::SUCCESS)
}
