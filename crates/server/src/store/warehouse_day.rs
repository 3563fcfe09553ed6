//! What a warehouse can take: whether it is open, and the orders of each day, counted as they are taken. A day is one
//! of China's, counted from 1970.
//!
//! The count is exact, the limit soft: an order that was promised stays promised, whatever the day says later.

use std::collections::BTreeSet;

use anyhow::Result;
use liangcang_domain::id::{OrderNo, WarehouseId};
use liangcang_domain::unit::EpochMs;

use crate::database::{Transaction, query};

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;
/// China has one time zone and no summer time.
const CHINA_OFFSET_MS: i64 = 8 * 60 * 60 * 1_000;

/// Reads how many orders a day has.
pub const TAKEN: &str = "SELECT orders FROM warehouse_day WHERE warehouse = $1 AND day = $2";
/// Adds orders to a day.
pub const COUNT: &str = "INSERT INTO warehouse_day (warehouse, day, orders) VALUES ($1, $2, $3)
    ON CONFLICT (warehouse, day) DO UPDATE SET orders = warehouse_day.orders + excluded.orders";

/// The day of a moment.
#[must_use]
pub fn day_of(at: EpochMs) -> i64 {
    at.0.saturating_add(CHINA_OFFSET_MS).div_euclid(DAY_MS)
}

/// Orders a warehouse was given on a day.
///
/// # Errors
/// Of the database.
pub async fn taken(conn: &mut Transaction, warehouse: &WarehouseId, day: i64) -> Result<i64> {
    let taken = query(TAKEN).bind(warehouse.as_str()).bind(day).scalar_optional(conn).await?;
    Ok(taken.unwrap_or_default())
}

/// Counts orders a warehouse is given.
///
/// # Errors
/// Of the database.
pub async fn count(conn: &mut Transaction, warehouse: &WarehouseId, day: i64, orders: i64) -> Result<()> {
    query(COUNT).bind(warehouse.as_str()).bind(day).bind(orders).execute(conn).await?;
    Ok(())
}

/// An order is not wanted any more at its warehouse: its place in the day is free again, if it was given to the
/// warehouse that same day. What was given on a day that is over has been worked on.
///
/// # Errors
/// Of the database.
pub async fn give_back(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    order: &OrderNo,
    now: EpochMs,
) -> Result<()> {
    let sql = "SELECT COALESCE((SELECT MAX(at) FROM order_move WHERE order_no = $1), taken_at) FROM orders WHERE no = $1";
    let given: i64 = query(sql).bind(order.as_str()).scalar(conn).await?;
    let day = day_of(now);
    if day_of(EpochMs(given)) == day {
        let sql =
            "UPDATE warehouse_day SET orders = orders - 1 WHERE warehouse = $1 AND day = $2 AND orders > 0";
        query(sql).bind(warehouse.as_str()).bind(day).execute(conn).await?;
    }
    Ok(())
}

/// Warehouses that are closed.
///
/// # Errors
/// Of the database.
pub async fn closed(conn: &mut Transaction) -> Result<BTreeSet<WarehouseId>> {
    let closed =
        query("SELECT warehouse FROM warehouse_state WHERE open = 0").scalars::<String>(conn).await?;
    Ok(closed.into_iter().map(WarehouseId::from).collect())
}

/// Opens or closes a warehouse for new orders; servers learn of it with their next group. `false`, and nothing
/// written, when there is no such warehouse.
///
/// # Errors
/// Of the database.
pub async fn set_open(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    open: bool,
    (who, at): (&str, EpochMs),
) -> Result<bool> {
    let known = "SELECT COUNT(*) FROM warehouse WHERE id = $1";
    if query(known).bind(warehouse.as_str()).scalar::<i64>(conn).await? == 0 {
        return Ok(false);
    }
    let sql = "INSERT INTO warehouse_state (warehouse, open, who, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (warehouse) DO UPDATE SET open = excluded.open, who = excluded.who, at = excluded.at";
    query(sql).bind(warehouse.as_str()).bind(open).bind(who).bind(at.0).execute(conn).await?;
    query("UPDATE company_revision SET revision = revision + 1 WHERE id = 1").execute(conn).await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_china() {
        let midnight = EpochMs(1_795_363_200_000);
        let before = EpochMs(midnight.0 - 1);
        assert_eq!(day_of(midnight), day_of(before) + 1);
        assert_eq!(day_of(EpochMs(midnight.0 + DAY_MS - 1)), day_of(midnight));
    }
}
