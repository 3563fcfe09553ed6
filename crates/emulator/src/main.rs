//! `liangcang-emulator`: starts the emulated devices and parties and hands them to the control API.

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, Parser, Subcommand};
use liangcang_emulator::control;
use liangcang_emulator::storefront::{Offer, Rush, rush};
use liangcang_emulator::worker::{self, Shift};
use liangcang_emulator::world::{PrinterWish, World, write_address};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// The other side of every device and party, for tests and demos.
#[derive(Debug, Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play devices and parties until stopped.
    Run(RunArgs),
    /// Play a person who works at a station through the devices of a running emulator.
    Worker(WorkerArgs),
    /// Play the brand's storefront in a show: very many orders at once; print the answers in figures.
    Storefront(StorefrontArgs),
}

#[derive(Debug, Args)]
struct RunArgs {
    /// Folder for the ports' links, the printed labels and `control.addr`.
    #[arg(long)]
    dir: PathBuf,
    /// Where the control API listens; port 0 takes any free one.
    #[arg(long, default_value = "127.0.0.1:0")]
    control: SocketAddr,
    /// A label printer, e.g. label=127.0.0.1:9100; may be given several times.
    #[arg(long = "printer", value_name = "NAME=ADDRESS")]
    printers: Vec<PrinterWish>,
    /// A scanner at DIR/scanner-NAME; may be given several times.
    #[arg(long = "scanner", value_name = "NAME")]
    scanners: Vec<String>,
    /// A scale at DIR/scale-NAME; may be given several times.
    #[arg(long = "scale", value_name = "NAME")]
    scales: Vec<String>,
}

#[derive(Debug, Args)]
struct WorkerArgs {
    /// The control API of the running emulator, as in its `control.addr`.
    #[arg(long)]
    control: SocketAddr,
    /// The station's LAN host, e.g. http://127.0.0.1:7070
    #[arg(long)]
    station: String,
    /// The badge to sign on with, e.g. OP-1001
    #[arg(long)]
    badge: String,
    /// The company's catalogue.csv, for the barcodes printed on the goods.
    #[arg(long)]
    catalogue: PathBuf,
    /// Pause before each act, in milliseconds.
    #[arg(long, default_value_t = 0)]
    pace_ms: u64,
    /// Make each mistake once: a wrong item, an unreadable code, a printer out of paper.
    #[arg(long)]
    mistakes: bool,
    /// Stop after so many sealed and handed-over parcels; without it, when nothing is left to do.
    #[arg(long)]
    orders: Option<usize>,
}

#[derive(Debug, Args)]
struct StorefrontArgs {
    /// The server, e.g. http://127.0.0.1:7080; given several times, connections go to the servers in turn.
    #[arg(long = "server", value_name = "URL", required = true)]
    servers: Vec<String>,
    /// A token of the server's office.
    #[arg(long, env = "LIANGCANG_TOKEN", hide_env_values = true)]
    token: String,
    /// Connections, each with one order on its way.
    #[arg(long, default_value_t = 512)]
    connections: usize,
    /// Orders; one in a hundred is one that was sent before.
    #[arg(long, default_value_t = 100_000)]
    orders: usize,
    /// What is bought at which price, e.g. GIFT-A=12900; buyers choose among several.
    #[arg(long = "code", value_name = "CODE=FEN", required = true)]
    offers: Vec<Offer>,
    /// The campaign the orders name; without it the server finds it.
    #[arg(long)]
    campaign: Option<String>,
    /// Begins the orders' numbers and decides who buys what: another rush needs another.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Ask for every acknowledged order afterwards; exit status 1 when one is not there.
    #[arg(long)]
    verify: bool,
}

fn main() -> Result<ExitCode> {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    // reqwest is built without a TLS provider; an error only means that one is installed already.
    let _: Result<(), _> = rustls::crypto::ring::default_provider().install_default();
    match Cli::parse().command {
        Command::Run(args) => tokio::runtime::Runtime::new()?.block_on(run(args))?,
        Command::Worker(args) => tokio::runtime::Runtime::new()?.block_on(work(args))?,
        Command::Storefront(args) => return sell(args),
    }
    Ok(ExitCode::SUCCESS)
}

fn sell(args: StorefrontArgs) -> Result<ExitCode> {
    anyhow::ensure!(args.connections > 0, "a storefront needs at least one connection");
    let wanted = Rush {
        servers: args.servers,
        token: args.token,
        connections: args.connections,
        orders: args.orders,
        offers: args.offers,
        campaign: args.campaign,
        seed: args.seed,
        verify: args.verify,
    };
    let summary = rush(&wanted)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", serde_json::to_string(&summary)?)?;
    Ok(if summary.lost.unwrap_or_default() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn work(args: WorkerArgs) -> Result<()> {
    let shift = Shift {
        control: args.control,
        station: args.station,
        badge: args.badge,
        catalogue: args.catalogue,
        pace: Duration::from_millis(args.pace_ms),
        mistakes: args.mistakes,
        orders: args.orders,
    };
    let done = tokio::select! {
        done = worker::work(&shift) => done?,
        interrupted = tokio::signal::ctrl_c() => return interrupted.context("no signal can be waited for"),
    };
    tracing::info!(packed = done.packed, caged = done.caged, "the shift is over");
    Ok(())
}

async fn run(args: RunArgs) -> Result<()> {
    anyhow::ensure!(
        args.control.ip().is_loopback(),
        "the control API has no password, so it listens on loopback only; {} is not loopback",
        args.control
    );
    let address_file = args.dir.join("control.addr");
    // One left by a killed emulator would send those who wait for this file to the wrong port.
    if address_file.exists() {
        std::fs::remove_file(&address_file)
            .with_context(|| format!("cannot remove {}", address_file.display()))?;
    }
    let world = World::start(&args.dir, &args.scanners, &args.scales, &args.printers).await?;
    let world = Arc::new(world);
    let listener = TcpListener::bind(args.control)
        .await
        .with_context(|| format!("the control API cannot listen at {}", args.control))?;
    let address = listener.local_addr()?;
    write_address(&address_file, address)?;
    tracing::info!(control = %format_args!("http://{address}/"), folder = %world.folder.display(), "ready");
    let mut terminated = signal(SignalKind::terminate())?;
    let router = control::router(Arc::clone(&world));
    // Not a graceful end: a control client that keeps its connection open must not keep this alive.
    tokio::select! {
        ended = async { axum::serve(listener, router).await } => ended.context("the control API ended")?,
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminated.recv() => {}
    }
    std::fs::remove_file(&address_file)
        .with_context(|| format!("cannot remove {}", address_file.display()))?;
    // The links go with the last owner of the devices; the print engines never end by themselves.
    for scanner in world.scanners.values() {
        scanner.unplug().await;
    }
    for scale in world.scales.values() {
        scale.unplug();
    }
    Ok(())
}
