//! The two faces of the label font: which face has a character, and how wide text is.
//!
//! The bold face holds fewer characters than the regular one; what it lacks is taken from the regular face
//! and thickened. A character that neither has is a hollow box, so that it is seen and can be named.

use std::sync::OnceLock;

use ab_glyph::{Font, FontVec, GlyphId, OutlinedGlyph, PxScale, point};
use printpdf::ParsedFont;

use super::LabelFault;

/// Where the baseline lies in a box of one em, from the top, in thousandths: the ideographs of the font
/// fill the em exactly.
pub(super) const BASELINE_PER_MILLE: i32 = 880;

/// How a character is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Face {
    Regular,
    Bold,
    /// The regular face thickened, for a bold character that the bold face lacks.
    Thickened,
    /// No face has it.
    Missing,
}

/// A character with its face and its advance in ems.
#[derive(Debug, Clone, Copy)]
pub(super) struct Glyph {
    pub face: Face,
    id: GlyphId,
    pub advance_em: f32,
}

/// The parsed label font; parse it once and share it.
pub struct LabelFont {
    regular: FontVec,
    bold: FontVec,
    sources: [Vec<u8>; 2],
    for_pdf: OnceLock<Option<[ParsedFont; 2]>>,
}

impl LabelFont {
    /// Parses the bytes of the regular and of the bold face (OpenType).
    ///
    /// # Errors
    /// [`LabelFault::BadFont`] when one of them is no font.
    pub fn parse(regular: Vec<u8>, bold: Vec<u8>) -> Result<Self, LabelFault> {
        let parse = |bytes: &[u8], face| {
            FontVec::try_from_vec(bytes.to_vec()).map_err(|_| LabelFault::BadFont { face })
        };
        Ok(Self {
            regular: parse(&regular, "regular")?,
            bold: parse(&bold, "bold")?,
            sources: [regular, bold],
            for_pdf: OnceLock::new(),
        })
    }

    /// The faces as the PDF library wants them. They are parsed at the first PDF, because most stations
    /// print by bitmap alone and this parsing is the slower one.
    pub(super) fn for_pdf(&self) -> Result<&[ParsedFont; 2], LabelFault> {
        let parse = |bytes: &[u8]| ParsedFont::from_bytes(bytes, 0, &mut Vec::new());
        let parsed = self.for_pdf.get_or_init(|| {
            let [regular, bold] = &self.sources;
            Some([parse(regular)?, parse(bold)?])
        });
        parsed.as_ref().ok_or(LabelFault::BadFont { face: "for PDF" })
    }

    pub(super) fn glyph(&self, character: char, bold: bool) -> Glyph {
        let choose = |font: &FontVec, face| {
            let id = font.glyph_id(character);
            let em = font.units_per_em().unwrap_or(1000.0);
            (id.0 != 0).then(|| Glyph { face, id, advance_em: font.h_advance_unscaled(id) / em })
        };
        let from_bold = if bold { choose(&self.bold, Face::Bold) } else { None };
        let face = if bold { Face::Thickened } else { Face::Regular };
        from_bold.or_else(|| choose(&self.regular, face)).unwrap_or(Glyph {
            face: Face::Missing,
            id: GlyphId(0),
            advance_em: 1.0,
        })
    }

    /// The width of one line in tenths of a millimetre when an em is `size` tenths high; rounded up.
    pub fn width(&self, text: &str, size: i32, bold: bool) -> i32 {
        let ems: f32 = text.chars().map(|character| self.glyph(character, bold).advance_em).sum();
        (ems * size as f32).ceil() as i32
    }

    /// The outline of a glyph whose em is `em_dots` high, with its origin at a dot; nothing for a blank.
    pub(super) fn outline(&self, glyph: Glyph, em_dots: f32, x: f32, baseline: f32) -> Option<OutlinedGlyph> {
        let font = if glyph.face == Face::Bold { &self.bold } else { &self.regular };
        // The crate scales by the height of a line, which in CJK fonts is far more than the em.
        let em = font.units_per_em().unwrap_or(1000.0);
        let scale = PxScale::from(em_dots * font.height_unscaled() / em);
        font.outline_glyph(glyph.id.with_scale_and_position(scale, point(x, baseline)))
    }
}

impl std::fmt::Debug for LabelFont {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("LabelFont").finish_non_exhaustive()
    }
}
