//! A file of any kind -> one table: headings, and rows of the columns that were asked for.
//!
//! The kind is told by content, not by the file's name. Text goes through `csv` here, workbooks through
//! `workbook`; what the cells mean is `cells`' business. Only the columns asked for are kept, so that a report of
//! 54 columns costs the memory of the twenty that matter.

use super::decode::decode;
use super::file_fault::FileFault;
use super::refusal::Refusal;
use super::workbook;

/// The largest file that is read.
pub const MAX_FILE_BYTES: usize = 64 * 1024 * 1024;
/// The most rows a table may have: what one export holds at most.
pub const MAX_ROWS: usize = 1_000_000;
/// The most columns a table may have.
pub const MAX_COLUMNS: usize = 512;
/// The longest cell that is read.
pub const MAX_CELL_BYTES: usize = 4096;

/// One cell as it came, before anyone asks what it means.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing in it.
    Empty,
    /// Text, untrimmed.
    Text(Box<str>),
    /// A number cell of a workbook.
    Number(f64),
    /// A time cell of a workbook: wall clock without a zone.
    Time(jiff::civil::DateTime),
    /// A formula, whatever it shows.
    Formula,
    /// An error value.
    Error,
    /// Longer than [`MAX_CELL_BYTES`].
    TooLong(usize),
}

impl Cell {
    /// A cell of this text.
    #[must_use]
    pub fn text(text: &str) -> Self {
        match text.len() {
            0 => Self::Empty,
            bytes if bytes > MAX_CELL_BYTES => Self::TooLong(bytes),
            _ => Self::Text(text.into()),
        }
    }
}

/// One row that has something in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// As a spreadsheet numbers it, from 1.
    pub number: u32,
    /// The cells of the columns asked for, in that order.
    pub cells: Box<[Cell]>,
    /// A fault of the row as a whole.
    pub fault: Option<Refusal>,
}

/// The rows of a file under its headings.
#[derive(Clone, Debug)]
pub struct Table {
    /// All headings, cleaned, by position.
    pub headings: Vec<String>,
    /// Rows that are not blank, in the order of the file.
    pub rows: Vec<Row>,
}

/// Reads a file; `choose` says from the headings which columns (by position) are wanted, in which order.
///
/// # Errors
/// What makes the whole file unreadable, or what `choose` finds wrong with its headings.
pub fn read<C>(bytes: &[u8], choose: C) -> Result<Table, FileFault>
where
    C: FnOnce(&[String]) -> Result<Vec<usize>, FileFault>,
{
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FileFault::TooLarge { bytes: bytes.len() });
    }
    match workbook::kind(bytes) {
        Some(kind) => workbook::read(kind, bytes, choose),
        None => read_csv(&decode(bytes)?, choose),
    }
}

/// A heading without the marks exports and spreadsheets put around it.
#[must_use]
pub fn clean_heading(text: &str) -> String {
    let bare = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\'');
    bare.replace('（', "(").replace('）', ")")
}

fn read_csv<C>(text: &str, choose: C) -> Result<Table, FileFault>
where
    C: FnOnce(&[String]) -> Result<Vec<usize>, FileFault>,
{
    if text.trim_start().starts_with('<') {
        return Err(FileFault::WebPage);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut record = csv::StringRecord::new();
    if !read_record(&mut reader, &mut record)? {
        return Err(FileFault::Empty);
    }
    let mut number = 1 + blank_lines_before(text, &record);
    let headings: Vec<String> = record.iter().map(clean_heading).collect();
    if headings.len() > MAX_COLUMNS {
        return Err(FileFault::TooManyColumns);
    }
    let wanted = choose(&headings)?;
    let mut rows = Vec::new();
    let mut last = (0, headings.len());
    while read_record(&mut reader, &mut record)? {
        number += 1 + blank_lines_before(text, &record);
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        last = (start(text, &record), record.len());
        if rows.len() == MAX_ROWS {
            return Err(FileFault::TooManyRows);
        }
        let cells = wanted.iter().map(|at| record.get(*at).map_or(Cell::Empty, Cell::text)).collect();
        let extra = record.iter().skip(headings.len()).any(|cell| !cell.trim().is_empty());
        let fault = extra.then(|| Refusal::TooManyCells { headings: headings.len(), cells: record.len() });
        rows.push(Row { number, cells, fault });
    }
    if let Some(row) = rows.last_mut().filter(|_| is_cut(&text[last.0..], last.1, headings.len())) {
        row.fault = Some(Refusal::CutOff);
    }
    Ok(Table { headings, rows })
}

/// Where `csv` began to look for the record: behind the one before.
fn start(text: &str, record: &csv::StringRecord) -> usize {
    record.position().map_or(0, |at| usize::try_from(at.byte()).map_or(text.len(), |at| at.min(text.len())))
}

/// `csv` passes over blank lines; a spreadsheet counts them as rows.
fn blank_lines_before(text: &str, record: &csv::StringRecord) -> u32 {
    let start = start(text, record);
    let mut passed =
        text.as_bytes()[start..].iter().copied().take_while(|b| matches!(b, b'\r' | b'\n')).peekable();
    // The second half of the line end before belongs to the row before.
    if start > 0 && text.as_bytes()[start - 1] == b'\r' {
        passed.next_if_eq(&b'\n');
    }
    let mut lines = 0;
    while let Some(byte) = passed.next() {
        lines += 1;
        if byte == b'\r' {
            passed.next_if_eq(&b'\n');
        }
    }
    lines
}

/// Spreadsheets leave out empty cells at the end of a row, so a short row alone is no fault. The last row is cut if
/// it is short and has no line end, or if a quote in it is never closed.
fn is_cut(tail: &str, cells: usize, headings: usize) -> bool {
    let short = cells < headings && !tail.ends_with(['\n', '\r']);
    short || tail.matches('"').count() % 2 == 1
}

fn read_record(reader: &mut csv::Reader<&[u8]>, record: &mut csv::StringRecord) -> Result<bool, FileFault> {
    // The text is valid UTF-8 and rows may differ in length, so there is nothing left that `csv` could refuse;
    // should a later version find something, it is a fault of the file all the same.
    reader.read_record(record).map_err(|fault| FileFault::DamagedWorkbook { why: fault.to_string() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    fn all(headings: &[String]) -> Result<Vec<usize>, FileFault> {
        Ok((0..headings.len()).collect())
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let text = "a,b\n1,\"two\nlines\"\n\n3,4\n";
        let table = read(text.as_bytes(), all).unwrap();
        let numbers: Vec<u32> = table.rows.iter().map(|row| row.number).collect();
        assert_eq!(numbers, [2, 4], "the blank row 3 counts, the line end inside quotes does not");
    }

    #[test]
    fn only_the_columns_asked_for_are_kept() {
        let table = read(b"a,b,c\n1,2,3\n", |_| Ok(vec![2, 0])).unwrap();
        assert_eq!(*table.rows[0].cells, [Cell::text("3"), Cell::text("1")]);
    }

    #[test]
    fn a_comma_without_quotes_is_a_fault_of_its_row() {
        let table = read("a,b\n1,2\n浦东,新区,3\n4,5,,\n".as_bytes(), all).unwrap();
        let faults: Vec<_> = table.rows.iter().map(|row| row.fault.clone()).collect();
        assert_eq!(faults, [None, Some(Refusal::TooManyCells { headings: 2, cells: 3 }), None]);
    }

    #[test]
    fn a_file_cut_inside_its_last_row_is_refused_there() {
        for cut in ["a,b\n1,2\n3", "a,b\n1,2\n3,\"4\n5,6\n", "a,b\n1,2\n3,\"4"] {
            let table = read(cut.as_bytes(), all).unwrap();
            let faults: Vec<_> = table.rows.iter().map(|row| row.fault.clone()).collect();
            assert_eq!(faults, [None, Some(Refusal::CutOff)], "{cut}");
        }
        let stray = read(b"a,b\n1,12\"\n3,4", all).unwrap();
        assert!(stray.rows.iter().all(|row| row.fault.is_none()), "an inch sign is no open quote");
        let saved_short = read(b"a,b\n1,2\n3\n", all).unwrap();
        assert_eq!(saved_short.rows[1].fault, None, "spreadsheets leave out empty cells at the end");
    }

    #[test]
    fn the_limits_of_a_file_are_refused_each_by_its_name() {
        let large = vec![b'x'; MAX_FILE_BYTES + 1];
        assert_eq!(read(&large, all).err(), Some(FileFault::TooLarge { bytes: MAX_FILE_BYTES + 1 }));
        let wide = ",".repeat(MAX_COLUMNS);
        assert_eq!(read(wide.as_bytes(), all).err(), Some(FileFault::TooManyColumns));
        let long = format!("a\n{}", "1\n".repeat(MAX_ROWS + 1));
        assert_eq!(read(&long.as_bytes()[..long.len() - 2], all).unwrap().rows.len(), MAX_ROWS);
        assert_eq!(read(long.as_bytes(), all).err(), Some(FileFault::TooManyRows));
        let cell = format!("a\n{}\n", "x".repeat(MAX_CELL_BYTES + 1));
        assert_eq!(*read(cell.as_bytes(), all).unwrap().rows[0].cells, [Cell::TooLong(MAX_CELL_BYTES + 1)]);
    }

    #[test]
    fn an_empty_file_and_a_web_page_are_refused_by_name() {
        assert_eq!(read(b"", all).err(), Some(FileFault::Empty));
        assert_eq!(read(b"\xEF\xBB\xBF", all).err(), Some(FileFault::Empty));
        assert_eq!(read(b"  <html><table>", all).err(), Some(FileFault::WebPage));
    }
}
