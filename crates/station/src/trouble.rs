//! What is wrong with the replica or its disk, as a code and in words for the floor.
//!
//! Read from what SQLite says; a fault it has no code for is shown in the system's own words.

use liangcang_domain::say::Language;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is wrong with the replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Trouble {
    /// No room: nothing is stored until there is some.
    DiskFull,
    /// The disk or the file takes no writing.
    ReadOnly,
    /// The file is damaged; the next start puts a sound one in its place.
    Damaged,
    /// A new file fetches what the old one held: the floor waits.
    Rebuilding,
    /// Facts that could be read nowhere: what they told must be looked at on the floor.
    FactsLost,
}

impl Trouble {
    /// What SQLite's code in this error text stands for.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let (_, rest) = text.split_once("(code: ")?;
        let code: u32 = rest.split_once(')')?.0.parse().ok()?;
        // The low byte is the kind, what is above it the occasion.
        match code & 0xff {
            8 => Some(Self::ReadOnly),
            11 | 26 => Some(Self::Damaged),
            13 => Some(Self::DiskFull),
            _ => None,
        }
    }

    /// What is wrong, and what to do now.
    #[must_use]
    pub fn words(self, language: Language) -> &'static str {
        match (self, language) {
            (Self::DiskFull, Language::Zh) => "磁盘满了。清出空间，就自动接着做",
            (Self::DiskFull, Language::En) => "The disk is full. Make room; work goes on by itself",
            (Self::ReadOnly, Language::Zh) => "磁盘不能写入。能写了，就自动接着做",
            (Self::ReadOnly, Language::En) => {
                "The disk cannot be written to. Once it can, work goes on by itself"
            }
            (Self::Damaged, Language::Zh) => "数据文件坏了。做完手上的，关掉程序再打开，会自动修复",
            (Self::Damaged, Language::En) => {
                "The data file is damaged. Finish what is in hand, close the program and open it again: it repairs itself"
            }
            (Self::Rebuilding, Language::Zh) => "数据文件换了新的，正在从服务器取回。取回之前请等",
            (Self::Rebuilding, Language::En) => {
                "The data file is a new one and is being filled from the server. Wait until it is"
            }
            (Self::FactsLost, Language::Zh) => "有些记录读不出来了。请组长对照货物检查",
            (Self::FactsLost, Language::En) => {
                "Some records could not be read. Have a lead check the goods against them"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_known_by_its_code_whatever_it_happened_at() {
        for (text, trouble) in [
            ("storing facts: (code: 13) database or disk is full", Some(Trouble::DiskFull)),
            ("(code: 1544) attempt to write a readonly database", Some(Trouble::ReadOnly)),
            ("a: b: (code: 267) database disk image is malformed", Some(Trouble::Damaged)),
            ("(code: 26) file is not a database", Some(Trouble::Damaged)),
            ("(code: 5) database is locked", None),
            ("disk full", None),
        ] {
            assert_eq!(Trouble::of(text), trouble, "{text}");
        }
    }
}
