//! Fewer in the bin than the ledger says: the rest is fetched elsewhere, or the order is given up whole.

use crate::company::{order, told};
use crate::day::Day;
use liangcang_domain::code::Action;
use liangcang_domain::fact::Fact;
use liangcang_domain::order::Order;
use liangcang_domain::task::walk::LineKind;
use liangcang_domain::task::{Mistake, Notice};
use liangcang_station::view::Sticky;

/// Says that the bin is empty, and yes.
async fn short(day: &Day) {
    day.press(Action::Short).await;
    day.key("1").await;
    day.press(Action::Confirm).await;
}

async fn walking(day: &Day, order: Order) {
    day.told([told(order)]).await;
    day.release("SF").await.expect("released");
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
}

#[tokio::test]
async fn units_that_were_short_are_fetched_from_another_bin_in_the_same_walk() {
    let day = Day::begin().await;
    walking(&day, order("1001", "SF", &[("RICE5", 3)])).await;
    day.step_on().await;
    day.step_on().await;
    short(&day).await;

    let line = day.walk().line.expect("a line more");
    assert_eq!((line.bin.as_str(), line.lot.as_str(), line.want.0), ("A-02-03-1", "LR2", 2));
    assert_eq!(
        day.count("SELECT count(*) FROM count_task WHERE bin = 'A-01-01-1' AND sku = 'RICE5'").await,
        1
    );
    day.walk_on().await;
    assert_eq!(day.state_of("1001").await, "picked");
    day.scan("TOTE-0001").await;
    day.pack().await;
    assert_eq!(day.state_of("1001").await, "packed");
    day.audit_is_clean().await;
    day.server_has_every_fact_once().await;
}

#[tokio::test]
async fn an_order_that_is_short_everywhere_is_given_up_and_its_other_goods_go_back() {
    let day = Day::begin().await;
    walking(&day, order("1001", "SF", &[("RICE5", 1), ("SALT", 2)])).await;
    while day.walk().line.is_some_and(|line| line.item.sku.as_str() == "RICE5") {
        day.step_on().await;
    }
    day.step_on().await;
    day.step_on().await;
    assert_eq!(day.walk().line.map(|line| line.done.0), Some(1), "one salt is there");
    short(&day).await;

    assert_eq!(day.state_of("1001").await, "short");
    day.until_sticky("the order is short", |sticky| *sticky == Sticky::OrderShort { order: "1001".into() })
        .await;
    assert_eq!(
        day.count("SELECT count(*) FROM count_task WHERE bin = 'B-01-01-1' AND sku = 'SALT'").await,
        1
    );
    assert_eq!(day.walk().line.map(|line| line.kind), Some(LineKind::PutBack));
    day.walk_on().await;
    assert_eq!(
        (day.stock("bin:A-01-01-1", "RICE5").await, day.stock("bin:B-01-01-1", "SALT").await),
        (20, 20)
    );
    assert_eq!(day.stock("tote:TOTE-0001", "RICE5").await, 0);
    assert_eq!(day.view().today.short, 1);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_line_of_which_nothing_was_there_leaves_nothing_in_the_tote() {
    let day = Day::begin().await;
    walking(&day, order("1001", "SF", &[("SALT", 2)])).await;
    day.step_on().await;
    short(&day).await;
    assert!(day.is_idle(), "nothing is open");
    assert_eq!(day.count("SELECT count(*) FROM stock WHERE place LIKE 'tote:%' AND qty <> 0").await, 0);
    assert_eq!(day.count("SELECT count(*) FROM allotment").await, 0);
    assert_eq!(day.count("SELECT count(*) FROM movement WHERE to_place LIKE 'tote:%'").await, 0);
    assert_eq!(day.state_of("1001").await, "short");
    day.audit_is_clean().await;
}

#[tokio::test]
async fn the_rest_of_the_walk_goes_on_when_one_order_of_it_is_short() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("SALT", 1)])), told(order("1002", "SF", &[("SALT", 1)]))]).await;
    day.release("SF").await.expect("released");
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
    day.step_on().await;
    day.step_on().await;
    short(&day).await;
    assert!(day.is_idle());
    assert_eq!(
        (day.state_of("1001").await.as_str(), day.state_of("1002").await.as_str()),
        ("picked", "short")
    );
    day.scan("TOTE-0001").await;
    day.pack().await;
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_short_line_wants_a_reason_and_a_yes_and_a_scan_takes_it_back() {
    let day = Day::begin().await;
    walking(&day, order("1001", "SF", &[("SALT", 2)])).await;
    day.step_on().await;
    day.press(Action::Short).await;
    day.key("7").await;
    assert_eq!(day.mistake(), Mistake::NotANumber { got: "7".into() });
    day.key("1").await;
    day.scan("SKU-SALT").await;
    assert_eq!(day.walk().line.map(|line| line.done.0), Some(1), "they were there after all");
    assert_eq!(day.count_facts(|fact| matches!(fact, Fact::Shorted { .. })).await, 0);
    day.press(Action::Undo).await;
    assert_eq!((day.notice(), day.walk().line.map(|line| line.done.0)), (Notice::Undone, Some(0)));
    day.walk_on().await;
    day.audit_is_clean().await;
}
