//! Orders under review: decided one by one or as a cluster, and holds that lapse.

use liangcang_domain::id::OrderNo;
use liangcang_domain::unit::EpochMs;
use liangcang_server::campaign::Looks;
use liangcang_server::incoming::{IncomingOrder, IncomingState};
use liangcang_server::intake::{Arrival, Outcome, take_orders};
use liangcang_server::jobs::lapse::lapse;
use liangcang_server::review::{Decided, Decision, decide};
use liangcang_server::store::review::{self, ClusterKind, HeldOrder, parse_key};
use liangcang_server::store::{blocked, review::cluster_anywhere};

use crate::campaigns::{live, show, sold};
use crate::shop::{NOW, Shop, company, order};

/// A show with ten bags of rice.
async fn ten_bags() -> Shop {
    let shop = Shop::with(&[("SH", "RICE5", 20)]).await;
    live(&shop, &show(&[("SH", "RICE5", "", 10)])).await;
    shop
}

/// An order that paid less than the price: a person must see it.
fn underpaid(no: &str) -> IncomingOrder {
    IncomingOrder { paid_fen: 1, ..sold(no, &[("RICE5", 1)]) }
}

fn to_phone(phone: &str, mut order: IncomingOrder) -> IncomingOrder {
    order.receiver.phone = phone.into();
    order
}

async fn queue(shop: &Shop) -> Vec<HeldOrder> {
    let mut look = shop.database.look().await.unwrap();
    let mut held = review::open(&mut look, &shop.database, ("double-11", ""), 100).await.unwrap().0;
    Looks::default().count_clusters(&shop.database, &mut held).await.unwrap();
    held
}

async fn say(shop: &Shop, decision: Decision, orders: &[&str]) -> Decided {
    let orders: Vec<OrderNo> = orders.iter().map(|no| OrderNo::from(*no)).collect();
    decide(&shop.database, &orders, decision, "anna", NOW).await
}

/// Why orders were left, without those that were not.
fn left(decided: Decided) -> Vec<String> {
    decided.left.into_iter().map(|it| format!("{} {}", it.order, it.why)).collect()
}

async fn word(shop: &Shop, sql: &'static str) -> String {
    shop.text(sql).await
}

async fn held(shop: &Shop) -> i64 {
    shop.count("SELECT CAST(SUM(held) AS BIGINT) FROM quota").await
}

#[tokio::test]
async fn an_approved_order_gets_its_waybill_and_its_warehouse_is_told() {
    let shop = ten_bags().await;
    assert_eq!(shop.take(&[underpaid("1")]).await, [Outcome::Review]);
    let before = shop.feed("SH").await.len();
    let queue_then = queue(&shop).await;
    assert_eq!((queue_then[0].order.as_str(), queue_then[0].state.as_str()), ("1", "open"));
    assert_eq!(queue_then[0].hits[0]["rule"], "amount_mismatch");
    assert!(queue_then[0].expires_at.is_some_and(|at| at > NOW.0));
    assert_eq!(queue_then[0].receiver.name, "李**");
    assert_eq!(left(say(&shop, Decision::Approve, &["1"]).await), [""; 0]);
    assert_eq!(shop.state("1").await, "routed");
    assert_ne!(shop.waybill("1").await, "");
    assert_eq!(shop.feed("SH").await.len(), before + 1);
    assert_eq!(word(&shop, "SELECT state || ' ' || decided_by FROM review").await, "approved anna");
    assert!(queue(&shop).await.is_empty());
    assert_eq!(lapse(&shop.database, EpochMs(i64::MAX)).await.unwrap(), 0);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_rejected_order_is_cancelled_and_its_goods_are_the_campaigns_again() {
    let shop = ten_bags().await;
    shop.take(&[underpaid("1"), sold("2", &[("RICE5", 1)])]).await;
    assert_eq!(held(&shop).await, 2);
    let before = shop.feed("SH").await.len();
    assert_eq!(left(say(&shop, Decision::Reject, &["1"]).await), [""; 0]);
    assert_eq!((shop.state("1").await.as_str(), held(&shop).await), ("cancelled", 1));
    assert_eq!(word(&shop, "SELECT state || ' ' || decided_by FROM review").await, "rejected anna");
    // Its warehouse never knew of it.
    assert_eq!(shop.feed("SH").await.len(), before);
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_goods_of_a_buyer_who_is_asked_stay_held_until_the_hold_lapses() {
    let shop = ten_bags().await;
    shop.take(&[underpaid("1"), underpaid("2")]).await;
    assert_eq!(left(say(&shop, Decision::Ask, &["1", "2"]).await), [""; 0]);
    let asked = queue(&shop).await;
    assert_eq!(asked.iter().map(|it| it.state.as_str()).collect::<Vec<_>>(), ["asked", "asked"]);
    assert_eq!(left(say(&shop, Decision::Approve, &["2"]).await), [""; 0]);
    let lapses = EpochMs(asked[0].expires_at.unwrap());
    assert_eq!(lapse(&shop.database, EpochMs(lapses.0 - 1)).await.unwrap(), 0);
    assert_eq!(held(&shop).await, 2);
    assert_eq!(lapse(&shop.database, lapses).await.unwrap(), 1);
    assert_eq!((shop.state("1").await.as_str(), shop.state("2").await.as_str()), ("cancelled", "routed"));
    assert_eq!(word(&shop, "SELECT state FROM review WHERE order_no = '1'").await, "lapsed");
    assert_eq!(word(&shop, "SELECT cancel_reason FROM orders WHERE no = '1'").await, "not decided in time");
    assert_eq!(held(&shop).await, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn what_cannot_be_decided_is_named_with_its_reason_and_the_rest_is_done() {
    let shop = ten_bags().await;
    shop.take(&[underpaid("1"), underpaid("2"), underpaid("3"), sold("4", &[("RICE5", 1)])]).await;
    say(&shop, Decision::Approve, &["1"]).await;
    shop.cancel("2").await;
    let decided = say(&shop, Decision::Reject, &["1", "2", "3", "4", "5", "3"]).await;
    assert_eq!(decided.decided, 1);
    assert_eq!(
        left(decided),
        [
            "1 its review has ended as approved: nothing is to be decided",
            "2 its review has ended as lapsed: nothing is to be decided",
            "4 it was never in review: nothing is to be decided",
            "5 there is no order of this number",
            "3 its review has ended as rejected: nothing is to be decided",
        ]
    );
    shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_no_waybill_number_is_left_for_stays_in_review() {
    let shop = Shop::of(&company(&[("SH", "RICE5", 20)], 0)).await;
    live(&shop, &show(&[("SH", "RICE5", "", 10)])).await;
    shop.take(&[underpaid("1")]).await;
    let decided = say(&shop, Decision::Approve, &["1"]).await;
    assert_eq!(left(decided), ["1 all waybill numbers of ZTO are used: lease more and import them"]);
    assert_eq!((shop.state("1").await.as_str(), queue(&shop).await.len()), ("review", 1));
    assert_eq!(left(say(&shop, Decision::Reject, &["1"]).await), [""; 0]);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_cluster_shows_accepted_orders_too_and_only_the_undecided_are_decided() {
    let shop = ten_bags().await;
    let mut other = to_phone("13900000002", underpaid("4"));
    other.receiver.detail = "别处路 1 号".into();
    shop.take(&[underpaid("1"), sold("2", &[("RICE5", 1)]), underpaid("3"), other]).await;
    shop.cancel("3").await;
    let first = &queue(&shop).await[0];
    let kinds: Vec<(ClusterKind, i64)> = first.clusters.iter().map(|it| (it.kind, it.orders)).collect();
    assert_eq!(kinds, [(ClusterKind::Address, 2), (ClusterKind::Phone, 2)]);
    let key = parse_key(&first.clusters[1].key).unwrap();
    let mut look = shop.database.look().await.unwrap();
    let gathered = (ClusterKind::Phone, key, "double-11");
    let looks = Looks::default();
    let orders = looks.cluster(&shop.database, gathered, 100).await.unwrap();
    let orders: Vec<String> = orders.iter().map(|it| format!("{} {}", it.order, it.state)).collect();
    assert_eq!(orders, ["1 review", "2 routed", "3 cancelled"]);
    assert_eq!(review::held_in_cluster(&mut look, gathered).await.unwrap(), [OrderNo::from("1")]);
    let elsewhere = (ClusterKind::Phone, key, "another");
    assert!(review::held_in_cluster(&mut look, elsewhere).await.unwrap().is_empty());
    assert!(looks.cluster(&shop.database, elsewhere, 100).await.unwrap().is_empty());
    let anywhere =
        cluster_anywhere(&mut look, &shop.database, (ClusterKind::Phone, key, ""), 2).await.unwrap();
    assert_eq!(anywhere.iter().map(|it| it.order.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    assert!(review::held_in_cluster(&mut look, (ClusterKind::Address, key, "")).await.unwrap().is_empty());
}

#[tokio::test]
async fn who_is_blocked_gets_nothing_before_a_person_has_seen_it() {
    let shop = ten_bags().await;
    shop.take(&[sold("1", &[("RICE5", 1)])]).await;
    let mut tx = shop.database.begin().await.unwrap();
    let key = review::key_of_order(&mut tx, &"1".into(), ClusterKind::Phone).await.unwrap().unwrap();
    blocked::block(&mut tx, (ClusterKind::Phone, key), "returns every parcel", ("anna", NOW)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(shop.take(&[sold("2", &[("RICE5", 1)])]).await, [Outcome::Review]);
    assert_eq!(queue(&shop).await[0].hits[0]["rule"], "blocklisted");
    let mut tx = shop.database.begin().await.unwrap();
    assert!(blocked::unblock(&mut tx, key).await.unwrap());
    assert!(!blocked::unblock(&mut tx, key).await.unwrap());
    tx.commit().await.unwrap();
    assert!(matches!(shop.take(&[sold("3", &[("RICE5", 1)])]).await[0], Outcome::Accepted { .. }));
}

async fn take_unpaid(shop: &Shop, orders: &[IncomingOrder]) {
    let unpaid = |order| Arrival { order, waits: false, may_be_unpaid: true };
    let group: Vec<Arrival<'_>> = orders.iter().map(unpaid).collect();
    let outcomes = take_orders(&shop.database, NOW, &group).await.unwrap();
    assert!(outcomes.iter().all(|it| *it == Outcome::Unpaid), "{outcomes:?}");
}

fn unpaid(order: IncomingOrder) -> IncomingOrder {
    IncomingOrder { state: IncomingState::Unpaid, paid_at_ms: None, ..order }
}

#[tokio::test]
async fn unpaid_holds_lapse_at_their_moment_and_a_clock_that_went_back_changes_nothing() {
    let shop = Shop::with(&[("SH", "RICE5", 200)]).await;
    let mut plan = show(&[("SH", "RICE5", "", 100)]);
    plan.rules.too_many_to_address.on = false;
    plan.rules.too_many_by_phone.on = false;
    live(&shop, &plan).await;
    // More than are cancelled in one transaction, and some of the standing sale.
    let mut orders: Vec<IncomingOrder> =
        (0..70).map(|n| unpaid(sold(&format!("S{n}"), &[("RICE5", 1)]))).collect();
    orders.extend((0..3).map(|n| {
        unpaid(IncomingOrder { campaign: Some("daily".into()), ..order(&format!("D{n}"), &[("RICE5", 1)]) })
    }));
    take_unpaid(&shop, &orders).await;
    assert_eq!((held(&shop).await, shop.pool("SH", "RICE5").await.held), (70, 103));
    let after = |ms: i64| EpochMs(NOW.0 + ms);
    for back in [after(899_999), NOW, after(-3_600_000), EpochMs(0)] {
        assert_eq!(lapse(&shop.database, back).await.unwrap(), 0);
    }
    assert_eq!(lapse(&shop.database, after(900_000)).await.unwrap(), 70);
    assert_eq!(lapse(&shop.database, after(900_000)).await.unwrap(), 0);
    assert_eq!((held(&shop).await, shop.pool("SH", "RICE5").await.held), (0, 103));
    assert_eq!(lapse(&shop.database, after(1_800_000)).await.unwrap(), 3);
    assert_eq!(shop.pool("SH", "RICE5").await.held, 100);
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders WHERE cancel_reason = 'not paid in time'").await, 73);
    shop.assert_clean().await;
}
