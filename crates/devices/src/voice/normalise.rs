//! Text made speakable: what a speech program reads wrongly is written out before it sees it.
//!
//! Numbers, decimals, 两 and 二, units, letters and codes become words; the user's lexicon goes first. A code
//! is read letter by letter and digit by digit with a pause between its parts. Sentences are not analysed.

use super::lexicon::Lexicon;
use super::numbers::{digits, quantity};

/// Units behind a number, longest first.
const UNITS: [(&str, &str); 7] =
    [("KG", "公斤"), ("ML", "毫升"), ("CM", "厘米"), ("MM", "毫米"), ("G", "克"), ("L", "升"), ("M", "米")];

/// Mandarin for the `cmn-latn-pinyin` voice of espeak-ng: Chinese characters, numbered pinyin where the
/// lexicon has it, and single capital letters.
pub fn speakable_mandarin(text: &str, lexicon: &Lexicon) -> String {
    let mut spoken = String::new();
    let mut rest = text;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let taken = if let Some((word, pinyin)) = lexicon.prefix_of(rest) {
            separate(&mut spoken);
            spoken.push_str(pinyin);
            spoken.push(' ');
            word.len()
        } else if first.is_ascii_alphanumeric() {
            let token = token_of(rest);
            let after = &rest[token.len()..];
            let percent = after.starts_with('%') && quantity_of(token).is_some();
            if percent {
                spoken.push_str("百分之");
            }
            spoken.push_str(&token_in_mandarin(token, before, after.chars().next()));
            token.len() + usize::from(percent)
        } else {
            spoken.push(match first {
                '×' | '*' => '乘',
                // Marks that a voice would name or stumble over are a pause.
                '·' | '/' | '|' | '-' | '—' | '_' | '\n' => '，',
                other => other,
            });
            first.len_utf8()
        };
        before = rest[..taken].chars().last();
        rest = &rest[taken..];
    }
    spoken
}

/// English for the `en-us` voice: only codes are written out, the voice reads the rest well.
pub fn speakable_english(text: &str) -> String {
    let mut spoken = String::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let taken = if first.is_ascii_alphanumeric() {
            let token = token_of(rest);
            let has = |wanted: fn(&char) -> bool| token.chars().any(|character| wanted(&character));
            let is_code = has(char::is_ascii_digit) && quantity_of(token).is_none();
            spoken.push_str(&if is_code {
                code(token, ", ", |part| part.to_owned())
            } else {
                token.to_owned()
            });
            token.len()
        } else {
            spoken.push(first);
            first.len_utf8()
        };
        rest = &rest[taken..];
    }
    spoken
}

/// Letters and digits, with points and hyphens inside.
fn token_of(text: &str) -> &str {
    let inner = |character: char| character.is_ascii_alphanumeric() || character == '-' || character == '.';
    let end = text.find(|character| !inner(character)).unwrap_or(text.len());
    text[..end].trim_end_matches(['-', '.'])
}

/// A number and the unit behind it, if that is all the token is.
fn quantity_of(token: &str) -> Option<(&str, &'static str)> {
    let end = token.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(token.len());
    let (number, unit) = token.split_at(end);
    let well_formed = number.matches('.').count() <= 1 && !number.starts_with('.') && !number.ends_with('.');
    if number.is_empty() || !well_formed {
        return None;
    }
    if unit.is_empty() {
        return Some((number, ""));
    }
    let known = UNITS.into_iter().find(|(short, _)| unit.eq_ignore_ascii_case(short))?;
    Some((number, known.1))
}

fn token_in_mandarin(token: &str, before: Option<char>, after: Option<char>) -> String {
    if let Some((number, unit)) = quantity_of(token) {
        let next = unit.chars().next().or(after);
        return format!("{}{unit}", quantity(number, before, next));
    }
    code(token, "，", |digits_of_part| digits(digits_of_part, '幺'))
}

/// A code part by part; a prefix that only scanners need is not spoken.
fn code(token: &str, pause: &str, say_digits: impl Fn(&str) -> String) -> String {
    let token = token.strip_prefix("BIN-").unwrap_or(token);
    let parts = token.split(['-', '.']).filter(|part| !part.is_empty());
    let spoken: Vec<String> = parts.map(|part| spell(part, &say_digits)).collect();
    spoken.join(pause)
}

/// Letters as single capitals, digits as they are to be said, all apart.
fn spell(part: &str, say_digits: &impl Fn(&str) -> String) -> String {
    let mut buffer = [0u8; 4];
    let said: Vec<String> = part
        .chars()
        .map(|character| {
            let text = character.encode_utf8(&mut buffer);
            if character.is_ascii_digit() { say_digits(text) } else { text.to_ascii_uppercase() }
        })
        .collect();
    said.join(" ")
}

fn separate(spoken: &mut String) {
    if spoken.chars().last().is_some_and(|last| !last.is_whitespace()) {
        spoken.push(' ');
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn mandarin_prompts_are_written_out() {
        let lexicon = Lexicon::parse("重复 chong2 fu4\n行 hang2").unwrap();
        let cases = [
            ("前往A区3排2列，取5公斤大米，2袋", "前往A区三排两列，取五公斤大米，两袋"),
            ("3.5公斤", "三点五公斤"),
            ("5kg大米2袋", "五公斤大米两袋"),
            ("2kg", "两公斤"),
            ("500ml", "五百毫升"),
            ("1.8L 2瓶", "一点八升 两瓶"),
            ("A-03-02-1", "A，零 三，零 二，幺"),
            ("BIN-B-12-07-3", "B，幺 二，零 七，三"),
            ("批次L2311", "批次L 二 三 幺 幺"),
            ("顺丰SF", "顺丰S F"),
            ("请重复", "请 chong2 fu4 "),
            ("重复第2行", "chong2 fu4 第二 hang2 "),
            ("完成95%。", "完成百分之九十五。"),
            ("还有12单 · 第2箱", "还有十二单 ， 第二箱"),
            ("共3.", "共三."),
            ("", ""),
        ];
        for (text, spoken) in cases {
            assert_eq!(speakable_mandarin(text, &lexicon), spoken, "{text}");
        }
    }

    #[test]
    fn english_prompts_have_only_their_codes_written_out() {
        let cases = [
            ("Go to A-03-02-1, take 2 bags", "Go to A, 0 3, 0 2, 1, take 2 bags"),
            ("take 5kg rice", "take 5kg rice"),
            ("wrong lot L2311.", "wrong lot L 2 3 1 1."),
            ("well-known", "well-known"),
        ];
        for (text, spoken) in cases {
            assert_eq!(speakable_english(text), spoken, "{text}");
        }
    }
}
