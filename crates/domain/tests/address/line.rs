//! Rows of `text | verdict province city district | reason`: read one after the other and compared as a whole.
//!
//! A part that is not known is `-`. The reason is the one the office reads, and may be left out.

use liangcang_domain::address::{Reading, Regions};

/// Reads every row's text and compares what was read with what is written.
pub fn reads(table: &str) {
    compare(table, |text| shown(&Regions::built_in().read(text)));
}

/// Compares rows with what `read` makes of their first cell.
pub fn compare(table: &str, read: impl Fn(&str) -> [String; 2]) {
    let mut wrong = String::new();
    let mut rows = 0;
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let [found, reason] = read(cells[0]);
        let differs = cells.get(1) != Some(&found.as_str()) || cells.get(2).is_some_and(|it| *it != reason);
        if differs {
            wrong.push_str(&format!("written: {row}\n   read: {} | {found} | {reason}\n", cells[0]));
        }
        rows += 1;
    }
    assert!(rows > 0 && wrong.is_empty(), "\n{wrong}");
}

/// The second and third cell of a reading.
pub fn shown(reading: &Reading<'_>) -> [String; 2] {
    let part = |name: &'static str| if name.is_empty() { "-" } else { name };
    let parts = [reading.province, reading.city, reading.district].map(part);
    let reason = reading.reason.as_ref();
    [
        format!("{} {}", reading.verdict().as_str(), parts.join(" ")),
        reason.map_or(String::new(), |reason| format!("{}: {}", reason.as_str(), reason.zh())),
    ]
}
