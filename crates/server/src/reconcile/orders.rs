//! The server's side of a comparison: orders a warehouse was told of, and what is in their parcels.

use anyhow::Result;
use liangcang_domain::id::WarehouseId;

use super::{Orders, Seen};
use crate::database::{Transaction, query};

/// Rows read at a time.
const PAGE: i64 = 5_000;

/// Orders the warehouse was told of: those with a waybill number.
pub(super) async fn read(look: &mut Transaction, warehouse: &WarehouseId) -> Result<Orders> {
    let mut orders = Orders::new();
    let mut after = String::new();
    loop {
        let sql = "SELECT no, state, waybill_no, weight_g, packed_at FROM orders
            WHERE warehouse = $1 AND waybill_no <> '' AND no > $2
            AND state IN ('routed', 'short', 'cancelled', 'packed', 'shipped') ORDER BY no LIMIT $3";
        let rows = query(sql).bind(warehouse.as_str()).bind(&after).bind(PAGE).rows(look).await?;
        for row in &rows {
            let state: String = row.get("state")?;
            let packed = row.get::<Option<i64>>("packed_at")?.is_some() && state != "cancelled";
            let seen = Seen {
                state: if state == "routed" { "to_pack".into() } else { state },
                waybill: row.get("waybill_no")?,
                weight_g: row.get::<Option<i64>>("weight_g")?.filter(|_| packed),
                goods: Default::default(),
            };
            after = row.get("no")?;
            orders.insert(after.clone(), seen);
        }
        if rows.len() < usize::try_from(PAGE)? {
            break;
        }
    }
    let sql = "SELECT g.order_no, g.sku, g.lot, g.qty FROM parcel_goods g JOIN orders o ON o.no = g.order_no
        WHERE o.warehouse = $1 AND o.state IN ('packed', 'shipped')";
    for (no, sku, lot, qty) in
        query(sql).bind(warehouse.as_str()).all::<(String, String, String, i64)>(look).await?
    {
        if let Some(seen) = orders.get_mut(&no) {
            seen.goods.insert((sku, lot), qty);
        }
    }
    Ok(orders)
}
