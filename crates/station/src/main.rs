//! `liangcang-station`: a workstation without a window; its screens are on the LAN page.

use anyhow::Result;
use clap::{Parser, Subcommand};
use liangcang_station::settings::Settings;
use liangcang_station::store::Store;
use liangcang_station::store::audit::{self, Findings};
use liangcang_station::store::sync::Identity;
use liangcang_station::{clock, rehearsal, start};
use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(version, about = "A Liangcang workstation without a window")]
struct Arguments {
    /// The settings file.
    #[arg(long, default_value = "station.toml", env = "LIANGCANG_STATION_SETTINGS")]
    settings: PathBuf,
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Enrols this PC with a one-time code of the server.
    Enrol {
        /// As the office reads it out.
        code: String,
        /// The station's name.
        #[arg(long, default_value = "bench-1")]
        name: String,
    },
    /// Works until interrupted.
    Run,
    /// Makes a backup of the replica now, also while the station works.
    Backup,
    /// Puts a backup in the replica's place; the station must be closed. The replica is set aside and kept.
    Restore {
        /// The backup.
        file: PathBuf,
        /// Only opens it elsewhere, audits it and says what it holds; exit status 1 names differences.
        #[arg(long)]
        rehearse: bool,
    },
    /// Recounts everything that must be true; exit status 1 names differences.
    Audit,
}

#[tokio::main]
async fn main() -> ExitCode {
    liangcang_station::prepare();
    match work(Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn work(arguments: Arguments) -> Result<ExitCode> {
    let settings = Settings::read(&arguments.settings)?;
    let mut out = std::io::stdout().lock();
    match arguments.deed {
        Deed::Enrol { code, name } => {
            let identity = start::enrol(&settings, &code, &name).await?;
            writeln!(out, "enrolled as {} of warehouse {}", identity.station, identity.warehouse)?;
        }
        Deed::Run => {
            drop(out);
            let running = start::start(settings).await?;
            writeln!(std::io::stdout().lock(), "station page: http://{}/", running.address)?;
            interrupted().await?;
            running.stop().await;
        }
        Deed::Audit => {
            let store = Store::open(&settings.data).await?;
            return tell(&mut out, &audit::audit(&store.readers).await?);
        }
        Deed::Backup => writeln!(out, "backup: {}", start::back_up(&settings).await?.display())?,
        Deed::Restore { file, rehearse: true } => {
            let held = rehearsal::rehearse(&settings.backups()?, &file).await?;
            let last = held.last_fact_ms.map_or_else(|| "none".into(), clock::minute);
            let Identity { station, warehouse, epoch } = &held.identity;
            writeln!(out, "station {station} of warehouse {warehouse}, epoch {epoch}; last fact: {last}")?;
            return tell(&mut out, &held.findings);
        }
        Deed::Restore { file, rehearse: false } => {
            let done = start::restore(&settings, &file).await?;
            if let Some(aside) = &done.aside {
                writeln!(out, "the replica was set aside: {}", aside.display())?;
            }
            writeln!(
                out,
                "restored; epoch {} begins; {} facts kept that no server had",
                done.epoch, done.saved
            )?;
            for lost in &done.lost {
                writeln!(out, "could not be read: facts {lost}")?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Prints what an audit found.
fn tell(out: &mut impl Write, findings: &Findings) -> Result<ExitCode> {
    let Findings { facts, orders, labels, differences } = findings;
    writeln!(out, "{facts} facts; orders {orders:?}; labels {labels:?}")?;
    for difference in differences {
        writeln!(out, "DIFFERENCE {difference}")?;
    }
    if !differences.is_empty() {
        return Ok(ExitCode::FAILURE);
    }
    writeln!(out, "clean")?;
    Ok(ExitCode::SUCCESS)
}

/// Waits for Ctrl-C or the system's request to end.
async fn interrupted() -> Result<()> {
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        stopped = tokio::signal::ctrl_c() => stopped?,
        _ = end.recv() => {}
    }
    Ok(())
}
