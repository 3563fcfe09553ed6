//! What becomes of one order: every reason to refuse it, in a fixed order, then the promise. No waiting, no failing:
//! after the last check the group writes what was decided here.

use std::collections::{BTreeMap, BTreeSet};

use liangcang_domain::catalogue::{Catalogue, Sellable};
use liangcang_domain::id::{OrderNo, SkuId, WaybillNo};
use liangcang_domain::order::{Order, OrderLine};
use liangcang_domain::unit::{EpochMs, Qty};

use super::book::{Book, Sale};
use super::doubt::{Doubt, doubts};
use super::outcome::{Limit, Outcome, Reason};
use super::parts;
use super::place::{Placed, place};
use super::reference::Reference;
use super::{Arrival, Door};
use crate::incoming::{IncomingLine, IncomingOrder, IncomingState};
use crate::store::order_insert::NewOrder;
use crate::store::orders::State;

/// Where a channel names no deadline, the platforms' own rule: 48 hours from payment.
const SHIP_WITHIN_MS: i64 = 48 * 60 * 60 * 1000;

/// An order that is promised, to be written as it is; its waybill number is given when the group is counted.
#[derive(Debug)]
pub struct Promised {
    /// What becomes of it.
    pub outcome: Outcome,
    /// Why a person decides about it; nothing where it may go.
    pub hits: Vec<Doubt>,
    /// Its row; of an order that is split, its first part's.
    pub new: NewOrder,
    /// Its further parts, which only its group can seal.
    pub further: Vec<NewOrder>,
}

impl Promised {
    /// All its rows.
    pub fn rows(&self) -> impl Iterator<Item = &NewOrder> {
        std::iter::once(&self.new).chain(&self.further)
    }

    /// All its rows, to be changed.
    pub fn rows_mut(&mut self) -> impl Iterator<Item = &mut NewOrder> {
        std::iter::once(&mut self.new).chain(&mut self.further)
    }
}

/// A person has so long to decide; then the hold lapses.
pub const REVIEW_MS: i64 = 12 * 60 * 60 * 1000;

/// Decides one new order against what is left, and takes it from there.
///
/// # Errors
/// The first reason to refuse it; then nothing was taken.
pub fn decide(
    reference: &Reference,
    sale: &Sale,
    book: &mut Book,
    (arrival, door): (&Arrival<'_>, &Door),
    now: EpochMs,
) -> Result<Promised, Reason> {
    let incoming = arrival.order;
    to_be_sold(arrival)?;
    let units = asked(reference, sale, incoming)?;
    within_limits(sale, book, door)?;
    let province = &door.receiver.province;
    let placed = place(reference, (sale, &book.live), (&incoming.channel, province), &units)?;
    let hits = doubts(sale, book, (incoming, door), now);
    let waits = arrival.waits || incoming.state == IncomingState::Unpaid || !hits.is_empty();
    parts::take(book, &placed, &units, waits)?;
    book.count(sale, province, door.keys, now);
    Ok(promise(reference, sale, (arrival, door), (placed, units, hits), now))
}

fn to_be_sold(arrival: &Arrival<'_>) -> Result<(), Reason> {
    let state = arrival.order.state;
    let sold = state == IncomingState::Paid || (state == IncomingState::Unpaid && arrival.may_be_unpaid);
    if !sold {
        return Err(Reason::NotToShip { state });
    }
    if arrival.order.lines.is_empty() { Err(Reason::NothingToShip) } else { Ok(()) }
}

fn asked(
    reference: &Reference,
    sale: &Sale,
    incoming: &IncomingOrder,
) -> Result<BTreeMap<SkuId, Qty>, Reason> {
    let lines = incoming.lines.iter().map(|line| (line.merchant_code.as_str(), Qty(i64::from(line.qty))));
    let units = reference.catalogue.explode(lines).map_err(|codes| Reason::UnknownGoods { codes })?;
    let sold = |line: &&IncomingLine| sale.offers.is_empty() || sale.offers.contains_key(&line.merchant_code);
    let others: BTreeSet<String> =
        incoming.lines.iter().filter(|line| !sold(line)).map(|line| line.merchant_code.clone()).collect();
    if others.is_empty() { Ok(units) } else { Err(Reason::NotOffered { codes: others }) }
}

fn within_limits(sale: &Sale, book: &Book, door: &Door) -> Result<(), Reason> {
    if let Some((left, most)) = book.province(&door.receiver.province)
        && left <= 0
    {
        return Err(Reason::OverQuota { of: Limit::Province, limit: most });
    }
    for (of, limit, key) in [
        (Limit::Buyer, sale.buyer_limit, door.keys.buyer),
        (Limit::Address, sale.address_limit, door.keys.address),
    ] {
        if limit > 0 && key != 0 && i64::from(book.tally(key).orders) >= limit {
            return Err(Reason::OverQuota { of, limit });
        }
    }
    Ok(())
}

fn promise(
    reference: &Reference,
    sale: &Sale,
    (arrival, door): (&Arrival<'_>, &Door),
    (placed, units, hits): (Placed, BTreeMap<SkuId, Qty>, Vec<Doubt>),
    now: EpochMs,
) -> Promised {
    let incoming = arrival.order;
    let unpaid = incoming.state == IncomingState::Unpaid;
    let (state, outcome) = if unpaid {
        (State::Unpaid, Outcome::Unpaid)
    } else if arrival.waits {
        (State::Waiting, Outcome::WaitsForPlatform)
    } else if !hits.is_empty() {
        (State::Review, Outcome::Review)
    } else {
        let (warehouse, carrier) = (placed.warehouse.clone(), placed.carrier.clone());
        (State::Routed, Outcome::Accepted { warehouse, carrier })
    };
    let asked_at = incoming.paid_at_ms.or(incoming.created_at_ms).unwrap_or(now.0);
    let lines = match incoming.lines.as_slice() {
        // What most buyers do: then the line's parts are the order's units.
        [line] => vec![sold_as(&reference.catalogue, line, units.clone())],
        lines => lines.iter().map(|line| exploded(&reference.catalogue, line)).collect(),
    };
    let order = Order {
        channel: incoming.channel.clone(),
        no: OrderNo::from(incoming.order_no.as_str()),
        warehouse: placed.warehouse,
        carrier: placed.carrier,
        waybill_no: WaybillNo::default(),
        route_code: String::new(),
        consolidation: String::new(),
        receiver: door.receiver.clone(),
        lines,
        paid_at: EpochMs(if unpaid { 0 } else { asked_at }),
        ship_by: EpochMs(incoming.ship_by_ms.unwrap_or(asked_at.saturating_add(SHIP_WITHIN_MS))),
        routed_because: placed.because,
    };
    let mut new = NewOrder {
        order,
        campaign: sale.id.clone(),
        quota_channel: placed.channel,
        state,
        units: units.into_iter().collect(),
        hold_expires_at: match state {
            State::Unpaid => Some(EpochMs(now.0.saturating_add(sale.unpaid_ms))),
            State::Review => Some(EpochMs(now.0.saturating_add(REVIEW_MS))),
            _ => None,
        },
        keys: door.keys,
        fingerprint: door.fingerprint.clone(),
        paid_fen: incoming.paid_fen,
        sealed: door.sealed.clone(),
        lines: incoming.lines.iter().map(|line| (line.sub_order_no.clone(), line.paid_fen)).collect(),
        taken_at: now,
        part_of: String::new(),
    };
    let further = parts::cut(&reference.catalogue, &mut new, placed.parts);
    Promised { outcome, hits, new, further }
}

/// One line with its parts. The codes were checked before; a code unknown here would explode to nothing.
fn exploded(catalogue: &Catalogue, line: &IncomingLine) -> OrderLine {
    let qty = Qty(i64::from(line.qty));
    let parts = catalogue.explode([(line.merchant_code.as_str(), qty)]).unwrap_or_default();
    sold_as(catalogue, line, parts)
}

fn sold_as(catalogue: &Catalogue, line: &IncomingLine, parts: BTreeMap<SkuId, Qty>) -> OrderLine {
    // Our own name is shorter than the shop window's, and is the one on the shelf.
    let title = match catalogue.sellable(&line.merchant_code) {
        Some(Sellable::Sku(sku)) if !sku.name.is_empty() => &sku.name,
        Some(Sellable::Bundle(bundle)) if !bundle.name.is_empty() => &bundle.name,
        _ => &line.title,
    };
    OrderLine {
        code: line.merchant_code.clone(),
        title: title.clone(),
        qty: Qty(i64::from(line.qty)),
        parts: parts.into_iter().collect(),
    }
}
