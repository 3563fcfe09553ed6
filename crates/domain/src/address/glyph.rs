//! The text of an address character by character: width folded, phones and form labels blanked.
//!
//! Leaves out what the characters mean as a place.

/// Stands for a cut-out phone: no chain of regions runs over it.
pub(super) const WALL: char = '\0';

/// A character and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Glyph {
    /// Full-width forms folded to their narrow ones.
    pub(super) char: char,
    /// Its first byte in the text it came from.
    pub(super) at: u32,
    /// One after its last byte.
    pub(super) end: u32,
}

impl Glyph {
    /// Neither letter, digit nor ideograph, and not the `#` of a house number.
    pub(super) fn is_gap(self) -> bool {
        is_gap(self.char)
    }
}

pub(super) fn is_gap(char: char) -> bool {
    !(is_han(char) || char.is_alphanumeric() || char == '#')
}

pub(super) fn is_han(char: char) -> bool {
    matches!(char, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

/// The narrow form of a full-width character.
pub(super) fn narrow(char: char) -> char {
    match char {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(char) - 0xFEE0).unwrap_or(char),
        '\u{3000}' => ' ',
        '—' | '–' | '−' | '〜' => '-',
        '【' | '〔' => '[',
        '】' | '〕' => ']',
        _ => char,
    }
}

/// Adds a text.
pub(super) fn append(text: &str, out: &mut Vec<Glyph>) {
    for (at, char) in text.char_indices() {
        let end = at + char.len_utf8();
        let place = |byte: usize| u32::try_from(byte).unwrap_or(u32::MAX);
        out.push(Glyph { char: narrow(char), at: place(at), end: place(end) });
    }
}

/// Words of an order form, which say nothing about the place.
const LABELS: [&str; 19] = [
    "收货人姓名",
    "收件人姓名",
    "收货地址",
    "收件地址",
    "详细地址",
    "所在地区",
    "所在地址",
    "联系电话",
    "联系方式",
    "手机号码",
    "邮政编码",
    "收货人",
    "收件人",
    "联系人",
    "手机号",
    "姓名",
    "手机",
    "电话",
    "地址",
];

/// Blanks form labels, phones and postcodes.
pub(super) fn blank(text: &mut [Glyph]) {
    let mut at = 0;
    let mut after_gap = true;
    while at < text.len() {
        let char = text[at].char;
        if char.is_ascii_digit() {
            at = blank_number(text, at);
            after_gap = false;
            continue;
        }
        if after_gap
            && matches!(char, '收' | '详' | '所' | '联' | '手' | '邮' | '姓' | '电' | '地')
            && let Some(end) = label(text, at)
        {
            text[at..end].iter_mut().for_each(|glyph| glyph.char = ' ');
            at = end;
            continue;
        }
        after_gap = text[at].is_gap();
        at += 1;
    }
}

/// The end of a label with a colon or a gap after it.
fn label(text: &[Glyph], at: usize) -> Option<usize> {
    LABELS.iter().find_map(|label| {
        let end = at + label.chars().count();
        let is = text.get(at..end)?.iter().map(|glyph| glyph.char).eq(label.chars());
        (is && text.get(end).is_some_and(|next| next.is_gap())).then_some(end)
    })
}

/// Looks at the digits from `at` on, blanks them if they are a phone or a postcode, and says where to go on.
fn blank_number(text: &mut [Glyph], at: usize) -> usize {
    let groups = Groups::read(text, at);
    let (end, with) = match (groups.lengths, text[at].char) {
        ([11, ..], '1') => (groups.ends[0], WALL),
        ([13, ..], '8') if text[at + 1].char == '6' => (groups.ends[0], WALL),
        ([2, 11, ..], '8') => (groups.ends[1], WALL),
        ([3, 4, 4, ..], '1') => (groups.ends[2], WALL),
        ([10..=12, ..], '0') => (groups.ends[0], WALL),
        ([3 | 4, 7 | 8, ..], '0') => (groups.ends[1], WALL),
        ([6, ..], _) if stands_alone(text, at, groups.ends[0]) => (groups.ends[0], ' '),
        _ => match masked(text, at, groups.ends[0]) {
            Some(end) => (end, WALL),
            None => return groups.ends[0],
        },
    };
    text[at..end].iter_mut().for_each(|glyph| glyph.char = with);
    if with == WALL { blank_extension(text, end) } else { end }
}

/// Up to three groups of digits with one gap between two.
struct Groups {
    lengths: [usize; 3],
    ends: [usize; 3],
}

impl Groups {
    fn read(text: &[Glyph], mut at: usize) -> Self {
        let mut groups = Self { lengths: [0; 3], ends: [at; 3] };
        for group in 0..3 {
            let digits = text[at..].iter().take_while(|glyph| glyph.char.is_ascii_digit()).count();
            groups.lengths[group] = digits;
            at += digits;
            groups.ends[group..].fill(at);
            let gap = matches!(text.get(at).map(|glyph| glyph.char), Some('-' | ' '));
            if digits == 0 || !gap {
                break;
            }
            at += 1;
        }
        groups
    }
}

fn stands_alone(text: &[Glyph], at: usize, end: usize) -> bool {
    let gap = |glyph: Option<&Glyph>| glyph.is_none_or(|glyph| matches!(glyph.char, ' ' | ',' | WALL));
    gap(at.checked_sub(1).and_then(|before| text.get(before))) && gap(text.get(end))
}

/// `138****1234`, as platforms write it.
fn masked(text: &[Glyph], at: usize, end: usize) -> Option<usize> {
    let stars = text[end..].iter().take_while(|glyph| glyph.char == '*').count();
    let tail = text[end + stars..].iter().take_while(|glyph| glyph.char.is_ascii_digit()).count();
    (end - at == 3 && stars >= 4 && tail >= 2).then_some(end + stars + tail)
}

/// `-1234`, `转1234` or `[1234]` after a phone, the extension of a virtual number.
fn blank_extension(text: &mut [Glyph], end: usize) -> usize {
    let opens = matches!(text.get(end).map(|glyph| glyph.char), Some('-' | '转' | '['));
    let digits = text.iter().skip(end + 1).take_while(|glyph| glyph.char.is_ascii_digit()).count();
    if !opens || !(2..=5).contains(&digits) {
        return end;
    }
    let end_of_it = end + 1 + digits;
    text[end..end_of_it].iter_mut().for_each(|glyph| glyph.char = WALL);
    end_of_it
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blanked(text: &str) -> String {
        let mut glyphs = Vec::new();
        append(text, &mut glyphs);
        blank(&mut glyphs);
        glyphs.iter().map(|glyph| if glyph.char == WALL { '|' } else { glyph.char }).collect()
    }

    #[test]
    fn a_phone_is_cut_out_however_it_is_written() {
        for phone in [
            "13800001234",
            "１３８００００１２３４",
            "138-0000-1234",
            "138 0000 1234",
            "8613800001234",
            "86-13800001234",
            "138****1234",
            "0571-88888888",
            "057188888888",
            "18400001234-5678",
            "18400001234转5678",
            "18400001234[5678",
        ] {
            let left = blanked(&format!("张三{phone}杭州"));
            let parts: Vec<&str> = left.split('|').filter(|part| !part.is_empty()).collect();
            assert_eq!(parts, ["张三", "杭州"], "{phone}");
        }
    }

    #[test]
    fn a_house_number_is_no_phone_and_a_postcode_is_blank() {
        assert_eq!(blanked("文一西路969号3-502"), "文一西路969号3-502");
        assert_eq!(blanked("杭州 310000 文一西路"), "杭州        文一西路");
        assert_eq!(blanked("创业路138-1234号"), "创业路138-1234号");
    }

    #[test]
    fn labels_of_a_form_are_blank_only_where_they_label() {
        assert_eq!(blanked("收货人：张三 地址:北京"), "   :张三   :北京");
        assert_eq!(blanked("到了打电话 地址路1号"), "到了打电话 地址路1号");
    }
}
