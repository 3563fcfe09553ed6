//! Waybill numbers leased ahead: each is given to one order, once, whatever becomes of the order.

use anyhow::Result;
use liangcang_domain::id::{CarrierId, OrderNo, WaybillNo};
use crate::database::{Transaction, query};

/// The next free number of a carrier; `None` when all leased numbers are used up.
///
/// # Errors
/// Of the database.
pub async fn take(conn: &mut Transaction, carrier: &CarrierId) -> Result<Option<WaybillNo>> {
    let sql = "UPDATE waybill_range SET next = next + 1
        WHERE carrier = $1 AND next <= last AND (prefix, first) = (
            SELECT prefix, first FROM waybill_range WHERE carrier = $1 AND next <= last
            ORDER BY prefix, first LIMIT 1)
        RETURNING prefix, digits, next - 1";
    let taken = query(sql).bind(carrier.as_str()).optional::<(String, i64, i64)>(conn).await?;
    let Some((prefix, digits, number)) = taken else { return Ok(None) };
    let width = usize::try_from(digits)?;
    Ok(Some(format!("{prefix}{number:0width$}").into()))
}

/// Writes down whose number it is. The order must be there.
///
/// # Errors
/// Of the database, also when the number is another order's.
pub async fn assign(
    conn: &mut Transaction,
    carrier: &CarrierId,
    number: &WaybillNo,
    order: &OrderNo,
) -> Result<()> {
    query("INSERT INTO waybill_number (number, carrier, order_no) VALUES ($1, $2, $3)")
        .bind(number.as_str())
        .bind(carrier.as_str())
        .bind(order.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// What the carrier prints for a city: sorting code and consolidation place; `None` where it has told nothing.
///
/// # Errors
/// Of the database.
pub async fn route(
    conn: &mut Transaction,
    carrier: &CarrierId,
    province: &str,
    city: &str,
) -> Result<Option<(String, String)>> {
    let sql =
        "SELECT route_code, consolidation FROM route WHERE carrier = $1 AND province = $2 AND city = $3";
    Ok(query(sql).bind(carrier.as_str()).bind(province).bind(city).optional(conn).await?)
}
