//! The ground plan: where a bin stands and how far it is to walk between two of them.
//!
//! Two blocks: the aisles of a zone lie side by side, three cross aisles (front, middle, back) join them, zones lie
//! side by side in the order of their letters, and the depot is at the front of the first zone's first aisle.
//! Leaves out one-way aisles, the two sides of an aisle (a picker reaches both), and height (a bin on level 3 is
//! as far as the one under it). Measures are whole millimetres of a usual shelf hall, the same for every warehouse.

use liangcang_domain::unit::Mm;
use liangcang_domain::warehouse::Bin;
use std::collections::BTreeMap;

/// From the middle of an aisle to the middle of the next: two half shelves and the aisle between.
const AISLE_PITCH_MM: i64 = 3_000;
/// Width of one bay along the aisle.
const BAY_MM: i64 = 1_200;
/// Width of a cross aisle.
const CROSS_MM: i64 = 2_400;

/// Where somebody stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Spot {
    x_mm: i64,
    y_mm: i64,
}

/// The ground plan of one warehouse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// Where each zone's first aisle is, counted in aisles from the depot.
    first_aisle: BTreeMap<String, i64>,
    /// All aisles of all zones.
    aisles: i64,
    /// Bays of the longest aisle; all aisles are drawn as long.
    bays: i64,
}

impl Layout {
    /// The ground plan that holds all these bins. O(bins).
    #[must_use]
    pub fn of<'a>(bins: impl IntoIterator<Item = &'a Bin>) -> Self {
        let mut widths = BTreeMap::<String, i64>::new();
        let mut bays = 0;
        for bin in bins {
            let width = widths.entry(bin.zone.clone()).or_default();
            *width = (*width).max(i64::from(bin.aisle));
            bays = bays.max(i64::from(bin.bay));
        }
        let mut aisles = 0;
        let mut first_aisle = BTreeMap::new();
        for (zone, width) in widths {
            first_aisle.insert(zone, aisles);
            aisles += width;
        }
        Self { first_aisle, aisles, bays }
    }

    /// How far it is to walk between two bins. O(log zones).
    #[must_use]
    pub fn between(&self, one: &Bin, other: &Bin) -> Mm {
        Mm(self.walk_mm(self.spot(one), self.spot(other)))
    }

    /// How far it is from the depot. O(log zones).
    #[must_use]
    pub fn from_depot(&self, bin: &Bin) -> Mm {
        Mm(self.walk_mm(self.depot(), self.spot(bin)))
    }

    /// Where one stands before a bin. A zone the plan does not know lies behind the last one it does.
    pub(crate) fn spot(&self, bin: &Bin) -> Spot {
        let first = self.first_aisle.get(&bin.zone).copied().unwrap_or(self.aisles);
        let aisle = first + i64::from(bin.aisle.max(1)) - 1;
        let bay = i64::from(bin.bay.max(1));
        let crossed = if self.is_behind_middle(bin) { 2 } else { 1 };
        Spot { x_mm: aisle * AISLE_PITCH_MM, y_mm: CROSS_MM * crossed + BAY_MM * (bay - 1) + BAY_MM / 2 }
    }

    pub(crate) fn depot(&self) -> Spot {
        Spot { x_mm: 0, y_mm: CROSS_MM / 2 }
    }

    /// Whether a bin is in the block behind the middle cross aisle.
    pub(crate) fn is_behind_middle(&self, bin: &Bin) -> bool {
        i64::from(bin.bay) > self.front_bays()
    }

    fn front_bays(&self) -> i64 {
        (self.bays + 1) / 2
    }

    /// Straight along one aisle, else by the best of the three cross aisles.
    pub(crate) fn walk_mm(&self, from: Spot, to: Spot) -> i64 {
        let across = (from.x_mm - to.x_mm).abs();
        if across == 0 {
            return (from.y_mm - to.y_mm).abs();
        }
        let front = CROSS_MM / 2;
        let middle = front + CROSS_MM + BAY_MM * self.front_bays();
        let back = 2 * CROSS_MM + CROSS_MM / 2 + BAY_MM * self.bays;
        let along = |cross: i64| (from.y_mm - cross).abs() + (to.y_mm - cross).abs();
        across + along(front).min(along(middle)).min(along(back))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(zone: &str, aisle: u32, bay: u32, level: u32) -> Bin {
        let id = format!("{zone}-{aisle:02}-{bay:02}-{level}").into();
        Bin { id, zone: zone.into(), aisle, bay, level, check_digits: String::new() }
    }

    fn hall() -> Layout {
        let bins: Vec<Bin> = (1..=4)
            .flat_map(|aisle| {
                (1..=10).flat_map(move |bay| [bin("A", aisle, bay, 1), bin("B", aisle, bay, 1)])
            })
            .collect();
        Layout::of(&bins)
    }

    #[test]
    fn along_one_aisle_only_the_bays_count_and_the_middle_aisle_between_the_blocks() {
        let hall = hall();
        assert_eq!(hall.between(&bin("A", 1, 2, 1), &bin("A", 1, 5, 3)), Mm(3 * BAY_MM));
        assert_eq!(hall.between(&bin("A", 1, 5, 1), &bin("A", 1, 6, 1)), Mm(BAY_MM + CROSS_MM));
    }

    #[test]
    fn the_nearest_of_three_cross_aisles_is_taken() {
        let hall = hall();
        let last_of_front = hall.between(&bin("A", 1, 5, 1), &bin("A", 2, 5, 1));
        assert_eq!(last_of_front, Mm(AISLE_PITCH_MM + BAY_MM + CROSS_MM), "by the middle, not by the front");
        assert_eq!(hall.between(&bin("A", 1, 10, 1), &bin("A", 2, 10, 1)), last_of_front, "by the back");
        assert_eq!(hall.between(&bin("A", 1, 1, 1), &bin("A", 2, 1, 1)), last_of_front, "by the front");
    }

    #[test]
    fn zones_lie_side_by_side_and_the_depot_is_at_the_first() {
        let hall = hall();
        let to_b = hall.from_depot(&bin("B", 1, 1, 1)) - hall.from_depot(&bin("A", 1, 1, 1));
        assert_eq!(to_b, Mm(4 * AISLE_PITCH_MM));
    }
}
