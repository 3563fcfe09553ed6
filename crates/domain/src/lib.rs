//! The rules of the business: pure functions and types.
//!
//! Knows the goods, the building, promises, the stock ledger, labels, and the one step engine behind every
//! device. Does not know the clock, randomness, files, sockets or a database: time, ids and nonces are passed in.
//! Nothing here fails halfway: a rule first names every reason to say no, and after the last one it cannot fail.

pub mod address;
pub mod catalogue;
pub mod code;
pub mod fact;
pub mod feed;
pub mod gate;
pub mod id;
pub mod label;
pub mod mask;
pub mod order;
pub mod risk;
pub mod say;
pub mod seal;
pub mod stock;
pub mod task;
pub mod unit;
pub mod warehouse;
