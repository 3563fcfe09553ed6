//! The rules of the authority, on a real database: promises, facts from the floor, and death at any moment.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "../shop/mod.rs"]
mod shop;

mod campaigns;
mod company;
mod death;
mod floor;
mod hot_text;
mod intake;
mod looks;
mod placing;
mod readable;
mod reconciling;
mod rerouting;
mod reviews;
mod scale;
mod splitting;
mod two_servers;
