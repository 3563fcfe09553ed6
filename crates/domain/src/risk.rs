//! Which orders a person should look at before they ship, and why: rules with names and figures.
//!
//! Judges one order from counts that the caller keeps. Does not count, knows no clock, and never refuses an order:
//! a hit puts it on hold. Names no phone, door or buyer.

mod rules;

pub use rules::{Burst, Limit, Refunds, RuleName, Rules, Switch, Tolerance};

use crate::address::{Reading, Reason, Verdict};
use crate::unit::Fen;

/// What is known of an order's buyer beforehand: orders of this campaign, earlier ones and those before it in its
/// group, without this one. What is not known of an order (no device) counts 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Orders to the same door (`address::key`).
    pub by_address: u32,
    /// Orders with the same phone.
    pub by_phone: u32,
    /// Orders of the same buyer.
    pub by_buyer: u32,
    /// Orders from the same device.
    pub by_device: u32,
    /// Orders of the buyer or the device, whichever has more, within the window of `burst_velocity`.
    pub in_window: u32,
    /// Refunds of the buyer.
    pub refunds_of_buyer: u32,
    /// What of the order is on the blocklist.
    pub blocked: Option<Blocked>,
}

/// What a blocklist can name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// A phone.
    Phone,
    /// A door.
    Address,
    /// A buyer's account.
    Buyer,
    /// A device.
    Device,
}

impl Blocked {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Buyer => "buyer",
            Self::Device => "device",
        }
    }

    /// What a word in the store stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Phone, Self::Address, Self::Buyer, Self::Device].into_iter().find(|it| it.as_str() == word)
    }

    fn zh(self) -> &'static str {
        match self {
            Self::Phone => "电话",
            Self::Address => "地址",
            Self::Buyer => "买家",
            Self::Device => "设备",
        }
    }
}

/// The order itself.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Its address as it was read.
    pub address: &'a Reading<'a>,
    /// What was paid for the goods.
    pub paid_fen: Fen,
    /// Price times quantity, over all lines.
    pub expected_fen: Fen,
}

/// A rule that an order hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Which.
    pub rule: RuleName,
    /// With its figures.
    pub why: Why,
}

/// Why a rule was hit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// On the blocklist.
    Blocked {
        /// What of it.
        what: Blocked,
    },
    /// The address is vague or contradicts itself.
    Address {
        /// How.
        reason: Reason,
    },
    /// Paid is not expected.
    Amount {
        /// Paid.
        paid_fen: Fen,
        /// Price times quantity.
        expected_fen: Fen,
    },
    /// Refunds before.
    Refunded {
        /// How many.
        refunds: u32,
        /// How many pass.
        refunds_max: u32,
    },
    /// One order too many.
    Count {
        /// Which one this is, counted from 1.
        nth: u32,
        /// The last that passes.
        orders_max: u32,
    },
    /// One order too many within moments.
    Fast {
        /// Which one this is in the window, counted from 1.
        nth: u32,
        /// The last that passes.
        orders_max: u32,
        /// The window.
        window_s: u32,
    },
}

impl Hit {
    /// For the office, in Chinese: 第 6 单寄到同一地址，上限 5.
    #[must_use]
    pub fn zh(&self) -> String {
        match &self.why {
            Why::Blocked { what } => format!("{}在黑名单上", what.zh()),
            Why::Address { reason } => reason.zh(),
            Why::Amount { paid_fen, expected_fen } => {
                format!("实付 {} 元，应付 {} 元", yuan(*paid_fen), yuan(*expected_fen))
            }
            Why::Refunded { refunds, refunds_max } => {
                format!("已退款 {refunds} 次后又下单，上限 {refunds_max}")
            }
            Why::Count { nth, orders_max } => {
                let what = match self.rule {
                    RuleName::TooManyToAddress => "寄到同一地址",
                    RuleName::TooManyByPhone => "用同一电话",
                    RuleName::TooManyByBuyer => "来自同一买家",
                    _ => "来自同一设备",
                };
                format!("第 {nth} 单{what}，上限 {orders_max}")
            }
            Why::Fast { nth, orders_max, window_s } => {
                format!("{window_s} 秒内第 {nth} 单，上限 {orders_max}")
            }
        }
    }

    /// For the office, in English: order 6 to this address, limit 5.
    #[must_use]
    pub fn en(&self) -> String {
        match &self.why {
            Why::Blocked { what } => format!("the {} is on the blocklist", what.as_str()),
            Why::Address { reason } => reason.en(),
            Why::Amount { paid_fen, expected_fen } => {
                format!("paid {} yuan, expected {}", yuan(*paid_fen), yuan(*expected_fen))
            }
            Why::Refunded { refunds, refunds_max } => {
                format!("buys again after {refunds} refunds, limit {refunds_max}")
            }
            Why::Count { nth, orders_max } => {
                let what = match self.rule {
                    RuleName::TooManyToAddress => "to this address",
                    RuleName::TooManyByPhone => "with this phone",
                    RuleName::TooManyByBuyer => "of this buyer",
                    _ => "from this device",
                };
                format!("order {nth} {what}, limit {orders_max}")
            }
            Why::Fast { nth, orders_max, window_s } => {
                format!("order {nth} within {window_s} s, limit {orders_max}")
            }
        }
    }
}

/// `56.70`, with a sign where it is a debt.
fn yuan(fen: Fen) -> String {
    let sign = if fen.0 < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.0.unsigned_abs() / 100, fen.0.unsigned_abs() % 100)
}

/// Judges an order by every rule that is on, in the order of `RuleName::ALL`; every hit is listed. Nothing is
/// allocated where none is hit.
#[must_use]
pub fn judge(rules: &Rules, asked: &Asked<'_>, seen: &Seen) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut hit = |rule: RuleName, why: Option<Why>| hits.extend(why.map(|why| Hit { rule, why }));
    let blocked = seen.blocked.filter(|_| rules.blocklisted.on);
    hit(RuleName::Blocklisted, blocked.map(|what| Why::Blocked { what }));
    hit(RuleName::ConflictingAddress, address(rules.conflicting_address, asked.address, Verdict::Conflict));
    hit(RuleName::VagueAddress, address(rules.vague_address, asked.address, Verdict::Vague));
    hit(RuleName::AmountMismatch, amount(rules.amount_mismatch, asked));
    hit(RuleName::RefundRebuy, refunded(rules.refund_rebuy, seen.refunds_of_buyer));
    hit(RuleName::TooManyToAddress, count(rules.too_many_to_address, seen.by_address));
    hit(RuleName::TooManyByPhone, count(rules.too_many_by_phone, seen.by_phone));
    hit(RuleName::TooManyByBuyer, count(rules.too_many_by_buyer, seen.by_buyer));
    hit(RuleName::TooManyByDevice, count(rules.too_many_by_device, seen.by_device));
    hit(RuleName::BurstVelocity, fast(rules.burst_velocity, seen.in_window));
    hits
}

fn address(rule: Switch, reading: &Reading<'_>, verdict: Verdict) -> Option<Why> {
    let reason = reading.reason.as_ref().filter(|reason| rule.on && reason.verdict() == verdict);
    reason.map(|reason| Why::Address { reason: reason.clone() })
}

fn amount(rule: Tolerance, asked: &Asked<'_>) -> Option<Why> {
    let Asked { paid_fen, expected_fen, .. } = *asked;
    let differs = paid_fen.0.abs_diff(expected_fen.0) > rule.tolerance_fen.0.max(0).unsigned_abs();
    (rule.on && differs).then_some(Why::Amount { paid_fen, expected_fen })
}

fn refunded(rule: Refunds, refunds: u32) -> Option<Why> {
    let Refunds { on, refunds_max } = rule;
    (on && refunds > refunds_max).then_some(Why::Refunded { refunds, refunds_max })
}

fn count(rule: Limit, before: u32) -> Option<Why> {
    let (nth, Limit { on, orders_max }) = (before.saturating_add(1), rule);
    (on && nth > orders_max).then_some(Why::Count { nth, orders_max })
}

fn fast(rule: Burst, before: u32) -> Option<Why> {
    let (nth, Burst { on, orders_max, window_s }) = (before.saturating_add(1), rule);
    (on && nth > orders_max).then_some(Why::Fast { nth, orders_max, window_s })
}
