//! Many statements in a row, each put together while the one before it is at the database; and many rows written so.
//!
//! A statement costs more than its rows, so a statement writes many. It has one of few sizes, so that each size is
//! prepared once.

use anyhow::Result;
use sqlx::AssertSqlSafe;

use super::statement::{Query, Value, places, query};
use super::transaction::Transaction;

/// Rows a statement writes: as many of the largest as there are, then of the next. The largest is a compromise: each
/// statement wakes the database's thread, and what is left over for the smaller ones grows with it.
const CHUNKS: [usize; 4] = [128, 32, 8, 1];

/// Runs statements one after the other; while one is at the database, the next is put together. Gives the rows
/// written by all of them.
///
/// # Errors
/// Of the first that fails; those after it are not run.
pub async fn run_all(
    tx: &mut Transaction,
    statements: impl Iterator<Item = Result<Query>> + Send,
) -> Result<u64> {
    let mut statements = statements.fuse();
    let mut next = statements.next().transpose()?;
    let mut written = 0;
    while let Some(statement) = next {
        let (ran, following) = tokio::join!(statement.execute(tx), async { statements.next().transpose() });
        written += ran?;
        next = following?;
    }
    Ok(written)
}

/// Runs `head rows tail` for all rows, a fixed number of them at a time. A row's text is `($1, …)`.
///
/// # Errors
/// Of the database, or of a row that cannot be made.
pub async fn insert_rows<const COLUMNS: usize>(
    tx: &mut Transaction,
    (head, tail): (&str, &str),
    mut rows: impl ExactSizeIterator<Item = Result<[Value; COLUMNS]>> + Send,
) -> Result<u64> {
    let numbered = matches!(tx, Transaction::Postgres(_));
    let statements = std::iter::from_fn(move || {
        let chunk = CHUNKS.into_iter().find(|chunk| *chunk <= rows.len())?;
        let row = |row: usize| format!("({})", places(numbered, 1 + row * COLUMNS, COLUMNS));
        let text = format!("{head}{}{tail}", (0..chunk).map(row).collect::<Vec<_>>().join(","));
        let values: Result<Vec<[Value; COLUMNS]>> = rows.by_ref().take(chunk).collect();
        Some(values.map(|values| query(AssertSqlSafe(text)).bind_all(values.into_iter().flatten())))
    });
    run_all(tx, statements).await
}
