//! Any number of server processes over one database: they sell what is there once, and share one key.

use std::collections::BTreeMap;
use std::process::Stdio;

use serde_json::Value;
use tempfile::TempDir;
use tokio::task::JoinSet;

use crate::shop::cluster::{ClusterDatabase, cluster};
use crate::shop::process::{Server, program};
use crate::shop::storefront::{Storefront, basket};
use crate::shop::{Pool, Shop};

/// Orders each storefront has under way at a time.
const AT_ONCE: u64 = 8;

/// Two server processes on the shop's books. On a cluster the second has a data directory of its own, with a copy of
/// the key; beside a file both have the same.
struct Two {
    servers: [Server; 2],
    _second: TempDir,
}

impl Two {
    fn open(shop: &Shop) -> Self {
        let second = tempfile::tempdir().unwrap();
        let other = match &shop.cluster {
            None => shop.program(),
            Some(_) => {
                std::fs::copy(shop.dir.path().join("seal.key"), second.path().join("seal.key")).unwrap();
                program(second.path(), shop.cluster.as_ref())
            }
        };
        Self { servers: [Server::start(shop.program()), Server::start(other)], _second: second }
    }

    fn storefronts(&self) -> [Storefront; 2] {
        [0, 1].map(|at: usize| Storefront::new(&self.servers[at].url))
    }
}

/// Sends all orders, each to its storefront, some at a time; the answers by number.
async fn send(orders: Vec<(Storefront, String, Value)>) -> BTreeMap<String, Vec<(u16, Value)>> {
    let mut lanes: Vec<Vec<_>> = (0..2 * AT_ONCE).map(|_| Vec::new()).collect();
    for (at, order) in orders.into_iter().enumerate() {
        let lane = at % lanes.len();
        lanes[lane].push(order);
    }
    let mut running = JoinSet::new();
    for lane in lanes {
        running.spawn(async move {
            let mut answers = Vec::new();
            for (storefront, no, body) in lane {
                let answer = storefront.order(&no, &body).await.unwrap();
                answers.push((no, answer));
            }
            answers
        });
    }
    let mut answers = BTreeMap::<String, Vec<(u16, Value)>>::new();
    for (no, answer) in running.join_all().await.into_iter().flatten() {
        answers.entry(no).or_default().push(answer);
    }
    answers
}

fn tally<'a>(answers: impl IntoIterator<Item = &'a (u16, Value)>) -> BTreeMap<String, usize> {
    let mut tally = BTreeMap::new();
    for (status, answer) in answers {
        *tally.entry(format!("{status} {}", answer["outcome"].as_str().unwrap_or("?"))).or_default() += 1;
    }
    tally
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_that_race_for_the_last_units_sell_exactly_what_is_there() {
    let shop = Shop::with(&[("SH", "RICE5", 40), ("GZ", "RICE5", 11)]).await;
    let two = Two::open(&shop);
    let storefronts = two.storefronts();
    storefronts[0].show("show", "RICE5", &[("SH", "RICE5", 30), ("GZ", "RICE5", 7)]).await;
    let mut orders = Vec::new();
    for n in 0..60 {
        for (at, storefront) in storefronts.iter().enumerate() {
            let body = basket(Some("show"), n * 2 + at as u64, "RICE5");
            orders.push((storefront.clone(), format!("race-{at}-{n}"), body));
        }
    }
    let answers = send(orders).await;
    let expected = [("201 accepted".to_owned(), 37), ("409 sold_out".to_owned(), 83)];
    assert_eq!(tally(answers.values().flatten()), expected.into());
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders").await, 37);
    assert_eq!(shop.count("SELECT COUNT(DISTINCT waybill_no) FROM orders").await, 37);
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 40, held: 30, shipped: 0, owed: 0 });
    assert_eq!(shop.pool("GZ", "RICE5").await, Pool { on_hand: 11, held: 7, shipped: 0, owed: 0 });
    shop.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_that_is_sent_to_two_servers_at_once_is_taken_by_one() {
    let shop = Shop::with(&[("SH", "RICE5", 100)]).await;
    let two = Two::open(&shop);
    let mut orders = Vec::new();
    for n in 0..24 {
        for storefront in two.storefronts() {
            orders.push((storefront, format!("twice-{n}"), basket(None, n, "RICE5")));
        }
    }
    for (no, answers) in send(orders).await {
        let expected = [("200 duplicate".to_owned(), 1), ("201 accepted".to_owned(), 1)];
        assert_eq!(tally(&answers), expected.into(), "{no}: {answers:?}");
    }
    assert_eq!(shop.pool("SH", "RICE5").await.held, 24);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_server_with_another_key_is_refused_by_name() {
    let shop = Shop::with(&[]).await;
    if shop.cluster.is_none() {
        // A file has one key, beside it.
        return;
    }
    std::fs::write(shop.dir.path().join("seal.key"), [7; 32]).unwrap();
    let refused = shop.program().arg("audit").output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(!refused.status.success());
    assert!(said.contains("seal.key is not the one this database was sealed with"), "{said}");
}

#[tokio::test]
async fn two_servers_that_come_first_to_an_empty_database_both_come_up() {
    let dirs = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for dir in &dirs {
        std::fs::write(dir.path().join("seal.key"), [7; 32]).unwrap();
    }
    let database = match cluster() {
        Some(cluster) => Some(ClusterDatabase::make(cluster, dirs[0].path(), false).await),
        None => None,
    };
    let dirs = if database.is_some() { [&dirs[0], &dirs[1]] } else { [&dirs[0], &dirs[0]] };
    let start = |dir: &TempDir| {
        program(dir.path(), database.as_ref()).arg("audit").stderr(Stdio::piped()).spawn().unwrap()
    };
    for started in dirs.map(start) {
        let ended = started.wait_with_output().unwrap();
        assert!(ended.status.success(), "{}", String::from_utf8_lossy(&ended.stderr));
    }
}
