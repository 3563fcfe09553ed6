//! Every route, over a real port.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

#[path = "../shop/mod.rs"]
mod shop;

mod campaigns;
mod console;
mod imports;
mod office;
mod orders;
mod platforms;
mod reviews;
mod sync;
mod warehouses;
