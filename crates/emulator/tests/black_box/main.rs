//! The emulator as the other programs meet it: a process with ports, links and an HTTP API.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod bench;
mod label_printer;
mod platform;
mod running;
mod serial_devices;
mod worker;
