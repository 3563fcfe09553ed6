//! One SQL text for both databases: a statement with its values, run in a transaction of either.
//!
//! Columns are integers, text and blobs, so a value is one of three; placeholders are `$1`, `$2`, … in both. What
//! the two dialects say differently stands nowhere but in this folder.

use std::borrow::Cow;
use std::fmt::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query as Prepared;
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Decode, FromRow, Postgres, Row as _, SqlSafeStr, SqlStr, Sqlite, Type};

use super::Transaction;

/// A column's value: of the three kinds there are, text in two shapes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// BIGINT.
    Int(Option<i64>),
    /// TEXT.
    Text(Option<String>),
    /// TEXT that several rows may share.
    Shared(Arc<str>),
    /// BLOB.
    Blob(Option<Vec<u8>>),
}

macro_rules! value_from {
    ($($type:ty => $variant:ident($convert:expr);)+) => {
        $(impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(($convert)(value))
            }
        })+
    };
}

value_from! {
    i64 => Int(Some);
    Option<i64> => Int(|it| it);
    u32 => Int(|it| Some(i64::from(it)));
    bool => Int(|it| Some(i64::from(it)));
    String => Text(Some);
    &str => Shared(Arc::from);
    &String => Shared(|it: &String| Arc::from(it.as_str()));
    Arc<str> => Shared(|it| it);
    Option<String> => Text(|it| it);
    Option<&str> => Text(|it: Option<&str>| it.map(str::to_owned));
    Cow<'_, str> => Text(|it: Cow<'_, str>| Some(it.into_owned()));
    Vec<u8> => Blob(Some);
    &[u8] => Blob(|it: &[u8]| Some(it.to_vec()));
}

/// What a row of either database can be read into; all of sqlx's tuples can.
pub trait Read: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}
impl<T> Read for T where T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin {}

/// What a column of either database can be read into.
pub trait Column:
    for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}
impl<T> Column for T where
    T: for<'r> Decode<'r, Sqlite> + Type<Sqlite> + for<'r> Decode<'r, Postgres> + Type<Postgres>
{
}

/// A row that is read by the names of its columns.
#[derive(Debug)]
pub enum Row {
    /// Of SQLite.
    Sqlite(SqliteRow),
    /// Of PostgreSQL.
    Postgres(PgRow),
}

impl Row {
    /// The value of a column.
    ///
    /// # Errors
    /// When there is no such column, or it holds something else.
    pub fn get<T: Column>(&self, column: &str) -> Result<T> {
        let value = match self {
            Self::Sqlite(row) => row.try_get(column),
            Self::Postgres(row) => row.try_get(column),
        };
        Ok(value?)
    }
}

/// A statement and its values.
#[derive(Clone, Debug)]
#[must_use = "a statement does nothing until it is run"]
pub struct Query {
    sql: SqlStr,
    values: Vec<Value>,
}

/// A statement without values yet.
pub fn query(sql: impl SqlSafeStr) -> Query {
    Query { sql: sql.into_sql_str(), values: Vec::new() }
}

impl Transaction {
    /// Placeholders for a list of `count` values, the first being number `from`: `$2,$3` or, on SQLite, `?,?`, which
    /// finds a numbered place by looking through all of them. All places of such a text are of this kind, in order.
    #[must_use]
    pub fn places(&self, from: usize, count: usize) -> String {
        places(matches!(self, Self::Postgres(_)), from, count)
    }
}

/// As [`Transaction::places`], for either database.
pub(super) fn places(numbered: bool, from: usize, count: usize) -> String {
    if !numbered {
        return vec!["?"; count].join(",");
    }
    let mut text = String::with_capacity(count * 5);
    for place in from..from + count {
        let comma = if place == from { "" } else { "," };
        // Writing into a string cannot fail.
        let _ = write!(text, "{comma}${place}");
    }
    text
}

impl Query {
    /// The next value.
    pub fn bind(mut self, value: impl Into<Value>) -> Self {
        self.values.push(value.into());
        self
    }

    /// The next values.
    pub fn bind_all<V: Into<Value>>(mut self, values: impl IntoIterator<Item = V>) -> Self {
        self.values.extend(values.into_iter().map(Into::into));
        self
    }

    /// Runs it; says how many rows it wrote.
    ///
    /// # Errors
    /// Of the database, a broken CHECK among them.
    pub async fn execute(self, tx: &mut Transaction) -> Result<u64> {
        let written = match tx {
            Transaction::Sqlite(tx) => self.sqlite().execute(&mut **tx).await?.rows_affected(),
            Transaction::Postgres(tx) => self.postgres().execute(&mut **tx).await?.rows_affected(),
        };
        Ok(written)
    }

    /// All rows, as tuples.
    ///
    /// # Errors
    /// Of the database.
    pub async fn all<T: Read>(self, tx: &mut Transaction) -> Result<Vec<T>> {
        match tx {
            Transaction::Sqlite(tx) => read(&self.sqlite().fetch_all(&mut **tx).await?),
            Transaction::Postgres(tx) => read(&self.postgres().fetch_all(&mut **tx).await?),
        }
    }

    /// The first row, if there is one, as a tuple.
    ///
    /// # Errors
    /// Of the database.
    pub async fn optional<T: Read>(self, tx: &mut Transaction) -> Result<Option<T>> {
        let row = match tx {
            Transaction::Sqlite(tx) => {
                self.sqlite().fetch_optional(&mut **tx).await?.map(|row| T::from_row(&row))
            }
            Transaction::Postgres(tx) => {
                self.postgres().fetch_optional(&mut **tx).await?.map(|row| T::from_row(&row))
            }
        };
        Ok(row.transpose()?)
    }

    /// The first row, as a tuple.
    ///
    /// # Errors
    /// Of the database, or when there is no row.
    pub async fn one<T: Read>(self, tx: &mut Transaction) -> Result<T> {
        self.optional(tx).await?.context("no such row")
    }

    /// The only column of the first row.
    ///
    /// # Errors
    /// Of the database, or when there is no row.
    pub async fn scalar<T>(self, tx: &mut Transaction) -> Result<T>
    where
        (T,): Read,
    {
        let (value,) = self.one::<(T,)>(tx).await?;
        Ok(value)
    }

    /// The only column of the first row, if there is one.
    ///
    /// # Errors
    /// Of the database.
    pub async fn scalar_optional<T>(self, tx: &mut Transaction) -> Result<Option<T>>
    where
        (T,): Read,
    {
        Ok(self.optional::<(T,)>(tx).await?.map(|(value,)| value))
    }

    /// The only column of all rows.
    ///
    /// # Errors
    /// Of the database.
    pub async fn scalars<T>(self, tx: &mut Transaction) -> Result<Vec<T>>
    where
        (T,): Read,
    {
        Ok(self.all::<(T,)>(tx).await?.into_iter().map(|(value,)| value).collect())
    }

    /// The first row, if there is one, to be read by the names of its columns.
    ///
    /// # Errors
    /// Of the database.
    pub async fn row(self, tx: &mut Transaction) -> Result<Option<Row>> {
        Ok(match tx {
            Transaction::Sqlite(tx) => self.sqlite().fetch_optional(&mut **tx).await?.map(Row::Sqlite),
            Transaction::Postgres(tx) => self.postgres().fetch_optional(&mut **tx).await?.map(Row::Postgres),
        })
    }

    /// All rows, to be read by the names of their columns.
    ///
    /// # Errors
    /// Of the database.
    pub async fn rows(self, tx: &mut Transaction) -> Result<Vec<Row>> {
        Ok(match tx {
            Transaction::Sqlite(tx) => {
                self.sqlite().fetch_all(&mut **tx).await?.into_iter().map(Row::Sqlite).collect()
            }
            Transaction::Postgres(tx) => {
                self.postgres().fetch_all(&mut **tx).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    fn sqlite(self) -> Prepared<'static, Sqlite, SqliteArguments> {
        let prepared = sqlx::query(self.sql);
        self.values.into_iter().fold(prepared, |prepared, value| match value {
            Value::Int(it) => prepared.bind(it),
            Value::Text(it) => prepared.bind(it),
            Value::Shared(it) => prepared.bind(it),
            Value::Blob(it) => prepared.bind(it),
        })
    }

    fn postgres(self) -> Prepared<'static, Postgres, PgArguments> {
        let prepared = sqlx::query(self.sql);
        self.values.into_iter().fold(prepared, |prepared, value| match value {
            Value::Int(it) => prepared.bind(it),
            Value::Text(it) => prepared.bind(it),
            Value::Shared(it) => prepared.bind(it),
            Value::Blob(it) => prepared.bind(it),
        })
    }
}

fn read<R: sqlx::Row, T: for<'r> FromRow<'r, R>>(rows: &[R]) -> Result<Vec<T>> {
    Ok(rows.iter().map(T::from_row).collect::<Result<_, _>>()?)
}
