//! The print engine: takes the first format from the buffer, prints its labels, counts them.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::time::Instant;

use super::{JobState, Label, Printer, State};
use crate::lock::take;

/// Prints whatever can be printed, for the printer's life.
pub(super) async fn print_for_ever(printer: Arc<Printer>) {
    let mut changes = printer.changes.subscribe();
    let mut begun = None;
    loop {
        changes.mark_unchanged();
        let Some(time) = time_for_next(&printer) else {
            // A label under way when paper or head failed is not counted; it begins anew afterwards
            // (the printer's default, ^JZY).
            begun = None;
            if changes.changed().await.is_err() {
                return;
            }
            continue;
        };
        let due = *begun.get_or_insert_with(Instant::now) + time;
        if due > Instant::now() {
            tokio::select! {
                () = tokio::time::sleep_until(due) => {}
                _ = changes.changed() => {}
            }
            continue;
        }
        begun = None;
        if let Err(fault) = print_one(&printer) {
            tracing::error!(fault = format!("{fault:#}"), "the label could not be put into the folder");
            return;
        }
        tokio::task::yield_now().await;
    }
}

fn time_for_next(printer: &Printer) -> Option<Duration> {
    let state = take(&printer.state);
    (state.can_print() && !state.buffer.is_empty()).then(|| Duration::from_millis(state.ms_per_label))
}

fn print_one(printer: &Printer) -> Result<()> {
    let mut state = take(&printer.state);
    let state = &mut *state;
    if !state.can_print() {
        return Ok(());
    }
    let Some(buffered) = state.buffer.front() else { return Ok(()) };
    let number = state.odometer + 1;
    let png = printer.folder.join(format!("{number:06}.png"));
    let zpl = printer.folder.join(format!("{number:06}.zpl"));
    write(&zpl, &buffered.format)?;
    write(&png, &buffered.dots.to_png()?)?;
    let job = buffered.job;
    state.odometer = number;
    state.paper = state.paper.map(|left| left - 1);
    count(state, job);
    let faults = state.jobs[job].faults.clone();
    state.labels.push(Label { number, job: job + 1, png, zpl, faults });
    Ok(())
}

fn count(state: &mut State, job: usize) {
    let job = &mut state.jobs[job];
    job.printed += 1;
    if job.printed == job.quantity {
        job.state = JobState::Printed;
        state.buffer.pop_front();
    }
}

/// Written under another name first: whoever sees the file sees all of it.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let unfinished = path.with_extension("part");
    std::fs::write(&unfinished, bytes)
        .and_then(|()| std::fs::rename(&unfinished, path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// The highest label number in `folder`, 0 if there is none: an odometer survives a power cut.
pub(super) fn last_number(folder: &Path) -> Result<u64> {
    let mut last = 0;
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "png") {
            let number = path.file_stem().and_then(|stem| stem.to_str()).and_then(|stem| stem.parse().ok());
            last = last.max(number.unwrap_or(0));
        }
    }
    Ok(last)
}
