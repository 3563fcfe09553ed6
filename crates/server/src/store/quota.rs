//! Stock that is set aside, moved between the general pools and a campaign's quotas; each move is one statement that
//! also checks. What orders do to it is `store::hold`'s and intake's.

use anyhow::Result;
use liangcang_domain::id::{SkuId, WarehouseId};

use crate::database::{Transaction, query};

/// Stock a campaign has set aside at one place for one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuotaRow {
    /// Where.
    pub warehouse: WarehouseId,
    /// What.
    pub sku: SkuId,
    /// For whose orders; empty: everybody's.
    pub channel: String,
    /// Units set aside.
    pub set_aside: i64,
    /// Of these, promised to orders.
    pub held: i64,
    /// Of these, left the building.
    pub settled: i64,
}

impl QuotaRow {
    /// Units that may still be promised.
    #[must_use]
    pub fn available(&self) -> i64 {
        self.set_aside - self.held - self.settled
    }
}

/// A campaign's quotas, in the order they are locked in.
///
/// # Errors
/// Of the database.
pub async fn rows(conn: &mut Transaction, campaign: &str) -> Result<Vec<QuotaRow>> {
    let sql = "SELECT warehouse, sku, channel, set_aside, held, settled FROM quota WHERE campaign = $1";
    let rows = query(sql).bind(campaign).all::<(String, String, String, i64, i64, i64)>(conn).await?;
    let read = |(warehouse, sku, channel, set_aside, held, settled): (String, String, _, _, _, _)| QuotaRow {
        warehouse: warehouse.into(),
        sku: sku.into(),
        channel,
        set_aside,
        held,
        settled,
    };
    let mut rows: Vec<QuotaRow> = rows.into_iter().map(read).collect();
    // Databases sort text by their own collation; rows are locked in the order of bytes.
    rows.sort_by(|a, b| (&a.warehouse, &a.sku, &a.channel).cmp(&(&b.warehouse, &b.sku, &b.channel)));
    Ok(rows)
}

/// A quota by its place.
pub type Place<'a> = (&'a WarehouseId, &'a SkuId, &'a str);

/// Adds units to a quota, which comes into being with its first. The pool must hold them.
///
/// # Errors
/// Of the database.
pub async fn raise(
    conn: &mut Transaction,
    campaign: &str,
    (warehouse, sku, channel): Place<'_>,
    by: i64,
) -> Result<()> {
    let sql = "INSERT INTO quota (campaign, warehouse, sku, channel, set_aside) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (campaign, warehouse, sku, channel) DO UPDATE SET set_aside = quota.set_aside + excluded.set_aside";
    let place = query(sql).bind(campaign).bind(warehouse.as_str()).bind(sku.as_str()).bind(channel);
    place.bind(by).execute(conn).await?;
    Ok(())
}

/// Takes available units out of a quota. `false`, and nothing written, when it has not so many.
///
/// # Errors
/// Of the database.
pub async fn lower(
    conn: &mut Transaction,
    campaign: &str,
    (warehouse, sku, channel): Place<'_>,
    by: i64,
) -> Result<bool> {
    let sql = "UPDATE quota SET set_aside = set_aside - $5
        WHERE campaign = $1 AND warehouse = $2 AND sku = $3 AND channel = $4 AND set_aside - held - settled >= $5";
    let place = query(sql).bind(campaign).bind(warehouse.as_str()).bind(sku.as_str()).bind(channel);
    Ok(place.bind(by).execute(conn).await? == 1)
}

/// Holds free units of a pool. `false`, and nothing written, when it has not so many.
///
/// # Errors
/// Of the database.
pub async fn hold_in_pool(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    sku: &SkuId,
    qty: i64,
) -> Result<bool> {
    let sql = "UPDATE pool SET held = held + $1 WHERE warehouse = $2 AND sku = $3 AND on_hand - held >= $1";
    Ok(query(sql).bind(qty).bind(warehouse.as_str()).bind(sku.as_str()).execute(conn).await? == 1)
}

/// Gives held units of a pool back. `false`, and nothing written, when it does not hold so many.
///
/// # Errors
/// Of the database.
pub async fn free_in_pool(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    sku: &SkuId,
    qty: i64,
) -> Result<bool> {
    let sql = "UPDATE pool SET held = held - $1 WHERE warehouse = $2 AND sku = $3 AND held >= $1";
    Ok(query(sql).bind(qty).bind(warehouse.as_str()).bind(sku.as_str()).execute(conn).await? == 1)
}

/// Units of a pool nobody holds; none where there is no pool.
///
/// # Errors
/// Of the database.
pub async fn free(conn: &mut Transaction, warehouse: &WarehouseId, sku: &SkuId) -> Result<i64> {
    let sql = "SELECT on_hand - held FROM pool WHERE warehouse = $1 AND sku = $2";
    let free = query(sql).bind(warehouse.as_str()).bind(sku.as_str()).scalar_optional(conn).await?;
    Ok(free.unwrap_or_default())
}
