//! Bar codes as modules: Code 128 in its shortest form of subsets B and C, and QR. Sizes on paper are left
//! to the layout and the renderers.

use barcoders::sym::code128::Code128;
use qrcode::{Color, EcLevel, QrCode};

use super::LabelFault;

/// Modules of light that Code 128 needs on each side.
pub(super) const CODE128_QUIET: i32 = 10;
/// Modules of light that QR needs on each side.
pub(super) const QR_QUIET: i32 = 4;

/// The modules of a Code 128 symbol from left to right, true is a bar.
pub(super) fn code128(text: &str) -> Result<Vec<bool>, LabelFault> {
    if text.is_empty() || !text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
        return Err(LabelFault::NotEncodable);
    }
    let code = Code128::new(shortest_subsets(text)).map_err(|_| LabelFault::NotEncodable)?;
    Ok(code.encode().into_iter().map(|module| module == 1).collect())
}

/// Marks the subsets for the encoder (U+0181 is B, U+0106 is C) so that the symbol is as short as can be.
///
/// Costs in symbols from the end: B takes one character, C two digits, a change of subset one more. With
/// equal cost B is kept.
fn shortest_subsets(text: &str) -> String {
    let bytes = text.as_bytes();
    let pair = |at: usize| bytes.get(at..at + 2).is_some_and(|two| two.iter().all(u8::is_ascii_digit));
    let length = bytes.len();
    // The cheapest way to write the rest from `at` while in B, and while in C.
    let mut in_b = vec![0usize; length + 2];
    let mut in_c = vec![0usize; length + 2];
    for at in (0..length).rev() {
        let stay_b = 1 + in_b[at + 1];
        let stay_c = if pair(at) { 1 + in_c[at + 2] } else { usize::MAX / 2 };
        in_b[at] = stay_b.min(1 + stay_c);
        in_c[at] = stay_c.min(1 + stay_b);
    }
    let mut marked = String::with_capacity(length + 8);
    let mut subset = if in_c[0] < in_b[0] { 'C' } else { 'B' };
    let mark = |subset: char| if subset == 'C' { '\u{0106}' } else { '\u{0181}' };
    marked.push(mark(subset));
    let mut at = 0;
    while at < length {
        let stay_b = 1 + in_b[at + 1];
        let stay_c = if pair(at) { 1 + in_c[at + 2] } else { usize::MAX / 2 };
        let wanted = match subset {
            'B' if stay_b <= 1 + stay_c => 'B',
            'C' if stay_c <= 1 + stay_b => 'C',
            'B' => 'C',
            _ => 'B',
        };
        if wanted != subset {
            subset = wanted;
            marked.push(mark(subset));
        }
        let taken = if subset == 'C' { 2 } else { 1 };
        marked.push_str(&text[at..at + taken]);
        at += taken;
    }
    marked
}

/// The modules of a QR symbol row by row with its width; error correction M.
pub(super) fn qr(text: &str) -> Result<(Vec<bool>, usize), LabelFault> {
    if text.is_empty() {
        return Err(LabelFault::NotEncodable);
    }
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| LabelFault::CodeTooLong { characters: text.chars().count() })?;
    let width = code.width();
    Ok((code.into_colors().into_iter().map(|color| color == Color::Dark).collect(), width))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn subsets(text: &str) -> String {
        shortest_subsets(text).replace('\u{0181}', "<B>").replace('\u{0106}', "<C>")
    }

    #[test]
    fn digits_are_paired_where_that_is_shorter() {
        assert_eq!(subsets("SF7444407670710"), "<B>SF7<C>444407670710");
        assert_eq!(subsets("73100196611386"), "<C>73100196611386");
        assert_eq!(subsets("731001966113861"), "<B>7<C>31001966113861");
        assert_eq!(subsets("AB12CD"), "<B>AB12CD");
        assert_eq!(subsets("12"), "<C>12");
        assert_eq!(subsets("7"), "<B>7");
    }

    #[test]
    fn the_symbol_has_its_start_its_check_and_its_stop() {
        // Start, S, F, 7, change to C, six pairs, check: twelve symbols of 11 modules, and a stop of 13.
        assert_eq!(code128("SF7444407670710").unwrap().len(), 12 * 11 + 13);
    }

    #[test]
    fn what_code_128_cannot_carry_is_refused() {
        for text in ["", "顺丰", "A\tB"] {
            assert_eq!(code128(text), Err(LabelFault::NotEncodable), "{text:?}");
        }
        assert_eq!(qr(""), Err(LabelFault::NotEncodable));
    }
}
