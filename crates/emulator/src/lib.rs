//! The other side of every device and party a station or server talks to, played over real ports:
//! scanners and scales on pseudo-terminals, label printers on TCP, a live-sales platform and a storefront over HTTP.
//!
//! Written from the vendors' documents alone. It knows none of the project's other crates, so that a
//! misreading in a driver is not repeated here and thereby hidden.

pub mod control;
pub mod douyin;
pub mod lock;
pub mod printer;
pub mod pty;
pub mod scale;
pub mod scanner;
pub mod storefront;
pub mod worker;
pub mod world;
pub mod zpl;
