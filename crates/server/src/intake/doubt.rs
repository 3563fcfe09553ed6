//! Which orders a person must see: the campaign's rules over what is counted of the buyer, the door, the phone and
//! the device.

use liangcang_domain::address::Reading;
use liangcang_domain::risk::{Asked, Blocked, Hit, Seen, judge};
use liangcang_domain::unit::{EpochMs, Fen};
use serde::{Deserialize, Serialize};

use super::Door;
use super::book::{Book, Sale};
use crate::incoming::IncomingOrder;

/// A rule an order hit, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// The rule's name.
    pub rule: String,
    /// Why, in Chinese.
    pub zh: String,
    /// Why, in English.
    pub en: String,
}

/// Judges an order by the rules of its sale; a sale without rules doubts nothing.
pub fn doubts(sale: &Sale, book: &Book, (order, door): (&IncomingOrder, &Door), now: EpochMs) -> Vec<Doubt> {
    let Some(rules) = &sale.rules else { return Vec::new() };
    let address = door.doubt.clone().map_or_else(Reading::default, Reading::unread);
    let price = |code: &str| sale.offers.get(code).copied().unwrap_or_default();
    let expected =
        order.lines.iter().map(|line| price(&line.merchant_code).saturating_mul(i64::from(line.qty))).sum();
    // Without offers nobody knows what the goods should cost.
    let expected_fen = Fen(if sale.offers.is_empty() { order.paid_fen } else { expected });
    let asked = Asked { address: &address, paid_fen: Fen(order.paid_fen), expected_fen };
    judge(rules, &asked, &seen(sale, book, door, now)).iter().map(in_words).collect()
}

/// A hit in words.
pub(super) fn in_words(hit: &Hit) -> Doubt {
    Doubt { rule: hit.rule.as_str().to_owned(), zh: hit.zh(), en: hit.en() }
}

fn seen(sale: &Sale, book: &Book, door: &Door, now: EpochMs) -> Seen {
    let keys = door.keys;
    // A key that stands for nothing is never counted, so it has 0 of everything.
    let orders = |key: i64| book.tally(key).orders;
    let lately = |key: i64| book.tally(key).in_window(now, sale.window_ms());
    Seen {
        by_address: orders(keys.address),
        by_phone: orders(keys.phone),
        by_buyer: orders(keys.buyer),
        by_device: orders(keys.device),
        in_window: lately(keys.buyer).max(lately(keys.device)),
        refunds_of_buyer: book.tally(keys.buyer).refunds,
        blocked: keys.known().find_map(|key| book.blocked.get(&key).copied()) as Option<Blocked>,
    }
}
