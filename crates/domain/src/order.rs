//! An order as the warehouse gets it, and where it stands.
//!
//! Money, coupons and the buyer's history stay at the server. Personal fields are in `Receiver`, whose `Debug`
//! prints none of them.

use crate::id::{CarrierId, OrderNo, SkuId, WarehouseId, WaybillNo};
use crate::unit::{EpochMs, Qty};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use ts_rs::TS;

/// To whom it goes. Personal data: sealed at rest, masked on screens, absent from logs.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receiver {
    /// Full name.
    pub name: String,
    /// Phone.
    pub phone: String,
    /// Province as in the region table.
    pub province: String,
    /// City.
    pub city: String,
    /// District or county.
    pub district: String,
    /// Street, house, door.
    pub detail: String,
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Receiver({} {} …)", self.province, self.city)
    }
}

/// One line: a SKU or a bundle, as sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// SKU or bundle code.
    pub code: String,
    /// Name as sold.
    pub title: String,
    /// How many of it.
    pub qty: Qty,
    /// The line exploded: what is fetched for it, for all `qty` together.
    pub parts: Vec<(SkuId, Qty)>,
}

/// An order routed to a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// Channel it was sold on (`douyin`).
    pub channel: String,
    /// Its number there.
    pub no: OrderNo,
    /// Where it is packed.
    pub warehouse: WarehouseId,
    /// Who carries it.
    pub carrier: CarrierId,
    /// The waybill number, fetched ahead, so that a bench prints with no internet.
    pub waybill_no: WaybillNo,
    /// The carrier's sorting code, printed largest, verbatim.
    pub route_code: String,
    /// Where the carrier consolidates it.
    pub consolidation: String,
    /// To whom.
    pub receiver: Receiver,
    /// What was sold.
    pub lines: Vec<OrderLine>,
    /// Paid at.
    pub paid_at: EpochMs,
    /// Must have left by.
    pub ship_by: EpochMs,
    /// Why it was routed here, in a word the office can read.
    pub routed_because: String,
}

impl Order {
    /// Units to fetch, per SKU, over all lines.
    #[must_use]
    pub fn demand(&self) -> BTreeMap<SkuId, Qty> {
        let mut demand = BTreeMap::new();
        for (sku, qty) in self.lines.iter().flat_map(|line| &line.parts) {
            *demand.entry(sku.clone()).or_insert(Qty::ZERO) += *qty;
        }
        demand
    }

    /// Single-unit, one SKU many, or mixed: which bench rhythm it wants.
    #[must_use]
    pub fn profile(&self) -> ParcelProfile {
        let demand = self.demand();
        match (demand.len(), demand.values().copied().sum::<Qty>()) {
            (1, Qty::ONE) => ParcelProfile::OneOfOne,
            (1, _) => ParcelProfile::OneSkuMany,
            _ => ParcelProfile::Mixed,
        }
    }
}

/// 单品单数 / 单品多数 / 多品混包.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ParcelProfile {
    /// One unit.
    OneOfOne,
    /// Several units of one SKU.
    OneSkuMany,
    /// Several SKUs.
    Mixed,
}

/// Where an order stands in its warehouse. Exactly one at a time; `audit` recounts it from the facts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum OrderState {
    /// Here, not yet in a wave.
    Ready,
    /// In a wave, nobody fetches it yet.
    Released,
    /// A picker is under way.
    Picking,
    /// All its goods are in a tote.
    Picked,
    /// On a bench.
    Packing,
    /// Sealed, its label scanned back.
    Packed,
    /// With the carrier.
    HandedOver,
    /// Some of its goods were not there; waits for stock or a decision.
    Short,
    /// Cancelled before it left.
    Cancelled,
}

impl OrderState {
    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Released => "released",
            Self::Picking => "picking",
            Self::Picked => "picked",
            Self::Packing => "packing",
            Self::Packed => "packed",
            Self::HandedOver => "handed_over",
            Self::Short => "short",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state a word in the store stands for.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        const ALL: [OrderState; 9] = [
            OrderState::Ready,
            OrderState::Released,
            OrderState::Picking,
            OrderState::Picked,
            OrderState::Packing,
            OrderState::Packed,
            OrderState::HandedOver,
            OrderState::Short,
            OrderState::Cancelled,
        ];
        ALL.into_iter().find(|state| state.as_str() == word)
    }
}
