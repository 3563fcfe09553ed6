//! What a campaign's orders add up to, caught up by turns: for the meter and the ledger.
//!
//! An order is read when it was taken since the last look, and again when it has changed since (`order_change`); so a
//! look costs what is new, and the first one all orders of the campaign. Nothing is kept that another server could
//! not add up for itself. Right only within one look at the database, which sees all of a turn or nothing of it.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Context, Result};
use liangcang_domain::id::{SkuId, WarehouseId};

use super::ledger::ProvinceShare;
use super::meter::{OrderCounts, ProvinceOrders};
use crate::database::{Transaction, query};

/// Turns read at a time: one has at most a group of orders, so that no look brings all of a show into memory.
pub(super) const SLICE: i64 = 64;
/// After so many turns all is added up anew: a database counts alike orders together, changes come one by one.
const FAR: i64 = 50_000;

/// Orders of some turns, alike ones together: how many rows, and how many orders, since one that is split has a row a
/// part and counts once.
pub(super) const TAKEN: &str =
    "SELECT warehouse, quota_channel, province, units, state, hold, taken_at / 1000, COUNT(*),
        CAST(SUM(CASE WHEN part_of IN ('', no) THEN 1 ELSE 0 END) AS BIGINT) FROM orders
    WHERE campaign = $1 AND turn > 0 AND turn > $2 AND turn <= $3
    GROUP BY warehouse, quota_channel, province, units, state, hold, taken_at / 1000";
/// Orders that were added up before and have changed since, as they stood and as they stand.
pub(super) const CHANGED: &str =
    "SELECT o.no, c.warehouse, c.state, c.hold, o.warehouse, o.state, o.hold, o.quota_channel,
        o.province, o.units, o.taken_at / 1000, CAST(CASE WHEN o.part_of IN ('', o.no) THEN 1 ELSE 0 END AS BIGINT)
    FROM order_change c JOIN orders o ON o.no = c.order_no
    WHERE c.campaign = $1 AND c.turn > $2 AND o.turn <= $2 ORDER BY c.turn";

/// The next turn orders were taken in.
pub(super) const NEXT: &str = "SELECT MIN(turn) FROM orders WHERE campaign = $1 AND turn > 0 AND turn > $2";

/// The turn before the next one in which a campaign took orders: turns in which orders only move on are many. `None`:
/// it has taken none since.
pub(super) async fn before_next(look: &mut Transaction, campaign: &str, turn: i64) -> Result<Option<i64>> {
    let next: Option<i64> = query(NEXT).bind(campaign).bind(turn).scalar(look).await?;
    Ok(next.map(|next| next - 1))
}

/// Where an order stands, as far as the meter tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Stand {
    Accepted,
    Review,
    Unpaid,
    Waiting,
    Cancelled,
}

impl Stand {
    fn of(state: &str) -> Self {
        match state {
            "review" => Self::Review,
            "unpaid" => Self::Unpaid,
            "waiting" => Self::Waiting,
            "cancelled" => Self::Cancelled,
            _ => Self::Accepted,
        }
    }
}

/// Parcels that promise or have settled the same goods from the same place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Basket {
    warehouse: String,
    channel: String,
    province: String,
    /// As the order's row has it.
    units: String,
    settled: bool,
}

/// Orders by where they stand and the place of their province.
type Stands = BTreeMap<(Stand, usize), i64>;

/// A campaign's orders, added up.
#[derive(Debug, Default)]
pub(super) struct Sums {
    turn: i64,
    provinces: Vec<String>,
    baskets: HashMap<Basket, i64>,
    whole: Stands,
    /// By the second they were taken in, since 1970.
    seconds: BTreeMap<i64, Stands>,
}

/// Orders that are alike in all that is added up.
#[derive(Clone)]
struct Alike {
    warehouse: String,
    channel: String,
    province: String,
    units: String,
    state: String,
    hold: String,
    second: i64,
}

impl Sums {
    /// Adds up what is new of a campaign; says how many orders were read for that.
    ///
    /// # Errors
    /// Of the database; the sums are then of no use.
    pub(super) async fn catch_up(&mut self, look: &mut Transaction, campaign: &str) -> Result<u64> {
        let sql = "SELECT turn FROM campaign WHERE id = $1";
        let now: i64 = query(sql).bind(campaign).scalar(look).await?;
        if now - self.turn > FAR {
            *self = Self::default();
        }
        let mut read = self.read_changes(look, campaign).await?;
        while self.turn < now {
            let until = now.min(self.turn + SLICE);
            type Row = (String, String, String, String, String, String, i64, i64, i64);
            let rows: Vec<Row> = query(TAKEN).bind(campaign).bind(self.turn).bind(until).all(look).await?;
            if rows.is_empty() {
                self.turn = before_next(look, campaign, until).await?.unwrap_or(now);
                continue;
            }
            for (warehouse, channel, province, units, state, hold, second, parcels, orders) in rows {
                let alike = Alike { warehouse, channel, province, units, state, hold, second };
                self.count(alike, (parcels, orders));
                read += u64::try_from(parcels)?;
            }
            self.turn = until;
        }
        Ok(read)
    }

    /// Moves orders that were counted before to where they stand now.
    async fn read_changes(&mut self, look: &mut Transaction, campaign: &str) -> Result<u64> {
        if self.turn == 0 {
            return Ok(0);
        }
        type Row = (String, String, String, String, String, String, String, String, String, String, i64, i64);
        let rows: Vec<Row> = query(CHANGED).bind(campaign).bind(self.turn).all(look).await?;
        let mut seen = HashSet::new();
        for row in rows {
            let (
                no,
                from,
                state_was,
                hold_was,
                warehouse,
                state,
                hold,
                channel,
                province,
                units,
                second,
                orders,
            ) = row;
            // The first note tells how it was counted; what came between does not matter.
            if seen.insert(no) {
                let now = Alike { warehouse, channel, province, units, state, hold, second };
                let was = Alike { warehouse: from, state: state_was, hold: hold_was, ..now.clone() };
                self.count(was, (-1, -orders));
                self.count(now, (1, orders));
            }
        }
        Ok(seen.len() as u64)
    }

    /// So many parcels, whole orders or parts, that stand for so many orders.
    fn count(&mut self, of: Alike, (parcels, orders): (i64, i64)) {
        let place = self.place(&of.province);
        let stand = (Stand::of(&of.state), place);
        *self.whole.entry(stand).or_default() += orders;
        *self.seconds.entry(of.second).or_default().entry(stand).or_default() += orders;
        if of.hold != "released" {
            let Alike { warehouse, channel, province, units, .. } = of;
            let basket = Basket { warehouse, channel, province, units, settled: of.hold == "settled" };
            *self.baskets.entry(basket).or_default() += parcels;
        }
    }

    fn place(&mut self, province: &str) -> usize {
        let known = self.provinces.iter().position(|name| name == province);
        known.unwrap_or_else(|| {
            self.provinces.push(province.to_owned());
            self.provinces.len() - 1
        })
    }

    /// The turn as of which all is added up.
    pub(super) fn turn(&self) -> i64 {
        self.turn
    }

    /// Orders by where they stand and by province, most first, of those taken in the second `since` or later; 0: of
    /// all.
    pub(super) fn stands(&self, since: i64) -> (OrderCounts, Vec<ProvinceOrders>) {
        let mut some = Stands::new();
        if since > 0 {
            for (stand, orders) in self.seconds.range(since..).flat_map(|(_, stands)| stands) {
                *some.entry(*stand).or_default() += orders;
            }
        }
        let mut counts = OrderCounts::default();
        let mut provinces = vec![0; self.provinces.len()];
        for ((stand, place), orders) in if since > 0 { &some } else { &self.whole } {
            *match stand {
                Stand::Accepted => &mut counts.accepted,
                Stand::Review => &mut counts.review,
                Stand::Unpaid => &mut counts.unpaid,
                Stand::Waiting => &mut counts.waiting,
                Stand::Cancelled => &mut counts.cancelled,
            } += orders;
            provinces[*place] += orders;
        }
        let named = self.provinces.iter().zip(provinces).filter(|(_, orders)| *orders > 0);
        let mut named: Vec<ProvinceOrders> =
            named.map(|(province, orders)| ProvinceOrders { province: province.clone(), orders }).collect();
        named.sort_by(|a, b| (b.orders, &a.province).cmp(&(a.orders, &b.province)));
        (counts, named)
    }

    /// Orders taken in each second from `from` on; seconds without any are left out.
    pub(super) fn per_second(&self, from: i64) -> Vec<(i64, i64)> {
        let seconds = self.seconds.range(from..);
        let sums = seconds.map(|(second, stands)| (*second, stands.values().sum()));
        sums.filter(|(_, orders)| *orders > 0).collect()
    }

    /// What orders hold and have settled, by place and province.
    ///
    /// # Errors
    /// When the units of an order cannot be read.
    pub(super) fn shares(&self) -> Result<Shares> {
        let mut shares = Shares::new();
        for (basket, parcels) in self.baskets.iter().filter(|(_, parcels)| **parcels != 0) {
            let units: Vec<(SkuId, i64)> =
                serde_json::from_str(&basket.units).context("the units of an order cannot be read")?;
            for (sku, qty) in units {
                let place = (WarehouseId::from(basket.warehouse.as_str()), sku, basket.channel.clone());
                let share = shares.entry(place).or_default().entry(basket.province.clone()).or_default();
                share.province.clone_from(&basket.province);
                *(if basket.settled { &mut share.settled } else { &mut share.held }) += qty * parcels;
            }
        }
        Ok(shares)
    }
}

/// Units by warehouse, SKU and channel, and therein by province.
pub(super) type Shares = BTreeMap<(WarehouseId, SkuId, String), BTreeMap<String, ProvinceShare>>;
