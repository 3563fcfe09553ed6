//! Douyin shop (抖店): the messages it sends, verified over the raw bytes and parsed once.
//!
//! A message is `[{"tag","msg_id","data"}]`, `data` being JSON again, as text. Verification proves who sent it, not
//! when: a message delivered twice carries the same `dedupe_key`, which the store keeps, and one that tells of long
//! ago is `Stale`, so that the order is asked for afresh (`order_detail`) instead of being taken at its word. Facts:
//! the vendor's published SDKs; the signature is MD5 because the platform says so.

pub mod order_detail;
mod wire;

use std::fmt;

use md5::{Digest, Md5};
use serde::Deserialize;
use subtle::ConstantTimeEq;

use wire::{Data, Id};

/// The largest body that is looked at.
pub const MAX_BODY_BYTES: usize = 1024 * 1024;
/// The most messages one body may hold.
pub const MAX_MESSAGES: usize = 100;
/// A message that tells of something longer ago than this is not taken at its word.
pub const STALE_AFTER_MS: i64 = 7 * 24 * 60 * 60 * 1000;
/// Clocks may differ by this much; a message from further ahead is as doubtful as a stale one.
pub const CLOCK_SKEW_MS: i64 = 5 * 60 * 1000;

/// Why a delivery is not believed. The caller answers with a failure and does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The body is larger than [`MAX_BODY_BYTES`].
    TooLarge,
    /// `app-id` is absent or names another app.
    WrongApp,
    /// `event-sign` is absent or not 32 hexadecimal digits.
    NoSignature,
    /// The signature is not that of this body: forged, changed or cut on the way.
    WrongSignature,
}

/// Proves that the platform sent exactly these bytes. To be called before anything reads them.
///
/// # Errors
/// Why they are not believed.
pub fn verify(
    app_key: &str,
    secret: &str,
    app_id_header: Option<&str>,
    sign_header: Option<&str>,
    raw_body: &[u8],
) -> Result<(), Rejected> {
    if raw_body.len() > MAX_BODY_BYTES {
        return Err(Rejected::TooLarge);
    }
    if app_id_header != Some(app_key) {
        return Err(Rejected::WrongApp);
    }
    let claimed = sign_header.and_then(sixteen_bytes).ok_or(Rejected::NoSignature)?;
    let mut hash = Md5::new();
    hash.update(app_key.as_bytes());
    hash.update(raw_body);
    hash.update(secret.as_bytes());
    let right: [u8; 16] = hash.finalize().into();
    if bool::from(right.ct_eq(&claimed)) { Ok(()) } else { Err(Rejected::WrongSignature) }
}

/// 32 hexadecimal digits of either case.
fn sixteen_bytes(hex: &str) -> Option<[u8; 16]> {
    let digits: Vec<u32> = hex.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<u8> =
        digits.chunks_exact(2).filter_map(|two| u8::try_from(two[0] * 16 + two[1]).ok()).collect();
    if digits.len() == 32 { bytes.try_into().ok() } else { None }
}

/// Why a believed body cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Malformed {
    /// Not the JSON array it should be.
    Body {
        /// Line and column where reading failed; never the text itself.
        line: usize,
        /// See `line`.
        column: usize,
    },
    /// More messages than [`MAX_MESSAGES`].
    TooMany {
        /// How many.
        messages: usize,
    },
    /// The `data` of a known tag is not what that tag carries.
    Data {
        /// The message.
        msg_id: String,
        /// Its tag.
        tag: String,
    },
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The platform's id of it; the same on every delivery.
    pub msg_id: String,
    /// The platform's number of its kind.
    pub tag: String,
    /// What it tells.
    pub event: Event,
}

/// What a message tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Tag 0: the address of our endpoint was saved in the console.
    Test,
    /// Tag 100: ordered, unpaid.
    Created(OrderRef),
    /// Tag 101: paid.
    Paid {
        /// Which order.
        order: OrderRef,
        /// When.
        paid_at_ms: i64,
        /// How much, in fen.
        paid_fen: i64,
    },
    /// Tag 105: the receiver has changed. The new one is ciphertext; the order is to be asked for afresh.
    AddressChanged(OrderRef),
    /// Tag 106: cancelled.
    Cancelled {
        /// Which order.
        order: OrderRef,
        /// When, where the message says so.
        cancelled_at_ms: Option<i64>,
        /// The platform's words.
        reason: String,
    },
    /// Tag 206: money went back for one sub-order.
    Refunded {
        /// Which order; `sub_order_nos` holds the one concerned.
        order: OrderRef,
        /// The after-sale case.
        aftersale_id: String,
        /// When, where the message says so.
        refunded_at_ms: Option<i64>,
        /// How much, in fen.
        refund_fen: i64,
    },
    /// Any other tag, with its data as it came.
    Other {
        /// JSON text, not looked into.
        data: String,
    },
}

/// The order a message is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderRef {
    /// The shop.
    pub shop_id: String,
    /// The order.
    pub order_no: String,
    /// Its sub-orders concerned.
    pub sub_order_nos: Vec<String>,
}

/// Whether a message's word still holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// It tells of something of the last week.
    Fresh,
    /// It tells of something long ago, or of the future: ask for the order before acting.
    Stale,
    /// It carries no time.
    Timeless,
}

impl Message {
    /// What the store keeps so that a second delivery changes nothing.
    #[must_use]
    pub fn dedupe_key(&self) -> String {
        format!("douyin:{}:{}", self.tag, self.msg_id)
    }

    /// The moment it tells of, where it carries one.
    #[must_use]
    pub fn happened_at_ms(&self) -> Option<i64> {
        match &self.event {
            Event::Paid { paid_at_ms, .. } => Some(*paid_at_ms),
            Event::Cancelled { cancelled_at_ms, .. } => *cancelled_at_ms,
            Event::Refunded { refunded_at_ms, .. } => *refunded_at_ms,
            Event::Test | Event::Created(_) | Event::AddressChanged(_) | Event::Other { .. } => None,
        }
    }

    /// Whether its word still holds at `now_ms`.
    #[must_use]
    pub fn freshness(&self, now_ms: i64) -> Freshness {
        match self.happened_at_ms() {
            None => Freshness::Timeless,
            Some(at)
                if (now_ms.saturating_sub(STALE_AFTER_MS)..=now_ms.saturating_add(CLOCK_SKEW_MS))
                    .contains(&at) =>
            {
                Freshness::Fresh
            }
            Some(_) => Freshness::Stale,
        }
    }
}

#[derive(Deserialize)]
struct Envelope {
    tag: Id,
    msg_id: Id,
    #[serde(default)]
    data: Data,
}

/// Reads a verified body.
///
/// # Errors
/// Nothing of a body is taken unless all of it is understood: the platform then delivers it again.
pub fn parse(raw_body: &[u8]) -> Result<Vec<Message>, Malformed> {
    let envelopes: Vec<Envelope> = serde_json::from_slice(raw_body)
        .map_err(|fault| Malformed::Body { line: fault.line(), column: fault.column() })?;
    if envelopes.len() > MAX_MESSAGES {
        return Err(Malformed::TooMany { messages: envelopes.len() });
    }
    envelopes.into_iter().map(message).collect()
}

fn message(envelope: Envelope) -> Result<Message, Malformed> {
    let Envelope { tag: Id(tag), msg_id: Id(msg_id), data: Data(data) } = envelope;
    let event = match tag.as_str() {
        "0" => Some(Event::Test),
        "100" => wire::created(&data),
        "101" => wire::paid(&data),
        "105" => wire::address_changed(&data),
        "106" => wire::cancelled(&data),
        "206" => wire::refunded(&data),
        _ => Some(Event::Other { data }),
    };
    match event {
        Some(event) => Ok(Message { msg_id, tag, event }),
        None => Err(Malformed::Data { msg_id, tag }),
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge => "the body is larger than 1 MiB",
            Self::WrongApp => "app-id is absent or names another app: check the app key in the settings",
            Self::NoSignature => "event-sign is absent or not 32 hexadecimal digits",
            Self::WrongSignature => "event-sign does not fit the body: check the app secret in the settings",
        })
    }
}

impl std::error::Error for Rejected {}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Body { line, column } => {
                write!(f, "not an array of messages (line {line}, column {column})")
            }
            Self::TooMany { messages } => {
                write!(f, "{messages} messages in one body, at most {MAX_MESSAGES}")
            }
            Self::Data { msg_id, tag } => {
                write!(f, "message {msg_id}: its data is not what tag {tag} carries")
            }
        }
    }
}

impl std::error::Error for Malformed {}

#[cfg(test)]
#[path = "douyin/tests.rs"]
mod tests;
