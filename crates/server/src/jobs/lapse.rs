//! Cancels orders whose hold has lapsed: unpaid for too long, or in review and not decided.
//!
//! A hold lapses when the server's clock stands at its moment or later. A clock that jumps back lets none lapse
//! early and extends none: the moment stands in the row. Several servers may do this at once; each looks again in
//! the campaign's turn.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::Result;
use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;

use crate::clock::now;
use crate::database::{Database, Transaction, query};
use crate::intake::{Cancelled, cancel_order};
use crate::store::hold;

/// Orders looked for at a time.
const FOUND: i64 = 1_000;
/// Orders of a campaign cancelled in one transaction: intake waits no longer than that.
const TOGETHER: usize = 50;
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Lets holds lapse until it is dropped.
pub async fn run(database: Database) {
    loop {
        match lapse(&database, now()).await {
            // There may be more than one look finds.
            Ok(lapsed) if lapsed > 0 => {}
            Ok(_) => tokio::time::sleep(LOOK_EVERY).await,
            Err(fault) => {
                tracing::error!(fault = format!("{fault:#}"), "lapsed holds could not be looked for");
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    }
}

/// Cancels what has lapsed at a moment, at most a thousand orders; says how many were.
///
/// # Errors
/// When the database cannot be read. An order that cannot be cancelled is logged and tried again by the next call.
pub async fn lapse(database: &Database, at: EpochMs) -> Result<usize> {
    let sql = "SELECT no, campaign FROM orders
        WHERE hold_expires_at IS NOT NULL AND hold_expires_at <= $1 AND hold = 'held' AND state IN ('unpaid', 'review')
        ORDER BY hold_expires_at LIMIT $2";
    let mut look = database.look().await?;
    let due = query(sql).bind(at.0).bind(FOUND).all::<(String, String)>(&mut look).await?;
    look.rollback().await?;
    let mut by_campaign = BTreeMap::<String, Vec<OrderNo>>::new();
    for (no, campaign) in due {
        by_campaign.entry(campaign).or_default().push(no.into());
    }
    let mut lapsed = 0;
    for (campaign, orders) in by_campaign {
        for together in orders.chunks(TOGETHER) {
            match cancel(database, &campaign, together, at).await {
                Ok(count) => lapsed += count,
                // One that cannot be cancelled must not keep the others.
                Err(_) => {
                    for order in together {
                        lapsed += cancel_alone(database, &campaign, order, at).await;
                    }
                }
            }
        }
    }
    Ok(lapsed)
}

async fn cancel_alone(database: &Database, campaign: &str, order: &OrderNo, at: EpochMs) -> usize {
    cancel(database, campaign, std::slice::from_ref(order), at).await.unwrap_or_else(|fault| {
        tracing::error!(
            order = order.as_str(),
            fault = format!("{fault:#}"),
            "a lapsed hold could not be released"
        );
        0
    })
}

async fn cancel(database: &Database, campaign: &str, orders: &[OrderNo], at: EpochMs) -> Result<usize> {
    let mut tx = database.begin().await?;
    hold::take_turn(&mut tx, campaign).await?;
    let mut lapsed = 0;
    for no in orders {
        let Some((channel, state)) = still_due(&mut tx, no, at).await? else { continue };
        let reason = if state == "unpaid" { "not paid in time" } else { "not decided in time" };
        if cancel_order(&mut tx, &channel, no, reason, at).await? == Cancelled::Done {
            lapsed += 1;
        }
    }
    tx.commit().await?;
    Ok(lapsed)
}

/// Channel and state of an order that is due still; money or a decision may have come since it was found.
async fn still_due(tx: &mut Transaction, no: &OrderNo, at: EpochMs) -> Result<Option<(String, String)>> {
    let sql = "SELECT channel, state FROM orders
        WHERE no = $1 AND hold_expires_at <= $2 AND hold = 'held' AND state IN ('unpaid', 'review')";
    query(sql).bind(no.as_str()).bind(at.0).optional(tx).await
}
