//! Scales: from the bytes of a port to grams. Whether a weight is right is decided elsewhere.

mod toledo8217;

pub use toledo8217::{ScaleEvent, ScaleHandle, Weighing};
