//! From an order file to orders: the file is read, its good orders are taken group by group, and everything that was
//! not taken is told with its reason. Shared by the command line and the office's page.

use std::collections::BTreeSet;

use anyhow::Result;
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::id::OrderNo;
use serde::Serialize;

use crate::clock::now;
use crate::database::Database;
use crate::intake::{Arrival, Cancelled, Desk, GROUP, Outcome, Reason, cancel_order};
use crate::order_files::{FileFault, Preview, Skip, Source, read_orders};
use crate::store::company;

/// What an import did.
#[derive(Debug, Default)]
pub struct Taken {
    /// Promised and at their warehouse.
    pub accepted: usize,
    /// Known before.
    pub duplicates: usize,
    /// Of these, with another content than the first time: order numbers.
    pub changed: Vec<String>,
    /// Promised, waiting for the platform.
    pub waiting: usize,
    /// Promised, and a person decides.
    pub review: usize,
    /// Closed at the channel and cancelled here.
    pub cancelled: usize,
    /// Not taken, by order number.
    pub refused: Vec<(String, Reason)>,
}

/// One refused order, for a JSON answer.
#[derive(Debug, Serialize)]
pub struct RefusedOrder<'a> {
    /// Its number.
    pub order_no: &'a str,
    /// The closed list's word.
    pub code: &'static str,
    /// Words in Chinese.
    pub zh: String,
    /// Words in English.
    pub en: String,
}

impl Taken {
    /// The refused orders as they may be shown.
    #[must_use]
    pub fn refused(&self) -> Vec<RefusedOrder<'_>> {
        self.refused
            .iter()
            .map(|(no, why)| RefusedOrder { order_no: no, code: why.code(), zh: why.zh(), en: why.en() })
            .collect()
    }
}

/// Reads a file against the catalogue as it is now.
///
/// # Errors
/// Of the database; the inner result says why the file as a whole cannot be read.
pub async fn preview(
    database: &Database,
    bytes: Vec<u8>,
    source: Source,
) -> Result<Result<Preview, FileFault>> {
    let catalogue: Catalogue = company::catalogue(&mut database.look().await?).await?;
    // A large workbook takes seconds; other requests must not wait for it.
    let read = move || read_orders(&bytes, &source, |code| catalogue.sellable(code).is_some());
    Ok(tokio::task::spawn_blocking(read).await?)
}

/// Takes everything a preview found good.
///
/// # Errors
/// Of the database; groups taken before it stay taken, and importing the file again goes on after them.
pub async fn take(database: &Database, channel: &str, preview: &Preview) -> Result<Taken> {
    let good = preview.orders.iter().map(Arrival::from);
    let waiting =
        preview.waiting.iter().map(|it| Arrival { order: &it.order, waits: true, may_be_unpaid: false });
    let arrivals: Vec<Arrival<'_>> = good.chain(waiting).collect();
    let mut taken = Taken::default();
    let mut desk = Desk::default();
    for group in arrivals.chunks(GROUP) {
        let answers = desk.take(database, now(), group).await?;
        for (arrival, answer) in group.iter().zip(answers) {
            taken.count(&arrival.order.order_no, answer.outcome);
        }
    }
    cancel_closed(database, channel, preview, &mut taken).await?;
    Ok(taken)
}

impl Taken {
    fn count(&mut self, order_no: &str, outcome: Outcome) {
        match outcome {
            Outcome::Accepted { .. } => self.accepted += 1,
            Outcome::WaitsForPlatform | Outcome::Unpaid => self.waiting += 1,
            Outcome::Review => self.review += 1,
            Outcome::Refused(reason) => self.refused.push((order_no.to_owned(), reason)),
            Outcome::Duplicate { changed } => {
                self.duplicates += 1;
                if changed {
                    self.changed.push(order_no.to_owned());
                }
            }
        }
    }
}

/// An order of which the file has closed lines and no other is closed as a whole; with others left it is shipped
/// as it was taken, and the office is told that it has changed.
async fn cancel_closed(
    database: &Database,
    channel: &str,
    preview: &Preview,
    taken: &mut Taken,
) -> Result<()> {
    let alive: BTreeSet<&str> = preview
        .orders
        .iter()
        .map(|order| order.order_no.as_str())
        .chain(preview.waiting.iter().map(|it| it.order.order_no.as_str()))
        .chain(preview.refused.iter().filter_map(|fault| fault.order_no.as_deref()))
        .chain(preview.skipped.iter().filter(|line| !is_closed(line.why)).map(|line| line.order_no.as_str()))
        .collect();
    let closed: BTreeSet<&str> = preview
        .skipped
        .iter()
        .filter(|line| is_closed(line.why))
        .map(|line| line.order_no.as_str())
        .collect();
    let gone: Vec<&str> = closed.difference(&alive).copied().collect();
    for group in gone.chunks(GROUP) {
        let mut tx = database.begin().await?;
        for no in group {
            let no = OrderNo::from(*no);
            if cancel_order(&mut tx, channel, &no, "closed in the order file", now()).await?
                == Cancelled::Done
            {
                taken.cancelled += 1;
            }
        }
        tx.commit().await?;
    }
    Ok(())
}

fn is_closed(why: Skip) -> bool {
    matches!(why, Skip::Closed | Skip::Refunded)
}
