//! The command line: what each command is called and takes; what it does is its module's.

mod address;
mod audit;
mod campaign;
mod enrol_code;
mod export_orders;
mod import_catalogue;
mod import_orders;
mod init;
mod reconcile;
mod reroute;
mod serve;
mod simulate_burst;
mod token;

use std::io::{self, IsTerminal, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::database::Database;

/// Where the database lies when nobody says.
const DATA: &str = "var/server";

/// The authority of a Liangcang company.
#[derive(Parser)]
#[command(name = "liangcang-server", version)]
struct Cli {
    /// Where the database and its key lie. [default: var/server]
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    /// The database, where one machine is not enough: postgres://user:password@host/name. Without it, a file in the
    /// data directory.
    #[arg(long, global = true, env = "LIANGCANG_DATABASE", hide_env_values = true)]
    database: Option<String>,
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Read one address a line; print verdict, province, city, district and reason, set apart by tabs.
    Address,
    /// Rehearse a show: a made-up company sells a hot bundle to very many buyers at once, then everything is recounted.
    /// In the data directory if one is named, which must be empty, else in one that is thrown away. Exit status 1 when
    /// anything was oversold or lost.
    SimulateBurst(simulate_burst::Burst),
    #[command(flatten)]
    OnData(Command),
}

/// What works on the database.
#[derive(Subcommand)]
enum Command {
    /// Make the data directory, the tables and the admin token; harmless when they are there.
    Init,
    /// Serve stations, platforms and the office until it is told to stop.
    Serve {
        /// Address and port; 0 lets the system choose.
        #[arg(long, default_value = "127.0.0.1:7080")]
        listen: SocketAddr,
    },
    /// Bring files in; works beside a running server.
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Print a one-time code with which a machine enrols as a station within a day.
    EnrolCode {
        /// The warehouse it stands in.
        #[arg(long)]
        warehouse: String,
    },
    /// Make and print another admin token.
    Token,
    /// Plan, arm, start and close campaigns, and read their books.
    Campaign {
        #[command(subcommand)]
        what: campaign::Campaign,
    },
    /// Move orders that a closed or short warehouse cannot ship to others; exit status 1 when some cannot move.
    Reroute {
        /// Whose orders.
        #[arg(long)]
        warehouse: String,
        /// Print the plan and move nothing.
        #[arg(long)]
        dry_run: bool,
    },
    /// Recount every invariant; exit status 1 when the books differ.
    Audit,
    /// Compare a warehouse with the replica of its station, order by order and log by log; exit status 1 names
    /// differences. What is still on its way is one.
    Reconcile {
        /// Which warehouse.
        warehouse: String,
        /// The file of the station's replica: its own (it may be at work), or a copy of it.
        #[arg(long)]
        replica: PathBuf,
    },
    /// Write what the server knows as CSV.
    Export {
        #[command(subcommand)]
        what: Export,
    },
}

#[derive(Subcommand)]
enum Export {
    /// Orders with state, waybill, weight and lots; personal fields masked.
    Orders {
        /// Only orders in this state (waiting, routed, packed, shipped, short, cancelled).
        #[arg(long)]
        state: Option<String>,
    },
}

#[derive(Subcommand)]
enum Import {
    /// The company's directory: catalogue, bundles, bins, opening stock, leased waybill numbers.
    Catalogue {
        /// The directory.
        dir: PathBuf,
    },
    /// An order file of a shop.
    Orders {
        /// CSV or XLSX.
        file: PathBuf,
        /// A mapping file (TOML) for sources other than a Douyin shop.
        #[arg(long)]
        mapping: Option<PathBuf>,
        /// Say what would be imported and import nothing.
        #[arg(long)]
        dry_run: bool,
    },
}

/// Does what the command line says.
#[must_use]
pub fn run() -> ExitCode {
    // It fails only where one is installed already, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let filter =
        EnvFilter::try_from_env("LIANGCANG_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(io::stderr().is_terminal())
        .with_writer(io::stderr)
        .init();
    match start(Cli::parse()) {
        Ok(status) => status,
        Err(fault) => {
            let _ = writeln!(io::stderr(), "liangcang-server: {fault:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(cli: Cli) -> Result<ExitCode> {
    let runtime = tokio::runtime::Runtime::new().context("the runtime cannot start")?;
    let command = match cli.command {
        Task::Address => {
            return address::run(io::stdin().lock(), &mut io::BufWriter::new(io::stdout().lock()));
        }
        Task::SimulateBurst(burst) => {
            let (dir, address) = (cli.data.as_deref(), cli.database.as_deref());
            return runtime.block_on(simulate_burst::run(&burst, dir, address, &mut io::stdout().lock()));
        }
        Task::OnData(command) => command,
    };
    runtime.block_on(on_data(
        command,
        &cli.data.unwrap_or_else(|| PathBuf::from(DATA)),
        cli.database.as_deref(),
    ))
}

/// Opens the database: a cluster's where an address is given, else the data directory's own.
async fn open(dir: &Path, address: Option<&str>) -> Result<Database> {
    match address {
        Some(address) => Database::open_postgres(dir, address).await,
        None => Database::open(dir).await,
    }
}

async fn on_data(command: Command, dir: &Path, address: Option<&str>) -> Result<ExitCode> {
    let database = open(dir, address).await?;
    let out = &mut io::stdout().lock();
    let status = match command {
        Command::Init => init::run(&database, dir, out).await?,
        Command::Serve { listen } => serve::run(&database, dir, listen, out).await?,
        Command::Import { what: Import::Catalogue { dir } } => {
            import_catalogue::run(&database, &dir, out).await?
        }
        Command::Import { what: Import::Orders { file, mapping, dry_run } } => {
            import_orders::run(&database, &file, mapping.as_deref(), dry_run, out).await?
        }
        Command::EnrolCode { warehouse } => enrol_code::run(&database, &warehouse, out).await?,
        Command::Token => token::run(&database, out).await?,
        Command::Campaign { what } => campaign::run(&database, &what, out).await?,
        Command::Reroute { warehouse, dry_run } => reroute::run(&database, &warehouse, dry_run, out).await?,
        Command::Audit => audit::run(&database, out).await?,
        Command::Reconcile { warehouse, replica } => {
            reconcile::run(&database, &warehouse, &replica, out).await?
        }
        Command::Export { what: Export::Orders { state } } => {
            export_orders::run(&database, state.as_deref(), out).await?
        }
    };
    database.close().await;
    Ok(status)
}
