//! Every route of the server, and the limits around them.

mod blocked;
mod body;
mod campaigns;
mod console;
mod door;
mod health;
mod imports;
mod listener;
mod office;
mod orders;
mod person;
mod platforms;
mod refusal;
mod reviews;
mod sync;
mod uploads;
mod warehouses;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::header::{
    CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderValue, StatusCode};
use axum::routing::{delete, get, post, put};
use tokio::sync::Notify;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;

pub use door::{Attempts, Tokens};
pub use listener::serve;
pub use refusal::Refusal;
pub use uploads::Uploads;

use crate::database::Database;
use crate::intake::Intake;
use crate::platforms::douyin::MAX_BODY_BYTES;
use crate::settings::Settings;

/// A message of 2,000 facts is about 1 MB.
const SYNC_BODY_BYTES: usize = 16 * 1024 * 1024;
/// A plan of 2,000 rows of stock, or 1,000 order numbers to decide on.
const PLAN_BODY_BYTES: usize = 1024 * 1024;
/// A thousand orders.
const BULK_BODY_BYTES: usize = 4 * 1024 * 1024;
const SMALL_BODY_BYTES: usize = 16 * 1024;
/// From the first byte of a request to the last of its answer; a body that trickles in is cut off.
const SYNC_WITHIN: Duration = Duration::from_secs(60);
/// The platform gives up after two seconds; what has not arrived whole by then never does.
const MESSAGE_WITHIN: Duration = Duration::from_secs(4);
/// An export of a million orders, and the time a million rows take.
const IMPORT_BODY_BYTES: usize = 64 * 1024 * 1024;
const IMPORT_WITHIN: Duration = Duration::from_secs(30 * 60);
const OFFICE_WITHIN: Duration = Duration::from_secs(30);

/// What a page drawn by the server may load: its style sheet.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
    frame-ancestors 'none'";

/// What every handler shares.
#[derive(Debug)]
pub struct App {
    /// The database.
    pub database: Database,
    /// Guesses at one-time codes.
    pub attempts: Attempts,
    /// Order files somebody is looking at.
    pub uploads: Uploads,
    /// What the server knows of the platforms.
    pub settings: Settings,
    /// Where orders are handed in.
    pub intake: Intake,
    /// Who may act for the office, as of a moment ago.
    pub tokens: Tokens,
    /// Rung when a platform message is kept.
    pub platform_bell: Arc<Notify>,
}

/// The whole server behind one listener.
pub fn router(app: Arc<App>) -> Router {
    let sync = Router::new()
        .route("/sync/exchange", post(sync::exchange).layer(DefaultBodyLimit::max(SYNC_BODY_BYTES)))
        .route("/sync/snapshot", get(sync::snapshot))
        .route("/sync/enrol", post(sync::enrol).layer(DefaultBodyLimit::max(SMALL_BODY_BYTES)))
        .layer(within(SYNC_WITHIN));
    let platforms = Router::new()
        .route("/platforms/douyin/events", post(platforms::douyin_events))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(within(MESSAGE_WITHIN));
    let imports = Router::new()
        .route("/api/import/orders", post(imports::import))
        .route("/api/import/orders/preview", post(imports::preview))
        .route("/console/import", get(console::start))
        .route("/console/import/preview", post(console::preview))
        .route("/console/import/mapping", post(console::save_mapping))
        .route("/console/import/run", post(console::run))
        .layer(DefaultBodyLimit::max(IMPORT_BODY_BYTES))
        .layer(within(IMPORT_WITHIN));
    let office = Router::new()
        .route("/api/orders", get(office::list_orders).post(orders::take_one))
        .route("/api/orders/{no}/pay", post(orders::pay))
        .route("/api/orders/{no}/cancel", post(orders::cancel))
        .route("/api/orders/{no}", get(office::one_order))
        .route("/api/warehouses/{id}/status", get(office::warehouse_status))
        .route("/api/warehouses/{id}/close", post(warehouses::close))
        .route("/api/warehouses/{id}/open", post(warehouses::open))
        .route("/api/warehouses/{id}/reroute", post(warehouses::reroute))
        .route("/console/sign-in", post(console::sign_in))
        .route("/console/sign-out", post(console::sign_out))
        .route("/console/style.css", get(console::style))
        .route("/console", get(console::app::enter))
        .route("/console/", get(console::app::index))
        .route("/console/{*path}", get(console::app::file))
        .route("/api/planning", get(console::planning::planning))
        .route("/api/import/mappings", get(console::planning::mappings))
        .route("/health", get(health::health))
        .layer(DefaultBodyLimit::max(SMALL_BODY_BYTES))
        .layer(within(OFFICE_WITHIN));
    let bulk = Router::new()
        .route("/api/orders/bulk", post(orders::take_many))
        .layer(DefaultBodyLimit::max(BULK_BODY_BYTES))
        .layer(within(OFFICE_WITHIN));
    let routes =
        Router::new().merge(bulk).merge(sync).merge(platforms).merge(imports).merge(office).merge(sale());
    guarded(routes).with_state(app)
}

/// Campaigns, and the orders a person decides on.
fn sale() -> Router<Arc<App>> {
    Router::new()
        .route("/api/campaigns", get(campaigns::list).post(campaigns::plan))
        .route("/api/campaigns/{id}", get(campaigns::one).put(campaigns::replan))
        .route("/api/campaigns/{id}/arm", post(campaigns::arm))
        .route("/api/campaigns/{id}/start", post(campaigns::start))
        .route("/api/campaigns/{id}/close", post(campaigns::close))
        .route("/api/campaigns/{id}/stock", get(campaigns::sellable).post(campaigns::change_stock))
        .route("/api/campaigns/{id}/rules", put(campaigns::set_rules))
        .route("/api/campaigns/{id}/limits", put(campaigns::set_limits))
        .route("/api/campaigns/{id}/ledger", get(campaigns::ledger))
        .route("/api/campaigns/{id}/meter", get(campaigns::meter))
        .route("/api/reviews", get(reviews::list))
        .route("/api/reviews/decide", post(reviews::decide))
        .route("/api/clusters/{kind}/{key}", get(reviews::cluster))
        .route("/api/blocked", get(blocked::list).post(blocked::block))
        .route("/api/blocked/{key}", delete(blocked::unblock))
        .layer(DefaultBodyLimit::max(PLAN_BODY_BYTES))
        .layer(within(OFFICE_WITHIN))
}

fn within(time: Duration) -> TimeoutLayer {
    TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time)
}

/// Headers on every answer; a page of ours needs nothing from elsewhere and stands in nobody's frame.
fn guarded(routes: Router<Arc<App>>) -> Router<Arc<App>> {
    let header = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    routes
        .layer(header(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(header(X_FRAME_OPTIONS, "DENY"))
        // Not `no-referrer`: browsers then send `Origin: null` with our own forms, which are refused as foreign.
        .layer(header(REFERRER_POLICY, "same-origin"))
        // The office's pages bring scripts and so a policy of their own.
        .layer(SetResponseHeaderLayer::if_not_present(
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(POLICY),
        ))
        .layer(CatchPanicLayer::new())
}
