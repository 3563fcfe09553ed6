//! `/sync/…`: who may enrol, what a station is told, and what it may tell.

use liangcang_domain::fact::Fact;
use liangcang_server::store::station;
use liangcang_sync::{Cursors, LogId, Message};
use serde_json::{Value, json};

use crate::shop::{Open, answer, entry, order, packed, tally, to_province};

async fn code(open: &Open, warehouse: &str) -> String {
    let mut tx = open.shop.database.begin().await.unwrap();
    let now = liangcang_domain::unit::EpochMs(i64::MAX / 2);
    let code = station::make_code(&mut tx, &warehouse.into(), now).await.unwrap();
    tx.commit().await.unwrap();
    code
}

async fn enrol(open: &Open, code: &str, hardware: &str) -> (u16, Value) {
    let asked = json!({ "code": code, "name": "打包台一", "hardware": hardware });
    answer(open.post("/sync/enrol").json(&asked)).await
}

async fn exchange(open: &Open, token: &str, message: &Message) -> (u16, Value) {
    answer(open.post("/sync/exchange").bearer_auth(token).json(message)).await
}

fn nothing_new() -> Message {
    Message::new(Cursors::default(), Vec::new(), false)
}

#[tokio::test]
async fn a_code_enrols_one_machine_and_a_retry_of_it_is_the_same_station_with_a_fresh_token() {
    let open = Open::with(&[]).await;
    let code = code(&open, "SH").await;
    let (status, first) = enrol(&open, &code.to_lowercase(), "disk-1").await;
    assert_eq!((status, &first["station"], &first["warehouse"]), (200, &json!("SH-01"), &json!("SH")));
    let (_, retry) = enrol(&open, &code, "disk-1").await;
    assert_eq!(retry["station"], "SH-01");
    assert_ne!(retry["token"], first["token"]);
    let (status, refused) = enrol(&open, &code, "disk-2").await;
    assert_eq!((status, &refused["code"]), (403, &json!("not_enrolled")));
    let (status, _) = exchange(&open, first["token"].as_str().unwrap(), &nothing_new()).await;
    assert_eq!(status, 401, "the first token was replaced");
    let (status, _) = exchange(&open, retry["token"].as_str().unwrap(), &nothing_new()).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_code_of_yesterday_and_an_invented_one_are_refused_alike() {
    let open = Open::with(&[]).await;
    let mut tx = open.shop.database.begin().await.unwrap();
    let old = station::make_code(&mut tx, &"SH".into(), liangcang_domain::unit::EpochMs(0)).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(enrol(&open, &old, "disk").await, enrol(&open, "AAAAAAAAAA", "disk").await);
}

#[tokio::test]
async fn after_twenty_wrong_codes_even_a_right_one_must_wait() {
    let open = Open::with(&[]).await;
    let right = code(&open, "SH").await;
    for _ in 0..20 {
        assert_eq!(enrol(&open, "AAAAAAAAAA", "disk").await.0, 403);
    }
    let (status, refused) = enrol(&open, &right, "disk").await;
    assert_eq!((status, &refused["code"]), (429, &json!("too_many_codes")));
}

#[tokio::test]
async fn without_a_known_token_nothing_is_told() {
    let open = Open::with(&[]).await;
    assert_eq!(answer(open.get("/sync/snapshot")).await.0, 401);
    assert_eq!(answer(open.post("/sync/exchange").json(&nothing_new())).await.0, 401);
    assert_eq!(exchange(&open, crate::shop::OFFICE, &nothing_new()).await.0, 401, "the office is no station");
}

#[tokio::test]
async fn a_station_gets_its_own_warehouses_feed_and_never_anothers() {
    let open = Open::with(&[("SH", "RICE5", 5), ("GZ", "RICE5", 5)]).await;
    let to_gz = to_province(order("2", &[("RICE5", 1)]), "广东");
    open.shop.take(&[order("1", &[("RICE5", 1)]), to_gz]).await;
    let (_, token) = open.shop.station("GZ").await;
    let mut asks_for_both = Cursors::default();
    asks_for_both.advance(&LogId::first("server:SH"), 1);
    let (_, told) = exchange(&open, &token, &Message::new(asks_for_both, Vec::new(), false)).await;
    let entries = told["entries"].as_array().unwrap();
    assert!(entries.iter().all(|entry| entry["log"]["writer"] == "server:GZ"));
    let orders: Vec<&Value> = entries.iter().filter(|entry| entry["body"]["entry"] == "order").collect();
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0]["body"]["order"]["no"], "2");
    let snapshot = snapshot(&open, &token).await;
    assert!(snapshot.iter().all(|line| line["order"]["no"] != "1" && line["warehouse"]["id"] != "SH"));
}

async fn snapshot(open: &Open, token: &str) -> Vec<Value> {
    let bytes = open.get("/sync/snapshot").bearer_auth(token).send().await.unwrap().bytes().await.unwrap();
    let text = String::from_utf8(zstd::decode_all(&*bytes).unwrap()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[tokio::test]
async fn a_snapshot_says_what_the_feed_has_said_without_what_is_over() {
    let open = Open::with(&[("SH", "RICE5", 9), ("SH", "OIL5", 9)]).await;
    open.shop.take(&["1", "2", "3"].map(|no| order(no, &[("RICE5", 1)]))).await;
    open.shop.cancel("2").await;
    let (station, token) = open.shop.station("SH").await;
    let waybill = open.shop.waybill("3").await;
    open.shop.send(&station, 1, &[packed("3", &waybill, &[("RICE5", 1)])]).await.unwrap();
    let feed = open.shop.feed("SH").await;
    let mut lines = snapshot(&open, &token).await;
    let head = lines.remove(0);
    assert_eq!(head["cursors"], json!([[{ "writer": "server:SH", "epoch": 1 }, feed.len()]]));
    assert_eq!(head["entries"], lines.len());
    // Everything but the packed order, which a fresh replica would pack a second time.
    let (mut told, mut over) = (feed, lines);
    told.retain(|entry| entry["order"]["no"] != "3");
    told.sort_by_key(Value::to_string);
    over.sort_by_key(Value::to_string);
    assert_eq!(over, told);
    assert_eq!(tally(&over)["cancelled"], 1);
}

#[tokio::test]
async fn a_message_that_arrives_twice_is_answered_twice_and_applied_once() {
    let open = Open::with(&[("SH", "RICE5", 5)]).await;
    open.shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let (station, token) = open.shop.station("SH").await;
    let waybill = open.shop.waybill("1").await;
    let fact = entry(&station, 1, &packed("1", &waybill, &[("RICE5", 1)]));
    let message = Message::new(Cursors::default(), vec![fact], false);
    for _ in 0..2 {
        let (status, told) = exchange(&open, &token, &message).await;
        assert_eq!(status, 200);
        assert_eq!(told["have"], json!([[{ "writer": "SH-01", "epoch": 1 }, 1]]));
    }
    assert_eq!(open.shop.state("1").await, "packed");
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM fact").await, 1);
}

#[tokio::test]
async fn a_station_may_not_write_in_anothers_log() {
    let open = Open::with(&[]).await;
    let (other, _) = open.shop.station("SH").await;
    let (_, token) = open.shop.station("SH").await;
    let message = Message::new(Cursors::default(), vec![entry(&other, 1, &Fact::SignedOn)], false);
    let (status, refused) = exchange(&open, &token, &message).await;
    assert_eq!((status, &refused["code"]), (403, &json!("foreign_log")));
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM fact").await, 0);
}

#[tokio::test]
async fn a_station_that_speaks_an_unknown_protocol_is_told_to_upgrade() {
    let open = Open::with(&[]).await;
    let (_, token) = open.shop.station("SH").await;
    let mut message = nothing_new();
    message.oldest = 99;
    let (status, refused) = exchange(&open, &token, &message).await;
    assert_eq!((status, &refused["code"]), (409, &json!("version")));
}

#[tokio::test]
async fn a_message_above_sixteen_mebibytes_or_without_sense_is_refused() {
    let open = Open::with(&[]).await;
    let (_, token) = open.shop.station("SH").await;
    let send = |body: Vec<u8>| {
        open.post("/sync/exchange").bearer_auth(&token).header("content-type", "application/json").body(body)
    };
    assert_eq!(answer(send(vec![b' '; 16 * 1024 * 1024 + 1])).await.0, 413);
    assert_eq!(answer(send(b"{\"protocol\":1".to_vec())).await.0, 400);
}

#[tokio::test]
async fn a_long_feed_comes_in_parts_of_two_thousand() {
    let open = Open::with(&[("SH", "RICE5", 2_500)]).await;
    let mut tx = open.shop.database.begin().await.unwrap();
    let noise = liangcang_domain::feed::FeedEntry::Tote { tote: "TOTE-1".into() };
    for _ in 0..2_100 {
        liangcang_server::store::feed::append(&mut tx, &"SH".into(), &noise).await.unwrap();
    }
    tx.commit().await.unwrap();
    let (_, token) = open.shop.station("SH").await;
    let (_, first) = exchange(&open, &token, &nothing_new()).await;
    assert_eq!((first["entries"].as_array().unwrap().len(), &first["more"]), (2_000, &json!(true)));
    let mut have = Cursors::default();
    have.advance(&LogId::first("server:SH"), 2_000);
    let (_, rest) = exchange(&open, &token, &Message::new(have, Vec::new(), false)).await;
    assert_eq!((&rest["entries"][0]["seq"], &rest["more"]), (&json!(2_001), &json!(false)));
}
