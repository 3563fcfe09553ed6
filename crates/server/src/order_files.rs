//! Order files as merchants have them -> orders, with a reason for everything that does not go in.
//!
//! Pure: bytes in, a [`Preview`] out; reading the file, the catalogue and the store are the caller's. The way of a
//! file: `decode` or `workbook` -> `table` -> `headings` -> `douyin_export` (a row) -> `gathering` (an order).

pub mod cells;
pub mod decode;
mod douyin_export;
pub mod file_fault;
mod gathering;
pub mod headings;
pub mod mapping;
pub mod preview;
pub mod refusal;
pub mod table;
mod workbook;

pub use file_fault::FileFault;
pub use mapping::{MappingFault, Source};
pub use preview::{Preview, Skip, SkippedLine, Summary, Wait, WaitingOrder};
pub use refusal::{Refusal, RowFault};

use douyin_export::RowReader;
use gathering::Gathering;

/// Reads an order file: what would be imported, what waits, what is refused and what is left out.
///
/// `knows` says whether a merchant code names a SKU or a bundle of ours.
///
/// # Errors
/// Why the file as a whole cannot be read.
pub fn read_orders(
    bytes: &[u8],
    source: &Source,
    knows: impl Fn(&str) -> bool,
) -> Result<Preview, FileFault> {
    let mut found = None;
    let table = table::read(bytes, |headings| {
        let taken = source.headings.find(headings)?;
        let positions = taken.positions();
        found = Some(taken);
        Ok(positions)
    })?;
    let taken = found.unwrap_or_default();
    let reader = RowReader { source, taken: &taken, knows };
    let mut gathering = Gathering::default();
    for row in &table.rows {
        gathering.add(reader.read(row));
    }
    let sorted = gathering.sort(&source.channel);
    let used = |heading: &String| taken.columns.iter().any(|column| column.heading == *heading);
    Ok(Preview {
        orders: sorted.orders,
        waiting: sorted.waiting,
        refused: sorted.refused,
        skipped: sorted.skipped,
        rows: table.rows.len(),
        unused_headings: table.headings.into_iter().filter(|heading| !used(heading)).collect(),
        columns: taken.columns,
    })
}

#[cfg(test)]
#[path = "order_files/tests.rs"]
mod tests;
