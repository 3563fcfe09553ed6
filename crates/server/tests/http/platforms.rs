//! `/platforms/douyin/events`, and the job behind it.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::{Query, State};
use axum::routing::post;
use liangcang_domain::unit::EpochMs;
use liangcang_server::jobs::platform_orders::PlatformOrders;
use md5::{Digest, Md5};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::shop::{OFFICE, Open, answer, company, douyin, order, serve, tally};

fn now_s() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

fn sign(body: &[u8]) -> String {
    let app = douyin("");
    let mut hash = Md5::new();
    hash.update(app.app_key.as_bytes());
    hash.update(body);
    hash.update(app.app_secret.as_bytes());
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn message(tag: &str, id: &str, data: &Value) -> Value {
    json!({ "tag": tag, "msg_id": id, "data": data.to_string() })
}

fn paid(no: u64, at_s: i64) -> Value {
    let data = json!({ "p_id": no, "s_ids": [no], "shop_id": 1, "order_status": 2, "pay_time": at_s, "pay_amount": 100 });
    message("101", &format!("{no}:101"), &data)
}

fn cancelled(no: u64, at_s: i64) -> Value {
    let data =
        json!({ "p_id": no, "s_ids": [no], "shop_id": 1, "cancel_time": at_s, "cancel_reason": "不想要了" });
    message("106", &format!("{no}:106"), &data)
}

fn delivery(open: &Open, body: Vec<u8>, sign: &str) -> reqwest::RequestBuilder {
    let app_id = douyin("").app_key;
    open.post("/platforms/douyin/events").header("app-id", app_id).header("event-sign", sign).body(body)
}

async fn deliver(open: &Open, messages: &[Value]) -> (u16, Value) {
    let body = Value::from(messages.to_vec()).to_string().into_bytes();
    let sign = sign(&body);
    answer(delivery(open, body, &sign)).await
}

fn success() -> (u16, Value) {
    (200, json!({ "code": 0, "msg": "success" }))
}

/// A platform that answers the order question with what is registered, and notes who was asked for.
#[derive(Clone, Default)]
struct Platform {
    orders: Arc<Mutex<BTreeMap<String, Value>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Platform {
    async fn start(&self) -> String {
        let router =
            axum::Router::new().route("/order/orderDetail", post(Self::detail)).with_state(self.clone());
        serve(router).await
    }

    async fn detail(
        State(platform): State<Self>,
        Query(query): Query<BTreeMap<String, String>>,
        Json(asked): Json<Value>,
    ) -> Json<Value> {
        let no = asked["shop_order_id"].as_str().unwrap().to_owned();
        assert_eq!(
            (query["method"].as_str(), query["access_token"].as_str()),
            ("order.orderDetail", "token")
        );
        let detail = platform.orders.lock().unwrap().get(&no).cloned();
        platform.asked.lock().unwrap().push(no);
        Json(match detail {
            Some(detail) => {
                json!({ "code": 10_000, "msg": "success", "data": { "shop_order_detail": detail } })
            }
            None => json!({ "code": 50_002, "msg": "refused", "sub_msg": "no such order" }),
        })
    }

    /// An order as the platform shows it later, or to a shop of other rights.
    fn change(&self, no: u64, change: impl FnOnce(&mut Value)) {
        change(self.orders.lock().unwrap().get_mut(&no.to_string()).unwrap());
    }

    fn register(&self, no: u64, status: i64) {
        let place = |name: &str| json!({ "name": name });
        let detail = json!({
            "order_id": no.to_string(), "order_status": status, "pay_time": now_s(), "pay_amount": 100,
            "post_receiver": "李小明", "post_tel": "12000001234",
            "post_addr": { "province": place("上海市"), "city": place("上海市"), "town": place("浦东新区"),
                "street": place("花木街道"), "detail": "稻香路 88 弄" },
            "sku_order_list": [{ "order_id": no.to_string(), "order_status": status, "code": "GIFT-A",
                "product_name": "礼盒", "item_num": 1, "pay_amount": 100 }],
        });
        self.orders.lock().unwrap().insert(no.to_string(), detail);
    }
}

fn job(open: &Open, api: &str) -> PlatformOrders {
    PlatformOrders::new(open.shop.database.clone(), douyin(api), Arc::clone(&open.bell)).unwrap()
}

fn now() -> EpochMs {
    EpochMs(now_s() * 1000 + 1_000)
}

#[tokio::test]
async fn the_published_vector_of_the_signature_is_accepted_and_its_age_refused() {
    let open = Open::with(&[]).await;
    let body = br#"[{"tag":"101","msg_id":"1234567890:101:1700000000","data":"{\"p_id\":4800000000000000001,\"s_ids\":[4800000000000000002],\"shop_id\":1,\"order_status\":2,\"order_type\":0,\"biz\":2,\"pay_time\":1700000000,\"pay_type\":1,\"pay_amount\":9900}"}]"#;
    let (status, refused) = answer(delivery(&open, body.to_vec(), "5b43d0940562bc0624c114ff4c0fde22")).await;
    assert_eq!((status, &refused["code"]), (400, &json!(40_041)));
    assert!(refused["msg"].as_str().unwrap().contains("a week ago"), "{refused}");
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM platform_message").await, 0);
}

#[tokio::test]
async fn a_test_message_is_answered_and_asks_for_nothing() {
    let open = Open::with(&[]).await;
    assert_eq!(deliver(&open, &[message("0", "t", &json!({}))]).await, success());
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM platform_message WHERE state = 'open'").await, 0);
}

#[tokio::test]
async fn a_paid_order_is_fetched_and_taken_and_a_redelivery_is_harmless() {
    let open = Open::with(&[("SH", "RICE5", 5), ("SH", "OIL5", 5)]).await;
    let platform = Platform::default();
    platform.register(48, 2);
    let job = job(&open, &platform.start().await);
    for _ in 0..3 {
        assert_eq!(deliver(&open, &[paid(48, now_s())]).await, success());
        job.work_off(now()).await.unwrap();
    }
    assert_eq!(*platform.asked.lock().unwrap(), ["48"]);
    assert_eq!(tally(&open.shop.feed("SH").await)["order"], 1);
    assert_eq!(open.shop.pool("SH", "OIL5").await.held, 1);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn what_was_kept_before_a_crash_is_done_by_the_next_job() {
    let open = Open::with(&[("SH", "RICE5", 5), ("SH", "OIL5", 5)]).await;
    let platform = Platform::default();
    platform.register(48, 2);
    // The server answered and died: only the database is left.
    deliver(&open, &[paid(48, now_s())]).await;
    tokio::spawn(job(&open, &platform.start().await).run());
    let deadline = Instant::now() + Duration::from_secs(30);
    while open.shop.count("SELECT COUNT(*) FROM platform_message WHERE state = 'done'").await == 0 {
        assert!(Instant::now() < deadline, "the message was not worked off");
        tokio::task::yield_now().await;
    }
    assert_eq!(open.shop.state("48").await, "routed");
}

#[tokio::test]
async fn a_platform_that_is_away_is_asked_again_later() {
    let open = Open::with(&[("SH", "RICE5", 5), ("SH", "OIL5", 5)]).await;
    deliver(&open, &[paid(48, now_s())]).await;
    job(&open, "http://127.0.0.1:9").work_off(now()).await.unwrap();
    assert_eq!(open.shop.count("SELECT tries FROM platform_message WHERE state = 'open'").await, 1);
    let why = open.shop.text("SELECT outcome FROM platform_message").await;
    assert!(!why.contains("token"), "the shop's token must not stand in the reason: {why}");
    let platform = Platform::default();
    platform.register(48, 2);
    let job = job(&open, &platform.start().await);
    assert_eq!(job.work_off(EpochMs(0)).await.unwrap(), 0, "not before its time");
    assert_eq!(job.work_off(EpochMs(now().0 + 60_000)).await.unwrap(), 1);
    assert_eq!(open.shop.state("48").await, "routed");
}

#[tokio::test]
async fn an_order_the_platform_keeps_refusing_is_given_up_with_its_words() {
    let open = Open::with(&[]).await;
    deliver(&open, &[paid(48, now_s())]).await;
    let job = job(&open, &Platform::default().start().await);
    for hour in 1..=9 {
        job.work_off(EpochMs(now().0 + hour * 3_600_000)).await.unwrap();
    }
    let outcome = open.shop.text("SELECT state || ': ' || outcome FROM platform_message").await;
    assert!(outcome.starts_with("refused: ") && outcome.contains("no such order"), "{outcome}");
}

#[tokio::test]
async fn a_cancellation_of_this_week_is_taken_at_its_word_and_one_without_a_time_only_after_asking() {
    let open = Open::with(&[("SH", "RICE5", 5)]).await;
    open.shop.take(&["48", "49", "50"].map(|no| order(no, &[("RICE5", 1)]))).await;
    let platform = Platform::default();
    platform.register(49, 2);
    platform.register(50, 4);
    let job = job(&open, &platform.start().await);
    deliver(&open, &[cancelled(48, now_s() - 3 * 86_400), cancelled(49, 0), cancelled(50, 0)]).await;
    job.work_off(now()).await.unwrap();
    let mut states = Vec::new();
    for no in ["48", "49", "50"] {
        states.push(open.shop.state(no).await);
    }
    assert_eq!(states, ["cancelled", "routed", "cancelled"]);
    assert_eq!(open.shop.pool("SH", "RICE5").await.held, 1);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn forged_unsigned_and_foreign_messages_are_refused_before_they_are_read() {
    let open = Open::with(&[]).await;
    let body = Value::from(vec![paid(48, now_s())]).to_string().into_bytes();
    let right = sign(&body);
    let forged = "0".repeat(32);
    let unsigned =
        open.post("/platforms/douyin/events").header("app-id", douyin("").app_key).body(body.clone());
    let foreign = open
        .post("/platforms/douyin/events")
        .header("app-id", "1")
        .header("event-sign", &right)
        .body(body.clone());
    let cut = body[..body.len() / 2].to_vec();
    for request in [delivery(&open, body, &forged), unsigned, foreign, delivery(&open, cut, &right)] {
        let (status, refused) = answer(request).await;
        assert_eq!((status, &refused["code"]), (401, &json!(40_041)));
    }
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM platform_message").await, 0);
}

#[tokio::test]
async fn a_rightly_signed_half_of_a_body_is_refused_as_malformed() {
    let open = Open::with(&[]).await;
    let body = Value::from(vec![paid(48, now_s())]).to_string().into_bytes();
    let half = body[..body.len() / 2].to_vec();
    let right = sign(&half);
    let (status, refused) = answer(delivery(&open, half, &right)).await;
    assert_eq!((status, &refused["code"]), (400, &json!(40_041)));
}

#[tokio::test]
async fn beside_a_message_of_last_month_the_fresh_one_is_kept_although_the_delivery_is_refused() {
    let open = Open::with(&[]).await;
    let (status, refused) = deliver(&open, &[paid(48, now_s() - 30 * 86_400), paid(49, now_s())]).await;
    assert_eq!((status, &refused["code"]), (400, &json!(40_041)));
    assert_eq!(open.shop.text("SELECT order_no FROM platform_message").await, "49");
}

#[tokio::test]
async fn a_body_above_one_mebibyte_is_refused_in_the_platforms_shape() {
    let open = Open::with(&[]).await;
    let body = vec![b' '; 1024 * 1024 + 1];
    let right = sign(&body);
    let (status, refused) = answer(delivery(&open, body, &right)).await;
    assert_eq!((status, &refused["code"]), (413, &json!(40_041)));
}

#[tokio::test]
async fn a_body_that_trickles_in_is_cut_off() {
    let open = Open::with(&[]).await;
    let mut wire = TcpStream::connect(open.url.trim_start_matches("http://")).await.unwrap();
    let head = "POST /platforms/douyin/events HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n[";
    wire.write_all(head.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    let answered = tokio::time::timeout(Duration::from_secs(30), async {
        while !said.windows(4).any(|part| part == b"\r\n\r\n") {
            assert_ne!(wire.read_buf(&mut said).await.unwrap(), 0, "closed without an answer");
        }
    });
    answered.await.unwrap();
    assert!(said.starts_with(b"HTTP/1.1 408"), "{}", String::from_utf8_lossy(&said));
}

#[tokio::test]
async fn a_changed_address_is_noted_for_the_office() {
    let open = Open::with(&[("SH", "RICE5", 5)]).await;
    open.shop.take(&[order("48", &[("RICE5", 1)])]).await;
    deliver(&open, &[message("105", "a", &json!({ "p_id": 48, "s_ids": [], "shop_id": 1 }))]).await;
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM order_note WHERE order_no = '48'").await, 1);
}

/// A message of its own about a paid order.
fn paid_once_more(no: u64, id: &str) -> Value {
    let mut message = paid(no, now_s());
    message["msg_id"] = id.into();
    message
}

async fn office(request: reqwest::RequestBuilder) -> Value {
    let (status, body) = answer(request.bearer_auth(OFFICE)).await;
    assert!((200..300).contains(&status), "{status} {body}");
    body
}

/// A live show of the gift, for what the platform's orders cost.
async fn show(open: &Open, rules: &Value) {
    let gifts = ["RICE5", "OIL5"].map(|sku| json!({ "warehouse": "SH", "sku": sku, "qty": 5 }));
    let plan = json!({
        "id": "s1", "name": "n", "host": "h", "starts_at": 1, "ends_at": 4_070_908_800_000_i64, "unpaid_ms": 1000,
        "offers": [{ "code": "GIFT-A", "price_fen": 100, "expected": 1 }], "set_aside": gifts, "rules": rules,
    });
    office(open.post("/api/campaigns").json(&plan)).await;
    for act in ["arm", "start"] {
        office(open.post(&format!("/api/campaigns/s1/{act}"))).await;
    }
}

#[tokio::test]
async fn a_receiver_the_platform_shows_later_is_judged_then() {
    let open = Open::with(&[("SH", "RICE5", 9), ("SH", "OIL5", 9)]).await;
    show(&open, &json!({})).await;
    let platform = Platform::default();
    for no in [48, 49] {
        platform.register(no, 2);
        platform.change(no, |detail| {
            detail["post_receiver"] = "".into();
            detail["encrypt_post_receiver"] = "##name==##".into();
            detail["post_tel"] = "$$tel==$1$$".into();
            detail["post_addr"]["detail"] = "##addr==##".into();
        });
    }
    let job = job(&open, &platform.start().await);
    deliver(&open, &[paid(48, now_s()), paid(49, now_s())]).await;
    job.work_off(now()).await.unwrap();
    assert_eq!(
        (open.shop.state("48").await.as_str(), open.shop.state("49").await.as_str()),
        ("waiting", "waiting")
    );
    platform.register(48, 2);
    platform.change(48, |detail| detail["post_addr"]["detail"] = "稻香路 88 弄 3 号 501 室".into());
    platform.register(49, 2);
    platform.change(49, |detail| detail["post_addr"]["detail"] = "到了打电话".into());
    let later = [paid_once_more(48, "48:101:2"), paid_once_more(49, "49:101:2")];
    assert_eq!(deliver(&open, &later).await, success());
    job.work_off(now()).await.unwrap();
    assert_eq!(
        (open.shop.state("48").await.as_str(), open.shop.state("49").await.as_str()),
        ("routed", "review")
    );
    let reviews = office(open.get("/api/reviews")).await;
    let held = &reviews["reviews"][0];
    assert_eq!((&held["order"], &held["hits"][0]["rule"]), (&json!("49"), &json!("vague_address")));
    // The same words again change nothing.
    assert_eq!(deliver(&open, &[paid_once_more(49, "49:101:3")]).await, success());
    job.work_off(now()).await.unwrap();
    assert_eq!(office(open.get("/api/reviews")).await["reviews"][0]["hits"].as_array().unwrap().len(), 1);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn orders_of_the_platform_count_for_the_buyer_it_names() {
    let open = Open::with(&[("SH", "RICE5", 9), ("SH", "OIL5", 9)]).await;
    show(&open, &json!({ "too_many_by_buyer": { "on": true, "orders_max": 1 } })).await;
    let platform = Platform::default();
    for (no, buyer) in [(48, "1@#a=="), (49, "1@#b=="), (50, "1@#a==")] {
        platform.register(no, 2);
        platform.change(no, |detail| detail["doudian_open_id"] = buyer.into());
        platform.change(no, |detail| {
            detail["post_addr"]["detail"] = format!("稻香路 88 弄 3 号 {no}1 室").into()
        });
    }
    let job = job(&open, &platform.start().await);
    deliver(&open, &[48, 49, 50].map(|no| paid(no, now_s()))).await;
    job.work_off(now()).await.unwrap();
    let reviews = office(open.get("/api/reviews")).await;
    assert_eq!((&reviews["total"], &reviews["reviews"][0]["order"]), (&json!(1), &json!("50")));
    assert_eq!(reviews["reviews"][0]["hits"][0]["rule"], "too_many_by_buyer");
}

#[tokio::test]
async fn a_paid_order_without_stock_waits_is_shown_and_is_taken_when_stock_comes() {
    let open = Open::with(&[("SH", "OIL5", 5)]).await;
    let platform = Platform::default();
    platform.register(48, 2);
    let job = job(&open, &platform.start().await);
    deliver(&open, &[paid(48, now_s())]).await;
    let first = now();
    job.work_off(first).await.unwrap();
    let shown = office(open.get("/api/platforms/waiting")).await;
    let waiting = &shown["waiting"][0];
    assert_eq!(
        (&shown["total"], &waiting["order"], &waiting["code"]),
        (&json!(1), &json!("48"), &json!("short"))
    );
    assert!(waiting["next_try_at"].as_i64().unwrap() >= first.0 + 30_000, "{shown}");
    assert_eq!(job.work_off(EpochMs(first.0 + 1_000)).await.unwrap(), 0, "it is not tried all the time");
    assert_eq!(job.work_off(EpochMs(first.0 + 3_600_000)).await.unwrap(), 1, "but now and then");
    assert_eq!(job.work_off(EpochMs(first.0 + 3_601_000)).await.unwrap(), 0);
    let more = company(&[("SH", "OIL5", 5), ("SH", "RICE5", 5)], 1_000);
    let mut tx = open.shop.database.begin().await.unwrap();
    liangcang_server::store::company::import(&mut tx, &more).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(job.work_off(EpochMs(first.0 + 3_602_000)).await.unwrap(), 1, "stock has come");
    assert_eq!(open.shop.state("48").await, "routed");
    assert_eq!(office(open.get("/api/platforms/waiting")).await, json!({ "waiting": [], "total": 0 }));
    assert_eq!(answer(open.get("/api/platforms/waiting")).await.0, 401);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn a_paid_order_that_waited_two_days_or_was_taken_back_meanwhile_is_not_tried_again() {
    let open = Open::with(&[]).await;
    let platform = Platform::default();
    platform.register(48, 2);
    platform.register(49, 2);
    let job = job(&open, &platform.start().await);
    deliver(&open, &[paid(48, now_s()), paid(49, now_s())]).await;
    job.work_off(now()).await.unwrap();
    platform.change(49, |detail| detail["order_status"] = 4.into());
    let two_days = EpochMs(now().0 + 48 * 3_600_000);
    assert_eq!(job.work_off(two_days).await.unwrap(), 2);
    assert_eq!(job.work_off(EpochMs(two_days.0 * 2)).await.unwrap(), 0);
    let ends = "SELECT state || ' ' || outcome FROM platform_message WHERE order_no = '48'";
    assert_eq!(open.shop.text(ends).await, "refused short");
    assert_eq!(open.shop.text("SELECT state FROM platform_message WHERE order_no = '49'").await, "done");
    assert_eq!(office(open.get("/api/platforms/waiting")).await["total"], 0);
}
