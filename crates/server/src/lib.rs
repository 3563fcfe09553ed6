//! Placeholder until the first real content lands.

pub mod incoming;
pub mod order_files;
pub mod platforms;
