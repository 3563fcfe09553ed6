//! Addresses as people write them: which region, how sure, and why not.
//!
//! A line is read against the table of regions (GB/T 2260) in `assets/regions`. Only its head is a place: the
//! chain 浙江省 杭州市 余杭区, in whatever spelling; what follows is judged by whether a carrier would find the door.
//! A municipality is province and city in one; a county directly under a province (济源市) stands as the city,
//! without a district, as do cities that have none (东莞市). Towns are not checked: the table has none.

mod chain;
mod detail;
mod doubt;
mod glyph;
mod key;
mod names;
mod note;
mod numeral;
mod read;
mod reason;
mod spelling;
mod table;

pub use key::{door, key};
pub use reason::Reason;
pub use table::{Level, Region, Regions};

/// What an address is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A carrier finds the door.
    Ok,
    /// Something is missing or may mean several places.
    Vague,
    /// It contradicts itself.
    Conflict,
}

impl Verdict {
    /// The word for programs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Vague => "vague",
            Self::Conflict => "conflict",
        }
    }
}

/// What was read from an address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading<'a> {
    /// Full official form, or empty.
    pub province: &'static str,
    /// Full official form, or empty; a municipality's is its province's.
    pub city: &'static str,
    /// Full official form; empty too where the city has none.
    pub district: &'static str,
    /// The deepest region's code as in `Region::code`; 0 where none is sure.
    pub code: u32,
    /// Street, house and door as written, without regions and phones before and after them.
    pub rest: &'a str,
    /// What is wrong; nothing where the address is good.
    pub reason: Option<Reason>,
}

impl Reading<'_> {
    /// What the address is worth.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.reason.as_ref().map_or(Verdict::Ok, Reason::verdict)
    }

    /// A reading of what could not be read at all.
    #[must_use]
    pub fn unread(reason: Reason) -> Self {
        Self { reason: Some(reason), ..Self::default() }
    }
}
