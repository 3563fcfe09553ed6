//! Every route of the server, and the limits around them.

mod door;
mod health;
mod refusal;
mod sync;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::routing::{get, post};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

pub use door::Attempts;
pub use refusal::Refusal;

use crate::database::Database;

/// A message of 2,000 facts is about 1 MB.
const SYNC_BODY_BYTES: usize = 16 * 1024 * 1024;
const SMALL_BODY_BYTES: usize = 16 * 1024;
/// From the first byte of a request to the last of its answer; a body that trickles in is cut off.
const SYNC_WITHIN: Duration = Duration::from_secs(60);

/// What every handler shares.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub database: Database,
    /// Guesses at one-time codes.
    pub attempts: Attempts,
}

/// The whole server behind one listener.
#[must_use]
pub fn router(app: Arc<App>) -> Router {
    let sync = Router::new()
        .route("/sync/exchange", post(sync::exchange).layer(DefaultBodyLimit::max(SYNC_BODY_BYTES)))
        .route("/sync/snapshot", get(sync::snapshot))
        .route("/sync/enrol", post(sync::enrol).layer(DefaultBodyLimit::max(SMALL_BODY_BYTES)))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, SYNC_WITHIN));
    let routes = Router::new().route("/health", get(health::health)).merge(sync);
    guarded(routes).with_state(app)
}

/// Headers on every answer; a page of ours needs nothing from elsewhere and stands in nobody's frame.
fn guarded(routes: Router<Arc<App>>) -> Router<Arc<App>> {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    routes
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(X_FRAME_OPTIONS, "DENY"))
        .layer(header(REFERRER_POLICY, "no-referrer"))
        .layer(header(
            CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        ))
        .layer(CatchPanicLayer::new())
}
