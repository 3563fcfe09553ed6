//! Orders whose receiver could not be read at first are judged by it when it can be.

use liangcang_domain::risk::Rules;
use liangcang_domain::unit::EpochMs;
use liangcang_server::campaign::{self, By, Limits};
use liangcang_server::incoming::{IncomingOrder, IncomingState};
use liangcang_server::intake::{Answer, Arrival, Desk, Outcome, take_orders, wake};
use liangcang_server::jobs::lapse::lapse;
use liangcang_server::review::{Decision, decide};
use liangcang_server::store::blocked;
use liangcang_server::store::review::{self, ClusterKind};

use crate::campaigns::{live, show, sold};
use crate::shop::{NOW, Shop, receiver};

const BY: By<'static> = By { who: "anna", at: NOW };

/// A show of rice whose rules let two orders go to an address.
async fn shop() -> Shop {
    let shop = Shop::with(&[("SH", "RICE5", 30)]).await;
    let mut plan = show(&[("SH", "RICE5", "", 20)]);
    plan.rules = Rules::default();
    plan.rules.too_many_to_address.orders_max = 2;
    plan.rules.too_many_by_phone.on = false;
    live(&shop, &plan).await;
    shop
}

/// Each at a phone of its own, all at one door.
fn readable(no: &str) -> IncomingOrder {
    IncomingOrder { receiver: receiver("李小明", &format!("120000{no:0>5}")), ..sold(no, &[("RICE5", 1)]) }
}

fn masked(no: &str) -> IncomingOrder {
    let mut order = readable(no);
    order.receiver.name = "李**".into();
    order.receiver.phone = "120****0000".into();
    order.receiver.detail = "稻香路****".into();
    order
}

async fn take(shop: &Shop, desk: &mut Desk, orders: &[IncomingOrder]) -> Vec<Answer> {
    let group: Vec<Arrival<'_>> = orders.iter().map(Arrival::from).collect();
    desk.take(&shop.database, NOW, &group).await.unwrap()
}

/// What one order is told: its outcome and why a person must see it.
async fn told(shop: &Shop, desk: &mut Desk, order: IncomingOrder) -> String {
    let answer = take(shop, desk, &[order]).await.remove(0);
    let outcome = match answer.outcome {
        Outcome::Accepted { .. } => "accepted".to_owned(),
        outcome => format!("{outcome:?}"),
    };
    let hits: Vec<String> = answer.hits.iter().map(|hit| format!("{}: {}", hit.rule, hit.en)).collect();
    [vec![outcome], hits].concat().join("; ")
}

#[tokio::test]
async fn an_order_that_becomes_readable_is_judged_by_its_address_the_blocklist_and_the_limits() {
    let shop = shop().await;
    let mut desk = Desk::default();
    let mut vague = readable("2");
    vague.receiver.street = String::new();
    vague.receiver.detail = "到了打电话".into();
    let mut elsewhere = readable("4");
    elsewhere.receiver.detail = "别处路 1 号 2 室".into();
    take(&shop, &mut desk, &["1", "2", "3", "4"].map(masked)).await;
    assert_eq!(told(&shop, &mut desk, readable("1")).await, "accepted");
    let hit = told(&shop, &mut desk, vague).await;
    assert!(hit.starts_with("Review; vague_address: "), "{hit}");
    let mut tx = shop.database.begin().await.unwrap();
    let key = review::key_of_order(&mut tx, &"1".into(), ClusterKind::Address).await.unwrap().unwrap();
    blocked::block(&mut tx, (ClusterKind::Address, key), "sends all back", ("anna", NOW)).await.unwrap();
    tx.commit().await.unwrap();
    let hit = told(&shop, &mut desk, readable("3")).await;
    assert_eq!(hit, "Review; blocklisted: the address is on the blocklist");
    let limits = Limits { buyer_limit: 0, address_limit: 1, province_quotas: Vec::new() };
    campaign::set_limits(&shop.database, "double-11", &limits, BY).await.unwrap();
    assert_eq!(told(&shop, &mut desk, elsewhere).await, "accepted");
    take(&shop, &mut desk, &[masked("5")]).await;
    let mut fifth = readable("5");
    fifth.receiver.detail = "别处路 1 号 2 室".into();
    let hit = told(&shop, &mut desk, fifth).await;
    assert_eq!(hit, "Review; over_quota: the campaign's limit of 1 orders a address is reached");
    assert_eq!(shop.count("SELECT COUNT(*) FROM review WHERE state = 'open'").await, 3);
    let lasting =
        "SELECT COUNT(*) FROM orders WHERE state = 'review' AND hold = 'held' AND hold_expires_at > 0";
    assert_eq!(shop.count(lasting).await, 3);
    decide(&shop.database, &["3".into()], Decision::Approve, "anna", NOW).await;
    assert_eq!(shop.feed("SH").await.last().unwrap()["order"]["receiver"]["phone"], "12000000003");
    lapse(&shop.database, EpochMs(i64::MAX)).await.unwrap();
    assert_eq!(shop.state("2").await, "cancelled");
    shop.assert_clean().await;
}

#[tokio::test]
async fn every_server_counts_an_order_for_its_door_from_the_moment_it_became_readable() {
    let shop = shop().await;
    let (mut here, mut there) = (Desk::default(), Desk::default());
    take(&shop, &mut here, &[masked("1"), masked("2"), readable("3")]).await;
    assert_eq!(told(&shop, &mut there, readable("1")).await, "accepted", "the second to this door");
    let nth = |nth: u32| format!("Review; too_many_to_address: order {nth} to this address, limit 2");
    assert_eq!(told(&shop, &mut there, readable("2")).await, nth(3));
    assert_eq!(told(&shop, &mut here, readable("4")).await, nth(4), "this server had counted before");
    assert_eq!(told(&shop, &mut Desk::default(), readable("5")).await, nth(5), "this one counts all anew");
    assert_eq!(told(&shop, &mut there, readable("6")).await, nth(6), "this one let them go");
    shop.cancel("1").await;
    for (place, desk) in [&mut here, &mut there, &mut Desk::default()].into_iter().enumerate() {
        let no = 7 + u32::try_from(place).unwrap();
        assert_eq!(told(&shop, desk, readable(&no.to_string())).await, nth(no - 1), "one was taken back");
    }
    let in_one_group = [masked("a"), masked("b"), readable("a"), readable("b")];
    let outcomes = take(&shop, &mut here, &in_one_group).await;
    assert!(outcomes[2..].iter().all(|answer| answer.outcome == Outcome::Review), "{outcomes:?}");
    assert_eq!(outcomes[3].hits[0].en, "order 10 to this address, limit 2");
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_money_of_an_order_that_cannot_be_read_sends_it_nowhere() {
    let shop = shop().await;
    let unpaid = IncomingOrder { state: IncomingState::Unpaid, paid_at_ms: None, ..masked("1") };
    let group = [Arrival { order: &unpaid, waits: true, may_be_unpaid: true }];
    assert_eq!(take_orders(&shop.database, NOW, &group).await.unwrap(), [Outcome::Unpaid]);
    let mut tx = shop.database.begin().await.unwrap();
    let outcome = wake(&mut tx, &shop.database, &"1".into(), None, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(outcome, Outcome::WaitsForPlatform);
    assert_eq!((shop.state("1").await.as_str(), shop.waybill("1").await.as_str()), ("waiting", ""));
    assert_eq!(lapse(&shop.database, EpochMs(i64::MAX)).await.unwrap(), 0, "it is paid");
    assert_eq!(told(&shop, &mut Desk::default(), readable("1")).await, "accepted");
    shop.assert_clean().await;
}

#[tokio::test]
async fn what_a_person_has_to_decide_of_an_unreadable_order_is_added_to_when_it_can_be_read() {
    let shop = shop().await;
    let vague = |no: &str| {
        let mut order = IncomingOrder { paid_fen: 1, ..readable(no) };
        order.receiver.street = String::new();
        order.receiver.detail = "到了打电话".into();
        order
    };
    let underpaid = |no: &str| IncomingOrder { paid_fen: 1, ..masked(no) };
    shop.take(&["1", "2", "3"].map(underpaid)).await;
    let rules = async |no: &str| {
        let (held, _) = review::open(&mut shop.database.look().await.unwrap(), &shop.database, ("", ""), 9)
            .await
            .unwrap();
        let held = held.into_iter().find(|held| held.order == no).unwrap();
        let rules: Vec<String> =
            held.hits.as_array().unwrap().iter().map(|hit| hit["rule"].to_string()).collect();
        rules.join(" ")
    };
    assert_eq!(rules("1").await, r#""amount_mismatch""#);
    assert_eq!(shop.take(&[vague("1")]).await, [Outcome::Review]);
    assert_eq!(rules("1").await, r#""amount_mismatch" "vague_address""#);
    assert_eq!(shop.state("1").await, "review");
    // What was approved unread goes when nothing is found, and comes back when something is.
    for no in ["2", "3"] {
        decide(&shop.database, &[no.into()], Decision::Approve, "anna", NOW).await;
        assert_eq!(shop.state(no).await, "waiting");
    }
    assert!(matches!(shop.take(&[readable("2")]).await[0], Outcome::Accepted { .. }));
    assert_eq!(shop.take(&[vague("3")]).await, [Outcome::Review]);
    assert_eq!(rules("3").await, r#""vague_address""#);
    decide(&shop.database, &["1".into(), "3".into()], Decision::Approve, "anna", NOW).await;
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders WHERE state = 'routed'").await, 3);
    shop.assert_clean().await;
}
