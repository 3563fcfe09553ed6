//! Chinese numerals: 一百二十 is 120, 二〇一 is 201; leaves out when a numeral is a number and when a name.

/// What a digit is worth, or none.
pub(super) fn digit(char: char) -> Option<u32> {
    Some(match char {
        '零' | '〇' => 0,
        '一' | '壹' | '幺' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

fn unit(char: char) -> Option<u32> {
    Some(match char {
        '十' | '拾' => 10,
        '百' | '佰' => 100,
        '千' | '仟' => 1_000,
        _ => return None,
    })
}

/// Whether it is part of a numeral.
pub(super) fn is_numeral(char: char) -> bool {
    digit(char).is_some() || unit(char).is_some()
}

/// Writes a numeral's digits: by units where it has some, else one after the other. None if it is too long.
pub(super) fn digits(numeral: &[char]) -> Option<String> {
    if numeral.len() > 9 {
        return None;
    }
    if !numeral.iter().any(|char| unit(*char).is_some()) {
        return numeral.iter().map(|char| digit(*char).and_then(|it| char::from_digit(it, 10))).collect();
    }
    let (mut sum, mut open) = (0_u32, None);
    for char in numeral {
        match (digit(*char), unit(*char)) {
            (Some(digit), _) => open = Some(digit),
            (_, Some(unit)) => {
                sum += open.take().unwrap_or(1) * unit;
            }
            (None, None) => return None,
        }
    }
    Some((sum + open.unwrap_or(0)).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numeral_is_its_number_spoken_or_spelled() {
        for (numeral, number) in [
            ("三", "3"),
            ("十", "10"),
            ("十二", "12"),
            ("二十", "20"),
            ("一百二十", "120"),
            ("一百零三", "103"),
            ("二〇一", "201"),
            ("三零六", "306"),
            ("一千二百", "1200"),
        ] {
            let chars: Vec<char> = numeral.chars().collect();
            assert_eq!(digits(&chars).as_deref(), Some(number), "{numeral}");
        }
        assert_eq!(digits(&['一'; 10]), None);
    }
}
