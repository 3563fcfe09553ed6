//! Identities as types, so that a bin never stands where a tote is meant.
//!
//! Each is the text a person can read on the thing itself. What may be inside is checked where it enters
//! (`code`, the file readers); here they are only kept apart.

use serde::{Deserialize, Serialize};
use std::fmt;
use ts_rs::TS;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
        #[serde(transparent)]
        #[ts(export)]
        pub struct $name(pub String);

        impl $name {
            /// The text as it stands on the thing.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.to_owned())
            }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text)
            }
        }
    )*};
}

id! {
    /// A stock-keeping unit, the smallest thing with a price of its own (`RICE5`).
    SkuId;
    /// A selling bundle (`GIFT-A`).
    BundleId;
    /// A lot of goods made together (`L20261003A`).
    LotId;
    /// A bin, `zone-aisle-bay-level` (`A-03-02-1`).
    BinId;
    /// A tote a picker fills.
    ToteId;
    /// A cage parcels leave the building in.
    CageId;
    /// A warehouse (`SH`).
    WarehouseId;
    /// An order, by the number its channel gave it.
    OrderNo;
    /// A group of orders released together.
    WaveId;
    /// A walk: the part of a wave one person fetches in one go.
    WalkId;
    /// A hand-over to a carrier.
    ManifestId;
    /// A carrier (`ZTO`).
    CarrierId;
    /// A waybill number, as the carrier prints it.
    WaybillNo;
    /// One print of one label; a reprint is another.
    PrintId;
    /// Packaging material (`BOX-M`).
    PackagingId;
    /// A person who works.
    OperatorId;
    /// A workstation.
    StationId;
    /// One physical gesture; a retry carries the same id.
    GestureId;
}
