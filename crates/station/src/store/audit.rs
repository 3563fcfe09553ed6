//! The audit: recounts what must be true from the log alone and names every difference.
//!
//! Balances per place and lot from movements, movements from facts, each order in exactly one state that its facts
//! explain, each label accounted for, the log without gaps. Reads only.

use anyhow::{Context as _, Result};
use liangcang_domain::fact::{Fact, Recorded};
use liangcang_domain::order::OrderState;
use liangcang_domain::stock::Ledger;
use liangcang_domain::unit::Qty;
use sqlx::{Row as _, SqlitePool};
use std::collections::BTreeMap;

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Facts read.
    pub facts: usize,
    /// Orders per state.
    pub orders: BTreeMap<String, i64>,
    /// Labels per state of their journal.
    pub labels: BTreeMap<String, i64>,
    /// Everything that is not as it must be; empty when clean.
    pub differences: Vec<String>,
}

/// Recounts the replica.
///
/// # Errors
/// When the store does not answer or a fact does not read; a difference is no error.
pub async fn audit(readers: &SqlitePool) -> Result<Findings> {
    let rows = sqlx::query("SELECT seq, body FROM fact ORDER BY seq").fetch_all(readers).await?;
    let mut findings = Findings { facts: rows.len(), ..Findings::default() };
    let mut ledger = Ledger::default();
    let mut explained = BTreeMap::<String, OrderState>::new();
    let mut packed = BTreeMap::<String, i64>::new();
    let unfit = unfit(readers).await?;
    for (at, row) in rows.iter().enumerate() {
        let seq: i64 = row.get(0);
        if seq != i64::try_from(at)? + 1 {
            findings.differences.push(format!("the log has a gap before fact {seq}"));
            break;
        }
        if let Some(why) = unfit.get(&seq) {
            findings.differences.push(format!("fact {seq} came back and does not fit: {why}"));
            continue;
        }
        let recorded: Recorded =
            serde_json::from_str(row.get(1)).with_context(|| format!("reading fact {seq}"))?;
        for movement in recorded.movements() {
            if let Err(refusal) = ledger.move_goods(&movement) {
                findings.differences.push(format!("fact {seq}: {refusal}"));
            }
        }
        explain(&recorded.fact, &mut explained, &mut packed);
    }
    balances(readers, &ledger, &mut findings).await?;
    states(readers, &explained, &packed, &mut findings).await?;
    labels(readers, &mut findings).await?;
    Ok(findings)
}

/// Facts that stand in the log without what follows from them, and why.
async fn unfit(readers: &SqlitePool) -> Result<BTreeMap<i64, String>> {
    let rows = sqlx::query("SELECT fact_row, why FROM unfit").fetch_all(readers).await?;
    Ok(rows.iter().map(|row| (row.get(0), row.get(1))).collect())
}

/// The state an order is in by this fact.
fn explain(fact: &Fact, states: &mut BTreeMap<String, OrderState>, packed: &mut BTreeMap<String, i64>) {
    let mut set = |order: &str, state| states.insert(order.to_owned(), state);
    match fact {
        Fact::WaveReleased { walks, .. } => {
            for order in walks.iter().flat_map(|walk| walk.orders()) {
                set(order.as_str(), OrderState::Released);
            }
        }
        Fact::OrderCancelled { order } => {
            set(order.as_str(), OrderState::Cancelled);
        }
        Fact::OrderShort { order } => {
            set(order.as_str(), OrderState::Short);
        }
        Fact::PackStarted { order, .. } => {
            set(order.as_str(), OrderState::Packing);
        }
        Fact::Packed { order, .. } => {
            set(order.as_str(), OrderState::Packed);
            *packed.entry(order.0.clone()).or_default() += 1;
        }
        Fact::ScannedOut { order, .. } => {
            set(order.as_str(), OrderState::HandedOver);
        }
        Fact::ScanOutUndone { order, .. } => {
            set(order.as_str(), OrderState::Packed);
        }
        _ => {}
    }
}

async fn balances(readers: &SqlitePool, ledger: &Ledger, findings: &mut Findings) -> Result<()> {
    let mut counted: BTreeMap<(String, String, String), i64> = ledger
        .balances()
        .map(|(place, sku, lot, qty)| ((place.to_string(), sku.0.clone(), lot.0.clone()), qty.0))
        .collect();
    let total: Qty = ledger.balances().map(|(.., qty)| qty).sum();
    if total != Qty::ZERO {
        findings.differences.push(format!("the ledger sums to {total}, not to zero"));
    }
    let rows =
        sqlx::query("SELECT place, sku, lot, qty FROM stock WHERE qty <> 0").fetch_all(readers).await?;
    for row in rows {
        let key: (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let (stored, recounted): (i64, i64) = (row.get(3), counted.remove(&key).unwrap_or(0));
        if stored != recounted {
            let (place, sku, lot) = key;
            findings
                .differences
                .push(format!("{place}: {stored} of {sku} lot {lot}, by the facts {recounted}"));
        }
    }
    for ((place, sku, lot), qty) in counted {
        findings.differences.push(format!("{place}: none of {sku} lot {lot}, by the facts {qty}"));
    }
    Ok(())
}

async fn states(
    readers: &SqlitePool,
    explained: &BTreeMap<String, OrderState>,
    packed: &BTreeMap<String, i64>,
    findings: &mut Findings,
) -> Result<()> {
    let rows = sqlx::query("SELECT no, state, waybill_no, gross_g FROM orders").fetch_all(readers).await?;
    for row in rows {
        let (no, word): (String, String) = (row.get(0), row.get(1));
        *findings.orders.entry(word.clone()).or_default() += 1;
        let Some(state) = OrderState::parse(&word) else {
            findings.differences.push(format!("order {no} is in no known state ({word})"));
            continue;
        };
        let by_facts = explained.get(&no).copied().unwrap_or(OrderState::Ready);
        // Picking and picked follow from the walk, which the facts name once for all its orders.
        let same = match state {
            OrderState::Picking | OrderState::Picked => by_facts == OrderState::Released,
            other => by_facts == other,
        };
        if !same {
            findings.differences.push(format!("order {no} is {word}, by the facts {}", by_facts.as_str()));
        }
        let sealed = matches!(state, OrderState::Packed | OrderState::HandedOver);
        if sealed && (row.get::<String, _>(2).is_empty() || row.get::<Option<i64>, _>(3).is_none()) {
            findings.differences.push(format!("order {no} is {word} without waybill or weight"));
        }
        if packed.get(&no).copied().unwrap_or(0) > 1 {
            findings.differences.push(format!("order {no} was packed more than once"));
        }
    }
    Ok(())
}

async fn labels(readers: &SqlitePool, findings: &mut Findings) -> Result<()> {
    let rows = sqlx::query("SELECT state, count(*) FROM label GROUP BY state").fetch_all(readers).await?;
    findings.labels = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    let several = sqlx::query(
        "SELECT order_no, count(*) FROM label WHERE state IN ('scanned_back', 'handed_over')
         GROUP BY order_no HAVING count(*) > 1",
    )
    .fetch_all(readers)
    .await?;
    for row in several {
        let (order, count): (String, i64) = (row.get(0), row.get(1));
        findings.differences.push(format!("order {order} has {count} labels on parcels"));
    }
    let unlabelled: Vec<String> = sqlx::query_scalar(
        "SELECT no FROM orders WHERE state IN ('packed', 'handed_over') AND NOT EXISTS
         (SELECT 1 FROM label WHERE order_no = orders.no AND state IN ('scanned_back', 'handed_over'))",
    )
    .fetch_all(readers)
    .await?;
    findings.differences.extend(
        unlabelled.iter().map(|order| format!("order {order} left the bench without a label scanned back")),
    );
    let open: Vec<String> = sqlx::query_scalar(
        "SELECT label.print FROM label JOIN orders ON orders.no = label.order_no
         WHERE orders.state IN ('packed', 'handed_over') AND label.state IN ('sent', 'printed', 'unknown')",
    )
    .fetch_all(readers)
    .await?;
    findings
        .differences
        .extend(open.iter().map(|print| format!("label {print} may be on paper and is on no parcel")));
    Ok(())
}
