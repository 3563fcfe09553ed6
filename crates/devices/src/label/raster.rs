//! Elements into a bitmap of exact dots, the form that every label printer understands alike.
//!
//! Glyphs stand on whole dots and are cut at half coverage: a thermal head knows no grey. Bar codes get
//! whole dots a module. Languages of printers are left to their own files.

use super::codes::{CODE128_QUIET, QR_QUIET};
use super::elements::{Element, Frame};
use super::font::{Face, LabelFont};

/// How fine a printer's head is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// 8 dots a millimetre.
    Dpi203,
    /// 12 dots a millimetre.
    Dpi300,
}

impl Resolution {
    fn dots_per_mm(self) -> i32 {
        match self {
            Self::Dpi203 => 8,
            Self::Dpi300 => 12,
        }
    }
}

/// One bit a dot, 1 is black, the left dot in the highest bit, rows padded to a byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bitmap {
    /// Dots in a row.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Bytes of a row; the bits behind the last dot are 0.
    pub row_bytes: usize,
    /// The rows from top to bottom.
    pub bits: Vec<u8>,
    /// Characters that the font lacks and that were drawn as hollow boxes, each once.
    pub missing: Vec<char>,
}

impl Bitmap {
    fn blank(width: usize, height: usize) -> Self {
        let row_bytes = width.div_ceil(8);
        Self { width, height, row_bytes, bits: vec![0; row_bytes * height], missing: Vec::new() }
    }

    /// Whether a dot is black; what lies outside is not.
    pub fn is_black(&self, x: usize, y: usize) -> bool {
        x < self.width && y < self.height && self.bits[y * self.row_bytes + x / 8] & (0x80 >> (x % 8)) != 0
    }

    fn set(&mut self, x: i32, y: i32, white: bool) {
        let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { return };
        if x >= self.width || y >= self.height {
            return;
        }
        let byte = &mut self.bits[y * self.row_bytes + x / 8];
        let mask = 0x80 >> (x % 8);
        *byte = if white { *byte & !mask } else { *byte | mask };
    }

    fn fill(&mut self, x: i32, y: i32, w: i32, h: i32) {
        for row in y..y + h {
            for column in x..x + w {
                self.set(column, row, false);
            }
        }
    }
}

/// Draws a page of `tenths` (width, height in tenths of a millimetre).
pub fn raster(elements: &[Element], tenths: (i32, i32), resolution: Resolution, font: &LabelFont) -> Bitmap {
    let dots = resolution.dots_per_mm();
    let side = |tenths: i32| (tenths * dots / 10).max(0) as usize;
    let mut press = Press { dots, font, paper: Bitmap::blank(side(tenths.0), side(tenths.1)) };
    for element in elements {
        match element {
            Element::Text { x, baseline, size, bold, white, text } => {
                press.text((*x, *baseline), *size, *bold, *white, text);
            }
            Element::Code128 { frame, modules } => press.code128(*frame, modules),
            Element::Qr { frame, modules, width } => press.qr(*frame, modules, *width as i32),
            Element::Rule { frame } => press.rule(*frame),
        }
    }
    press.paper
}

struct Press<'font> {
    dots: i32,
    font: &'font LabelFont,
    paper: Bitmap,
}

impl Press<'_> {
    fn at(&self, tenths: i32) -> i32 {
        (tenths * self.dots + 5) / 10
    }

    fn rule(&mut self, frame: Frame) {
        let (x, y) = (self.at(frame.x), self.at(frame.y));
        // Both edges are rounded, so that neighbours meet; a line never vanishes.
        let w = (self.at(frame.x + frame.w) - x).max(1);
        let h = (self.at(frame.y + frame.h) - y).max(1);
        self.paper.fill(x, y, w, h);
    }

    fn text(&mut self, (x, baseline): (i32, i32), size: i32, bold: bool, white: bool, text: &str) {
        let per_tenth = self.dots as f32 / 10.0;
        let em = size as f32 * per_tenth;
        let baseline = self.at(baseline);
        let mut pen = x as f32 * per_tenth;
        for character in text.chars() {
            let glyph = self.font.glyph(character, bold);
            let left = pen.round();
            if glyph.face == Face::Missing {
                self.missing(character, left as i32, baseline, em, white);
            } else if let Some(outline) = self.font.outline(glyph, em, left, baseline as f32) {
                let corner = outline.px_bounds().min;
                let (corner_x, corner_y) = (corner.x as i32, corner.y as i32);
                let thicker =
                    if glyph.face == Face::Thickened { (em / 24.0).round().max(1.0) as i32 } else { 0 };
                outline.draw(|dx, dy, coverage| {
                    if coverage > 0.5 {
                        for extra in 0..=thicker {
                            self.paper.set(corner_x + dx as i32 + extra, corner_y + dy as i32, white);
                        }
                    }
                });
            }
            pen += glyph.advance_em * em;
        }
    }

    /// A hollow box of four fifths of the em.
    fn missing(&mut self, character: char, left: i32, baseline: i32, em: f32, white: bool) {
        if !self.paper.missing.contains(&character) {
            self.paper.missing.push(character);
        }
        let side = (em * 0.8) as i32;
        let (left, top) = (left + (em * 0.1) as i32, baseline - (em * 0.78) as i32);
        for step in 0..side {
            for (x, y) in [(step, 0), (step, side - 1), (0, step), (side - 1, step)] {
                self.paper.set(left + x, top + y, white);
            }
        }
    }

    fn code128(&mut self, frame: Frame, modules: &[bool]) {
        let width = self.at(frame.w);
        let count = modules.len() as i32;
        let module = (width / (count + 2 * CODE128_QUIET)).max(1);
        let left = self.at(frame.x) + (width - count * module) / 2;
        let (top, height) = (self.at(frame.y), self.at(frame.h));
        for (index, _) in (0..).zip(modules).filter(|(_, bar)| **bar) {
            self.paper.fill(left + index * module, top, module, height);
        }
    }

    fn qr(&mut self, frame: Frame, modules: &[bool], count: i32) {
        let (width, height) = (self.at(frame.w), self.at(frame.h));
        let module = (width.min(height) / (count + 2 * QR_QUIET)).max(1);
        let left = self.at(frame.x) + (width - count * module) / 2;
        let top = self.at(frame.y) + (height - count * module) / 2;
        for (index, _) in (0..).zip(modules).filter(|(_, dark)| **dark) {
            self.paper.fill(left + index % count * module, top + index / count * module, module, module);
        }
    }
}
