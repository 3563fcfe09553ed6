//! What of a receiver may be shown: on a screen, and on the outside of a parcel.
//!
//! GB/T 41833-2022 asks that a label hide at least one character of the name, six digits of the phone, and the
//! unit or room. The full data go to the carrier with the waybill, never onto the paper.

use crate::order::Receiver;

/// `李**` from `李小明`; a single character becomes `*`.
#[must_use]
pub fn name(full: &str) -> String {
    let mut chars = full.chars();
    match (chars.next(), chars.clone().count()) {
        (Some(first), rest) if rest > 0 => format!("{first}{}", "*".repeat(rest.min(3))),
        (Some(_), _) => "*".to_owned(),
        (None, _) => String::new(),
    }
}

/// `138******00`: first three and last two of eleven, at least six hidden.
#[must_use]
pub fn phone(full: &str) -> String {
    let digits: Vec<char> = full.chars().collect();
    if digits.len() < 9 {
        return "*".repeat(digits.len());
    }
    let (head, tail) = (&digits[..3], &digits[digits.len() - 2..]);
    let hidden = "*".repeat(digits.len() - 5);
    format!("{}{hidden}{}", head.iter().collect::<String>(), tail.iter().collect::<String>())
}

/// Province, city, district and street as they are; from the first house number on, `*`.
#[must_use]
pub fn address(receiver: &Receiver) -> String {
    let street: String = receiver.detail.chars().take_while(|c| !c.is_ascii_digit()).collect();
    let hidden = if street.chars().count() < receiver.detail.chars().count() { "***" } else { "" };
    // A municipality is its own province: 上海市, not 上海上海市.
    let province = if receiver.city.starts_with(&receiver.province) { "" } else { &receiver.province };
    format!("{province}{}{}{street}{hidden}", receiver.city, receiver.district)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_hides_a_character_of_the_name_six_digits_and_the_room() {
        assert_eq!(name("李小明"), "李**");
        assert_eq!(name("㛃"), "*");
        assert_eq!(phone("13800001234"), "138******34");
        assert_eq!(phone("1234567"), "*******");
        let receiver = Receiver {
            province: "上海".into(),
            city: "上海市".into(),
            district: "浦东新区".into(),
            detail: "花木路 88 弄 3 号 501 室".into(),
            ..Receiver::default()
        };
        assert_eq!(address(&receiver), "上海市浦东新区花木路 ***");
    }
}
