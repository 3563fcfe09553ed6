//! The elements of a document, in tenths of a millimetre from its upper left corner, and the sheet that
//! places them: text is shrunk, wrapped or cut to its frame, so nothing is ever drawn outside of it.

use super::LabelFault;
use super::codes::{self, CODE128_QUIET};
use super::font::{BASELINE_PER_MILLE, LabelFont};

/// The smallest em that a 203 dpi printer draws legibly in Chinese.
const SMALLEST: i32 = 20;
/// Lines of a wrapped text stand this far apart, in hundredths of the em.
const LEADING_PERCENT: i32 = 122;

/// A rectangle on paper, in tenths of a millimetre.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Frame {
    /// From the left edge.
    pub x: i32,
    /// From the upper edge.
    pub y: i32,
    /// Width.
    pub w: i32,
    /// Height.
    pub h: i32,
}

impl Frame {
    /// The frame made smaller by `x` on the left and right and by `y` above and below.
    pub fn inset(self, x: i32, y: i32) -> Self {
        Self { x: self.x + x, y: self.y + y, w: self.w - 2 * x, h: self.h - 2 * y }
    }
}

/// Where in its frame a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// At the right edge.
    Right,
}

/// How a text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Height of the em; the text may be made smaller to fit, never larger.
    pub size: i32,
    /// Drawn with the bold face.
    pub bold: bool,
    /// Where the line stands in its frame.
    pub align: Align,
    /// Light text, for a black ground.
    pub white: bool,
}

impl Style {
    /// Regular black text at the left.
    pub const fn plain(size: i32) -> Self {
        Self { size, bold: false, align: Align::Left, white: false }
    }

    /// Bold black text at the left.
    pub const fn bold(size: i32) -> Self {
        Self { bold: true, ..Self::plain(size) }
    }

    /// The same, aligned otherwise.
    pub const fn at(self, align: Align) -> Self {
        Self { align, ..self }
    }

    /// The same, light on a black ground.
    pub const fn white(self) -> Self {
        Self { white: true, ..self }
    }
}

/// One thing to be drawn. Later elements are drawn over earlier ones.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Element {
    /// One line of text; it is known to fit.
    Text {
        /// Left end of the line.
        x: i32,
        /// The baseline.
        baseline: i32,
        /// Height of the em.
        size: i32,
        /// Drawn with the bold face.
        bold: bool,
        /// Light on a black ground.
        white: bool,
        /// The line itself, without control characters.
        text: String,
    },
    /// A Code 128 symbol, centred in its frame together with its quiet zones.
    Code128 {
        /// The frame, quiet zones included.
        frame: Frame,
        /// From left to right; true is a bar.
        modules: Vec<bool>,
    },
    /// A QR symbol, centred in its frame together with its quiet zone.
    Qr {
        /// The frame, quiet zone included.
        frame: Frame,
        /// Row by row; true is dark.
        modules: Vec<bool>,
        /// Modules in a row.
        width: usize,
    },
    /// A black rectangle: a line of a table, or the ground of light text.
    Rule {
        /// What is blackened.
        frame: Frame,
    },
}

/// Collects the elements of one page.
pub struct Sheet<'font> {
    font: &'font LabelFont,
    elements: Vec<Element>,
}

impl<'font> Sheet<'font> {
    /// An empty page.
    pub fn new(font: &'font LabelFont) -> Self {
        Self { font, elements: Vec::new() }
    }

    /// The page as it is.
    pub fn into_elements(self) -> Vec<Element> {
        self.elements
    }

    /// Blackens a rectangle.
    pub fn rule(&mut self, frame: Frame) {
        self.elements.push(Element::Rule { frame });
    }

    /// Draws the border of a frame inwards, `thick` tenths wide.
    pub fn border(&mut self, frame: Frame, thick: i32) {
        let Frame { x, y, w, h } = frame;
        for edge in [
            Frame { h: thick, ..frame },
            Frame { y: y + h - thick, h: thick, ..frame },
            Frame { w: thick, ..frame },
            Frame { x: x + w - thick, w: thick, ..frame },
        ] {
            self.rule(edge);
        }
    }

    /// Writes one line, in the middle of its frame's height; shrunk to the width, then cut with an ellipsis.
    pub fn line(&mut self, frame: Frame, style: Style, text: &str) {
        let text = printable(text);
        let mut size = style.size.min(frame.h);
        while size > SMALLEST && self.font.width(&text, size, style.bold) > frame.w {
            size -= 1;
        }
        let text = self.cut(text, size, style.bold, frame.w);
        self.place(frame, Style { size, ..style }, text);
    }

    /// Writes a text over as many lines as the frame holds, in the middle of its height; shrunk until all of
    /// it stands there, and cut with an ellipsis only below the smallest legible size.
    pub fn block(&mut self, frame: Frame, style: Style, text: &str) {
        let text = printable(text);
        let mut size = style.size.min(frame.h);
        let (lines, step) = loop {
            let step = (size * LEADING_PERCENT + 99) / 100;
            let room = 1 + ((frame.h - size) / step).max(0) as usize;
            let mut lines = self.wrap(&text, size, style.bold, frame.w);
            if lines.len() <= room {
                break (lines, step);
            }
            if size <= SMALLEST {
                let rest: String = lines.split_off(room - 1).concat();
                lines.push(self.cut(rest, size, style.bold, frame.w));
                break (lines, step);
            }
            size -= 1;
        };
        let used = size + (lines.len() as i32 - 1) * step;
        let top = frame.y + (frame.h - used) / 2;
        let rows = (0..).map(|row| Frame { y: top + row * step, h: size, ..frame });
        for (row, line) in rows.zip(lines) {
            self.place(row, Style { size, ..style }, line);
        }
    }

    /// Places a Code 128 symbol.
    ///
    /// # Errors
    /// When the text cannot be encoded, or its bars would be finer than one dot at 203 dpi.
    pub fn code128(&mut self, frame: Frame, text: &str) -> Result<(), LabelFault> {
        let modules = codes::code128(text)?;
        if modules.len() as i32 + 2 * CODE128_QUIET > frame.w * 8 / 10 {
            return Err(LabelFault::CodeTooLong { characters: text.chars().count() });
        }
        self.elements.push(Element::Code128 { frame, modules });
        Ok(())
    }

    /// Places a QR symbol.
    ///
    /// # Errors
    /// When the text is empty, longer than any QR symbol, or too long for this frame at 203 dpi.
    pub fn qr(&mut self, frame: Frame, text: &str) -> Result<(), LabelFault> {
        let (modules, width) = codes::qr(text)?;
        if width as i32 + 2 * codes::QR_QUIET > frame.w.min(frame.h) * 8 / 10 {
            return Err(LabelFault::CodeTooLong { characters: text.chars().count() });
        }
        self.elements.push(Element::Qr { frame, modules, width });
        Ok(())
    }

    fn place(&mut self, frame: Frame, style: Style, text: String) {
        if text.is_empty() {
            return;
        }
        let slack = frame.w - self.font.width(&text, style.size, style.bold);
        let x = match style.align {
            Align::Left => frame.x,
            Align::Centre => frame.x + slack / 2,
            Align::Right => frame.x + slack,
        };
        let baseline = frame.y + (frame.h - style.size) / 2 + style.size * BASELINE_PER_MILLE / 1000;
        let Style { size, bold, white, .. } = style;
        self.elements.push(Element::Text { x, baseline, size, bold, white, text });
    }

    /// Leaves away the end of a line that is too wide and says so by an ellipsis.
    fn cut(&self, text: String, size: i32, bold: bool, width: i32) -> String {
        if self.font.width(&text, size, bold) <= width {
            return text;
        }
        let mut kept = text;
        while kept.pop().is_some() {
            let cut = format!("{kept}…");
            if self.font.width(&cut, size, bold) <= width {
                return cut;
            }
        }
        String::new()
    }

    /// Breaks between ideographs and around words of letters and digits; inside a word only when it is
    /// wider than a whole line.
    fn wrap(&self, text: &str, size: i32, bold: bool, width: i32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in words(text) {
            let fits = |line: &str| self.font.width(line, size, bold) <= width;
            let line = lines.last().map_or("", String::as_str);
            let joined = format!("{line}{word}");
            if fits(&joined) {
                lines.pop();
                lines.push(joined);
            } else if fits(word) {
                lines.push(word.trim_start().to_owned());
            } else {
                for character in word.chars() {
                    let mut longer = lines.pop().unwrap_or_default();
                    longer.push(character);
                    if longer.chars().count() == 1 || fits(&longer) {
                        lines.push(longer);
                    } else {
                        longer.pop();
                        lines.extend([longer, character.to_string()]);
                    }
                }
            }
        }
        lines.retain(|line| !line.is_empty());
        lines
    }
}

/// Pieces that are not to be broken: runs of ASCII letters and digits, else single characters, each with
/// the closing marks behind it, which must not begin a line.
fn words(text: &str) -> Vec<&str> {
    let joins = |left: char, right: char| {
        (left.is_ascii_alphanumeric() && right.is_ascii_alphanumeric())
            || "，。、；：）》】,.;:)%".contains(right)
    };
    let mut words = Vec::new();
    let mut start = 0;
    let mut last: Option<char> = None;
    for (at, character) in text.char_indices() {
        if last.is_some_and(|last| !joins(last, character)) {
            words.push(&text[start..at]);
            start = at;
        }
        last = Some(character);
    }
    if start < text.len() {
        words.push(&text[start..]);
    }
    words
}

/// Line ends and other control characters have no place in a line. Everything else stays as it came: a
/// route code is printed verbatim, its blanks too.
fn printable(text: &str) -> String {
    text.trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
