//! A disk that refuses: nothing moves, the fault is named, and goes when the disk works again.

use crate::company::{cancelled, order, told};
use crate::day::Day;
use crate::printer::Mode;
use liangcang_domain::fact::Fact;
use liangcang_domain::label::LabelState;
use liangcang_domain::task::Feedback;
use liangcang_domain::task::pack::PackStep;
use liangcang_domain::unit::EpochMs;
use liangcang_station::commands::{Command, FaultCode};
use liangcang_station::view::Sticky;

fn store_failed(sticky: &Sticky) -> bool {
    matches!(sticky, Sticky::StoreFailed { why, .. } if why.contains("disk full"))
}

#[tokio::test]
async fn a_fact_is_stored_before_the_answer_says_right() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 2)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    let (before, facts, answers) = (day.parcel(), day.facts().await.len(), day.view().answer.seq);

    day.disk_refuses().await;
    let refused = day.ask(Command::Scan { code: "SKU-RICE5".into() }).await.expect_err("not stored");
    assert_eq!(refused.code, FaultCode::StoreFailed);
    assert_eq!((day.parcel(), day.facts().await.len(), day.view().answer.seq), (before, facts, answers));
    assert!(day.view().sticky.iter().any(store_failed), "{:?}", day.view().sticky);
    let now = day.view().now_ms;
    day.until("two seconds pass", |view| view.now_ms > EpochMs(now.0 + 2_000)).await;
    assert!(day.view().sticky.iter().any(store_failed), "the fault stays while it is there");

    day.disk_works().await;
    day.until_no_sticky("the fault goes by itself", store_failed).await;
    day.scan("SKU-RICE5").await;
    assert_eq!((day.feedback(), day.parcel().parts[0].done.0), (Feedback::Right, 1));
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_weight_that_could_not_be_stored_is_taken_from_the_same_parcel_when_the_disk_works_again() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;

    day.disk_refuses().await;
    day.lay(day.parcel().gate.expected_g.0).await;
    day.until_sticky("the fault is named", store_failed).await;
    assert_eq!(day.parcel().step, PackStep::Weigh);

    day.disk_works().await;
    day.until_label(&[LabelState::Printed]).await;
    assert_eq!(day.count_facts(|fact| matches!(fact, Fact::Weighed { .. })).await, 1);
}

#[tokio::test]
async fn what_the_printer_said_while_the_disk_refused_is_in_the_journal_when_it_works_again() {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.box_up().await;
    day.printer.is(Mode::PaperOut);
    day.weigh_in().await;
    day.until_label(&[LabelState::Stored]).await;
    day.disk_refuses().await;
    day.printer.is(Mode::Prints);
    day.printer.until_jobs(1).await;
    day.until_sticky("the fault is named", store_failed).await;
    assert!(crate::work::label_is(&day.view(), &[LabelState::Stored]));

    day.disk_works().await;
    day.until_label(&[LabelState::Printed]).await;
    assert_eq!(day.printer.jobs(), 1);
    day.scan(day.parcel().waybill.as_str()).await;
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_cancellation_that_could_not_be_stored_is_dealt_with_when_the_disk_works_again() {
    let day = Day::begin().await;
    day.told([told(order("1001", "SF", &[("RICE5", 1)]))]).await;
    day.disk_refuses().await;
    day.server.push(&cancelled("1001"));
    day.until("the exchange names the fault", |view| {
        view.sync.why.as_deref().is_some_and(|why| why.contains("disk full"))
    })
    .await;
    assert_eq!(day.state_of("1001").await, "ready");

    day.disk_works().await;
    day.until("the order is cancelled", |view| view.today.cancelled == 1).await;
    day.audit_is_clean().await;
}
