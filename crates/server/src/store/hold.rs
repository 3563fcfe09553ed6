//! The promise of an order and the stock behind it, each moved by one statement that also checks.
//!
//! A hold takes its units from the pools (`daily`) or from its campaign's quotas, which the pools hold for the
//! campaign already. Rows are touched in one order everywhere: campaign, quotas, pools, orders.

use anyhow::{Context, Result, ensure};
use liangcang_domain::id::{OrderNo, SkuId, WarehouseId};

use super::{changes, quota};
use crate::database::{Transaction, query};

/// The sale that is always on and draws on the pools themselves.
pub const DAILY: &str = "daily";

/// What an order has promised.
#[derive(Clone, Debug)]
struct Hold {
    campaign: String,
    channel: String,
    warehouse: String,
    state: String,
    units: Vec<(String, i64)>,
    province: String,
    turn: i64,
    paid: bool,
    closed: bool,
    /// It is a part of an order, and not the first, which is counted for all.
    further: bool,
}

async fn of(conn: &mut Transaction, order: &OrderNo, turn: i64) -> Result<Hold> {
    let sql =
        "SELECT o.campaign, o.quota_channel, o.warehouse, o.hold, o.units, o.province, o.paid_at, o.part_of,
            c.state AS campaign_state
        FROM orders o JOIN campaign c ON c.id = o.campaign WHERE o.no = $1";
    let row = query(sql).bind(order.as_str()).row(conn).await?;
    let row = row.with_context(|| format!("there is no order {order}"))?;
    Ok(Hold {
        campaign: row.get("campaign")?,
        channel: row.get("quota_channel")?,
        warehouse: row.get("warehouse")?,
        state: row.get("hold")?,
        units: serde_json::from_str(&row.get::<String>("units")?)?,
        province: row.get("province")?,
        turn,
        paid: row.get::<i64>("paid_at")? > 0,
        closed: row.get::<String>("campaign_state")? == "closed",
        further: !["", order.as_str()].contains(&row.get::<String>("part_of")?.as_str()),
    })
}

/// Waits for the campaign's turn, and numbers it: from here on nobody else moves its stock.
///
/// # Errors
/// Of the database, also when there is no such campaign.
pub async fn take_turn(conn: &mut Transaction, campaign: &str) -> Result<i64> {
    let sql = "UPDATE campaign SET turn = turn + 1 WHERE id = $1 RETURNING turn";
    let turn = query(sql).bind(campaign).scalar_optional(conn).await?;
    turn.with_context(|| format!("there is no campaign {campaign}"))
}

/// The hold of an order that is about to be moved, its campaign's turn taken.
async fn in_turn(conn: &mut Transaction, order: &OrderNo) -> Result<Hold> {
    let sql = "SELECT campaign FROM orders WHERE no = $1";
    let campaign: String = query(sql).bind(order.as_str()).scalar(conn).await?;
    let turn = take_turn(conn, &campaign).await?;
    changes::note(conn, order, turn).await?;
    of(conn, order, turn).await
}

async fn set_state(conn: &mut Transaction, order: &OrderNo, from: &str, to: &str) -> Result<()> {
    let sql = "UPDATE orders SET hold = $3, hold_expires_at = NULL WHERE no = $1 AND hold = $2";
    let written = query(sql).bind(order.as_str()).bind(from).bind(to).execute(conn).await?;
    ensure!(written == 1, "the hold of order {order} is not {from}");
    Ok(())
}

impl Hold {
    fn is_daily(&self) -> bool {
        self.campaign == DAILY
    }

    /// Moves the campaign's quota of one SKU.
    async fn move_quota(&self, conn: &mut Transaction, sql: &'static str, sku: &str, qty: i64) -> Result<()> {
        let moved = query(sql)
            .bind(qty)
            .bind(&self.campaign)
            .bind(&self.warehouse)
            .bind(sku)
            .bind(&self.channel)
            .execute(conn)
            .await?;
        ensure!(moved == 1, "campaign {} has no such quota of {sku} at {}", self.campaign, self.warehouse);
        Ok(())
    }

    async fn move_pool(&self, conn: &mut Transaction, sql: &'static str, sku: &str, qty: i64) -> Result<()> {
        let moved = query(sql).bind(qty).bind(&self.warehouse).bind(sku).execute(conn).await?;
        ensure!(moved == 1, "there is no such pool of {sku} at {}", self.warehouse);
        Ok(())
    }

    /// Buyer, address and province may order again.
    async fn uncount(&self, conn: &mut Transaction, order: &OrderNo) -> Result<()> {
        if self.further {
            return Ok(());
        }
        let sql = "UPDATE province_quota SET taken = taken - 1
            WHERE campaign = $1 AND province = $2 AND taken > 0";
        query(sql).bind(&self.campaign).bind(&self.province).execute(conn).await?;
        let sql = "INSERT INTO uncounted (campaign, turn, order_no, refund, address_key, phone_key, buyer_key, device_key)
            SELECT campaign, $2, no, $3, address_key, phone_key, buyer_key, device_key FROM orders WHERE no = $1";
        query(sql).bind(order.as_str()).bind(self.turn).bind(self.paid).execute(conn).await?;
        Ok(())
    }
}

const POOL_FREE: &str = "UPDATE pool SET held = held - $1 WHERE warehouse = $2 AND sku = $3";
const POOL_OUT: &str = "UPDATE pool SET on_hand = on_hand - $1, held = held - $1, shipped = shipped + $1
    WHERE warehouse = $2 AND sku = $3";
const POOL_IN: &str = "UPDATE pool SET on_hand = on_hand + $1, held = held + $1, shipped = shipped - $1
    WHERE warehouse = $2 AND sku = $3";
/// Units nobody held go out: from free stock, and what is not free is owed.
const POOL_OUT_UNHELD: &str = "UPDATE pool SET shipped = shipped + $1,
        on_hand = on_hand - CASE WHEN on_hand - held < $1 THEN on_hand - held ELSE $1 END,
        owed = owed + CASE WHEN on_hand - held < $1 THEN $1 - (on_hand - held) ELSE 0 END
    WHERE warehouse = $2 AND sku = $3";
/// They come back, and nobody wants them: what is owed is paid first.
const POOL_IN_UNHELD: &str = "UPDATE pool SET shipped = shipped - $1,
        on_hand = on_hand + CASE WHEN owed < $1 THEN $1 - owed ELSE 0 END,
        owed = owed - CASE WHEN owed < $1 THEN owed ELSE $1 END
    WHERE warehouse = $2 AND sku = $3";

const QUOTA_FREE: &str = "UPDATE quota SET held = held - $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5";
/// The campaign is over: what it does not need goes back to the pool.
const QUOTA_GIVE_BACK: &str = "UPDATE quota SET held = held - $1, set_aside = set_aside - $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5";
const QUOTA_OUT: &str = "UPDATE quota SET held = held - $1, settled = settled + $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5";
const QUOTA_IN: &str = "UPDATE quota SET held = held + $1, settled = settled - $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5";
/// The quota grows by units that went out of the free stock behind it.
const QUOTA_OUT_UNHELD: &str = "UPDATE quota SET set_aside = set_aside + $1, settled = settled + $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5";
const QUOTA_IN_UNHELD: &str = "UPDATE quota SET set_aside = set_aside - $1, settled = settled - $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5";

/// Lets go of what an order held; the units may be promised again. Nothing happens where it holds nothing.
///
/// # Errors
/// Of the database.
pub async fn release(conn: &mut Transaction, order: &OrderNo) -> Result<()> {
    let hold = in_turn(conn, order).await?;
    if hold.state != "held" {
        return Ok(());
    }
    for (sku, qty) in &hold.units {
        if hold.is_daily() {
            hold.move_pool(conn, POOL_FREE, sku, *qty).await?;
        } else if hold.closed {
            hold.move_quota(conn, QUOTA_GIVE_BACK, sku, *qty).await?;
            hold.move_pool(conn, POOL_FREE, sku, *qty).await?;
        } else {
            hold.move_quota(conn, QUOTA_FREE, sku, *qty).await?;
        }
    }
    set_state(conn, order, "held", "released").await?;
    hold.uncount(conn, order).await
}

/// The order has left the building. What was held is settled. What was let go before (the cancellation came while
/// the parcel was on its way to the truck) is taken from free stock, and what is not free is owed.
///
/// # Errors
/// Of the database.
pub async fn settle(conn: &mut Transaction, order: &OrderNo) -> Result<()> {
    let hold = in_turn(conn, order).await?;
    let held = hold.state == "held";
    if !held && hold.state != "released" {
        return Ok(());
    }
    for (sku, qty) in &hold.units {
        if !hold.is_daily() {
            let sql = if held { QUOTA_OUT } else { QUOTA_OUT_UNHELD };
            hold.move_quota(conn, sql, sku, *qty).await?;
        }
        hold.move_pool(conn, if held { POOL_OUT } else { POOL_OUT_UNHELD }, sku, *qty).await?;
    }
    set_state(conn, order, &hold.state, "settled").await
}

/// The parcel came back out of the cage: [`settle`] the other way round. `wanted` says whether the order is still
/// wanted; goods of an unwanted one go to the free stock.
///
/// # Errors
/// Of the database.
pub async fn unsettle(conn: &mut Transaction, order: &OrderNo, wanted: bool) -> Result<()> {
    let hold = in_turn(conn, order).await?;
    if hold.state != "settled" {
        return Ok(());
    }
    for (sku, qty) in &hold.units {
        if !hold.is_daily() {
            hold.move_quota(conn, if wanted { QUOTA_IN } else { QUOTA_IN_UNHELD }, sku, *qty).await?;
        }
        hold.move_pool(conn, if wanted { POOL_IN } else { POOL_IN_UNHELD }, sku, *qty).await?;
    }
    set_state(conn, order, "settled", if wanted { "held" } else { "released" }).await
}

/// The units lie where nobody looks for them any more.
const POOL_LOST: &str = "UPDATE pool SET on_hand = on_hand - $1, held = held - $1, missing = missing + $1
    WHERE warehouse = $2 AND sku = $3";
const POOL_CLAIM: &str =
    "UPDATE pool SET held = held + $1 WHERE warehouse = $2 AND sku = $3 AND on_hand - held >= $1";
const QUOTA_CLAIM: &str = "UPDATE quota SET held = held + $1
    WHERE campaign = $2 AND warehouse = $3 AND sku = $4 AND channel = $5 AND set_aside - held - settled >= $1";

/// What becomes of the units an order held where it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeftBehind {
    /// They are free again.
    Free,
    /// The warehouse could not find all of them: nobody is promised them until somebody counts.
    Missing,
}

/// Moves what an order holds to another warehouse, whole or not at all: units of the same sale and share, or free ones
/// where the campaign is over.
///
/// # Errors
/// Of the database; also when the order holds nothing, or the other warehouse has not so much left. The caller's
/// transaction must then be undone.
pub async fn move_to(
    conn: &mut Transaction,
    order: &OrderNo,
    to: &WarehouseId,
    left_behind: LeftBehind,
) -> Result<()> {
    let here = in_turn(conn, order).await?;
    ensure!(here.state == "held", "the hold of order {order} is {}", here.state);
    let there = Hold { warehouse: to.0.clone(), ..here.clone() };
    let lost = left_behind == LeftBehind::Missing;
    for (sku, qty) in &here.units {
        let pool_out = if lost { POOL_LOST } else { POOL_FREE };
        if here.is_daily() {
            here.move_pool(conn, pool_out, sku, *qty).await?;
            there.move_pool(conn, POOL_CLAIM, sku, *qty).await?;
            continue;
        }
        if lost || here.closed {
            here.move_quota(conn, QUOTA_GIVE_BACK, sku, *qty).await?;
            here.move_pool(conn, pool_out, sku, *qty).await?;
        } else {
            here.move_quota(conn, QUOTA_FREE, sku, *qty).await?;
        }
        if here.closed {
            there.move_pool(conn, POOL_CLAIM, sku, *qty).await?;
            let place = (to, &SkuId::from(sku.as_str()), there.channel.as_str());
            quota::raise(conn, &there.campaign, place, *qty).await?;
        }
        there.move_quota(conn, QUOTA_CLAIM, sku, *qty).await?;
    }
    Ok(())
}
