//! Label printers: what they say of themselves, and the task that hands them one job after another.
//!
//! "Sent" is never called "printed": only the printer's own counter proves a label, and a job whose bytes
//! were given away is never given again.

mod confirm;
mod link;
mod tcp9100;
mod zpl_status;

pub use tcp9100::{
    Condition, DeviceState, PrintOutcome, PrintReport, PrinterEvent, PrinterHandle, PrinterSettings,
};
pub use zpl_status::PrinterStatus;
