//! The authority: the catalogue, orders, holds and routing, the platforms, and the feed each warehouse follows.
//!
//! Owns the promises (pools and holds) and tells the warehouses of them; what happens on a floor it learns from the
//! stations' facts alone and never contradicts. Rules are `liangcang-domain`'s, routing `liangcang-planner`'s, the
//! replica protocol `liangcang-sync`'s. Never acknowledges before the commit; logs no personal data.

pub mod audit;
pub mod campaign;
pub mod catalogue_files;
pub mod cli;
mod clock;
pub mod database;
pub mod floor;
pub mod http;
pub mod incoming;
pub mod intake;
pub mod jobs;
pub mod order_files;
pub mod order_import;
pub mod platforms;
pub mod reconcile;
pub mod reroute;
pub mod review;
pub mod secret;
pub mod settings;
pub mod store;
pub mod sync_hop;
