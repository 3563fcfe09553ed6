//! Many statements in a row, each put together while the one before it is at the database; and many rows written so.
//!
//! A statement costs more than its rows, so a statement writes many. On SQLite it has one of few sizes, so that each
//! size is prepared once; on PostgreSQL, where thousands of values cost more than the rows, it brings its columns as
//! arrays.

use anyhow::{Result, bail};
use sqlx::{AssertSqlSafe, Postgres};

use super::statement::{Query, Value, places, query};
use super::transaction::Transaction;

/// Rows a statement writes on SQLite: as many of the largest as there are, then of the next. The largest is a
/// compromise: each statement wakes the database's thread, and what is left over for the smaller ones grows with it.
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

/// Writes rows: `head` is `INSERT INTO table (columns) VALUES `, `tail` what stands behind the rows.
///
/// # Errors
/// Of the database, or of a row that cannot be made.
pub async fn insert_rows<const COLUMNS: usize>(
    tx: &mut Transaction,
    (head, tail): (&str, &str),
    rows: impl ExactSizeIterator<Item = Result<[Value; COLUMNS]>> + Send,
) -> Result<u64> {
    match tx {
        Transaction::Sqlite(_) => run_all(tx, in_chunks((head, tail), rows)).await,
        Transaction::Postgres(tx) => as_columns(tx, (head, tail), rows).await,
    }
}

fn in_chunks<const COLUMNS: usize>(
    (head, tail): (&str, &str),
    mut rows: impl ExactSizeIterator<Item = Result<[Value; COLUMNS]>>,
) -> impl Iterator<Item = Result<Query>> {
    std::iter::from_fn(move || {
        let chunk = CHUNKS.into_iter().find(|chunk| *chunk <= rows.len())?;
        let row = |row: usize| format!("({})", places(false, 1 + row * COLUMNS, COLUMNS));
        let text = format!("{head}{}{tail}", (0..chunk).map(row).collect::<Vec<_>>().join(","));
        let values: Result<Vec<[Value; COLUMNS]>> = rows.by_ref().take(chunk).collect();
        Some(values.map(|values| query(AssertSqlSafe(text)).bind_all(values.into_iter().flatten())))
    })
}

async fn as_columns<const COLUMNS: usize>(
    tx: &mut sqlx::Transaction<'static, Postgres>,
    (head, tail): (&str, &str),
    rows: impl ExactSizeIterator<Item = Result<[Value; COLUMNS]>>,
) -> Result<u64> {
    let count = rows.len();
    let mut columns: Vec<Column> = Vec::with_capacity(COLUMNS);
    for row in rows {
        for (at, value) in row?.into_iter().enumerate() {
            if at == columns.len() {
                columns.push(Column::beginning_with(&value, count));
            }
            columns[at].push(value)?;
        }
    }
    if columns.is_empty() {
        return Ok(0);
    }
    let into = head.trim_end().trim_end_matches("VALUES");
    let text = format!("{into}SELECT * FROM UNNEST({}){tail}", places(true, 1, COLUMNS));
    let statement =
        columns.into_iter().fold(sqlx::query(AssertSqlSafe(text)), |statement, column| match column {
            Column::Ints(values) => statement.bind(values),
            Column::Texts(values) => statement.bind(values),
            Column::Blobs(values) => statement.bind(values),
        });
    Ok(statement.execute(&mut **tx).await?.rows_affected())
}

/// The values of one column, row by row.
enum Column {
    Ints(Vec<Option<i64>>),
    Texts(Vec<Option<String>>),
    Blobs(Vec<Option<Vec<u8>>>),
}

impl Column {
    fn beginning_with(value: &Value, rows: usize) -> Self {
        match value {
            Value::Int(_) => Self::Ints(Vec::with_capacity(rows)),
            Value::Text(_) | Value::Shared(_) => Self::Texts(Vec::with_capacity(rows)),
            Value::Blob(_) => Self::Blobs(Vec::with_capacity(rows)),
        }
    }

    fn push(&mut self, value: Value) -> Result<()> {
        match (self, value) {
            (Self::Ints(values), Value::Int(value)) => values.push(value),
            (Self::Texts(values), Value::Text(value)) => values.push(value),
            (Self::Texts(values), Value::Shared(value)) => values.push(Some(value.as_ref().to_owned())),
            (Self::Blobs(values), Value::Blob(value)) => values.push(value),
            _ => bail!("the rows have values of two kinds in one column"),
        }
        Ok(())
    }
}
