//! Pools: what each warehouse has in the building and has promised.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::unit::Qty;
use liangcang_planner::routing::WarehouseStock;

use crate::database::{Transaction, query};

/// What each warehouse may promise now, by warehouse id.
///
/// # Errors
/// Of the database.
pub async fn sellable(conn: &mut Transaction) -> Result<Vec<WarehouseStock>> {
    let mut stock = Vec::new();
    let rows = query("SELECT id, provinces FROM warehouse ORDER BY id").all::<(String, String)>(conn).await?;
    for (id, provinces) in rows {
        let provinces = serde_json::from_str(&provinces)?;
        stock.push(WarehouseStock { id: id.into(), provinces, atp: BTreeMap::new() });
    }
    let sql = "SELECT warehouse, sku, on_hand - held FROM pool";
    for (warehouse, sku, free) in query(sql).all::<(String, String, i64)>(conn).await? {
        if let Some(at) = stock.iter_mut().find(|at| at.id.as_str() == warehouse) {
            at.atp.insert(sku.into(), Qty(free));
        }
    }
    Ok(stock)
}
