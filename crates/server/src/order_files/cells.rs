//! What one cell means: numbers, texts, money and times out of the forms that exports and re-saves give them.
//!
//! Strips the TAB or apostrophe put before long numbers, takes `-` for nothing, and never guesses: what has lost
//! digits is refused. Money is fen, times are epoch milliseconds read as China standard time.

use jiff::civil;
use jiff::tz::Offset;

use super::refusal::Refusal;
use super::table::Cell;
use crate::incoming::MAX_LINE_QTY;

/// The largest whole number up to which a spreadsheet's number cell is exact.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
/// China has one time zone and no summer time.
const CHINA: Offset = Offset::constant(8);

/// Text as people wrote it; empty where there is none.
///
/// # Errors
/// A formula, an error value, or a cell that is too long.
pub fn free_text(cell: &Cell) -> Result<String, Refusal> {
    Ok(match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => bare(text).to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Time(time) => time.to_string().replace('T', " "),
        Cell::Formula => return Err(Refusal::FormulaCell),
        Cell::Error => return Err(Refusal::ErrorCell),
        Cell::TooLong(bytes) => return Err(Refusal::CellTooLong { bytes: *bytes }),
    })
}

/// Text of a cell that is read by a program: one that begins with `=` is a formula to whoever opens the file next.
fn coded_text(cell: &Cell) -> Result<Option<String>, Refusal> {
    let text = free_text(cell)?;
    if text.starts_with('=') {
        return Err(Refusal::FormulaCell);
    }
    Ok(Some(text).filter(|text| !text.is_empty()))
}

/// A word or code that a program reads; empty where there is none.
///
/// # Errors
/// As [`free_text`], or text that a spreadsheet would take for a formula.
pub fn word(cell: &Cell) -> Result<String, Refusal> {
    coded_text(cell).map(Option::unwrap_or_default)
}

/// Without the marks around it; `-` is nothing.
fn bare(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let text = text.strip_prefix('\'').unwrap_or(text).trim();
    if text == "-" { "" } else { text }
}

/// Text that must not be empty.
///
/// # Errors
/// As [`free_text`], or nothing in it.
pub fn some_text(cell: &Cell) -> Result<String, Refusal> {
    free_text(cell).and_then(|text| if text.is_empty() { Err(Refusal::Missing) } else { Ok(text) })
}

/// The number of an order or of a part of it; several are joined by `;`.
///
/// # Errors
/// Nothing in it, lost digits, or signs no channel uses.
pub fn order_nos(cell: &Cell) -> Result<Vec<String>, Refusal> {
    if let Cell::Number(number) = cell {
        return exact_digits(*number).map(|digits| vec![digits]);
    }
    let text = coded_text(cell)?.ok_or(Refusal::Missing)?;
    text.split([';', '；']).map(|part| order_no(part.trim())).collect()
}

fn order_no(text: &str) -> Result<String, Refusal> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if is_scientific(text) {
        Err(Refusal::ScientificNumber)
    } else if text.is_empty() || text.len() > 40 || !text.bytes().all(plain) {
        Err(Refusal::MalformedOrderNo)
    } else {
        Ok(text.to_owned())
    }
}

fn exact_digits(number: f64) -> Result<String, Refusal> {
    if number >= MAX_EXACT {
        Err(Refusal::NumberTooLong)
    } else if number < 0.0 || number.fract() != 0.0 {
        Err(Refusal::MalformedOrderNo)
    } else {
        Ok(number.to_string())
    }
}

/// Whether a number above 15 digits ends in zeros from the 16th on, as a spreadsheet leaves it; `None` if shorter.
#[must_use]
pub fn has_lost_digits(order_no: &str) -> Option<bool> {
    let long = order_no.len() > 15 && order_no.bytes().all(|b| b.is_ascii_digit());
    long.then(|| order_no.bytes().skip(15).all(|b| b == b'0'))
}

/// `6.91793E+18`, as a spreadsheet shows a long number.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else { return false };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let whole = mantissa.strip_prefix('-').unwrap_or(mantissa).replacen('.', "", 1);
    digits(&whole) && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent))
}

/// A phone as it is to be dialled; masks and ciphertext pass as they are.
///
/// # Errors
/// Nothing in it, scientific notation, or not a phone.
pub fn phone(cell: &Cell) -> Result<String, Refusal> {
    if let Cell::Number(number) = cell {
        let eleven = (1e10..1e11).contains(number) && number.fract() == 0.0;
        return if eleven { Ok(number.to_string()) } else { Err(Refusal::MalformedPhone) };
    }
    let text = coded_text(cell)?.ok_or(Refusal::Missing)?;
    if text.starts_with("$$") || text.starts_with("##") || text.contains('*') {
        return Ok(text);
    }
    if is_scientific(&text) {
        return Err(Refusal::PhoneScientific);
    }
    let text: String = text.chars().filter(|c| *c != ' ').collect();
    let text = text.strip_prefix("+86-").or_else(|| text.strip_prefix("+86")).unwrap_or(&text);
    let text = text.strip_prefix("86-").unwrap_or(text);
    // Platforms hand out virtual numbers with an extension: 18400000000-1234.
    let allowed = text.chars().all(|c| c.is_ascii_digit() || "-()转,".contains(c));
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    if allowed && (7..=20).contains(&digits) { Ok(text.to_owned()) } else { Err(Refusal::MalformedPhone) }
}

/// Units, 1 to 9,999.
///
/// # Errors
/// Nothing in it, 0, negative, a fraction, too many, or no number at all.
pub fn quantity(cell: &Cell) -> Result<u32, Refusal> {
    let text = coded_text(cell)?.ok_or(Refusal::Missing)?;
    let (negative, size) = text.strip_prefix('-').map_or((false, text.as_str()), |size| (true, size));
    let (whole, fraction) = size.split_once('.').map_or((size, None), |(whole, rest)| (whole, Some(rest)));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return Err(Refusal::NotAQuantity);
    }
    if negative {
        return Err(Refusal::QuantityNegative);
    }
    if fraction.is_some() {
        return Err(Refusal::QuantityFraction);
    }
    match whole.parse::<u32>() {
        Ok(0) => Err(Refusal::QuantityZero),
        Ok(units) if units <= MAX_LINE_QTY => Ok(units),
        _ => Err(Refusal::QuantityTooLarge),
    }
}

/// Money in fen; `None` where there is nothing.
///
/// # Errors
/// Not a sum of money of zero or more.
pub fn money(cell: &Cell) -> Result<Option<i64>, Refusal> {
    let Some(text) = coded_text(cell)? else { return Ok(None) };
    let text = text.trim_start_matches(['¥', '￥']);
    let (yuan, rest) = text.split_once('.').unwrap_or((text, ""));
    let cents = rest.trim_end_matches('0');
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if cents.len() > 2 || !digits(cents) || !digits(rest) {
        return Err(Refusal::NotMoney);
    }
    let mut groups = yuan.split(',');
    let first = groups.next().unwrap_or_default();
    let grouped = yuan.contains(',');
    let sound = !first.is_empty() && digits(first) && (!grouped || first.len() <= 3);
    if !sound || !groups.all(|group| group.len() == 3 && digits(group)) {
        return Err(Refusal::NotMoney);
    }
    let all: String = yuan.chars().filter(|c| *c != ',').collect();
    // Twelve digits of yuan are beyond any order and far from overflow.
    if all.len() > 12 {
        return Err(Refusal::NotMoney);
    }
    format!("{all}{cents:0<2}").parse().map(Some).map_err(|_| Refusal::NotMoney)
}

/// A moment in epoch milliseconds; `None` where there is nothing.
///
/// # Errors
/// Not a time of this century.
pub fn time(cell: &Cell) -> Result<Option<i64>, Refusal> {
    let moment = match cell {
        Cell::Time(moment) => *moment,
        Cell::Number(_) => return Err(Refusal::NotATime),
        other => match coded_text(other)? {
            None => return Ok(None),
            Some(text) => wall_clock(&text).ok_or(Refusal::NotATime)?,
        },
    };
    if !(2000..2100).contains(&moment.year()) {
        return Err(Refusal::NotATime);
    }
    CHINA.to_timestamp(moment).map(|at| Some(at.as_millisecond())).map_err(|_| Refusal::NotATime)
}

/// `2026-09-22 00:54:10` as exported, `2026/9/22 0:54` as re-saved.
fn wall_clock(text: &str) -> Option<civil::DateTime> {
    let (date, clock) = text.split_once(' ')?;
    let numbers = |text: &str, sign: char| -> Option<Vec<i16>> {
        text.split(sign)
            .map(|part| part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?)
            .collect()
    };
    let date = numbers(date, if date.contains('/') { '/' } else { '-' })?;
    let clock = numbers(clock.trim(), ':')?;
    let small = |number: i16| i8::try_from(number).ok();
    let ([year, month, day], [hour, minute, rest @ ..]) = (date.as_slice(), clock.as_slice()) else {
        return None;
    };
    let second = match rest {
        [] => 0,
        [second] => small(*second)?,
        _ => return None,
    };
    civil::DateTime::new(*year, small(*month)?, small(*day)?, small(*hour)?, small(*minute)?, second, 0).ok()
}

#[cfg(test)]
#[path = "cells_tests.rs"]
mod tests;
