//! Every route of the server, and how much each reads. A body is bounded by its handler ([`body::Body`]) or, where
//! the handler reads it raw, by a layer; time and headers are the listener's ([`guard`]).

mod blocked;
mod body;
mod campaigns;
mod console;
mod door;
mod guard;
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

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use tokio::sync::Notify;

pub use door::{Attempts, Tokens};
pub use listener::serve;
pub use refusal::Refusal;
pub use uploads::Uploads;

use crate::campaign::Looks;
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
/// An export of a million orders.
const IMPORT_BODY_BYTES: usize = 64 * 1024 * 1024;

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
    /// What is remembered of campaigns that are looked at.
    pub looks: Looks,
    /// Who may act for the office, as of a moment ago.
    pub tokens: Tokens,
    /// Rung when a platform message is kept.
    pub platform_bell: Arc<Notify>,
}

/// The whole server behind one listener, which stands guard around it ([`serve`]).
pub fn router(app: Arc<App>) -> Router {
    let sync = Router::new()
        .route("/sync/exchange", post(sync::exchange).layer(DefaultBodyLimit::max(SYNC_BODY_BYTES)))
        .route("/sync/snapshot", get(sync::snapshot))
        .route("/sync/enrol", post(sync::enrol).layer(DefaultBodyLimit::max(SMALL_BODY_BYTES)));
    let platforms = Router::new()
        .route("/platforms/douyin/events", post(platforms::douyin_events))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES));
    let imports = Router::new()
        .route("/api/import/orders", post(imports::import))
        .route("/api/import/orders/preview", post(imports::preview))
        .route("/console/import", get(console::start))
        .route("/console/import/preview", post(console::preview))
        .route("/console/import/mapping", post(console::save_mapping))
        .route("/console/import/run", post(console::run))
        .layer(DefaultBodyLimit::max(IMPORT_BODY_BYTES));
    let orders = Router::new()
        .route("/api/orders", get(office::list_orders).post(orders::take_one))
        .route("/api/orders/bulk", post(orders::take_many))
        .route("/api/orders/{no}/pay", post(orders::pay))
        .route("/api/orders/{no}/cancel", post(orders::cancel));
    let office = Router::new()
        .route("/api/orders/{no}", get(office::one_order))
        .route("/api/warehouses/{id}/status", get(office::warehouse_status))
        .route("/api/warehouses/{id}/close", post(warehouses::close))
        .route("/api/warehouses/{id}/open", post(warehouses::open))
        .route("/api/warehouses/{id}/reroute", post(warehouses::reroute))
        .route("/api/warehouses/{id}/counted", post(warehouses::counted))
        .route("/api/platforms/waiting", get(platforms::waiting))
        .route("/console/sign-in", post(console::sign_in))
        .route("/console/sign-out", post(console::sign_out))
        .route("/console/style.css", get(console::style))
        .route("/console", get(console::app::enter))
        .route("/console/", get(console::app::index))
        .route("/console/{*path}", get(console::app::file))
        .route("/api/planning", get(console::planning::planning))
        .route("/api/import/mappings", get(console::planning::mappings))
        .route("/health", get(health::health))
        .layer(DefaultBodyLimit::max(SMALL_BODY_BYTES));
    Router::new()
        .merge(orders)
        .merge(sync)
        .merge(platforms)
        .merge(imports)
        .merge(office)
        .merge(sale())
        .with_state(app)
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
}
