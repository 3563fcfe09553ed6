//! What is spoken: prompts and named mistakes, and their words in each language.
//!
//! The words stand in `assets/voice/<language>.json`, one catalogue a language; here they are filled in. Numbers
//! stay digits: how a voice reads them is the devices crate's. What is shown is the interface's own catalogue.

#![expect(missing_docs, reason = "the blanks of a prompt say by name and type what they are")]

use crate::catalogue::Catalogue;
use crate::id::{BinId, PackagingId, SkuId};
use crate::task::{First, Mistake};
use crate::unit::Qty;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use ts_rs::TS;

/// A language of the floor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Language {
    /// Chinese, the first.
    #[default]
    Zh,
    /// English.
    En,
}

/// One prompt: one element, short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Say {
    /// Take a tote.
    TakeTote,
    /// The zone to go to.
    Zone { zone: String },
    /// The bin to go to.
    Bin { bin: BinId },
    /// What to take.
    Take { sku: SkuId, qty: Qty },
    /// How far it is.
    More { sku: SkuId, done: Qty, open: Qty },
    /// What to bring back.
    PutBack { sku: SkuId, qty: Qty },
    /// The order in hand is cancelled; what to do now follows.
    Recalled,
    /// Why short.
    ShortReason,
    /// Really short.
    ConfirmShort { sku: SkuId, qty: Qty },
    /// The number said.
    ConfirmCount { sku: SkuId, qty: Qty },
    /// Nothing open.
    WalkFinished,
    /// The next part at the bench.
    ScanPart { sku: SkuId, qty: Qty },
    /// Which packaging.
    Packaging { packaging: PackagingId },
    /// Weigh it.
    Weigh,
    /// The label is on its way.
    LabelComing,
    /// Why print again.
    ReprintReason,
    /// Stick and scan the label.
    StickLabel,
    /// Nobody knows whether it came out.
    LabelUnknown,
    /// Put the goods back.
    ReturnGoods,
    /// Sealed.
    Packed,
    /// Scan a cage.
    ScanCage,
    /// How many are in the cage.
    ScanParcel { count: usize },
    /// A mistake; the bin or item wanted is repeated where it helps.
    Wrong { mistake: Mistake, bin: Option<BinId> },
}

type Words = BTreeMap<String, String>;

static ZH: LazyLock<Words> = LazyLock::new(|| words(include_str!("../../../assets/voice/zh.json")));
static EN: LazyLock<Words> = LazyLock::new(|| words(include_str!("../../../assets/voice/en.json")));

/// The catalogues are part of the program and read by a test; a broken one says nothing rather than stopping work.
fn words(json: &str) -> Words {
    serde_json::from_str(json).unwrap_or_default()
}

impl Say {
    /// The sentence in a language.
    #[must_use]
    pub fn text(&self, language: Language, catalogue: &Catalogue) -> String {
        let (key, filled) = self.filled(language, catalogue);
        let words = match language {
            Language::Zh => &*ZH,
            Language::En => &*EN,
        };
        let mut text = words.get(key).cloned().unwrap_or_default();
        for (name, value) in filled {
            let value = if name == "first" { words.get(&value).cloned().unwrap_or_default() } else { value };
            text = text.replace(&format!("{{{name}}}"), &value);
        }
        text
    }

    fn filled(
        &self,
        language: Language,
        catalogue: &Catalogue,
    ) -> (&'static str, Vec<(&'static str, String)>) {
        let item = |sku: &SkuId| spoken(sku, language, catalogue);
        let unit = |sku: &SkuId| measure(sku, catalogue);
        let goods = |sku: &SkuId, qty: Qty| {
            vec![("item", item(sku)), ("qty", qty.to_string()), ("unit", unit(sku).to_owned())]
        };
        match self {
            Self::TakeTote => ("take_tote", vec![]),
            Self::Zone { zone } => ("zone", vec![("zone", zone.clone())]),
            Self::Bin { bin } => ("bin", bin_parts(bin)),
            Self::Take { sku, qty } => ("take", goods(sku, *qty)),
            Self::More { sku, done, open } => {
                let counts = [("done", done.to_string()), ("open", open.to_string())];
                ("more", counts.into_iter().chain([("unit", unit(sku).to_owned())]).collect())
            }
            Self::PutBack { sku, qty } => ("put_back", goods(sku, *qty)),
            Self::Recalled => ("recalled", vec![]),
            Self::ShortReason => ("short_reason", vec![]),
            Self::ConfirmShort { sku, qty } => ("confirm_short", goods(sku, *qty)),
            Self::ConfirmCount { sku, qty } => ("confirm_count", goods(sku, *qty)),
            Self::WalkFinished => ("walk_finished", vec![]),
            Self::ScanPart { sku, qty } => ("scan_part", goods(sku, *qty)),
            Self::Packaging { packaging } => {
                ("packaging", vec![("packaging", packaging_name(packaging, catalogue))])
            }
            Self::Weigh => ("weigh", vec![]),
            Self::LabelComing => ("label_coming", vec![]),
            Self::ReprintReason => ("reprint_reason", vec![]),
            Self::StickLabel => ("stick_label", vec![]),
            Self::LabelUnknown => ("label_unknown", vec![]),
            Self::ReturnGoods => ("return_goods", vec![]),
            Self::Packed => ("packed", vec![]),
            Self::ScanCage => ("scan_cage", vec![]),
            Self::ScanParcel { count } => ("scan_parcel", vec![("count", count.to_string())]),
            Self::Wrong { mistake, bin } => wrong(mistake, bin.as_ref(), language, catalogue),
        }
    }
}

fn wrong(
    mistake: &Mistake,
    bin: Option<&BinId>,
    language: Language,
    catalogue: &Catalogue,
) -> (&'static str, Vec<(&'static str, String)>) {
    let item = |sku: &SkuId| spoken(sku, language, catalogue);
    let bin = || bin.map(bin_parts).unwrap_or_default();
    match mistake {
        Mistake::UnknownCode { .. } => ("unknown_code", vec![]),
        Mistake::WrongBin { .. } => ("wrong_bin", bin()),
        Mistake::WrongCheckDigits { .. } => ("wrong_check_digits", bin()),
        Mistake::WrongItem { expected, got } => {
            ("wrong_item", vec![("got", item(got)), ("expected", item(expected))])
        }
        Mistake::OtherOrdersItem { expected, .. } => {
            ("other_orders_item", vec![("expected", item(expected))])
        }
        Mistake::OverScan { sku, want } => {
            ("over_scan", vec![("qty", want.to_string()), ("unit", measure(sku, catalogue).to_owned())])
        }
        Mistake::WrongLot { expected, .. } => {
            // The last four characters tell lots apart; nobody listens to ten.
            let lot = expected.first().map(|lot| lot.as_str()).unwrap_or_default();
            let tail = lot.char_indices().rev().nth(3).map_or(lot, |(at, _)| &lot[at..]);
            ("wrong_lot", vec![("expected", tail.to_owned())])
        }
        Mistake::WaybillHere { .. } => ("waybill_here", vec![]),
        Mistake::WrongTote { .. } => ("wrong_tote", vec![]),
        Mistake::WrongPackaging { expected, .. } => {
            ("wrong_packaging", vec![("expected", packaging_name(expected, catalogue))])
        }
        Mistake::TooLight { expected_g, got_g, .. } => {
            ("too_light", vec![("missing", (expected_g.0 - got_g.0).to_string())])
        }
        Mistake::TooHeavy { expected_g, got_g, .. } => {
            ("too_heavy", vec![("missing", (got_g.0 - expected_g.0).to_string())])
        }
        Mistake::WrongLabel { .. } => ("wrong_label", vec![]),
        Mistake::NotPacked { .. } => ("not_packed", vec![]),
        Mistake::WrongCarrier { got, .. } => ("wrong_carrier", vec![("got", got.to_string())]),
        Mistake::OrderWasCancelled { .. } => ("order_was_cancelled", vec![]),
        Mistake::NotANumber { .. } => ("not_a_number", vec![]),
        Mistake::NotNow { first } => ("not_now", vec![("first", first_key(*first).to_owned())]),
    }
}

fn first_key(first: First) -> &'static str {
    match first {
        First::SignOn => "first_sign_on",
        First::Tote => "first_tote",
        First::Bin => "first_bin",
        First::Items => "first_items",
        First::Reason => "first_reason",
        First::Answer => "first_answer",
        First::Packaging => "first_packaging",
        First::Weight => "first_weight",
        First::Label => "first_label",
        First::Cage => "first_cage",
        First::Nothing => "first_nothing",
    }
}

fn spoken(sku: &SkuId, language: Language, catalogue: &Catalogue) -> String {
    catalogue.sku(sku).map_or_else(
        || sku.to_string(),
        |known| match language {
            Language::Zh => known.spoken_zh.clone(),
            Language::En => known.spoken_en.clone(),
        },
    )
}

/// The Mandarin measure word: sacks are 袋, bottles 瓶, boxes 盒, pouches 包.
fn measure(sku: &SkuId, catalogue: &Catalogue) -> &'static str {
    match catalogue.sku(sku).map(|known| known.packaging_class.as_str()) {
        Some("sack") => "袋",
        Some("bottle") => "瓶",
        Some("box") => "盒",
        Some("pouch") => "包",
        _ => "件",
    }
}

fn packaging_name(id: &PackagingId, catalogue: &Catalogue) -> String {
    catalogue.packaging(id).map_or_else(|| id.to_string(), |known| known.name.clone())
}

fn bin_parts(bin: &BinId) -> Vec<(&'static str, String)> {
    let names = ["zone", "aisle", "bay", "level"];
    let parts = bin.as_str().split('-').map(|part| part.trim_start_matches('0').to_owned());
    names.into_iter().zip(parts).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_have_the_same_words_and_the_same_blanks() {
        let blanks = |text: &str| {
            let mut names: Vec<String> = text
                .split('{')
                .skip(1)
                .filter_map(|rest| rest.split('}').next())
                .map(str::to_owned)
                .collect();
            // English has no measure words.
            names.retain(|name| name != "unit");
            names.sort();
            names
        };
        assert!(!ZH.is_empty());
        assert_eq!(ZH.keys().collect::<Vec<_>>(), EN.keys().collect::<Vec<_>>());
        for (key, text) in ZH.iter() {
            assert_eq!(blanks(text), blanks(&EN[key]), "{key}");
        }
    }
}
