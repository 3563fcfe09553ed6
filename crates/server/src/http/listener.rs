//! The listener: each connection in a task of its own, with limits on what a stranger can keep busy.
//!
//! A connection that does not send its whole head in time is closed, also one that sends nothing: idle ones cost a
//! socket and some kilobytes, and of them too there is a bound, behind which new ones wait at the door.

use std::future::Future;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tower::service_fn;

use super::guard;

/// Connections at a time.
const CONNECTIONS: usize = 10_000;
/// The head of a request must have come by then, counted from the end of the one before.
const HEAD_WITHIN: Duration = Duration::from_secs(30);
/// Running requests are given so long when the server stops.
const STOPS_WITHIN: Duration = Duration::from_secs(10);
/// After a failed accept (no file handles left), so that the loop does not spin.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then lets running requests finish.
pub async fn serve(listener: TcpListener, routes: Router, stop: impl Future<Output = ()>) {
    let connections = Arc::new(Semaphore::new(CONNECTIONS));
    let graceful = GracefulShutdown::new();
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_WITHIN);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD_WITHIN).keep_alive_timeout(HEAD_WITHIN);
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let (stream, place) = match accepted {
            Ok(accepted) => accepted,
            Err(fault) => {
                tracing::warn!(%fault, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_AGAIN).await;
                continue;
            }
        };
        let routes = routes.clone();
        let service = service_fn(move |request| guard::answer(routes.clone(), request));
        let service = TowerToHyperService::new(service);
        let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // How a stranger's connection ends is no fault of ours.
            let _ = connection.await;
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(STOPS_WITHIN, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests that took too long were cut off");
    }
}

async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> io::Result<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    // Answers are small; waiting for more to send would only delay them.
    stream.set_nodelay(true)?;
    Ok((stream, place))
}
