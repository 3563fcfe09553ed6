//! How many orders a buyer, a door, a phone and a device has in each campaign: counted from the orders themselves and
//! kept between groups, so that a group writes nothing to be counted by.
//!
//! A campaign's turn says what is new: orders carry the turn they were taken in, and what was let go since stands in
//! `uncounted`. Several servers over one cluster each count for themselves and catch up in their turn. Four million
//! keys take some 200 MB.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use anyhow::Result;
use liangcang_domain::unit::EpochMs;

use super::book::Tally;
use super::statements as sql;
use crate::database::{Transaction, query};
use crate::store::order_insert::Keys;

/// Orders by key. A key is the hash of something under the company's own, so a table may take it as it is: nobody
/// outside can choose keys that fall together.
pub type Tallies = HashMap<i64, Tally, BuildHasherDefault<AsItIs>>;

/// Hashes a key to itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct AsItIs(u64);

impl Hasher for AsItIs {
    fn write_i64(&mut self, key: i64) {
        self.0 = key.cast_unsigned();
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.0 = self.0.rotate_left(8) ^ u64::from(*byte));
    }

    fn finish(&self) -> u64 {
        // Keys are odd, and the table looks at the lowest bits for the place.
        self.0.rotate_left(32)
    }
}

/// The counts of the campaigns that were taken from lately: as of which turn, and the counts.
#[derive(Debug, Default)]
pub struct Counts(HashMap<String, (i64, Tallies)>);

/// Campaigns kept: one or two shows run at a time.
const KEPT: usize = 4;

impl Counts {
    /// The counts of a campaign just before its turn `turn`, which the caller has taken. They are the caller's until
    /// it gives them back; if it does not, they are counted anew the next time.
    ///
    /// # Errors
    /// Of the database.
    pub async fn before(
        &mut self,
        conn: &mut Transaction,
        campaign: &str,
        turn: i64,
        window_ms: i64,
    ) -> Result<Tallies> {
        let (known, mut tallies) = self.0.remove(campaign).unwrap_or_default();
        if known + 1 == turn {
            return Ok(tallies);
        }
        type Row = (i64, i64, i64, i64, i64);
        let rows: Vec<Row> = query(sql::COUNTED).bind(campaign).bind(known).all(conn).await?;
        for (at, address, phone, buyer, device) in rows {
            for key in (Keys { address, phone, buyer, device }).known() {
                tallies.entry(key).or_default().count(EpochMs(at), window_ms);
            }
        }
        let rows: Vec<Row> = query(sql::UNCOUNTED).bind(campaign).bind(known).all(conn).await?;
        for (refund, address, phone, buyer, device) in rows {
            for key in (Keys { address, phone, buyer, device }).known() {
                tallies.entry(key).or_default().uncount(refund == 1);
            }
        }
        Ok(tallies)
    }

    /// Takes the counts back, as they are after a turn that was committed.
    pub fn after(&mut self, campaign: &str, turn: i64, tallies: Tallies) {
        if self.0.len() >= KEPT {
            self.0.clear();
        }
        self.0.insert(campaign.to_owned(), (turn, tallies));
    }
}
