//! A damaged replica: set aside, begun anew, and filled from the server and from what could still be read of it.

use crate::company::order;
use crate::day::{Day, log};
use liangcang_domain::fact::Fact;
use liangcang_station::commands::{Command, FaultCode};
use liangcang_station::trouble::Trouble;
use liangcang_station::view::{Sticky, View};
use std::fs::OpenOptions;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::Path;

const PAGE: u64 = 4_096;

fn is(trouble: Trouble) -> impl Fn(&Sticky) -> bool {
    move |sticky| matches!(sticky, Sticky::StoreFailed { trouble: Some(named), .. } if *named == trouble)
}

fn lost(view: &View) -> Vec<String> {
    view.sync.replica.as_ref().expect("the station has looked").lost.clone()
}

/// A day on which an order was packed that no server has heard of, and then the power went.
async fn packed_unheard() -> (Day, usize) {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.server_has_every_fact_once().await;
    day.server.go_away().await;
    day.scan("TOTE-0001").await;
    day.pack().await;
    let facts = day.facts().await.len();
    day.crash().await;
    day.engineer("PRAGMA wal_checkpoint(TRUNCATE)").await;
    (day, facts)
}

fn write_over(file: &Path, at: u64, bytes: &[u8]) {
    let mut file = OpenOptions::new().write(true).open(file).expect("the replica");
    file.seek(SeekFrom::Start(at)).expect("that far");
    file.write_all(bytes).expect("written");
}

fn aside(day: &Day) -> usize {
    let files = std::fs::read_dir(day.data()).expect("a folder");
    files
        .filter(|file| {
            file.as_ref().is_ok_and(|file| file.file_name().to_string_lossy().ends_with(".aside.db"))
        })
        .count()
}

/// Starts with no server, waits, and has all back when it comes.
async fn comes_back_whole(mut day: Day, facts: usize) {
    day.start().await;
    day.until_sticky("the floor hears that it waits", is(Trouble::Rebuilding)).await;
    let refused =
        day.ask(Command::SignOn { operator: "wang".into() }).await.expect_err("nothing is known yet");
    assert_eq!(refused.code, FaultCode::NotFound);
    assert_eq!(aside(&day), 1, "the old file is kept");
    day.server.come_back().await;
    day.until_caught_up().await;
    assert_eq!(lost(&day.view()), Vec::<String>::new());
    assert_eq!(day.facts().await.len(), facts);
    assert_eq!(
        (day.state_of("1001").await, day.count_facts(|fact| matches!(fact, Fact::Packed { .. })).await),
        ("packed".into(), 1)
    );
    assert!(!day.view().sticky.iter().any(|sticky| matches!(sticky, Sticky::StoreFailed { .. })));
    day.audit_is_clean().await;
    day.server_has_every_fact_once().await;
    day.scan("OP-wang").await;
    day.server_has_every_fact_once().await;
}

#[tokio::test]
async fn a_replica_without_its_head_is_begun_anew_and_nothing_unsent_is_lost() {
    let (day, facts) = packed_unheard().await;
    write_over(&day.database(), 0, &[0; 100]);
    comes_back_whole(day, facts).await;
}

#[tokio::test]
async fn a_replica_with_a_damaged_page_of_orders_is_begun_anew_and_nothing_unsent_is_lost() {
    let (day, facts) = packed_unheard().await;
    let root = day.count("SELECT rootpage FROM sqlite_schema WHERE name = 'orders'").await;
    let root = u64::try_from(root).expect("a page");
    write_over(&day.database(), (root - 1) * PAGE, &[0xa5; 2_048]);
    comes_back_whole(day, facts).await;
}

#[tokio::test]
async fn a_replica_that_is_gone_is_filled_with_what_the_server_has() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.scan("TOTE-0001").await;
    day.pack().await;
    day.server_has_every_fact_once().await;
    let facts = day.facts().await;
    day.crash().await;
    for name in ["station.db", "station.db-wal", "station.db-shm"] {
        // The journal may be gone already.
        let _ = std::fs::remove_file(day.data().join(name));
    }
    day.start().await;
    day.until_caught_up().await;
    assert_eq!(day.facts().await, facts);
    assert_eq!(day.state_of("1001").await, "packed");
    day.audit_is_clean().await;
}

#[tokio::test]
async fn facts_that_can_be_read_nowhere_are_named_by_number_until_somebody_has_looked() {
    let (mut day, facts) = packed_unheard().await;
    let confirmed = day.count("SELECT max(seq) FROM cursor WHERE direction = 'confirmed'").await;
    let bytes = std::fs::read(day.database()).expect("the replica");
    let is_of_the_last_facts = |page: &[u8]| {
        let told = br#""fact":"packed""#;
        page[0] == 0x0d && page.windows(told.len()).any(|window| window == told)
    };
    let page = bytes.chunks(4_096).position(is_of_the_last_facts).expect("a page of facts");
    write_over(&day.database(), page as u64 * PAGE + 8, &[0xa5; 4_000]);
    day.start().await;
    day.server.come_back().await;
    day.until_caught_up().await;
    // The label that was printed is unknown again; that is a fact of the restart.
    let mut kept = day.facts().await;
    kept.retain(|recorded| !recorded.gesture.as_str().starts_with("restart:"));
    let (here, named) = (kept.len(), lost(&day.view()));
    assert!(
        (usize::try_from(confirmed).expect("a number")..facts).contains(&here),
        "{confirmed} {here} {facts}"
    );
    assert_eq!(named, [format!("1:{}–?", here + 1)], "{confirmed} confirmed, {here} here of {facts}");
    day.until_sticky("somebody must look", is(Trouble::FactsLost)).await;
    assert!(log().contains(&named[0]), "the log names them too");
    day.crash().await;
    day.start().await;
    day.until_sticky("it is still to be looked at", is(Trouble::FactsLost)).await;
}

#[tokio::test]
async fn damage_that_is_found_while_the_floor_works_is_shown_and_repaired_by_the_next_start() {
    let mut day = Day::begin().await;
    day.picked(&[order("1001", "SF", &[("RICE5", 1)])], "TOTE-0001").await;
    day.server_has_every_fact_once().await;
    let facts = day.facts().await;
    std::fs::write(day.data().join("station.db-damaged"), "found while the floor worked").expect("marked");
    day.crash().await;
    day.start().await;
    day.until_caught_up().await;
    assert_eq!(day.facts().await, facts);
    assert!(!day.data().join("station.db-damaged").exists(), "the mark went aside with the file");
    let mut why = String::new();
    for file in std::fs::read_dir(day.data()).expect("a folder") {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|ending| ending == "why") {
            std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut why)).expect("read");
        }
    }
    assert_eq!(why, "found while the floor worked");
}
