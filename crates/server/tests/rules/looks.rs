//! What a server remembers of a campaign that is looked at: right whatever happens to its orders, and cheap.

use liangcang_domain::fact::Fact;
use liangcang_domain::unit::EpochMs;
use liangcang_server::campaign::{self, Ledger, Looks, Meter, READS};
use liangcang_server::database::{Transaction, query};
use liangcang_server::incoming::{IncomingOrder, IncomingState};
use liangcang_server::intake::{Arrival, take_orders};
use liangcang_server::jobs::lapse::lapse;
use liangcang_server::reroute::reroute;
use liangcang_server::review::{Decision, decide};
use liangcang_server::store::review;
use liangcang_server::store::review::{ClusterKind, parse_key};
use sqlx::AssertSqlSafe;

use crate::campaigns::{live, show, sold};
use crate::shop::{NOW, Shop, goods, packed, scanned_out, to_province};

const SHOW: &str = "double-11";
const STOCK: &[(&str, &str, i64)] = &[("SH", "RICE5", 30), ("GZ", "RICE5", 30)];
const ONE: [(&str, i64); 1] = [("RICE5", 1)];

async fn shop() -> Shop {
    let shop = Shop::with(STOCK).await;
    let mut plan = show(&[("SH", "RICE5", "", 20), ("GZ", "RICE5", "", 20)]);
    plan.rules.too_many_to_address.on = false;
    plan.rules.too_many_by_phone.on = false;
    live(&shop, &plan).await;
    shop
}

fn rice(no: &str) -> IncomingOrder {
    sold(no, &[("RICE5", 1)])
}

async fn meter(shop: &Shop, looks: &Looks, since: i64) -> Meter {
    looks.meter(&shop.database, SHOW, EpochMs(since), NOW).await.unwrap().unwrap()
}

async fn ledger(shop: &Shop, looks: &Looks) -> Ledger {
    looks.ledger(&shop.database, SHOW).await.unwrap().unwrap()
}

#[tokio::test]
async fn a_look_reads_only_orders_that_are_new_or_have_changed_since_the_last_one() {
    let shop = shop().await;
    let looks = Looks::default();
    shop.take(&["1", "2", "3", "4"].map(rice)).await;
    assert_eq!(meter(&shop, &looks, 0).await.orders.accepted, 4);
    assert_eq!(looks.orders_read(), 4);
    assert_eq!(ledger(&shop, &looks).await.rows[1].held, 4);
    meter(&shop, &looks, NOW.0 - 300_000).await;
    assert_eq!(looks.orders_read(), 4, "nothing is new");
    shop.take(&["5", "6"].map(rice)).await;
    shop.cancel("1").await;
    let seen = meter(&shop, &looks, 0).await.orders;
    assert_eq!((seen.accepted, seen.cancelled), (5, 1));
    assert_eq!(looks.orders_read(), 7, "two are new and one has changed");
}

#[tokio::test]
async fn who_shares_what_is_read_once_and_orders_taken_back_are_not_counted() {
    let shop = shop().await;
    let looks = Looks::default();
    let underpaid = IncomingOrder { paid_fen: 1, ..rice("1") };
    shop.take(&[underpaid, rice("2"), rice("3")]).await;
    for (read, counted) in [(3, 3), (3, 3)] {
        assert_eq!(
            clusters(&shop, &looks).await,
            [(ClusterKind::Address, counted), (ClusterKind::Phone, counted)]
        );
        assert_eq!(looks.orders_read(), read);
    }
    shop.take(&[rice("4")]).await;
    shop.cancel("2").await;
    assert_eq!(clusters(&shop, &looks).await, [(ClusterKind::Address, 3), (ClusterKind::Phone, 3)]);
    assert_eq!(looks.orders_read(), 4);
}

/// What the one order in review has in common with others.
async fn clusters(shop: &Shop, looks: &Looks) -> Vec<(ClusterKind, i64)> {
    let mut look = shop.database.look().await.unwrap();
    let mut held = review::open(&mut look, &shop.database, (SHOW, ""), 100).await.unwrap().0;
    looks.count_clusters(&shop.database, &mut held).await.unwrap();
    for cluster in &held[0].clusters {
        let key = parse_key(&cluster.key).unwrap();
        let orders = looks.cluster(&shop.database, (cluster.kind, key, SHOW), 100).await.unwrap();
        let there = orders.iter().filter(|order| order.state != "cancelled").count();
        assert_eq!(cluster.orders, i64::try_from(there).unwrap());
    }
    held[0].clusters.iter().map(|it| (it.kind, it.orders)).collect()
}

/// What this server remembers, held against what one sees that has just come up.
async fn assert_remembered(shop: &Shop, looks: &Looks, after: &str) {
    for since in [0, NOW.0 - 300_000] {
        assert_eq!(meter(shop, looks, since).await, meter(shop, &Looks::default(), since).await, "{after}");
    }
    let books = ledger(shop, looks).await;
    assert_eq!(books, ledger(shop, &Looks::default()).await, "{after}");
    assert!(books.balanced, "{after}: {:?}", books.differences);
}

#[tokio::test]
async fn what_is_remembered_is_what_is_there_whatever_becomes_of_the_orders() {
    let shop = shop().await;
    let looks = Looks::default();
    assert_remembered(&shop, &looks, "nothing was sold").await;
    let unpaid = |no: &str| IncomingOrder { state: IncomingState::Unpaid, paid_at_ms: None, ..rice(no) };
    let held = [unpaid("u1"), unpaid("u2")];
    let group: Vec<Arrival<'_>> =
        held.iter().map(|order| Arrival { order, waits: false, may_be_unpaid: true }).collect();
    take_orders(&shop.database, NOW, &group).await.unwrap();
    let mut orders: Vec<IncomingOrder> = ["1", "2", "3", "4"].map(rice).to_vec();
    orders.push(to_province(rice("5"), "广东省"));
    orders.extend(["r1", "r2"].map(|no| IncomingOrder { paid_fen: 1, ..rice(no) }));
    shop.take(&orders).await;
    assert_remembered(&shop, &looks, "orders came").await;
    shop.take(&[rice("u1")]).await;
    assert_remembered(&shop, &looks, "money came").await;
    lapse(&shop.database, EpochMs(NOW.0 + 900_000)).await.unwrap();
    assert_remembered(&shop, &looks, "a hold lapsed").await;
    decide(&shop.database, &["r1".into()], Decision::Approve, "anna", NOW).await;
    decide(&shop.database, &["r2".into()], Decision::Reject, "anna", NOW).await;
    assert_remembered(&shop, &looks, "a person decided").await;
    let (station, _) = shop.station("SH").await;
    let waybill = shop.waybill("1").await;
    let facts = [packed("1", &waybill, &ONE), scanned_out("1", &waybill, &ONE)];
    shop.send(&station, 1, &facts).await.unwrap();
    assert_remembered(&shop, &looks, "a parcel left").await;
    let waybill = waybill.as_str().into();
    let undone = Fact::ScanOutUndone { order: "1".into(), waybill, print: "P1".into(), goods: goods(&ONE) };
    shop.cancel("2").await;
    shop.send(&station, 3, &[undone]).await.unwrap();
    assert_remembered(&shop, &looks, "it came back, and another was cancelled, between two looks").await;
    shop.send(&station, 4, &[Fact::OrderShort { order: "3".into() }]).await.unwrap();
    reroute(&shop.database, &"SH".into(), false, ("anna", NOW)).await.unwrap();
    assert_eq!(shop.orders().await["3"], "GZ");
    assert_remembered(&shop, &looks, "an order was moved").await;
    shop.cancel("3").await;
    shop.cancel("4").await;
    assert_remembered(&shop, &looks, "orders were cancelled").await;
    for (turns, no) in [(1_000_i64, "6"), (60_000, "7")] {
        let mut tx = shop.database.begin().await.unwrap();
        let later = "UPDATE campaign SET turn = turn + $1 WHERE id = 'double-11'";
        query(later).bind(turns).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        shop.take(&[rice(no)]).await;
        assert_remembered(&shop, &looks, &format!("{turns} turns went by")).await;
    }
    campaign::close(&shop.database, SHOW, campaign::By { who: "anna", at: NOW }).await.unwrap();
    assert_remembered(&shop, &looks, "the show is over").await;
    let listed = &looks.list(&shop.database).await.unwrap()[0];
    assert_eq!(listed.orders, shop.count("SELECT COUNT(*) FROM orders").await);
    shop.assert_clean().await;
}

/// How SQLite would find the rows of a statement, a line a table.
async fn plan(look: &mut Transaction, sql: &str) -> Vec<String> {
    let rows = query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).rows(look).await.unwrap();
    let lines = rows.iter().map(|row| row.get::<String>("detail").unwrap());
    lines.filter(|line| line.starts_with("SCAN") || line.starts_with("SEARCH")).collect()
}

#[tokio::test]
async fn a_look_finds_what_is_new_by_its_turn_and_scans_no_table() {
    let shop = shop().await;
    if shop.cluster.is_some() {
        // PostgreSQL plans by statistics: over a table of some rows it scans.
        return;
    }
    let mut look = shop.database.look().await.unwrap();
    for (name, sql) in READS {
        let plan = plan(&mut look, sql).await;
        assert!(!plan.is_empty() && plan.iter().all(|line| line.starts_with("SEARCH")), "{name}: {plan:?}");
        assert!(plan[0].contains("(campaign=? AND "), "{name}: {plan:?}");
    }
    let (_, count) = READS[4];
    assert!(plan(&mut look, count).await[0].contains("COVERING INDEX orders_by_turn"));
}
