//! The warehouse's view and the server's, side by side: orders by ranges of their numbers, and the heads of logs.
//!
//! Each range is hashed on both sides; only where the hashes differ are orders looked at one by one and every
//! difference named. Reads a replica's file; how that came here, and what is to be done, is not its affair.

mod orders;
mod replica;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::Result;
use liangcang_domain::id::WarehouseId;
use sha2::{Digest as _, Sha256};

use crate::database::{Database, Transaction, query};
use crate::store::{feed, moves};
use replica::Replica;

/// Orders of a range.
const RANGE: usize = 1_000;

/// What is compared of an order: the same words on both sides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// `to_pack`, `short`, `cancelled`, `packed` or `shipped`.
    pub state: String,
    /// The waybill number.
    pub waybill: String,
    /// Once packed.
    pub weight_g: Option<i64>,
    /// Units by SKU and lot, once packed.
    pub goods: BTreeMap<(String, String), i64>,
}

impl Seen {
    /// Everything that is not the same, in words: the station's, then the server's.
    fn differs(&self, server: &Self) -> Vec<String> {
        let mut said = Vec::new();
        let mut say = |what: &str, station: String, server: String| {
            if station != server {
                said.push(format!("{what} {station} at the station, {server} at the server"));
            }
        };
        say("is", self.state.clone(), server.state.clone());
        say("has waybill", self.waybill.clone(), server.waybill.clone());
        let weight = |seen: &Self| {
            seen.weight_g.map_or_else(|| "no weight".into(), |weight_g| format!("{weight_g} g"))
        };
        say("weighs", weight(self), weight(server));
        let goods = |seen: &Self| {
            let parts = seen.goods.iter().map(|((sku, lot), qty)| format!("{qty} {sku} lot {lot}"));
            let parts: Vec<String> = parts.collect();
            if parts.is_empty() { "nothing".into() } else { parts.join(" + ") }
        };
        say("holds", goods(self), goods(server));
        said
    }
}

/// One side's orders by number.
pub(crate) type Orders = BTreeMap<String, Seen>;

/// What a comparison found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compared {
    /// Whose replica it is.
    pub station: String,
    /// Orders on either side.
    pub orders: usize,
    /// Ranges of order numbers, and how many of them had other hashes.
    pub ranges: (usize, usize),
    /// Everything that is not the same, by name.
    pub differences: Vec<String>,
}

/// Compares a warehouse with the replica of its station in `file`. Both are read, nothing is changed.
///
/// # Errors
/// When either does not read, or the replica is another warehouse's.
pub async fn compare(database: &Database, warehouse: &WarehouseId, file: &Path) -> Result<Compared> {
    let replica = replica::read(file, warehouse).await?;
    let mut look = database.look().await?;
    let server = orders::read(&mut look, warehouse).await?;
    let mut found = Compared { station: replica.station.clone(), ..Compared::default() };
    logs(&mut look, warehouse, &replica, &mut found).await?;
    let numbers: Vec<&String> = {
        let mut all: Vec<&String> = replica.orders.keys().chain(server.keys()).collect();
        all.sort();
        all.dedup();
        all
    };
    found.orders = numbers.len();
    for range in numbers.chunks(RANGE) {
        found.ranges.0 += 1;
        if hash(range, &replica.orders) == hash(range, &server) {
            continue;
        }
        let before = found.differences.len();
        for no in range {
            let (station, server) = (replica.orders.get(*no), server.get(*no));
            name(&mut look, warehouse, no, (station, server), &mut found.differences).await?;
        }
        found.ranges.1 += usize::from(found.differences.len() > before);
    }
    Ok(found)
}

fn hash(range: &[&String], orders: &Orders) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for no in range {
        if let Some(seen) = orders.get(*no) {
            // The length before each part: no two lists of parts read alike.
            let weight = seen.weight_g.map_or_else(String::new, |weight_g| weight_g.to_string());
            let parts = [no.as_str(), &seen.state, &seen.waybill, &weight, &format!("{:?}", seen.goods)];
            for part in parts {
                hasher.update(part.len().to_be_bytes());
                hasher.update(part);
            }
        }
    }
    hasher.finalize().into()
}

async fn name(
    look: &mut Transaction,
    warehouse: &WarehouseId,
    no: &str,
    sides: (Option<&Seen>, Option<&Seen>),
    differences: &mut Vec<String>,
) -> Result<()> {
    match sides {
        (Some(station), Some(server)) => {
            differences.extend(station.differs(server).into_iter().map(|what| format!("order {no} {what}")));
        }
        (None, Some(server)) => {
            differences.push(format!(
                "order {no} is {} at the server, the station has not heard of it",
                server.state
            ));
        }
        (Some(station), None) => {
            // One that was moved to another warehouse stays here as cancelled.
            if station.state != "cancelled" || !moves::left(look, &no.into(), warehouse).await? {
                differences.push(format!(
                    "order {no} is {} at the station, the server has it elsewhere",
                    station.state
                ));
            }
        }
        (None, None) => {}
    }
    Ok(())
}

/// The heads of both sides' logs: what one has written and the other has not.
async fn logs(
    look: &mut Transaction,
    warehouse: &WarehouseId,
    replica: &Replica,
    found: &mut Compared,
) -> Result<()> {
    let feed = i64::try_from(feed::head(look, warehouse).await?)?;
    if feed != replica.feed {
        let taken = replica.feed;
        found
            .differences
            .push(format!("the feed of {warehouse} has {feed} entries, the station has taken {taken}"));
    }
    let sql = "SELECT epoch, seq FROM cursor WHERE writer = $1 ORDER BY epoch";
    let heads = query(sql).bind(&replica.station).all::<(i64, i64)>(look).await?;
    let mut heads: BTreeMap<i64, i64> = heads.into_iter().collect();
    for (epoch, written) in &replica.facts {
        let taken = heads.remove(epoch).unwrap_or(0);
        if taken != *written {
            let station = &replica.station;
            found.differences.push(format!(
                "station {station} has {written} facts of epoch {epoch}, the server has taken {taken}"
            ));
        }
    }
    for (epoch, taken) in heads {
        let station = &replica.station;
        found
            .differences
            .push(format!("the server has {taken} facts of epoch {epoch} of {station}, the station none"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(state: &str) -> Seen {
        let goods = BTreeMap::from([(("RICE5".to_owned(), "L1".to_owned()), 1)]);
        Seen { state: state.into(), waybill: "7310".into(), weight_g: Some(5_300), goods }
    }

    #[test]
    fn every_part_of_an_order_is_named_where_it_differs() {
        assert_eq!(seen("packed").differs(&seen("packed")), Vec::<String>::new());
        let other = Seen { waybill: "7311".into(), weight_g: None, ..Seen::default() };
        let said = seen("packed").differs(&Seen { state: "to_pack".into(), ..other });
        let words = ["is packed", "waybill 7310", "5300 g", "1 RICE5 lot L1"];
        assert_eq!(said.len(), words.len());
        for (said, word) in said.iter().zip(words) {
            assert!(said.contains(word), "{said}");
        }
    }

    #[test]
    fn a_range_has_another_hash_when_anything_in_it_is_another() {
        let numbers = ["1".to_owned(), "2".to_owned()];
        let range: Vec<&String> = numbers.iter().collect();
        let of = |one: Seen, two: Option<Seen>| {
            let both = [("1".to_owned(), Some(one)), ("2".to_owned(), two)];
            let there = both.into_iter().filter_map(|(no, seen)| Some((no, seen?)));
            hash(&range, &there.collect())
        };
        let same = of(seen("packed"), Some(seen("short")));
        assert_eq!(of(seen("packed"), Some(seen("short"))), same);
        assert_ne!(of(seen("packed"), None), same);
        assert_ne!(of(seen("short"), Some(seen("short"))), same);
        assert_ne!(of(seen("packed"), Some(Seen { weight_g: Some(5_301), ..seen("short") })), same);
        assert_ne!(of(seen("packed"), Some(Seen { goods: BTreeMap::new(), ..seen("short") })), same);
    }
}
