//! `enrol-code`: a one-time code for a machine that is to become a station.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Result, ensure};

use crate::clock::now;
use crate::database::Database;
use crate::store::{company, station};

/// Prints a fresh code on a line of its own.
pub async fn run(database: &Database, warehouse: &str, out: &mut impl Write) -> Result<ExitCode> {
    let mut tx = database.begin().await?;
    let warehouses = company::read(&mut tx).await?.warehouses;
    let known: Vec<&str> = warehouses.keys().map(|id| id.as_str()).collect();
    ensure!(known.contains(&warehouse), "there is no warehouse {warehouse}; known: {}", known.join(" "));
    let code = station::make_code(&mut tx, &warehouse.into(), now()).await?;
    tx.commit().await?;
    writeln!(out, "{code}")?;
    Ok(ExitCode::SUCCESS)
}
