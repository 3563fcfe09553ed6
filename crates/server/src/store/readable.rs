//! Receivers that a platform masked or encrypted, and that can be read later: an order without them has neither an
//! address nor a phone to be counted by.

use anyhow::{Result, ensure};
use liangcang_domain::id::OrderNo;
use liangcang_domain::order::Receiver;

use super::order_insert::Keys;
use super::orders::receiver_place;
use super::parts::Part;
use crate::database::{Database, Transaction, query};

/// Whether an order's receiver can be read; a readable one has a phone.
///
/// # Errors
/// Of the database, or when there is no such order.
pub async fn is_readable(conn: &mut Transaction, no: &OrderNo) -> Result<bool> {
    let sql = "SELECT COUNT(*) FROM orders WHERE no = $1 AND address_key = 0 AND phone_key = 0";
    Ok(query(sql).bind(no.as_str()).scalar::<i64>(conn).await? == 0)
}

/// Writes down the receiver of an order that waits for it, and what the order is counted by from its campaign's turn
/// `turn` on; a further part is counted by nothing. The first delivery stays what later ones are held against.
///
/// # Errors
/// Of the database, or when the order does not wait.
pub async fn set_readable(
    conn: &mut Transaction,
    database: &Database,
    part: &Part,
    (receiver, keys): (&Receiver, Keys),
    turn: i64,
) -> Result<()> {
    let no = &part.no;
    let (keys, turn) = if part.is_first() { (keys, turn) } else { (Keys::default(), 0) };
    let sql = "UPDATE orders SET receiver_sealed = $2, address_key = $3, phone_key = $4, readable_turn = $5
        WHERE no = $1 AND state IN ('unpaid', 'waiting')";
    let written = query(sql)
        .bind(no.as_str())
        .bind(database.seal(&receiver_place(no.as_str()), &serde_json::to_vec(receiver)?))
        .bind(keys.address)
        .bind(keys.phone)
        .bind(turn)
        .execute(conn)
        .await?;
    ensure!(written == 1, "order {no} does not wait for its receiver");
    Ok(())
}
