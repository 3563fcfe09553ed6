//! Elements as a PDF of vectors: real text that can be searched, bars as rectangles, the fonts cut down to
//! the characters used. For office printers, for saving a label, and for a station whose printer is away.

use printpdf::{
    Color, FontId, Greyscale, Mm, Op, PaintMode, PdfDocument, PdfFont, PdfFontHandle, PdfPage,
    PdfParseErrorSeverity, PdfSaveOptions, Point, Pt, Rect, TextItem, TextRenderingMode,
};

use super::LabelFault;
use super::codes::{CODE128_QUIET, QR_QUIET};
use super::elements::{Element, Frame};
use super::font::{Face, LabelFont};
use super::layout::{LabelContent, LabelSize, layout};

/// Points in a tenth of a millimetre.
const PT_PER_TENTH: f32 = 72.0 / 254.0;
/// A dot of a 203 dpi printer in tenths: bars that are whole dots wide stay crisp on the commonest printer.
const DOT: f32 = 1.25;
/// Names of the two fonts inside the document; the first six letters become the tag of the subset.
const FONT_NAMES: [&str; 2] = ["LCREGU", "LCBOLD"];

/// A page: its width and height in tenths of a millimetre and what stands on it.
pub type Page = ((i32, i32), Vec<Element>);

/// Labels as one document, one label a page.
///
/// # Errors
/// When a waybill number cannot be a bar code, or the library fails.
pub fn labels_pdf(labels: &[LabelContent], size: LabelSize, font: &LabelFont) -> Result<Vec<u8>, LabelFault> {
    let pages: Result<Vec<Page>, LabelFault> =
        labels.iter().map(|content| Ok((size.tenths(), layout(content, size, font)?))).collect();
    pages_pdf("Liangcang labels", &pages?, font)
}

/// Pages of any size as one document. Its dates are left at the epoch, so equal pages give equal bytes.
///
/// # Errors
/// When the fonts cannot be embedded.
pub fn pages_pdf(title: &str, pages: &[Page], font: &LabelFont) -> Result<Vec<u8>, LabelFault> {
    let mut document = PdfDocument::new(title);
    for (name, parsed) in FONT_NAMES.into_iter().zip(font.for_pdf()?) {
        document.resources.fonts.map.insert(FontId(name.to_owned()), PdfFont::new(parsed.clone()));
    }
    for ((width, height), elements) in pages {
        let mut press = Press { height: *height as f32, font, ops: Vec::new() };
        press.ops.push(Op::SetFillColor { col: grey(0.0) });
        for element in elements {
            press.draw(element);
        }
        let millimetres = |tenths: i32| Mm(tenths as f32 / 10.0);
        document.pages.push(PdfPage::new(millimetres(*width), millimetres(*height), press.ops));
    }
    let mut warnings = Vec::new();
    let bytes = document.save(&PdfSaveOptions::default(), &mut warnings);
    match warnings.into_iter().find(|warning| warning.severity == PdfParseErrorSeverity::Error) {
        Some(warning) => Err(LabelFault::Pdf { why: warning.msg }),
        None => Ok(bytes),
    }
}

fn grey(light: f32) -> Color {
    Color::Greyscale(Greyscale::new(light, None))
}

/// Writes one page; its measures are tenths from the upper left corner, PDF's are points from the lower left.
struct Press<'font> {
    height: f32,
    font: &'font LabelFont,
    ops: Vec<Op>,
}

impl Press<'_> {
    fn draw(&mut self, element: &Element) {
        match element {
            Element::Text { x, baseline, size, bold, white, text } => {
                if *white {
                    self.ops.push(Op::SetFillColor { col: grey(1.0) });
                }
                self.text(*x as f32, *baseline as f32, *size as f32, *bold, text);
                if *white {
                    self.ops.push(Op::SetFillColor { col: grey(0.0) });
                }
            }
            Element::Rule { frame: Frame { x, y, w, h } } => {
                self.rectangle(*x as f32, *y as f32, *w as f32, *h as f32, PaintMode::Fill);
            }
            Element::Code128 { frame, modules } => self.code128(*frame, modules),
            Element::Qr { frame, modules, width } => self.qr(*frame, modules, *width),
        }
    }

    fn rectangle(&mut self, x: f32, y: f32, w: f32, h: f32, mode: PaintMode) {
        let rectangle = Rect {
            x: Pt(x * PT_PER_TENTH),
            y: Pt((self.height - y - h) * PT_PER_TENTH),
            width: Pt(w * PT_PER_TENTH),
            height: Pt(h * PT_PER_TENTH),
            mode: Some(mode),
            winding_order: None,
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    /// Writes runs of one face each at their own measured places, so that the line is as long as planned.
    fn text(&mut self, x: f32, baseline: f32, size: f32, bold: bool, text: &str) {
        let mut pen = x;
        let mut run = String::new();
        let mut run_at = x;
        let mut run_face = Face::Regular;
        for character in text.chars() {
            let glyph = self.font.glyph(character, bold);
            if glyph.face != run_face {
                self.run(std::mem::take(&mut run), run_face, run_at, baseline, size);
                (run_face, run_at) = (glyph.face, pen);
            }
            if glyph.face == Face::Missing {
                let (top, side) = (baseline - size * 0.78, size * 0.8);
                self.rectangle(pen + size * 0.1, top, side, side, PaintMode::Stroke);
            } else {
                run.push(character);
            }
            pen += glyph.advance_em * size;
        }
        self.run(run, run_face, run_at, baseline, size);
    }

    fn run(&mut self, text: String, face: Face, x: f32, baseline: f32, size: f32) {
        if text.is_empty() {
            return;
        }
        let [regular, bold] = FONT_NAMES;
        let name = if face == Face::Bold { bold } else { regular };
        let pos = Point { x: Pt(x * PT_PER_TENTH), y: Pt((self.height - baseline) * PT_PER_TENTH) };
        let points = size * PT_PER_TENTH;
        let font = PdfFontHandle::External(FontId(name.to_owned()));
        let mut section = vec![Op::StartTextSection, Op::SetFont { font, size: Pt(points) }];
        if face == Face::Thickened {
            section.push(Op::SetOutlineThickness { pt: Pt(points / 24.0) });
            section.push(Op::SetTextRenderingMode { mode: TextRenderingMode::FillStroke });
        }
        section.push(Op::SetTextCursor { pos });
        section.push(Op::ShowText { items: vec![TextItem::Text(text)] });
        if face == Face::Thickened {
            section.push(Op::SetTextRenderingMode { mode: TextRenderingMode::Fill });
        }
        section.push(Op::EndTextSection);
        self.ops.append(&mut section);
    }

    fn code128(&mut self, frame: Frame, modules: &[bool]) {
        let module = module(frame.w, modules.len() as i32 + 2 * CODE128_QUIET);
        let left = frame.x as f32 + (frame.w as f32 - modules.len() as f32 * module) / 2.0;
        let (y, h) = (frame.y as f32, frame.h as f32);
        self.bars(modules, left, y, module, h);
    }

    fn qr(&mut self, frame: Frame, modules: &[bool], width: usize) {
        let module = module(frame.w.min(frame.h), width as i32 + 2 * QR_QUIET);
        let side = module * width as f32;
        let left = frame.x as f32 + (frame.w as f32 - side) / 2.0;
        let mut y = frame.y as f32 + (frame.h as f32 - side) / 2.0;
        for row in modules.chunks(width) {
            self.bars(row, left, y, module, module);
            y += module;
        }
    }

    /// Neighbouring dark modules become one rectangle: fewer bytes, and no hairlines between them.
    fn bars(&mut self, modules: &[bool], left: f32, y: f32, module: f32, h: f32) {
        let mut at = 0usize;
        for group in modules.chunk_by(|left, right| left == right) {
            if group[0] {
                self.rectangle(left + at as f32 * module, y, group.len() as f32 * module, h, PaintMode::Fill);
            }
            at += group.len();
        }
    }
}

/// The width of a module: as many whole 203 dpi dots as the frame allows, at least one.
fn module(room: i32, count: i32) -> f32 {
    (room as f32 / DOT / count as f32).floor().max(1.0) * DOT
}
