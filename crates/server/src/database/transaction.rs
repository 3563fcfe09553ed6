//! An open transaction of either database. Dropped without a commit, it is undone.

use anyhow::{Context, Result};
use sqlx::{Postgres, Sqlite};

/// An open transaction.
#[derive(Debug)]
pub enum Transaction {
    /// Of the file in the data directory.
    Sqlite(sqlx::Transaction<'static, Sqlite>),
    /// Of a cluster.
    Postgres(sqlx::Transaction<'static, Postgres>),
}

impl Transaction {
    /// Makes it durable.
    ///
    /// # Errors
    /// Of the database; whether it was committed is then unknown only if the connection was lost.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.commit().await,
            Self::Postgres(tx) => tx.commit().await,
        }
        .context("the transaction could not be committed")
    }

    /// Undoes it.
    ///
    /// # Errors
    /// Of the database.
    pub async fn rollback(self) -> Result<()> {
        match self {
            Self::Sqlite(tx) => tx.rollback().await,
            Self::Postgres(tx) => tx.rollback().await,
        }
        .context("the transaction could not be undone")
    }
}
