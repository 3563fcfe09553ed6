//! What a campaign has left while a group of its orders is decided: read once in its turn, counted down in memory,
//! and written back as sums. Nothing here waits or fails.

use std::collections::{BTreeMap, HashMap};

use liangcang_domain::id::{CarrierId, WarehouseId};
use liangcang_domain::risk::{Blocked, Rules};
use liangcang_domain::unit::EpochMs;
use liangcang_planner::allocation::{Live, Prices};

use super::counts::Tallies;
use crate::store::order_insert::Keys;

/// The window orders are counted by where no rule asks for one.
const WINDOW_MS: i64 = 10_000;

/// The terms of a sale.
#[derive(Clone, Debug, Default)]
pub struct Sale {
    /// Which.
    pub id: String,
    /// Whether it draws on the pools themselves.
    pub daily: bool,
    /// Whether an order may be split over warehouses.
    pub split_allowed: bool,
    /// Orders a buyer may have; 0: any number.
    pub buyer_limit: i64,
    /// Orders an address may have; 0: any number.
    pub address_limit: i64,
    /// How long an unpaid order holds, in ms.
    pub unpaid_ms: i64,
    /// What it sells, at which price in fen; empty: anything.
    pub offers: HashMap<String, i64>,
    /// Which orders a person must see; none for a sale without rules.
    pub rules: Option<Rules>,
    /// What stock and capacity are worth, as last planned.
    pub prices: Prices,
}

impl Sale {
    /// Whether it matters who has how many orders.
    #[must_use]
    pub fn counts(&self) -> bool {
        self.rules.is_some() || self.buyer_limit > 0 || self.address_limit > 0
    }

    /// The window fast orders are counted by, in ms.
    #[must_use]
    pub fn window_ms(&self) -> i64 {
        let window = self.rules.as_ref().map(|rules| i64::from(rules.burst_velocity.window_s) * 1_000);
        window.filter(|ms| *ms > 0).unwrap_or(WINDOW_MS)
    }
}

/// Orders by one key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Orders so far.
    pub orders: u32,
    /// Paid orders taken back.
    pub refunds: u32,
    /// The window last counted in, counted from 1970.
    pub bucket: i64,
    /// Orders in it.
    pub in_bucket: u32,
    /// Orders in the one before it.
    pub before_bucket: u32,
}

impl Tally {
    /// Orders in the window that ends now, by the share of the bucket before that it still covers. A clock that went
    /// back counts on in the later bucket.
    #[must_use]
    pub fn in_window(&self, now: EpochMs, window_ms: i64) -> u32 {
        let left = window_ms - now.0.rem_euclid(window_ms);
        let share = |orders: u32| u32::try_from(i64::from(orders) * left / window_ms).unwrap_or(0);
        match now.0.div_euclid(window_ms) - self.bucket {
            ..0 => self.in_bucket + self.before_bucket,
            0 => self.in_bucket + share(self.before_bucket),
            1 => share(self.in_bucket),
            _ => 0,
        }
    }

    /// One order more, taken at a moment.
    pub fn count(&mut self, now: EpochMs, window_ms: i64) {
        let bucket = now.0.div_euclid(window_ms);
        match bucket - self.bucket {
            ..=0 => {}
            1 => (self.bucket, self.before_bucket, self.in_bucket) = (bucket, self.in_bucket, 0),
            _ => (self.bucket, self.before_bucket, self.in_bucket) = (bucket, 0, 0),
        }
        self.orders += 1;
        self.in_bucket += 1;
    }

    /// One order less; `refund`: it had been paid.
    pub fn uncount(&mut self, refund: bool) {
        self.orders = self.orders.saturating_sub(1);
        self.refunds += u32::from(refund);
    }
}

/// What is left, and what was taken of it.
#[derive(Debug, Default)]
pub struct Book {
    /// What each warehouse may promise, by channel (`""` is everybody's), and has room for.
    pub live: Live,
    /// Orders each limited province may have: (at most, taken).
    pub provinces: HashMap<String, (i64, i64)>,
    /// Orders by key.
    pub tallies: Tallies,
    /// Keys nobody sells to.
    pub blocked: HashMap<i64, Blocked>,
    /// Waybill numbers left at a warehouse, by carrier.
    pub numbers: HashMap<WarehouseId, HashMap<CarrierId, usize>>,
    /// Those no warehouse has been given yet.
    pub unleased: HashMap<CarrierId, usize>,
    /// Orders taken, by limited province.
    pub from_province: BTreeMap<String, i64>,
}

impl Book {
    /// Orders counted under a key so far; 0 for no key.
    #[must_use]
    pub fn tally(&self, key: i64) -> Tally {
        self.tallies.get(&key).copied().unwrap_or_default()
    }

    /// What a province may still have; `None` where it has no limit: (left, at most).
    #[must_use]
    pub fn province(&self, province: &str) -> Option<(i64, i64)> {
        self.provinces.get(province).map(|(most, taken)| (most - taken, *most))
    }

    /// Takes one waybill number, the warehouse's own first; `false` when there is none.
    pub fn take_number(&mut self, warehouse: &WarehouseId, carrier: &CarrierId) -> bool {
        let of_warehouse = self.numbers.get_mut(warehouse);
        let own = of_warehouse.and_then(|numbers| numbers.get_mut(carrier)).filter(|left| **left > 0);
        let Some(left) = own.or_else(|| self.unleased.get_mut(carrier).filter(|left| **left > 0)) else {
            return false;
        };
        *left -= 1;
        true
    }

    /// Counts an order for its province, buyer, address, phone and device.
    pub fn count(&mut self, sale: &Sale, province: &str, keys: Keys, now: EpochMs) {
        if let Some((_, taken)) = self.provinces.get_mut(province) {
            *taken += 1;
            *self.from_province.entry(province.to_owned()).or_default() += 1;
        }
        if sale.counts() {
            let window_ms = sale.window_ms();
            keys.known().for_each(|key| self.tallies.entry(key).or_default().count(now, window_ms));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_slides_over_two_buckets_and_a_clock_that_went_back_hides_nothing() {
        let mut tally = Tally::default();
        let at = |ms: i64| EpochMs(100_000 + ms);
        for (ms, before) in [(0, 0), (100, 1), (1_000, 2), (1_500, 2), (1_000, 4), (5_000, 0)] {
            assert_eq!(tally.in_window(at(ms), 1_000), before, "at {ms}: {tally:?}");
            tally.count(at(ms), 1_000);
        }
        assert_eq!(tally.in_window(at(4_000), 1_000), 1, "the clock went back");
        assert_eq!(tally.in_window(at(7_000), 1_000), 0);
        assert_eq!(tally.orders, 6);
    }
}
