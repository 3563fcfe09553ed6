//! What a scanned code is, before anyone acts on it.
//!
//! One label may carry several codes, one product several barcodes, and a waybill looks much like a number on a
//! box: so every scan is classified first, and a task says what it does with each class. Own codes carry a prefix;
//! foreign ones are told by their check digit or by GS1's application identifiers. Which SKU a GTIN stands for is
//! the catalogue's business.

use crate::id::{BinId, CageId, LotId, OperatorId, OrderNo, PackagingId, SkuId, ToteId, WaybillNo};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A scan, classified.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "class", content = "value", rename_all = "snake_case")]
pub enum Code {
    /// A bin's label.
    Bin(BinId),
    /// A tote's label.
    Tote(ToteId),
    /// A cage's label.
    Cage(CageId),
    /// An order slip.
    Order(OrderNo),
    /// A badge.
    Operator(OperatorId),
    /// Packaging material.
    Packaging(PackagingId),
    /// A command barcode.
    Command(Action),
    /// An item by our own code.
    Item(SkuId),
    /// An item by a GTIN, perhaps with lot and expiry.
    Gtin {
        /// 8 to 14 digits, leading zeros of GS1's 14-digit form taken off down to 13.
        gtin: String,
        /// AI (10).
        lot: Option<LotId>,
        /// AI (17) as `YYMMDD`.
        expiry: Option<String>,
    },
    /// A waybill number.
    Waybill(WaybillNo),
    /// None of these.
    Unknown(String),
}

/// What a person may press, scan as a command, or say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Action {
    /// Go on; yes.
    Confirm,
    /// Take back the last thing I did.
    Undo,
    /// Print the label (again: that is `Reprint`).
    Print,
    /// Print once more: the first label is spoilt or missing.
    Reprint,
    /// Not enough here.
    Short,
    /// The code cannot be read: confirm by hand, recorded without stigma.
    Unreadable,
    /// The next one; close.
    Next,
    /// Come back to this later.
    Skip,
    /// Stop listening until told to go on.
    Pause,
    /// Say it again.
    Repeat,
    /// What can I do here?
    Help,
    /// Leave the task, to be resumed.
    Leave,
}

const ACTIONS: [(&str, Action); 12] = [
    ("CONFIRM", Action::Confirm),
    ("UNDO", Action::Undo),
    ("PRINT", Action::Print),
    ("REPRINT", Action::Reprint),
    ("SHORT", Action::Short),
    ("UNREADABLE", Action::Unreadable),
    ("NEXT", Action::Next),
    ("SKIP", Action::Skip),
    ("PAUSE", Action::Pause),
    ("REPEAT", Action::Repeat),
    ("HELP", Action::Help),
    ("LEAVE", Action::Leave),
];

impl Action {
    /// The command barcode that stands for it.
    #[must_use]
    pub fn barcode(self) -> String {
        let word = ACTIONS.iter().find(|(_, action)| *action == self).map_or("", |(word, _)| word);
        format!("CMD-{word}")
    }
}

impl Code {
    /// Classifies the text of one scan, without AIM prefix. Linear in its length; total.
    #[must_use]
    pub fn classify(text: &str) -> Self {
        own(text).or_else(|| gs1(text)).or_else(|| waybill(text)).or_else(|| gtin(text)).unwrap_or_else(
            || {
                let shown: String = text.chars().filter(|c| !c.is_control()).take(64).collect();
                Self::Unknown(shown)
            },
        )
    }
}

fn own(text: &str) -> Option<Code> {
    let (prefix, rest) = text.split_once('-')?;
    let plain = !rest.is_empty()
        && rest.len() <= 40
        && rest.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_' || c == '.');
    if !plain {
        return None;
    }
    Some(match prefix {
        "BIN" => Code::Bin(rest.into()),
        "TOTE" => Code::Tote(text.into()),
        "CAGE" => Code::Cage(text.into()),
        "ORD" => Code::Order(rest.into()),
        "OP" => Code::Operator(rest.into()),
        "PKG" => Code::Packaging(rest.into()),
        "SKU" => Code::Item(rest.into()),
        "CMD" => Code::Command(ACTIONS.iter().find(|(word, _)| *word == rest)?.1),
        _ => return None,
    })
}

/// Group separator, which ends a variable field.
const GS: char = '\u{1d}';

/// GS1 element strings that name an item: (01), then (17) (11) (15) (10) in any order. Others end the reading.
fn gs1(text: &str) -> Option<Code> {
    let mut rest = text.strip_prefix(GS).unwrap_or(text).strip_prefix("01")?;
    let whole = take_digits(&mut rest, 14)?;
    if !has_check_digit(whole) {
        return None;
    }
    let (mut lot, mut expiry) = (None, None);
    while !rest.is_empty() {
        rest = rest.strip_prefix(GS).unwrap_or(rest);
        if let Some(after) = rest.strip_prefix("10") {
            let end = after.find(GS).unwrap_or(after.len());
            if end == 0 || end > 20 {
                return None;
            }
            lot = Some(LotId::from(&after[..end]));
            rest = &after[end..];
        } else if let Some(after) = rest.strip_prefix("17") {
            rest = after;
            expiry = Some(take_digits(&mut rest, 6)?.to_owned());
        } else if let Some(after) = rest.strip_prefix("11").or_else(|| rest.strip_prefix("15")) {
            rest = after;
            take_digits(&mut rest, 6)?;
        } else {
            break;
        }
    }
    Some(Code::Gtin { gtin: whole.strip_prefix('0').unwrap_or(whole).to_owned(), lot, expiry })
}

fn take_digits<'a>(rest: &mut &'a str, count: usize) -> Option<&'a str> {
    let (head, tail) = rest.split_at_checked(count)?;
    *rest = tail;
    head.bytes().all(|b| b.is_ascii_digit()).then_some(head)
}

/// SF's `SF` + 13 digits; ZTO's 12 to 15 digits that begin with 7 (a 13-digit GTIN never does: 7xx are Nordic
/// and Latin American prefixes that no grain brand of this trade uses, and a catalogue barcode is looked up first).
fn waybill(text: &str) -> Option<Code> {
    let digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    let sf = text.strip_prefix("SF").is_some_and(|rest| rest.len() == 13 && digits(rest));
    let zto = text.starts_with('7') && (12..=15).contains(&text.len()) && digits(text);
    (sf || zto).then(|| Code::Waybill(text.into()))
}

fn gtin(text: &str) -> Option<Code> {
    let right = matches!(text.len(), 8 | 12 | 13 | 14) && text.bytes().all(|b| b.is_ascii_digit());
    (right && has_check_digit(text)).then(|| Code::Gtin { gtin: text.to_owned(), lot: None, expiry: None })
}

/// GS1 modulo-10 check over digits, weights 3 and 1 from the right.
fn has_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, b)| u32::from(b - b'0') * if i % 2 == 1 { 3 } else { 1 })
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(code: &Code) -> String {
        match code {
            Code::Gtin { gtin, lot, expiry } => {
                let lot = lot.as_ref().map(|l| format!(" lot {l}")).unwrap_or_default();
                let expiry = expiry.as_ref().map(|e| format!(" exp {e}")).unwrap_or_default();
                format!("gtin {gtin}{lot}{expiry}")
            }
            Code::Bin(x) => format!("bin {x}"),
            Code::Tote(x) => format!("tote {x}"),
            Code::Cage(x) => format!("cage {x}"),
            Code::Order(x) => format!("order {x}"),
            Code::Operator(x) => format!("operator {x}"),
            Code::Packaging(x) => format!("packaging {x}"),
            Code::Command(x) => format!("command {x:?}"),
            Code::Item(x) => format!("item {x}"),
            Code::Waybill(x) => format!("waybill {x}"),
            Code::Unknown(x) => format!("unknown {x}"),
        }
    }

    #[test]
    fn every_code_is_classified_before_it_acts() {
        let table = "
            BIN-A-03-02-1                           = bin A-03-02-1
            TOTE-0001                               = tote TOTE-0001
            CAGE-SF-01                              = cage CAGE-SF-01
            ORD-6917926768823643751                 = order 6917926768823643751
            OP-li                                   = operator li
            PKG-BOX-M                               = packaging BOX-M
            CMD-CONFIRM                             = command Confirm
            CMD-DANCE                               = unknown CMD-DANCE
            SKU-RICE5                               = item RICE5
            SKU-                                    = unknown SKU-
            6901234567892                           = gtin 6901234567892
            6901234567893                           = unknown 6901234567893
            SF1300000000017                         = waybill SF1300000000017
            73100196611386                          = waybill 73100196611386
            01069012345678921727100310L20261003A    = gtin 6901234567892 lot L20261003A exp 271003
            010690123456789210L20261003A<GS>17271003 = gtin 6901234567892 lot L20261003A exp 271003
            010690123456789310L1                    = unknown 010690123456789310L1
        ";
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (text, want) = line.split_once(" = ").unwrap_or_default();
            let text = text.trim().replace("<GS>", "\u{1d}");
            assert_eq!(shown(&Code::classify(&text)), want, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_makes_the_classifier_panic(text in ".{0,80}") {
            let _ = Code::classify(&text);
        }
    }
}
