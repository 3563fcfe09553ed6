//! Devices of a station: bytes to meaning and back, and the ports that carry the bytes.
//!
//! Each directory is one kind of device. A file that parses or draws is pure and is given the time; a file
//! that holds a port owns one thread or one task and reports into a channel of its caller.
//!
//! What is absent: this crate does not know orders, tasks or screens. It reads no files of its own (fonts
//! and lexicons are passed in) and it never decides what a scan or a weight is good for.

pub mod label;
pub mod ports;
pub mod printer;
pub mod scale;
pub mod scanner;
pub mod voice;
