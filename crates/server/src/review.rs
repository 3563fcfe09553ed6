//! Deciding on orders that are held for review: let them go, cancel them, or ask the buyer. One order is one
//! transaction, so that a thousand decided together keep nobody waiting; what is left undecided is named.

use anyhow::Result;
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;
use serde::{Deserialize, Serialize};

use crate::database::Database;
use crate::intake::{Outcome, Reason, cancel_order, route_held};
use crate::store::{hold, orders, review};

/// Orders decided on in one request at most.
pub const MOST: usize = 1_000;

/// What a person says of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// It goes to its warehouse, as soon as it is paid and its receiver can be read.
    Approve,
    /// It is cancelled, its goods are free again.
    Reject,
    /// The buyer is asked; its goods stay held until the hold lapses, and it can still be decided.
    Ask,
}

/// What a request decided.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// Orders that were.
    pub decided: usize,
    /// Orders that were not, and why.
    pub left: Vec<Left>,
}

/// An order that was not decided on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Its number.
    pub order: OrderNo,
    /// The word for what is in the way, of a closed list.
    pub code: &'static str,
    /// The same in English, and what to do now.
    pub why: String,
}

/// What is in the way of a decision; nothing has changed.
enum InTheWay {
    NoOrder,
    Ended(String),
    NeverInReview,
    Refused(Reason),
    Cannot(String),
    TooMany,
    Failed,
}

impl InTheWay {
    fn code(&self) -> &'static str {
        match self {
            Self::NoOrder => "not_found",
            Self::Ended(_) => "review_ended",
            Self::NeverInReview => "never_in_review",
            Self::Refused(reason) => reason.code(),
            Self::Cannot(_) => "cannot_go",
            Self::TooMany => "too_many_orders",
            Self::Failed => "failed",
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NoOrder => "there is no order of this number".to_owned(),
            Self::Ended(state) => format!("its review has ended as {state}: nothing is to be decided"),
            Self::NeverInReview => "it was never in review: nothing is to be decided".to_owned(),
            Self::Refused(reason) => reason.en(),
            Self::Cannot(outcome) => format!("it cannot go to its warehouse ({outcome}): look at it"),
            Self::TooMany => format!("more than {MOST} orders at once: decide on the rest again"),
            Self::Failed => "the server could not do this now: try again".to_owned(),
        }
    }
}

/// Decides on orders one after the other. A fault of the database leaves its order as it was and is told as such.
pub async fn decide(
    database: &Database,
    orders: &[OrderNo],
    decision: Decision,
    who: &str,
    now: EpochMs,
) -> Decided {
    let mut done = Decided::default();
    for (place, order) in orders.iter().enumerate() {
        let left = if place < MOST {
            decide_one(database, order, decision, (who, now)).await.unwrap_or_else(|fault| {
                tracing::error!(order = order.as_str(), fault = format!("{fault:#}"), "a decision failed");
                Some(InTheWay::Failed)
            })
        } else {
            Some(InTheWay::TooMany)
        };
        match left {
            None => done.decided += 1,
            Some(it) => done.left.push(Left { order: order.clone(), code: it.code(), why: it.en() }),
        }
    }
    done
}

/// `None` when it is done; else why it is not, and nothing has changed.
async fn decide_one(
    database: &Database,
    no: &OrderNo,
    decision: Decision,
    (who, now): (&str, EpochMs),
) -> Result<Option<InTheWay>> {
    let mut tx = database.begin().await?;
    let Some(known) = orders::find(&mut tx, no).await? else {
        return Ok(Some(InTheWay::NoOrder));
    };
    hold::take_turn(&mut tx, &known.campaign).await?;
    // In the campaign's turn the order stands still; before it, a cancellation may have closed the review.
    match review::state(&mut tx, no).await?.as_deref() {
        Some("open" | "asked") => {}
        Some(ended) => return Ok(Some(InTheWay::Ended(ended.to_owned()))),
        None => return Ok(Some(InTheWay::NeverInReview)),
    }
    match decision {
        Decision::Ask => review::set_state(&mut tx, no, "asked", (who, None)).await?,
        Decision::Approve => {
            match route_held(&mut tx, database, no, now).await? {
                // An unpaid order goes when its money comes, a waiting one when its receiver can be read.
                Outcome::Accepted { .. } | Outcome::Unpaid | Outcome::WaitsForPlatform => {}
                Outcome::Refused(reason) => return Ok(Some(InTheWay::Refused(reason))),
                other => return Ok(Some(InTheWay::Cannot(format!("{other:?}")))),
            }
            review::set_state(&mut tx, no, "approved", (who, Some(now))).await?;
        }
        Decision::Reject => {
            review::set_state(&mut tx, no, "rejected", (who, Some(now))).await?;
            cancel_order(&mut tx, &known.channel, no, "rejected in review", now).await?;
        }
    }
    tx.commit().await?;
    Ok(None)
}
