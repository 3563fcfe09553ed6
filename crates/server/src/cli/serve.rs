//! `serve`: the HTTP server, until SIGINT or SIGTERM.

use std::io::Write;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::init;
use crate::campaign::Looks;
use crate::database::Database;
use crate::http::{App, Attempts, Tokens, Uploads, router, serve};
use crate::intake::Intake;
use crate::jobs::platform_orders::PlatformOrders;
use crate::jobs::{lapse, prices};
use crate::settings::Settings;

/// Serves, and lets running requests finish when it is told to stop.
pub async fn run(
    database: &Database,
    dir: &Path,
    listen: SocketAddr,
    out: &mut impl Write,
) -> Result<ExitCode> {
    init::run(database, dir, out).await?;
    let settings = Settings::read(dir)?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("{listen} cannot be listened on"))?;
    let address = listener.local_addr()?;
    if !address.ip().is_loopback() {
        tracing::warn!(%address, "plain HTTP outside this machine: put a TLS proxy in front");
    }
    writeln!(out, "listening on http://{address}")?;
    out.flush()?;
    let bell = Arc::new(Notify::new());
    let mut jobs = JoinSet::new();
    jobs.spawn(lapse::run(database.clone()));
    jobs.spawn(prices::run(database.clone()));
    if let Some(shop) = settings.douyin.clone() {
        jobs.spawn(PlatformOrders::new(database.clone(), shop, Arc::clone(&bell))?.run());
    }
    let (attempts, uploads) = (Attempts::default(), Uploads::default());
    let (intake, taking) = Intake::start(database.clone());
    let app = App {
        database: database.clone(),
        attempts,
        uploads,
        settings,
        intake,
        looks: Looks::default(),
        tokens: Tokens::default(),
        platform_bell: bell,
    };
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    serve(listener, router(Arc::new(app)), stop).await;
    // Every request is answered, so nothing waits any more.
    taking.await?;
    // What a job leaves undone is in the store; its transaction, if one is open, is rolled back.
    jobs.shutdown().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}
