//! The platforms orders are sold on: what they send us and what we ask them, as pure text in and out.
//!
//! Sockets, the clock and the store are the caller's; one module a platform.

pub mod douyin;
