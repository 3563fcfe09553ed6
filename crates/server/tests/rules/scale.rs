//! The tables can be spread: no statement of the hot path spans two campaigns or two warehouses.
//!
//! Three looks at the same promise (docs/scale.md): the texts of the list, what a real group runs on PostgreSQL, and
//! what its statements write, row by row.

use liangcang_server::intake::statements::{ALL, Hot, Key};

use super::hot_text::Statement;

/// What the rows of each table of the hot path are cut by, and the column that says it.
const CUTS: &[(&str, Key, &str)] = &[
    ("campaign", Key::Campaign, "id"),
    ("offer", Key::Campaign, "campaign"),
    ("quota", Key::Campaign, "campaign"),
    ("province_quota", Key::Campaign, "campaign"),
    ("tally", Key::Campaign, "campaign"),
    ("orders", Key::Campaign, "campaign"),
    ("review", Key::Campaign, "campaign"),
    ("refusal", Key::Campaign, "campaign"),
    ("order_note", Key::Campaign, "campaign"),
    ("pool", Key::Warehouse, "warehouse"),
    ("waybill_lease", Key::Warehouse, "warehouse"),
    ("feed_head", Key::Warehouse, "warehouse"),
    ("feed", Key::Warehouse, "warehouse"),
    ("company_revision", Key::Everywhere, ""),
    ("waybill_range", Key::Everywhere, ""),
    ("blocked", Key::Everywhere, ""),
];

/// The one question that is asked of all campaigns at once: before a group's transaction, without a lock, of some
/// dozen rows. A cluster answers it on every machine.
const ASKED_OF_ALL: &str = "which campaigns are live";

/// What keeps a statement from being run by the one machine that has the rows of its key; nothing when all is well.
fn fault(hot: &Hot) -> Option<String> {
    let statement = Statement::read(hot.sql);
    let mut pins = Vec::new();
    for touched in &statement.tables {
        let table = &touched.table;
        let Some((_, cut, column)) = CUTS.iter().find(|(name, ..)| name == table) else {
            return Some(format!("{table} is not on the map of cuts"));
        };
        match cut {
            Key::Everywhere if statement.only_reads() => {}
            Key::Everywhere => return Some(format!("writes {table}, which every machine has a copy of")),
            cut if *cut == hot.key => match statement.pin(touched, column) {
                Some(pin) => pins.push(pin),
                None => return Some(format!("{table}.{column} is not pinned to one placeholder")),
            },
            cut => return Some(format!("{table} is cut by {cut:?}, the statement by {:?}", hot.key)),
        }
    }
    pins.dedup();
    match (hot.key, pins.len()) {
        (Key::Everywhere, _) | (_, 1) => None,
        (key, 0) => Some(format!("touches no table that is cut by {key:?}")),
        (key, _) => Some(format!("names several of {key:?}: {}", pins.join(", "))),
    }
}

#[test]
fn each_statement_of_the_hot_path_stays_with_one_campaign_or_one_warehouse() {
    let faults: Vec<String> =
        ALL.iter().filter_map(|hot| Some(format!("{}: {}", hot.name, fault(hot)?))).collect();
    let of_all = format!("{ASKED_OF_ALL}: campaign is cut by Campaign, the statement by Everywhere");
    assert_eq!(faults, [of_all]);
}

#[test]
fn a_statement_that_spans_two_keys_is_found() {
    let told = |key, sql: &'static str| fault(&Hot { name: "", key, sql }).unwrap_or_default();
    for (key, sql, what) in [
        (Key::Warehouse, "SELECT sku FROM pool", "pool.warehouse is not pinned"),
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse IN ($1, $2)", "not pinned"),
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse IN ({})", "not pinned"),
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse <> $1", "not pinned"),
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse = $1 || $2", "not pinned"),
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse = $1 OR sku = $2", "not pinned"),
        (Key::Warehouse, "SELECT sku FROM pool WHERE NOT (warehouse = $1)", "not pinned"),
        (Key::Warehouse, "UPDATE pool SET warehouse = $1 WHERE sku = $2", "not pinned"),
        (Key::Warehouse, "SELECT 1 FROM pool p, feed f WHERE p.warehouse = $1", "feed.warehouse is not"),
        (Key::Warehouse, "SELECT 1 FROM pool p JOIN feed f ON f.seq = p.held WHERE p.warehouse = $1", "feed."),
        (Key::Warehouse, "SELECT 1 FROM pool p, feed f WHERE p.warehouse = $1 AND f.warehouse = $2", "$1, $2"),
        (Key::Warehouse, "SELECT 1 FROM pool p, quota q WHERE p.warehouse = $1 AND q.campaign = $1", "quota"),
        (Key::Warehouse, "INSERT INTO feed (seq, body) VALUES ($1, $2)", "feed.warehouse is not pinned"),
        (Key::Warehouse, "INSERT INTO feed (warehouse, seq) VALUES (upper($1), $2)", "not pinned"),
        (Key::Warehouse, "SELECT key FROM blocked", "touches no table"),
        (Key::Campaign, "DELETE FROM quota WHERE campaign = (SELECT id FROM campaign WHERE id = $1)", "quota."),
        (Key::Campaign, "SELECT no FROM orders WHERE campaign = $1 AND no IN (SELECT no FROM hold)", "hold"),
        (Key::Everywhere, "SELECT id FROM campaign WHERE state = 'live'", "campaign is cut by Campaign"),
        (Key::Everywhere, "UPDATE company_revision SET revision = $1", "every machine has a copy"),
    ] {
        assert!(told(key, sql).contains(what), "{sql}: {}", told(key, sql));
    }
    for (key, sql) in [
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse = $1 AND (sku = $2 OR held = 0)"),
        (Key::Warehouse, "SELECT 1 FROM pool p JOIN feed f ON f.warehouse = p.warehouse WHERE p.warehouse = $1"),
        (Key::Warehouse, "INSERT INTO feed (seq, warehouse) VALUES ($1, $2) ON CONFLICT (seq) DO UPDATE SET seq = 1"),
        (Key::Warehouse, "INSERT INTO feed (seq, warehouse) VALUES {}"),
        (Key::Campaign, "SELECT t.key FROM tally t, blocked b WHERE t.campaign = $1 AND t.key = b.key"),
        (Key::Everywhere, "SELECT key FROM blocked WHERE key IN ({})"),
    ] {
        assert_eq!(told(key, sql), "", "{sql}");
    }
}

#[test]
fn a_statement_is_known_by_its_shape_however_many_values_it_carries() {
    let shape = |sql: &str| Statement::read(sql).shape();
    let listed = shape("SELECT key FROM blocked WHERE kind = 'phone' AND key IN ({})");
    assert_eq!(shape("select key from blocked where kind = $5 and key in ($1,$2, $3)"), listed);
    assert_ne!(shape("SELECT key FROM blocked WHERE note = $5 AND key IN ($1)"), listed);
    let rows = shape("INSERT INTO feed (warehouse, seq) VALUES {}");
    assert_eq!(shape("INSERT INTO feed (warehouse, seq) VALUES ($1, $2), ($3, $4), ($5, $6)"), rows);
    assert_eq!(shape("INSERT INTO feed (warehouse, seq) VALUES "), rows);
}
