//! The platform as a merchant's server sees it: signed messages, redelivery, the order API.

use std::sync::{Arc, Mutex};

use super::running::Running;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use axum::{Json, Router};
use liangcang_emulator::douyin::App;
use liangcang_emulator::douyin::sign::{call_sign, event_sign};
use serde_json::{Value, json};

const ORDER: &str = "6917926768823643751";

/// A merchant's server that refuses the first `refusals` messages with another code than 0.
#[derive(Default)]
struct Merchant {
    refusals: usize,
    heard: Vec<(HeaderMap, String)>,
}

async fn merchant(refusals: usize) -> (String, Arc<Mutex<Merchant>>) {
    let state = Arc::new(Mutex::new(Merchant { refusals, ..Merchant::default() }));
    let router = Router::new().route("/events", post(hear)).with_state(Arc::clone(&state));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/events", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, state)
}

async fn hear(State(state): State<Arc<Mutex<Merchant>>>, headers: HeaderMap, body: String) -> Json<Value> {
    let mut merchant = state.lock().unwrap();
    merchant.heard.push((headers, body));
    let refused = merchant.heard.len() <= merchant.refusals;
    Json(json!({"code": if refused { 40_041 } else { 0 }, "msg": ""}))
}

fn detail() -> Value {
    json!({
        "order_id": ORDER,
        "order_status": 2,
        "pay_amount": 9_900,
        "encrypt_post_receiver": "##c2FtcGxl##",
        "encrypt_post_tel": "$$c2FtcGxl$1$$",
        "post_addr": {"province": {"id": "310000", "name": "上海市"}, "encrypt_detail": "##c2FtcGxl##"},
        "sku_order_list": [{"order_id": "6917926768823643752", "code": "WC5KG", "item_num": 2}],
    })
}

async fn with_order() -> Running {
    let running = Running::with(&[]).await;
    running.post("/platform/douyin/orders", json!([detail()])).await;
    running
}

#[tokio::test]
async fn a_paid_message_is_signed_and_redelivered_unchanged_until_it_is_accepted() {
    let running = with_order().await;
    let (url, merchant) = merchant(2).await;
    let messages = json!([{"kind": "test"}, {"kind": "paid", "order_id": ORDER}]);
    let delivery = running.post("/platform/douyin/send", json!({"url": url, "messages": messages})).await;
    assert_eq!((&delivery["accepted"], delivery["tries"].as_array().unwrap().len()), (&json!(true), 3));
    let heard = merchant.lock().unwrap().heard.clone();
    assert_eq!(heard.len(), 3);
    let (headers, body) = &heard[0];
    assert!(heard.iter().all(|(_, again)| again == body));
    assert_eq!(headers["app-id"], App::default().app_key);
    assert_eq!(headers["event-sign"], event_sign(&App::default(), body.as_bytes()));
    let elements: Value = serde_json::from_str(body).unwrap();
    assert_eq!((&elements[0]["tag"], &elements[1]["tag"]), (&json!("0"), &json!("101")));
    let data: Value = serde_json::from_str(elements[1]["data"].as_str().unwrap()).unwrap();
    assert_eq!(data["p_id"], json!(6_917_926_768_823_643_751_u64));
    assert_eq!(data["s_ids"], json!([6_917_926_768_823_643_752_u64]));
}

#[tokio::test]
async fn redelivery_ends_at_its_bound() {
    let running = with_order().await;
    let (url, _merchant) = merchant(usize::MAX).await;
    let wish = json!({"url": url, "messages": [{"kind": "test"}], "tries": 3});
    let delivery = running.post("/platform/douyin/send", wish).await;
    assert_eq!((&delivery["accepted"], delivery["tries"].as_array().unwrap().len()), (&json!(false), 3));
}

#[tokio::test]
async fn spoiled_messages_differ_from_honest_ones_as_named() {
    let running = with_order().await;
    let (url, merchant) = merchant(0).await;
    for tamper in ["forged", "unsigned", "truncated", "truncated-then-signed"] {
        let messages = json!([{"kind": "paid", "order_id": ORDER}]);
        let wish = json!({"url": url, "messages": messages, "tamper": tamper});
        running.post("/platform/douyin/send", wish).await;
    }
    let heard = merchant.lock().unwrap().heard.clone();
    let fits = |(headers, body): &(HeaderMap, String)| {
        let own = event_sign(&App::default(), body.as_bytes());
        headers.get("event-sign").is_some_and(|sign| sign.to_str().unwrap() == own)
    };
    let whole = |(_, body): &(HeaderMap, String)| serde_json::from_str::<Value>(body).is_ok();
    let seen: Vec<(bool, bool)> = heard.iter().map(|message| (fits(message), whole(message))).collect();
    assert_eq!(seen, [(false, true), (false, true), (false, false), (true, false)]);
}

#[tokio::test]
async fn a_replay_is_the_very_same_bytes_and_a_late_message_is_old() {
    let running = with_order().await;
    let (url, merchant) = merchant(0).await;
    let messages = json!([{"kind": "cancelled", "order_id": ORDER, "age_s": 86_400}]);
    running.post("/platform/douyin/send", json!({"url": url, "messages": messages})).await;
    running.post("/platform/douyin/send", json!({"url": url, "replay": 1})).await;
    let heard = merchant.lock().unwrap().heard.clone();
    assert_eq!(heard[0].1, heard[1].1);
    assert_eq!(heard[0].0["event-sign"], heard[1].0["event-sign"]);
    let elements: Value = serde_json::from_str(&heard[0].1).unwrap();
    assert_eq!(elements[0]["tag"], "106");
    let data: Value = serde_json::from_str(elements[0]["data"].as_str().unwrap()).unwrap();
    let now = std::time::UNIX_EPOCH.elapsed().unwrap().as_secs();
    assert!(data["cancel_time"].as_u64().unwrap() <= now - 86_400);
}

async fn call(running: &Running, app: &App, body: &str) -> Value {
    let sign = call_sign(app, "hmac-sha256", "order.orderDetail", "1700000000", body).unwrap();
    let url = running.url(&format!(
        "/platform/douyin/order/orderDetail?app_key={}&method=order.orderDetail&timestamp=1700000000&v=2\
         &sign_method=hmac-sha256&access_token={}&sign={sign}",
        app.app_key, app.access_token
    ));
    let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url).body(body.to_owned());
    request.send().await.unwrap().json().await.unwrap()
}

#[tokio::test]
async fn the_order_api_answers_a_rightly_signed_call_only() {
    let running = with_order().await;
    let app = App::default();
    let body = format!(r#"{{"shop_order_id":"{ORDER}"}}"#);
    let answer = call(&running, &app, &body).await;
    assert_eq!(answer["code"], 10_000, "{answer}");
    assert_eq!(answer["data"]["shop_order_detail"], detail());

    let stranger = App { app_secret: "another".to_owned(), ..app.clone() };
    assert_eq!(call(&running, &stranger, &body).await["sub_code"], "isv.sign-invalid");
    let expired = App { access_token: "old".to_owned(), ..app.clone() };
    assert_eq!(call(&running, &expired, &body).await["sub_code"], "isv.access-token-invalid");
    let with_blanks = format!(r#"{{"shop_order_id": "{ORDER}"}}"#);
    assert_eq!(call(&running, &app, &with_blanks).await["sub_code"], "isv.param-invalid");
    assert_eq!(call(&running, &app, r#"{"shop_order_id":"1"}"#).await["sub_code"], "isv.order-not-found");
}

#[tokio::test]
async fn a_cancelled_order_says_so_when_asked() {
    let running = with_order().await;
    let (url, _merchant) = merchant(0).await;
    let messages = json!([{"kind": "cancelled", "order_id": ORDER}]);
    running.post("/platform/douyin/send", json!({"url": url, "messages": messages})).await;
    let answer = call(&running, &App::default(), &format!(r#"{{"shop_order_id":"{ORDER}"}}"#)).await;
    assert_eq!(answer["data"]["shop_order_detail"]["order_status"], 4);
}

#[tokio::test]
async fn an_unusable_order_is_refused_by_what_it_lacks_and_none_of_its_list_is_kept() {
    let running = Running::with(&[]).await;
    let mut broken = detail();
    broken["sku_order_list"] = json!([]);
    let (status, answer) = running.try_post("/platform/douyin/orders", json!([detail(), broken])).await;
    assert_eq!(status, 422);
    assert!(
        answer["error"].as_str().unwrap().contains("order 1 (from 0): `sku_order_list` is empty"),
        "{answer}"
    );
    assert_eq!(running.get("/platform/douyin").await["orders"], 0);
}
