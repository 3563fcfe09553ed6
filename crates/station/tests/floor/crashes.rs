//! A station that is killed: whoever comes back stands where they stood, and nothing is done twice.

use crate::company::{order, told, waybill};
use crate::day::Day;
use crate::printer::Mode;
use liangcang_domain::code::Action;
use liangcang_domain::fact::Fact;
use liangcang_domain::label::LabelState;
use liangcang_domain::task::pack::PackStep;
use liangcang_domain::task::walk::WalkStepView;
use liangcang_station::view::{Sticky, TaskView};

fn label(print: &str, state: &str) -> (String, String) {
    (print.to_owned(), state.to_owned())
}

#[tokio::test]
async fn a_station_that_died_in_the_middle_of_a_walk_comes_back_to_the_same_line() {
    let mut day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 3), ("SALT", 1)]))]).await;
    day.release("SF").await.expect("released");
    day.press(Action::Next).await;
    day.scan("TOTE-0001").await;
    day.step_on().await;
    day.step_on().await;
    let before = day.walk();
    assert_eq!(before.line.as_ref().map(|line| (line.done.0, line.want.0)), Some((1, 3)));

    day.crash_and_restart().await;
    day.press(Action::Next).await;
    assert_eq!(day.walk(), before);
    day.walk_on().await;
    assert_eq!(day.stock("tote:TOTE-0001", "RICE5").await, 3);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_station_that_died_in_the_middle_of_a_pack_comes_back_to_the_same_part() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("GIFT-A", 1), ("SALT", 2)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.scan("SKU-SALT").await;
    let before = day.parcel();

    day.crash_and_restart().await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.parcel(), before);
    day.pack().await;
    day.audit_is_clean().await;
    day.server_has_every_fact_once().await;
}

#[tokio::test]
async fn a_label_that_was_asked_for_and_not_drawn_when_the_station_died_is_printed_once() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    // The journal cannot move on, so the station dies between the weight and the print.
    let refuses = "CREATE TRIGGER disk_label BEFORE UPDATE ON label WHEN new.state = 'stored'
                   BEGIN SELECT RAISE(ABORT, 'disk full'); END";
    day.engineer(refuses).await;
    day.weigh_in().await;
    day.until_sticky("the label is not stored", |sticky| matches!(sticky, Sticky::StoreFailed { .. })).await;
    assert_eq!(day.labels("1001").await, [label("1001-1", "requested")]);
    assert_eq!(day.printer.jobs(), 0, "what is not stored is not printed");
    day.crash().await;
    day.engineer("DROP TRIGGER disk_label").await;

    day.start().await;
    day.scan("OP-wang").await;
    day.scan("TOTE-0001").await;
    day.until_label(&[LabelState::Printed]).await;
    assert_eq!((day.printer.jobs(), day.labels("1001").await), (1, vec![label("1001-1", "printed")]));
    day.scan(day.parcel().waybill.as_str()).await;
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_label_that_may_have_gone_out_when_the_station_died_is_unknown_and_never_sent_again() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day.printer.is(Mode::PaperOut);
    day.weigh_in().await;
    day.until_sticky(
        "a label waits for paper",
        |sticky| matches!(sticky, Sticky::PrinterBlocked { waiting: 1, why, .. } if why == "paper_out"),
    )
    .await;
    assert_eq!(day.labels("1001").await, [label("1001-1", "stored")]);

    day.crash().await;
    day.printer.is(Mode::Prints);
    day.start().await;
    day.scan("OP-wang").await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.labels("1001").await, [label("1001-1", "unknown")]);
    // It is missing, says the packer: another print, and the first stays away.
    day.press(Action::Reprint).await;
    day.key("2").await;
    day.until_label(&[LabelState::Printed]).await;
    assert_eq!(day.labels("1001").await, [label("1001-1", "voided"), label("1001-2", "printed")]);
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(day.printer.jobs(), 1);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_label_that_was_sent_when_the_station_died_is_unknown_and_proved_by_its_scan() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day.printer.is(Mode::PrintsNothing);
    day.weigh_in().await;
    day.until_label(&[LabelState::Sent]).await;

    day.crash_and_restart().await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.labels("1001").await, [label("1001-1", "unknown")]);
    day.scan(day.parcel().waybill.as_str()).await;
    assert_eq!(day.state_of("1001").await, "packed");
    assert_eq!(day.printer.jobs(), 1);
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_station_that_died_after_the_label_was_scanned_goes_on_with_the_next_order() {
    let mut day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 1)]), order("1002", "SF", &[("RICE5", 1)])];
    day.picked(&orders, "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    assert_eq!(day.parcel().order.as_str(), "1001");
    day.pack().await;

    day.crash_and_restart().await;
    assert_eq!(day.state_of("1001").await, "packed");
    day.scan("TOTE-0001").await;
    assert_eq!((day.parcel().order.as_str(), day.parcel().step), ("1002", PackStep::Parts));
    day.pack().await;
    assert!(day.is_idle());
    assert_eq!(day.count_facts(|fact| matches!(fact, Fact::Packed { .. })).await, 2);
    assert_eq!(day.printer.jobs(), 2);
    day.audit_is_clean().await;
    day.server_has_every_fact_once().await;
}

#[tokio::test]
async fn a_station_killed_at_every_gesture_finishes_each_order_once() {
    let mut day = Day::begin().await;
    let orders = [order("1001", "SF", &[("RICE5", 1)]), order("1002", "SF", &[("RICE5", 1)])];
    day.told(orders.map(told)).await;
    day.release("SF").await.expect("released");
    // Every gesture is cut off on its way into the store, and the next one right after its answer.
    for gesture in 0.. {
        assert!(gesture < 60, "it never ends: {:?}", day.view().task);
        let Some(code) = resumed(&day).await else { break };
        if gesture % 2 == 0 {
            day.begin_to_scan(&code).await;
        } else {
            day.scan(&code).await;
        }
        day.crash_and_restart().await;
    }
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.scan(&waybill("1002", "SF")).await;
    day.press(Action::Next).await;

    let findings = day.audit_is_clean().await;
    assert_eq!(
        (findings.orders.get("handed_over"), findings.labels.get("handed_over")),
        (Some(&2), Some(&2))
    );
    assert_eq!(day.stock("carrier", "RICE5").await, 2);
    assert!(day.printer.jobs() <= 2, "no label is doubled");
    day.server_has_every_fact_once().await;
}

/// Goes back to the task that was in hand and gives the code its screen asks for; nothing when all is packed.
async fn resumed(day: &Day) -> Option<String> {
    let view = day.view();
    match view.today.totes.first() {
        _ if !view.today.walks.is_empty() => day.press(Action::Next).await,
        Some(card) => day.scan(card.tote.as_str()).await,
        None => return None,
    }
    Some(match &day.view().task {
        TaskView::Walk { screen, .. } => match (screen.step, &screen.line) {
            (WalkStepView::Tote, _) => "TOTE-0001".to_owned(),
            (WalkStepView::Units, Some(line)) => format!("SKU-{}", line.item.sku),
            (_, Some(line)) => format!("BIN-{}", line.bin),
            other => panic!("a walk that wants nothing: {other:?}"),
        },
        TaskView::Pack { screen, .. } => match (screen.step, screen.current) {
            (PackStep::Parts, Some(at)) => format!("SKU-{}", screen.parts[at].item.sku),
            (PackStep::Packaging, _) => format!("PKG-{}", screen.packaging),
            (PackStep::Weigh, _) => {
                day.lay(0).await;
                day.weigh_in().await;
                Action::Help.barcode()
            }
            _ => {
                let provable =
                    [LabelState::Stored, LabelState::Sent, LabelState::Printed, LabelState::Unknown];
                day.until_label(&provable).await;
                screen.waybill.to_string()
            }
        },
        other => panic!("neither a walk nor a parcel: {other:?}"),
    })
}

#[tokio::test]
async fn a_station_that_died_during_a_hand_over_comes_back_to_the_same_cage() {
    let mut day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    let before = day.hand_over();
    assert_eq!((before.count, before.waiting), (1, 0));

    day.crash_and_restart().await;
    day.scan("CAGE-SF-01").await;
    assert_eq!(day.hand_over(), before);
    day.press(Action::Next).await;
    assert_eq!(day.labels("1001").await, [label("1001-1", "handed_over")]);
    day.audit_is_clean().await;
}
