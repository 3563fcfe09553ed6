//! What all tables of a company have in common: a file becomes typed rows, and codes are checked.

use std::path::Path;

use serde::de::DeserializeOwned;

use super::fault::{Faults, Reason};
use crate::order_files::decode::decode;

/// The text of a file, in UTF-8 or GB18030.
pub(super) fn read_text(dir: &Path, file: &'static str, faults: &mut Faults) -> Option<String> {
    let bytes = std::fs::read(dir.join(file));
    let text = bytes.map_err(|fault| fault.to_string()).and_then(|bytes| {
        decode(&bytes).map(std::borrow::Cow::into_owned).map_err(|fault| fault.to_string())
    });
    text.map_err(|why| faults.add(file, None, Reason::Unreadable(why))).ok()
}

/// The rows of a table by heading, each with the number a spreadsheet shows; rows that do not fit are told.
pub(super) fn read_rows<T: DeserializeOwned>(
    dir: &Path,
    file: &'static str,
    faults: &mut Faults,
) -> Vec<(u32, T)> {
    let Some(text) = read_text(dir, file, faults) else { return Vec::new() };
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (number, row) in (2u32..).zip(reader.deserialize::<T>()) {
        match row {
            Ok(row) => rows.push((number, row)),
            Err(fault) => faults.add(file, number, Reason::Unreadable(what(&fault))),
        }
    }
    rows
}

/// The fault without the position, which the row says better.
fn what(fault: &csv::Error) -> String {
    match fault.kind() {
        csv::ErrorKind::Deserialize { err, .. } => err.to_string(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} cells under {expected_len} headings")
        }
        _ => fault.to_string(),
    }
}

/// Whether a code can stand in a barcode behind its prefix.
pub(super) fn is_code(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    !text.is_empty() && text.len() <= 40 && text.bytes().all(plain)
}

/// Tells of a code that cannot stand in a barcode.
pub(super) fn check_code(file: &'static str, row: Option<u32>, code: &str, faults: &mut Faults) {
    if !is_code(code) {
        faults.add(file, row, Reason::MalformedCode(code.to_owned()));
    }
}
