//! A warehouse's view beside the server's, and facts that a station gets back.

use std::path::PathBuf;

use liangcang_domain::fact::Fact;
use liangcang_server::reconcile::compare;
use liangcang_server::sync_hop::exchange;
use liangcang_sync::{Cursors, LogId, Message};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use tempfile::TempDir;

use crate::shop::{Shop, entry, order, packed, scanned_out};

/// A replica as a station makes it.
struct Replica {
    folder: TempDir,
    file: SqliteConnection,
}

impl Replica {
    async fn of(station: &str, warehouse: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let options =
            SqliteConnectOptions::new().filename(folder.path().join("station.db")).foreign_keys(false);
        let mut file = options.create_if_missing(true).connect().await.unwrap();
        for migration in [
            include_str!("../../../../migrations/station/0001_replica.sql"),
            include_str!("../../../../migrations/station/0002_durability.sql"),
        ] {
            sqlx::raw_sql(migration).execute(&mut file).await.unwrap();
        }
        let mut replica = Self { folder, file };
        let identity = "INSERT INTO meta VALUES ('station', $1), ('warehouse', $2), ('epoch', '1')";
        sqlx::query(identity).bind(station).bind(warehouse).execute(&mut replica.file).await.unwrap();
        replica
    }

    async fn does(&mut self, sql: &'static str) {
        sqlx::raw_sql(sql).execute(&mut self.file).await.unwrap();
    }

    async fn has_taken(&mut self, feed: usize) {
        let sql = "INSERT INTO cursor VALUES ('taken', 'server:SH', 1, $1)";
        sqlx::query(sql).bind(i64::try_from(feed).unwrap()).execute(&mut self.file).await.unwrap();
    }

    async fn has_order(&mut self, no: &str, waybill: &str, state: &str) {
        let sql = "INSERT INTO orders (no, channel, carrier, waybill_no, paid_at, ship_by, body, receiver, state, gross_g)
            VALUES ($1, 'douyin', 'ZTO', $2, 1, 1, '{}', x'00', $3, 5300)";
        let row = sqlx::query(sql).bind(no).bind(waybill).bind(state);
        row.execute(&mut self.file).await.unwrap();
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("station.db")
    }
}

/// A shop whose warehouse has packed order 1 and not order 2, and the replica that says the same.
async fn agreed() -> (Shop, Replica) {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    shop.take(&["1", "2"].map(|no| order(no, &[("RICE5", 1)]))).await;
    let (station, _) = shop.station("SH").await;
    let (one, two) = (shop.waybill("1").await, shop.waybill("2").await);
    shop.send(&station, 1, &[packed("1", &one, &[("RICE5", 1)])]).await.unwrap();
    let mut replica = Replica::of(station.id.as_str(), "SH").await;
    replica.has_taken(shop.feed("SH").await.len()).await;
    replica.has_order("1", &one, "packed").await;
    replica.has_order("2", &two, "picking").await;
    replica.does("INSERT INTO fact VALUES (1, 'g1', 0, 1, 'W01', '', '{}')").await;
    replica.does("INSERT INTO movement VALUES (1, 1, 'RICE5', 'L1', 1, 'bench:1', 'parcel:1', 1)").await;
    (shop, replica)
}

async fn differences(shop: &Shop, replica: &Replica) -> Vec<String> {
    compare(&shop.database, &"SH".into(), &replica.path()).await.unwrap().differences
}

#[tokio::test]
async fn a_warehouse_and_the_server_that_say_the_same_agree() {
    let (shop, replica) = agreed().await;
    let found = compare(&shop.database, &"SH".into(), &replica.path()).await.unwrap();
    assert_eq!((found.differences, found.orders, found.ranges), (vec![], 2, (1, 0)));
}

#[tokio::test]
async fn each_difference_is_named_with_what_either_side_says() {
    for (change, said) in [
        (
            "UPDATE orders SET state = 'handed_over' WHERE no = '1'",
            "order 1 is shipped at the station, packed at",
        ),
        ("UPDATE orders SET state = 'short' WHERE no = '2'", "order 2 is short at the station, to_pack at"),
        ("UPDATE orders SET waybill_no = '999' WHERE no = '2'", "order 2 has waybill 999 at the station"),
        (
            "UPDATE orders SET gross_g = 5301 WHERE no = '1'",
            "order 1 weighs 5301 g at the station, 5300 g at",
        ),
        ("UPDATE movement SET lot = 'L2'", "order 1 holds 1 RICE5 lot L2 at the station, 1 RICE5 lot L1 at"),
        (
            "DELETE FROM orders WHERE no = '2'",
            "order 2 is to_pack at the server, the station has not heard of it",
        ),
        (
            "UPDATE orders SET no = '3' WHERE no = '2'",
            "order 3 is to_pack at the station, the server has it elsewhere",
        ),
        ("UPDATE cursor SET seq = seq - 1", "entries, the station has taken"),
        (
            "INSERT INTO fact VALUES (2, 'g2', 0, 1, 'W01', '', '{}')",
            "has 2 facts of epoch 1, the server has taken 1",
        ),
        ("DELETE FROM fact", "the server has 1 facts of epoch 1 of SH-01, the station none"),
    ] {
        let (shop, mut replica) = agreed().await;
        replica.does(change).await;
        let named = differences(&shop, &replica).await;
        assert!(named.iter().any(|one| one.contains(said)), "{change}: {named:?}");
    }
}

#[tokio::test]
async fn facts_of_a_restored_replica_are_counted_under_the_log_they_are_of() {
    let (shop, mut replica) = agreed().await;
    replica.does("INSERT INTO fact VALUES (2, 'g2', 0, 1, 'W01', '', '{}')").await;
    replica.does("INSERT INTO log_span VALUES (1, 1, 1), (2, 2, 1); UPDATE meta SET value = '2' WHERE key = 'epoch'").await;
    let named = differences(&shop, &replica).await;
    assert_eq!(named, ["station SH-01 has 1 facts of epoch 2, the server has taken 0"]);
}

#[tokio::test]
async fn another_warehouses_replica_is_not_compared() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    let replica = Replica::of("GZ-01", "GZ").await;
    let refused = compare(&shop.database, &"SH".into(), &replica.path()).await.unwrap_err();
    assert!(format!("{refused:#}").contains("of warehouse GZ"), "{refused:#}");
    assert!(
        compare(&shop.database, &"SH".into(), replica.folder.path()).await.is_err(),
        "a folder is no replica"
    );
}

#[tokio::test]
async fn a_station_with_a_newer_log_gets_back_what_it_lacks_of_the_earlier_and_nothing_of_anothers() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let (station, _) = shop.station("SH").await;
    let (other, _) = shop.station("SH").await;
    let waybill = shop.waybill("1").await;
    let facts =
        [Fact::SignedOn, packed("1", &waybill, &[("RICE5", 1)]), scanned_out("1", &waybill, &[("RICE5", 1)])];
    shop.send(&station, 1, &facts).await.unwrap();
    shop.send(&other, 1, &[Fact::SignedOn]).await.unwrap();
    let log = |epoch| LogId { writer: station.id.0.clone(), epoch };
    let feed = u64::try_from(shop.feed("SH").await.len()).unwrap();
    let asks = |own: &[(u32, u64)], feed: u64| {
        let mut have = Cursors::default();
        have.advance(&LogId::first("server:SH"), feed);
        own.iter().for_each(|(epoch, seq)| have.advance(&log(*epoch), *seq));
        exchange(&shop.database, &station, Message::new(have, vec![], false))
    };

    assert_eq!(asks(&[(1, 1)], feed).await.unwrap().entries, [], "the log it writes is its own");
    let back = asks(&[(1, 1), (2, 0)], feed).await.unwrap();
    let wanted: Vec<_> = (2..).zip(&facts[1..]).map(|(seq, fact)| entry(&station, seq, fact)).collect();
    assert_eq!((back.entries, back.more), (wanted, false));
    assert_eq!(asks(&[(1, 3), (2, 0)], feed).await.unwrap().entries, [], "it has all");
    let all = asks(&[(2, 0)], feed).await.unwrap().entries;
    assert_eq!(all.len(), 3, "a station that knows nothing of its earlier log gets it whole");
    let first = asks(&[(2, 0)], feed - 1).await.unwrap().entries;
    assert!(first.iter().all(|entry| entry.log.writer == "server:SH"), "the feed comes first");
}
