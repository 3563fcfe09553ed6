//! Orders as the office sees them: where each stands, what its parcel is, and a receiver nobody can be found by.

use anyhow::Result;
use liangcang_domain::id::OrderNo;
use liangcang_domain::mask;
use serde::Serialize;

use super::because;
use super::orders::{self, State};
use super::parts::{self, PartRow};
use crate::database::{Database, Row, Transaction, query};
use crate::secret::key_of;

/// One order.
#[derive(Clone, Debug, Serialize)]
pub struct OrderRow {
    /// The channel's number; of a further part of an order that is split, with `.2`, `.3`, … behind.
    pub no: String,
    /// The channel's number, where the order is split; empty where it is whole.
    pub part_of: String,
    /// Where it was sold.
    pub channel: String,
    /// Where it stands.
    pub state: String,
    /// Where it is packed.
    pub warehouse: String,
    /// Why there: the word kept with it.
    pub routed_because: String,
    /// The same in Chinese.
    pub because_zh: String,
    /// The same in English.
    pub because_en: String,
    /// Who carries it.
    pub carrier: String,
    /// Empty while it waits.
    pub waybill_no: String,
    /// On the scale, in grams.
    pub weight_g: Option<i64>,
    /// What is in the parcel.
    pub lots: Vec<LotQty>,
    /// Paid at, epoch milliseconds.
    pub paid_at: i64,
    /// To be shipped by.
    pub ship_by: i64,
    /// Left the building at.
    pub shipped_at: Option<i64>,
    /// The hand-over it left with.
    pub manifest: Option<String>,
    /// Why its channel took it back.
    pub cancel_reason: Option<String>,
    /// Name, masked.
    pub name: String,
    /// Phone, masked.
    pub phone: String,
    /// Address, masked.
    pub address: String,
}

/// Units of one lot in a parcel.
#[derive(Clone, Debug, Serialize)]
pub struct LotQty {
    /// What.
    pub sku: String,
    /// Of which lot.
    pub lot: String,
    /// How many.
    pub qty: i64,
}

/// One line of an order, for its page.
#[derive(Clone, Debug, Serialize)]
pub struct LineRow {
    /// SKU or bundle.
    pub code: String,
    /// As sold.
    pub title: String,
    /// How many.
    pub qty: i64,
}

/// One order for its page.
#[derive(Clone, Debug, Serialize)]
pub struct OrderStory {
    /// Its row.
    pub order: OrderRow,
    /// What is sent of it from there.
    pub lines: Vec<LineRow>,
    /// What the office noted about it.
    pub notes: Vec<String>,
    /// Of an order that is split, all its parts, the first one first; empty where it is whole.
    pub parts: Vec<PartRow>,
}

/// What a list is asked for; `None` asks for any.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only orders in this state.
    pub state: Option<State>,
    /// Only orders after this number: the next page.
    pub after: String,
    /// Only orders to this phone, all parts of those that are split.
    pub phone: Option<String>,
    /// Only orders of this campaign; empty: of any.
    pub campaign: String,
}

/// Orders by number, at most `limit`.
///
/// # Errors
/// Of the database, or when a receiver does not open.
pub async fn list(
    conn: &mut Transaction,
    database: &Database,
    wanted: &Wanted,
    limit: i64,
) -> Result<Vec<OrderRow>> {
    let phone = wanted.phone.as_deref().map_or(0, |phone| key_of(database, "phone", phone));
    let sql = "SELECT * FROM orders WHERE no > $1 AND ($2 = '' OR state = $2) AND ($3 = 0 OR phone_key = $3
                OR (part_of <> '' AND part_of IN (SELECT no FROM orders WHERE phone_key = $3)))
            AND ($4 = '' OR campaign = $4)
        ORDER BY no LIMIT $5";
    let rows = query(sql)
        .bind(&wanted.after)
        .bind(wanted.state.map_or("", State::as_str))
        .bind(phone)
        .bind(&wanted.campaign)
        .bind(limit)
        .rows(conn)
        .await?;
    let mut list = Vec::with_capacity(rows.len());
    for row in rows {
        list.push(order_row(conn, database, &row).await?);
    }
    Ok(list)
}

/// One order with its lines, its parts and what the office noted about it.
///
/// # Errors
/// As [`list`].
pub async fn one(conn: &mut Transaction, database: &Database, no: &str) -> Result<Option<OrderStory>> {
    let Some(row) = query("SELECT * FROM orders WHERE no = $1").bind(no).row(conn).await? else {
        return Ok(None);
    };
    let order = order_row(conn, database, &row).await?;
    let lines = orders::lines(&row)?;
    let lines = lines
        .into_iter()
        .map(|it| LineRow { code: it.code.into_owned(), title: it.title.into_owned(), qty: it.qty.0 })
        .collect();
    let sql =
        "SELECT note FROM order_note WHERE order_no = $1 UNION ALL SELECT why FROM clash WHERE order_no = $1";
    let notes = query(sql).bind(no).scalars(conn).await?;
    Ok(Some(OrderStory { order, lines, notes, parts: parts::listed(conn, &row).await? }))
}

async fn order_row(conn: &mut Transaction, database: &Database, row: &Row) -> Result<OrderRow> {
    let no = OrderNo(row.get("no")?);
    let to = orders::receiver(database, &no, row)?;
    let sql = "SELECT sku, lot, qty FROM parcel_goods WHERE order_no = $1 ORDER BY sku, lot";
    let lots = query(sql).bind(no.as_str()).all::<(String, String, i64)>(conn).await?;
    let routed_because: String = row.get("routed_because")?;
    let (because_zh, because_en) = because::words(&routed_because);
    Ok(OrderRow {
        routed_because,
        because_zh,
        because_en,
        part_of: row.get("part_of")?,
        channel: row.get("channel")?,
        state: row.get("state")?,
        warehouse: row.get("warehouse")?,
        carrier: row.get("carrier")?,
        waybill_no: row.get("waybill_no")?,
        weight_g: row.get("weight_g")?,
        lots: lots.into_iter().map(|(sku, lot, qty)| LotQty { sku, lot, qty }).collect(),
        paid_at: row.get("paid_at")?,
        ship_by: row.get("ship_by")?,
        shipped_at: row.get("shipped_at")?,
        manifest: row.get("manifest")?,
        cancel_reason: row.get("cancel_reason")?,
        name: mask::name(&to.name),
        phone: mask::phone(&to.phone),
        address: mask::address(&to),
        no: no.0,
    })
}
