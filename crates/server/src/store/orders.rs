//! Orders as rows: written by intake, moved on by facts and cancellations, read for feeds, lists and the office.
//!
//! Personal fields go in and come out here alone, sealed for their row.

use std::borrow::Cow;

use anyhow::{Context, Result, ensure};
use liangcang_domain::fact::Goods;
use liangcang_domain::id::{CarrierId, OrderNo, SkuId, StationId, WarehouseId};
use liangcang_domain::order::{Order, OrderLine, Receiver};
use liangcang_domain::unit::{EpochMs, Grams, Qty};
use serde::{Deserialize, Serialize};

use super::order_insert::NewOrder;
use super::waybill;
use crate::database::{Database, Row, Transaction, query};
use crate::secret::key_of;

/// Where an order stands at the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Held until the money comes or the hold lapses.
    Unpaid,
    /// Held, but its receiver cannot be read yet.
    Waiting,
    /// Held, and a person decides.
    Review,
    /// At its warehouse.
    Routed,
    /// Sealed, its label scanned back.
    Packed,
    /// Out of the building.
    Shipped,
    /// The warehouse cannot complete it now.
    Short,
    /// By its channel, by lapse or by review.
    Cancelled,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Unpaid,
        Self::Waiting,
        Self::Review,
        Self::Routed,
        Self::Packed,
        Self::Shipped,
        Self::Short,
        Self::Cancelled,
    ];

    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Waiting => "waiting",
            Self::Review => "review",
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Where it was sold.
    pub channel: String,
    /// What it was sold by.
    pub campaign: String,
    /// Where it stands.
    pub state: State,
    /// Where it is packed.
    pub warehouse: WarehouseId,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Keyed hash of what arrived first.
    pub fingerprint: String,
    /// The channel's number, where it is split ([`super::parts`]); empty where it is whole.
    pub part_of: String,
}

impl From<&NewOrder> for Known {
    fn from(new: &NewOrder) -> Self {
        Self {
            channel: new.order.channel.clone(),
            campaign: new.campaign.clone(),
            state: new.state,
            warehouse: new.order.warehouse.clone(),
            carrier: new.order.carrier.clone(),
            fingerprint: new.fingerprint.clone(),
            part_of: new.part_of.clone(),
        }
    }
}

/// Finds an order by its number.
///
/// # Errors
/// Of the database.
pub async fn find(conn: &mut Transaction, no: &OrderNo) -> Result<Option<Known>> {
    let sql =
        "SELECT channel, campaign, state, warehouse, carrier, fingerprint, part_of FROM orders WHERE no = $1";
    let row = query(sql).bind(no.as_str()).optional(conn).await?;
    row.map(|row| known(no, row)).transpose()
}

/// The columns of [`Known`], in the order of its fields.
type KnownRow = (String, String, String, String, String, String, String);

fn known(
    no: &OrderNo,
    (channel, campaign, state, warehouse, carrier, fingerprint, part_of): KnownRow,
) -> Result<Known> {
    let state = State::parse(&state).with_context(|| format!("order {no} is in no known state"))?;
    let (warehouse, carrier) = (warehouse.into(), carrier.into());
    Ok(Known { channel, campaign, state, warehouse, carrier, fingerprint, part_of })
}

/// A held order goes to its warehouse: its receiver as it is known now, and its waybill number. Of one that is split
/// the first part alone is found by phone.
///
/// # Errors
/// Of the database.
pub async fn route_held(conn: &mut Transaction, database: &Database, order: &Order) -> Result<()> {
    let receiver = serde_json::to_vec(&order.receiver)?;
    let sql = "UPDATE orders SET state = 'routed', hold_expires_at = NULL, receiver_sealed = $2,
            phone_key = CASE WHEN part_of IN ('', no) THEN $3 ELSE 0 END, waybill_no = $4, paid_at = $5
        WHERE no = $1 AND state IN ('unpaid', 'waiting', 'review')";
    let written = query(sql)
        .bind(order.no.as_str())
        .bind(database.seal(&receiver_place(order.no.as_str()), &receiver))
        .bind(key_of(database, "phone", &order.receiver.phone))
        .bind(order.waybill_no.as_str())
        .bind(order.paid_at.0)
        .execute(conn)
        .await?;
    ensure!(written == 1, "order {} is not held back", order.no);
    Ok(())
}

/// Where a receiver is sealed for.
#[must_use]
pub fn receiver_place(no: &str) -> String {
    format!("orders.receiver_sealed:{no}")
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

/// Writes down what came for an unpaid order.
///
/// # Errors
/// Of the database.
pub async fn set_paid(conn: &mut Transaction, no: &OrderNo, paid_fen: i64, at: EpochMs) -> Result<()> {
    let sql = "UPDATE orders SET paid_fen = $2, paid_at = $3 WHERE no = $1 AND state = 'unpaid'";
    query(sql).bind(no.as_str()).bind(paid_fen).bind(at.0).execute(conn).await?;
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

/// One line as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredLine<'a> {
    /// SKU or bundle.
    pub code: Cow<'a, str>,
    /// Name as sold.
    pub title: Cow<'a, str>,
    /// How many.
    pub qty: Qty,
    /// The line exploded, as it was when it was sold.
    pub parts: Cow<'a, [(SkuId, Qty)]>,
    /// The channel's number of the line.
    pub sub_order_no: Cow<'a, str>,
    /// What is paid for it, in fen.
    pub paid_fen: i64,
}

/// The lines of an order's row.
///
/// # Errors
/// When they are not what this program wrote.
pub fn lines(row: &Row) -> Result<Vec<StoredLine<'static>>> {
    serde_json::from_str(&row.get::<String>("lines")?).context("the lines of an order cannot be read")
}

/// An order as its warehouse gets it.
///
/// # Errors
/// When there is none, or its receiver does not open.
pub async fn read(conn: &mut Transaction, database: &Database, no: &OrderNo) -> Result<Order> {
    let row = query("SELECT * FROM orders WHERE no = $1").bind(no.as_str()).row(conn).await?;
    let row = row.with_context(|| format!("there is no order {no}"))?;
    let mut order = from_row(database, &row)?;
    let routes = waybill::routes(conn).await?;
    (order.route_code, order.consolidation) = routes.printed(&order.carrier, &order.receiver);
    Ok(order)
}

/// An order from its row, without what its carrier prints for its city.
///
/// # Errors
/// When its receiver does not open.
pub fn from_row(database: &Database, row: &Row) -> Result<Order> {
    let no = OrderNo(row.get("no")?);
    let line = |it: StoredLine<'_>| OrderLine {
        code: it.code.into_owned(),
        title: it.title.into_owned(),
        qty: it.qty,
        parts: it.parts.into_owned(),
    };
    Ok(Order {
        channel: row.get("channel")?,
        warehouse: row.get::<String>("warehouse")?.into(),
        carrier: CarrierId(row.get("carrier")?),
        waybill_no: row.get::<String>("waybill_no")?.into(),
        lines: lines(row)?.into_iter().map(line).collect(),
        paid_at: EpochMs(row.get("paid_at")?),
        ship_by: EpochMs(row.get("ship_by")?),
        routed_because: row.get("routed_because")?,
        receiver: receiver(database, &no, row)?,
        no,
        route_code: String::new(),
        consolidation: String::new(),
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
        .open(&receiver_place(no.as_str()), &sealed)
        .with_context(|| format!("receiver of order {no}"))?;
    Ok(serde_json::from_slice(&plain)?)
}
