//! What this server remembers of campaigns that are looked at, so that a look reads only what is new.
//!
//! Whoever looks waits for whoever looks at the same campaign, and only then begins to read: what is remembered is
//! never newer than what is read. A look that fails or is broken off forgets; the next one begins anew.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Result;
use liangcang_domain::unit::EpochMs;
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

use super::ledger::{Ledger, book};
use super::meter::{Meter, Refusals, show};
use super::sharing::{self, Sharing};
use super::sums::{self, Sums};
use crate::database::{Database, Transaction, query};
use crate::store::campaign as table;
use crate::store::review::{
    Cluster, ClusterKind, ClusterOrder, HeldOrder, cluster_orders, parse_key, released,
};

/// Campaigns remembered: one or two shows run at a time.
const KEPT: usize = 4;

/// What is remembered.
#[derive(Debug, Default)]
pub struct Looks {
    shows: Kept<Shown>,
    sharing: Kept<Sharing>,
    taken: AsyncMutex<Taken>,
    read: AtomicU64,
}

#[derive(Debug, Default)]
struct Shown {
    sums: Sums,
    refusals: Refusals,
}

/// Something remembered of a few campaigns, each behind its own turn.
#[derive(Debug)]
struct Kept<T>(Mutex<HashMap<String, Arc<AsyncMutex<T>>>>);

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T: Default> Kept<T> {
    fn of(&self, campaign: &str) -> Arc<AsyncMutex<T>> {
        // What a panic left behind is whole: it is only ever put in and taken out.
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT && !kept.contains_key(campaign) {
            kept.clear();
        }
        Arc::clone(kept.entry(campaign.to_owned()).or_default())
    }
}

/// How many orders each campaign has taken: as of which turn, and how many.
pub type Taken = HashMap<String, (i64, i64)>;

/// Rows by the index of turns, less the further parts of orders that are split, which have an index of their own; the
/// sum keeps SQLite from looking for these few among all.
const COUNT: &str = "SELECT COUNT(*) - (SELECT COUNT(*) FROM orders p
            WHERE p.campaign = $1 AND p.part_of <> '' AND p.no <> p.part_of AND p.turn + 0 > $2),
        COALESCE(MAX(turn), 0)
    FROM orders WHERE campaign = $1 AND turn > 0 AND turn > $2";

/// Catches up with the orders a campaign has taken; reads nothing but the index of turns and what is split.
pub(super) async fn count(look: &mut Transaction, taken: &mut Taken, campaign: &str) -> Result<i64> {
    let (turn, orders) = taken.get(campaign).copied().unwrap_or_default();
    let (new, last): (i64, i64) = query(COUNT).bind(campaign).bind(turn).one(look).await?;
    taken.insert(campaign.to_owned(), (turn.max(last), orders + new));
    Ok(orders + new)
}

async fn is_there(database: &Database, campaign: &str) -> Result<bool> {
    Ok(table::find(&mut database.look().await?, campaign).await?.is_some())
}

/// What the looks ask of all that there may be a million of, by name.
pub const READS: [(&str, &str); 6] = [
    ("orders taken", sums::TAKEN),
    ("orders changed", sums::CHANGED),
    ("keys of orders taken", sharing::TAKEN),
    ("keys of orders that became readable", sharing::READABLE),
    ("how many were taken", COUNT),
    ("in which turn the next were taken", sums::NEXT),
];

impl Looks {
    /// Orders this server has read for all looks so far.
    #[must_use]
    pub fn orders_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    fn note(&self, orders: u64) {
        self.read.fetch_add(orders, Ordering::Relaxed);
    }

    /// What happened to orders taken since a moment, to the second (all: 0); `None` where there is no such campaign.
    /// Reads the orders that are new or have changed since anybody asked this server.
    ///
    /// # Errors
    /// Of the database.
    pub async fn meter(
        &self,
        database: &Database,
        campaign: &str,
        since: EpochMs,
        now: EpochMs,
    ) -> Result<Option<Meter>> {
        let Some((mut kept, mut shown, mut look)) = self.caught_up(database, campaign).await? else {
            return Ok(None);
        };
        let parts = (&shown.sums, &mut shown.refusals);
        let meter = show(&mut look, campaign, parts, (since, now)).await?;
        *kept = shown;
        Ok(Some(meter))
    }

    /// The books of a campaign; `None` where there is no such. Reads the orders that are new or have changed since
    /// anybody asked this server; the audit reads all.
    ///
    /// # Errors
    /// Of the database, or when an order's units cannot be read.
    pub async fn ledger(&self, database: &Database, campaign: &str) -> Result<Option<Ledger>> {
        let Some((mut kept, shown, mut look)) = self.caught_up(database, campaign).await? else {
            return Ok(None);
        };
        let ledger = book(&mut look, campaign, &shown.sums).await?;
        *kept = shown;
        Ok(Some(ledger))
    }

    /// All campaigns, the latest to start first.
    ///
    /// # Errors
    /// Of the database.
    pub async fn list(&self, database: &Database) -> Result<Vec<super::Listed>> {
        let mut taken = self.taken.lock().await;
        super::list(&mut database.look().await?, &mut taken).await
    }

    /// What is remembered of a campaign, caught up, taken out of its place; `None` where there is no such campaign.
    /// The caller puts it back when all went well: what a fault or a caller who went away left half-way is read anew.
    async fn caught_up(
        &self,
        database: &Database,
        campaign: &str,
    ) -> Result<Option<(OwnedMutexGuard<Shown>, Shown, Transaction)>> {
        if !is_there(database, campaign).await? {
            return Ok(None);
        }
        let mut kept = self.shows.of(campaign).lock_owned().await;
        let mut look = database.look().await?;
        let mut shown = std::mem::take(&mut *kept);
        self.note(shown.sums.catch_up(&mut look, campaign).await?);
        Ok(Some((kept, shown, look)))
    }

    /// Counts what held orders have in common with others of their campaigns.
    ///
    /// # Errors
    /// Of the database.
    pub async fn count_clusters(&self, database: &Database, held: &mut [HeldOrder]) -> Result<()> {
        let campaigns: BTreeSet<String> = held.iter().map(|order| order.campaign.clone()).collect();
        for campaign in campaigns {
            let of_campaign = held.iter_mut().filter(|order| order.campaign == campaign);
            let mut clusters: Vec<&mut Cluster> = of_campaign.flat_map(|order| &mut order.clusters).collect();
            let keys = clusters.iter().filter_map(|cluster| parse_key(&cluster.key)).collect();
            let members = self.members(database, &campaign, &keys).await?;
            let all: BTreeSet<&String> = members.values().flatten().collect();
            let gone = released(&mut database.look().await?, all).await?;
            for cluster in &mut clusters {
                let members = parse_key(&cluster.key).and_then(|key| members.get(&key));
                let there = members.into_iter().flatten().filter(|no| !gone.contains(*no)).count();
                cluster.orders = i64::try_from(there)?;
            }
        }
        Ok(())
    }

    /// Every order of a cluster of one campaign, oldest first.
    ///
    /// # Errors
    /// Of the database, or when a receiver does not open.
    pub async fn cluster(
        &self,
        database: &Database,
        (kind, key, campaign): (ClusterKind, i64, &str),
        limit: usize,
    ) -> Result<Vec<ClusterOrder>> {
        let mut members = self.members(database, campaign, &HashSet::from([key])).await?;
        let mut members = members.remove(&key).unwrap_or_default();
        members.truncate(limit);
        cluster_orders(&mut database.look().await?, database, (kind, key), &members).await
    }

    /// The numbers of the orders behind keys, each once, in the order they were taken.
    async fn members(
        &self,
        database: &Database,
        campaign: &str,
        keys: &HashSet<i64>,
    ) -> Result<HashMap<i64, Vec<String>>> {
        if !is_there(database, campaign).await? {
            return Ok(HashMap::new());
        }
        let kept = self.sharing.of(campaign);
        let mut kept = kept.lock().await;
        let mut look = database.look().await?;
        let mut sharing = std::mem::take(&mut *kept);
        self.note(sharing.catch_up(&mut look, campaign).await?);
        let found = sharing.orders_with(keys);
        let members = found.into_iter().map(|(key, numbers)| (key, once(numbers))).collect();
        *kept = sharing;
        Ok(members)
    }
}

fn once(numbers: Vec<&str>) -> Vec<String> {
    let mut seen = HashSet::new();
    numbers.into_iter().filter(|no| seen.insert(*no)).map(str::to_owned).collect()
}
