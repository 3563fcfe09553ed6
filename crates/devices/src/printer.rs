//! Label printers: what they say of themselves, and the task that hands them one job after another.
//!
//! "Sent" is never called "printed": only the printer's own counter proves a label, and a job whose bytes
//! were given away is never given again.

mod confirm;
mod link;
pub mod tcp9100;
pub mod zpl_status;
