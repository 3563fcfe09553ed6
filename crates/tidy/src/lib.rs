//! The house rules as tests: who may know whom, licences, lengths, headers, words, and papers that do not lie.
//!
//! Each rule is a pure function from what was read to a list of faults, with its own tests that plant one;
//! `tests/house.rs` runs them all on the repository. What the compiler, clippy, rustfmt and oxlint already
//! say is left to them, and the freshness of generated bindings to `scripts/check-bindings.sh`.

use std::fmt;
use std::path::PathBuf;

pub mod dependencies;
pub mod graph;
pub mod header;
pub mod length;
pub mod licences;
pub mod outline;
pub mod papers;
pub mod places;
pub mod tree;
pub mod walls;
pub mod words;

/// One breach of a house rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// A path in the repository, with `:line` where there is one, or the name of a crate.
    pub place: String,
    /// What is wrong and what to do about it, in one sentence.
    pub what: String,
}

impl Fault {
    /// A fault at a place that has no line.
    pub fn new(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self { place: place.into(), what: what.into() }
    }

    /// A fault at a line, counted from one.
    pub fn at(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self::new(format!("{path}:{line}"), what)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// The root of the repository this crate was built in.
pub fn repository() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}
