//! The queue before intake: callers wait in it, one task takes as many of them as have come, and each gets its own
//! answer after the commit.
//!
//! The queue has a bound. Past it a caller is told to come again, and nothing of its order was taken.

use liangcang_domain::unit::EpochMs;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

use super::{Answer, Arrival, Desk, Door, GROUP};
use crate::clock;
use crate::database::Database;
use crate::incoming::{IncomingOrder, ReceiverTrust};

/// Orders that wait at most: at the slowest disk measured they are taken within a second.
const WAITING: usize = 16_384;

/// Too many orders wait, or the server is stopping: nothing was taken, come again in a second.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many orders are waiting; this one was not taken, send it again in a second")]
pub struct Busy;

/// The database failed while the order was taken; whether it is there says the next try with the same number.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the database failed: {0}")]
pub struct Failed(pub String);

struct Waiting {
    order: Box<IncomingOrder>,
    door: Box<Door>,
    answer: oneshot::Sender<Result<Answer, Failed>>,
}

/// Where orders are handed in.
#[derive(Clone, Debug)]
pub struct Intake {
    database: Database,
    queue: mpsc::Sender<Waiting>,
}

/// Orders that were handed in and will be answered.
#[derive(Debug)]
pub struct Pending(Vec<oneshot::Receiver<Result<Answer, Failed>>>);

impl Intake {
    /// Starts the one task that takes orders. It ends when the last handle is gone and the queue is empty.
    #[must_use]
    pub fn start(database: Database) -> (Self, JoinHandle<()>) {
        let (queue, waiting) = mpsc::channel(WAITING);
        let intake = Self { database: database.clone(), queue };
        (intake, tokio::spawn(run(database, waiting)))
    }

    /// Hands orders in, all or none.
    ///
    /// # Errors
    /// [`Busy`]: none of them was taken.
    pub fn hand_in(&self, orders: Vec<IncomingOrder>) -> Result<Pending, Busy> {
        let places = self.queue.try_reserve_many(orders.len()).map_err(|_| Busy)?;
        let pending = places.zip(orders).map(|(place, order)| {
            let (answer, pending) = oneshot::channel();
            // Read here, by the caller: the one task that takes orders is the bottleneck.
            let door = Box::new(Door::of(&self.database, &order));
            place.send(Waiting { order: Box::new(order), door, answer });
            pending
        });
        Ok(Pending(pending.collect()))
    }
}

impl Pending {
    /// The answers, in the order of the orders; after the commit.
    ///
    /// # Errors
    /// [`Failed`]: of the database.
    pub async fn answers(self) -> Result<Vec<Answer>, Failed> {
        let mut answers = Vec::with_capacity(self.0.len());
        for pending in self.0 {
            answers.push(pending.await.unwrap_or_else(|_| Err(Failed("the server is stopping".to_owned())))?);
        }
        Ok(answers)
    }
}

async fn run(database: Database, mut waiting: mpsc::Receiver<Waiting>) {
    let mut desk = Desk::default();
    let mut group = Vec::with_capacity(GROUP);
    while waiting.recv_many(&mut group, GROUP).await > 0 {
        let read: Vec<(Arrival<'_>, &Door)> =
            group.iter().map(|it| (arrival(&it.order), &*it.door)).collect();
        let arrivals: Vec<(&Arrival<'_>, &Door)> =
            read.iter().map(|(arrival, door)| (arrival, *door)).collect();
        let now: EpochMs = clock::now();
        let taken = desk.take_read(&database, now, &arrivals).await;
        match taken {
            Ok(answers) => {
                for (it, answer) in group.drain(..).zip(answers) {
                    // A caller that has gone away knows its order by its number.
                    let _ = it.answer.send(Ok(answer));
                }
            }
            Err(fault) => {
                let fault = Failed(format!("{fault:#}"));
                tracing::error!(%fault, orders = group.len(), "a group of orders could not be taken");
                for it in group.drain(..) {
                    let _ = it.answer.send(Err(fault.clone()));
                }
            }
        }
    }
}

fn arrival(order: &IncomingOrder) -> Arrival<'_> {
    Arrival { order, waits: order.receiver.trust() != ReceiverTrust::Plain, may_be_unpaid: true }
}
