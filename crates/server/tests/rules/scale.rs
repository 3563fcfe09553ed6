//! The tables can be spread: no statement of the hot path spans two campaigns or two warehouses.
//!
//! Three looks at the same promise (docs/scale.md): the texts of the list, what a real group runs on PostgreSQL, and
//! what its statements write, row by row.

use std::collections::BTreeSet;

use liangcang_server::campaign::{self, By, Plan};
use liangcang_server::incoming::{IncomingOrder, IncomingState};
use liangcang_server::intake::statements::{ALL, Hot, Key};
use liangcang_server::intake::{Intake, Outcome};
use serde_json::json;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};

use super::hot_text::Statement;
use crate::shop::{NOW, Shop, company, order, receiver, to_province};

/// What the rows of each table of the hot path are cut by, and the column that says it.
const CUTS: &[(&str, Key, &str)] = &[
    ("campaign", Key::Campaign, "id"),
    ("offer", Key::Campaign, "campaign"),
    ("quota", Key::Campaign, "campaign"),
    ("province_quota", Key::Campaign, "campaign"),
    ("uncounted", Key::Campaign, "campaign"),
    ("orders", Key::Campaign, "campaign"),
    ("review", Key::Campaign, "campaign"),
    ("refusal", Key::Campaign, "campaign"),
    ("pool", Key::Warehouse, "warehouse"),
    ("waybill_lease", Key::Warehouse, "warehouse"),
    ("warehouse_day", Key::Warehouse, "warehouse"),
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
        (
            Key::Warehouse,
            "SELECT 1 FROM pool p JOIN feed f ON f.seq = p.held WHERE p.warehouse = $1",
            "feed.",
        ),
        (
            Key::Warehouse,
            "SELECT 1 FROM pool p, feed f WHERE p.warehouse = $1 AND f.warehouse = $2",
            "$1, $2",
        ),
        (Key::Warehouse, "SELECT 1 FROM pool p, quota q WHERE p.warehouse = $1 AND q.campaign = $1", "quota"),
        (Key::Warehouse, "INSERT INTO feed (seq, body) VALUES ($1, $2)", "feed.warehouse is not pinned"),
        (Key::Warehouse, "INSERT INTO feed (warehouse, seq) VALUES (upper($1), $2)", "not pinned"),
        (Key::Warehouse, "SELECT key FROM blocked", "touches no table"),
        (
            Key::Campaign,
            "DELETE FROM quota WHERE campaign = (SELECT id FROM campaign WHERE id = $1)",
            "quota.",
        ),
        (Key::Campaign, "SELECT no FROM orders WHERE campaign = $1 AND no IN (SELECT no FROM hold)", "hold"),
        (Key::Everywhere, "SELECT id FROM campaign WHERE state = 'live'", "campaign is cut by Campaign"),
        (Key::Everywhere, "UPDATE company_revision SET revision = $1", "every machine has a copy"),
    ] {
        assert!(told(key, sql).contains(what), "{sql}: {}", told(key, sql));
    }
    for (key, sql) in [
        (Key::Warehouse, "SELECT sku FROM pool WHERE warehouse = $1 AND (sku = $2 OR held = 0)"),
        (
            Key::Warehouse,
            "SELECT 1 FROM pool p JOIN feed f ON f.warehouse = p.warehouse WHERE p.warehouse = $1",
        ),
        (
            Key::Warehouse,
            "INSERT INTO feed (seq, warehouse) VALUES ($1, $2) ON CONFLICT (seq) DO UPDATE SET seq = 1",
        ),
        (Key::Warehouse, "INSERT INTO feed (seq, warehouse) VALUES {}"),
        (
            Key::Campaign,
            "SELECT t.order_no FROM uncounted t, blocked b WHERE t.campaign = $1 AND t.phone_key = b.key",
        ),
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
    assert_eq!(shape("INSERT INTO feed (warehouse, seq) SELECT * FROM UNNEST($1, $2)"), rows);
}

/// A shop on the cluster with two shows and their waybill numbers leased, so that a group finds all it needs; nothing
/// where the tests were given no cluster.
async fn busy_shop() -> Option<(Shop, PgConnection)> {
    let stock = [("SH", "RICE5", 900), ("GZ", "RICE5", 900), ("SH", "OIL5", 900), ("GZ", "OIL5", 900)];
    let shop = Shop::of(&company(&stock, 10_000_000)).await;
    let address = shop.cluster.as_ref()?.address();
    // The second has rice and oil apart, so that it splits every gift.
    for (id, stock) in [("show-1", &stock[..]), ("show-2", &stock[1..3])] {
        let set_aside = stock.iter();
        let set_aside = set_aside.map(|(at, sku, _)| json!({ "warehouse": at, "sku": sku, "qty": 100 }));
        let set_aside: Vec<_> = set_aside.collect();
        let plan: Plan = serde_json::from_value(json!({
            "id": id, "name": id, "host": "", "starts_at": 1, "ends_at": 4_000_000_000_000_i64, "unpaid_ms": 60_000,
            "offers": [{ "code": "GIFT-A", "price_fen": 100, "expected": 9 }], "set_aside": set_aside,
            "province_quotas": [{ "province": "广东", "most": 8 }], "split_allowed": true,
        }))
        .unwrap();
        let by = By { who: "office", at: NOW };
        campaign::plan(&shop.database, &plan, by).await.unwrap();
        campaign::arm(&shop.database, id, by).await.unwrap();
        campaign::start(&shop.database, id, by).await.unwrap();
    }
    Some((shop, PgConnection::connect(&address).await.unwrap()))
}

/// Forty orders of every kind a group brings: of both shows and the daily sale, to both warehouses, paid and not,
/// above a province's quota, of goods nobody has, and one that is sent twice.
fn mixed_orders(round: &str) -> Vec<IncomingOrder> {
    let one = |n: usize| {
        let n = n.min(38);
        let code = ["GIFT-A", "GIFT-A", "RICE5", "XX"][n % 4];
        let mut order = order(&format!("{round}-{}", n), &[(code, 1)]);
        order.receiver = receiver("李小明", &format!("120000{:05}", n));
        order.receiver.detail = format!("稻香路 {} 号 501 室", n + 1);
        order.buyer = format!("buyer-{n}");
        order.campaign = [Some("show-1"), Some("show-2"), None, None][n % 4].map(str::to_owned);
        if n.is_multiple_of(5) {
            order.state = IncomingState::Unpaid;
        }
        to_province(order, if n.is_multiple_of(3) { "广东省" } else { "上海市" })
    };
    (0..40).map(one).collect()
}

/// Hands a round of orders in; what they were answered, without what differs from order to order.
async fn take_round(intake: &Intake, round: &str) -> BTreeSet<&'static str> {
    let answers = intake.hand_in(mixed_orders(round)).unwrap().answers().await.unwrap();
    let word = |outcome: &Outcome| if outcome.is_refused() { "refused" } else { "taken" };
    answers.iter().map(|answer| word(&answer.outcome)).collect()
}

#[tokio::test]
async fn a_group_runs_no_statement_that_is_not_on_the_list() {
    let Some((shop, mut office)) = busy_shop().await else { return };
    let (intake, _running) = Intake::start(shop.database.clone());
    // The first round reads the company and leases waybill numbers.
    take_round(&intake, "a").await;
    office.execute("CREATE EXTENSION pg_stat_statements").await.unwrap();
    let this = "(SELECT oid FROM pg_database WHERE datname = current_database())";
    let reset = AssertSqlSafe(format!("SELECT pg_stat_statements_reset(0, {this}, 0)"));
    office.execute(reset).await.unwrap();
    assert_eq!(take_round(&intake, "b").await, ["refused", "taken"].into());
    let asked = AssertSqlSafe(format!("SELECT query FROM pg_stat_statements WHERE dbid = {this}"));
    let run: Vec<String> = sqlx::query_scalar(asked).fetch_all(&mut office).await.unwrap();

    let listed: Vec<String> = ALL.iter().map(|hot| Statement::read(hot.sql).shape()).collect();
    let is_listed = |shape: &str| {
        let goes_on = |text: &String| {
            shape.strip_prefix(text.as_str()).is_some_and(|rest| rest.starts_with(" on conflict"))
        };
        listed.iter().any(|text| text == shape || (text.ends_with("values") && goes_on(text)))
    };
    let around = ["begin", "commit", "rollback", "savepoint", "release"];
    let of_the_test = |sql: &str| sql.contains("pg_stat_statements") || sql.contains("pg_catalog");
    let unlisted: Vec<&String> = run
        .iter()
        .filter(|sql| !of_the_test(sql) && !is_listed(&Statement::read(sql).shape()))
        .filter(|sql| !around.iter().any(|word| sql.to_lowercase().starts_with(word)))
        .collect();
    assert_eq!(unlisted, Vec::<&String>::new());
    let seen = |word: &str| run.iter().any(|sql| sql.starts_with(word));
    assert!(seen("INSERT INTO orders") && seen("INSERT INTO feed") && seen("UPDATE quota"), "{run:?}");
}

/// Refuses, in the database itself, a statement that writes rows of two keys of one table.
const ONE_KEY: &str = "CREATE FUNCTION one_key() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE keys BIGINT;
    BEGIN
        EXECUTE format('SELECT COUNT(DISTINCT %I) FROM touched', TG_ARGV[0]) INTO keys;
        IF keys > 1 THEN RAISE EXCEPTION 'one statement writes % keys of %', keys, TG_TABLE_NAME; END IF;
        RETURN NULL;
    END $$";

#[tokio::test]
async fn no_statement_of_a_group_writes_rows_of_two_keys() {
    let Some((shop, mut office)) = busy_shop().await else { return };
    office.execute(ONE_KEY).await.unwrap();
    for (table, _, column) in CUTS.iter().filter(|(_, cut, _)| *cut != Key::Everywhere) {
        for (event, rows) in [("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")] {
            let trigger = format!(
                "CREATE TRIGGER one_key_{event} AFTER {event} ON {table} REFERENCING {rows} TABLE AS touched
                FOR EACH STATEMENT EXECUTE FUNCTION one_key('{column}')"
            );
            office.execute(AssertSqlSafe(trigger)).await.unwrap();
        }
    }
    let two = office.execute("UPDATE pool SET owed = owed").await.unwrap_err().to_string();
    assert!(two.contains("one statement writes 2 keys of pool"), "{two}");
    let (intake, _running) = Intake::start(shop.database.clone());
    for round in ["a", "b"] {
        assert_eq!(take_round(&intake, round).await, ["refused", "taken"].into());
    }
    assert!(shop.count("SELECT COUNT(DISTINCT campaign) FROM orders").await == 3);
    assert!(shop.count("SELECT COUNT(DISTINCT warehouse) FROM orders").await == 2);
    assert!(shop.count("SELECT COUNT(*) FROM orders WHERE part_of <> '' AND no <> part_of").await > 0);
    shop.assert_clean().await;
}
