//! What can be wrong with a company's files: a closed list, each told with its file and row.

use std::fmt;

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueFault {
    /// In which file.
    pub file: &'static str,
    /// In which row, as a spreadsheet numbers it; `None` for the file as a whole.
    pub row: Option<u32>,
    /// What is wrong.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The file is absent, not text, or not laid out as it must be.
    Unreadable(String),
    /// Something that must be there is empty; its column is named.
    Empty(&'static str),
    /// A code with signs that cannot stand in a barcode, or that is too long.
    MalformedCode(String),
    /// The same thing a second time.
    Twice(String),
    /// Less than what is possible; its column is named.
    TooSmall(&'static str),
    /// More than what is possible; its column is named.
    TooLarge(&'static str),
    /// A barcode of 8, 12, 13 or 14 digits whose check digit is wrong.
    WrongCheckDigit(String),
    /// A barcode that already belongs to another SKU.
    BarcodeTaken {
        /// The barcode.
        barcode: String,
        /// Whose it is.
        owner: String,
    },
    /// A word of a closed list is expected.
    UnknownWord {
        /// Which column.
        column: &'static str,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// Names a SKU that is not in the catalogue.
    UnknownSku(String),
    /// Names a warehouse that is not in `company.toml`.
    UnknownWarehouse(String),
    /// Names a carrier that is not in `company.toml`.
    UnknownCarrier(String),
    /// Names a bin that is not in `bins.csv`.
    UnknownBin(String),
    /// A component is not written as `SKU*quantity`.
    MalformedComponent(String),
    /// A bundle with a SKU's code: an order line could mean either.
    BundleIsSku(String),
    /// A bin's name does not say its zone, aisle, bay and level.
    BinNameDiffers {
        /// What it should be.
        expected: String,
    },
    /// Check digits are not two digits.
    MalformedCheckDigits(String),
    /// Check digits that sound like those of a bin beside it.
    CheckDigitsConfusable {
        /// The bin beside it.
        neighbour: String,
    },
    /// Not a date as 2026-10-03.
    NotADate(String),
    /// Expires before it was made.
    ExpiresBeforeMade,
    /// The same lot with other goods or dates.
    LotDiffers(String),
    /// Not a range of numbers: prefixes or lengths differ, or it ends before it begins.
    MalformedRange,
    /// Shares numbers with a range above.
    RangesOverlap,
    /// A province with its kind (`江苏省`): written without it everywhere here.
    ProvinceWithKind(String),
    /// Not a time of day as 17:00.
    NotATimeOfDay(String),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(why) => write!(f, "cannot be read: {why}"),
            Self::Empty(column) => write!(f, "{column} must not be empty"),
            Self::MalformedCode(code) => write!(f, "\"{code}\": a code has 1 to 40 of A-Z a-z 0-9 - _ ."),
            Self::Twice(what) => write!(f, "{what} is there twice"),
            Self::TooSmall(column) => write!(f, "{column} is too small"),
            Self::TooLarge(column) => write!(f, "{column} is too large"),
            Self::WrongCheckDigit(barcode) => write!(f, "the check digit of barcode {barcode} is wrong"),
            Self::BarcodeTaken { barcode, owner } => {
                write!(f, "barcode {barcode} already belongs to {owner}")
            }
            Self::UnknownWord { column, found, allowed } => {
                write!(f, "{column} is \"{found}\", it must be one of {allowed}")
            }
            Self::UnknownSku(sku) => write!(f, "there is no SKU {sku} in catalogue.csv"),
            Self::UnknownWarehouse(warehouse) => {
                write!(f, "there is no warehouse {warehouse} in company.toml")
            }
            Self::UnknownCarrier(carrier) => write!(f, "there is no carrier {carrier} in company.toml"),
            Self::UnknownBin(bin) => write!(f, "there is no bin {bin} of this warehouse in bins.csv"),
            Self::MalformedComponent(part) => write!(f, "\"{part}\" is not written as SKU*quantity"),
            Self::BundleIsSku(code) => write!(f, "{code} is a SKU's code already"),
            Self::BinNameDiffers { expected } => {
                write!(f, "by its zone, aisle, bay and level it is {expected}")
            }
            Self::MalformedCheckDigits(digits) => write!(f, "check digits \"{digits}\" are not two digits"),
            Self::CheckDigitsConfusable { neighbour } => {
                write!(
                    f,
                    "its check digits sound like those of {neighbour} beside it (1/7 and 6/9 count as equal)"
                )
            }
            Self::NotADate(text) => write!(f, "\"{text}\" is not a date as 2026-10-03"),
            Self::ExpiresBeforeMade => f.write_str("it expires before it was made"),
            Self::LotDiffers(lot) => write!(f, "lot {lot} stands above with other goods or dates"),
            Self::MalformedRange => f.write_str("first and last are not two numbers of one range"),
            Self::RangesOverlap => f.write_str("shares numbers with a range above"),
            Self::ProvinceWithKind(name) => write!(f, "write {name} without 省, 市 or 自治区"),
            Self::NotATimeOfDay(text) => write!(f, "\"{text}\" is not a time of day as 17:00"),
        }
    }
}

impl fmt::Display for CatalogueFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.row {
            Some(row) => write!(f, "{} row {row}: {}", self.file, self.reason),
            None => write!(f, "{}: {}", self.file, self.reason),
        }
    }
}

impl std::error::Error for CatalogueFault {}

/// Collects the faults of all files.
#[derive(Default)]
pub(super) struct Faults(Vec<CatalogueFault>);

impl Faults {
    pub(super) fn add(&mut self, file: &'static str, row: impl Into<Option<u32>>, reason: Reason) {
        self.0.push(CatalogueFault { file, row: row.into(), reason });
    }

    pub(super) fn none_or_all(self) -> Result<(), Vec<CatalogueFault>> {
        if self.0.is_empty() { Ok(()) } else { Err(self.0) }
    }
}
