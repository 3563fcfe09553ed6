//! The server and PostgreSQL, killed in the middle of a burst: what was acknowledged is there, once, and the books
//! balance. `scripts/kills.sh ROUNDS` runs as many rounds as a person wants; `make test` a few.
//!
//! A kill ends processes, not the machine: what the system has taken for the disk stays taken. That each commit is
//! flushed before its answer rests on SQLite's `synchronous=FULL` and PostgreSQL's `fsync`, which nothing here
//! switches off.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

mod burst;
mod chance;
mod own_cluster;
#[path = "../shop/mod.rs"]
mod shop;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use burst::{Burst, Sent, send_again};
use chance::Chance;
use own_cluster::OwnCluster;
use shop::process::Server;
use shop::storefront::Storefront;
use shop::{Shop, company};

/// Rounds to be run; without it a few.
const ROUNDS: &str = "LIANGCANG_KILLS";
const FEW_ROUNDS: u64 = 8;
/// Rounds a shop lives: then its books are long enough to be counted anew each round.
const ROUNDS_OF_A_SHOP: u64 = 20;
/// Acknowledgements a round is cut off after, at most.
const LATEST: u64 = 120;
const STOCK: i64 = 1_000_000;
const SHOW: &str = "show";

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Victim {
    Server,
    Cluster,
    Both,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_order_outlives_a_kill_of_the_server_or_of_its_database_once() {
    let rounds = std::env::var(ROUNDS).map_or(FEW_ROUNDS, |rounds| rounds.parse().unwrap());
    let chance = &mut Chance::new();
    // The cluster of the other tests is not ours to kill.
    let cluster = shop::cluster::cluster().map(|_| OwnCluster::start());
    let mut done = 0;
    let mut acknowledged = 0;
    while done < rounds {
        let here = (rounds - done).min(ROUNDS_OF_A_SHOP);
        acknowledged += one_shop(cluster.as_ref(), here, done, chance).await;
        done += here;
        eprintln!("{done} of {rounds} kills: {acknowledged} orders, none lost, none twice");
    }
}

/// Some rounds on one shop's books; how many orders were acknowledged.
async fn one_shop(cluster: Option<&OwnCluster>, rounds: u64, first: u64, chance: &mut Chance) -> usize {
    let stock =
        [("SH", "RICE5", STOCK), ("SH", "OIL5", STOCK), ("GZ", "RICE5", STOCK), ("GZ", "OIL5", STOCK)];
    let shop = Shop::on(cluster.map(OwnCluster::address), &company(&stock, 10_000_000)).await;
    let mut server = Server::start(shop.program());
    let set_aside = stock.map(|(warehouse, sku, _)| (warehouse, sku, STOCK / 2));
    Storefront::new(&server.url).show(SHOW, "GIFT-A", &set_aside).await;
    let mut acknowledged = BTreeMap::new();
    for round in first..first + rounds {
        let victim = match (cluster, chance.below(3)) {
            (None, _) | (_, 0) => Victim::Server,
            (_, 1) => Victim::Cluster,
            _ => Victim::Both,
        };
        let after = chance.below(LATEST);
        let told = format!("round {round}, {victim:?} killed after {after} acknowledgements, {chance:?}");
        let burst = Burst::begin(&Storefront::new(&server.url), round);
        burst.acknowledged(after).await;
        chance.linger().await;
        if victim != Victim::Cluster {
            server.kill();
        }
        if let Some(cluster) = cluster.filter(|_| victim != Victim::Server) {
            cluster.kill();
        }
        if let Some(cluster) = cluster.filter(|_| victim != Victim::Server) {
            cluster.start_again();
        }
        let sent = burst.end().await;
        if victim != Victim::Cluster {
            server = Server::start(shop.program());
        }
        let storefront = Storefront::new(&server.url);
        check_acknowledged(&shop, &sent, &told).await;
        // Whoever got no answer asks again under the same number and is told.
        let sent = send_again(&storefront, sent, &told).await;
        acknowledged.extend(sent.into_iter().map(|it| (it.no, it.answer)));
        check_books(&shop, &storefront, &acknowledged, &told).await;
    }
    acknowledged.len()
}

/// Right after the kill: each order that was acknowledged is there, at the warehouse it was promised from.
async fn check_acknowledged(shop: &Shop, sent: &[Sent], told: &str) {
    let there = shop.orders().await;
    for it in sent.iter().filter(|it| it.answer.is_some()) {
        let promised_from = it.promised_from().unwrap();
        assert_eq!(there.get(&it.no).map(String::as_str), Some(promised_from), "{told}: order {}", it.no);
    }
}

async fn check_books(
    shop: &Shop,
    storefront: &Storefront,
    sent: &BTreeMap<String, Option<Value>>,
    told: &str,
) {
    let there = shop.orders().await;
    let missing: Vec<&String> = sent.keys().filter(|no| !there.contains_key(*no)).collect();
    assert!(missing.is_empty(), "{told}: lost {missing:?}");
    let unasked: Vec<&String> = there.keys().filter(|no| !sent.contains_key(*no)).collect();
    assert!(unasked.is_empty(), "{told}: nobody sent {unasked:?}");
    let negative = "SELECT COUNT(*) FROM pool WHERE held < 0 OR held > on_hand OR owed < 0";
    assert_eq!(shop.count(negative).await, 0, "{told}");
    let numbers = shop.count("SELECT COUNT(DISTINCT waybill_no) FROM orders").await;
    assert_eq!(
        numbers,
        i64::try_from(there.len()).unwrap(),
        "{told}: each order has a waybill number of its own"
    );
    let path = format!("/api/campaigns/{SHOW}/ledger");
    let ledger = storefront.office(reqwest::Method::GET, &path, &Value::Null).await;
    assert_eq!(ledger["balanced"], json!(true), "{told}: {}", ledger["differences"]);
    let (clean, said) = shop.audit_by_command();
    assert!(clean, "{told}: {said}");
}
