//! Orders that are moved from one warehouse to another before they were picked: who may be moved, and who was.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, ensure};
use liangcang_domain::id::{CarrierId, OrderNo, SkuId, WarehouseId, WaybillNo};
use liangcang_domain::unit::{EpochMs, Qty};

use super::orders::State;
use crate::database::{Row, Transaction, query};

/// An order that may be moved.
#[derive(Clone, Debug)]
pub struct Movable {
    /// Its number.
    pub no: OrderNo,
    /// What it was sold by.
    pub campaign: String,
    /// Whether that is over.
    pub campaign_closed: bool,
    /// Whose share of the stock it holds.
    pub channel: String,
    /// Where it stands.
    pub state: State,
    /// To where.
    pub province: String,
    /// What it holds.
    pub units: Vec<(SkuId, Qty)>,
    /// When it was taken.
    pub taken_at: EpochMs,
}

impl Movable {
    /// Whether its warehouse was told of it.
    #[must_use]
    pub fn is_told(&self) -> bool {
        matches!(self.state, State::Routed | State::Short)
    }
}

/// Orders of a warehouse that hold goods there and are in no parcel, by number; of an open warehouse only those it
/// cannot complete.
///
/// # Errors
/// Of the database.
pub async fn movable(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
    open: bool,
    limit: i64,
) -> Result<Vec<Movable>> {
    let sql =
        "SELECT o.no, o.campaign, c.state AS campaign_state, o.quota_channel, o.state, o.province, o.units,
            o.taken_at
        FROM orders o JOIN campaign c ON c.id = o.campaign
        WHERE o.warehouse = $1 AND o.packed_at IS NULL AND o.hold = 'held'
            AND (o.state = 'short' OR ($2 = 0 AND o.state IN ('unpaid', 'waiting', 'review', 'routed')))
        ORDER BY o.no LIMIT $3";
    let rows = query(sql).bind(warehouse.as_str()).bind(open).bind(limit).rows(conn).await?;
    rows.iter().map(from_row).collect()
}

fn from_row(row: &Row) -> Result<Movable> {
    let word: String = row.get("state")?;
    let state = State::parse(&word);
    Ok(Movable {
        no: OrderNo(row.get("no")?),
        campaign: row.get("campaign")?,
        campaign_closed: row.get::<String>("campaign_state")? == "closed",
        channel: row.get("quota_channel")?,
        state: state.ok_or_else(|| anyhow::anyhow!("an order is in no known state: {word}"))?,
        province: row.get("province")?,
        units: serde_json::from_str(&row.get::<String>("units")?)?,
        taken_at: EpochMs(row.get("taken_at")?),
    })
}

/// Warehouses that orders left before, of those that are at a warehouse now. Their stations keep the recall, so that
/// an order never comes back.
///
/// # Errors
/// Of the database.
pub async fn left_before(
    conn: &mut Transaction,
    warehouse: &WarehouseId,
) -> Result<BTreeMap<OrderNo, BTreeSet<WarehouseId>>> {
    let sql = "SELECT m.order_no, m.from_warehouse FROM order_move m JOIN orders o ON o.no = m.order_no
        WHERE o.warehouse = $1";
    let mut before = BTreeMap::<OrderNo, BTreeSet<WarehouseId>>::new();
    for (order, from) in query(sql).bind(warehouse.as_str()).all::<(String, String)>(conn).await? {
        before.entry(order.into()).or_default().insert(from.into());
    }
    Ok(before)
}

/// Whether an order was moved away from a warehouse.
///
/// # Errors
/// Of the database.
pub async fn left(conn: &mut Transaction, order: &OrderNo, warehouse: &WarehouseId) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM order_move WHERE order_no = $1 AND from_warehouse = $2";
    Ok(query(sql).bind(order.as_str()).bind(warehouse.as_str()).scalar::<i64>(conn).await? == 1)
}

/// Where an order goes from where, and why.
#[derive(Clone, Copy, Debug)]
pub struct Move<'a> {
    /// From here.
    pub from: &'a WarehouseId,
    /// To there.
    pub to: &'a WarehouseId,
    /// Who carries it from there.
    pub carrier: &'a CarrierId,
    /// `closed` or `short`.
    pub why: &'a str,
}

/// Writes an order down at its new warehouse, without a waybill number yet. Its hold was moved before.
///
/// # Errors
/// Of the database; also when the order is not where the move begins, or is in a parcel.
pub async fn record(
    conn: &mut Transaction,
    order: &Movable,
    it: Move<'_>,
    (who, at): (&str, EpochMs),
) -> Result<()> {
    let no = order.no.as_str();
    let sql = "INSERT INTO order_move (order_no, from_warehouse, to_warehouse, waybill_no, why, who, at)
        SELECT no, warehouse, $3, waybill_no, $4, $5, $6 FROM orders WHERE no = $1 AND warehouse = $2";
    let row = query(sql).bind(no).bind(it.from.as_str()).bind(it.to.as_str());
    row.bind(it.why).bind(who).bind(at.0).execute(conn).await?;
    let sql = "UPDATE orders SET warehouse = $3, carrier = $4, waybill_no = '', routed_because = $5,
            state = CASE state WHEN 'short' THEN 'routed' ELSE state END
        WHERE no = $1 AND warehouse = $2 AND packed_at IS NULL AND state = $6";
    let row = query(sql).bind(no).bind(it.from.as_str()).bind(it.to.as_str()).bind(it.carrier.as_str());
    let because = format!("moved:{}:{}", it.why, it.from);
    let moved = row.bind(because).bind(order.state.as_str()).execute(conn).await?;
    ensure!(moved == 1, "order {no} has moved on at {}", it.from);
    Ok(())
}

/// Gives a moved order its number at its new warehouse.
///
/// # Errors
/// Of the database.
pub async fn set_number(conn: &mut Transaction, order: &OrderNo, number: &WaybillNo) -> Result<()> {
    let sql = "UPDATE orders SET waybill_no = $2 WHERE no = $1";
    query(sql).bind(order.as_str()).bind(number.as_str()).execute(conn).await?;
    Ok(())
}
