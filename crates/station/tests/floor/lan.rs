//! The LAN page: its own screens may call, others may not, and what changes is shown at once.

use crate::day::Day;
use futures_util::{Stream, StreamExt as _};
use liangcang_station::commands::{Command, Fault, FaultCode};
use liangcang_station::settings::Settings;
use liangcang_station::view::View;
use tokio_tungstenite::tungstenite::{Error, Message};

const VIEW: &str = r#"{"command":"view"}"#;

async fn fault(reply: reqwest::Response) -> (u16, FaultCode) {
    let status = reply.status().as_u16();
    let fault: Fault = reply.json().await.expect("a fault");
    (status, fault.code)
}

#[tokio::test]
async fn a_page_of_another_origin_or_under_another_name_is_refused() {
    let day = Day::begin().await;
    let own = format!("http://{}", day.address());
    assert_eq!(day.post(VIEW, &[]).await.status(), 200);
    assert_eq!(day.post(VIEW, &[("origin", &own)]).await.status(), 200);
    for origin in ["http://evil.example", "null", "http://127.0.0.1:1", "https://evil.example:80"] {
        assert_eq!(day.post(VIEW, &[("origin", origin)]).await.status(), 403, "{origin}");
    }
    for host in ["evil.example", "evil.example:7081", "127.0.0.1.evil.example", ""] {
        assert_eq!(day.post(VIEW, &[("host", host)]).await.status(), 403, "{host}");
    }
    let plain = reqwest::Client::new().post(format!("{own}/api/call")).header("content-type", "text/plain");
    let plain = plain.body(VIEW).send().await.expect("an answer");
    assert_eq!(fault(plain).await, (400, FaultCode::BadRequest), "what a form can send is no call");
}

#[tokio::test]
async fn what_is_no_command_of_the_list_is_refused_by_name() {
    let day = Day::begin().await;
    let bad = (400, FaultCode::BadRequest);
    for body in [
        "",
        "{",
        r#"{"command":"format_disk"}"#,
        r#"{"command":"scan"}"#,
        r#"{"command":"scan","code":"X","twice":true}"#,
        r#"{"command":"key","digits":"12a"}"#,
        r#"{"command":"key","digits":""}"#,
    ] {
        assert_eq!(fault(day.post(body, &[]).await).await, bad, "{body}");
    }
    let long = format!(r#"{{"command":"scan","code":"{}"}}"#, "7".repeat(513));
    assert_eq!(fault(day.post(&long, &[]).await).await, bad);
    let over = format!(r#"{{"command":"scan","code":"{}"}}"#, "7".repeat(64 * 1024));
    assert_eq!(day.post(&over, &[]).await.status(), 413);
    let unknown = day.ask(Command::BeginWalk { walk: Some("W9999".into()) }).await.expect_err("no such walk");
    assert_eq!(unknown.code, FaultCode::NothingToDo);
    assert!(day.view().sticky.is_empty(), "a wrong question is no fault of the store");
    let page = reqwest::get(format!("http://{}/../Cargo.toml", day.address())).await.expect("an answer");
    assert_eq!(page.status(), 404);
}

async fn next(live: &mut (impl Stream<Item = Result<Message, Error>> + Unpin)) -> View {
    let message = tokio::time::timeout(std::time::Duration::from_secs(25), live.next()).await;
    let message = message.expect("in time").expect("the page is there").expect("no fault");
    serde_json::from_str(message.to_text().expect("text")).expect("a view")
}

#[tokio::test]
async fn a_screen_is_shown_the_view_at_once_and_at_each_change() {
    let day = Day::begin().await;
    let live = format!("ws://{}/api/live", day.address());
    // What comes first is older than the question, unless just then a second passed.
    let mut screens = 0;
    let (mut one, first) = loop {
        screens += 1;
        assert!(screens < 10, "the view came only with the next second");
        let asked = liangcang_station::clock::now();
        let (mut one, _) = tokio_tungstenite::connect_async(&live).await.expect("connected");
        let first = next(&mut one).await;
        if first.now_ms <= asked {
            break (one, first);
        }
    };
    assert_eq!(first.operator.map(|who| who.name).as_deref(), Some("王敏"));
    day.scan("OP-li").await;
    while next(&mut one).await.operator.map(|who| who.name).as_deref() != Some("李组长") {}
    // A second screen, and one that reads nothing, change nothing for the first.
    let (mut other, _) = tokio_tungstenite::connect_async(&live).await.expect("connected");
    assert_eq!(next(&mut other).await.operator.map(|who| who.lead), Some(true));
    day.scan("NONSENSE").await;
    let seq = day.view().answer.seq;
    while next(&mut one).await.answer.seq < seq {}
}

#[test]
fn settings_with_an_unknown_key_are_refused_by_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("station.toml");
    let whole = "data = \"var/station\"\nserver = \"http://127.0.0.1:7080\"\n";
    std::fs::write(&path, whole).expect("written");
    Settings::read(&path).expect("these are all that is needed");
    for (more, name) in [
        ("prnter = []", "prnter"),
        ("[[scanner]]\nname = \"s\"\npath = \"/dev/null\"\nbaud = 9600", "baud"),
        ("[[printer]]\nname = \"p\"\naddress = \"127.0.0.1:9100\"\nsize = \"90x90\"", "90x90"),
    ] {
        std::fs::write(&path, format!("{whole}{more}\n")).expect("written");
        let refused = format!("{:#}", Settings::read(&path).expect_err("a key nobody knows"));
        assert!(refused.contains(name) && refused.contains("station.toml"), "{refused}");
    }
}
