//! The building: zones, aisles, bins with their check digits, carriers with their cut-offs.
//!
//! The geometry is a two-block layout: aisles side by side, one cross aisle in the middle of their bays. What lies
//! in a bin is the stock ledger's; in which order bins are visited is the planner's.

use crate::id::{BinId, CarrierId, WarehouseId};
use crate::unit::EpochMs;
use serde::{Deserialize, Serialize};

/// A place goods lie in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Bin {
    /// `zone-aisle-bay-level`.
    pub id: BinId,
    /// Zone letter, said first.
    pub zone: String,
    /// Aisle (排), counted in the zone.
    pub aisle: u32,
    /// Bay (列), counted along the aisle from the depot side.
    pub bay: u32,
    /// Level (层), 1 = floor.
    pub level: u32,
    /// Two digits a picker reads aloud to prove where they stand.
    pub check_digits: String,
}

/// A warehouse of the company.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warehouse {
    /// Its id (`SH`).
    pub id: WarehouseId,
    /// Its name (`上海仓`).
    pub name: String,
    /// Sender's name, phone and address on the label.
    pub sender: Sender,
    /// Provinces it serves first, as written in the region table (`上海`, `江苏`).
    pub provinces: Vec<String>,
}

/// Who sends the parcel, as printed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sender {
    /// Shop or company.
    pub name: String,
    /// A service line, not a person's phone.
    pub phone: String,
    /// The warehouse's address.
    pub address: String,
}

/// A carrier and when it fetches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Carrier {
    /// Its id (`ZTO`).
    pub id: CarrierId,
    /// Its name (`中通快递`).
    pub name: String,
    /// Product printed beside the name (`标准快递`).
    pub service: String,
    /// Minutes after local midnight (UTC+8) when the truck leaves: the cut-off.
    pub cutoff_minute: u32,
    /// Provinces it is chosen for first; empty means all that nobody else wants.
    pub provinces: Vec<String>,
}

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;
/// China has one time zone and no summer time.
const CHINA_OFFSET_MS: i64 = 8 * 60 * MINUTE_MS;

impl Carrier {
    /// The next cut-off at or after `now`.
    #[must_use]
    pub fn next_cutoff(&self, now: EpochMs) -> EpochMs {
        let local = now.0 + CHINA_OFFSET_MS;
        let midnight = local - local.rem_euclid(DAY_MS);
        let today = midnight + i64::from(self.cutoff_minute) * MINUTE_MS;
        let next = if today >= local { today } else { today + DAY_MS };
        EpochMs(next - CHINA_OFFSET_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn carrier(cutoff_minute: u32) -> Carrier {
        Carrier {
            id: "ZTO".into(),
            name: "中通".into(),
            service: String::new(),
            cutoff_minute,
            provinces: vec![],
        }
    }

    #[test]
    fn a_cutoff_that_has_passed_is_tomorrows() {
        // 2026-11-23 16:59:59 and 17:00:01, China standard time.
        let five = carrier(17 * 60);
        let cutoff = EpochMs(1_795_424_400_000);
        assert_eq!(five.next_cutoff(EpochMs(cutoff.0 - 1000)), cutoff);
        assert_eq!(five.next_cutoff(cutoff), cutoff);
        assert_eq!(five.next_cutoff(EpochMs(cutoff.0 + 1000)), EpochMs(cutoff.0 + DAY_MS));
    }
}
