//! `reroute`: orders of a warehouse that closed or ran short go to others; prints a line an order with the reason.

use std::io::Write;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::clock::now;
use crate::database::Database;
use crate::reroute::{Row, reroute};

/// Who the moves are written down as.
const WHO: &str = "command line";

/// Moves them, or only says so; exit status 1 when some cannot move.
pub async fn run(
    database: &Database,
    warehouse: &str,
    dry_run: bool,
    out: &mut impl Write,
) -> Result<ExitCode> {
    let rerouted = reroute(database, &warehouse.into(), dry_run, (WHO, now())).await?;
    let done = rerouted.with_context(|| format!("there is no warehouse {warehouse}"))?;
    writeln!(out, "order\tcampaign\tprovince\tto\tcarrier\twhy")?;
    for Row { order, campaign, province, to, en, .. } in done.moved.iter().chain(&done.stuck) {
        let (to, carrier) = to.as_ref().map_or(("-", "-"), |(to, carrier)| (to.as_str(), carrier.as_str()));
        writeln!(out, "{order}\t{campaign}\t{province}\t{to}\t{carrier}\t{en}")?;
    }
    let verb = if dry_run { "would move" } else { "moved" };
    let (moved, stuck) = (done.moved.len(), done.stuck.len());
    writeln!(out, "{warehouse} is {}: {moved} orders {verb}, {stuck} stay", done.why)?;
    if done.more {
        writeln!(out, "there are more: run it again")?;
    }
    Ok(if stuck == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
