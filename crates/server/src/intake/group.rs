//! One transaction for a group of orders of one campaign: take the campaign's turn, read what is left, decide each
//! order, write everything, commit. Only then is anybody answered.
//!
//! The number of statements does not grow with the orders; of orders a statement writes many rows.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::{Result, ensure};
use liangcang_domain::id::{CarrierId, OrderNo, WarehouseId};
use liangcang_domain::risk::Blocked;
use liangcang_domain::unit::EpochMs;
use liangcang_planner::allocation::Prices;

use super::book::{Book, Sale};
use super::counts::{Counts, Tallies};
use super::decide::{Promised, decide};
use super::held::wake;
use super::known::{self, look_up};
use super::outcome::{Outcome, Reason};
use super::place::{count_day, read_live};
use super::reference::Reference;
use super::statements as sql;
use super::{Answer, Arrival, Door, Promise};
use crate::database::{Database, Transaction, Value, insert_rows, query};
use crate::incoming::IncomingState;
use crate::store::hold::DAILY;
use crate::store::order_insert::{self, NewOrder, Sealed};
use crate::store::orders::{self, Known, State};
use crate::store::{feed, waybill};

/// A group in its transaction.
pub(super) struct Group<'a> {
    database: &'a Database,
    reference: &'a Reference,
    now: EpochMs,
    turn: i64,
    sale: Sale,
    book: Book,
    /// Orders that were there before this group.
    known: HashMap<OrderNo, Known>,
    promised: Vec<(usize, Promised)>,
    /// Where they stand among those, by number.
    taken: HashMap<OrderNo, usize>,
    refused: Vec<(usize, Reason)>,
    /// Orders held back that can go now: their money came, or their receiver can be read.
    woken: Vec<(usize, OrderNo)>,
    notes: Vec<(OrderNo, String)>,
}

/// The orders of a group with their doors.
pub(super) type Arrivals<'a> = [(&'a Arrival<'a>, &'a Door)];

impl<'a> Group<'a> {
    /// Takes the campaign's turn and reads what is left of it. `None` when the campaign sells no more.
    pub(super) async fn open(
        conn: &mut Transaction,
        database: &'a Database,
        (reference, counts): (&'a Reference, &mut Counts),
        campaign: &str,
        arrivals: &Arrivals<'_>,
        now: EpochMs,
    ) -> Result<Option<Self>> {
        type Row = (i64, String, i64, i64, i64, i64, String, String);
        let row = query(sql::TURN).bind(campaign).optional::<Row>(conn).await?;
        let Some((turn, state, split, buyer_limit, address_limit, unpaid_ms, rules, prices)) = row else {
            return Ok(None);
        };
        if state != "live" {
            return Ok(None);
        }
        let offers =
            query(sql::OFFERS).bind(campaign).all::<(String, i64)>(conn).await?.into_iter().collect();
        let daily = campaign == DAILY;
        let rules = if rules.is_empty() { None } else { Some(serde_json::from_str(&rules)?) };
        let prices = if prices.is_empty() { Prices::default() } else { serde_json::from_str(&prices)? };
        let sale = Sale {
            id: campaign.to_owned(),
            daily,
            // The standing sale never splits, whatever its row says.
            split_allowed: split == 1 && !daily,
            buyer_limit,
            address_limit,
            unpaid_ms,
            offers,
            rules,
            prices,
        };
        let mut group = Self {
            database,
            reference,
            now,
            turn,
            sale,
            book: Book::default(),
            known: HashMap::new(),
            promised: Vec::new(),
            taken: HashMap::new(),
            refused: Vec::new(),
            woken: Vec::new(),
            notes: Vec::new(),
        };
        group.known = known::find(conn, Some(&group.sale.id), arrivals).await?;
        group.book.live = read_live(conn, reference, &group.sale, now).await?;
        group.read_limits(conn, arrivals).await?;
        if group.sale.counts() {
            let window_ms = group.sale.window_ms();
            group.book.tallies = counts.before(conn, campaign, turn, window_ms).await?;
        }
        group.read_numbers(conn).await?;
        Ok(Some(group))
    }

    async fn read_limits(&mut self, conn: &mut Transaction, arrivals: &Arrivals<'_>) -> Result<()> {
        let provinces = query(sql::PROVINCES).bind(&self.sale.id).all::<(String, i64, i64)>(conn).await?;
        self.book.provinces =
            provinces.into_iter().map(|(name, most, taken)| (name, (most, taken))).collect();
        let keys: HashSet<i64> = arrivals.iter().flat_map(|(_, door)| door.keys.known()).collect();
        let mut keys: Vec<i64> = keys.into_iter().collect();
        keys.sort_unstable();
        let values = keys.iter().map(|key| Value::from(*key));
        let blocked: Vec<(i64, String)> = look_up(conn, sql::BLOCKED, None, values).await?;
        let blocked = blocked.into_iter().filter_map(|(key, kind)| Some((key, Blocked::parse(&kind)?)));
        self.book.blocked = blocked.collect();
        Ok(())
    }

    async fn read_numbers(&mut self, conn: &mut Transaction) -> Result<()> {
        let count = |left: i64| usize::try_from(left).unwrap_or(0);
        for warehouse in &self.reference.warehouses {
            let rows = query(sql::NUMBERS).bind(warehouse.as_str()).all::<(String, i64)>(conn).await?;
            for (carrier, left) in rows {
                self.book.numbers.entry(warehouse.clone()).or_default().insert(carrier.into(), count(left));
            }
        }
        let unleased = query(waybill::UNLEASED).all::<(String, i64)>(conn).await?;
        self.book.unleased =
            unleased.into_iter().map(|(carrier, left)| (carrier.into(), count(left))).collect();
        Ok(())
    }

    /// Orders that another campaign has: their show ended before they came again.
    pub(super) fn know_of(&mut self, elsewhere: &HashMap<OrderNo, Known>) {
        self.known.extend(elsewhere.iter().map(|(no, known)| (no.clone(), known.clone())));
    }

    /// Decides the orders one by one, in the order they came.
    pub(super) fn decide(&mut self, arrivals: &Arrivals<'_>) -> Vec<Answer> {
        arrivals.iter().enumerate().map(|(at, (arrival, door))| self.decide_one(at, arrival, door)).collect()
    }

    fn decide_one(&mut self, at: usize, arrival: &Arrival<'_>, door: &Door) -> Answer {
        let no = OrderNo::from(arrival.order.order_no.as_str());
        if let Some(known) = &self.find(&no) {
            let held = matches!(known.state, State::Unpaid | State::Waiting);
            let paid = arrival.order.state == IncomingState::Paid && !arrival.waits;
            if held && paid && known.channel == arrival.order.channel {
                self.woken.push((at, no));
                let outcome =
                    Outcome::Accepted { warehouse: known.warehouse.clone(), carrier: known.carrier.clone() };
                return Answer::of(outcome);
            }
            let (answer, note) = again(known, &arrival.order.channel, door);
            self.notes.extend(note.map(|note| (no, note)));
            return answer;
        }
        match decide(self.reference, &self.sale, &mut self.book, (arrival, door), self.now) {
            Ok(mut promised) => {
                for part in &mut promised.further {
                    part.sealed =
                        Sealed::of_further_part(self.database, &part.order.no, &part.order.receiver);
                }
                let answer = Answer::of(promised.outcome.clone());
                self.taken.insert(no, self.promised.len());
                self.promised.push((at, promised));
                answer
            }
            Err(reason) => {
                self.refused.push((at, reason.clone()));
                Answer::of(Outcome::Refused(reason))
            }
        }
    }

    /// An order that is there already, or was taken earlier in this group.
    fn find(&self, no: &OrderNo) -> Option<Known> {
        let here = || self.taken.get(no).map(|place| Known::from(&self.promised[*place].1.new));
        self.known.get(no).cloned().or_else(here)
    }

    /// Writes what was decided. Stock is claimed by compare-and-write: in the campaign's turn it cannot fail, and if
    /// it did, nothing of the group would stay. Gives the turn and the counts after it.
    pub(super) async fn write(
        mut self,
        conn: &mut Transaction,
        arrivals: &Arrivals<'_>,
        answers: &mut [Answer],
    ) -> Result<(i64, Tallies)> {
        self.claim(conn).await?;
        count_day(conn, self.rows().map(|new| &new.order.warehouse), self.now).await?;
        self.number(conn).await?;
        let rows: Vec<_> = self.rows().collect();
        order_insert::insert(conn, self.turn, &rows).await?;
        self.open_reviews(conn).await?;
        self.tell(conn).await?;
        self.note(conn, arrivals).await?;
        for (at, no) in &self.woken {
            let receiver = Some(arrivals[*at].1.receiver.clone());
            answers[*at].outcome = wake(conn, self.database, no, receiver, self.now).await?;
        }
        for (at, promised) in self.promised {
            answers[at].hits = promised.hits;
            answers[at].promise = Some(Promise::of(promised.new, &promised.further));
        }
        Ok((self.turn, self.book.tallies))
    }

    /// What is to be written: a row an order, or a row a part.
    fn rows(&self) -> impl Iterator<Item = &NewOrder> {
        self.promised.iter().flat_map(|(_, promised)| promised.rows())
    }

    async fn claim(&self, conn: &mut Transaction) -> Result<()> {
        let mut claimed = BTreeMap::<_, i64>::new();
        for new in self.rows() {
            for (sku, qty) in &new.units {
                *claimed.entry((&new.order.warehouse, sku, &new.quota_channel)).or_default() += qty.0;
            }
        }
        for ((warehouse, sku, channel), qty) in claimed {
            let claim = if self.sale.daily {
                query(sql::CLAIM_POOL).bind(qty).bind(warehouse.as_str()).bind(sku.as_str())
            } else {
                let claim = query(sql::CLAIM_QUOTA).bind(qty).bind(&self.sale.id);
                claim.bind(warehouse.as_str()).bind(sku.as_str()).bind(channel)
            };
            let claimed = claim.execute(conn).await?;
            ensure!(
                claimed == 1,
                "{qty} of {sku} at {warehouse} were taken by somebody else at the same moment"
            );
        }
        for (province, orders) in &self.book.from_province {
            let claim = query(sql::CLAIM_PROVINCE).bind(*orders).bind(&self.sale.id).bind(province);
            ensure!(claim.execute(conn).await? == 1, "the quota of {province} was taken at the same moment");
        }
        Ok(())
    }

    /// Gives waybill numbers to the orders that go to a warehouse now.
    async fn number(&mut self, conn: &mut Transaction) -> Result<()> {
        let mut wanted = BTreeMap::<(WarehouseId, CarrierId), usize>::new();
        for order in self.rows().filter(|new| new.state == State::Routed).map(|new| &new.order) {
            *wanted.entry((order.warehouse.clone(), order.carrier.clone())).or_default() += 1;
        }
        let mut numbers = BTreeMap::new();
        let mut others = BTreeMap::<CarrierId, usize>::new();
        for ((_, carrier), count) in &wanted {
            *others.entry(carrier.clone()).or_default() += count;
        }
        for ((warehouse, carrier), count) in wanted {
            let others = others.entry(carrier.clone()).or_default();
            *others -= count;
            let taken = waybill::take(conn, &warehouse, &carrier, count, *others).await?;
            ensure!(
                taken.len() == count,
                "waybill numbers of {carrier} at {warehouse} ran out at the same moment"
            );
            numbers.insert((warehouse, carrier), taken.into_iter());
        }
        let rows = self.promised.iter_mut().flat_map(|(_, promised)| promised.rows_mut());
        for order in rows.filter(|new| new.state == State::Routed).map(|new| &mut new.order) {
            let run = numbers.get_mut(&(order.warehouse.clone(), order.carrier.clone()));
            order.waybill_no = run.and_then(Iterator::next).unwrap_or_default();
            (order.route_code, order.consolidation) =
                self.reference.routes.printed(&order.carrier, &order.receiver);
        }
        Ok(())
    }

    async fn open_reviews(&self, conn: &mut Transaction) -> Result<()> {
        let mut rows: Vec<[Value; _]> = Vec::new();
        for promised in self.promised.iter().map(|(_, promised)| promised).filter(|it| !it.hits.is_empty()) {
            rows.push([
                promised.new.order.no.as_str().into(),
                self.sale.id.as_str().into(),
                "open".into(),
                serde_json::to_string(&promised.hits)?.into(),
                self.now.0.into(),
            ]);
        }
        insert_rows(conn, (sql::REVIEW, ""), rows.into_iter().map(Ok)).await?;
        Ok(())
    }

    async fn tell(&self, conn: &mut Transaction) -> Result<()> {
        let told = self.rows().filter(|new| new.state == State::Routed).map(|new| &new.order);
        feed::append_orders(conn, self.database, told).await
    }

    /// Refusals and notes, for the office.
    async fn note(&self, conn: &mut Transaction, arrivals: &Arrivals<'_>) -> Result<()> {
        let mut seen = HashSet::new();
        let mut rows: Vec<[Value; _]> = Vec::new();
        for (at, reason) in &self.refused {
            let order = arrivals[*at].0.order;
            if !seen.insert((&order.order_no, &order.channel, reason.code())) {
                continue;
            }
            rows.push([
                self.sale.id.as_str().into(),
                order.order_no.as_str().into(),
                order.channel.as_str().into(),
                reason.code().into(),
                reason.en().into(),
                self.now.0.into(),
            ]);
        }
        insert_rows(conn, (sql::REFUSE, sql::REFUSE_AGAIN), rows.into_iter().map(Ok)).await?;
        for (no, note) in &self.notes {
            orders::note(conn, no, note, self.now).await?;
        }
        Ok(())
    }
}

/// An order that is here already: nothing changes. That a later delivery says otherwise is for a person to know.
pub(super) fn again(known: &Known, channel: &str, door: &Door) -> (Answer, Option<String>) {
    if known.channel != channel {
        let reason = Reason::NumberTaken { channel: known.channel.clone() };
        return (Answer::of(Outcome::Refused(reason)), None);
    }
    let changed = door.fingerprint != known.fingerprint && known.state != State::Cancelled;
    let short = &door.fingerprint[..8];
    let note = changed.then(|| format!("arrived again with another content ({short})"));
    let answer = Answer { first: Some(known.clone()), ..Answer::of(Outcome::Duplicate { changed }) };
    (answer, note)
}
