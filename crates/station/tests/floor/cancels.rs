//! Cancelled orders: found wherever they stand, their bearer told at once, and no goods lost on the way.

use crate::company::{cancelled, order, told, waybill};
use crate::day::Day;
use crate::work::on_bench;
use liangcang_domain::code::Action;
use liangcang_domain::fact::Fact;
use liangcang_domain::label::LabelState;
use liangcang_domain::task::pack::PackStep;
use liangcang_domain::task::walk::LineKind;
use liangcang_domain::task::{Mistake, Notice};
use liangcang_station::commands::FaultCode;
use liangcang_station::view::Sticky;

fn recalled(order: &str) -> Notice {
    Notice::Recalled { order: order.into() }
}

fn put_back_waits(sticky: &Sticky) -> bool {
    matches!(sticky, Sticky::PutBackWaiting { .. })
}

/// Everything is where it lay in the morning.
async fn all_is_back(day: &Day) {
    assert_eq!(day.stock("bin:A-01-01-1", "RICE5").await, 20);
    assert_eq!(day.stock("bin:A-01-02-1", "OIL5").await, 20);
    assert_eq!(day.state_of("1001").await, "cancelled");
    let findings = day.audit_is_clean().await;
    assert_eq!(findings.orders.get("cancelled"), Some(&1));
    day.server_has_every_fact_once().await;
}

/// Walks the goods of a tote back.
async fn bring_back(day: &Day) {
    day.until_sticky("goods wait to be put back", put_back_waits).await;
    day.press(Action::Next).await;
    let tote = day.walk().wanted_tote.expect("the tote they lie in");
    day.scan(tote.as_str()).await;
    day.walk_on().await;
    day.until_no_sticky("nothing waits to be put back", put_back_waits).await;
}

#[tokio::test]
async fn a_ready_order_that_is_cancelled_is_in_no_wave() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 1)]))]).await;
    day.told([cancelled("1001")]).await;
    assert_eq!(day.release("SF").await.expect_err("nothing to release").code, FaultCode::NothingToDo);
    all_is_back(&day).await;
}

#[tokio::test]
async fn a_cancellation_that_comes_before_its_order_is_not_forgotten() {
    let day = Day::begin().await;
    day.told([cancelled("1001")]).await;
    day.told([told(order("1001", "SF", &[("RICE5", 1)]))]).await;
    assert_eq!(day.release("SF").await.expect_err("nothing to release").code, FaultCode::NothingToDo);
    all_is_back(&day).await;
}

#[tokio::test]
async fn a_released_order_that_is_cancelled_leaves_its_walk() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 1)])), told(order("1002", "SF", &[("RICE5", 1)]))]).await;
    day.release("SF").await.expect("released");
    day.told([cancelled("1001")]).await;
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.walk().line.map(|line| line.want.0), Some(1), "only the other order's");
    day.told([cancelled("1002")]).await;
    assert!(day.is_idle() && day.view().today.walks.is_empty(), "nobody walks for nobody");
    assert_eq!(day.stock("bin:A-01-01-1", "RICE5").await, 20);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_cancel_with_three_of_five_in_the_tote_leaves_a_put_back_of_three_and_no_open_pick() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 5)]))]).await;
    day.release("SF").await.expect("released");
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
    for _ in 0..4 {
        day.step_on().await;
    }
    assert_eq!(day.stock("tote:TOTE-0001", "RICE5").await, 3);

    // No scan: the screen changes by itself.
    day.told([cancelled("1001")]).await;
    assert_eq!(day.notice(), recalled("1001"));
    let walk = day.walk();
    let line = walk.line.expect("the way back");
    assert_eq!((line.kind, line.want.0, line.done.0), (LineKind::PutBack, 3, 0));
    assert!(walk.next.is_none(), "no open pick remains");
    day.walk_on().await;
    assert!(day.view().today.walks.is_empty());
    all_is_back(&day).await;
}

#[tokio::test]
async fn a_walk_that_was_left_and_whose_order_is_cancelled_begins_again_with_the_put_back() {
    let mut day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 2)]))]).await;
    day.release("SF").await.expect("released");
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
    day.step_on().await;
    day.step_on().await;
    day.press(Action::Leave).await;
    day.told([cancelled("1001")]).await;
    day.crash_and_restart().await;
    day.press(Action::Next).await;
    assert_eq!(day.walk().line.map(|line| (line.kind, line.want.0)), Some((LineKind::PutBack, 1)));
    day.walk_on().await;
    all_is_back(&day).await;
}

#[tokio::test]
async fn the_goods_of_a_picked_order_that_is_cancelled_get_a_walk_back() {
    let day = Day::begin().await;
    let orders = [order("1001", "SF", &[("GIFT-A", 1)]), order("1002", "SF", &[("SALT", 1), ("OIL5", 1)])];
    day.picked(&orders, "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    assert_eq!(on_bench(&day.view()), Some("1001"));
    day.press(Action::Leave).await;
    day.told([cancelled("1001")]).await;
    bring_back(&day).await;
    assert_eq!(day.stock("tote:TOTE-0001", "OIL5").await, 1, "the other order's stays");
    day.scan("TOTE-0001").await;
    day.pack().await;
    assert!(day.is_idle());
    assert_eq!(day.stock("bin:A-01-01-1", "RICE5").await, 20);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn an_order_cancelled_while_the_bench_shows_it_makes_way_for_the_next() {
    let day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 1)]), order("1002", "SF", &[("RICE5", 1)])];
    day.picked(&orders, "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    assert_eq!(on_bench(&day.view()), Some("1001"));
    day.told([cancelled("1001")]).await;
    assert_eq!((on_bench(&day.view()), day.notice()), (Some("1002"), recalled("1001")));
    day.pack().await;
    bring_back(&day).await;
    assert_eq!(day.stock("bin:A-01-01-1", "RICE5").await, 19);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn the_goods_of_an_order_cancelled_on_the_bench_go_back_into_the_tote_and_to_their_bins() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("GIFT-A", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.scan("SKU-RICE5").await;
    day.told([cancelled("1001")]).await;
    assert_eq!((day.notice(), day.parcel().step), (recalled("1001"), PackStep::Return));
    day.scan("TOTE-0002").await;
    assert_eq!(day.mistake(), Mistake::WrongTote { got: "TOTE-0002".into() });
    assert_eq!(day.stock("bench:1001", "RICE5").await, 1);
    day.scan("TOTE-0001").await;
    assert!(day.is_idle());
    bring_back(&day).await;
    all_is_back(&day).await;
}

#[tokio::test]
async fn a_label_printed_for_an_order_cancelled_on_the_bench_is_void() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("GIFT-A", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day.weigh_in().await;
    day.until_label(&[LabelState::Printed]).await;
    day.told([cancelled("1001")]).await;
    assert_eq!(day.labels("1001").await, [("1001-1".to_owned(), "voided".to_owned())]);
    // Whoever comes back after a crash is still asked for the goods.
    day.crash_and_restart().await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.parcel().step, PackStep::Return);
    day.scan("TOTE-0001").await;
    bring_back(&day).await;
    all_is_back(&day).await;
}

#[tokio::test]
async fn a_packed_parcel_whose_order_is_cancelled_stays_on_the_screen_and_is_refused_at_scan_out() {
    let day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.told([cancelled("1001")]).await;
    let lies_there = |sticky: &Sticky| *sticky == Sticky::CancelledParcel { order: "1001".into() };
    day.until_sticky("a cancelled parcel lies somewhere", lies_there).await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    assert_eq!(day.mistake(), Mistake::OrderWasCancelled { order: "1001".into() });
    assert_eq!((day.hand_over().count, day.stock("carrier", "RICE5").await), (0, 0));
    assert_eq!(day.stock("parcel:1001", "RICE5").await, 1);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_parcel_cancelled_in_the_open_cage_comes_off_the_manifest_at_once() {
    let day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.packed(order("1002", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.scan(&waybill("1002", "SF")).await;
    assert_eq!(day.hand_over().count, 2);
    day.told([cancelled("1001")]).await;
    assert_eq!((day.hand_over().count, day.notice()), (1, recalled("1001")));
    assert_eq!(day.stock("carrier", "RICE5").await, 1, "it stands in the building");
    day.scan(&waybill("1001", "SF")).await;
    assert_eq!(day.mistake(), Mistake::OrderWasCancelled { order: "1001".into() });
    day.press(Action::Leave).await;
    // Also while nobody stands at the cage.
    day.told([cancelled("1002")]).await;
    day.scan("CAGE-SF-01").await;
    assert_eq!(day.hand_over().count, 0);
    assert_eq!(day.stock("carrier", "RICE5").await, 0);
    day.audit_is_clean().await;
    day.server_has_every_fact_once().await;
}

#[tokio::test]
async fn an_order_that_left_with_the_carrier_is_not_cancelled_here() {
    let day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.press(Action::Next).await;
    let facts = day.facts().await.len();
    day.told([cancelled("1001")]).await;
    assert_eq!((day.state_of("1001").await.as_str(), day.facts().await.len()), ("handed_over", facts));
    day.audit_is_clean().await;
}

#[tokio::test]
async fn an_order_cancelled_twice_changes_nothing_the_second_time() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("GIFT-A", 1)])], "TOTE-0001").await;
    day.told([cancelled("1001")]).await;
    let facts = day.facts().await.len();
    day.told([cancelled("1001")]).await;
    day.crash().await;
    day.start().await;
    day.told([cancelled("1001")]).await;
    assert_eq!(day.facts().await.len(), facts);
    assert_eq!(day.count_facts(|fact| matches!(fact, Fact::PutBackOpened { .. })).await, 1);
    day.scan("OP-wang").await;
    bring_back(&day).await;
    all_is_back(&day).await;
}
