//! An order as a storefront sends it, checked field by field.

use liangcang_domain::unit::EpochMs;
use serde::Deserialize;

use crate::incoming::{IncomingLine, IncomingOrder, IncomingState, MAX_LINE_QTY, Receiver};

/// The channel of the brand's own storefront.
pub const SHOP: &str = "shop";
/// Characters of a note at most.
pub const LONGEST_NOTE: usize = 500;
const LONGEST_KEY: usize = 64;
const LONGEST_NAME: usize = 60;
const LONGEST_ADDRESS: usize = 300;
const MOST_LINES: usize = 40;
/// Ten million yuan: more is a slip of the finger.
const MOST_FEN: i64 = 1_000_000_000;

/// One order.
#[derive(Deserialize)]
pub struct Asked {
    channel: Option<String>,
    campaign: Option<String>,
    #[serde(default)]
    buyer: String,
    #[serde(default)]
    device: String,
    state: PaidOrNot,
    paid_fen: i64,
    created_at: Option<i64>,
    ship_by: Option<i64>,
    receiver: AskedReceiver,
    lines: Vec<AskedLine>,
    #[serde(default)]
    note: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum PaidOrNot {
    Paid,
    Unpaid,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedReceiver {
    name: String,
    phone: String,
    #[serde(default)]
    province: String,
    #[serde(default)]
    city: String,
    #[serde(default)]
    district: String,
    detail: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AskedLine {
    code: String,
    qty: u32,
    #[serde(default)]
    paid_fen: i64,
}

/// A field that is not as it must be. No personal data.
#[derive(Debug, PartialEq, Eq)]
pub struct Unfit {
    /// Which.
    pub field: &'static str,
    /// What is wrong and what to do now.
    pub why: String,
}

fn unfit<T>(field: &'static str, why: impl Into<String>) -> Result<T, Unfit> {
    Err(Unfit { field, why: why.into() })
}

/// Between one and `most` characters, none of them a control character.
fn text(field: &'static str, value: &str, (least, most): (usize, usize)) -> Result<(), Unfit> {
    if value.chars().any(char::is_control) {
        return unfit(field, "has control characters: send plain text");
    }
    let length = value.chars().count();
    if (least..=most).contains(&length) {
        Ok(())
    } else {
        unfit(field, format!("has {length} characters, {least} to {most} are allowed"))
    }
}

fn word(field: &'static str, value: &str, most: usize) -> Result<(), Unfit> {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
    if (1..=most).contains(&value.len()) && value.bytes().all(fits) {
        Ok(())
    } else {
        unfit(field, format!("must be 1 to {most} letters, digits, - or _"))
    }
}

fn money(field: &'static str, fen: i64) -> Result<(), Unfit> {
    if (0..=MOST_FEN).contains(&fen) { Ok(()) } else { unfit(field, format!("must be 0 to {MOST_FEN} fen")) }
}

impl Asked {
    /// The order under the caller's own number.
    ///
    /// # Errors
    /// The first field that is not as it must be.
    pub fn into_order(self, key: &str, now: EpochMs) -> Result<IncomingOrder, Unfit> {
        word("idempotency-key", key, LONGEST_KEY)?;
        let channel = self.channel.unwrap_or_else(|| SHOP.to_owned());
        word("channel", &channel, 20)?;
        if let Some(campaign) = &self.campaign {
            word("campaign", campaign, 40)?;
        }
        text("buyer", &self.buyer, (0, 128))?;
        text("device", &self.device, (0, 128))?;
        money("paid_fen", self.paid_fen)?;
        text("note", &self.note, (0, LONGEST_NOTE))?;
        let receiver = self.receiver.checked()?;
        let lines = lines(key, self.lines)?;
        let paid = matches!(self.state, PaidOrNot::Paid);
        let created_at = self.created_at.unwrap_or(now.0);
        Ok(IncomingOrder {
            channel,
            campaign: self.campaign,
            buyer: self.buyer,
            device: self.device,
            order_no: key.to_owned(),
            paid_at_ms: paid.then_some(created_at),
            created_at_ms: Some(created_at),
            ship_by_ms: self.ship_by,
            receiver,
            lines,
            paid_fen: self.paid_fen,
            buyer_note: self.note,
            seller_note: String::new(),
            state: if paid { IncomingState::Paid } else { IncomingState::Unpaid },
        })
    }
}

impl AskedReceiver {
    fn checked(self) -> Result<Receiver, Unfit> {
        text("receiver.name", &self.name, (1, LONGEST_NAME))?;
        text("receiver.phone", &self.phone, (5, 32))?;
        text("receiver.province", &self.province, (0, LONGEST_NAME))?;
        text("receiver.city", &self.city, (0, LONGEST_NAME))?;
        text("receiver.district", &self.district, (0, LONGEST_NAME))?;
        text("receiver.detail", &self.detail, (1, LONGEST_ADDRESS))?;
        Ok(Receiver {
            name: self.name,
            phone: self.phone,
            province: self.province,
            city: self.city,
            district: self.district,
            street: String::new(),
            detail: self.detail,
        })
    }
}

fn lines(key: &str, asked: Vec<AskedLine>) -> Result<Vec<IncomingLine>, Unfit> {
    if !(1..=MOST_LINES).contains(&asked.len()) {
        return unfit("lines", format!("an order has 1 to {MOST_LINES} lines"));
    }
    let line = |(at, line): (usize, AskedLine)| {
        text("lines.code", &line.code, (1, LONGEST_KEY))?;
        money("lines.paid_fen", line.paid_fen)?;
        if !(1..=MAX_LINE_QTY).contains(&line.qty) {
            return unfit("lines.qty", format!("must be 1 to {MAX_LINE_QTY}"));
        }
        Ok(IncomingLine {
            sub_order_no: format!("{key}-{}", at + 1),
            title: line.code.clone(),
            merchant_code: line.code,
            spec: String::new(),
            qty: line.qty,
            paid_fen: line.paid_fen,
            gift: false,
        })
    };
    asked.into_iter().enumerate().map(line).collect()
}
