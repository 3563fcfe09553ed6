//! Taking orders: every order ends as promised, as known already, or as refused with its reason; nothing in between.
//!
//! Orders are taken in groups: one transaction takes as many orders of a campaign as have come, then each caller gets
//! its own answer. Inside, each order is refused for the first reason there is, in a fixed order, then promised; the
//! compare-and-write on its stock is the guard behind, the tables' CHECKs are the last.

mod book;
mod cancel;
mod counts;
mod decide;
mod door;
mod doubt;
mod group;
mod held;
mod known;
mod outcome;
mod parts;
mod place;
mod promise;
mod queue;
mod readable;
mod reference;
pub mod statements;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use anyhow::Result;
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;

pub use cancel::{Cancelled, cancel_order};
pub use door::Door;
pub use doubt::Doubt;
pub use held::{route_held, wake};
pub use outcome::{Limit, Outcome, Reason};
pub use promise::{Promise, PromisedPart};
pub use queue::{Busy, Failed, Intake, Pending};
pub use reference::Reference;

use crate::database::{Database, query};
use crate::incoming::{IncomingOrder, ReceiverTrust};
use crate::store::hold::DAILY;
use crate::store::orders::Known;
use counts::Counts;
use group::Group;
use readable::InTurn;

/// Orders a transaction takes at most: other writers wait no longer than that.
pub const GROUP: usize = 2_000;
/// A group that lost a race on a cluster is taken again so often.
const TRIES: usize = 5;

/// An order that has come in.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The order.
    pub order: &'a IncomingOrder,
    /// It must not be packed yet although it is paid: its receiver cannot be read, or an after-sale case is open.
    pub waits: bool,
    /// It may come before its money; files and platforms bring paid orders alone.
    pub may_be_unpaid: bool,
}

impl<'a> From<&'a IncomingOrder> for Arrival<'a> {
    fn from(order: &'a IncomingOrder) -> Self {
        Self { order, waits: order.receiver.trust() != ReceiverTrust::Plain, may_be_unpaid: false }
    }
}

/// What a caller is told.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What became of the order.
    pub outcome: Outcome,
    /// What it was promised, where it was taken now.
    pub promise: Option<Promise>,
    /// Why a person decides about it.
    pub hits: Vec<Doubt>,
    /// What is there already, for a duplicate.
    pub first: Option<Known>,
}

impl Answer {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, promise: None, hits: Vec::new(), first: None }
    }
}

/// Who takes orders, and what it knows from one group to the next.
#[derive(Debug, Default)]
pub struct Desk {
    reference: Arc<Reference>,
    counts: Counts,
}

/// An order with what it says of its buyer.
type Read<'a> = (Arrival<'a>, Door);

impl Desk {
    /// Takes orders in one transaction a campaign; the answers stand in the order of the arrivals. Taking the same
    /// orders again changes nothing.
    ///
    /// # Errors
    /// Of the database; campaigns taken before it stay taken, and taking the orders again goes on after them.
    pub async fn take(
        &mut self,
        database: &Database,
        now: EpochMs,
        arrivals: &[Arrival<'_>],
    ) -> Result<Vec<Answer>> {
        let read: Vec<Read<'_>> =
            arrivals.iter().map(|arrival| (*arrival, Door::of(database, arrival.order))).collect();
        self.take_read(database, now, &read.iter().map(|(arrival, door)| (arrival, door)).collect::<Vec<_>>())
            .await
    }

    async fn take_read(
        &mut self,
        database: &Database,
        now: EpochMs,
        arrivals: &group::Arrivals<'_>,
    ) -> Result<Vec<Answer>> {
        let live = live(database, &mut self.reference).await?;
        let mut by_campaign = BTreeMap::<String, Vec<usize>>::new();
        for (at, (arrival, _)) in arrivals.iter().enumerate() {
            by_campaign.entry(campaign_of(&live, arrival.order, now)).or_default().push(at);
        }
        let mut answers: Vec<Option<Answer>> = vec![None; arrivals.len()];
        for (campaign, places) in by_campaign {
            let group: Vec<_> = places.iter().map(|at| arrivals[*at]).collect();
            let taken = self.take_campaign(database, &campaign, &group, now).await?;
            for (at, answer) in places.into_iter().zip(taken) {
                answers[at] = Some(answer);
            }
        }
        Ok(answers.into_iter().flatten().collect())
    }

    async fn take_campaign(
        &mut self,
        database: &Database,
        campaign: &str,
        arrivals: &group::Arrivals<'_>,
        now: EpochMs,
    ) -> Result<Vec<Answer>> {
        let mut tries = 0;
        let mut elsewhere = HashMap::new();
        loop {
            tries += 1;
            match self.try_campaign(database, campaign, (arrivals, &elsewhere), now).await {
                Err(fault) if elsewhere.is_empty() && is_taken_twice(&fault) => {
                    elsewhere = known::find(&mut database.look().await?, None, arrivals).await?;
                    if elsewhere.is_empty() {
                        return Err(fault);
                    }
                }
                Err(fault) if tries < TRIES && database.is_cluster() => {
                    tracing::warn!(campaign, tries, fault = format!("{fault:#}"), "a group is taken again");
                }
                ended => return ended,
            }
        }
    }

    async fn try_campaign(
        &mut self,
        database: &Database,
        campaign: &str,
        (arrivals, elsewhere): (&group::Arrivals<'_>, &HashMap<OrderNo, Known>),
        now: EpochMs,
    ) -> Result<Vec<Answer>> {
        let mut tx = database.begin_intake().await?;
        let known = (&*self.reference, &mut self.counts);
        let Some(mut group) = Group::open(&mut tx, database, known, campaign, arrivals, now).await? else {
            drop(tx);
            return too_late(database, campaign, arrivals).await;
        };
        group.know_of(elsewhere);
        let mut answers = group.decide(arrivals);
        let (turn, mut tallies) = group.write(&mut tx, arrivals, &mut answers).await?;
        let in_turn = InTurn { campaign, turn, tallies: &mut tallies };
        readable::admit(&mut tx, database, in_turn, arrivals, &mut answers, now).await?;
        tx.commit().await?;
        self.counts.after(campaign, turn, tallies);
        Ok(answers)
    }
}

/// Whether a number was written that is there already.
fn is_taken_twice(fault: &anyhow::Error) -> bool {
    let fault = fault.downcast_ref::<sqlx::Error>().and_then(sqlx::Error::as_database_error);
    fault.is_some_and(sqlx::error::DatabaseError::is_unique_violation)
}

/// Orders of a campaign that sells no more: those it took are known, others are refused.
async fn too_late(
    database: &Database,
    campaign: &str,
    arrivals: &group::Arrivals<'_>,
) -> Result<Vec<Answer>> {
    let known = known::find(&mut database.look().await?, None, arrivals).await?;
    let answer = |(arrival, door): &(&Arrival<'_>, &Door)| {
        let no = OrderNo::from(arrival.order.order_no.as_str());
        match known.get(&no) {
            Some(known) => group::again(known, &arrival.order.channel, door).0,
            None => Answer::of(Outcome::Refused(Reason::NoCampaign { campaign: campaign.to_owned() })),
        }
    };
    Ok(arrivals.iter().map(answer).collect())
}

/// Takes orders at a desk of their own; the outcomes stand in the order of the arrivals.
///
/// # Errors
/// As [`Desk::take`].
pub async fn take_orders(database: &Database, now: EpochMs, group: &[Arrival<'_>]) -> Result<Vec<Outcome>> {
    let answers = Desk::default().take(database, now, group).await?;
    Ok(answers.into_iter().map(|answer| answer.outcome).collect())
}

/// A campaign that sells now.
struct Live {
    id: String,
    channel: String,
    from: i64,
    until: i64,
    offers: Vec<String>,
}

/// The campaigns that sell now, the latest first; and the company as it is now.
async fn live(database: &Database, known: &mut Arc<Reference>) -> Result<Vec<Live>> {
    let mut look = database.look().await?;
    *known = Reference::now(&mut look, known).await?;
    let mut live: Vec<Live> = Vec::new();
    let rows = query(statements::LIVE).all::<(String, String, i64, i64, String)>(&mut look).await?;
    for (id, channel, from, until, code) in rows {
        match live.last_mut() {
            Some(last) if last.id == id => last.offers.push(code),
            _ => live.push(Live { id, channel, from, until, offers: vec![code] }),
        }
    }
    Ok(live)
}

/// What an order was sold by: the campaign it names; else the latest that is live, takes its channel, was on when it
/// was ordered and sells all of it; else the sale that is always on.
fn campaign_of(live: &[Live], order: &IncomingOrder, now: EpochMs) -> String {
    if let Some(named) = &order.campaign {
        return named.clone();
    }
    let ordered_at = order.created_at_ms.or(order.paid_at_ms).unwrap_or(now.0);
    let sells = |it: &&Live| {
        (it.channel.is_empty() || it.channel == order.channel)
            && (it.from..it.until).contains(&ordered_at)
            && !order.lines.is_empty()
            && order.lines.iter().all(|line| it.offers.contains(&line.merchant_code))
    };
    live.iter().find(sells).map_or_else(|| DAILY.to_owned(), |it| it.id.clone())
}
