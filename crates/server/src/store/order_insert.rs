//! New orders as rows, written many at a time.

use std::collections::HashMap;
use std::sync::Arc;

use anyhow::Result;
use liangcang_domain::id::{OrderNo, SkuId};
use liangcang_domain::order::{Order, Receiver};
use liangcang_domain::unit::{EpochMs, Qty};
use serde::Serialize;

use super::orders::{State, StoredLine, receiver_place};
use crate::database::{Database, Transaction, Value, insert_rows};
use crate::incoming::IncomingOrder;

/// Keyed hashes an order is counted and found by; 0 where there is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Keys {
    /// Of the door.
    pub address: i64,
    /// Of the phone.
    pub phone: i64,
    /// Of the channel's buyer.
    pub buyer: i64,
    /// Of the machine it was ordered at.
    pub device: i64,
}

impl Keys {
    /// Those that stand for something.
    pub fn known(self) -> impl Iterator<Item = i64> {
        [self.address, self.phone, self.buyer, self.device].into_iter().filter(|key| *key != 0)
    }
}

/// What only the key's owner may read of an order, sealed for its row.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    receiver: Vec<u8>,
    /// Empty where neither buyer nor shop wrote anything, as in most orders.
    notes: Vec<u8>,
}

impl Sealed {
    /// Seals the receiver, as a label wants it, and the notes.
    #[must_use]
    pub fn of(database: &Database, order: &IncomingOrder, receiver: &Receiver) -> Self {
        let notes = (&order.buyer_note, &order.seller_note);
        let none = notes.0.is_empty() && notes.1.is_empty();
        let place = || format!("orders.notes_sealed:{}", order.order_no);
        Self {
            receiver: seal(database, &receiver_place(&order.order_no), receiver),
            notes: if none { Vec::new() } else { seal(database, &place(), &notes) },
        }
    }

    /// Seals the receiver for a further part of an order; the notes stand with the first.
    #[must_use]
    pub fn of_further_part(database: &Database, no: &OrderNo, receiver: &Receiver) -> Self {
        Self { receiver: seal(database, &receiver_place(no.as_str()), receiver), notes: Vec::new() }
    }
}

fn seal(database: &Database, place: &str, plain: &impl Serialize) -> Vec<u8> {
    // Texts always become JSON.
    database.seal(place, &serde_json::to_vec(plain).unwrap_or_default())
}

/// An order to be written.
#[derive(Clone, Debug)]
pub struct NewOrder {
    /// As its warehouse gets it.
    pub order: Order,
    /// What it was sold by.
    pub campaign: String,
    /// Whose share of the campaign's stock it draws on.
    pub quota_channel: String,
    /// Where it stands.
    pub state: State,
    /// What it promises.
    pub units: Vec<(SkuId, Qty)>,
    /// When the promise lapses; `None`: never.
    pub hold_expires_at: Option<EpochMs>,
    /// What it is found by.
    pub keys: Keys,
    /// Keyed hash of the content.
    pub fingerprint: String,
    /// What the buyer pays, in fen.
    pub paid_fen: i64,
    /// Its receiver and its notes.
    pub sealed: Sealed,
    /// Per line: the channel's number of it, and what is paid for it in fen.
    pub lines: Vec<(String, i64)>,
    /// When it was taken.
    pub taken_at: EpochMs,
    /// The channel's number, on each part of an order that is split; empty on a whole one.
    pub part_of: String,
}

const COLUMNS: usize = 27;

/// Writes orders; rows follow.
pub const INSERT: &str =
    "INSERT INTO orders (no, channel, campaign, turn, quota_channel, state, warehouse, carrier,
    routed_because, province, lines, units, hold, hold_expires_at, receiver_sealed, notes_sealed, phone_key,
    address_key, buyer_key, device_key, fingerprint, paid_fen, paid_at, ship_by, taken_at, waybill_no,
    part_of) VALUES ";

/// Writes new orders, taken in their campaign's turn `turn`.
///
/// # Errors
/// Of the database, also when one of them is there already.
pub async fn insert(conn: &mut Transaction, turn: i64, orders: &[&NewOrder]) -> Result<()> {
    let mut words = Words::default();
    insert_rows(conn, (INSERT, ""), orders.iter().map(|new| row(&mut words, turn, new))).await?;
    Ok(())
}

/// Words that many rows of a group have in common, each kept once.
#[derive(Default)]
struct Words<'a>(HashMap<&'a str, Arc<str>>);

impl<'a> Words<'a> {
    fn of(&mut self, word: &'a str) -> Value {
        Arc::clone(self.0.entry(word).or_insert_with(|| word.into())).into()
    }
}

fn row<'a>(words: &mut Words<'a>, turn: i64, new: &'a NewOrder) -> Result<[Value; COLUMNS]> {
    let order = &new.order;
    let stored = order.lines.iter().zip(&new.lines).map(|(line, (sub_order_no, paid_fen))| StoredLine {
        code: line.code.as_str().into(),
        title: line.title.as_str().into(),
        qty: line.qty,
        parts: line.parts.as_slice().into(),
        sub_order_no: sub_order_no.as_str().into(),
        paid_fen: *paid_fen,
    });
    let stored: Vec<StoredLine<'_>> = stored.collect();
    Ok([
        order.no.as_str().into(),
        words.of(&order.channel),
        words.of(&new.campaign),
        turn.into(),
        words.of(&new.quota_channel),
        words.of(new.state.as_str()),
        words.of(order.warehouse.as_str()),
        words.of(order.carrier.as_str()),
        words.of(&order.routed_because),
        words.of(&order.receiver.province),
        serde_json::to_string(&stored)?.into(),
        serde_json::to_string(&new.units)?.into(),
        words.of("held"),
        new.hold_expires_at.map(|at| at.0).into(),
        new.sealed.receiver.as_slice().into(),
        new.sealed.notes.as_slice().into(),
        new.keys.phone.into(),
        new.keys.address.into(),
        new.keys.buyer.into(),
        new.keys.device.into(),
        new.fingerprint.as_str().into(),
        new.paid_fen.into(),
        order.paid_at.0.into(),
        order.ship_by.0.into(),
        new.taken_at.0.into(),
        order.waybill_no.as_str().into(),
        words.of(&new.part_of),
    ])
}
