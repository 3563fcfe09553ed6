//! `/api/orders…`: what a storefront is told of its orders, and what is no order at all.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::shop::storefront::{Storefront, basket};
use crate::shop::{OFFICE, Open, answer};

struct Front {
    open: Open,
    front: Storefront,
}

impl Front {
    async fn with(stock: &[(&str, &str, i64)]) -> Self {
        let open = Open::with(stock).await;
        Self { front: Storefront::new(&open.url), open }
    }

    async fn order(&self, no: &str, body: &Value) -> (u16, Value) {
        self.front.order(no, body).await.unwrap()
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        answer(self.open.post(path).bearer_auth(OFFICE).json(body)).await
    }
}

fn changed(mut body: Value, path: &str, value: Value) -> Value {
    *body.pointer_mut(path).unwrap() = value;
    body
}

#[tokio::test]
async fn an_order_is_accepted_once_and_answered_as_a_duplicate_ever_after() {
    let shop = Front::with(&[("SH", "RICE5", 5)]).await;
    let body = basket(None, 1, "RICE5");
    let (status, first) = shop.order("W-1", &body).await;
    assert_eq!((status, &first["outcome"], &first["warehouse"]), (201, &json!("accepted"), &json!("SH")));
    assert_eq!(first["hold"], json!({ "units": [["RICE5", 1]], "expires_at": null }));
    let (status, again) = shop.order("W-1", &body).await;
    assert_eq!((status, &again["outcome"], &again["changed"]), (200, &json!("duplicate"), &json!(false)));
    assert_eq!(again["first"]["warehouse"], "SH");
    let other = changed(body, "/receiver/detail", json!("别的路 9 号 901 室"));
    let (status, again) = shop.order("W-1", &other).await;
    assert_eq!((status, &again["outcome"], &again["changed"]), (200, &json!("duplicate"), &json!(true)));
    assert_eq!(shop.open.shop.pool("SH", "RICE5").await.held, 1);
    shop.open.shop.assert_clean().await;
}

#[tokio::test]
async fn two_lines_of_one_sku_are_summed_before_the_stock_is_looked_at() {
    let shop = Front::with(&[("SH", "RICE5", 3)]).await;
    let lines = json!([{ "code": "RICE5", "qty": 2 }, { "code": "RICE5", "qty": 2 }]);
    let (status, told) = shop.order("W-1", &changed(basket(None, 1, "RICE5"), "/lines", lines)).await;
    assert_eq!((status, &told["outcome"], &told["missing"]), (409, &json!("sold_out"), &json!(["RICE5"])));
    assert_eq!(shop.open.shop.pool("SH", "RICE5").await.held, 0);
}

#[tokio::test]
async fn what_is_no_order_is_refused_by_its_field_and_takes_nothing() {
    let shop = Front::with(&[("SH", "RICE5", 9)]).await;
    let good = basket(None, 1, "RICE5");
    for (path, value, field) in [
        ("/lines", json!([]), "lines"),
        ("/lines/0/qty", json!(0), "lines.qty"),
        ("/lines/0/qty", json!(10_000), "lines.qty"),
        ("/lines/0/code", json!(""), "lines.code"),
        ("/paid_fen", json!(-1), "paid_fen"),
        ("/receiver/name", json!(""), "receiver.name"),
        ("/receiver/phone", json!("1"), "receiver.phone"),
        ("/receiver/detail", json!("路".repeat(301)), "receiver.detail"),
        ("/receiver/detail", json!("稻香路\n1 号"), "receiver.detail"),
        ("/buyer", json!("b".repeat(129)), "buyer"),
    ] {
        let (status, told) = shop.order("W-1", &changed(good.clone(), path, value.clone())).await;
        assert_eq!((status, &told["field"]), (422, &json!(field)), "{path} {value}: {told}");
    }
    for key in ["", "a b", "字", &"k".repeat(65)] {
        let request = shop.open.post("/api/orders").bearer_auth(OFFICE);
        let request = request.header("Idempotency-Key", key.as_bytes());
        let (status, told) = answer(request.json(&good)).await;
        assert_eq!((status, &told["field"]), (422, &json!("idempotency-key")), "{key}: {told}");
    }
    for (path, value) in [("/lines/0/qty", json!(-1)), ("/state", json!("maybe")), ("/receiver", json!("me"))]
    {
        let (status, told) = shop.order("W-1", &changed(good.clone(), path, value)).await;
        assert_eq!((status, &told["code"]), (400, &json!("bad_json")), "{path}: {told}");
    }
    assert_eq!(shop.open.shop.count("SELECT COUNT(*) FROM orders").await, 0);
}

#[tokio::test]
async fn a_deep_or_endless_body_and_a_stranger_are_refused() {
    let shop = Front::with(&[("SH", "RICE5", 9)]).await;
    let send = |body: String| shop.open.post("/api/orders").bearer_auth(OFFICE).body(body);
    assert_eq!(answer(send("[".repeat(10_000))).await.0, 400);
    for length in [16 * 1024, 10 * 1024 * 1024] {
        let long = send(format!("{{\"note\":\"{}\"}}", "a".repeat(length))).send().await;
        // The server need not read it all before it hangs up.
        assert!(long.map_or(true, |answer| answer.status() == 413), "{length}");
    }
    let stranger =
        shop.open.post("/api/orders").header("Idempotency-Key", "W-1").json(&basket(None, 1, "RICE5"));
    assert_eq!(answer(stranger).await.0, 401);
    let wrong = shop.open.post("/api/orders").bearer_auth("x").json(&basket(None, 1, "RICE5"));
    assert_eq!(answer(wrong).await.0, 401);
}

#[tokio::test]
async fn of_many_orders_each_gets_its_own_answer_in_order() {
    let shop = Front::with(&[("SH", "RICE5", 2)]).await;
    let keyed = |key: &str, qty: u32| {
        let mut order = changed(basket(None, 1, "RICE5"), "/lines/0/qty", json!(qty));
        order["key"] = json!(key);
        order
    };
    let orders = [keyed("A", 1), keyed("B", 0), keyed("A", 1), keyed("C", 2), keyed("D", 1)];
    let (status, told) = shop.post("/api/orders/bulk", &json!({ "orders": orders })).await;
    let words: Vec<&str> =
        told["answers"].as_array().unwrap().iter().map(|it| it["outcome"].as_str().unwrap()).collect();
    assert_eq!((status, words), (200, ["accepted", "refused", "duplicate", "sold_out", "accepted"].into()));
    let many: Vec<Value> = (0..1_001).map(|n| keyed(&format!("K{n}"), 1)).collect();
    assert_eq!(shop.post("/api/orders/bulk", &json!({ "orders": many })).await.0, 413);
    shop.open.shop.assert_clean().await;
}

#[tokio::test]
async fn an_unpaid_order_holds_until_it_is_paid_and_goes_then() {
    let shop = Front::with(&[("SH", "RICE5", 2)]).await;
    let unpaid = changed(basket(None, 1, "RICE5"), "/state", json!("unpaid"));
    let (status, told) = shop.order("W-1", &unpaid).await;
    assert_eq!((status, &told["outcome"], &told["waybill"]), (201, &json!("unpaid"), &json!("")));
    assert!(told["hold"]["expires_at"].is_i64(), "{told}");
    let paid = json!({ "paid_fen": 100 });
    assert_eq!(shop.post("/api/orders/W-1/pay", &paid).await.1["outcome"], "accepted");
    assert_eq!(shop.post("/api/orders/W-1/pay", &paid).await.1["outcome"], "duplicate");
    assert_eq!(shop.open.shop.state("W-1").await, "routed");
    assert_eq!(shop.post("/api/orders/W-9/pay", &paid).await.0, 404);
    let wanted = |order: &str| format!("/api/orders/{order}/cancel");
    let why = json!({ "reason": "不想要了" });
    assert_eq!(shop.post(&wanted("W-1"), &why).await.1["outcome"], "cancelled");
    assert_eq!(shop.post(&wanted("W-1"), &why).await.1["outcome"], "already");
    assert_eq!(shop.post(&wanted("W-9"), &why).await.1["outcome"], "not_here");
    assert_eq!(shop.post("/api/orders/W-1/pay", &paid).await.0, 409);
    shop.open.shop.assert_clean().await;
}

#[tokio::test]
async fn one_line_of_address_is_read_into_province_city_and_district() {
    let shop = Front::with(&[("SH", "RICE5", 2)]).await;
    let receiver =
        json!({ "name": "李小明", "phone": "12000001234", "detail": "江苏苏州昆山市长江路 88 号" });
    let (status, _) = shop.order("W-1", &changed(basket(None, 1, "RICE5"), "/receiver", receiver)).await;
    assert_eq!(status, 201);
    let told = shop.open.shop.feed("SH").await.pop().unwrap();
    let to = &told["order"]["receiver"];
    assert_eq!(
        (&to["province"], &to["city"], &to["district"]),
        (&json!("江苏"), &json!("苏州市"), &json!("昆山市"))
    );
}

#[tokio::test]
async fn a_show_counts_by_buyer_and_puts_the_doubtful_before_a_person_with_their_stock_held() {
    let shop = Front::with(&[("SH", "RICE5", 50)]).await;
    shop.front.show("show", "RICE5", &[("SH", "RICE5", 20)]).await;
    let rules = json!({
        "too_many_by_phone": { "on": true, "orders_max": 2 },
        "burst_velocity": { "on": false, "orders_max": 1, "window_s": 10 },
    });
    shop.front.office(Method::PUT, "/api/campaigns/show/rules", &rules).await;
    let mut words = Vec::new();
    for no in ["1", "2", "3"] {
        words.push(shop.order(no, &basket(Some("show"), 7, "RICE5")).await.1["outcome"].clone());
    }
    assert_eq!(words, ["accepted", "accepted", "review"]);
    // Two that were cancelled count no more; that they were paid is remembered.
    for no in ["1", "2"] {
        shop.post(&format!("/api/orders/{no}/cancel"), &json!({ "reason": "不想要了" })).await;
    }
    let (_, told) = shop.order("4", &basket(Some("show"), 7, "RICE5")).await;
    assert_eq!(told["outcome"], "accepted", "{told}");
    let cheap = changed(basket(Some("show"), 8, "RICE5"), "/paid_fen", json!(1));
    let (status, told) = shop.order("5", &cheap).await;
    assert_eq!((status, &told["reasons"][0]["rule"]), (202, &json!("amount_mismatch")), "{told}");
    let (status, told) = shop.order("6", &basket(Some("gone"), 8, "RICE5")).await;
    assert_eq!((status, &told["code"]), (422, &json!("no_campaign")), "{told}");
    shop.open.shop.assert_clean().await;
}

#[tokio::test]
async fn a_storefront_is_told_of_each_part_and_pays_and_cancels_the_order() {
    let shop = Front::with(&[("SH", "RICE5", 6), ("GZ", "OIL5", 5)]).await;
    let campaign = json!({
        "id": "show", "name": "show", "host": "", "starts_at": 1, "ends_at": 4_000_000_000_000_i64,
        "split_allowed": true, "unpaid_ms": 600_000,
        "offers": [{ "code": "GIFT-A", "price_fen": 100, "expected": 1 }],
        "set_aside": [{ "warehouse": "SH", "sku": "RICE5", "qty": 5 }, { "warehouse": "GZ", "sku": "OIL5", "qty": 5 }],
    });
    shop.front.office(Method::POST, "/api/campaigns", &campaign).await;
    for act in ["arm", "start"] {
        shop.front.office(Method::POST, &format!("/api/campaigns/show/{act}"), &json!({})).await;
    }
    let unpaid = changed(basket(Some("show"), 1, "GIFT-A"), "/state", json!("unpaid"));
    let (status, told) = shop.order("W-1", &unpaid).await;
    assert_eq!(
        (status, &told["outcome"], &told["warehouse"]),
        (201, &json!("unpaid"), &json!("SH")),
        "{told}"
    );
    assert_eq!(told["hold"]["units"], json!([["OIL5", 1], ["RICE5", 1]]));
    assert_eq!(
        told["parts"],
        json!([
            { "order": "W-1", "warehouse": "SH", "carrier": "ZTO", "waybill": "", "units": [["RICE5", 1]] },
            { "order": "W-1.2", "warehouse": "GZ", "carrier": "ZTO", "waybill": "", "units": [["OIL5", 1]] },
        ])
    );
    let (_, paid) = shop.post("/api/orders/W-1/pay", &json!({ "paid_fen": 100 })).await;
    assert_eq!(paid["outcome"], "accepted");
    let (_, story) = answer(shop.open.get("/api/orders/W-1.2").bearer_auth(OFFICE)).await;
    let stands = |part: &Value| (part["order"].clone(), part["state"].clone(), part["waybill_no"] == "");
    let parts: Vec<_> = story["parts"].as_array().unwrap().iter().map(stands).collect();
    assert_eq!(parts, [(json!("W-1"), json!("routed"), false), (json!("W-1.2"), json!("routed"), false)]);
    // No caller has such a number of its own.
    let (status, told) = shop.order("W-1.2", &basket(Some("show"), 2, "GIFT-A")).await;
    assert_eq!((status, &told["field"]), (422, &json!("idempotency-key")));
    let (status, whole) = shop.order("W-2", &basket(None, 3, "RICE5")).await;
    assert_eq!((status, whole.get("parts")), (201, None));
    let (_, told) = shop.post("/api/orders/W-1/cancel", &json!({ "reason": "不想要了" })).await;
    assert_eq!(told["outcome"], "cancelled");
    assert_eq!(shop.open.shop.pool("GZ", "OIL5").await.held, 5, "set aside for the show again");
    assert_eq!(shop.open.shop.state("W-1.2").await, "cancelled");
    shop.open.shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_that_comes_again_after_its_show_is_known_and_no_other_order_suffers() {
    let shop = Front::with(&[("SH", "RICE5", 50)]).await;
    shop.front.show("show", "RICE5", &[("SH", "RICE5", 20)]).await;
    assert_eq!(shop.order("1", &basket(Some("show"), 1, "RICE5")).await.1["outcome"], "accepted");
    shop.front.office(Method::POST, "/api/campaigns/show/close", &json!({})).await;
    let (_, named) = shop.order("1", &basket(Some("show"), 1, "RICE5")).await;
    assert_eq!((&named["outcome"], &named["first"]["campaign"]), (&json!("duplicate"), &json!("show")));
    assert_eq!(shop.order("2", &basket(Some("show"), 2, "RICE5")).await.1["code"], "no_campaign");
    let keyed = |key: &str, person: u64| {
        let mut order = basket(None, person, "RICE5");
        order["key"] = json!(key);
        order
    };
    let orders = [keyed("3", 3), keyed("1", 1), keyed("4", 4)];
    let (_, told) = shop.post("/api/orders/bulk", &json!({ "orders": orders })).await;
    let words: Vec<&Value> = told["answers"].as_array().unwrap().iter().map(|it| &it["outcome"]).collect();
    assert_eq!(words, ["accepted", "duplicate", "accepted"]);
    shop.open.shop.assert_clean().await;
}

#[tokio::test]
async fn five_thousand_silent_connections_keep_nobody_from_ordering() {
    let shop = Front::with(&[("SH", "RICE5", 2)]).await;
    let address = shop.open.url.trim_start_matches("http://").to_owned();
    // Each socket has two ends in this one process.
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let open_files = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let most: usize = open_files.split_whitespace().next().unwrap().parse().unwrap_or(100_000);
    let silent = 5_000.min(most.saturating_sub(500) / 2);
    let mut idle = Vec::with_capacity(silent);
    for n in 0..silent {
        let mut stream = TcpStream::connect(&address).await.unwrap();
        if n % 2 == 0 {
            stream.write_all(b"POST /api/orders HTTP/1.1\r\nhost: x\r\n").await.unwrap();
        }
        idle.push(stream);
    }
    let body = basket(None, 1, "RICE5");
    let taken = tokio::time::timeout(Duration::from_secs(20), shop.order("W-1", &body)).await;
    assert_eq!(taken.unwrap().0, 201);
    let mut last = idle.pop().unwrap();
    last.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut told = String::new();
    last.read_to_string(&mut told).await.unwrap();
    assert!(told.starts_with("HTTP/1.1 200"), "{told}");
}
