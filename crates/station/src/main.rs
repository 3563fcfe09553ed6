//! `liangcang-station`: a workstation without a window; its screens are on the LAN page.

use anyhow::Result;
use clap::{Parser, Subcommand};
use liangcang_station::settings::Settings;
use liangcang_station::start;
use liangcang_station::store::{Store, audit};
use std::io::Write as _;
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
            let findings = audit::audit(&store.readers).await?;
            writeln!(
                out,
                "{} facts; orders {:?}; labels {:?}",
                findings.facts, findings.orders, findings.labels
            )?;
            for difference in &findings.differences {
                writeln!(out, "DIFFERENCE {difference}")?;
            }
            if !findings.differences.is_empty() {
                return Ok(ExitCode::FAILURE);
            }
            writeln!(out, "clean")?;
        }
    }
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
