//! What carrying an order costs, by warehouse and province: the company's own rates, and a plain rule where it has
//! told none.
//!
//! A province a warehouse serves first costs 5 yuan and 1 for each further kilogram, any other 9 yuan and 2.50. So a
//! company without rates is routed by the provinces its warehouses serve.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use liangcang_domain::id::WarehouseId;
use liangcang_domain::unit::Fen;
use liangcang_planner::allocation::{Costs, Rate};

use crate::database::{Transaction, query};

const SERVED: Rate = Rate { first_kg_fen: Fen(500), further_kg_fen: Fen(100) };
const ELSEWHERE: Rate = Rate { first_kg_fen: Fen(900), further_kg_fen: Fen(250) };

/// Rates as the company told them; under an empty province the rate to all it does not name from there.
pub type Rates = BTreeMap<(WarehouseId, String), Rate>;

/// The company's own rates.
///
/// # Errors
/// Of the database.
pub async fn rates(conn: &mut Transaction) -> Result<Rates> {
    let sql = "SELECT warehouse, province, first_kg_fen, further_kg_fen FROM freight";
    let rows = query(sql).all::<(String, String, i64, i64)>(conn).await?;
    let rate = |(warehouse, province, first, further): (String, String, i64, i64)| {
        ((warehouse.into(), province), Rate { first_kg_fen: Fen(first), further_kg_fen: Fen(further) })
    };
    Ok(rows.into_iter().map(rate).collect())
}

/// What carrying costs from every warehouse to every province.
///
/// # Errors
/// Of the database.
pub async fn costs(conn: &mut Transaction) -> Result<Costs> {
    let mut costs = Costs::default();
    for (id, provinces) in query("SELECT id, provinces FROM warehouse").all::<(String, String)>(conn).await? {
        let served: Vec<String> =
            serde_json::from_str(&provinces).with_context(|| format!("the provinces of warehouse {id}"))?;
        costs.0.insert(id.into(), by_rule(served));
    }
    for ((warehouse, province), rate) in rates(conn).await? {
        let Some(lanes) = costs.0.get_mut(&warehouse) else { continue };
        if province.is_empty() {
            // The rates of a warehouse come with this one first: it stands for the whole rule.
            lanes.clear();
        }
        lanes.insert(province, rate);
    }
    Ok(costs)
}

fn by_rule(served: Vec<String>) -> BTreeMap<String, Rate> {
    let served = served.into_iter().map(|province| (province, SERVED));
    served.chain([(String::new(), ELSEWHERE)]).collect()
}
