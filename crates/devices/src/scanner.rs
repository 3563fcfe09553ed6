//! Scanners: from the bytes of a port to whole codes. What a code means is decided elsewhere.

mod framing;
mod reader;

pub use framing::{Framed, Framer, Refusal, Scan};
pub use reader::{ScannerEvent, ScannerHandle};
