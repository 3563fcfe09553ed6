//! What the server tells: what a station cannot read yet, what it cannot read at all, and who it is told about.

use crate::company::{order, receiver, told};
use crate::day::Day;
use liangcang_domain::order::Order;
use liangcang_sync::SCHEMA;
use std::os::unix::fs::PermissionsExt as _;

#[tokio::test]
async fn an_entry_of_a_newer_schema_is_set_aside_and_the_rest_goes_on() {
    let day = Day::begin().await;
    day.server.push_raw(SCHEMA + 1, r#"{"entry":"drone","altitude_m":40}"#);
    day.told([told(order("1001", "SF", &[("RICE5", 1)]))]).await;
    assert_eq!(day.state_of("1001").await, "ready");
    assert_eq!(day.count("SELECT count(*) FROM aside WHERE body LIKE '%drone%'").await, 1);
    day.until("the exchange goes on", |view| view.sync.connected).await;
}

#[tokio::test]
async fn a_broken_entry_does_not_move_the_cursor_and_is_named() {
    let day = Day::begin().await;
    let taken = day.server.feed_len();
    day.server.push_raw(SCHEMA, r#"{"entry":"order","order":{"no":7}}"#);
    let named = format!("entry {} of server:SH", taken + 1);
    day.until("the broken entry is named", |view| {
        !view.sync.connected && view.sync.why.as_deref().is_some_and(|why| why.contains(&named))
    })
    .await;
    assert_eq!(day.server.look(|kept| kept.told), taken);

    // Facts still go up while the feed stands still.
    day.scan("OP-zhao").await;
    let facts = day.facts().await.len();
    day.server.until("the badge", |kept| kept.facts() == facts).await;
    day.server.replace_last(&told(order("1001", "SF", &[("RICE5", 1)])));
    day.has_the_feed().await;
    assert_eq!(day.state_of("1001").await, "ready");
    day.server_has_every_fact_once().await;
}

#[tokio::test]
async fn an_entry_set_aside_is_kept_also_when_a_later_piece_of_the_message_cannot_be_read() {
    let day = Day::begin().await;
    // One message of two pieces: the first is taken, the second is not.
    day.server.behave(|kept| kept.holds = true);
    day.server.push_raw(SCHEMA + 1, r#"{"entry":"drone","altitude_m":40}"#);
    for no in 1001..1251 {
        day.server.push(&told(order(&no.to_string(), "SF", &[("SALT", 1)])));
    }
    day.server.push_raw(SCHEMA, r#"{"entry":"order"}"#);
    day.server.behave(|kept| kept.holds = false);
    day.until("the broken entry is named", |view| {
        view.sync.why.as_deref().is_some_and(|why| why.contains("reading entry"))
    })
    .await;
    day.server.replace_last(&told(order("1251", "SF", &[("SALT", 1)])));
    day.has_the_feed().await;
    assert_eq!(day.count("SELECT count(*) FROM aside").await, 1);
    assert_eq!(day.count("SELECT count(*) FROM orders").await, 251);
}

#[tokio::test]
async fn a_receiver_is_in_no_file_and_no_log_in_clear() {
    let day = Day::begin().await;
    let (name, phone, street) = ("欧阳慕容秋", "13955557777", "清溪巷");
    let receiver = liangcang_domain::order::Receiver {
        detail: format!("{street} 19 号 1204 室"),
        ..receiver(name, phone)
    };
    day.packed(Order { receiver, ..order("1001", "SF", &[("RICE5", 1)]) }, "TOTE-0001").await;
    day.cage("CAGE-SF-01", "1001", "SF").await;
    day.press(liangcang_domain::code::Action::Next).await;
    assert!(
        day.pdf("/api/labels/1001-1.pdf").await.contains("欧***"),
        "the label shows who it is for, masked"
    );
    day.server_has_every_fact_once().await;

    let secrets = [name, phone, street];
    let holds = |bytes: &[u8]| {
        secrets.iter().find(|secret| bytes.windows(secret.len()).any(|part| part == secret.as_bytes()))
    };
    let mut files = 0;
    for entry in std::fs::read_dir(day.data()).expect("the station's folder") {
        let path = entry.expect("an entry").path();
        if path.is_file() {
            files += 1;
            assert_eq!(holds(&std::fs::read(&path).expect("read")), None, "{}", path.display());
        }
    }
    assert!(files >= 3, "the replica, its log and the key were looked at");
    let view = serde_json::to_string(&*day.view()).expect("JSON");
    let facts = serde_json::to_string(&day.server.facts()).expect("JSON");
    for text in [crate::day::log(), view, facts] {
        assert_eq!(holds(text.as_bytes()), None);
    }
    for secret in ["seal.key", "station.token"] {
        let mode = std::fs::metadata(day.data().join(secret)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
}
