//! What a fact from the floor changes here: where an order stands, what its parcel is, and the stock behind it.
//!
//! A fact is never refused: it has happened. What contradicts what the server knows becomes a clash, for a person
//! to decide; the facts themselves are kept raw beside it (`fact`).

use crate::database::{Transaction, query};
use anyhow::Result;
use liangcang_domain::fact::{Fact, Goods, Recorded};
use liangcang_domain::id::{OrderNo, WarehouseId};
use liangcang_domain::unit::EpochMs;
use liangcang_sync::Entry;

use crate::store::orders::{self, Known, Parcel, State};
use crate::store::station::Station;
use crate::store::{hold, moves};

/// Keeps one entry of a station's log, and carries out what it says where this program can read it. The caller has
/// made sure that it is the next of its log.
///
/// # Errors
/// Of the database.
pub async fn take_fact(
    conn: &mut Transaction,
    station: &Station,
    entry: &Entry,
    readable: bool,
) -> Result<()> {
    let recorded = if readable { serde_json::from_str::<Recorded>(entry.body.get()).ok() } else { None };
    keep(conn, station, entry, recorded.as_ref()).await?;
    let Some(recorded) = recorded else {
        tracing::warn!(station = %station.id, seq = entry.seq, schema = entry.schema, "a fact is kept unread");
        return Ok(());
    };
    let clashes = apply(conn, station, &recorded).await?;
    for (order, why) in clashes {
        tracing::warn!(station = %station.id, seq = entry.seq, %order, why, "a fact contradicts what is known");
        let sql = "INSERT INTO clash (station, epoch, seq, order_no, why) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (station, epoch, seq, order_no) DO NOTHING";
        query(sql)
            .bind(station.id.as_str())
            .bind(entry.log.epoch)
            .bind(i64::try_from(entry.seq)?)
            .bind(order.as_str())
            .bind(why)
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn keep(
    conn: &mut Transaction,
    station: &Station,
    entry: &Entry,
    read: Option<&Recorded>,
) -> Result<()> {
    let raw: serde_json::Value = serde_json::from_str(entry.body.get())?;
    query(
        "INSERT INTO fact (station, epoch, seq, schema, gesture, kind, at, body, applied)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(station.id.as_str())
    .bind(entry.log.epoch)
    .bind(i64::try_from(entry.seq)?)
    .bind(entry.schema)
    .bind(raw["gesture"].as_str().unwrap_or_default())
    .bind(raw["fact"].as_str().unwrap_or_default())
    .bind(raw["at"].as_i64().unwrap_or_default())
    .bind(entry.body.get())
    .bind(i64::from(read.is_some()))
    .execute(conn)
    .await?;
    Ok(())
}

/// Orders about which a fact says what cannot be, and why.
type Clashes = Vec<(OrderNo, &'static str)>;

async fn apply(conn: &mut Transaction, station: &Station, recorded: &Recorded) -> Result<Clashes> {
    let at = recorded.at;
    let clash = match &recorded.fact {
        Fact::Packed { order, waybill, gross, goods } => {
            let parcel = Parcel { gross: *gross, goods, at, station: &station.id };
            let own = is_own_waybill(conn, order, waybill.as_str()).await?;
            packed(conn, station, order, parcel)
                .await?
                .or((!own).then_some("packed under another waybill number"))
                .map(|why| (order, why))
        }
        Fact::ScannedOut { order, goods, .. } => {
            scanned_out(conn, station, order, goods, at).await?.map(|why| (order, why))
        }
        Fact::ScanOutUndone { order, .. } => {
            scan_out_undone(conn, station, order).await?.map(|why| (order, why))
        }
        Fact::OrderShort { order } => short(conn, station, order).await?.map(|why| (order, why)),
        Fact::OrderCancelled { order } => {
            let known = known_here(conn, &station.warehouse, order).await?;
            let left = match known {
                Some(known) => known.state == State::Cancelled,
                None => moves::left(conn, order, &station.warehouse).await?,
            };
            (!left).then_some((order, "left its queue as cancelled, but it is not"))
        }
        Fact::HandedOver { manifest, carrier, cage, waybills, gross } => {
            let sql = "INSERT INTO manifest (id, warehouse, carrier, cage, parcels, gross_g, at)
                VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
            query(sql)
                .bind(manifest.as_str())
                .bind(station.warehouse.as_str())
                .bind(carrier.as_str())
                .bind(cage.as_str())
                .bind(i64::try_from(waybills.len())?)
                .bind(gross.0)
                .bind(at.0)
                .execute(conn)
                .await?;
            return handed_over(conn, station, manifest.as_str(), waybills.iter().map(|it| it.as_str()))
                .await;
        }
        _ => None,
    };
    Ok(clash.map(|(order, why)| (order.clone(), why)).into_iter().collect())
}

/// An order of this warehouse; others' orders are no business of its stations.
async fn known_here(conn: &mut Transaction, warehouse: &WarehouseId, no: &OrderNo) -> Result<Option<Known>> {
    Ok(orders::find(conn, no).await?.filter(|known| known.warehouse == *warehouse))
}

const UNKNOWN: &str = "this warehouse has no such order";

async fn is_own_waybill(conn: &mut Transaction, no: &OrderNo, number: &str) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM orders WHERE waybill_no = $1 AND no = $2";
    Ok(query(sql).bind(number).bind(no.as_str()).scalar::<i64>(conn).await? == 1)
}

async fn packed(
    conn: &mut Transaction,
    station: &Station,
    no: &OrderNo,
    parcel: Parcel<'_>,
) -> Result<Option<&'static str>> {
    let Some(known) = known_here(conn, &station.warehouse, no).await? else { return Ok(Some(UNKNOWN)) };
    match known.state {
        State::Routed | State::Short => {
            orders::set_parcel(conn, no, parcel).await?;
            orders::set_state(conn, no, State::Packed).await?;
            Ok(None)
        }
        State::Unpaid | State::Waiting | State::Review => {
            Ok(Some("packed before it was told to the warehouse"))
        }
        State::Packed | State::Shipped => Ok(Some("packed a second time")),
        State::Cancelled => {
            // The cancellation was still on its way to the bench. What the parcel is stays known: it may be sent.
            orders::set_parcel(conn, no, parcel).await?;
            Ok(Some("packed after its channel cancelled it"))
        }
    }
}

async fn scanned_out(
    conn: &mut Transaction,
    station: &Station,
    no: &OrderNo,
    goods: &[Goods],
    at: EpochMs,
) -> Result<Option<&'static str>> {
    let Some(known) = known_here(conn, &station.warehouse, no).await? else { return Ok(Some(UNKNOWN)) };
    if known.state == State::Shipped {
        return Ok(Some("left the building a second time"));
    }
    hold::settle(conn, no).await?;
    orders::set_shipped(conn, no, Some(at)).await?;
    orders::set_state(conn, no, State::Shipped).await?;
    if !same_goods(conn, no, goods).await? {
        return Ok(Some("left with other goods than were packed"));
    }
    Ok((known.state == State::Cancelled).then_some("left after its channel cancelled it"))
}

async fn same_goods(conn: &mut Transaction, no: &OrderNo, goods: &[Goods]) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM parcel_goods WHERE order_no = $1 AND sku = $2 AND lot = $3 AND qty = $4";
    for item in goods {
        let row = query(sql).bind(no.as_str()).bind(item.sku.as_str()).bind(item.lot.as_str());
        if row.bind(item.qty.0).scalar::<i64>(conn).await? != 1 {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn scan_out_undone(
    conn: &mut Transaction,
    station: &Station,
    no: &OrderNo,
) -> Result<Option<&'static str>> {
    let Some(known) = known_here(conn, &station.warehouse, no).await? else { return Ok(Some(UNKNOWN)) };
    if known.state != State::Shipped {
        return Ok(Some("came back without having left"));
    }
    let sql = "SELECT COUNT(*) FROM orders WHERE no = $1 AND cancel_reason IS NOT NULL";
    let cancelled = query(sql).bind(no.as_str()).scalar::<i64>(conn).await? == 1;
    hold::unsettle(conn, no, !cancelled).await?;
    orders::set_shipped(conn, no, None).await?;
    orders::set_state(conn, no, if cancelled { State::Cancelled } else { State::Packed }).await?;
    Ok(None)
}

/// The promise stays: the goods are not there for anybody else either, until somebody has counted.
async fn short(conn: &mut Transaction, station: &Station, no: &OrderNo) -> Result<Option<&'static str>> {
    let Some(known) = known_here(conn, &station.warehouse, no).await? else { return Ok(Some(UNKNOWN)) };
    match known.state {
        State::Routed => orders::set_state(conn, no, State::Short).await.map(|()| None),
        State::Short | State::Cancelled => Ok(None),
        State::Unpaid | State::Waiting | State::Review | State::Packed | State::Shipped => {
            Ok(Some("cannot be completed, but it is past that"))
        }
    }
}

async fn handed_over(
    conn: &mut Transaction,
    station: &Station,
    manifest: &str,
    waybills: impl Iterator<Item = &str>,
) -> Result<Clashes> {
    let mut clashes = Vec::new();
    for number in waybills {
        let sql =
            "UPDATE orders SET manifest = $2 WHERE waybill_no = $1 AND warehouse = $3 AND state = 'shipped'
            RETURNING no";
        let row = query(sql).bind(number).bind(manifest).bind(station.warehouse.as_str());
        if row.scalar_optional::<String>(conn).await?.is_none() {
            clashes.push((OrderNo::from(number), "a waybill on the manifest belongs to no order that left"));
        }
    }
    Ok(clashes)
}
