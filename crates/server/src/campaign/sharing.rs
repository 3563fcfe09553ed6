//! Which orders of a campaign share an address, a phone, a buyer or a device: their keys in columns, caught up by
//! turns, looked through from end to end. A look costs the database what is new, and this machine some ten
//! milliseconds a million orders; so many take some 60 MB.
//!
//! An index of the table could say the same, and every order would pay for it as it is taken.

use std::collections::{BTreeMap, HashSet};

use anyhow::Result;

use super::sums::{SLICE, before_next};
use crate::database::{Transaction, query};

/// Keys of orders that were taken in some turns.
pub(super) const TAKEN: &str = "SELECT no, address_key, phone_key, buyer_key, device_key FROM orders
    WHERE campaign = $1 AND turn > 0 AND turn > $2 AND turn <= $3 ORDER BY turn";
/// Keys of orders that were taken before and whose receiver became readable since.
pub(super) const READABLE: &str = "SELECT no, address_key, phone_key, buyer_key, device_key FROM orders
    WHERE campaign = $1 AND readable_turn > 0 AND readable_turn > $2 AND turn <= $2 ORDER BY readable_turn";

/// The keys of a campaign's orders, in the order they were taken.
#[derive(Debug, Default)]
pub(super) struct Sharing {
    turn: i64,
    keys: Vec<[i64; 4]>,
    /// The numbers, one behind the other, and where each ends.
    numbers: String,
    ends: Vec<usize>,
}

impl Sharing {
    /// Reads what is new of a campaign; says how many orders that were.
    ///
    /// # Errors
    /// Of the database; the columns are then of no use.
    pub(super) async fn catch_up(&mut self, look: &mut Transaction, campaign: &str) -> Result<u64> {
        let before = self.keys.len();
        let sql = "SELECT turn FROM campaign WHERE id = $1";
        let now: i64 = query(sql).bind(campaign).scalar(look).await?;
        type Row = (String, i64, i64, i64, i64);
        if self.turn > 0 {
            let rows: Vec<Row> = query(READABLE).bind(campaign).bind(self.turn).all(look).await?;
            rows.into_iter().for_each(|row| self.put(row));
        }
        while self.turn < now {
            let until = now.min(self.turn + SLICE);
            let rows: Vec<Row> = query(TAKEN).bind(campaign).bind(self.turn).bind(until).all(look).await?;
            if rows.is_empty() {
                self.turn = before_next(look, campaign, until).await?.unwrap_or(now);
                continue;
            }
            rows.into_iter().for_each(|row| self.put(row));
            self.turn = until;
        }
        Ok((self.keys.len() - before) as u64)
    }

    fn put(&mut self, (no, address, phone, buyer, device): (String, i64, i64, i64, i64)) {
        self.keys.push([address, phone, buyer, device]);
        self.numbers.push_str(&no);
        self.ends.push(self.numbers.len());
    }

    /// The numbers of the orders behind each of some keys, in the order they were taken; a key is of one kind alone.
    /// An order that became readable stands twice.
    pub(super) fn orders_with(&self, keys: &HashSet<i64>) -> BTreeMap<i64, Vec<&str>> {
        let mut found = BTreeMap::<i64, Vec<&str>>::new();
        for (place, of_order) in self.keys.iter().enumerate() {
            for key in of_order.iter().filter(|key| **key != 0 && keys.contains(key)) {
                let begin = place.checked_sub(1).map_or(0, |before| self.ends[before]);
                found.entry(*key).or_default().push(&self.numbers[begin..self.ends[place]]);
            }
        }
        found
    }
}
