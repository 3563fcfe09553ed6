//! Backups: made while the floor works, rehearsed, put back, and nothing of what happened since is lost.

use crate::company::order;
use crate::day::Day;
use liangcang_domain::fact::{Fact, Recorded};
use liangcang_domain::unit::EpochMs;
use liangcang_station::{rehearsal, start};
use std::path::Path;

/// The moment made-up backups are made at, in milliseconds.
const MOMENT: i64 = 1_795_400_000_000;

async fn an_order_on_the_bench() -> Day {
    let day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day
}

async fn its_first_backup_is_made(day: &Day) {
    day.until("the backup is shown", |view| {
        view.sync
            .replica
            .as_ref()
            .is_some_and(|card| card.backup_ms.is_some() && card.backup_failed.is_none())
    })
    .await;
}

async fn packed(day: &Day) -> usize {
    day.count_facts(|fact| matches!(fact, Fact::Packed { .. })).await
}

/// Facts in the order of their gestures, which have the time in them: what came back lies behind what came after it.
fn sorted(mut facts: Vec<Recorded>) -> Vec<Recorded> {
    facts.sort_by_key(|recorded| (recorded.at, recorded.gesture.clone()));
    facts
}

#[tokio::test]
async fn a_backup_made_while_the_floor_works_holds_every_fact_sealed_and_passes_its_rehearsal() {
    let day = an_order_on_the_bench().await;
    its_first_backup_is_made(&day).await;
    let backup = start::back_up(day.settings()).await.expect("made");
    let held =
        rehearsal::rehearse(&day.settings().backups().expect("a key"), &backup).await.expect("it opens");
    assert_eq!(held.findings, day.audit_is_clean().await);
    assert_eq!((held.findings.facts, held.last_fact_ms), {
        let facts = day.facts().await;
        (facts.len(), facts.iter().map(|recorded| recorded.at.0).max())
    });
    let bytes = std::fs::read(&backup).expect("a file");
    assert!(!bytes.windows(5).any(|window| window == b"RICE5"), "nothing lies open in it");
    let backups = day.settings().backups().expect("a key").all().expect("a folder");
    let left = std::fs::read_dir(day.data().join("backups")).expect("a folder").count();
    assert_eq!(left, backups.len() + 1, "what was opened and copied is gone; the lock stays");
    day.pack().await;
}

#[tokio::test]
async fn a_station_that_begins_to_work_makes_its_first_backup_and_shows_when() {
    let day = Day::begin().await;
    its_first_backup_is_made(&day).await;
}

#[tokio::test]
async fn the_newest_seven_backups_are_kept() {
    let day = Day::begin().await;
    let mut backups = day.settings().backups().expect("a key");
    backups.folder = day.data().join("elsewhere");
    for night in 0..9 {
        backups.make(EpochMs(MOMENT + night * 86_400_000)).await.expect("made");
    }
    let kept = backups.all().expect("a folder");
    assert_eq!(kept.len(), 7);
    assert_eq!(backups.newest().expect("a folder"), Some(EpochMs(MOMENT + 8 * 86_400_000)));
    let first = kept.first().and_then(|path| path.file_name()).expect("named").to_string_lossy().into_owned();
    assert_eq!(
        first,
        format!("station-{}.backup", liangcang_station::clock::stamp(EpochMs(MOMENT + 2 * 86_400_000)))
    );
}

#[tokio::test]
async fn a_backup_that_was_changed_is_neither_rehearsed_nor_put_in_place() {
    let mut day = an_order_on_the_bench().await;
    let backup = start::back_up(day.settings()).await.expect("made");
    let mut bytes = std::fs::read(&backup).expect("a file");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&backup, bytes).expect("written");
    let backups = day.settings().backups().expect("a key");
    let refused = rehearsal::rehearse(&backups, &backup).await.expect_err("it does not open");
    assert!(format!("{refused:#}").contains("does not open"), "{refused:#}");
    let facts = day.facts().await;
    day.crash().await;
    start::restore(day.settings(), &backup).await.expect_err("it does not open");
    day.start().await;
    assert_eq!(day.facts().await, facts, "the replica is as it was");
}

#[tokio::test]
async fn a_backup_is_not_put_under_a_station_that_runs() {
    let day = Day::begin().await;
    let backup = start::back_up(day.settings()).await.expect("made");
    let refused = start::restore(day.settings(), &backup).await.expect_err("it runs");
    assert!(format!("{refused:#}").contains("close it first"), "{refused:#}");
}

#[tokio::test]
async fn after_a_restore_the_facts_the_server_has_come_back_and_new_ones_collide_with_none() {
    let mut day = an_order_on_the_bench().await;
    let backup = start::back_up(day.settings()).await.expect("made");
    day.pack().await;
    day.server_has_every_fact_once().await;
    let facts = day.facts().await;
    day.crash().await;

    let done = start::restore(day.settings(), &backup).await.expect("restored");
    assert_eq!((done.epoch, done.lost), (2, vec![]));
    assert!(done.aside.as_deref().is_some_and(Path::exists), "the replica was set aside");
    day.start().await;
    day.until_caught_up().await;
    assert_eq!(day.facts().await, facts);
    assert_eq!((day.state_of("1001").await, packed(&day).await), ("packed".into(), 1));
    day.audit_is_clean().await;

    day.scan("OP-wang").await;
    day.server_has_every_fact_once().await;
    let epochs = day.server.look(crate::server::Kept::epochs);
    assert_eq!(epochs.last(), Some(&2), "{epochs:?}");
}

#[tokio::test]
async fn after_a_restore_with_no_server_the_floor_works_and_what_was_never_sent_is_put_back_later() {
    let mut day = an_order_on_the_bench().await;
    let backup = start::back_up(day.settings()).await.expect("made");
    day.server_has_every_fact_once().await;
    day.server.go_away().await;
    day.pack().await;
    let facts = day.facts().await;
    day.crash().await;

    let done = start::restore(day.settings(), &backup).await.expect("restored");
    assert!(done.saved > 0, "facts that no server had are kept");
    day.start().await;
    day.scan("OP-wang").await;
    assert_eq!(packed(&day).await, 0, "they wait for what the server has");
    day.server.come_back().await;
    day.until_caught_up().await;
    let signed_on = day.facts().await.into_iter().filter(|recorded| !facts.contains(recorded));
    let mut all = facts.clone();
    all.extend(signed_on);
    assert_eq!(sorted(day.facts().await), sorted(all), "every fact is there, and once");
    assert_eq!((day.state_of("1001").await, packed(&day).await), ("packed".into(), 1));
    day.audit_is_clean().await;
    day.server.until("all facts", |kept| kept.facts() > facts.len()).await;
    assert_eq!(sorted(day.server.facts()), sorted(day.facts().await));
}

#[tokio::test]
async fn an_old_copy_put_back_by_hand_is_refused_once_the_station_has_begun_a_newer_log() {
    let mut day = an_order_on_the_bench().await;
    let backup = start::back_up(day.settings()).await.expect("made");
    day.crash().await;
    let copy = day.data().join("by-hand.db");
    day.engineer("PRAGMA wal_checkpoint(TRUNCATE)").await;
    std::fs::copy(day.database(), &copy).expect("copied");
    start::restore(day.settings(), &backup).await.expect("restored");
    std::fs::rename(&copy, day.database()).expect("put back by hand");
    let refused = start::start(day.settings().clone()).await.expect_err("an old copy");
    assert!(format!("{refused:#}").contains("old copy"), "{refused:#}");
}

#[tokio::test]
async fn an_old_copy_of_the_same_log_sends_nothing_and_says_what_to_do() {
    let mut day = an_order_on_the_bench().await;
    day.server_has_every_fact_once().await;
    day.crash().await;
    day.engineer("PRAGMA wal_checkpoint(TRUNCATE)").await;
    let copy = day.data().join("by-hand.db");
    std::fs::copy(day.database(), &copy).expect("copied");
    day.start().await;
    day.scan("OP-wang").await;
    day.scan("TOTE-0001").await;
    day.pack().await;
    day.server_has_every_fact_once().await;
    let facts = day.server.facts();
    day.crash().await;
    day.engineer("PRAGMA wal_checkpoint(TRUNCATE)").await;
    std::fs::rename(&copy, day.database()).expect("put back by hand");

    day.start().await;
    day.until("the exchange names it", |view| {
        view.sync.why.as_deref().is_some_and(|why| why.contains("old copy"))
    })
    .await;
    day.scan("OP-wang").await;
    assert_eq!(day.server.facts(), facts, "no number is given twice");

    start::back_up(day.settings()).await.expect_err("nobody should ever restore this");
    day.crash().await;
    day.start().await;
    day.until_caught_up().await;
    assert_eq!((day.state_of("1001").await, packed(&day).await), ("packed".into(), 1));
    day.audit_is_clean().await;
    day.server.until("the sign-on of the old copy", |kept| kept.facts() == facts.len() + 1).await;
    assert_eq!(day.server.facts(), day.facts().await);
}
