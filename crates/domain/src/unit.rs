//! Quantities as types: integers with a stated scale, never floats.
//!
//! Arithmetic saturates nowhere and wraps nowhere silently: sums that could overflow do not occur at the sizes
//! the edges let in (a file's quantity is at most 9,999, a weight at most 1,000 kg).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};
use ts_rs::TS;

macro_rules! unit {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(export)]
        pub struct $name(pub $inner);

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::default(), |total, item| total + item)
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

unit! {
    /// A count of units of one SKU. Signed, because a ledger has two sides.
    Qty(i64);
    /// A weight in grams.
    Grams(i64);
    /// A sum of money in fen (1/100 yuan).
    Fen(i64);
    /// A moment: milliseconds since 1970-01-01 UTC.
    EpochMs(i64);
    /// A length in millimetres.
    Mm(i64);
}

impl Qty {
    /// None of it.
    pub const ZERO: Self = Self(0);
    /// One unit.
    pub const ONE: Self = Self(1);

    /// The weight of so many units of the given weight.
    #[must_use]
    pub fn weigh(self, each: Grams) -> Grams {
        Grams(self.0 * each.0)
    }
}

impl Grams {
    /// Kilograms with two decimals, cut, for labels and sheets (`12.40`).
    #[must_use]
    pub fn as_kg_text(self) -> String {
        format!("{}.{:02}", self.0 / 1000, (self.0 % 1000) / 10)
    }
}
