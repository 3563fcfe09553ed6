//! Paper: waybill labels and hand-over manifests, drawn once as elements and then as dots, ZPL or PDF.
//!
//! What stands where is decided in `layout` and `manifest` alone; `raster`, `zpl` and `pdf` only carry it. Masking a buyer's data is done before it comes here.

mod codes;
mod elements;
mod font;
mod layout;
mod manifest;
mod pdf;
mod raster;
mod zpl;

pub use elements::{Align, Element, Frame, Sheet, Style};
pub use font::LabelFont;
pub use layout::{LabelContent, LabelSize, layout};
pub use manifest::{Manifest, ManifestParcel, manifest_pdf};
pub use pdf::{Page, labels_pdf, pages_pdf};
pub use raster::{Bitmap, Resolution, raster};
pub use zpl::zpl_job;

/// Why a document cannot be drawn.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LabelFault {
    /// The font's bytes are no font.
    #[error("the label font is damaged ({face}): install the program again")]
    BadFont {
        /// Which of the two faces.
        face: &'static str,
    },
    /// A code holds a character that Code 128 or QR cannot carry, or nothing at all.
    #[error("this number cannot be a bar code: correct it at its source")]
    NotEncodable,
    /// A bar code would be too fine to be printed and read on this paper.
    #[error("this number of {characters} characters is too long for a bar code on this paper")]
    CodeTooLong {
        /// Characters of the number.
        characters: usize,
    },
    /// The PDF could not be put together.
    #[error("the PDF cannot be made: {why}")]
    Pdf {
        /// What the library said.
        why: String,
    },
}
