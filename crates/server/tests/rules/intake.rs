//! Taking orders: never more than there is, never half an order, never twice.

use liangcang_server::incoming::IncomingState;
use liangcang_server::intake::{Arrival, Cancelled, Outcome, Reason, take_orders};

use crate::shop::{NOW, Pool, Shop, company, order, packed, receiver, scanned_out, tally, to_province};

fn accepted(warehouse: &str) -> Outcome {
    Outcome::Accepted { warehouse: warehouse.into(), carrier: "ZTO".into() }
}

fn short(sku: &str) -> Outcome {
    Outcome::Refused(Reason::Short { skus: [sku.into()].into() })
}

#[tokio::test]
async fn the_same_orders_again_add_nothing() {
    let shop = Shop::with(&[("SH", "RICE5", 9), ("SH", "OIL5", 9)]).await;
    let orders = [order("1", &[("GIFT-A", 1)]), order("2", &[("RICE5", 2)])];
    assert_eq!(shop.take(&orders).await, [accepted("SH"), accepted("SH")]);
    let feed = shop.feed("SH").await;
    let same = Outcome::Duplicate { changed: false };
    assert_eq!(shop.take(&orders).await, [same.clone(), same]);
    assert_eq!(shop.feed("SH").await, feed);
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 9, held: 3, shipped: 0, owed: 0 });
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders WHERE waybill_no <> ''").await, 2);
    shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_whose_bundles_and_single_oil_need_one_bottle_too_many_is_refused_whole() {
    let shop = Shop::with(&[("SH", "RICE5", 9), ("SH", "OIL5", 2)]).await;
    let outcome = shop.take(&[order("1", &[("GIFT-A", 2), ("OIL5", 1)])]).await;
    assert_eq!(outcome, [short("OIL5")]);
    for sku in ["RICE5", "OIL5"] {
        assert_eq!(shop.pool("SH", sku).await.held, 0, "{sku}");
    }
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders").await, 0);
    assert_eq!(
        shop.text("SELECT code || ' ' || reason FROM refusal").await.split(':').next(),
        Some("short not enough stock of OIL5")
    );
}

#[tokio::test]
async fn within_one_group_the_last_units_are_promised_once() {
    let shop = Shop::with(&[("SH", "RICE5", 3)]).await;
    let orders: Vec<_> = ["1", "2", "3"].map(|no| order(no, &[("RICE5", 2)])).into();
    assert_eq!(shop.take(&orders).await, [accepted("SH"), short("RICE5"), short("RICE5")]);
    shop.assert_clean().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_intakes_at_a_time_promise_exactly_what_is_there() {
    let shop = Shop::with(&[("SH", "RICE5", 20), ("GZ", "RICE5", 7)]).await;
    let mut tasks = Vec::new();
    for task in 0..8 {
        let database = shop.database.clone();
        tasks.push(tokio::spawn(async move {
            let orders: Vec<_> = (0..6).map(|n| order(&format!("{task}-{n}"), &[("RICE5", 1)])).collect();
            let group: Vec<Arrival<'_>> = orders.iter().map(Arrival::from).collect();
            take_orders(&database, NOW, &group).await.unwrap()
        }));
    }
    let mut taken = 0;
    for task in tasks {
        taken += task.await.unwrap().iter().filter(|outcome| !outcome.is_refused()).count();
    }
    assert_eq!(taken, 27);
    assert_eq!(shop.pool("SH", "RICE5").await.held, 20);
    assert_eq!(shop.pool("GZ", "RICE5").await.held, 7);
    shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_goes_to_the_warehouse_of_its_province_and_to_the_other_when_that_lacks_goods() {
    let shop = Shop::with(&[("SH", "RICE5", 1), ("GZ", "RICE5", 5)]).await;
    let orders = [
        to_province(order("1", &[("RICE5", 1)]), "广东省"),
        order("2", &[("RICE5", 1)]),
        order("3", &[("RICE5", 1)]),
    ];
    assert_eq!(shop.take(&orders).await, [accepted("GZ"), accepted("SH"), accepted("GZ")]);
    let told = |feed: Vec<serde_json::Value>| -> Vec<String> {
        let orders = feed.into_iter().filter(|entry| entry["entry"] == "order");
        orders.map(|entry| entry["order"]["no"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(told(shop.feed("SH").await), ["2"]);
    assert_eq!(told(shop.feed("GZ").await), ["1", "3"]);
}

#[tokio::test]
async fn every_unknown_code_is_named_and_nothing_is_held() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    let outcome = shop.take(&[order("1", &[("RICE5", 1), ("XX", 1), ("YY", 1)])]).await;
    let codes = ["XX".to_owned(), "YY".to_owned()].into();
    assert_eq!(outcome, [Outcome::Refused(Reason::UnknownGoods { codes })]);
    assert_eq!(shop.pool("SH", "RICE5").await.held, 0);
}

#[tokio::test]
async fn an_order_that_is_not_to_be_shipped_is_refused_by_its_state() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    for state in [IncomingState::Unpaid, IncomingState::Shipped, IncomingState::Done, IncomingState::Closed] {
        let mut order = order("1", &[("RICE5", 1)]);
        order.state = state;
        assert_eq!(shop.take(&[order]).await, [Outcome::Refused(Reason::NotToShip { state })]);
    }
}

#[tokio::test]
async fn without_a_waybill_number_left_the_order_is_refused_and_holds_nothing() {
    let shop = Shop::of(&company(&[("SH", "RICE5", 9)], 1)).await;
    let outcomes = shop.take(&[order("1", &[("RICE5", 1)]), order("2", &[("RICE5", 1)])]).await;
    assert_eq!(outcomes[1], Outcome::Refused(Reason::NoWaybillNumber { carrier: "ZTO".into() }));
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_first_delivery_wins_and_a_changed_one_is_noted_once() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    for _ in 0..2 {
        let changed = shop.take(&[order("1", &[("RICE5", 5)])]).await;
        assert_eq!(changed, [Outcome::Duplicate { changed: true }]);
    }
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    assert_eq!(shop.count("SELECT COUNT(*) FROM order_note").await, 1);
}

#[tokio::test]
async fn a_number_that_another_channel_uses_is_refused() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let mut other = order("1", &[("RICE5", 1)]);
    other.channel = "other_shop".into();
    let taken = Reason::NumberTaken { channel: "douyin".into() };
    assert_eq!(shop.take(&[other]).await, [Outcome::Refused(taken)]);
}

#[tokio::test]
async fn an_order_with_a_masked_receiver_holds_its_goods_and_waits_until_it_can_be_read() {
    let shop = Shop::with(&[("SH", "RICE5", 1)]).await;
    let mut masked = order("1", &[("RICE5", 1)]);
    masked.receiver = receiver("李**", "120****1234");
    assert_eq!(shop.take(std::slice::from_ref(&masked)).await, [Outcome::WaitsForPlatform]);
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    assert_eq!(tally(&shop.feed("SH").await).get("order"), None);
    assert_eq!(shop.take(&[order("2", &[("RICE5", 1)])]).await, [short("RICE5")]);
    shop.assert_clean().await;

    assert_eq!(shop.take(&[order("1", &[("RICE5", 1)])]).await, [accepted("SH")]);
    let feed = shop.feed("SH").await;
    assert_eq!(feed.last().unwrap()["order"]["receiver"]["name"], "李小明");
    assert_eq!(feed.last().unwrap()["order"]["waybill_no"], "731000000001");
    assert_eq!(shop.take(&[masked]).await, [Outcome::Duplicate { changed: false }]);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_cancelled_order_frees_its_goods_and_its_warehouse_is_told_once() {
    let shop = Shop::with(&[("SH", "RICE5", 1)]).await;
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    assert_eq!(shop.cancel("1").await, Cancelled::Done);
    assert_eq!(shop.cancel("1").await, Cancelled::Already);
    assert_eq!(shop.cancel("2").await, Cancelled::NotHere);
    assert_eq!(tally(&shop.feed("SH").await)["cancelled"], 1);
    assert_eq!(shop.take(&[order("1", &[("RICE5", 1)])]).await, [Outcome::Duplicate { changed: false }]);
    assert_eq!(shop.take(&[order("2", &[("RICE5", 1)])]).await, [accepted("SH")]);
    assert_ne!(shop.waybill("1").await, shop.waybill("2").await, "a number is never given twice");
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_cancellation_after_the_parcel_has_left_is_noted_and_changes_nothing() {
    let shop = Shop::with(&[("SH", "RICE5", 1)]).await;
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let (station, _) = shop.station("SH").await;
    let waybill = shop.waybill("1").await;
    let units = [("RICE5", 1)];
    shop.send(&station, 1, &[packed("1", &waybill, &units), scanned_out("1", &waybill, &units)])
        .await
        .unwrap();
    let feed = shop.feed("SH").await.len();
    assert_eq!(shop.cancel("1").await, Cancelled::TooLate);
    assert_eq!(shop.state("1").await, "shipped");
    assert_eq!(shop.feed("SH").await.len(), feed);
    assert_eq!(shop.count("SELECT COUNT(*) FROM order_note").await, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn no_name_phone_or_door_stands_in_the_files_in_clear() {
    let shop = Shop::with(&[("SH", "RICE5", 9)]).await;
    if shop.cluster.is_some() {
        // A cluster's files are not ours to read; what is written to them is the same.
        return;
    }
    shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let mut seen = 0;
    for file in std::fs::read_dir(shop.dir.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        seen += bytes.len();
        for personal in ["李小明", "12000001234", "稻香路", "放门口"] {
            assert!(!bytes.windows(personal.len()).any(|part| part == personal.as_bytes()), "{personal}");
        }
    }
    assert!(seen > 100_000, "the database was read");
}
