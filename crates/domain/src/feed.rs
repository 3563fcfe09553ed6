//! The feed: what a warehouse learns from the server, in order.
//!
//! Written by the server alone; a station reads it into its replica. A fresh replica starts from a snapshot, which
//! is the same entries for everything that still matters. Variants and fields are only added.

#![expect(missing_docs, reason = "the one field of an entry is what the entry is about")]

use crate::catalogue::{Bundle, Packaging, Sku};
use crate::fact::Goods;
use crate::id::BinId;
use crate::id::{CageId, LotId, OperatorId, OrderNo, ToteId};
use crate::order::Order;
use crate::warehouse::{Bin, Carrier, Warehouse};
use serde::{Deserialize, Serialize};

/// A person who works at a station.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Operator {
    /// Id, also on the badge behind `OP-`.
    pub id: OperatorId,
    /// Name as shown.
    pub name: String,
    /// Whether they may let a parcel pass the weight gate and close a shift.
    pub lead: bool,
}

/// A lot and its dates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lot {
    /// Its number, as printed on the goods.
    pub id: LotId,
    /// Of which SKU.
    pub sku: crate::id::SkuId,
    /// `YYYY-MM-DD`.
    pub mfg_date: String,
    /// `YYYY-MM-DD`; FEFO sorts by it.
    pub expiry: String,
}

/// One entry of a warehouse's feed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "entry", rename_all = "snake_case")]
pub enum FeedEntry {
    /// The warehouse itself.
    Warehouse { warehouse: Warehouse },
    /// A carrier that fetches here.
    Carrier { carrier: Carrier },
    /// A SKU, new or changed.
    Sku { sku: Sku },
    /// A bundle, new or changed.
    Bundle { bundle: Bundle },
    /// Packaging material.
    Packaging { packaging: Packaging },
    /// A person.
    Operator { operator: Operator },
    /// A tote.
    Tote { tote: ToteId },
    /// A cage.
    Cage { cage: CageId },
    /// A bin.
    Bin { bin: Bin },
    /// A lot.
    Lot { lot: Lot },
    /// Stock that lay here when the system began; the warehouse records it as received, once.
    Opening { goods: Goods, bin: BinId },
    /// An order to pack here.
    Order { order: Box<Order> },
    /// An order its channel cancelled.
    Cancelled { order: OrderNo, reason: String },
}
