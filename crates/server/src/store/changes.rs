//! How orders stood before they changed: what is read again by whoever has added up a campaign's orders
//! (`campaign::sums`). Leaves out the change itself, which the order's row tells.

use anyhow::Result;
use liangcang_domain::id::OrderNo;

use super::hold::DAILY;
use crate::database::{Transaction, query};

/// Notes how an order stands before its state, hold or warehouse changes in a turn of its campaign, which the caller
/// has taken. A second note in the same turn changes nothing.
///
/// # Errors
/// Of the database.
pub async fn note(conn: &mut Transaction, order: &OrderNo, turn: i64) -> Result<()> {
    let sql = "INSERT INTO order_change (campaign, turn, order_no, state, hold, warehouse)
        SELECT campaign, $2, no, state, hold, warehouse FROM orders WHERE no = $1 AND campaign <> $3
        ON CONFLICT (campaign, turn, order_no) DO NOTHING";
    query(sql).bind(order.as_str()).bind(turn).bind(DAILY).execute(conn).await?;
    Ok(())
}
