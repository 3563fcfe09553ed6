//! Pools and holds: the promise and the stock behind it, each moved by one statement that also checks.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use liangcang_domain::id::{OrderNo, SkuId, WarehouseId};
use liangcang_domain::unit::Qty;
use liangcang_planner::routing::WarehouseStock;
use crate::database::{Transaction, query};

/// What each warehouse may promise now, by warehouse id.
///
/// # Errors
/// Of the database.
pub async fn sellable(conn: &mut Transaction) -> Result<Vec<WarehouseStock>> {
    let mut stock = Vec::new();
    let rows = query("SELECT id, provinces FROM warehouse ORDER BY id");
    for (id, provinces) in rows.all::<(String, String)>(conn).await? {
        let provinces = serde_json::from_str(&provinces)?;
        stock.push(WarehouseStock { id: id.into(), provinces, atp: BTreeMap::new() });
    }
    let rows = query("SELECT warehouse, sku, on_hand - held FROM pool");
    for (warehouse, sku, free) in rows.all::<(String, String, i64)>(conn).await? {
        if let Some(at) = stock.iter_mut().find(|at| at.id.as_str() == warehouse) {
            at.atp.insert(sku.into(), Qty(free));
        }
    }
    Ok(stock)
}

fn hold_id(order: &OrderNo, sku: &SkuId) -> String {
    format!("{order}/{sku}")
}

/// Promises units of one SKU: compare and write in one statement. `false`, and nothing written, when they are not
/// there.
///
/// # Errors
/// Of the database.
pub async fn hold(
    conn: &mut Transaction,
    order: &OrderNo,
    warehouse: &WarehouseId,
    sku: &SkuId,
    qty: Qty,
) -> Result<bool> {
    let sql = "UPDATE pool SET held = held + $1 WHERE warehouse = $2 AND sku = $3 AND on_hand - held >= $1";
    let claim = query(sql).bind(qty.0).bind(warehouse.as_str()).bind(sku.as_str());
    Ok(claim.execute(conn).await? == 1
        && write_hold(conn, order, warehouse, sku, qty).await?)
}

async fn write_hold(
    conn: &mut Transaction,
    order: &OrderNo,
    warehouse: &WarehouseId,
    sku: &SkuId,
    qty: Qty,
) -> Result<bool> {
    let sql =
        "INSERT INTO hold (id, order_no, warehouse, sku, qty, state) VALUES ($1, $2, $3, $4, $5, 'held')";
    query(sql)
        .bind(hold_id(order, sku))
        .bind(order.as_str())
        .bind(warehouse.as_str())
        .bind(sku.as_str())
        .bind(qty.0)
        .execute(conn)
        .await?;
    Ok(true)
}

/// The holds of an order in one state.
async fn holds(
    conn: &mut Transaction,
    order: &OrderNo,
    state: &str,
) -> Result<Vec<(String, String, String, i64)>> {
    let sql = "SELECT id, warehouse, sku, qty FROM hold WHERE order_no = $1 AND state = $2 ORDER BY id";
    Ok(query(sql).bind(order.as_str()).bind(state).all(conn).await?)
}

async fn set_state(conn: &mut Transaction, id: &str, from: &str, to: &str) -> Result<()> {
    let sql = "UPDATE hold SET state = $3 WHERE id = $1 AND state = $2";
    let done = query(sql).bind(id).bind(from).bind(to).execute(conn).await?;
    ensure!(done == 1, "hold {id} is not {from}");
    Ok(())
}

/// Lets go of what an order held; the units may be promised again.
///
/// # Errors
/// Of the database.
pub async fn release(conn: &mut Transaction, order: &OrderNo) -> Result<()> {
    for (id, warehouse, sku, qty) in holds(conn, order, "held").await? {
        set_state(conn, &id, "held", "released").await?;
        let sql = "UPDATE pool SET held = held - $1 WHERE warehouse = $2 AND sku = $3";
        query(sql).bind(qty).bind(warehouse).bind(sku).execute(conn).await?;
    }
    Ok(())
}

/// The order has left the building. What was held is settled. What was let go before (the cancellation came while
/// the parcel was on its way to the truck) is taken from free stock, and what is not free is owed.
///
/// # Errors
/// Of the database.
pub async fn settle(conn: &mut Transaction, order: &OrderNo) -> Result<()> {
    for (id, warehouse, sku, qty) in holds(conn, order, "held").await? {
        set_state(conn, &id, "held", "settled").await?;
        let sql = "UPDATE pool SET on_hand = on_hand - $1, held = held - $1, shipped = shipped + $1
            WHERE warehouse = $2 AND sku = $3";
        query(sql).bind(qty).bind(warehouse).bind(sku).execute(conn).await?;
    }
    for (id, warehouse, sku, qty) in holds(conn, order, "released").await? {
        set_state(conn, &id, "released", "settled").await?;
        let sql = "UPDATE pool SET shipped = shipped + $1,
                on_hand = on_hand - CASE WHEN on_hand - held < $1 THEN on_hand - held ELSE $1 END,
                owed = owed + CASE WHEN on_hand - held < $1 THEN $1 - (on_hand - held) ELSE 0 END
            WHERE warehouse = $2 AND sku = $3";
        query(sql).bind(qty).bind(warehouse).bind(sku).execute(conn).await?;
    }
    Ok(())
}

/// The parcel came back out of the cage: [`settle`] the other way round. `held` says whether the order is still
/// wanted.
///
/// # Errors
/// Of the database.
pub async fn unsettle(conn: &mut Transaction, order: &OrderNo, held: bool) -> Result<()> {
    for (id, warehouse, sku, qty) in holds(conn, order, "settled").await? {
        set_state(conn, &id, "settled", if held { "held" } else { "released" }).await?;
        let sql = if held {
            "UPDATE pool SET on_hand = on_hand + $1, held = held + $1, shipped = shipped - $1
                WHERE warehouse = $2 AND sku = $3"
        } else {
            "UPDATE pool SET shipped = shipped - $1,
                on_hand = on_hand + CASE WHEN owed < $1 THEN $1 - owed ELSE 0 END,
                owed = owed - CASE WHEN owed < $1 THEN owed ELSE $1 END
                WHERE warehouse = $2 AND sku = $3"
        };
        query(sql).bind(qty).bind(warehouse).bind(sku).execute(conn).await?;
    }
    Ok(())
}
