//! The speed and size budgets, measured from outside on the real programs. `scripts/bench.sh` runs it.
//!
//! `budget station` works at a real station whose server, scanner, scale and printer are played here; `budget paper`
//! draws labels as PDF; `budget window` starts the desktop window; `budget table` shows what was measured. Each figure
//! becomes one JSON file. A missed budget is a figure, not a fault of the run.

mod cable;
mod company;
mod disk;
mod figures;
mod paper;
mod printer;
mod process;
mod screen;
mod server;
mod shift;
mod window;

use anyhow::{Context as _, Result, bail};
use cable::{Scale, Scanner};
use clap::{Parser, Subcommand};
use company::{BADGE, CARRIER, Company};
use disk::Disk;
use figures::{Figure, Judged};
use printer::Printer;
use process::Process;
use screen::Screen;
use serde_json::json;
use server::Server;
use shift::{Sample, Shift, millis};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

#[derive(Parser)]
struct Arguments {
    /// Where figures go, one JSON file each.
    #[arg(long, default_value = "target/bench")]
    figures: PathBuf,
    #[command(subcommand)]
    deed: Deed,
}

#[derive(Subcommand)]
enum Deed {
    /// Scans, labels, snapshot, memory: a whole shift at a station.
    Station(StationRun),
    /// Labels as PDF.
    Paper {
        /// How many labels.
        #[arg(long, default_value_t = 300)]
        count: u64,
    },
    /// The window's second start.
    Window {
        /// The program `liangcang`.
        window: PathBuf,
        /// The settings of an enrolled station.
        settings: PathBuf,
        /// How many starts are timed, after one that is not.
        #[arg(long, default_value_t = 10)]
        starts: usize,
    },
    /// Everything measured so far.
    Table,
}

#[derive(clap::Args)]
struct StationRun {
    /// The program `liangcang-station`.
    program: PathBuf,
    /// Emptied, then the station's replica and settings; they stay for the window.
    folder: PathBuf,
    /// Orders of the fresh replica.
    #[arg(long, default_value_t = 100_000)]
    orders: u64,
    /// Bins of the warehouse.
    #[arg(long, default_value_t = 15_000)]
    bins: u64,
    /// Orders that a sync brings in one go.
    #[arg(long, default_value_t = 20_000)]
    rows: usize,
    /// Parcels packed with an idle sync.
    #[arg(long, default_value_t = 80)]
    idle_parcels: usize,
    /// Parcels packed while orders come in, at least.
    #[arg(long, default_value_t = 40)]
    busy_parcels: usize,
    /// Scans made while orders come in, at least; the push is repeated until there were as many.
    #[arg(long, default_value_t = 600)]
    busy_scans: usize,
}

#[tokio::main(worker_threads = 4)]
async fn main() -> Result<()> {
    liangcang_station::prepare();
    let Arguments { figures, deed } = Arguments::parse();
    match deed {
        Deed::Station(run) => measure_station(&run, &figures).await,
        Deed::Paper { count } => paper::measure(count, &figures),
        Deed::Window { window, settings, starts } => {
            window::measure(&window, &settings, starts, &figures).await
        }
        Deed::Table => {
            let table = figures::table(&figures)?;
            Ok(write!(std::io::stdout().lock(), "{table}")?)
        }
    }
}

/// A fresh replica, then a shift, first with an idle sync, then with orders coming in.
async fn measure_station(run: &StationRun, figures: &Path) -> Result<()> {
    if run.folder.exists() {
        std::fs::remove_dir_all(&run.folder)?;
    }
    std::fs::create_dir_all(&run.folder)?;
    let (data, settings) = (run.folder.join("replica"), run.folder.join("station.toml"));
    let (server, entries) = Server::begin(Company { bins: run.bins, orders: run.orders }).await?;
    let (scanner, scale, printer) = (Scanner::plug()?, Scale::plug()?, Printer::begin().await?);
    let addresses = (server.address.to_string(), printer.address.to_string());
    process::write_settings(&settings, &data, &addresses.0, scanner.port(), scale.port(), &addresses.1)?;
    process::enrol(&run.program, &settings).await?;
    let station = Process::start(&run.program, &settings, &run.folder.join("station.log")).await?;
    let screen = Screen::join(station.page).await?;

    let seconds = snapshot_taken(&server).await?;
    tracing::info!("the snapshot of {entries} entries is in after {seconds:.1} s");
    Figure::once("snapshot_time", "s", seconds).write(figures)?;
    Figure::once("snapshot_rows_per_s", "rows/s", entries as f64 / seconds).write(figures)?;
    Figure::once("memory_after_snapshot", "MB", station.memory()?.resident).write(figures)?;

    let mut shift = Shift::begin(screen, scanner, scale, printer, server, station.page);
    all_sent(&mut shift).await?;
    shift.scan(BADGE).await?;
    let begun = Instant::now();
    let released = shift.call(json!({"command": "release_wave", "carrier": CARRIER})).await?;
    Figure::once("release_wave", "ms", millis(begun.elapsed())).write(figures)?;
    tracing::info!("released {} orders in {} walks", released["orders"], released["walks"]);
    shift.scans.clear();

    let disk = Disk::watch(&run.folder)?;
    work_idle(&mut shift, run, figures).await?;
    work_busy(&mut shift, run).await?;
    Figure::of("disk_write", "ms", disk.end()?, Judged::P99)?.write(figures)?;
    write_shift(&shift, figures)?;
    let memory = station.memory()?;
    Figure::once("memory_after_shift", "MB", memory.resident).write(figures)?;
    Figure::once("memory_peak", "MB", memory.peak).write(figures)?;
    station.stop().await?;
    let size = std::fs::metadata(data.join("station.db"))?.len();
    Figure::once("replica_size", "MB", size as f64 / 1e6).write(figures)
}

/// Waits for the station's first message after the snapshot.
async fn snapshot_taken(server: &Server) -> Result<f64> {
    let deadline = Instant::now() + Duration::from_secs(600);
    loop {
        if let Some(seconds) = server.snapshot_seconds() {
            return Ok(seconds);
        }
        if Instant::now() > deadline {
            bail!("the snapshot was not taken in ten minutes");
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until the opening stock, received as facts, is with the server: only then the sync is idle.
async fn all_sent(shift: &mut Shift) -> Result<()> {
    let sent = |view: &liangcang_station::view::View| view.sync.connected && view.sync.pending == 0;
    shift.screen.until_now("a view with nothing to send", sent).await
}

async fn work_idle(shift: &mut Shift, run: &StationRun, figures: &Path) -> Result<()> {
    while shift.packed < run.idle_parcels {
        shift.walk_and_pack().await?;
    }
    tracing::info!("{} scans and {} labels with an idle sync", shift.scans.len(), shift.labels.len());
    let idle = std::mem::take(&mut shift.scans).iter().map(|sample| sample.ms).collect();
    Figure::of("scan_to_answer_idle", "ms", idle, Judged::P99)?.write(figures)
}

/// Works on while a task beside it sees to it that the server always has orders to send.
async fn work_busy(shift: &mut Shift, run: &StationRun) -> Result<()> {
    let (server, rows) = (shift.server.clone(), run.rows);
    let pushing = tokio::spawn(async move {
        loop {
            if !server.is_pushing() {
                let next = server.clone();
                if !matches!(tokio::task::spawn_blocking(move || next.push(rows)).await, Ok(Ok(()))) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let done_before = shift.packed;
    let outcome = async {
        while busy(&shift.scans) < run.busy_scans || shift.packed - done_before < run.busy_parcels {
            shift.walk_and_pack().await?;
        }
        anyhow::Ok(())
    };
    let outcome = outcome.await;
    pushing.abort();
    outcome?;
    let (scans, labels) = (busy(&shift.scans), busy(&shift.labels));
    let pushed = shift.server.pushed().len();
    tracing::info!(
        "{scans} scans and {labels} labels while orders came in, in {pushed} pushes of {rows} rows"
    );
    Ok(())
}

fn busy(samples: &[Sample]) -> usize {
    samples.iter().filter(|sample| sample.during_sync).count()
}

fn write_shift(shift: &Shift, figures: &Path) -> Result<()> {
    let busy = |samples: &[Sample]| -> Vec<f64> {
        samples.iter().filter(|sample| sample.during_sync).map(|sample| sample.ms).collect()
    };
    Figure::of("scan_to_answer_during_sync", "ms", busy(&shift.scans), Judged::P99)?.write(figures)?;
    let labels = shift.labels.iter().map(|sample| sample.ms).collect();
    Figure::of("scan_to_label_byte", "ms", labels, Judged::P99)?.write(figures)?;
    Figure::of("scan_to_label_byte_during_sync", "ms", busy(&shift.labels), Judged::P99)?.write(figures)?;
    let rates = shift.server.pushed().iter().map(|(rows, seconds)| *rows as f64 / seconds).collect();
    Figure::of("sync_rows_per_s_beside_work", "rows/s", rates, Judged::Median)
        .context("no push came to its end")?
        .write(figures)?;
    Figure::once("largest_view", "bytes", shift.screen.largest as f64).write(figures)
}
