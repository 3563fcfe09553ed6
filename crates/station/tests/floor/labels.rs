//! The label journal tells the truth, and no parcel gets two labels.

use crate::company::{cancelled, order, receiver};
use crate::day::Day;
use crate::printer::Mode;
use liangcang_domain::code::Action;
use liangcang_domain::fact::Fact;
use liangcang_domain::label::{LabelState, ReprintReason};
use liangcang_domain::order::Order;
use liangcang_domain::task::pack::PackStep;
use liangcang_domain::task::{First, Mistake, Notice};
use liangcang_station::view::{DeviceHealth, Sticky};

/// A day with an order at the scale, and another behind it in the same tote.
async fn at_the_scale() -> Day {
    let day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 1)]), order("1002", "SF", &[("RICE5", 1)])];
    day.picked(&orders, "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day
}

fn states(labels: &[(String, String)]) -> Vec<&str> {
    labels.iter().map(|(_, state)| state.as_str()).collect()
}

#[tokio::test]
async fn a_printer_that_takes_a_label_and_prints_nothing_is_believed_unknown_and_the_next_print_works() {
    let day = at_the_scale().await;
    day.printer.is(Mode::PrintsNothing);
    day.weigh_in().await;
    day.until_label(&[LabelState::Unknown]).await;
    assert_eq!(day.notice(), Notice::LabelUnknown);
    assert_eq!(day.parcel().step, PackStep::ScanBack, "paper beats protocol");
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(day.state_of("1001").await, "packed");
    day.lay(0).await;

    day.printer.is(Mode::Prints);
    assert_eq!(day.parcel().order.as_str(), "1002");
    day.pack().await;
    assert_eq!(day.printer.jobs(), 2);
    let printed = |fact: &Fact| matches!(fact, Fact::LabelMoved { to: LabelState::Printed, .. });
    assert_eq!(day.count_facts(printed).await, 1, "only the second was ever called printed");
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_label_the_printer_refused_has_failed_and_is_printed_again_under_the_same_id() {
    let mut day = at_the_scale().await;
    day.printer.go_away().await;
    day.weigh_in().await;
    day.until_label(&[LabelState::Failed]).await;
    assert!(matches!(day.notice(), Notice::LabelFailed { .. }));
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(day.mistake(), Mistake::NotNow { first: First::Label }, "no paper can carry it");

    day.printer.come_back().await;
    day.until("the printer is back", |view| {
        view.devices.iter().any(|card| card.id == "printer" && card.health == DeviceHealth::Ready)
    })
    .await;
    day.press(Action::Print).await;
    day.until_label(&[LabelState::Printed]).await;
    assert_eq!((day.printer.jobs(), day.labels("1001").await.len()), (1, 1));
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(states(&day.labels("1001").await), ["scanned_back"]);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_reprint_voids_the_first_label_and_carries_a_mark() {
    let day = at_the_scale().await;
    day.weigh_in().await;
    day.until_label(&[LabelState::Printed]).await;
    let first = day.printer.last_job();
    day.press(Action::Reprint).await;
    assert_eq!(day.parcel().step, PackStep::ReprintReason);
    day.key("1").await;
    day.until_label(&[LabelState::Printed]).await;

    assert_eq!(states(&day.labels("1001").await), ["voided", "printed"]);
    let asked =
        |fact: &Fact| matches!(fact, Fact::LabelRequested { reprint: Some(ReprintReason::Spoilt), .. });
    assert_eq!(day.count_facts(asked).await, 1);
    assert_ne!(day.printer.last_job(), first);
    let (unmarked, marked) =
        (day.pdf("/api/labels/1001-1.pdf").await, day.pdf("/api/labels/1001-2.pdf").await);
    assert!(!unmarked.contains("补打") && marked.contains("补打"), "{marked}");
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(states(&day.labels("1001").await), ["voided", "scanned_back"]);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_character_the_font_lacks_is_named_until_the_parcel_is_packed() {
    let day = Day::begin().await;
    let rare = receiver("\u{2A6A5}小明", "13800001234");
    day.picked(&[Order { receiver: rare, ..order("1001", "SF", &[("RICE5", 1)]) }], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day.weigh_in().await;
    let lacks = |sticky: &Sticky| {
        matches!(sticky, Sticky::MissingGlyphs { order, characters }
            if order.as_str() == "1001" && characters == "\u{2A6A5}")
    };
    day.until_sticky("a character is missing", lacks).await;
    day.until_label(&[LabelState::Printed]).await;
    day.scan(day.parcel().waybill.as_str()).await;
    assert!(!day.view().sticky.iter().any(lacks), "{:?}", day.view().sticky);
}

#[tokio::test]
async fn a_label_that_waits_for_paper_does_not_come_out_beside_its_reprint() {
    let day = at_the_scale().await;
    day.printer.is(Mode::PaperOut);
    day.weigh_in().await;
    day.press(Action::Reprint).await;
    day.key("2").await;
    day.until_label(&[LabelState::Stored]).await;
    assert_eq!(states(&day.labels("1001").await), ["voided", "stored"]);
    day.printer.is(Mode::Prints);
    day.until_label(&[LabelState::Printed]).await;
    day.scan(day.parcel().waybill.as_str()).await;
    day.lay(0).await;
    day.pack().await;
    assert_eq!(day.printer.jobs(), 2, "one for each order");
    day.audit_is_clean().await;
}

#[tokio::test]
async fn the_label_of_a_cancelled_order_that_waits_for_paper_does_not_come_out() {
    let day = at_the_scale().await;
    day.printer.is(Mode::PaperOut);
    day.weigh_in().await;
    day.told([cancelled("1001")]).await;
    assert_eq!(states(&day.labels("1001").await), ["voided"]);
    day.scan("TOTE-0001").await;
    day.lay(0).await;
    day.until_no_sticky("nothing waits for paper", |sticky| matches!(sticky, Sticky::PrinterBlocked { .. }))
        .await;
    day.printer.is(Mode::Prints);
    assert_eq!(day.parcel().order.as_str(), "1002");
    day.pack().await;
    assert_eq!((day.printer.jobs(), states(&day.labels("1002").await)), (1, vec!["scanned_back"]));
    day.audit_is_clean().await;
}
