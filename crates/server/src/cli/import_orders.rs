//! `import orders`: prints what a file brings, row by row where something is wrong, and takes what is good.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result};

use crate::database::Database;
use crate::order_files::{Preview, Source};
use crate::order_import::{self, Taken};

/// The largest file that is read into memory at all; `order_files` says the rest.
const MAX_BYTES: u64 = 64 * 1024 * 1024 + 1;

/// Exit status 0 when there was any good order, 1 when there was none.
pub async fn run(
    database: &Database,
    file: &Path,
    mapping: Option<&Path>,
    dry_run: bool,
    out: &mut impl Write,
) -> Result<ExitCode> {
    let source = match mapping {
        None => Source::douyin(),
        Some(mapping) => {
            let text = std::fs::read_to_string(mapping)
                .with_context(|| format!("{} cannot be read", mapping.display()))?;
            Source::from_mapping(&text)?
        }
    };
    let bytes = read(file)?;
    let channel = source.channel.clone();
    let preview = match order_import::preview(database, bytes, source).await? {
        Ok(preview) => preview,
        Err(fault) => {
            writeln!(out, "{}: {} / {}", fault.code(), fault.zh(), fault.en())?;
            return Ok(ExitCode::FAILURE);
        }
    };
    print_preview(&preview, out)?;
    if dry_run {
        writeln!(out, "dry run: nothing was imported")?;
    } else {
        print_taken(&order_import::take(database, &channel, &preview).await?, out)?;
    }
    let good = preview.orders.len() + preview.waiting.len();
    Ok(if good > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn read(file: &Path) -> Result<Vec<u8>> {
    use std::io::Read;
    let opened = std::fs::File::open(file).with_context(|| format!("{} cannot be opened", file.display()))?;
    let mut bytes = Vec::new();
    // One byte above the limit is enough for the reader to say that it is too large.
    opened
        .take(MAX_BYTES)
        .read_to_end(&mut bytes)
        .with_context(|| format!("{} cannot be read", file.display()))?;
    Ok(bytes)
}

fn print_preview(preview: &Preview, out: &mut impl Write) -> Result<()> {
    let summary = preview.summary();
    writeln!(
        out,
        "{} rows: {} orders ({} lines) can be imported, {} wait, {} rows refused, {} lines left out",
        summary.rows,
        summary.orders,
        summary.lines,
        summary.waiting.len(),
        summary.refused.len(),
        summary.skipped.len()
    )?;
    for fault in summary.refused {
        let order = fault.order_no.as_deref().unwrap_or("-");
        let column = fault.column.map_or("-", |column| column.heading());
        writeln!(
            out,
            "row {}  order {order}  {column}  {}: {} / {}",
            fault.row,
            fault.reason.code(),
            fault.reason.zh(),
            fault.reason.en()
        )?;
    }
    for waiting in &summary.waiting {
        writeln!(out, "row {}  order {}  waits: {:?}", waiting.row, waiting.order_no, waiting.wait)?;
    }
    for line in summary.skipped {
        writeln!(out, "row {}  order {}  left out: {:?}", line.row, line.order_no, line.why)?;
    }
    Ok(())
}

fn print_taken(taken: &Taken, out: &mut impl Write) -> Result<()> {
    for refused in taken.refused() {
        writeln!(out, "order {}  {}: {} / {}", refused.order_no, refused.code, refused.zh, refused.en)?;
    }
    for no in &taken.changed {
        writeln!(out, "order {no}  came again with another content; the first stands")?;
    }
    writeln!(
        out,
        "accepted {}, waiting {}, known before {}, refused {}, cancelled {}",
        taken.accepted,
        taken.waiting,
        taken.duplicates,
        taken.refused.len(),
        taken.cancelled
    )?;
    Ok(())
}
