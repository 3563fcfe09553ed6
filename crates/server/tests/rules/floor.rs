//! Facts from the floor: each once, in order, and never lost when they contradict what is known.

use liangcang_domain::fact::Fact;
use liangcang_domain::unit::Grams;
use liangcang_server::sync_hop::exchange;
use liangcang_sync::{Cursors, LogId, Message, SCHEMA};

use crate::shop::{Pool, Shop, entry, goods, order, packed, scanned_out};

const ONE: [(&str, i64); 1] = [("RICE5", 1)];

fn undone(no: &str, waybill: &str) -> Fact {
    Fact::ScanOutUndone { order: no.into(), waybill: waybill.into(), print: "P1".into(), goods: goods(&ONE) }
}

/// A shop with one order of one sack, and its waybill number.
async fn one_order(stock: i64) -> (Shop, String) {
    let shop = Shop::with(&[("SH", "RICE5", stock)]).await;
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let waybill = shop.waybill("1").await;
    (shop, waybill)
}

#[tokio::test]
async fn a_parcel_that_leaves_settles_its_hold_and_is_known_by_weight_and_lots() {
    let (shop, waybill) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    shop.send(&station, 1, &[packed("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.state("1").await, "packed");
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 5, held: 1, shipped: 0, owed: 0 });
    shop.assert_clean().await;
    shop.send(&station, 2, &[scanned_out("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.state("1").await, "shipped");
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 4, held: 0, shipped: 1, owed: 0 });
    assert_eq!(shop.count("SELECT weight_g FROM orders").await, 5_300);
    assert_eq!(shop.text("SELECT sku || ' ' || lot || ' ' || qty FROM parcel_goods").await, "RICE5 L1 1");
    shop.assert_clean().await;
}

#[tokio::test]
async fn facts_that_arrive_twice_change_nothing() {
    let (shop, waybill) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    let facts = [packed("1", &waybill, &ONE), scanned_out("1", &waybill, &ONE)];
    for _ in 0..3 {
        let answer = shop.send(&station, 1, &facts).await.unwrap();
        assert_eq!(answer.have.of(&LogId::first("SH-01")), 2);
    }
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 4, held: 0, shipped: 1, owed: 0 });
    assert_eq!(shop.count("SELECT COUNT(*) FROM fact").await, 2);
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 0);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_fact_that_comes_before_its_predecessor_waits_at_the_station() {
    let (shop, waybill) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    let answer = shop.send(&station, 2, &[scanned_out("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(answer.have.of(&LogId::first("SH-01")), 0);
    assert_eq!(shop.count("SELECT COUNT(*) FROM fact").await, 0);
    assert_eq!(shop.state("1").await, "routed");
}

#[tokio::test]
async fn a_parcel_taken_back_out_of_the_cage_is_held_again() {
    let (shop, waybill) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    let facts = [packed("1", &waybill, &ONE), scanned_out("1", &waybill, &ONE), undone("1", &waybill)];
    shop.send(&station, 1, &facts).await.unwrap();
    assert_eq!(shop.state("1").await, "packed");
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 5, held: 1, shipped: 0, owed: 0 });
    shop.assert_clean().await;
    shop.send(&station, 4, &[scanned_out("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.pool("SH", "RICE5").await.shipped, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_parcel_that_left_after_its_cancellation_while_the_rest_is_promised_is_owed_and_named() {
    let (shop, waybill) = one_order(1).await;
    let (station, _) = shop.station("SH").await;
    shop.cancel("1").await;
    shop.take(&[order("2", &[("RICE5", 1)])]).await;
    shop.send(&station, 1, &[packed("1", &waybill, &ONE), scanned_out("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.state("1").await, "shipped");
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 1, held: 1, shipped: 1, owed: 1 });
    let found = shop.audit().await;
    assert_eq!(found.differences, Vec::<String>::new());
    assert!(found.notes.iter().any(|note| note.contains("left after its channel cancelled it")), "{found:?}");
    assert!(found.notes.iter().any(|note| note.contains("RICE5 owes 1")), "{found:?}");

    shop.send(&station, 3, &[undone("1", &waybill)]).await.unwrap();
    assert_eq!(shop.state("1").await, "cancelled");
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 1, held: 1, shipped: 0, owed: 0 });
    shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_packed_a_second_time_is_put_before_a_person_and_the_first_parcel_stands() {
    let (shop, waybill) = one_order(5).await;
    let (one, _) = shop.station("SH").await;
    let (other, _) = shop.station("SH").await;
    shop.send(&one, 1, &[packed("1", &waybill, &ONE)]).await.unwrap();
    shop.send(&other, 1, &[packed("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.text("SELECT packed_by FROM orders WHERE no = '1'").await, "SH-01");
    assert_eq!(shop.text("SELECT station || ': ' || why FROM clash").await, "SH-02: packed a second time");
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_station_cannot_move_an_order_of_another_warehouse() {
    let (shop, waybill) = one_order(5).await;
    let (foreign, _) = shop.station("GZ").await;
    let facts = [packed("1", &waybill, &ONE), scanned_out("1", &waybill, &ONE), undone("1", &waybill)];
    shop.send(&foreign, 1, &facts).await.unwrap();
    assert_eq!(shop.state("1").await, "routed");
    assert_eq!(shop.pool("SH", "RICE5").await.on_hand, 5);
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 3);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_fact_of_a_newer_program_is_kept_unread_and_does_not_stop_the_line() {
    let (shop, waybill) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    let mut newer = entry(&station, 1, &Fact::SignedOn);
    newer.schema = SCHEMA + 1;
    newer.body = serde_json::value::to_raw_value(&serde_json::json!({ "fact": "teleported" })).unwrap();
    let next = entry(&station, 2, &packed("1", &waybill, &ONE));
    let message = Message::new(Cursors::default(), vec![newer, next], false);
    exchange(&shop.database, &station, message).await.unwrap();
    assert_eq!(shop.state("1").await, "packed");
    assert_eq!(shop.text("SELECT kind FROM fact WHERE applied = 0").await, "teleported");
    assert!(shop.audit().await.notes.iter().any(|note| note.contains("1 facts wait for a newer program")));
}

#[tokio::test]
async fn a_short_order_keeps_its_promise_until_it_is_packed_after_all() {
    let (shop, waybill) = one_order(1).await;
    let (station, _) = shop.station("SH").await;
    shop.send(&station, 1, &[Fact::OrderShort { order: "1".into() }]).await.unwrap();
    assert_eq!(shop.state("1").await, "short");
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    shop.assert_clean().await;
    shop.send(&station, 2, &[packed("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.state("1").await, "packed");
}

#[tokio::test]
async fn a_hand_over_names_its_manifest_on_every_order_and_a_strange_waybill_is_told() {
    let (shop, waybill) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    let handed_over = Fact::HandedOver {
        manifest: "M1".into(),
        carrier: "ZTO".into(),
        cage: "CAGE-ZTO-01".into(),
        waybills: vec![waybill.as_str().into(), "999".into()],
        gross: Grams(5_300),
    };
    let facts = [packed("1", &waybill, &ONE), scanned_out("1", &waybill, &ONE), handed_over];
    shop.send(&station, 1, &facts).await.unwrap();
    assert_eq!(shop.text("SELECT manifest FROM orders WHERE no = '1'").await, "M1");
    assert_eq!(shop.text("SELECT order_no FROM clash").await, "999");
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_cancelled_order_that_left_its_queue_is_no_surprise_but_one_still_wanted_is() {
    let (shop, _) = one_order(5).await;
    let (station, _) = shop.station("SH").await;
    shop.send(&station, 1, &[Fact::OrderCancelled { order: "1".into() }]).await.unwrap();
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 1);
    shop.cancel("1").await;
    shop.send(&station, 2, &[Fact::OrderCancelled { order: "1".into() }]).await.unwrap();
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 1);
}
