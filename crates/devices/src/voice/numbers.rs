//! Numbers in Mandarin: as a quantity, and digit by digit as codes are read.

/// The word of a digit in a quantity.
const DIGITS: [char; 10] = ['零', '一', '二', '三', '四', '五', '六', '七', '八', '九'];

/// Words that count things: before them a lone 2 is 两.
const MEASURES: &str = "袋件箱瓶桶盒包单个托层次只罐条组份排列米公千克斤升毫吨分小天";

/// A quantity in words, without a unit: `3.50` is 三点五零, `200` is 两百. `before` and `after` are the
/// characters around it, which decide between 二 and 两. Text that is no number within a hundred million is
/// read digit by digit.
pub(super) fn quantity(text: &str, before: Option<char>, after: Option<char>) -> String {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let value: u64 = match whole.parse() {
        Ok(value) if whole.len() <= 8 && (whole == "0" || !whole.starts_with('0')) => value,
        _ => return digits(text, '一'),
    };
    let mut words = if value == 2 && fraction.is_empty() && counts(before, after) {
        "两".to_owned()
    } else {
        integer(value)
    };
    if !fraction.is_empty() {
        words.push('点');
        words.push_str(&digits(fraction, '一'));
    }
    words
}

fn counts(before: Option<char>, after: Option<char>) -> bool {
    before != Some('第') && after.is_some_and(|after| MEASURES.contains(after))
}

/// Each digit by its name; a code says 幺 for one, which cannot be taken for 七.
pub(super) fn digits(text: &str, one: char) -> String {
    let word = |digit: char| match digit.to_digit(10) {
        Some(1) => one,
        Some(value) => DIGITS[value as usize],
        None => digit,
    };
    text.chars().map(word).collect()
}

/// A whole number below a hundred million.
fn integer(value: u64) -> String {
    if value < 10_000 {
        return below_ten_thousand(value);
    }
    let (high, low) = (value / 10_000, value % 10_000);
    let high = if high == 2 { "两".to_owned() } else { below_ten_thousand(high) };
    match low {
        0 => format!("{high}万"),
        1..1000 => format!("{high}万零{}", spelled(low, true)),
        _ => format!("{high}万{}", below_ten_thousand(low)),
    }
}

fn below_ten_thousand(value: u64) -> String {
    spelled(value, false)
}

/// `inside` a larger number ten is 一十, alone it is 十.
fn spelled(value: u64, inside: bool) -> String {
    if value == 0 {
        return "零".to_owned();
    }
    let mut words = String::new();
    let mut gap = false;
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = value / unit % 10;
        if digit == 0 {
            gap = !words.is_empty();
            continue;
        }
        if gap {
            words.push('零');
            gap = false;
        }
        let lone_ten = unit == 10 && digit == 1 && words.is_empty() && !inside;
        if digit == 2 && unit >= 100 {
            words.push(if words.is_empty() { '两' } else { '二' });
        } else if !lone_ten {
            words.push(DIGITS[digit as usize]);
        }
        words.push_str(name);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_read_as_people_say_them() {
        let cases = [
            ("0", "零"),
            ("2", "二"),
            ("10", "十"),
            ("12", "十二"),
            ("20", "二十"),
            ("22", "二十二"),
            ("105", "一百零五"),
            ("110", "一百一十"),
            ("200", "两百"),
            ("222", "两百二十二"),
            ("1002", "一千零二"),
            ("1010", "一千零一十"),
            ("2200", "两千二百"),
            ("10000", "一万"),
            ("20005", "两万零五"),
            ("20015", "两万零一十五"),
            ("123456", "十二万三千四百五十六"),
            ("3.5", "三点五"),
            ("0.25", "零点二五"),
            ("12.10", "十二点一零"),
            ("007", "零零七"),
            ("123456789", "一二三四五六七八九"),
        ];
        for (text, words) in cases {
            assert_eq!(quantity(text, None, None), words, "{text}");
        }
    }

    #[test]
    fn two_things_are_counted_with_another_word_than_the_second() {
        assert_eq!(quantity("2", None, Some('袋')), "两");
        assert_eq!(quantity("2", Some('第'), Some('袋')), "二");
        assert_eq!(quantity("12", None, Some('袋')), "十二");
        assert_eq!(quantity("2.5", None, Some('公')), "二点五");
    }
}
