//! Missing units somebody has counted: what is there can be sold again, what is not is written off, with who counted.
//!
//! Units of a pool are missing when orders were moved away because their warehouse could not complete them
//! (`hold::move_to`). What lies in which bin is the warehouse's own ledger's, and its own counts'.

use anyhow::Result;
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::EpochMs;
use serde::Serialize;

use crate::database::{Transaction, query};

/// What a count did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// Where.
    pub warehouse: WarehouseId,
    /// What.
    pub sku: SkuId,
    /// Units that are there.
    pub found: i64,
    /// Units that are not, and are no longer looked for.
    pub written_off: i64,
    /// Units the pool has now.
    pub on_hand: i64,
}

/// Why a count is not taken; nothing has changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotCounted {
    /// The warehouse never had any.
    #[error("{warehouse} has no pool of {sku}: check both")]
    NoPool {
        /// Where.
        warehouse: WarehouseId,
        /// What.
        sku: SkuId,
    },
    /// There is nothing to look for.
    #[error(
        "no unit of {sku} is missing at {warehouse}: somebody has counted them already, or none ever was"
    )]
    NothingMissing {
        /// Where.
        warehouse: WarehouseId,
        /// What.
        sku: SkuId,
    },
    /// More were found than are missed.
    #[error(
        "only {missing} units of {sku} are missing at {warehouse}: count these alone, bring the rest in as stock"
    )]
    TooMany {
        /// Where.
        warehouse: WarehouseId,
        /// What.
        sku: SkuId,
        /// Units that are missed.
        missing: i64,
    },
}

impl NotCounted {
    /// The closed list's word for it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoPool { .. } => "not_found",
            Self::NothingMissing { .. } => "nothing_missing",
            Self::TooMany { .. } => "more_than_missing",
        }
    }
}

/// Settles all that is missing of a pool: `found` units are there, the rest is written off. Units owed are paid first.
///
/// # Errors
/// Of the database; the inner result says why the count is not taken.
pub async fn count(
    conn: &mut Transaction,
    (warehouse, sku): (&WarehouseId, &SkuId),
    found: u32,
    (who, at): (&str, EpochMs),
) -> Result<Result<Counted, NotCounted>> {
    let found = i64::from(found);
    let (place, goods) = (warehouse.as_str(), sku.as_str());
    let sql = "SELECT missing FROM pool WHERE warehouse = $1 AND sku = $2";
    let missing: Option<i64> = query(sql).bind(place).bind(goods).scalar_optional(conn).await?;
    let (warehouse, sku) = (warehouse.clone(), sku.clone());
    let missing = match missing {
        None => return Ok(Err(NotCounted::NoPool { warehouse, sku })),
        Some(0) => return Ok(Err(NotCounted::NothingMissing { warehouse, sku })),
        Some(missing) if missing < found => return Ok(Err(NotCounted::TooMany { warehouse, sku, missing })),
        Some(missing) => missing,
    };
    let sql = "UPDATE pool SET missing = 0, written_off = written_off + missing - $3,
            on_hand = on_hand + CASE WHEN owed < $3 THEN $3 - owed ELSE 0 END,
            owed = owed - CASE WHEN owed < $3 THEN owed ELSE $3 END
        WHERE warehouse = $1 AND sku = $2 RETURNING on_hand";
    let on_hand = query(sql).bind(place).bind(goods).bind(found).scalar(conn).await?;
    let sql = "INSERT INTO pool_count (warehouse, sku, seq, found, written_off, who, at)
        SELECT $1, $2, COALESCE(MAX(seq), 0) + 1, $3, $4, $5, $6 FROM pool_count WHERE warehouse = $1 AND sku = $2";
    let row = query(sql).bind(place).bind(goods).bind(found).bind(missing - found).bind(who).bind(at.0);
    row.execute(conn).await?;
    Ok(Ok(Counted { warehouse, sku, found, written_off: missing - found, on_hand }))
}

/// Units that are missing in a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What.
    pub sku: String,
    /// How many.
    pub units: i64,
}

/// What is missing in a warehouse, by SKU.
///
/// # Errors
/// Of the database.
pub async fn missing(conn: &mut Transaction, warehouse: &str) -> Result<Vec<Missing>> {
    let sql = "SELECT sku, missing FROM pool WHERE warehouse = $1 AND missing > 0 ORDER BY sku";
    let rows: Vec<(String, i64)> = query(sql).bind(warehouse).all(conn).await?;
    Ok(rows.into_iter().map(|(sku, units)| Missing { sku, units }).collect())
}

/// A count that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PastCount {
    /// What.
    pub sku: String,
    /// Units that were there.
    pub found: i64,
    /// Units that were not.
    pub written_off: i64,
    /// Who said so.
    pub who: String,
    /// When, epoch milliseconds.
    pub at: i64,
}

/// The latest counts of a warehouse, the last first.
///
/// # Errors
/// Of the database.
pub async fn latest(conn: &mut Transaction, warehouse: &str, limit: i64) -> Result<Vec<PastCount>> {
    let sql = "SELECT sku, found, written_off, who, at FROM pool_count WHERE warehouse = $1
        ORDER BY at DESC, sku, seq DESC LIMIT $2";
    let rows: Vec<(String, i64, i64, String, i64)> = query(sql).bind(warehouse).bind(limit).all(conn).await?;
    let past = |(sku, found, written_off, who, at)| PastCount { sku, found, written_off, who, at };
    Ok(rows.into_iter().map(past).collect())
}
