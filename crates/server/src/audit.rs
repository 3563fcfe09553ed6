//! The recount: every invariant of the server's books, computed from the rows themselves, each difference by name.
//!
//! Changes nothing. A difference is a fault of a program; a note is something a person must decide (a clash of facts,
//! units owed), and the books are right with it.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::id::OrderNo;
use crate::database::{Transaction, query};

use crate::database::Database;
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
const CHECKS: [&str; 13] = [
    "SELECT 'pool ' || p.warehouse || ' ' || p.sku || ' says held ' || CAST(p.held AS TEXT) || ', its holds sum to '
        || CAST(COALESCE(SUM(h.qty), 0) AS TEXT)
    FROM pool p LEFT JOIN hold h ON h.warehouse = p.warehouse AND h.sku = p.sku AND h.state = 'held'
    GROUP BY p.warehouse, p.sku, p.held HAVING p.held <> COALESCE(SUM(h.qty), 0)",
    "SELECT 'pool ' || p.warehouse || ' ' || p.sku || ' says shipped ' || CAST(p.shipped AS TEXT)
        || ', its settled holds sum to ' || CAST(COALESCE(SUM(h.qty), 0) AS TEXT)
    FROM pool p LEFT JOIN hold h ON h.warehouse = p.warehouse AND h.sku = p.sku AND h.state = 'settled'
    GROUP BY p.warehouse, p.sku, p.shipped HAVING p.shipped <> COALESCE(SUM(h.qty), 0)",
    "SELECT 'pool ' || warehouse || ' ' || sku || ' holds ' || CAST(held AS TEXT) || ' of ' || CAST(on_hand AS TEXT)
    FROM pool WHERE held < 0 OR held > on_hand",
    "SELECT 'pool ' || p.warehouse || ' ' || p.sku || ' says on hand ' || CAST(p.on_hand AS TEXT) || ', it began with '
        || CAST(COALESCE(SUM(o.qty), 0) AS TEXT) || ', shipped ' || CAST(p.shipped AS TEXT) || ' and owes '
        || CAST(p.owed AS TEXT)
    FROM pool p LEFT JOIN opening_stock o ON o.warehouse = p.warehouse AND o.sku = p.sku
    GROUP BY p.warehouse, p.sku, p.on_hand, p.shipped, p.owed
    HAVING p.on_hand <> COALESCE(SUM(o.qty), 0) - p.shipped + p.owed",
    "SELECT 'order ' || o.no || ' is ' || o.state || ', its hold of ' || h.sku || ' is ' || h.state
    FROM orders o JOIN hold h ON h.order_no = o.no
    WHERE h.state <> CASE o.state WHEN 'shipped' THEN 'settled' WHEN 'cancelled' THEN 'released' ELSE 'held' END",
    "SELECT 'order ' || no || ' is ' || state || ' without waybill, weight or lots' FROM orders
    WHERE state IN ('packed', 'shipped') AND (waybill_no = '' OR weight_g IS NULL OR packed_at IS NULL
        OR NOT EXISTS (SELECT 1 FROM parcel_goods g WHERE g.order_no = orders.no))",
    "SELECT 'order ' || no || ' is ' || state || ' without a waybill number of its own' FROM orders
    WHERE state IN ('routed', 'short') AND NOT EXISTS (
        SELECT 1 FROM waybill_number w WHERE w.order_no = orders.no AND w.number = orders.waybill_no
            AND w.carrier = orders.carrier)",
    "SELECT 'waybill ' || waybill_no || ' stands on ' || CAST(COUNT(*) AS TEXT) || ' orders' FROM orders
    WHERE waybill_no <> '' GROUP BY waybill_no HAVING COUNT(*) > 1",
    "SELECT 'order ' || h.order_no || ' holds ' || CAST(h.qty AS TEXT) || ' of ' || h.sku || ', its parcel has '
        || CAST(COALESCE(SUM(g.qty), 0) AS TEXT)
    FROM hold h JOIN orders o ON o.no = h.order_no AND o.packed_at IS NOT NULL
    LEFT JOIN parcel_goods g ON g.order_no = h.order_no AND g.sku = h.sku
    GROUP BY h.id, h.order_no, h.sku, h.qty HAVING h.qty <> COALESCE(SUM(g.qty), 0)",
    "SELECT 'order ' || o.no || ' holds nothing' FROM orders o
    WHERE NOT EXISTS (SELECT 1 FROM hold h WHERE h.order_no = o.no)",
    "SELECT 'the feed of ' || h.warehouse || ' has ' || CAST(COUNT(f.seq) AS TEXT) || ' entries up to '
        || CAST(COALESCE(MAX(f.seq), 0) AS TEXT) || ', its head says ' || CAST(h.seq AS TEXT)
    FROM feed_head h LEFT JOIN feed f ON f.warehouse = h.warehouse GROUP BY h.warehouse, h.seq
    HAVING COUNT(f.seq) <> h.seq OR COALESCE(MAX(f.seq), 0) <> h.seq",
    "SELECT 'station ' || c.writer || ' epoch ' || CAST(c.epoch AS TEXT) || ' has ' || CAST(COUNT(f.seq) AS TEXT)
        || ' facts up to ' || CAST(COALESCE(MAX(f.seq), 0) AS TEXT) || ', its cursor says ' || CAST(c.seq AS TEXT)
    FROM cursor c LEFT JOIN fact f ON f.station = c.writer AND f.epoch = c.epoch
    GROUP BY c.writer, c.epoch, c.seq HAVING COUNT(f.seq) <> c.seq OR COALESCE(MAX(f.seq), 0) <> c.seq",
    "SELECT 'a fact of station ' || station || ' is behind no cursor' FROM fact f
    WHERE NOT EXISTS (SELECT 1 FROM cursor c WHERE c.writer = f.station AND c.epoch = f.epoch)
    GROUP BY station",
];

const NOTES: [&str; 3] = [
    "SELECT 'order ' || order_no || ' at station ' || station || ': ' || why FROM clash ORDER BY order_no, seq",
    "SELECT 'station ' || station || ': ' || CAST(COUNT(*) AS TEXT) || ' facts wait for a newer program' FROM fact
    WHERE applied = 0 GROUP BY station",
    "SELECT 'pool ' || warehouse || ' ' || sku || ' owes ' || CAST(owed AS TEXT)
        || ' units that left for cancelled orders: count, and decide whose order waits' FROM pool WHERE owed > 0",
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
    holds_fit_lines(&mut look, &mut found).await?;
    receivers_open(&mut look, database, &mut found).await?;
    Ok(found)
}

/// What an order holds is what its lines ask for, SKU by SKU.
async fn holds_fit_lines(conn: &mut Transaction, found: &mut Findings) -> Result<()> {
    let mut asked = BTreeMap::<(String, String), i64>::new();
    let lines: Vec<(String, String)> =
        query("SELECT order_no, parts FROM order_line").all(conn).await?;
    for (no, parts) in lines {
        for (sku, qty) in serde_json::from_str::<Vec<(String, i64)>>(&parts)? {
            *asked.entry((no.clone(), sku)).or_default() += qty;
        }
    }
    let holds: Vec<(String, String, i64)> =
        query("SELECT order_no, sku, qty FROM hold").all(conn).await?;
    for (no, sku, qty) in holds {
        let wanted = asked.remove(&(no.clone(), sku.clone())).unwrap_or_default();
        if wanted != qty {
            found.differences.push(format!("order {no} asks for {wanted} of {sku} and holds {qty}"));
        }
    }
    let missing = asked
        .into_iter()
        .map(|((no, sku), qty)| format!("order {no} asks for {qty} of {sku} and holds none"));
    found.differences.extend(missing);
    Ok(())
}

async fn receivers_open(
    conn: &mut Transaction,
    database: &Database,
    found: &mut Findings,
) -> Result<()> {
    for row in query("SELECT no, receiver_sealed FROM orders ORDER BY no").rows(conn).await? {
        let no = OrderNo(row.get("no")?);
        if let Err(fault) = orders::receiver(database, &no, &row) {
            found.differences.push(format!("{fault:#}"));
        }
    }
    Ok(())
}
