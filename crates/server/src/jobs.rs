//! Work that goes on behind the answers: each job finds what is left to do in the store, so a crash loses none.

pub mod lapse;
pub mod platform_orders;
pub mod prices;
