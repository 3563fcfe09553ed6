//! Orders of a closed or short warehouse go to others: their goods with them, both warehouses told, nothing lost.

use liangcang_domain::fact::Fact;
use liangcang_server::campaign::{self, By, Plan};
use liangcang_server::database::query;
use liangcang_server::incoming::{IncomingOrder, IncomingState};
use liangcang_server::intake::{Arrival, Cancelled, Outcome, take_orders};
use liangcang_server::reroute::{Rerouted, reroute};
use liangcang_server::store::warehouse_day::set_open;
use serde_json::json;

use crate::shop::{NOW, Pool, Shop, Stock, company, order, packed, scanned_out, tally};

const ONE: [(&str, i64); 1] = [("RICE5", 1)];
const BOTH: Stock<'static> = &[("SH", "RICE5", 9), ("GZ", "RICE5", 2)];
const BY: By<'static> = By { who: "office", at: NOW };

/// A shop of which Shanghai has these orders of one sack each.
async fn shop_with(stock: Stock<'_>, orders: &[&str]) -> Shop {
    let shop = Shop::with(stock).await;
    take(&shop, orders).await;
    shop
}

async fn take(shop: &Shop, orders: &[&str]) {
    let orders: Vec<IncomingOrder> = orders.iter().map(|no| order(no, &[("RICE5", 1)])).collect();
    let outcomes = shop.take(&orders).await;
    assert!(outcomes.iter().all(|outcome| !outcome.is_refused()), "{outcomes:?}");
}

async fn open(shop: &Shop, warehouse: &str, open: bool) {
    let mut tx = shop.database.begin().await.unwrap();
    assert!(set_open(&mut tx, &warehouse.into(), open, ("office", NOW)).await.unwrap());
    tx.commit().await.unwrap();
}

async fn run(shop: &Shop, warehouse: &str, dry_run: bool) -> Rerouted {
    reroute(&shop.database, &warehouse.into(), dry_run, ("office", NOW)).await.unwrap().unwrap()
}

/// A line an order: where it goes and why.
fn told(rerouted: &Rerouted) -> Vec<String> {
    let rows = rerouted.moved.iter().chain(&rerouted.stuck);
    let to =
        |to: &Option<(_, _)>| to.as_ref().map_or("-".to_owned(), |(to, carrier)| format!("{to} {carrier}"));
    rows.map(|row| format!("{} {}: {}", row.order, to(&row.to), row.en)).collect()
}

async fn text(shop: &Shop, sql: &'static str, no: &str) -> String {
    let mut look = shop.database.look().await.unwrap();
    query(sql).bind(no).scalar(&mut look).await.unwrap()
}

#[tokio::test]
async fn orders_of_a_closed_warehouse_move_with_their_goods_and_both_warehouses_are_told() {
    let shop = shop_with(BOTH, &["1", "2"]).await;
    let (old, before) = (shop.waybill("1").await, shop.feed("SH").await.len());
    open(&shop, "SH", false).await;
    let plan = run(&shop, "SH", true).await;
    let why = "SH is closed, so it ships from GZ (+10.00 yuan)";
    assert_eq!(told(&plan), [format!("1 GZ ZTO: {why}"), format!("2 GZ ZTO: {why}")]);
    assert_eq!(shop.orders().await["1"], "SH", "a dry run moves nothing");

    assert_eq!(told(&run(&shop, "SH", false).await), told(&plan));
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 9, held: 0, shipped: 0, owed: 0 });
    assert_eq!(shop.pool("GZ", "RICE5").await, Pool { on_hand: 2, held: 2, shipped: 0, owed: 0 });
    assert_ne!(shop.waybill("1").await, old);
    assert_ne!(shop.waybill("1").await, "");
    let because = text(&shop, "SELECT routed_because FROM orders WHERE no = $1", "1").await;
    assert_eq!(because, "moved:closed:SH");
    let note = text(&shop, "SELECT note FROM order_note WHERE order_no = $1", "2").await;
    assert_eq!(note, "moved from SH to GZ: SH is closed");
    let feed = shop.feed("SH").await;
    assert_eq!(feed.len(), before + 2);
    assert_eq!(feed.last().unwrap(), &json!({ "entry": "cancelled", "order": "2", "reason": "moved to GZ" }));
    let feed = shop.feed("GZ").await;
    assert_eq!(tally(&feed)["order"], 2);
    let last = &feed.last().unwrap()["order"];
    assert_eq!((&last["warehouse"], &last["no"]), (&json!("GZ"), &json!("2")));
    assert_eq!(last["waybill_no"], shop.waybill("2").await);
    assert_eq!(last["receiver"]["name"], "李小明");
    assert_eq!(
        told(&run(&shop, "SH", false).await),
        Vec::<String>::new(),
        "a second time there is nothing to do"
    );
    assert!(reroute(&shop.database, &"BJ".into(), true, ("office", NOW)).await.unwrap().is_none());
    shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_that_finds_no_place_is_named_and_keeps_what_it_has() {
    let shop = shop_with(&[("SH", "RICE5", 9), ("GZ", "RICE5", 1)], &["1", "2"]).await;
    open(&shop, "SH", false).await;
    let done = run(&shop, "SH", false).await;
    assert_eq!(
        told(&done),
        [
            "1 GZ ZTO: SH is closed, so it ships from GZ (+10.00 yuan)",
            "2 -: no warehouse has all of it; RICE5 is missing",
        ]
    );
    assert_eq!(shop.orders().await["2"], "SH");
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_day_that_is_full_takes_no_moved_order_either() {
    let mut files = company(&[("SH", "RICE5", 9), ("GZ", "RICE5", 9)], 1_000);
    files.daily_orders = [("GZ".into(), 1)].into();
    let shop = Shop::of(&files).await;
    take(&shop, &["1", "2"]).await;
    open(&shop, "SH", false).await;
    let done = run(&shop, "SH", false).await;
    assert_eq!(
        (done.moved.len(), done.stuck[0].en.as_str()),
        (1, "the warehouses that have it are full for today")
    );
    let days = "SELECT CAST(SUM(orders) AS BIGINT) FROM warehouse_day WHERE warehouse = 'GZ'";
    assert_eq!(shop.count(days).await, 1);
    assert_eq!(shop.count("SELECT orders FROM warehouse_day WHERE warehouse = 'SH'").await, 1);
    assert_eq!(shop.cancel("1").await, Cancelled::Done);
    assert_eq!(shop.count(days).await, 0, "its place at the new warehouse is free again");
    assert_eq!(run(&shop, "SH", false).await.moved.len(), 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_parcel_that_is_packed_stays_where_it_is() {
    let shop = shop_with(BOTH, &["1", "2"]).await;
    let (station, _) = shop.station("SH").await;
    let waybill = shop.waybill("1").await;
    shop.send(&station, 1, &[packed("1", &waybill, &ONE)]).await.unwrap();
    open(&shop, "SH", false).await;
    let done = run(&shop, "SH", false).await;
    assert_eq!(done.moved.iter().map(|row| row.order.as_str()).collect::<Vec<_>>(), ["2"]);
    shop.send(&station, 2, &[scanned_out("1", &waybill, &ONE)]).await.unwrap();
    assert_eq!(shop.state("1").await, "shipped");
    shop.assert_clean().await;
}

#[tokio::test]
async fn what_the_old_warehouse_still_says_of_a_moved_order_is_put_before_a_person() {
    let shop = shop_with(BOTH, &["1"]).await;
    let (old, new) = (shop.station("SH").await.0, shop.station("GZ").await.0);
    let old_number = shop.waybill("1").await;
    open(&shop, "SH", false).await;
    run(&shop, "SH", false).await;
    let gone = Fact::OrderCancelled { order: "1".into() };
    shop.send(&old, 1, std::slice::from_ref(&gone)).await.unwrap();
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 0, "it did as it was told");
    let facts = [packed("1", &old_number, &ONE), scanned_out("1", &old_number, &ONE)];
    shop.send(&old, 2, &facts).await.unwrap();
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 2);
    assert_eq!(shop.state("1").await, "routed");

    let number = shop.waybill("1").await;
    shop.send(&new, 1, &[gone]).await.unwrap();
    assert_eq!(
        shop.count("SELECT COUNT(*) FROM clash").await,
        3,
        "the new warehouse was told nothing of the kind"
    );
    shop.send(&new, 2, &[packed("1", &number, &ONE), scanned_out("1", &number, &ONE)]).await.unwrap();
    assert_eq!(shop.state("1").await, "shipped");
    assert_eq!(shop.pool("GZ", "RICE5").await.shipped, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_short_warehouse_gives_up_what_it_cannot_complete_and_what_it_missed_is_not_sold_again() {
    let shop = shop_with(&[("SH", "RICE5", 2), ("GZ", "RICE5", 2)], &["1", "2"]).await;
    let (station, _) = shop.station("SH").await;
    shop.send(&station, 1, &[Fact::OrderShort { order: "2".into() }]).await.unwrap();
    let done = run(&shop, "SH", false).await;
    assert_eq!(told(&done), ["2 GZ ZTO: SH has given out its RICE5, so it ships from GZ (+10.00 yuan)"]);
    assert_eq!((shop.state("1").await, shop.state("2").await), ("routed".into(), "routed".into()));
    assert_eq!(shop.pool("SH", "RICE5").await, Pool { on_hand: 1, held: 1, shipped: 0, owed: 0 });
    let found = shop.audit().await;
    assert_eq!(found.differences, Vec::<String>::new());
    assert!(found.notes.iter().any(|note| note.contains("RICE5 misses 1 units")), "{found:?}");
    take(&shop, &["3"]).await;
    assert_eq!(shop.orders().await["3"], "GZ");
}

#[tokio::test]
async fn an_order_never_comes_back_to_a_warehouse_it_left() {
    let shop = shop_with(BOTH, &["1"]).await;
    open(&shop, "SH", false).await;
    run(&shop, "SH", false).await;
    open(&shop, "SH", true).await;
    open(&shop, "GZ", false).await;
    let done = run(&shop, "GZ", false).await;
    assert_eq!(told(&done), ["1 -: every warehouse is closed"]);
    assert_eq!(shop.orders().await["1"], "GZ");
}

/// A show that sells rice, live, with all of this set aside.
async fn show(shop: &Shop, stock: Stock<'_>) {
    let set_aside = stock.iter().map(|(at, sku, qty)| json!({ "warehouse": at, "sku": sku, "qty": qty }));
    let plan: Plan = serde_json::from_value(json!({
        "id": "show", "name": "show", "host": "", "starts_at": 1, "ends_at": NOW.0 + 1, "unpaid_ms": 60_000,
        "offers": [{ "code": "RICE5", "price_fen": 100, "expected": 9 }], "set_aside": set_aside.collect::<Vec<_>>(),
    }))
    .unwrap();
    campaign::plan(&shop.database, &plan, BY).await.unwrap();
    campaign::arm(&shop.database, "show", BY).await.unwrap();
    campaign::start(&shop.database, "show", BY).await.unwrap();
}

async fn assert_balanced(shop: &Shop) {
    let ledger = campaign::ledger(&mut shop.database.look().await.unwrap(), "show").await.unwrap().unwrap();
    assert!(ledger.balanced, "{:?}", ledger.differences);
    shop.assert_clean().await;
}

fn of_show(no: &str) -> IncomingOrder {
    IncomingOrder { campaign: Some("show".into()), ..order(no, &[("RICE5", 1)]) }
}

#[tokio::test]
async fn an_order_of_a_show_moves_within_what_the_show_set_aside() {
    let shop = Shop::with(&[("SH", "RICE5", 9), ("GZ", "RICE5", 9)]).await;
    show(&shop, &[("SH", "RICE5", 5), ("GZ", "RICE5", 1)]).await;
    shop.take(&[of_show("1"), of_show("2")]).await;
    open(&shop, "SH", false).await;
    let done = run(&shop, "SH", false).await;
    assert_eq!((done.moved.len(), done.stuck.len()), (1, 1), "the free stock is not the show's");
    let held = "SELECT CAST(SUM(held) AS BIGINT) FROM quota WHERE warehouse = 'GZ'";
    assert_eq!(shop.count(held).await, 1);
    assert_balanced(&shop).await;
}

#[tokio::test]
async fn an_order_of_a_show_that_is_over_moves_onto_free_stock() {
    let shop = Shop::with(&[("SH", "RICE5", 9), ("GZ", "RICE5", 1)]).await;
    show(&shop, &[("SH", "RICE5", 5)]).await;
    shop.take(&[of_show("1"), of_show("2")]).await;
    campaign::close(&shop.database, "show", BY).await.unwrap();
    open(&shop, "SH", false).await;
    let done = run(&shop, "SH", false).await;
    assert_eq!((done.moved.len(), done.stuck.len()), (1, 1));
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    assert_eq!(shop.pool("GZ", "RICE5").await.held, 1);
    assert_balanced(&shop).await;
}

#[tokio::test]
async fn an_order_that_waits_for_its_money_moves_untold_and_is_packed_at_its_new_place() {
    let shop = Shop::with(BOTH).await;
    let mut unpaid = order("1", &[("RICE5", 1)]);
    unpaid.state = IncomingState::Unpaid;
    let may_be_unpaid = |order| Arrival { order, waits: false, may_be_unpaid: true };
    take_orders(&shop.database, NOW, &[may_be_unpaid(&unpaid)]).await.unwrap();
    open(&shop, "SH", false).await;
    assert_eq!(run(&shop, "SH", false).await.moved.len(), 1);
    assert_eq!(shop.state("1").await, "unpaid");
    assert_eq!(tally(&shop.feed("SH").await).get("cancelled"), None, "Shanghai was never told of it");
    let paid = shop.take(&[order("1", &[("RICE5", 1)])]).await;
    assert_eq!(paid, [Outcome::Accepted { warehouse: "GZ".into(), carrier: "ZTO".into() }]);
    assert_eq!(tally(&shop.feed("GZ").await)["order"], 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn without_a_waybill_number_left_an_order_stays_and_the_reason_is_named() {
    let shop = Shop::of(&company(BOTH, 2)).await;
    take(&shop, &["1"]).await;
    open(&shop, "SH", false).await;
    take(&shop, &["2"]).await;
    let done = run(&shop, "SH", false).await;
    assert_eq!(
        told(&done),
        [
            "1 -: it could not be moved and stays, run it again: all waybill numbers of ZTO are used: lease more and \
          import them"
        ]
    );
    assert_eq!(shop.pool("SH", "RICE5").await.held, 1);
    shop.assert_clean().await;
}
