//! One text for one door, however it is written: 3号楼, 3栋, 三幢 and #3 are the same, 502室 and 502 too.
//!
//! Orders that go to one door are counted by it. Words to the courier, brackets and what is stuck on the end to
//! make an address look new are left out; what tells two doors apart (弄, 层, 期, 组, A座) stays.

use super::glyph::{Glyph, append, is_gap, is_han};
use super::spelling::goes_on;
use super::{Reading, note, numeral};

/// Where an order goes, as one text: the deepest region's code, a colon, and the door.
#[must_use]
pub fn key(reading: &Reading<'_>, detail: &str) -> String {
    let door = settle(detail, |text| without_regions(text, reading));
    format!("{}:{door}", reading.code)
}

/// The door alone, for a detail that has no regions before it.
#[must_use]
pub fn door(detail: &str) -> String {
    settle(detail, |text| text)
}

/// Goes over the text until nothing changes: what a pass takes out may bring a unit beside its number. Every pass
/// but the first only shortens the text or turns a numeral into digits, so it ends.
fn settle(detail: &str, strip: impl Fn(&str) -> &str) -> String {
    let mut text = pass(detail);
    loop {
        let next = pass(without_town(strip(&text)));
        if next == text {
            return text;
        }
        text = next;
    }
}

fn without_regions<'a>(mut text: &'a str, reading: &Reading<'_>) -> &'a str {
    let names = [reading.province, reading.city, reading.district];
    while let Some(rest) =
        names.iter().filter(|name| !name.is_empty()).find_map(|name| text.strip_prefix(name))
    {
        text = rest;
    }
    text
}

/// A road is known in its whole district, so 五常街道 before it says nothing; a town (镇, 乡) may have its own.
fn without_town(text: &str) -> &str {
    let Some((town, rest)) = text.split_once("街道") else { return text };
    let is_name = !town.is_empty() && town.chars().count() <= 5 && town.chars().all(is_han);
    if is_name && rest.contains(['路', '街', '巷', '弄']) { rest } else { text }
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    /// Nothing yet, or a name.
    Name,
    /// A number or a letter: another is set off from it.
    Mark,
}

struct Writer {
    out: String,
    last: Last,
    numbered: bool,
    /// The length after a number that 室, 房 or 户 closed, until another number comes.
    closed: Option<usize>,
}

fn pass(detail: &str) -> String {
    let mut text = Vec::with_capacity(detail.len() / 2);
    append(detail, &mut text);
    text.iter_mut().for_each(|glyph| glyph.char = folded(glyph.char));
    let mut writer =
        Writer { out: String::with_capacity(detail.len()), last: Last::Name, numbered: false, closed: None };
    let mut at = 0;
    while at < text.len() {
        match writer.step(&text, at) {
            Some(next) => at = next,
            None => break,
        }
    }
    writer.finish()
}

/// Capitals, and digits for the digits in circles.
fn folded(char: char) -> char {
    match char {
        '①'..='⑨' => char::from_digit(u32::from(char) - u32::from('①') + 1, 10).unwrap_or(char),
        _ => char.to_ascii_uppercase(),
    }
}

impl Writer {
    /// Writes what stands at `at` and says where to go on; none when the rest says nothing about the door.
    fn step(&mut self, text: &[Glyph], at: usize) -> Option<usize> {
        let char = text[at].char;
        if char == '(' || char == '[' {
            return Some(after_bracket(text, at));
        }
        if is_gap(char) || char == '#' {
            return Some(at + 1);
        }
        if let Some(length) = note::opens(text, at) {
            return if self.numbered { None } else { Some(at + length) };
        }
        let digits = run(text, at, |char| char.is_ascii_digit());
        if digits > 0 {
            let number: String = text[at..at + digits].iter().map(|glyph| glyph.char).collect();
            return Some(self.number(&number, text, at + digits));
        }
        let letters = run(text, at, |char| char.is_ascii_uppercase());
        if letters > 0 {
            return Some(self.letters(text, at, letters));
        }
        if let Some(next) = self.numeral(text, at) {
            return Some(next);
        }
        // 第3栋 is 3栋.
        let ordinal = char == '第' && text.get(at + 1).is_some_and(|next| next.char.is_ascii_digit());
        if !ordinal && (is_han(char) || char.is_alphanumeric()) {
            self.out.push(char);
            self.last = Last::Name;
        }
        Some(at + 1)
    }

    fn mark(&mut self, mark: &str) {
        if self.last == Last::Mark {
            self.out.push('-');
        }
        self.out.push_str(mark);
        self.last = Last::Mark;
    }

    fn number(&mut self, number: &str, text: &[Glyph], end: usize) -> usize {
        let plain = number.trim_start_matches('0');
        self.mark(if plain.is_empty() { "0" } else { plain });
        self.numbered = true;
        self.closed = None;
        self.after_unit(text, end)
    }

    /// Goes past the unit of a number; the unit of a room closes the door.
    fn after_unit(&mut self, text: &[Glyph], end: usize) -> usize {
        const UNITS: [&str; 9] = ["号楼", "号", "栋", "幢", "座", "单元", "室", "房", "户"];
        let gaps = run(text, end, |char| is_gap(char) && char != '(' && char != '[');
        let Some(unit) = UNITS.iter().find(|unit| goes_on(text, end + gaps, unit)) else { return end };
        if matches!(*unit, "室" | "房" | "户") {
            self.closed = Some(self.out.len());
        }
        end + gaps + unit.chars().count()
    }

    fn letters(&mut self, text: &[Glyph], at: usize, length: usize) -> usize {
        let end = at + length;
        let word: String = text[at..end].iter().map(|glyph| glyph.char).collect();
        let more = text[end..].iter().any(|glyph| !glyph.is_gap());
        let is_stuck_on = !more && (self.closed.is_some() || (self.numbered && length >= 3));
        let is_number_sign = word == "NO" && more;
        if is_stuck_on || is_number_sign {
            return end;
        }
        self.mark(&word);
        self.after_unit(text, end)
    }

    /// 三号楼, 二单元; behind a number also a bare 五零二. A road's 文一西路 stays.
    fn numeral(&mut self, text: &[Glyph], at: usize) -> Option<usize> {
        const WORDS: [&str; 14] =
            ["号", "栋", "幢", "座", "单元", "室", "房", "楼", "层", "组", "队", "弄", "期", "户"];
        let start = at + usize::from(text[at].char == '第');
        let length = run(text, start, numeral::is_numeral);
        if length == 0 {
            return None;
        }
        let end = start + length;
        let is_numbered = WORDS.iter().any(|word| goes_on(text, end, word));
        let is_last = self.last == Last::Mark && text.get(end).is_none_or(|next| next.is_gap());
        if !is_numbered && !is_last {
            return None;
        }
        let chars: Vec<char> = text[start..end].iter().map(|glyph| glyph.char).collect();
        let number = numeral::digits(&chars)?;
        Some(self.number(&number, text, end))
    }

    fn finish(mut self) -> String {
        if let Some(length) = self.closed {
            self.out.truncate(length);
        }
        const STUCK_ON: [char; 16] =
            ['啊', '呀', '哦', '哈', '呵', '嘿', '嗯', '吧', '呢', '哟', '收', '的', '了', '嘻', '噢', '喔'];
        if self.numbered {
            let length = self.out.trim_end_matches(STUCK_ON).len();
            self.out.truncate(length);
        }
        self.out
    }
}

fn run(text: &[Glyph], at: usize, is: impl Fn(char) -> bool) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|glyph| is(glyph.char)).count()
}

/// Past a bracket that names no number; into one that does.
fn after_bracket(text: &[Glyph], at: usize) -> usize {
    let inside = run(text, at + 1, |char| char != ')' && char != ']');
    let names_a_number = text[at + 1..at + 1 + inside]
        .iter()
        .any(|glyph| glyph.char.is_ascii_digit() || numeral::is_numeral(glyph.char));
    if names_a_number { at + 1 } else { at + 1 + inside }
}
