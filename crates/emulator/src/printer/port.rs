//! The printer's TCP port. Like most label printers it serves one client at a time; a second one is
//! connected by the network layer and waits unheard until the first has gone.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use super::{Mode, Printer};
use crate::lock::take;

/// Opens the printer's port.
pub(super) async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("no printer can listen at {address}"))
}

/// Serves clients one after the other; in mode `refuse` the port is closed.
pub(super) async fn serve_for_ever(printer: Arc<Printer>, first: TcpListener) {
    let mut changes = printer.changes.subscribe();
    let mut listener = Some(first);
    loop {
        if refuses(&printer) {
            listener = None;
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        }
        let open = match listener.take() {
            Some(open) => open,
            None => match listen(printer.address).await {
                Ok(open) => open,
                Err(fault) => {
                    tracing::warn!(fault = format!("{fault:#}"), "the printer's port is not free yet");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
        };
        tokio::select! {
            client = open.accept() => match client {
                Ok((client, _)) => serve(&printer, client, &mut changes).await,
                Err(fault) => tracing::warn!(%fault, "a client was lost before it was served"),
            },
            () = refusal(&printer, &mut changes) => {}
        }
        listener = Some(open);
    }
}

fn refuses(printer: &Printer) -> bool {
    take(&printer.state).mode == Mode::Refuse
}

/// Ends when the printer begins to refuse.
async fn refusal(printer: &Printer, changes: &mut watch::Receiver<u64>) {
    while !refuses(printer) {
        if changes.changed().await.is_err() {
            return;
        }
    }
}

async fn serve(printer: &Printer, mut client: TcpStream, changes: &mut watch::Receiver<u64>) {
    let mut room = vec![0; 16 * 1024];
    loop {
        let arrived = tokio::select! {
            arrived = client.read(&mut room) => arrived,
            () = refusal(printer, changes) => return,
        };
        let arrived = match arrived {
            Ok(0) => return,
            Ok(arrived) => arrived,
            Err(fault) => {
                tracing::debug!(%fault, "the client went away");
                return;
            }
        };
        let answer = printer.receive(&room[..arrived]);
        if let Err(fault) = client.write_all(&answer).await {
            tracing::debug!(%fault, "the client did not wait for the answer");
            return;
        }
    }
}
