//! Ports that carry the bytes of several kinds of device. What the bytes mean is said in each device's own directory.

mod serial;

pub use serial::{PortEvent, SerialHandle, SerialSettings};
