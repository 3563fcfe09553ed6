//! Campaigns as rows, with what they sell, their limits and who did what to them. Their stock is `store::quota`'s.

use anyhow::{Context, Result};
use liangcang_domain::risk::Rules;
use liangcang_domain::unit::EpochMs;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::hold::DAILY;
use crate::campaign::{OfferPlan, Plan};
use crate::database::{Row, Transaction, query};

/// Where a campaign stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nothing is held yet.
    Planned,
    /// Its stock is set aside.
    Armed,
    /// It takes orders.
    Live,
    /// What it did not sell has gone back.
    Closed,
}

impl State {
    const ALL: [Self; 4] = [Self::Planned, Self::Armed, Self::Live, Self::Closed];

    /// The word in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Armed => "armed",
            Self::Live => "live",
            Self::Closed => "closed",
        }
    }
}

/// A campaign's own row.
#[derive(Clone, Debug, Serialize)]
pub struct Campaign {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who hosts the show.
    pub host: String,
    /// Whose orders it takes; empty: any channel's.
    pub channel: String,
    /// Where it stands.
    pub state: State,
    /// Epoch milliseconds.
    pub starts_at: i64,
    /// Epoch milliseconds.
    pub ends_at: i64,
    /// Whether an order may be split over warehouses.
    pub split_allowed: bool,
    /// Orders a buyer may have; 0: no limit.
    pub buyer_limit: i64,
    /// Orders an address may have; 0: no limit.
    pub address_limit: i64,
    /// An unpaid order's hold lapses after so many milliseconds.
    pub unpaid_ms: i64,
    /// Risk rules.
    pub rules: Rules,
}

fn from_row(row: &Row) -> Result<Campaign> {
    let word: String = row.get("state")?;
    let state = State::ALL.into_iter().find(|state| state.as_str() == word);
    let rules: String = row.get("rules")?;
    Ok(Campaign {
        id: row.get("id")?,
        name: row.get("name")?,
        host: row.get("host")?,
        channel: row.get("channel")?,
        state: state.context("a campaign is in no known state")?,
        starts_at: row.get("starts_at")?,
        ends_at: row.get("ends_at")?,
        split_allowed: row.get::<i64>("split_allowed")? == 1,
        buyer_limit: row.get("buyer_limit")?,
        address_limit: row.get("address_limit")?,
        unpaid_ms: row.get("unpaid_ms")?,
        rules: serde_json::from_str(&rules).context("the risk rules of a campaign cannot be read")?,
    })
}

/// One campaign; never the standing sale.
///
/// # Errors
/// Of the database.
pub async fn find(conn: &mut Transaction, id: &str) -> Result<Option<Campaign>> {
    let sql = "SELECT * FROM campaign WHERE id = $1 AND id <> $2";
    let row = query(sql).bind(id).bind(DAILY).row(conn).await?;
    row.as_ref().map(from_row).transpose()
}

/// A campaign with its turn taken: until the transaction ends nobody else moves its stock or changes it.
///
/// # Errors
/// Of the database.
pub async fn in_turn(conn: &mut Transaction, id: &str) -> Result<Option<Campaign>> {
    let sql = "UPDATE campaign SET turn = turn + 1 WHERE id = $1 AND id <> $2";
    if query(sql).bind(id).bind(DAILY).execute(conn).await? == 0 {
        return Ok(None);
    }
    find(conn, id).await
}

/// All campaigns, the latest to start first.
///
/// # Errors
/// Of the database.
pub async fn list(conn: &mut Transaction) -> Result<Vec<Campaign>> {
    let sql = "SELECT * FROM campaign WHERE id <> $1 ORDER BY starts_at DESC, id";
    query(sql).bind(DAILY).rows(conn).await?.iter().map(from_row).collect()
}

/// Writes a planned campaign's row; `false`, and nothing written, when there is one of its id.
///
/// # Errors
/// Of the database.
pub async fn insert(conn: &mut Transaction, plan: &Plan) -> Result<bool> {
    let sql = "INSERT INTO campaign (id, name, host, channel, starts_at, ends_at, state, split_allowed, buyer_limit,
            address_limit, unpaid_ms, rules, prices)
        VALUES ($1, $2, $3, $4, $5, $6, 'planned', $7, $8, $9, $10, $11, '') ON CONFLICT (id) DO NOTHING";
    write(conn, sql, plan).await
}

/// Writes a planned campaign's row anew.
///
/// # Errors
/// Of the database.
pub async fn replace(conn: &mut Transaction, plan: &Plan) -> Result<bool> {
    let sql = "UPDATE campaign SET name = $2, host = $3, channel = $4, starts_at = $5, ends_at = $6,
            split_allowed = $7, buyer_limit = $8, address_limit = $9, unpaid_ms = $10, rules = $11
        WHERE id = $1 AND state = 'planned'";
    write(conn, sql, plan).await
}

async fn write(conn: &mut Transaction, sql: &'static str, plan: &Plan) -> Result<bool> {
    let written = query(sql)
        .bind(&plan.id)
        .bind(&plan.name)
        .bind(&plan.host)
        .bind(&plan.channel)
        .bind(plan.starts_at)
        .bind(plan.ends_at)
        .bind(plan.split_allowed)
        .bind(plan.buyer_limit)
        .bind(plan.address_limit)
        .bind(plan.unpaid_ms)
        .bind(serde_json::to_string(&plan.rules)?)
        .execute(conn)
        .await?;
    Ok(written == 1)
}

/// Moves a campaign on.
///
/// # Errors
/// Of the database.
pub async fn set_state(conn: &mut Transaction, id: &str, state: State) -> Result<()> {
    query("UPDATE campaign SET state = $2 WHERE id = $1").bind(id).bind(state.as_str()).execute(conn).await?;
    Ok(())
}

/// Sets a campaign's risk rules.
///
/// # Errors
/// Of the database.
pub async fn set_rules(conn: &mut Transaction, id: &str, rules: &Rules) -> Result<()> {
    let rules = serde_json::to_string(rules)?;
    query("UPDATE campaign SET rules = $2 WHERE id = $1").bind(id).bind(rules).execute(conn).await?;
    Ok(())
}

/// Sets how many orders a buyer and an address may have.
///
/// # Errors
/// Of the database.
pub async fn set_limits(conn: &mut Transaction, id: &str, buyer: i64, address: i64) -> Result<()> {
    let sql = "UPDATE campaign SET buyer_limit = $2, address_limit = $3 WHERE id = $1";
    query(sql).bind(id).bind(buyer).bind(address).execute(conn).await?;
    Ok(())
}

/// What a campaign sells, by code.
///
/// # Errors
/// Of the database.
pub async fn offers(conn: &mut Transaction, id: &str) -> Result<Vec<OfferPlan>> {
    let sql = "SELECT code, price_fen, expected FROM offer WHERE campaign = $1 ORDER BY code";
    let rows = query(sql).bind(id).all::<(String, i64, i64)>(conn).await?;
    Ok(rows.into_iter().map(|(code, price_fen, expected)| OfferPlan { code, price_fen, expected }).collect())
}

/// Writes what a campaign sells, in place of what it sold before.
///
/// # Errors
/// Of the database.
pub async fn put_offers(conn: &mut Transaction, id: &str, offers: &[OfferPlan]) -> Result<()> {
    query("DELETE FROM offer WHERE campaign = $1").bind(id).execute(conn).await?;
    let sql = "INSERT INTO offer (campaign, code, price_fen, expected) VALUES ($1, $2, $3, $4)";
    for OfferPlan { code, price_fen, expected } in offers {
        query(sql).bind(id).bind(code).bind(*price_fen).bind(*expected).execute(conn).await?;
    }
    Ok(())
}

/// Province, most and taken of each province that has a quota.
///
/// # Errors
/// Of the database.
pub async fn province_quotas(conn: &mut Transaction, id: &str) -> Result<Vec<(String, i64, i64)>> {
    let sql = "SELECT province, most, taken FROM province_quota WHERE campaign = $1 ORDER BY province";
    query(sql).bind(id).all(conn).await
}

/// Writes province quotas (province, most, taken), in place of those before.
///
/// # Errors
/// Of the database, also when more is taken than may be.
pub async fn put_province_quotas(
    conn: &mut Transaction,
    id: &str,
    quotas: &[(String, i64, i64)],
) -> Result<()> {
    query("DELETE FROM province_quota WHERE campaign = $1").bind(id).execute(conn).await?;
    let sql = "INSERT INTO province_quota (campaign, province, most, taken) VALUES ($1, $2, $3, $4)";
    for (province, most, taken) in quotas {
        query(sql).bind(id).bind(province).bind(*most).bind(*taken).execute(conn).await?;
    }
    Ok(())
}

/// Orders of a campaign that hold or have settled, by province as the orders spell it.
///
/// # Errors
/// Of the database.
pub async fn orders_by_province(conn: &mut Transaction, id: &str) -> Result<Vec<(String, i64)>> {
    let sql = "SELECT province, COUNT(*) FROM orders WHERE campaign = $1 AND hold <> 'released'
        GROUP BY province ORDER BY province";
    query(sql).bind(id).all(conn).await
}

/// What was done to a campaign.
#[derive(Clone, Debug, Serialize)]
pub struct ActRow {
    /// From 1 up, in order.
    pub seq: i64,
    /// planned, replanned, armed, started, closed, stock_changed, rules_set, limits_set.
    pub act: String,
    /// Who did it.
    pub who: String,
    /// Epoch milliseconds, by the server's clock.
    pub at: i64,
    /// What it was about.
    pub detail: Value,
}

/// Writes down an act; the campaign's turn is taken, so no other gets its number.
///
/// # Errors
/// Of the database.
pub async fn note_act(
    conn: &mut Transaction,
    id: &str,
    (act, detail): (&str, &Value),
    (who, at): (&str, EpochMs),
) -> Result<()> {
    let sql = "SELECT COALESCE(MAX(seq), 0) + 1 FROM campaign_act WHERE campaign = $1";
    let seq: i64 = query(sql).bind(id).scalar(conn).await?;
    query("INSERT INTO campaign_act (campaign, seq, act, who, at, detail) VALUES ($1, $2, $3, $4, $5, $6)")
        .bind(id)
        .bind(seq)
        .bind(act)
        .bind(who)
        .bind(at.0)
        .bind(detail.to_string())
        .execute(conn)
        .await?;
    Ok(())
}

/// Everything that was done to a campaign, in order.
///
/// # Errors
/// Of the database.
pub async fn acts(conn: &mut Transaction, id: &str) -> Result<Vec<ActRow>> {
    let sql = "SELECT seq, act, who, at, detail FROM campaign_act WHERE campaign = $1 ORDER BY seq";
    let rows = query(sql).bind(id).all::<(i64, String, String, i64, String)>(conn).await?;
    let read = |(seq, act, who, at, detail): (i64, String, String, i64, String)| {
        let detail = serde_json::from_str(&detail).context("an act of a campaign cannot be read")?;
        Ok(ActRow { seq, act, who, at, detail })
    };
    rows.into_iter().map(read).collect()
}

/// The plan as it was last written: what arming will set aside.
///
/// # Errors
/// Of the database, or when nobody planned the campaign.
pub async fn last_plan(conn: &mut Transaction, id: &str) -> Result<Plan> {
    let sql = "SELECT detail FROM campaign_act WHERE campaign = $1 AND act IN ('planned', 'replanned')
        ORDER BY seq DESC LIMIT 1";
    let detail: String = query(sql).bind(id).scalar(conn).await?;
    serde_json::from_str(&detail).with_context(|| format!("the plan of campaign {id} cannot be read"))
}
