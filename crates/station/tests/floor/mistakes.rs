//! A wrong scan is named, and nothing is recorded for it.

use crate::company::{RICE_GTIN, order, told, waybill};
use crate::day::Day;
use liangcang_domain::code::Action;
use liangcang_domain::label::LabelState;
use liangcang_domain::task::{Feedback, First, Mistake};
use liangcang_domain::unit::Qty;
use liangcang_station::commands::Command;

/// Scans a code that must be refused: nothing is recorded and nothing moves.
async fn refused(day: &Day, code: &str) -> Mistake {
    let (task, facts) = (format!("{:?}", day.view().task), day.facts().await.len());
    day.scan(code).await;
    assert_eq!((format!("{:?}", day.view().task), day.facts().await.len()), (task, facts), "{code}");
    day.mistake()
}

#[tokio::test]
async fn a_wrong_scan_on_a_walk_is_named_and_records_nothing() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 2), ("OIL5", 1)]))]).await;
    day.release("SF").await.expect("released");
    assert_eq!(refused(&day, "SKU-RICE5").await, Mistake::NotNow { first: First::Tote });
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
    let (expected, got) = ("A-01-01-1".to_owned(), "B-01-01-1".to_owned());
    let line = day.walk().line.expect("a line");
    assert_eq!(line.bin.as_str(), expected);
    assert_eq!(refused(&day, "BIN-B-01-01-1").await, Mistake::WrongBin { expected, got });
    day.key("86").await;
    assert_eq!(day.mistake(), Mistake::WrongCheckDigits { got: "86".into() });
    day.key("41").await;
    let (expected, got) = ("RICE5".into(), "OIL5".into());
    assert_eq!(refused(&day, "SKU-OIL5").await, Mistake::WrongItem { expected, got });
    assert_eq!(refused(&day, "CODE 39!").await, Mistake::UnknownCode { got: "CODE 39!".into() });
    let number = waybill("1001", "SF");
    assert_eq!(refused(&day, &number).await, Mistake::WaybillHere { got: number.as_str().into() });
    let (expected, got) = (vec!["LR1".into()], "LR2".into());
    let of_the_other_lot = format!("010{RICE_GTIN}10LR2");
    assert_eq!(
        refused(&day, &of_the_other_lot).await,
        Mistake::WrongLot { sku: "RICE5".into(), expected, got }
    );
    day.scan(&format!("010{RICE_GTIN}10LR1")).await;
    day.scan("SKU-RICE5").await;
    assert_eq!(refused(&day, "SKU-RICE5").await, Mistake::OverScan { sku: "RICE5".into(), want: Qty(2) });
}

#[tokio::test]
async fn a_wrong_scan_at_the_bench_is_named_and_records_nothing() {
    let day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 1)]), order("1002", "SF", &[("SALT", 1)])];
    day.picked(&orders, "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.parcel().order.as_str(), "1001");
    let (expected, got) = ("RICE5".into(), "SALT".into());
    assert_eq!(refused(&day, "SKU-SALT").await, Mistake::OtherOrdersItem { expected, got });
    let (expected, got) = ("RICE5".into(), "OIL5".into());
    assert_eq!(refused(&day, "SKU-OIL5").await, Mistake::WrongItem { expected, got });
    assert_eq!(refused(&day, "6900000000008").await, Mistake::UnknownCode { got: "6900000000008".into() });
    let number = waybill("1002", "SF");
    assert_eq!(refused(&day, &number).await, Mistake::WaybillHere { got: number.as_str().into() });
    let (expected, got) = (vec!["LR1".into()], "LR9".into());
    let of_no_lot = format!("010{RICE_GTIN}10LR9");
    assert_eq!(refused(&day, &of_no_lot).await, Mistake::WrongLot { sku: "RICE5".into(), expected, got });
    day.scan(RICE_GTIN).await;
    assert_eq!(refused(&day, RICE_GTIN).await, Mistake::OverScan { sku: "RICE5".into(), want: Qty(1) });
    let (expected, got) = (day.parcel().packaging, "BAG".into());
    assert_eq!(refused(&day, "PKG-BAG").await, Mistake::WrongPackaging { expected, got });
    day.scan("PKG-BOX-M").await;
    day.weigh_in().await;
    day.until_label(&[LabelState::Printed]).await;
    let (expected, got) = (waybill("1001", "SF").into(), number.as_str().into());
    assert_eq!(refused(&day, &number).await, Mistake::WrongLabel { expected, got });
    day.audit_is_clean().await;
}

#[tokio::test]
async fn nobody_works_before_they_signed_on() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 1)]))]).await;
    day.release("SF").await.expect("released");
    day.ask(Command::SignOff {}).await.expect("signed off");
    day.press(Action::Next).await;
    assert_eq!(day.mistake(), Mistake::NotNow { first: First::SignOn });
    assert_eq!(refused(&day, "OP-nobody").await, Mistake::UnknownCode { got: "OP-nobody".into() });
    assert!(day.is_idle() && day.view().operator.is_none());
}

#[tokio::test]
async fn a_tote_in_use_is_refused_for_another_walk() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.told([told(order("1002", "SF", &[("RICE5", 1)])), told(order("2001", "ZTO", &[("RICE5", 1)]))]).await;
    day.release("SF").await.expect("released");
    day.release("ZTO").await.expect("released");
    day.press(Action::Next).await;
    assert_eq!(refused(&day, "TOTE-0001").await, Mistake::WrongTote { got: "TOTE-0001".into() });
    day.scan("TOTE-0002").await;
    day.press(Action::Leave).await;
    // A walk under way holds its tote, also before anything lies in it.
    let other = day.view().today.walks.iter().find(|card| card.tote.is_none()).expect("a walk").walk.clone();
    day.ask(Command::BeginWalk { walk: Some(other) }).await.expect("begun");
    assert_eq!(refused(&day, "TOTE-0002").await, Mistake::WrongTote { got: "TOTE-0002".into() });
    day.scan("TOTE-0003").await;
    day.walk_on().await;
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_scan_asked_again_under_the_same_gesture_counts_once() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 2)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    let gesture = "018f4e3a-7c1b-7def-8123-456789abcdef";
    for _ in 0..2 {
        let reply = day.post(r#"{"command":"scan","code":"SKU-RICE5"}"#, &[("x-gesture", gesture)]).await;
        assert_eq!(reply.status(), 200);
    }
    assert_eq!(day.parcel().parts[0].done, Qty(1));
    day.scan("SKU-RICE5").await;
    assert_eq!(day.parcel().parts[0].done, Qty(2));
    // Also when what it ended has made way for something else.
    day.scan("PKG-BAG").await;
    day.weigh_in().await;
    day.until_label(&[LabelState::Printed]).await;
    let body = format!(r#"{{"command":"scan","code":"{}"}}"#, waybill("1001", "SF"));
    for _ in 0..2 {
        let gesture = "018f4e3a-7c1b-7def-8123-456789abcdf0";
        assert_eq!(day.post(&body, &[("x-gesture", gesture)]).await.status(), 200);
        assert_eq!((day.is_idle(), day.feedback()), (true, Feedback::Complete));
    }
    day.audit_is_clean().await;
}
