//! Scan-out: only a packed parcel of this carrier leaves, once, and the manifest says so on paper.

use crate::company::{order, waybill};
use crate::day::Day;
use liangcang_domain::code::Action;
use liangcang_domain::task::{Mistake, Notice};

#[tokio::test]
async fn only_a_packed_parcel_of_this_carrier_is_scanned_out_and_only_once() {
    let day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.packed(order("2001", "ZTO", &[("RICE5", 1)]), "TOTE-0001").await;
    day.picked(&[order("1002", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("CAGE-SF-01").await;
    assert_eq!(day.hand_over().waiting, 1);
    day.scan(&waybill("2001", "ZTO")).await;
    assert_eq!(day.mistake(), Mistake::WrongCarrier { expected: "SF".into(), got: "ZTO".into() });
    for not_packed in ["1002", "9999"] {
        let got = waybill(not_packed, "SF").into();
        day.scan(&waybill(not_packed, "SF")).await;
        assert_eq!(day.mistake(), Mistake::NotPacked { got });
    }
    assert_eq!(day.stock("carrier", "RICE5").await, 0);

    day.scan(&waybill("1001", "SF")).await;
    assert_eq!((day.hand_over().count, day.stock("carrier", "RICE5").await), (1, 1));
    day.scan(&waybill("1001", "SF")).await;
    assert_eq!((day.notice(), day.hand_over().count), (Notice::Already, 1));
    day.audit_is_clean().await;
}

#[tokio::test]
async fn the_last_scan_out_can_be_taken_back_until_the_cage_is_closed() {
    let day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.press(Action::Undo).await;
    assert_eq!((day.notice(), day.hand_over().count), (Notice::Undone, 0));
    assert_eq!((day.state_of("1001").await.as_str(), day.stock("carrier", "RICE5").await), ("packed", 0));
    day.press(Action::Undo).await;
    assert_eq!(day.notice(), Notice::NothingToUndo);

    day.scan(&waybill("1001", "SF")).await;
    day.press(Action::Next).await;
    day.scan("CAGE-SF-01").await;
    day.press(Action::Undo).await;
    assert_eq!(day.notice(), Notice::NothingToUndo, "what the carrier took is gone");
    day.scan(&waybill("1001", "SF")).await;
    assert_eq!(day.mistake(), Mistake::NotPacked { got: waybill("1001", "SF").into() });
    assert_eq!(day.state_of("1001").await, "handed_over");
    day.audit_is_clean().await;
}

#[tokio::test]
async fn a_closed_cage_has_a_manifest_on_paper_that_names_its_parcels() {
    let day = Day::begin().await;
    for no in ["1001", "1002"] {
        day.packed(order(no, "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    }
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.scan(&waybill("1002", "SF")).await;
    let manifest = day.hand_over().manifest;
    day.press(Action::Next).await;

    let file = std::fs::read(day.data().join("documents").join(format!("manifest-{manifest}.pdf")));
    let kept = crate::paper::text_of(&file.expect("the manifest is written"));
    let served = day.pdf(&format!("/api/manifests/{manifest}.pdf")).await;
    assert_eq!(kept, served);
    for part in ["顺丰速运", "CAGE-SF-01", "王敏", &waybill("1001", "SF"), &waybill("1002", "SF")] {
        assert!(kept.contains(part), "{part} is missing in {kept}");
    }
    assert!(!kept.contains("李"), "a manifest names no receiver: {kept}");
}

#[tokio::test]
async fn a_manifest_that_could_not_be_written_is_named_until_it_is() {
    let day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    // Where the folder of documents should be stands a file.
    let folder = day.data().join("documents");
    std::fs::write(&folder, "in the way").expect("written");
    day.cage("CAGE-SF-01", "1001", "SF").await;
    let manifest = day.hand_over().manifest;
    day.press(Action::Next).await;
    assert_eq!(day.state_of("1001").await, "handed_over", "the hand-over stands");
    let unwritten = |sticky: &liangcang_station::view::Sticky| matches!(sticky, liangcang_station::view::Sticky::StoreFailed { why, .. } if why.contains("documents"));
    day.until_sticky("the manifest is not written", unwritten).await;
    let now = day.view().now_ms.0;
    day.until("two seconds pass", |view| view.now_ms.0 > now + 2_000).await;
    assert!(day.view().sticky.iter().any(unwritten), "it stays");

    std::fs::remove_file(&folder).expect("removed");
    day.until_no_sticky("the manifest is written", unwritten).await;
    assert!(folder.join(format!("manifest-{manifest}.pdf")).exists());
}

#[tokio::test]
async fn a_manifest_the_station_had_no_time_for_is_written_at_the_next_start() {
    let mut day = Day::begin().await;
    day.packed(order("1001", "SF", &[("RICE5", 1)]), "TOTE-0001").await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    let file = day.data().join("documents").join(format!("manifest-{}.pdf", day.hand_over().manifest));
    day.press(Action::Next).await;
    day.crash().await;
    std::fs::remove_file(&file).expect("it was written");
    day.start().await;
    assert!(crate::paper::text_of(&std::fs::read(&file).expect("written")).contains(&waybill("1001", "SF")));
}
