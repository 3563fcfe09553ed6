//! Orders as rows: written by intake, moved on by facts and cancellations, read for feeds, lists and the office.
//!
//! Personal fields go in and come out here alone, sealed for their row.

use anyhow::{Context, Result, ensure};
use liangcang_domain::fact::Goods;
use liangcang_domain::id::{CarrierId, OrderNo, StationId, WarehouseId};
use liangcang_domain::order::{Order, OrderLine, Receiver};
use liangcang_domain::unit::{EpochMs, Grams, Qty};
use serde::{Deserialize, Serialize};
use crate::database::{Row, Transaction, query};

use super::waybill;
use crate::database::Database;

/// Where an order stands at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Held, but its receiver cannot be read yet.
    Waiting,
    /// At its warehouse.
    Routed,
    /// Sealed, its label scanned back.
    Packed,
    /// Out of the building.
    Shipped,
    /// The warehouse cannot complete it now.
    Short,
    /// By its channel.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Routed, Self::Packed, Self::Shipped, Self::Short, Self::Cancelled];

    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Routed => "routed",
            Self::Packed => "packed",
            Self::Shipped => "shipped",
            Self::Short => "short",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }
}

/// What one more arrival of an order is held against.
#[derive(Clone, Debug)]
pub struct Known {
    /// Where it was sold.
    pub channel: String,
    /// Where it stands.
    pub state: State,
    /// Where it is packed.
    pub warehouse: WarehouseId,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Keyed hash of what arrived first.
    pub fingerprint: String,
}

/// Finds an order by its number.
///
/// # Errors
/// Of the database.
pub async fn find(conn: &mut Transaction, no: &OrderNo) -> Result<Option<Known>> {
    let sql = "SELECT channel, state, warehouse, carrier, fingerprint FROM orders WHERE no = $1";
    let row = query(sql)
        .bind(no.as_str())
        .optional::<(String, String, String, String, String)>(conn)
        .await?;
    row.map(|(channel, state, warehouse, carrier, fingerprint)| {
        let state = State::parse(&state).with_context(|| format!("order {no} is in no known state"))?;
        Ok(Known { channel, state, warehouse: warehouse.into(), carrier: carrier.into(), fingerprint })
    })
    .transpose()
}

/// The part of an order the office keeps for itself.
#[derive(Clone, Debug)]
pub struct Office {
    /// Keyed hash of the content.
    pub fingerprint: String,
    /// What the buyer pays, in fen.
    pub paid_fen: i64,
    /// The buyer's words to the shop.
    pub buyer_note: String,
    /// The shop's words to itself.
    pub seller_note: String,
    /// Per line: the channel's number of it, and what is paid for it in fen.
    pub lines: Vec<(String, i64)>,
    /// When it was taken.
    pub taken_at: EpochMs,
}

/// Writes a new order with its lines, in the given state.
///
/// # Errors
/// Of the database.
pub async fn insert(
    conn: &mut Transaction,
    database: &Database,
    order: &Order,
    office: &Office,
    state: State,
) -> Result<()> {
    let receiver = serde_json::to_vec(&order.receiver)?;
    let notes = serde_json::to_vec(&(&office.buyer_note, &office.seller_note))?;
    let sql = "INSERT INTO orders (no, channel, state, warehouse, carrier, routed_because, province, receiver_sealed,
            notes_sealed, phone_hash, fingerprint, paid_fen, paid_at, ship_by, taken_at, waybill_no)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    query(sql)
        .bind(order.no.as_str())
        .bind(&order.channel)
        .bind(state.as_str())
        .bind(order.warehouse.as_str())
        .bind(order.carrier.as_str())
        .bind(&order.routed_because)
        .bind(&order.receiver.province)
        .bind(database.seal(&receiver_place(&order.no), &receiver)?)
        .bind(database.seal(&format!("orders.notes_sealed:{}", order.no), &notes)?)
        .bind(phone_hash(database, &order.receiver.phone))
        .bind(&office.fingerprint)
        .bind(office.paid_fen)
        .bind(order.paid_at.0)
        .bind(order.ship_by.0)
        .bind(office.taken_at.0)
        .bind(order.waybill_no.as_str())
        .execute(conn)
        .await?;
    let sql = "INSERT INTO order_line (order_no, rank, sub_order_no, code, title, qty, paid_fen, parts)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    for ((rank, line), (sub_order_no, paid_fen)) in (0_i64..).zip(&order.lines).zip(&office.lines) {
        query(sql)
            .bind(order.no.as_str())
            .bind(rank)
            .bind(sub_order_no)
            .bind(&line.code)
            .bind(&line.title)
            .bind(line.qty.0)
            .bind(*paid_fen)
            .bind(serde_json::to_string(&line.parts)?)
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// The receiver of a waiting order can be read now: it goes to its warehouse.
///
/// # Errors
/// Of the database.
pub async fn stop_waiting(conn: &mut Transaction, database: &Database, order: &Order) -> Result<()> {
    let receiver = serde_json::to_vec(&order.receiver)?;
    let sql = "UPDATE orders SET state = 'routed', receiver_sealed = $2, phone_hash = $3, waybill_no = $4
        WHERE no = $1 AND state = 'waiting'";
    let done = query(sql)
        .bind(order.no.as_str())
        .bind(database.seal(&receiver_place(&order.no), &receiver)?)
        .bind(phone_hash(database, &order.receiver.phone))
        .bind(order.waybill_no.as_str())
        .execute(conn)
        .await?;
    ensure!(done == 1, "order {} does not wait", order.no);
    Ok(())
}

fn receiver_place(no: &OrderNo) -> String {
    format!("orders.receiver_sealed:{no}")
}

/// What an order is found by when only the buyer's phone is known.
#[must_use]
pub fn phone_hash(database: &Database, phone: &str) -> String {
    crate::secret::hex(&database.key().search_hash(phone))
}

/// Moves an order on.
///
/// # Errors
/// Of the database.
pub async fn set_state(conn: &mut Transaction, no: &OrderNo, state: State) -> Result<()> {
    query("UPDATE orders SET state = $2 WHERE no = $1")
        .bind(no.as_str())
        .bind(state.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// What a packed parcel is.
#[derive(Clone, Copy, Debug)]
pub struct Parcel<'a> {
    /// Its weight on the scale.
    pub gross: Grams,
    /// Its goods, lot by lot.
    pub goods: &'a [Goods],
    /// When, by the station's clock.
    pub at: EpochMs,
    /// Where.
    pub station: &'a StationId,
}

/// Keeps what the packer's scans and the scale said of a parcel.
///
/// # Errors
/// Of the database.
pub async fn set_parcel(conn: &mut Transaction, no: &OrderNo, parcel: Parcel<'_>) -> Result<()> {
    let sql = "UPDATE orders SET weight_g = $2, packed_at = $3, packed_by = $4 WHERE no = $1";
    let row =
        query(sql).bind(no.as_str()).bind(parcel.gross.0).bind(parcel.at.0).bind(parcel.station.as_str());
    row.execute(conn).await?;
    let sql = "INSERT INTO parcel_goods (order_no, sku, lot, qty) VALUES ($1, $2, $3, $4)
        ON CONFLICT (order_no, sku, lot) DO UPDATE SET qty = parcel_goods.qty + excluded.qty";
    for goods in parcel.goods {
        let row =
            query(sql).bind(no.as_str()).bind(goods.sku.as_str()).bind(goods.lot.as_str()).bind(goods.qty.0);
        row.execute(conn).await?;
    }
    Ok(())
}

/// Sets or clears when an order left the building.
///
/// # Errors
/// Of the database.
pub async fn set_shipped(conn: &mut Transaction, no: &OrderNo, at: Option<EpochMs>) -> Result<()> {
    let sql = "UPDATE orders SET shipped_at = $2 WHERE no = $1";
    query(sql).bind(no.as_str()).bind(at.map(|at| at.0)).execute(conn).await?;
    Ok(())
}

/// Writes a note about an order for the office, once.
///
/// # Errors
/// Of the database.
pub async fn note(conn: &mut Transaction, no: &OrderNo, note: &str, at: EpochMs) -> Result<()> {
    let sql = "INSERT INTO order_note (order_no, note, at) VALUES ($1, $2, $3) ON CONFLICT (order_no, note) DO NOTHING";
    query(sql).bind(no.as_str()).bind(note).bind(at.0).execute(conn).await?;
    Ok(())
}

/// An order as its warehouse gets it.
///
/// # Errors
/// When there is none, or its receiver does not open.
pub async fn read(conn: &mut Transaction, database: &Database, no: &OrderNo) -> Result<Order> {
    let row =
        query("SELECT * FROM orders WHERE no = $1").bind(no.as_str()).row(conn).await?;
    let row = row.with_context(|| format!("there is no order {no}"))?;
    from_row(conn, database, &row).await
}

/// An order from its row, with its lines and what its carrier prints.
///
/// # Errors
/// When its receiver does not open.
pub async fn from_row(conn: &mut Transaction, database: &Database, row: &Row) -> Result<Order> {
    let text = |column: &str| row.get::<String>(column);
    let no = OrderNo(text("no")?);
    let receiver = receiver(database, &no, row)?;
    let carrier = CarrierId(text("carrier")?);
    let (route_code, consolidation) = sorting(conn, &carrier, &receiver).await?;
    let sql = "SELECT code, title, qty, parts FROM order_line WHERE order_no = $1 ORDER BY rank";
    let rows = query(sql).bind(no.as_str()).all::<(String, String, i64, String)>(conn).await?;
    let line = |(code, title, qty, parts): (String, String, i64, String)| {
        Ok(OrderLine { code, title, qty: Qty(qty), parts: serde_json::from_str(&parts)? })
    };
    Ok(Order {
        channel: text("channel")?,
        warehouse: text("warehouse")?.into(),
        waybill_no: text("waybill_no")?.into(),
        lines: rows.into_iter().map(line).collect::<Result<_>>()?,
        paid_at: EpochMs(row.get("paid_at")?),
        ship_by: EpochMs(row.get("ship_by")?),
        routed_because: text("routed_because")?,
        no,
        carrier,
        route_code,
        consolidation,
        receiver,
    })
}

/// To whom an order goes.
///
/// # Errors
/// When the sealed field does not open.
pub fn receiver(database: &Database, no: &OrderNo, row: &Row) -> Result<Receiver> {
    let sealed: Vec<u8> = row.get("receiver_sealed")?;
    let plain = database
        .key()
        .open(&receiver_place(no), &sealed)
        .with_context(|| format!("receiver of order {no}"))?;
    Ok(serde_json::from_slice(&plain)?)
}

/// What the carrier prints for the receiver's city. Where it has told nothing, province and city in words, as
/// sorters read them before there were codes.
///
/// # Errors
/// Of the database.
pub async fn sorting(
    conn: &mut Transaction,
    carrier: &CarrierId,
    to: &Receiver,
) -> Result<(String, String)> {
    let told = waybill::route(conn, carrier, &to.province, &to.city).await?;
    Ok(told.unwrap_or_else(|| (format!("{} {}", to.province, to.city), String::new())))
}
