//! `/api/campaigns…`: the whole life of a campaign over the wire, and what is no request at all.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::shop::{OFFICE, Open, answer, order};

fn body() -> Value {
    // On now, whatever the machine's clock says of now: from 1970 to 2099.
    json!({
        "id": "double-11", "name": "双十一", "host": "小王", "starts_at": 1, "ends_at": 4_070_908_800_000_i64,
        "unpaid_ms": 900_000,
        "offers": [{ "code": "RICE5", "price_fen": 100, "expected": 10 }],
        "set_aside": [{ "warehouse": "SH", "sku": "RICE5", "qty": 8 },
            { "warehouse": "SH", "sku": "RICE5", "channel": "douyin", "qty": 2 }],
        "province_quotas": [{ "province": "上海市", "most": 5 }],
    })
}

async fn office(request: RequestBuilder) -> (u16, Value) {
    answer(request.bearer_auth(OFFICE)).await
}

impl Open {
    async fn act(&self, act: &str) -> (u16, Value) {
        office(self.post(&format!("/api/campaigns/double-11{act}"))).await
    }

    async fn show(&self, part: &str) -> Value {
        let (status, shown) = office(self.get(&format!("/api/campaigns/double-11{part}"))).await;
        assert_eq!(status, 200, "{shown}");
        shown
    }

    fn put(&self, path: &str) -> RequestBuilder {
        self.http.put(format!("{}{path}", self.url))
    }
}

#[tokio::test]
async fn a_campaign_is_planned_armed_started_sold_and_closed() {
    let open = Open::with(&[("SH", "RICE5", 20)]).await;
    let planned = open.post("/api/campaigns").header("X-Liangcang-User", "安娜").json(&body());
    let (status, story) = office(planned).await;
    assert_eq!((status, &story["state"]), (201, &json!("planned")));
    assert_eq!(story["acts"][0]["who"], "安娜");
    assert_eq!(story["rules"]["vague_address"]["on"], true);
    assert_eq!(
        story["set_aside"][1],
        json!({ "warehouse": "SH", "sku": "RICE5", "channel": "douyin",
        "qty": 2, "held": 0, "settled": 0 })
    );
    assert_eq!(story["province_quotas"], json!([{ "province": "上海", "most": 5, "taken": 0 }]));
    let (status, story) = office(open.put("/api/campaigns/double-11").json(&body())).await;
    assert_eq!((status, &story["acts"][1]["act"]), (200, &json!("replanned")));
    // Nobody gave a name, so the token's own short name stands there.
    let who = story["acts"][1]["who"].as_str().unwrap();
    assert!(who.len() == 6 && !OFFICE.contains(who), "{who}");
    assert_eq!(open.act("/arm").await.1["state"], "armed");
    assert_eq!(open.act("/start").await.1["state"], "live");
    let stock = open.show("/stock").await;
    assert_eq!(
        stock,
        json!({ "channels": [{ "channel": "douyin", "sellable": [{ "code": "RICE5", "qty": 10 }] }] })
    );
    open.shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let change = json!({ "changes": [{ "warehouse": "SH", "sku": "RICE5", "by": -3 }] });
    let (status, story) = office(open.post("/api/campaigns/double-11/stock").json(&change)).await;
    assert_eq!((status, &story["set_aside"][0]["qty"]), (200, &json!(5)));
    let ledger = open.show("/ledger").await;
    assert_eq!(ledger["balanced"], true);
    assert_eq!(
        ledger["rows"][1],
        json!({ "sku": "RICE5", "warehouse": "SH", "channel": "douyin", "set_aside": 2, "available": 1, "held": 1,
            "settled": 0, "by_province": [{ "province": "上海", "held": 1, "settled": 0 }] })
    );
    assert_eq!(ledger["provinces"], json!([{ "province": "上海", "most": 5, "taken": 1 }]));
    let meter = open.show("/meter?since=0").await;
    assert_eq!(
        meter["orders"],
        json!({ "accepted": 1, "review": 0, "unpaid": 0, "waiting": 0, "cancelled": 0 })
    );
    assert_eq!(
        meter["stock"],
        json!([{ "sku": "RICE5", "warehouse": "SH", "set_aside": 7, "held": 1, "settled": 0 }])
    );
    assert_eq!(open.act("/close").await.1["state"], "closed");
    assert_eq!(open.act("/close").await.0, 200);
    let (_, list) = office(open.get("/api/campaigns")).await;
    let listed = &list["campaigns"][0];
    assert_eq!(
        (&listed["state"], &listed["set_aside"], &listed["orders"]),
        (&json!("closed"), &json!(1), &json!(1))
    );
    assert_eq!(list["campaigns"].as_array().unwrap().len(), 1);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn rules_and_limits_are_set_for_the_orders_that_come() {
    let open = Open::with(&[("SH", "RICE5", 20)]).await;
    office(open.post("/api/campaigns").json(&body())).await;
    let rules = json!({ "too_many_by_phone": { "on": true, "orders_max": 1 } });
    let (status, story) = office(open.put("/api/campaigns/double-11/rules").json(&rules)).await;
    assert_eq!((status, &story["rules"]["too_many_by_phone"]["orders_max"]), (200, &json!(1)));
    let limits = json!({ "buyer_limit": 4, "address_limit": 2, "province_quotas": [{ "province": "广东", "most": 9 }] });
    let (status, story) = office(open.put("/api/campaigns/double-11/limits").json(&limits)).await;
    assert_eq!((status, &story["buyer_limit"], &story["address_limit"]), (200, &json!(4), &json!(2)));
    assert_eq!(story["province_quotas"], json!([{ "province": "广东", "most": 9, "taken": 0 }]));
    let misspelt = json!({ "too_many_by_fone": { "on": true } });
    let (status, refused) = office(open.put("/api/campaigns/double-11/rules").json(&misspelt)).await;
    assert_eq!(status, 400, "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("too_many_by_fone"), "{refused}");
}

#[tokio::test]
async fn refusals_have_their_status_and_say_what_is_wrong() {
    let open = Open::with(&[("SH", "RICE5", 9)]).await;
    office(open.post("/api/campaigns").json(&body())).await;
    let daily = json!({ "id": "daily", "name": "n", "host": "", "starts_at": 1, "ends_at": 2, "unpaid_ms": 1000,
        "offers": [], "set_aside": [] });
    let change = json!({ "changes": [] });
    let limits = json!({ "buyer_limit": 0, "address_limit": 0, "province_quotas": [] });
    for (request, status, words) in [
        (open.post("/api/campaigns").json(&body()), 409, "there is a campaign double-11 already"),
        (open.post("/api/campaigns").json(&daily), 422, "daily is the standing sale"),
        (open.put("/api/campaigns/other").json(&body()), 422, "a campaign keeps its id"),
        (open.post("/api/campaigns/double-11/arm"), 409, "SH RICE5 asked 10 free 9"),
        (open.post("/api/campaigns/double-11/start"), 409, "arm it first"),
        (open.post("/api/campaigns/double-11/stock").json(&change), 409, "change the plan itself"),
        (open.post("/api/campaigns/daily/close"), 422, "daily is the standing sale"),
        (open.post("/api/campaigns/none/arm"), 404, "there is no campaign none"),
        (open.put("/api/campaigns/none/limits").json(&limits), 404, "there is no campaign none"),
        (open.get("/api/campaigns/none"), 404, "there is no campaign none"),
        (open.get("/api/campaigns/daily/ledger"), 404, "there is no campaign daily"),
        (open.get("/api/campaigns/none/stock"), 404, "there is no campaign none"),
        (open.get("/api/campaigns/none/meter"), 404, "there is no campaign none"),
        (open.post("/api/campaigns").body("{"), 400, "the body is not as it should be"),
        (open.post("/api/campaigns").body("[".repeat(200_000)), 400, "the body is not as it should be"),
        (open.post("/api/campaigns").body(vec![0xff, 0xfe]), 400, "the body is not as it should be"),
        (open.post("/api/campaigns").json(&json!({ "id": "a" })), 400, "missing field"),
        (open.post("/api/campaigns").body("x".repeat(2 * 1024 * 1024)), 413, "length limit"),
    ] {
        let (code, refused) = office(request).await;
        let said = refused["message"].as_str().unwrap_or_default();
        assert!(code == status && said.contains(words), "{status} {words}\n{code} {refused}");
    }
    let long = "x".repeat(41);
    for name in ["", " ", long.as_str()] {
        let named = open.post("/api/campaigns/double-11/close").header("X-Liangcang-User", name);
        assert_eq!(office(named).await.0, 400, "{name:?}");
    }
}

#[tokio::test]
async fn nothing_of_a_campaign_is_told_or_done_without_the_offices_token() {
    let open = Open::with(&[]).await;
    let (_, station) = open.shop.station("SH").await;
    let of = |part: &str| format!("/api/campaigns/double-11{part}");
    let mut requests = vec![open.get("/api/campaigns"), open.post("/api/campaigns").json(&body())];
    requests.extend(["", "/ledger", "/stock", "/meter"].map(|part| open.get(&of(part))));
    requests.extend(["/arm", "/start", "/close", "/stock"].map(|part| open.post(&of(part))));
    requests.extend(["", "/rules", "/limits"].map(|part| open.put(&of(part)).json(&body())));
    for request in requests {
        let stations = request.try_clone().unwrap().bearer_auth(&station);
        assert_eq!((answer(request).await.0, answer(stations).await.0), (401, 401));
    }
}
