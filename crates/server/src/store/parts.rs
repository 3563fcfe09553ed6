//! Orders that are split: each part is an order of its warehouse, and what the channel or a person says of the order
//! holds for all of them. The first part has the channel's number and is counted and found; the others have it with
//! `.2`, `.3`, … behind, which is in no channel's numbers. Leaves out how an order is cut up (`intake::parts`).

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use liangcang_domain::id::OrderNo;
use serde::Serialize;
use serde_json::Value;

use super::orders::{self, Known, State};
use crate::database::{Row, Transaction, query};

/// What one warehouse sends of an order: all of it, or a part.
#[derive(Clone, Debug)]
pub struct Part {
    /// Its own number.
    pub no: OrderNo,
    /// Where it stands.
    pub known: Known,
}

impl Part {
    /// Whether it stands for the whole order: it is whole, or its first part.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.known.part_of.is_empty() || self.known.part_of == self.no.as_str()
    }
}

/// The number of an order's part, counted from 1.
#[must_use]
pub fn number(order: &OrderNo, part: usize) -> OrderNo {
    if part == 1 { order.clone() } else { OrderNo(format!("{order}.{part}")) }
}

/// All parts of an order, whichever of them is named: the first part first, then by number. One where it is whole, none
/// where there is no such order.
///
/// # Errors
/// Of the database.
pub async fn of(conn: &mut Transaction, no: &OrderNo) -> Result<Vec<Part>> {
    let Some(known) = orders::find(conn, no).await? else { return Ok(Vec::new()) };
    if known.part_of.is_empty() {
        return Ok(vec![Part { no: no.clone(), known }]);
    }
    let mut parts = Vec::new();
    for row in rows(conn, &known.campaign, &known.part_of).await? {
        let word: String = row.get("state")?;
        let no = OrderNo(row.get("no")?);
        let state = State::parse(&word).with_context(|| format!("order {no} is in no known state"))?;
        let (warehouse, carrier) =
            (row.get::<String>("warehouse")?.into(), row.get::<String>("carrier")?.into());
        parts.push(Part { no, known: Known { state, warehouse, carrier, ..known.clone() } });
    }
    parts.sort_by(|a, b| (!a.is_first(), &a.no).cmp(&(!b.is_first(), &b.no)));
    Ok(parts)
}

/// A part as the office sees it.
#[derive(Clone, Debug, Serialize)]
pub struct PartRow {
    /// Its number.
    pub order: String,
    /// Where it stands.
    pub state: String,
    /// Where it is packed.
    pub warehouse: String,
    /// Who carries it.
    pub carrier: String,
    /// Empty while it waits.
    pub waybill_no: String,
    /// What it promises: `[[sku, qty], …]`.
    pub units: Value,
}

/// The parts of an order by the row of one of them, the first part first; none where it is whole.
///
/// # Errors
/// Of the database, or when units cannot be read.
pub async fn listed(conn: &mut Transaction, row: &Row) -> Result<Vec<PartRow>> {
    let part_of: String = row.get("part_of")?;
    if part_of.is_empty() {
        return Ok(Vec::new());
    }
    let mut listed = Vec::new();
    for row in rows(conn, &row.get::<String>("campaign")?, &part_of).await? {
        listed.push(PartRow {
            order: row.get("no")?,
            state: row.get("state")?,
            warehouse: row.get("warehouse")?,
            carrier: row.get("carrier")?,
            waybill_no: row.get("waybill_no")?,
            units: serde_json::from_str(&row.get::<String>("units")?)?,
        });
    }
    listed.sort_by(|a, b| (a.order != part_of, &a.order).cmp(&(b.order != part_of, &b.order)));
    Ok(listed)
}

/// What an order promises over all its parts, by the row of one of them: `[[sku, qty], …]`.
///
/// # Errors
/// Of the database, or when units cannot be read.
pub async fn all_units(conn: &mut Transaction, row: &Row) -> Result<Value> {
    let parts = listed(conn, row).await?;
    if parts.is_empty() {
        return Ok(serde_json::from_str(&row.get::<String>("units")?)?);
    }
    let mut sums = BTreeMap::<String, i64>::new();
    for part in parts {
        for (sku, qty) in serde_json::from_value::<Vec<(String, i64)>>(part.units)? {
            *sums.entry(sku).or_default() += qty;
        }
    }
    Ok(serde_json::to_value(sums.into_iter().collect::<Vec<_>>())?)
}

async fn rows(conn: &mut Transaction, campaign: &str, part_of: &str) -> Result<Vec<Row>> {
    let sql = "SELECT no, state, warehouse, carrier, waybill_no, units FROM orders
        WHERE campaign = $1 AND part_of = $2 AND part_of <> ''";
    query(sql).bind(campaign).bind(part_of).rows(conn).await
}
