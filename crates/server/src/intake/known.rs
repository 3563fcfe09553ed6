//! Orders that are here already, by their numbers.

use std::collections::HashMap;

use anyhow::{Context, Result};
use liangcang_domain::id::OrderNo;
use sqlx::AssertSqlSafe;

use super::group::Arrivals;
use super::statements::{KNOWN, KNOWN_ANYWHERE};
use crate::database::{Read, Transaction, Value, query};
use crate::store::orders::{Known, State};

/// Values a statement looks for at a time.
const LOOKED_FOR: usize = 128;

/// Which of the orders one campaign has; `None`: any campaign, which no group asks but one that found an order's
/// number taken, or its campaign over.
///
/// # Errors
/// Of the database.
pub(super) async fn find(
    conn: &mut Transaction,
    campaign: Option<&str>,
    arrivals: &Arrivals<'_>,
) -> Result<HashMap<OrderNo, Known>> {
    type Found = (String, String, String, String, String, String, String, String);
    let numbers = arrivals.iter().map(|(arrival, _)| arrival.order.order_no.as_str().into());
    let text = if campaign.is_some() { KNOWN } else { KNOWN_ANYWHERE };
    let rows: Vec<Found> = look_up(conn, text, campaign, numbers).await?;
    let known = |(no, channel, campaign, state, warehouse, carrier, fingerprint, part_of): Found| {
        let state = State::parse(&state).with_context(|| format!("order {no} is in no known state"))?;
        let (warehouse, carrier) = (warehouse.into(), carrier.into());
        Ok((no.into(), Known { channel, campaign, state, warehouse, carrier, fingerprint, part_of }))
    };
    rows.into_iter().map(known).collect()
}

/// Rows whose number or key is among `values`, of one campaign where the table is cut by it.
pub(super) async fn look_up<T: Read>(
    conn: &mut Transaction,
    text: &str,
    campaign: Option<&str>,
    values: impl Iterator<Item = Value>,
) -> Result<Vec<T>> {
    let values: Vec<Value> = values.collect();
    let mut rows = Vec::new();
    for chunk in values.chunks(LOOKED_FOR) {
        // Filled up with its last value, so that two texts serve any number.
        let places = if chunk.len() <= 8 { 8 } else { LOOKED_FOR };
        let filled = chunk.iter().chain(std::iter::repeat(&chunk[chunk.len() - 1])).take(places).cloned();
        let mut text = text.replace("{}", &conn.places(1 + usize::from(campaign.is_some()), places));
        if campaign.is_some() {
            text = text.replacen("$1", &conn.places(1, 1), 1);
        }
        let sql = query(AssertSqlSafe(text));
        rows.extend(sql.bind_all(campaign).bind_all(filled).all::<T>(conn).await?);
    }
    Ok(rows)
}
