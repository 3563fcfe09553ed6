//! The recount: every invariant of the server's books, computed from the rows themselves, each difference by name.
//!
//! Changes nothing. A difference is a fault of a program; a note is something a person must decide (a clash of facts,
//! units owed), and the books are right with it.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::id::OrderNo;

use crate::database::{Database, Row, Transaction, query};
use crate::store::hold::DAILY;
use crate::store::orders;

/// What a recount found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong with the books.
    pub differences: Vec<String>,
    /// What a person should decide.
    pub notes: Vec<String>,
    /// Orders counted.
    pub orders: i64,
}

/// Each query returns one sentence a difference; none when all is well. Text and whole numbers are put together
/// with casts, as both databases understand them.
const CHECKS: [&str; 16] = [
    "SELECT 'pool ' || warehouse || ' ' || sku || ' holds ' || CAST(held AS TEXT) || ' of ' || CAST(on_hand AS TEXT)
    FROM pool WHERE held < 0 OR held > on_hand",
    "SELECT 'pool ' || p.warehouse || ' ' || p.sku || ' says on hand ' || CAST(p.on_hand AS TEXT) || ', it began with '
        || CAST(COALESCE(SUM(o.qty), 0) AS TEXT) || ', shipped ' || CAST(p.shipped AS TEXT) || ', owes '
        || CAST(p.owed AS TEXT) || ', misses ' || CAST(p.missing AS TEXT) || ' and wrote off '
        || CAST(p.written_off AS TEXT)
    FROM pool p LEFT JOIN opening_stock o ON o.warehouse = p.warehouse AND o.sku = p.sku
    GROUP BY p.warehouse, p.sku, p.on_hand, p.shipped, p.owed, p.missing, p.written_off
    HAVING p.on_hand <> COALESCE(SUM(o.qty), 0) - p.shipped + p.owed - p.missing - p.written_off",
    "SELECT 'pool ' || p.warehouse || ' ' || p.sku || ' wrote off ' || CAST(p.written_off AS TEXT) || ', its counts say '
        || CAST(COALESCE(SUM(c.written_off), 0) AS TEXT)
    FROM pool p LEFT JOIN pool_count c ON c.warehouse = p.warehouse AND c.sku = p.sku
    GROUP BY p.warehouse, p.sku, p.written_off HAVING p.written_off <> COALESCE(SUM(c.written_off), 0)",
    "SELECT 'quota ' || campaign || ' ' || warehouse || ' ' || sku || ' holds and settled '
        || CAST(held + settled AS TEXT) || ' of ' || CAST(set_aside AS TEXT)
    FROM quota WHERE held < 0 OR settled < 0 OR held + settled > set_aside",
    "SELECT 'campaign ' || campaign || ' took ' || CAST(taken AS TEXT) || ' orders of ' || CAST(most AS TEXT)
        || ' from ' || province FROM province_quota WHERE taken > most OR taken < 0",
    "SELECT 'order ' || no || ' is ' || state || ', its hold is ' || hold FROM orders
    WHERE hold <> CASE state WHEN 'shipped' THEN 'settled' WHEN 'cancelled' THEN 'released' ELSE 'held' END",
    "SELECT 'order ' || no || ' is ' || state || ' without waybill, weight or lots' FROM orders
    WHERE state IN ('packed', 'shipped') AND (waybill_no = '' OR weight_g IS NULL OR packed_at IS NULL
        OR NOT EXISTS (SELECT 1 FROM parcel_goods g WHERE g.order_no = orders.no))",
    "SELECT 'order ' || no || ' is ' || state || ' without a waybill number' FROM orders
    WHERE state IN ('routed', 'short') AND waybill_no = ''",
    "SELECT 'waybill ' || waybill_no || ' stands on ' || CAST(COUNT(*) AS TEXT) || ' orders' FROM orders
    WHERE waybill_no <> '' GROUP BY waybill_no HAVING COUNT(*) > 1",
    "SELECT 'order ' || no || ' is in review without a reason' FROM orders
    WHERE state = 'review' AND NOT EXISTS (SELECT 1 FROM review r
        WHERE r.order_no = CASE WHEN part_of = '' THEN no ELSE part_of END)",
    "SELECT 'order ' || no || ' is a part of ' || part_of || ', which is not there or is not split' FROM orders p
    WHERE part_of <> '' AND NOT EXISTS (SELECT 1 FROM orders f WHERE f.no = p.part_of AND f.part_of = p.part_of
        AND f.campaign = p.campaign AND f.channel = p.channel)",
    "SELECT 'order ' || no || ' is split and has no further part' FROM orders f
    WHERE part_of <> '' AND part_of = no AND NOT EXISTS (SELECT 1 FROM orders p
        WHERE p.campaign = f.campaign AND p.part_of = f.no AND p.part_of <> '' AND p.no <> f.no)",
    "SELECT 'order ' || f.no || ' is ' || f.state || ', its part ' || p.no || ' is ' || p.state
    FROM orders p JOIN orders f ON f.no = p.part_of
    WHERE p.part_of <> '' AND p.state <> f.state
        AND (p.state IN ('unpaid', 'waiting', 'review') OR f.state IN ('unpaid', 'waiting', 'review'))",
    "SELECT 'the feed of ' || h.warehouse || ' has ' || CAST(COALESCE(SUM(f.seq - f.first + 1), 0) AS TEXT)
        || ' entries up to ' || CAST(COALESCE(MAX(f.seq), 0) AS TEXT) || ', its head says ' || CAST(h.seq AS TEXT)
    FROM feed_head h LEFT JOIN feed f ON f.warehouse = h.warehouse GROUP BY h.warehouse, h.seq
    HAVING COALESCE(SUM(f.seq - f.first + 1), 0) <> h.seq OR COALESCE(MAX(f.seq), 0) <> h.seq",
    "SELECT 'station ' || c.writer || ' epoch ' || CAST(c.epoch AS TEXT) || ' has ' || CAST(COUNT(f.seq) AS TEXT)
        || ' facts up to ' || CAST(COALESCE(MAX(f.seq), 0) AS TEXT) || ', its cursor says ' || CAST(c.seq AS TEXT)
    FROM cursor c LEFT JOIN fact f ON f.station = c.writer AND f.epoch = c.epoch
    GROUP BY c.writer, c.epoch, c.seq HAVING COUNT(f.seq) <> c.seq OR COALESCE(MAX(f.seq), 0) <> c.seq",
    "SELECT 'a fact of station ' || station || ' is behind no cursor' FROM fact f
    WHERE NOT EXISTS (SELECT 1 FROM cursor c WHERE c.writer = f.station AND c.epoch = f.epoch)
    GROUP BY station",
];

const NOTES: [&str; 4] = [
    "SELECT 'order ' || order_no || ' at station ' || station || ': ' || why FROM clash ORDER BY order_no, seq",
    "SELECT 'station ' || station || ': ' || CAST(COUNT(*) AS TEXT) || ' facts wait for a newer program' FROM fact
    WHERE applied = 0 GROUP BY station",
    "SELECT 'pool ' || warehouse || ' ' || sku || ' owes ' || CAST(owed AS TEXT)
        || ' units that left for cancelled orders: count, and decide whose order waits' FROM pool WHERE owed > 0",
    "SELECT 'pool ' || warehouse || ' ' || sku || ' misses ' || CAST(missing AS TEXT)
        || ' units of orders that were moved away as short: count what is there' FROM pool WHERE missing > 0",
];

/// Recounts everything, as it is at one moment. O(rows).
///
/// # Errors
/// Of the database itself.
pub async fn recount(database: &Database) -> Result<Findings> {
    let mut look = database.look().await?;
    let mut found = Findings::default();
    for check in CHECKS {
        found.differences.extend(query(check).scalars::<String>(&mut look).await?);
    }
    for note in NOTES {
        found.notes.extend(query(note).scalars::<String>(&mut look).await?);
    }
    found.orders = query("SELECT COUNT(*) FROM orders").scalar(&mut look).await?;
    orders_fit(&mut look, database, &mut found).await?;
    Ok(found)
}

/// Units by what holds them: (campaign, warehouse, SKU, channel of the quota).
type Sums = BTreeMap<(String, String, String, String), (i64, i64)>;

/// Every order once: what it promises is what its lines ask for and what is in its parcel, its receiver opens; and
/// what all promise and settled together is what pools and quotas say.
async fn orders_fit(conn: &mut Transaction, database: &Database, found: &mut Findings) -> Result<()> {
    let mut sums = Sums::new();
    let mut after = String::new();
    loop {
        let page = query("SELECT * FROM orders WHERE no > $1 ORDER BY no LIMIT $2").bind(&after).bind(PAGE);
        let rows = page.rows(conn).await?;
        for row in &rows {
            let no = OrderNo(row.get("no")?);
            if let Err(fault) = orders::receiver(database, &no, row) {
                found.differences.push(format!("{fault:#}"));
            }
            let units = promised(row, &no, found)?;
            if row.get::<Option<i64>>("packed_at")?.is_some() {
                parcel_fits(conn, &no, &units, found).await?;
            }
            let hold: String = row.get("hold")?;
            for (sku, qty) in units {
                let key = (row.get("campaign")?, row.get("warehouse")?, sku, row.get("quota_channel")?);
                let sum = sums.entry(key).or_default();
                match hold.as_str() {
                    "held" => sum.0 += qty,
                    "settled" => sum.1 += qty,
                    _ => {}
                }
            }
            after = no.0;
        }
        if rows.len() < usize::try_from(PAGE)? {
            break;
        }
    }
    stock_fits(conn, sums, found).await
}

/// Orders read at a time.
const PAGE: i64 = 2_000;

fn promised(row: &Row, no: &OrderNo, found: &mut Findings) -> Result<BTreeMap<String, i64>> {
    let units: Vec<(String, i64)> = serde_json::from_str(&row.get::<String>("units")?)?;
    let units: BTreeMap<String, i64> = units.into_iter().collect();
    let mut asked = BTreeMap::<String, i64>::new();
    for (sku, qty) in orders::lines(row)?.into_iter().flat_map(|line| line.parts.into_owned()) {
        *asked.entry(sku.0).or_default() += qty.0;
    }
    if asked != units || units.is_empty() {
        found.differences.push(format!("order {no} asks for {asked:?} and holds {units:?}"));
    }
    Ok(units)
}

async fn parcel_fits(
    conn: &mut Transaction,
    no: &OrderNo,
    units: &BTreeMap<String, i64>,
    found: &mut Findings,
) -> Result<()> {
    let sql = "SELECT sku, CAST(SUM(qty) AS BIGINT) FROM parcel_goods WHERE order_no = $1 GROUP BY sku";
    let parcel: BTreeMap<String, i64> =
        query(sql).bind(no.as_str()).all::<(String, i64)>(conn).await?.into_iter().collect();
    if parcel != *units {
        found.differences.push(format!("order {no} holds {units:?}, its parcel has {parcel:?}"));
    }
    Ok(())
}

/// A pool holds what `daily` promises and what campaigns have set aside and not settled; a quota what its campaign's
/// orders promise.
async fn stock_fits(conn: &mut Transaction, mut sums: Sums, found: &mut Findings) -> Result<()> {
    let mut pools = BTreeMap::<(String, String), (i64, i64)>::new();
    let quotas = "SELECT campaign, warehouse, sku, channel, set_aside, held, settled FROM quota";
    for (campaign, warehouse, sku, channel, set_aside, held, settled) in
        query(quotas).all::<(String, String, String, String, i64, i64, i64)>(conn).await?
    {
        let pool = pools.entry((warehouse.clone(), sku.clone())).or_default();
        pool.0 += set_aside - settled;
        pool.1 += settled;
        let sum =
            sums.remove(&(campaign.clone(), warehouse.clone(), sku.clone(), channel)).unwrap_or_default();
        if sum != (held, settled) {
            let (says, is) = ((held, settled), sum);
            found.differences.push(format!(
                "quota {campaign} {warehouse} {sku} says held and settled {says:?}, its orders sum to {is:?}"
            ));
        }
    }
    for ((campaign, warehouse, sku, _), (held, settled)) in sums {
        if campaign != DAILY && (held, settled) != (0, 0) {
            found
                .differences
                .push(format!("campaign {campaign} promises {sku} at {warehouse} without a quota"));
        }
        let pool = pools.entry((warehouse, sku)).or_default();
        pool.0 += held;
        pool.1 += settled;
    }
    let sql = "SELECT warehouse, sku, held, shipped FROM pool";
    for (warehouse, sku, held, shipped) in query(sql).all::<(String, String, i64, i64)>(conn).await? {
        let (is_held, is_shipped) = pools.remove(&(warehouse.clone(), sku.clone())).unwrap_or_default();
        if held != is_held {
            found
                .differences
                .push(format!("pool {warehouse} {sku} says held {held}, its holds sum to {is_held}"));
        }
        if shipped != is_shipped {
            found.differences.push(format!(
                "pool {warehouse} {sku} says shipped {shipped}, its settled holds sum to {is_shipped}"
            ));
        }
    }
    let rest = pools.into_iter().filter(|(_, sum)| *sum != (0, 0));
    let rest = rest
        .map(|((warehouse, sku), _)| format!("{sku} is promised at {warehouse}, which has no pool of it"));
    found.differences.extend(rest);
    Ok(())
}
