//! Orders whose receiver could not be read when they came, and can be now: judged by what was not known then, the
//! address, whom it is sent to, and how many orders share its door and its phone. What was known then was judged then.
//!
//! Nothing is refused any more: the order is promised, so that what would have been refused goes before a person.

use std::collections::HashSet;

use anyhow::Result;
use liangcang_domain::address::Reading;
use liangcang_domain::id::OrderNo;
use liangcang_domain::risk::{Asked, Blocked, Seen, judge};
use liangcang_domain::unit::{EpochMs, Fen};

use super::book::Sale;
use super::counts::Tallies;
use super::doubt::{self, Doubt};
use super::group::Arrivals;
use super::known::look_up;
use super::outcome::{Limit, Outcome, Reason};
use super::statements as sql;
use super::{Answer, Door, held};
use crate::database::{Database, Transaction, Value, query};
use crate::store::order_insert::Keys;
use crate::store::readable::set_readable;
use crate::store::{parts, review};

/// A group's campaign and turn, and its counts so far.
pub(super) struct InTurn<'a> {
    pub(super) campaign: &'a str,
    pub(super) turn: i64,
    pub(super) tallies: &'a mut Tallies,
}

/// Judges the orders of a group that became readable with it, and lets those go that nobody need see; their answers
/// are set. The caller holds the campaign's turn.
///
/// # Errors
/// Of the database; the caller's transaction must then be undone.
pub(super) async fn admit(
    conn: &mut Transaction,
    database: &Database,
    it: InTurn<'_>,
    arrivals: &Arrivals<'_>,
    answers: &mut [Answer],
    now: EpochMs,
) -> Result<()> {
    let mut known = None;
    for (answer, (arrival, door)) in answers.iter_mut().zip(arrivals) {
        // A new order that waits says so itself; one that does not, and waits, was there before (`held::wake`).
        if answer.outcome != Outcome::WaitsForPlatform || arrival.waits {
            continue;
        }
        if known.is_none() {
            known = Some(terms(conn, it.campaign).await?);
        }
        let Some(sale) = &known else { continue };
        let blocked = blocked(conn, door.keys).await?;
        let doubts = doubts(sale, it.tallies, door, blocked);
        let no = OrderNo::from(arrival.order.order_no.as_str());
        let parts = parts::of(conn, &no).await?;
        for part in &parts {
            set_readable(conn, database, part, (&door.receiver, door.keys), it.turn).await?;
        }
        if sale.counts() {
            for key in receivers(door.keys) {
                it.tallies.entry(key).or_default().count(now, sale.window_ms());
            }
        }
        let found = doubts.iter().map(serde_json::to_value).collect::<Result<_, _>>()?;
        answer.outcome = if review::add(conn, (&no, it.campaign), found, now).await? {
            held::to_review(conn, &parts, now).await?;
            Outcome::Review
        } else {
            held::route(conn, database, &parts, None, now).await?
        };
        answer.hits = doubts;
    }
    Ok(())
}

/// The keys that only a readable receiver has.
fn receivers(keys: Keys) -> impl Iterator<Item = i64> {
    Keys { buyer: 0, device: 0, ..keys }.known()
}

/// What the campaign asks of its buyers now.
async fn terms(conn: &mut Transaction, campaign: &str) -> Result<Sale> {
    let sql = "SELECT buyer_limit, address_limit, rules FROM campaign WHERE id = $1";
    let (buyer_limit, address_limit, rules): (i64, i64, String) = query(sql).bind(campaign).one(conn).await?;
    let rules = if rules.is_empty() { None } else { Some(serde_json::from_str(&rules)?) };
    Ok(Sale { id: campaign.to_owned(), buyer_limit, address_limit, rules, ..Sale::default() })
}

async fn blocked(conn: &mut Transaction, keys: Keys) -> Result<Option<Blocked>> {
    let keys: HashSet<i64> = receivers(keys).collect();
    if keys.is_empty() {
        return Ok(None);
    }
    let rows: Vec<(i64, String)> =
        look_up(conn, sql::BLOCKED, None, keys.into_iter().map(Value::from)).await?;
    Ok(rows.into_iter().find_map(|(_, kind)| Blocked::parse(&kind)))
}

fn doubts(sale: &Sale, tallies: &Tallies, door: &Door, blocked: Option<Blocked>) -> Vec<Doubt> {
    let orders = |key: i64| tallies.get(&key).map_or(0, |tally| tally.orders);
    let mut doubts = Vec::new();
    if let Some(rules) = &sale.rules {
        let address = door.doubt.clone().map_or_else(Reading::default, Reading::unread);
        let asked = Asked { address: &address, paid_fen: Fen(0), expected_fen: Fen(0) };
        let (by_address, by_phone) = (orders(door.keys.address), orders(door.keys.phone));
        let seen = Seen { by_address, by_phone, blocked, ..Seen::default() };
        doubts.extend(judge(rules, &asked, &seen).iter().map(doubt::in_words));
    }
    let limit = sale.address_limit;
    if limit > 0 && i64::from(orders(door.keys.address)) >= limit {
        let over = Reason::OverQuota { of: Limit::Address, limit };
        doubts.push(Doubt { rule: over.code().to_owned(), zh: over.zh(), en: over.en() });
    }
    doubts
}
