//! XLSX and XLS workbooks -> the same table as a CSV file, by `calamine`.
//!
//! XLSX is streamed cell by cell, because a sheet may claim a far corner and a dense copy of it would not fit in
//! memory; and its parts are unpacked once against a limit, because a small file may unpack to anything. Formats,
//! merged cells, hidden rows, charts and hidden sheets are not looked at. A workbook is read only if one visible
//! sheet alone has content.

use std::io::{Cursor, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{Data, DataRef, Reader, Sheet, SheetType, SheetVisible, Xls, XlsError, Xlsx, XlsxError};

use super::file_fault::FileFault;
use super::table::{Cell, MAX_COLUMNS, MAX_ROWS, Row, Table, clean_heading};

/// Which format a workbook has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A zip archive of XML parts.
    Xlsx,
    /// The binary format of 1997, or a locked workbook of any format, which is wrapped the same way.
    Xls,
}

/// The most bytes the parts of an XLSX may unpack to: twenty times what the largest export needs.
const MAX_UNPACKED_BYTES: u64 = 1024 * 1024 * 1024;

/// The kind of workbook, by the first bytes; `None` for text.
#[must_use]
pub fn kind(bytes: &[u8]) -> Option<Kind> {
    if bytes.starts_with(b"PK\x03\x04") {
        Some(Kind::Xlsx)
    } else if bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Some(Kind::Xls)
    } else {
        None
    }
}

/// Reads the one sheet that has content.
///
/// # Errors
/// A damaged, locked or oversized workbook, several sheets with content, or what `choose` finds in its headings.
pub fn read<C>(kind: Kind, bytes: &[u8], choose: C) -> Result<Table, FileFault>
where
    C: FnOnce(&[String]) -> Result<Vec<usize>, FileFault>,
{
    // Both formats are large and their reader is not ours: should it panic on some damaged file, that file is
    // refused and the server goes on. Nothing outlives the closure.
    let read = AssertUnwindSafe(|| match kind {
        Kind::Xlsx => read_xlsx(bytes, choose),
        Kind::Xls => read_xls(bytes, choose),
    });
    catch_unwind(read).unwrap_or_else(|_| Err(damaged("its structure contradicts itself")))
}

fn damaged(why: impl ToString) -> FileFault {
    FileFault::DamagedWorkbook { why: why.to_string() }
}

fn read_xlsx<C>(bytes: &[u8], choose: C) -> Result<Table, FileFault>
where
    C: FnOnce(&[String]) -> Result<Vec<usize>, FileFault>,
{
    refuse_oversized(bytes)?;
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(xlsx_fault)?;
    let name = the_only_sheet(visible(book.sheets_metadata()), |name| {
        let mut cells = book.worksheet_cells_reader(name).map_err(xlsx_fault)?;
        while let Some(cell) = cells.next_cell().map_err(xlsx_fault)? {
            if *cell.get_value() != DataRef::Empty {
                return Ok(true);
            }
        }
        Ok(false)
    })?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(xlsx_fault)?;
    let mut filling = Filling::new(choose);
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(xlsx_fault)? {
        let value = match cell.value {
            _ if cell.formula.is_some() => Cell::Formula,
            DataRef::SharedString(text) => Cell::text(text),
            other => cell_of(&Data::from(other)),
        };
        filling.put(cell.pos, value)?;
    }
    filling.finish()
}

/// Unpacks every part into nothing, counting: what the archive claims about its sizes is not believed.
fn refuse_oversized(bytes: &[u8]) -> Result<(), FileFault> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut left = MAX_UNPACKED_BYTES;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(damaged)?;
        let unpacked = std::io::copy(&mut part.take(left + 1), &mut std::io::sink()).map_err(damaged)?;
        left = left.checked_sub(unpacked).ok_or(FileFault::WorkbookTooLarge)?;
    }
    Ok(())
}

fn read_xls<C>(bytes: &[u8], choose: C) -> Result<Table, FileFault>
where
    C: FnOnce(&[String]) -> Result<Vec<usize>, FileFault>,
{
    let mut book: Xls<_> = Xls::new(Cursor::new(bytes)).map_err(|fault| unreadable_xls(bytes, fault))?;
    let name = the_only_sheet(visible(book.sheets_metadata()), |name| {
        Ok(!book.worksheet_range(name).map_err(damaged)?.is_empty())
    })?;
    let values = book.worksheet_range(&name).map_err(damaged)?;
    let formulas = book.worksheet_formula(&name).map_err(damaged)?;
    let (top, left) = values.start().unwrap_or_default();
    let mut filling = Filling::new(choose);
    for (row, column, value) in values.used_cells() {
        let at = |start: u32, step: usize| start.saturating_add(u32::try_from(step).unwrap_or(u32::MAX));
        let pos = (at(top, row), at(left, column));
        let is_formula = formulas.get_value(pos).is_some_and(|formula| !formula.is_empty());
        let cell = if is_formula { Cell::Formula } else { cell_of(value) };
        filling.put(pos, cell)?;
    }
    filling.finish()
}

fn xlsx_fault(fault: XlsxError) -> FileFault {
    match fault {
        XlsxError::Password => FileFault::LockedWorkbook,
        other => damaged(other),
    }
}

/// A locked XLSX is wrapped in the same container as an XLS; the reader of XLSX knows it.
fn unreadable_xls(bytes: &[u8], fault: XlsError) -> FileFault {
    let locked = || matches!(Xlsx::new(Cursor::new(bytes)), Err(XlsxError::Password));
    if matches!(fault, XlsError::Password) || locked() { FileFault::LockedWorkbook } else { damaged(fault) }
}

/// Sheets a person sees when they open the file; charts and hidden lists for drop-downs are none.
fn visible(sheets: &[Sheet]) -> Vec<String> {
    let seen = |sheet: &&Sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible;
    sheets.iter().filter(seen).map(|sheet| sheet.name.clone()).collect()
}

fn the_only_sheet<F>(names: Vec<String>, mut has_content: F) -> Result<String, FileFault>
where
    F: FnMut(&str) -> Result<bool, FileFault>,
{
    let mut full = Vec::new();
    for name in names {
        if has_content(&name)? {
            full.push(name);
        }
    }
    match (full.pop(), full.is_empty()) {
        (None, _) => Err(FileFault::Empty),
        (Some(name), true) => Ok(name),
        (Some(name), false) => {
            full.push(name);
            Err(FileFault::SeveralSheets { names: full })
        }
    }
}

fn cell_of(value: &Data) -> Cell {
    match value {
        Data::Empty => Cell::Empty,
        // Whole numbers stay exact as text; only a float may have lost digits.
        Data::Int(number) => Cell::text(&number.to_string()),
        Data::Float(number) => Cell::Number(*number),
        Data::String(text) => Cell::text(text),
        Data::Bool(truth) => Cell::text(if *truth { "TRUE" } else { "FALSE" }),
        Data::DateTimeIso(text) | Data::DurationIso(text) => Cell::text(&text.replace('T', " ")),
        Data::Error(_) => Cell::Error,
        Data::DateTime(time) => {
            let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
            let part = |value: u8| i8::try_from(value).unwrap_or(-1);
            let year = i16::try_from(year).unwrap_or(-1);
            let (month, day) = (part(month), part(day));
            jiff::civil::DateTime::new(year, month, day, part(hour), part(minute), part(second), 0)
                .map_or(Cell::Error, Cell::Time)
        }
    }
}

/// Puts cells, which come row by row, under their headings.
struct Filling<C> {
    choose: Option<C>,
    headings: Vec<String>,
    /// For each column of the sheet, where among the wanted ones it goes.
    place: Vec<Option<usize>>,
    wanted: usize,
    top: Option<u32>,
    last_row: u32,
    rows: Vec<Row>,
}

impl<C> Filling<C>
where
    C: FnOnce(&[String]) -> Result<Vec<usize>, FileFault>,
{
    fn new(choose: C) -> Self {
        let (headings, place, rows) = (Vec::new(), Vec::new(), Vec::new());
        Self { choose: Some(choose), headings, place, wanted: 0, top: None, last_row: 0, rows }
    }

    fn put(&mut self, (row, column): (u32, u32), cell: Cell) -> Result<(), FileFault> {
        let blank = matches!(&cell, Cell::Text(text) if text.trim().is_empty());
        if blank || cell == Cell::Empty {
            return Ok(());
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MAX_COLUMNS {
            return Err(FileFault::TooManyColumns);
        }
        let top = *self.top.get_or_insert(row);
        if row < self.last_row {
            return Err(damaged("its rows are out of order"));
        }
        if row == top {
            return self.put_heading(column, &cell);
        }
        self.close_headings()?;
        if self.rows.is_empty() || row != self.last_row {
            if self.rows.len() == MAX_ROWS {
                return Err(FileFault::TooManyRows);
            }
            let cells = vec![Cell::Empty; self.wanted].into();
            self.rows.push(Row { number: row.saturating_add(1), cells, fault: None });
        }
        self.last_row = row;
        let place = self.place.get(column).copied().flatten();
        if let (Some(place), Some(last)) = (place, self.rows.last_mut()) {
            last.cells[place] = cell;
        }
        Ok(())
    }

    fn put_heading(&mut self, column: usize, cell: &Cell) -> Result<(), FileFault> {
        let heading = match cell {
            Cell::Formula => return Err(FileFault::FormulaHeading { position: column + 1 }),
            Cell::Text(text) => clean_heading(text),
            Cell::Number(number) => number.to_string(),
            Cell::Time(time) => time.to_string(),
            Cell::Empty | Cell::Error | Cell::TooLong(_) => String::new(),
        };
        self.headings.resize(self.headings.len().max(column + 1), String::new());
        self.headings[column] = heading;
        Ok(())
    }

    fn close_headings(&mut self) -> Result<(), FileFault> {
        let Some(choose) = self.choose.take() else { return Ok(()) };
        let wanted = choose(&self.headings)?;
        self.wanted = wanted.len();
        self.place = vec![None; self.headings.len()];
        for (place, column) in wanted.into_iter().enumerate() {
            self.place[column] = Some(place);
        }
        Ok(())
    }

    fn finish(mut self) -> Result<Table, FileFault> {
        if self.headings.is_empty() {
            return Err(FileFault::Empty);
        }
        self.close_headings()?;
        Ok(Table { headings: self.headings, rows: self.rows })
    }
}

#[cfg(test)]
#[path = "workbook_tests.rs"]
mod tests;
