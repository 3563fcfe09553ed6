//! Taking orders: every order ends as promised, as known already, or as refused with its reason; nothing in between.
//!
//! One transaction takes a group. Inside it each order is first refused for any reason there is, in a fixed order,
//! then promised by compare-and-write under a savepoint of its own, so an order that finds its stock gone leaves
//! nothing behind. Routing is the planner's; the pool's CHECK is the last guard.

mod cancel;
mod outcome;
mod promise;

use anyhow::Result;
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;
use liangcang_domain::warehouse::Carrier;
use liangcang_planner::routing::WarehouseStock;
use crate::database::{Transaction, query};

pub use cancel::{Cancelled, cancel_order};
pub use outcome::{Outcome, Reason};

use crate::database::Database;
use crate::incoming::{IncomingOrder, IncomingState, ReceiverTrust};
use crate::store::orders::{self, Known, State};
use crate::store::{company, pool};

/// Orders a transaction takes at most: other writers wait no longer than that.
pub const GROUP: usize = 1_000;

/// An order that has come in, and whether it must wait although it is paid.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// The order.
    pub order: &'a IncomingOrder,
    /// It must not be packed yet: its receiver cannot be read, or an after-sale case is open.
    pub waits: bool,
}

impl<'a> From<&'a IncomingOrder> for Arrival<'a> {
    fn from(order: &'a IncomingOrder) -> Self {
        Self { order, waits: order.receiver.trust() != ReceiverTrust::Plain }
    }
}

/// What intake knows while it takes one group.
struct Desk<'a> {
    database: &'a Database,
    catalogue: Catalogue,
    carriers: Vec<Carrier>,
    stock: Vec<WarehouseStock>,
    now: EpochMs,
}

/// Takes a group of orders in one transaction; the outcomes stand in the order of the arrivals. Taking the same
/// orders again changes nothing.
///
/// # Errors
/// Of the database; then none of the group is taken.
pub async fn take_orders(database: &Database, now: EpochMs, group: &[Arrival<'_>]) -> Result<Vec<Outcome>> {
    let mut tx = database.begin().await?;
    let catalogue = company::catalogue(&mut tx).await?;
    let carriers = company::carriers(&mut tx).await?;
    let stock = pool::sellable(&mut tx).await?;
    let mut desk = Desk { database, catalogue, carriers, stock, now };
    let mut outcomes = Vec::with_capacity(group.len());
    for arrival in group {
        let outcome = desk.take(&mut tx, *arrival).await?;
        desk.log_refusal(&mut tx, arrival.order, &outcome).await?;
        outcomes.push(outcome);
    }
    tx.commit().await?;
    Ok(outcomes)
}

impl Desk<'_> {
    async fn take(&mut self, conn: &mut Transaction, arrival: Arrival<'_>) -> Result<Outcome> {
        let order = arrival.order;
        let no = OrderNo::from(order.order_no.as_str());
        match orders::find(conn, &no).await? {
            Some(known) if known.channel != order.channel => {
                Ok(Outcome::Refused(Reason::NumberTaken { channel: known.channel }))
            }
            Some(known)
                if known.state == State::Waiting && !arrival.waits && order.state == IncomingState::Paid =>
            {
                self.stop_waiting(conn, &no, order, known).await
            }
            Some(known) => self.note_duplicate(conn, &no, order, &known).await,
            None if order.state != IncomingState::Paid => {
                Ok(Outcome::Refused(Reason::NotToShip { state: order.state }))
            }
            None if order.lines.is_empty() => Ok(Outcome::Refused(Reason::NothingToShip)),
            None => {
                query("SAVEPOINT one_order").execute(conn).await?;
                let promised = self.promise(conn, &no, arrival).await?;
                if promised.is_refused() {
                    query("ROLLBACK TO SAVEPOINT one_order").execute(conn).await?;
                }
                query("RELEASE SAVEPOINT one_order").execute(conn).await?;
                Ok(promised)
            }
        }
    }

    /// The first delivery wins; that a later one says otherwise is for a person to know.
    async fn note_duplicate(
        &self,
        conn: &mut Transaction,
        no: &OrderNo,
        order: &IncomingOrder,
        known: &Known,
    ) -> Result<Outcome> {
        let fingerprint = self.fingerprint(order);
        let changed = fingerprint != known.fingerprint && known.state != State::Cancelled;
        if changed {
            let note = format!("arrived again with another content ({})", &fingerprint[..8]);
            orders::note(conn, no, &note, self.now).await?;
        }
        Ok(Outcome::Duplicate { changed })
    }

    /// Equal for orders that ask for the same goods to the same door.
    fn fingerprint(&self, order: &IncomingOrder) -> String {
        let to = &order.receiver;
        let mut text = [&to.name, &to.phone, &to.province, &to.city, &to.district, &to.street, &to.detail]
            .map(String::as_str)
            .join("\u{1f}");
        let mut lines: Vec<String> =
            order.lines.iter().map(|line| format!("{}*{}", line.merchant_code, line.qty)).collect();
        lines.sort_unstable();
        text.push('\u{1e}');
        text.push_str(&lines.join("\u{1f}"));
        crate::secret::hex(&self.database.key().search_hash(&text))
    }

    async fn log_refusal(
        &self,
        conn: &mut Transaction,
        order: &IncomingOrder,
        outcome: &Outcome,
    ) -> Result<()> {
        let Outcome::Refused(reason) = outcome else { return Ok(()) };
        let sql = "INSERT INTO refusal (order_no, channel, code, reason, at) VALUES ($1, $2, $3, $4, $5)
            ON CONFLICT (order_no, channel, code) DO UPDATE SET reason = excluded.reason, at = excluded.at";
        query(sql)
            .bind(&order.order_no)
            .bind(&order.channel)
            .bind(reason.code())
            .bind(reason.en())
            .bind(self.now.0)
            .execute(conn)
            .await?;
        Ok(())
    }
}
