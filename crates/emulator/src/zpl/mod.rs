//! What a ZPL II printer understands: the byte stream, one label format, its graphics, the page.
//!
//! Text and barcode fields (`^A`, `^FD`, `^BC` …) are not drawn: the labels under test carry one bitmap.
//! They are named in the job's record as skipped, so that nothing is missing silently.

pub mod bitmap;
pub mod format;
pub mod graphic;
pub mod stream;
