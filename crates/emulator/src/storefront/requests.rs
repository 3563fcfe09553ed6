//! The requests of a rush, made before its clock starts and kept as bytes one behind the other.

use std::ops::Range;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::Rush;
use super::buyers::Crowd;

/// One request in so many is an order that was sent before, sent again as it was.
const SENT_TWICE: usize = 100;
/// So many requests lie between an order and its second sending.
const APART: usize = 50;

/// What can be bought, at its price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// SKU or bundle.
    pub code: String,
    /// Price of one, in fen.
    pub price_fen: i64,
}

impl FromStr for Offer {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let (code, fen) = text.split_once('=').context("an offer is CODE=FEN, e.g. GIFT-A=12900")?;
        ensure!(!code.is_empty(), "the offer {text} has no code");
        let price_fen = fen.parse().with_context(|| format!("{fen} is no price in fen"))?;
        Ok(Self { code: code.to_owned(), price_fen })
    }
}

/// Requests, ready to be sent.
pub struct Requests {
    bytes: Vec<u8>,
    ranges: Vec<Range<usize>>,
}

impl Requests {
    /// `POST /api/orders`, one for each order, and one in a hundred of them twice.
    pub fn orders(rush: &Rush) -> Self {
        let mut crowd = Crowd::new(rush.seed, rush.orders);
        let created_at = now_ms();
        let mut requests = Self { bytes: Vec::new(), ranges: Vec::new() };
        for place in 0..rush.orders {
            if place % SENT_TWICE == SENT_TWICE - 1 {
                let again = requests.ranges[place - APART].clone();
                requests.ranges.push(again);
                continue;
            }
            let buyer = crowd.next_buyer();
            let offer = &rush.offers[buyer.chooses % rush.offers.len()];
            let mut body = json!({
                "buyer": buyer.id,
                "device": buyer.device,
                "state": "paid",
                "paid_fen": offer.price_fen,
                "created_at": created_at,
                "receiver": {
                    "name": buyer.name,
                    "phone": buyer.phone,
                    "province": buyer.place.0,
                    "city": buyer.place.1,
                    "district": buyer.place.2,
                    "detail": buyer.door,
                },
                "lines": [{ "code": offer.code, "qty": 1, "paid_fen": offer.price_fen }],
            });
            if let Some(campaign) = &rush.campaign {
                body["campaign"] = json!(campaign);
            }
            let body = body.to_string();
            requests.add(&format!(
                "POST /api/orders HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {}\r\nidempotency-key: {}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                rush.token,
                number(rush, place),
                body.len()
            ));
        }
        requests
    }

    /// `GET /api/orders/{no}` for the orders of these requests.
    pub fn questions(rush: &Rush, places: &[usize]) -> Self {
        let mut requests = Self { bytes: Vec::new(), ranges: Vec::new() };
        for place in places {
            let asked = if place % SENT_TWICE == SENT_TWICE - 1 { place - APART } else { *place };
            requests.add(&format!(
                "GET /api/orders/{} HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {}\r\n\r\n",
                number(rush, asked),
                rush.token
            ));
        }
        requests
    }

    fn add(&mut self, request: &str) {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(request.as_bytes());
        self.ranges.push(start..self.bytes.len());
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// One of them; `None` past the last.
    pub fn get(&self, place: usize) -> Option<&[u8]> {
        self.ranges.get(place).map(|range| &self.bytes[range.clone()])
    }
}

/// The storefront's own number of an order.
fn number(rush: &Rush, place: usize) -> String {
    format!("S{}-{place:07}", rush.seed)
}

/// Milliseconds since 1970.
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn rush(orders: usize) -> Rush {
        Rush {
            servers: Vec::new(),
            token: "t".into(),
            connections: 1,
            orders,
            offers: vec!["GIFT-A=12900".parse().unwrap()],
            campaign: Some("autumn".into()),
            seed: 7,
            verify: true,
        }
    }

    #[test]
    fn one_order_in_a_hundred_is_sent_twice_word_for_word() {
        let requests = Requests::orders(&rush(200));
        assert_eq!(requests.get(99), requests.get(49));
        let mut distinct: Vec<_> = (0..200).map(|place| requests.get(place).unwrap()).collect();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), 198);
        assert_eq!(requests.get(200), None);
    }

    #[test]
    fn a_request_says_its_own_length_and_the_body_is_an_order() {
        let requests = Requests::orders(&rush(1));
        let text = std::str::from_utf8(requests.get(0).unwrap()).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{head}");
        assert!(head.contains("idempotency-key: S7-0000000"), "{head}");
        let order: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!((order["paid_fen"].as_i64(), order["campaign"].as_str()), (Some(12_900), Some("autumn")));
    }

    #[test]
    fn an_order_sent_twice_is_asked_for_under_its_own_number() {
        let questions = Requests::questions(&rush(200), &[3, 99]);
        let text = |place| String::from_utf8_lossy(questions.get(place).unwrap()).into_owned();
        assert!(text(0).starts_with("GET /api/orders/S7-0000003 "), "{}", text(0));
        assert!(text(1).starts_with("GET /api/orders/S7-0000049 "), "{}", text(1));
    }

    #[test]
    fn an_offer_without_a_price_is_refused() {
        for text in ["GIFT-A", "=5", "GIFT-A=much"] {
            assert!(text.parse::<Offer>().is_err(), "{text}");
        }
    }
}
