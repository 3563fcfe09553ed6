//! The mapping file of a source that is not Douyin: which heading means what, which word is which state.
//!
//! TOML; unknown keys are refused, because a misspelt one would silently leave a column out:
//!
//! ```toml
//! channel = "other_shop"
//! [columns]
//! order_no = "订单号"
//! qty = "数量"
//! # …
//! [states]
//! "已付款" = "paid"
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use super::headings::{Column, Headings};
use crate::incoming::IncomingState;

/// Without these a parcel cannot be sent.
const NEEDED: [Column; 7] = [
    Column::OrderNo,
    Column::Qty,
    Column::Name,
    Column::Phone,
    Column::Province,
    Column::City,
    Column::Detail,
];

/// Where a file comes from and how it is to be read.
#[derive(Clone, Debug)]
pub struct Source {
    /// The channel its orders belong to.
    pub channel: String,
    /// Its headings.
    pub headings: Headings,
    /// Its words for states; a source without a state column exports only orders to be shipped.
    pub states: BTreeMap<String, IncomingState>,
}

/// Why a mapping file is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingFault {
    /// Not TOML, an unknown key, or a word of the wrong kind.
    Unreadable {
        /// What the reader says, with the line.
        why: String,
    },
    /// The channel's name is not 1 to 32 lower-case letters, digits and underscores.
    Channel,
    /// Columns without which a parcel cannot be sent.
    Missing {
        /// Those that are not mapped.
        columns: Vec<Column>,
    },
    /// A state column without a single state, or states without their column.
    States,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MappingFile {
    channel: String,
    columns: BTreeMap<Column, String>,
    #[serde(default)]
    states: BTreeMap<String, IncomingState>,
}

impl Source {
    /// The Douyin shop's own export.
    #[must_use]
    pub fn douyin() -> Self {
        let states = [
            ("待支付", IncomingState::Unpaid),
            ("待发货", IncomingState::Paid),
            // The shop has pressed "preparing"; for us it is still to be shipped.
            ("备货中", IncomingState::Paid),
            ("已发货", IncomingState::Shipped),
            ("已完成", IncomingState::Done),
            ("已关闭", IncomingState::Closed),
        ];
        Self {
            channel: "douyin".to_owned(),
            headings: Headings::douyin(),
            states: states.into_iter().map(|(word, state)| (word.to_owned(), state)).collect(),
        }
    }

    /// Reads a mapping file.
    ///
    /// # Errors
    /// What is wrong with it; nothing is guessed.
    pub fn from_mapping(toml_text: &str) -> Result<Self, MappingFault> {
        let file: MappingFile =
            toml::from_str(toml_text).map_err(|fault| MappingFault::Unreadable { why: fault.to_string() })?;
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if file.channel.is_empty() || file.channel.len() > 32 || !file.channel.chars().all(plain) {
            return Err(MappingFault::Channel);
        }
        let has = |column: &Column| file.columns.contains_key(column);
        let mut missing: Vec<Column> = NEEDED.into_iter().filter(|column| !has(column)).collect();
        if !has(&Column::MerchantCode) && !has(&Column::Title) {
            missing.push(Column::MerchantCode);
        }
        if !missing.is_empty() {
            return Err(MappingFault::Missing { columns: missing });
        }
        if has(&Column::State) == file.states.is_empty() {
            return Err(MappingFault::States);
        }
        Ok(Self { channel: file.channel, headings: Headings::mapped(file.columns), states: file.states })
    }
}

impl fmt::Display for MappingFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { why } => write!(f, "the mapping file cannot be read: {why}"),
            Self::Channel => f.write_str("channel must be 1 to 32 of a-z, 0-9 and _"),
            Self::Missing { columns } => {
                let names: Vec<&str> = columns.iter().map(|column| column.heading()).collect();
                write!(f, "[columns] must also map: {}", names.join(" "))
            }
            Self::States => f.write_str("[states] and the column `state` need each other"),
        }
    }
}

impl std::error::Error for MappingFault {}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]
    use super::*;

    const GOOD: &str = r#"
        channel = "other_shop"
        [columns]
        order_no = "订单号"
        merchant_code = "货号"
        qty = "数量"
        name = "姓名"
        phone = "电话"
        province = "省份"
        city = "城市"
        detail = "地址"
        state = "状态"
        [states]
        "已付款" = "paid"
    "#;

    #[test]
    fn a_mapping_file_names_the_headings_and_states_of_another_source() {
        let source = Source::from_mapping(GOOD).unwrap();
        assert_eq!(source.channel, "other_shop");
        assert_eq!(source.states["已付款"], IncomingState::Paid);
        let found: Vec<String> =
            "状态 订单号 货号 数量 姓名 电话 省份 城市 地址".split(' ').map(str::to_owned).collect();
        assert_eq!(source.headings.find(&found).unwrap().columns.len(), 9);
    }

    #[test]
    fn an_unknown_key_in_a_mapping_file_is_refused_by_name() {
        for (from, to, named) in [
            ("qty =", "quantity =", "quantity"),
            ("channel =", "chanel =", "chanel"),
            ("\"paid\"", "\"payed\"", "payed"),
        ] {
            let fault = Source::from_mapping(&GOOD.replace(from, to)).unwrap_err();
            assert!(fault.to_string().contains(named), "{fault}");
        }
    }

    #[test]
    fn a_mapping_without_the_columns_a_parcel_needs_is_refused() {
        let text = GOOD.replace("phone = \"电话\"", "").replace("merchant_code = \"货号\"", "");
        let fault = Source::from_mapping(&text).unwrap_err();
        assert_eq!(fault, MappingFault::Missing { columns: vec![Column::Phone, Column::MerchantCode] });
    }

    #[test]
    fn a_channel_is_a_plain_word_and_states_come_with_their_column() {
        let text = GOOD.replace("other_shop", "Other Shop");
        assert_eq!(Source::from_mapping(&text).unwrap_err(), MappingFault::Channel);
        let text = GOOD.replace("state = \"状态\"", "");
        assert_eq!(Source::from_mapping(&text).unwrap_err(), MappingFault::States);
    }
}
