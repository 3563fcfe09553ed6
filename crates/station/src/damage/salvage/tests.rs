//! Files damaged for real, a page of each kind: what is saved is what was written, and the rest is named.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::damage::found;
use crate::store::Store;
use liangcang_domain::fact::Fact;
use liangcang_domain::id::{GestureId, OperatorId, StationId, WaybillNo};
use liangcang_domain::unit::{EpochMs, Grams};
use tempfile::TempDir;

const PAGE: usize = 4_096;
/// Facts of the replica: enough that each tree has inner pages.
const FACTS: i64 = 3_000;
/// Of them the server has confirmed.
const CONFIRMED: i64 = 1_000;
/// The fact whose text does not fit on one page.
const LONG: i64 = 2_000;

fn recorded(row: i64) -> Recorded {
    let waybills = (0..900).map(|at| WaybillNo(format!("LONG-{row}-{at:04}")));
    let long = Fact::HandedOver {
        manifest: "M1".into(),
        carrier: "SF".into(),
        cage: "CAGE-SF-01".into(),
        waybills: waybills.collect(),
        gross: Grams(1),
    };
    Recorded {
        gesture: GestureId(format!("gesture-{row:06}")),
        at: EpochMs(row),
        by: OperatorId::from("wang"),
        station: StationId::from("SH-1"),
        fact: if row == LONG { long } else { Fact::SignedOn },
    }
}

fn known() -> Identity {
    Identity { station: "SH-1".into(), warehouse: "SH".into(), epoch: 1 }
}

/// A replica whose journal is in its file.
async fn replica() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path()).await.unwrap();
    store.enrol(&known()).await.unwrap();
    let facts: Vec<Recorded> = (1..=FACTS).map(recorded).collect();
    for some in facts.chunks(500) {
        // Of many gestures at once: what is stored is the same, and sooner.
        store.receive_opening(some).await.unwrap();
    }
    let mut confirmed = Cursors::default();
    confirmed.advance(&known().log(), u64::try_from(CONFIRMED).unwrap());
    store.confirm(&confirmed).await.unwrap();
    store.readers.close().await;
    sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut store.writer).await.unwrap();
    store.writer.close().await.unwrap();
    folder
}

fn pages(folder: &TempDir) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(store::file_in(folder.path())).unwrap();
    bytes.chunks(PAGE).map(<[u8]>::to_vec).collect()
}

/// The first page behind the first that is so.
fn page_that(pages: &[Vec<u8>], is: impl Fn(&[u8]) -> bool) -> usize {
    pages.iter().enumerate().skip(1).find(|(_, page)| is(page)).map(|(at, _)| at).unwrap()
}

fn has(page: &[u8], text: &str) -> bool {
    page.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Writes over the middle of a page, from its tree's cells on.
fn damage(folder: &TempDir, page: usize, bytes: std::ops::Range<usize>) {
    let file = store::file_in(folder.path());
    let mut whole = std::fs::read(&file).unwrap();
    whole[page * PAGE + bytes.start..page * PAGE + bytes.end].fill(0xa5);
    std::fs::write(file, whole).unwrap();
}

/// What was saved is as it was written, and with what is named lost it is everything the server has not.
fn accounted(salvage: &Salvage) -> usize {
    for saved in &salvage.facts {
        let row: i64 = saved.gesture.strip_prefix("gesture-").unwrap().parse().unwrap();
        assert_eq!(saved.body, serde_json::to_string(&recorded(row)).unwrap());
    }
    let saved = salvage.facts.iter().map(|saved| saved.gesture[8..].parse::<i64>().unwrap());
    let lost = salvage.lost.iter().flat_map(|lost| lost.first..=lost.last);
    assert!(saved.clone().is_sorted(), "in their order");
    let mut all: Vec<i64> = saved.chain(lost.clone()).collect();
    all.sort_unstable();
    assert_eq!(all, (CONFIRMED + 1..=FACTS).collect::<Vec<_>>());
    lost.count()
}

#[tokio::test]
async fn a_sound_file_gives_all_that_no_server_has() {
    let folder = replica().await;
    assert_eq!(found(folder.path(), true).await.unwrap(), None);
    let salvage = salvage(folder.path(), None).await;
    assert_eq!((accounted(&salvage), salvage.identity), (0, Some(known())));
}

#[tokio::test]
async fn a_damaged_page_of_facts_costs_its_own_rows_and_no_others() {
    let folder = replica().await;
    let page = page_that(&pages(&folder), |page| page[0] == 0x0d && has(page, "\"gesture-002500\""));
    damage(&folder, page, 100..4_000);
    assert!(found(folder.path(), true).await.unwrap().is_some(), "the damage is seen");
    let lost = accounted(&salvage(folder.path(), Some(&known())).await);
    assert!((1..100).contains(&lost), "{lost} rows lost");
}

#[tokio::test]
async fn a_fact_whose_text_runs_over_a_damaged_page_is_lost_alone() {
    let folder = replica().await;
    let page = page_that(&pages(&folder), |page| page[0] == 0 && has(page, "LONG-2000-0700"));
    damage(&folder, page, 1_000..3_000);
    assert_eq!(accounted(&salvage(folder.path(), Some(&known())).await), 1);
}

#[tokio::test]
async fn a_damaged_page_of_an_index_costs_nothing() {
    for kind in [0x02, 0x0a] {
        let folder = replica().await;
        let page = page_that(&pages(&folder), |page| page[0] == kind && has(page, "gesture-002"));
        damage(&folder, page, 20..4_000);
        assert!(found(folder.path(), true).await.unwrap().is_some(), "the damage is seen");
        assert_eq!(accounted(&salvage(folder.path(), Some(&known())).await), 0, "kind {kind}");
    }
}

#[tokio::test]
async fn rows_under_a_damaged_inner_page_are_saved_where_they_can_be_reached_and_named_where_not() {
    let folder = replica().await;
    let page = page_that(&pages(&folder), |page| page[0] == 0x05);
    damage(&folder, page, 1_000..4_000);
    assert!(found(folder.path(), true).await.unwrap().is_some(), "the damage is seen");
    let salvage = salvage(folder.path(), Some(&known())).await;
    let all = salvage.facts.len()
        + salvage.lost.iter().map(|lost| usize::try_from(lost.last - lost.first + 1).unwrap()).sum::<usize>();
    assert!(all > 0, "nothing goes without a name");
}

#[tokio::test]
async fn a_file_without_its_head_gives_everything() {
    let folder = replica().await;
    damage(&folder, 0, 0..100);
    assert!(found(folder.path(), true).await.unwrap().is_some(), "the damage is seen");
    assert_eq!(accounted(&salvage(folder.path(), Some(&known())).await), 0);
    assert!(!folder.path().join("salvage").exists(), "the copy is gone");
}

#[tokio::test]
async fn a_file_cut_off_gives_what_is_before_the_cut() {
    let folder = replica().await;
    let whole = pages(&folder).len();
    let file = std::fs::OpenOptions::new().write(true).open(store::file_in(folder.path())).unwrap();
    file.set_len(u64::try_from(whole * 3 / 4 * PAGE).unwrap()).unwrap();
    assert!(found(folder.path(), true).await.unwrap().is_some(), "the damage is seen");
    let salvage = salvage(folder.path(), Some(&known())).await;
    assert!(!salvage.facts.is_empty(), "{:?}", salvage.lost);
    assert!(!salvage.lost.is_empty(), "what is behind the cut is named");
}

#[tokio::test]
async fn a_file_of_nothing_but_noise_says_that_whatever_followed_is_lost() {
    let folder = replica().await;
    std::fs::write(store::file_in(folder.path()), vec![0x5a; 20_000]).unwrap();
    assert!(found(folder.path(), true).await.unwrap().is_some(), "the damage is seen");
    let salvage = salvage(folder.path(), Some(&known())).await;
    assert!(salvage.unreadable.is_some());
    assert_eq!(salvage.lost, [Lost { epoch: 1, first: 1, last: i64::MAX }]);
}
