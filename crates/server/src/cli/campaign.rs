//! `campaign`: plan, arm, start and close a campaign and read its books, for rehearsals without a browser.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::campaign::{self, By, Ledger, Plan, Refused};
use crate::clock::now;
use crate::database::Database;

/// Who the acts are written down as.
const WHO: &str = "command line";

/// What to do with a campaign.
#[derive(Subcommand)]
pub enum Campaign {
    /// Plan a campaign from a file; one that is planned already is planned anew.
    Plan {
        /// TOML with the fields of `POST /api/campaigns`.
        file: PathBuf,
    },
    /// List all campaigns, the latest to start first.
    List,
    /// Set its stock aside.
    Arm {
        /// Its id.
        id: String,
    },
    /// Let it take orders.
    Start {
        /// Its id.
        id: String,
    },
    /// End it; what it has not sold goes back to the pools.
    Close {
        /// Its id.
        id: String,
    },
    /// Recount its books; exit status 1 when they do not balance.
    Ledger {
        /// Its id.
        id: String,
    },
}

/// Does it, and prints what is so now. A refusal is an error with its sentence.
pub async fn run(database: &Database, what: &Campaign, out: &mut impl Write) -> Result<ExitCode> {
    let by = By { who: WHO, at: now() };
    match what {
        Campaign::Plan { file } => {
            let plan = read(file)?;
            match campaign::plan(database, &plan, by).await {
                Err(Refused::Exists { .. }) => campaign::replan(database, &plan, by).await?,
                done => done?,
            }
            writeln!(out, "{} is planned; arm it to set its stock aside", plan.id)?;
        }
        Campaign::List => list(database, out).await?,
        Campaign::Arm { id } => {
            campaign::arm(database, id, by).await?;
            writeln!(out, "{id} is armed: its stock is set aside")?;
        }
        Campaign::Start { id } => {
            campaign::start(database, id, by).await?;
            writeln!(out, "{id} is live")?;
        }
        Campaign::Close { id } => {
            campaign::close(database, id, by).await?;
            writeln!(out, "{id} is closed: what it has not sold is free again")?;
        }
        Campaign::Ledger { id } => {
            let ledger = campaign::ledger(&mut database.look().await?, id).await?;
            let ledger = ledger.with_context(|| format!("there is no campaign {id}: see campaign list"))?;
            print_ledger(&ledger, out)?;
            return Ok(if ledger.balanced { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn read(file: &Path) -> Result<Plan> {
    let text = std::fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    toml::from_str(&text).with_context(|| format!("{} is no plan of a campaign", file.display()))
}

async fn list(database: &Database, out: &mut impl Write) -> Result<()> {
    for it in campaign::list(&mut database.look().await?, &mut campaign::Taken::new()).await? {
        writeln!(
            out,
            "{}\t{}\texpected {}\tset aside {}\theld {}\tsettled {}\torders {}\t{}",
            it.id,
            it.state.as_str(),
            it.expected,
            it.set_aside,
            it.held,
            it.settled,
            it.orders,
            it.name
        )?;
    }
    Ok(())
}

fn print_ledger(ledger: &Ledger, out: &mut impl Write) -> Result<()> {
    writeln!(out, "warehouse\tsku\tchannel\tset_aside\tavailable\theld\tsettled")?;
    for row in &ledger.rows {
        let channel = if row.channel.is_empty() { "*" } else { &row.channel };
        writeln!(
            out,
            "{}\t{}\t{channel}\t{}\t{}\t{}\t{}",
            row.warehouse, row.sku, row.set_aside, row.available, row.held, row.settled
        )?;
    }
    for it in &ledger.provinces {
        writeln!(out, "{} has {} orders of {}", it.province, it.taken, it.most)?;
    }
    for difference in &ledger.differences {
        writeln!(out, "difference: {difference}")?;
    }
    writeln!(out, "{}", if ledger.balanced { "balanced" } else { "NOT balanced" })?;
    Ok(())
}
