//! The rules as data: a name, whether it is on, and its thresholds; leaves out how they are judged.

use serde::{Deserialize, Serialize};

use crate::unit::Fen;

/// A rule's name. The order is the order in which rules are judged and listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleName {
    /// Phone, address, buyer or device is on the blocklist.
    Blocklisted,
    /// The address contradicts itself.
    ConflictingAddress,
    /// The address says too little.
    VagueAddress,
    /// Paid is not what the goods cost.
    AmountMismatch,
    /// A buyer who had refunds in this campaign buys again.
    RefundRebuy,
    /// Too many orders go to one door.
    TooManyToAddress,
    /// Too many orders with one phone.
    TooManyByPhone,
    /// Too many orders of one buyer.
    TooManyByBuyer,
    /// Too many orders from one device.
    TooManyByDevice,
    /// Many orders of one buyer or device within moments.
    BurstVelocity,
}

impl RuleName {
    /// Every rule, in the order they are judged.
    pub const ALL: [Self; 10] = [
        Self::Blocklisted,
        Self::ConflictingAddress,
        Self::VagueAddress,
        Self::AmountMismatch,
        Self::RefundRebuy,
        Self::TooManyToAddress,
        Self::TooManyByPhone,
        Self::TooManyByBuyer,
        Self::TooManyByDevice,
        Self::BurstVelocity,
    ];

    /// The word in the store and in data.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Blocklisted => "blocklisted",
            Self::ConflictingAddress => "conflicting_address",
            Self::VagueAddress => "vague_address",
            Self::AmountMismatch => "amount_mismatch",
            Self::RefundRebuy => "refund_rebuy",
            Self::TooManyToAddress => "too_many_to_address",
            Self::TooManyByPhone => "too_many_by_phone",
            Self::TooManyByBuyer => "too_many_by_buyer",
            Self::TooManyByDevice => "too_many_by_device",
            Self::BurstVelocity => "burst_velocity",
        }
    }

    /// The rule a word stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == word)
    }

    /// Its title for the office, in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::Blocklisted => "黑名单",
            Self::ConflictingAddress => "地址矛盾",
            Self::VagueAddress => "地址不清",
            Self::AmountMismatch => "金额不符",
            Self::RefundRebuy => "退款后重买",
            Self::TooManyToAddress => "同一地址订单过多",
            Self::TooManyByPhone => "同一电话订单过多",
            Self::TooManyByBuyer => "同一买家订单过多",
            Self::TooManyByDevice => "同一设备订单过多",
            Self::BurstVelocity => "下单过快",
        }
    }

    /// Its title for the office, in English.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::Blocklisted => "On the blocklist",
            Self::ConflictingAddress => "Address contradicts itself",
            Self::VagueAddress => "Address too vague",
            Self::AmountMismatch => "Amount does not match",
            Self::RefundRebuy => "Buys again after refunds",
            Self::TooManyToAddress => "Too many orders to one address",
            Self::TooManyByPhone => "Too many orders with one phone",
            Self::TooManyByBuyer => "Too many orders of one buyer",
            Self::TooManyByDevice => "Too many orders from one device",
            Self::BurstVelocity => "Orders too fast",
        }
    }
}

/// The rules of one campaign. What a text leaves out is as in `default`; a rule it does not know is refused, so that
/// a misspelt one is not simply off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Blocklist.
    pub blocklisted: Switch,
    /// Contradictory addresses.
    pub conflicting_address: Switch,
    /// Vague addresses.
    pub vague_address: Switch,
    /// Paid against price times quantity.
    pub amount_mismatch: Tolerance,
    /// Refunds after which a new order is looked at.
    pub refund_rebuy: Refunds,
    /// Orders to one door.
    pub too_many_to_address: Limit,
    /// Orders with one phone.
    pub too_many_by_phone: Limit,
    /// Orders of one buyer.
    pub too_many_by_buyer: Limit,
    /// Orders from one device.
    pub too_many_by_device: Limit,
    /// Orders of one buyer or device within a window.
    pub burst_velocity: Burst,
}

/// A rule that has nothing to set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Switch {
    /// Whether it is judged.
    pub on: bool,
}

/// At most so many orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Whether it is judged.
    pub on: bool,
    /// The last order that still passes.
    pub orders_max: u32,
}

/// A difference in money that passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Whether it is judged.
    pub on: bool,
    /// Either way: coupons of the platform make a payment smaller, freight makes it larger.
    pub tolerance_fen: Fen,
}

/// Refunds before a new order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refunds {
    /// Whether it is judged.
    pub on: bool,
    /// Refunds after which another order still passes.
    pub refunds_max: u32,
}

/// At most so many orders within a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Burst {
    /// Whether it is judged.
    pub on: bool,
    /// The last order in the window that still passes.
    pub orders_max: u32,
    /// The window; whoever counts uses it.
    pub window_s: u32,
}

impl Default for Rules {
    /// A family orders a few times for parents and friends; a reseller orders dozens. One address is more than one
    /// family where it is a school's gate, so it is the loosest.
    fn default() -> Self {
        let limit = |orders_max| Limit { on: true, orders_max };
        Self {
            blocklisted: Switch { on: true },
            conflicting_address: Switch { on: true },
            vague_address: Switch { on: true },
            amount_mismatch: Tolerance { on: true, tolerance_fen: Fen(0) },
            refund_rebuy: Refunds { on: true, refunds_max: 2 },
            too_many_to_address: limit(10),
            too_many_by_phone: limit(5),
            too_many_by_buyer: limit(5),
            too_many_by_device: limit(5),
            burst_velocity: Burst { on: true, orders_max: 3, window_s: 10 },
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    #[test]
    fn a_rule_left_out_is_as_usual_and_a_misspelt_one_is_refused() {
        let rules: Rules =
            serde_json::from_str(r#"{"too_many_by_phone": {"on": false, "orders_max": 9}}"#).unwrap();
        assert_eq!(rules.too_many_by_phone, Limit { on: false, orders_max: 9 });
        assert_eq!(rules.too_many_by_buyer, Rules::default().too_many_by_buyer);
        assert!(serde_json::from_str::<Rules>(r#"{"too_many_by_fone": {"on": false}}"#).is_err());
        assert!(serde_json::from_str::<Rules>(r#"{"vague_address": {"on": true, "limit": 1}}"#).is_err());
    }

    #[test]
    fn every_rule_is_written_by_the_name_it_is_read_by() {
        let text = serde_json::to_value(Rules::default()).unwrap();
        assert_eq!(text.as_object().unwrap().len(), RuleName::ALL.len());
        for rule in RuleName::ALL {
            assert_eq!(serde_json::to_value(rule).unwrap(), rule.as_str());
            assert_eq!(RuleName::parse(rule.as_str()), Some(rule));
            assert!(text.get(rule.as_str()).is_some(), "{rule:?}");
        }
        assert!(RuleName::ALL.is_sorted());
    }
}
