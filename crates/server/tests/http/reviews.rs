//! `/api/reviews`, `/api/clusters` and `/api/blocked`: a person decides, and learns nothing that is sealed.

use reqwest::RequestBuilder;
use serde_json::{Value, json};

use crate::shop::{OFFICE, Open, answer, order};

async fn office(request: RequestBuilder) -> (u16, Value) {
    answer(request.bearer_auth(OFFICE)).await
}

/// A live show whose orders cost 5 yuan; an order of the shop's pays one, so a person must see it.
async fn show() -> Open {
    let open = Open::with(&[("SH", "RICE5", 20)]).await;
    let plan = json!({
        "id": "s1", "name": "n", "host": "h", "starts_at": 1, "ends_at": 4_070_908_800_000_i64, "unpaid_ms": 1000,
        "offers": [{ "code": "RICE5", "price_fen": 500, "expected": 1 }],
        "set_aside": [{ "warehouse": "SH", "sku": "RICE5", "qty": 10 }],
    });
    assert_eq!(office(open.post("/api/campaigns").json(&plan)).await.0, 201);
    for act in ["arm", "start"] {
        assert_eq!(office(open.post(&format!("/api/campaigns/s1/{act}"))).await.0, 200);
    }
    open
}

#[tokio::test]
async fn a_cluster_is_looked_at_and_decided_on_as_a_whole() {
    let open = show().await;
    open.shop.take(&["1", "2", "3"].map(|no| order(no, &[("RICE5", 1)]))).await;
    let (_, shown) = office(open.get("/api/reviews?campaign=s1&state=open")).await;
    assert_eq!((shown["reviews"].as_array().unwrap().len(), &shown["total"]), (3, &json!(3)));
    let first = &shown["reviews"][0];
    assert_eq!(
        (&first["order"], &first["order_state"], &first["units"]),
        (&json!("1"), &json!("review"), &json!([["RICE5", 1]]))
    );
    assert_eq!(first["hits"][0]["rule"], "amount_mismatch");
    let cluster = &first["clusters"][0];
    assert_eq!((&cluster["kind"], &cluster["orders"]), (&json!("address"), &json!(3)));
    let key = cluster["key"].as_str().unwrap();
    let (_, all) = office(open.get(&format!("/api/clusters/address/{key}?campaign=s1"))).await;
    assert_eq!(all["orders"].as_array().unwrap().len(), 3);
    let text = format!("{shown}{all}");
    for personal in ["小明", "12000001234", "88 弄"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    let decide = |body: Value| office(open.post("/api/reviews/decide").json(&body));
    let (_, asked) = decide(json!({ "orders": ["2"], "decision": "ask", "who": "安娜" })).await;
    assert_eq!(asked, json!({ "decided": 1, "left": [] }));
    assert_eq!(office(open.get("/api/reviews?state=asked")).await.1["total"], 1);
    let whole = json!({ "kind": "address", "key": key, "campaign": "s1" });
    let (status, decided) = decide(json!({ "cluster": whole, "decision": "reject" })).await;
    assert_eq!((status, decided), (200, json!({ "decided": 3, "left": [] })));
    assert_eq!(office(open.get("/api/reviews")).await.1["total"], 0);
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM orders WHERE state = 'cancelled'").await, 3);
    let (_, late) = decide(json!({ "orders": ["1"], "decision": "approve" })).await;
    assert_eq!((&late["decided"], &late["left"][0]["order"]), (&json!(0), &json!("1")));
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn who_is_blocked_is_listed_by_a_key_alone_and_may_be_let_in_again() {
    let open = show().await;
    open.shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let block =
        |body: Value| office(open.post("/api/blocked").header("X-Liangcang-User", "anna").json(&body));
    let (status, by_order) = block(json!({ "kind": "phone", "order": "1", "note": "退货太多" })).await;
    assert_eq!(status, 201, "{by_order}");
    // The same phone in clear is the same key.
    let (_, by_value) = block(json!({ "kind": "phone", "value": "12000001234", "note": "再次" })).await;
    assert_eq!(by_value["key"], by_order["key"]);
    let address =
        json!({ "kind": "address", "value": "上海市浦东新区花木街道稻香路88弄3号501室", "note": "n" });
    let (_, address) = block(address).await;
    let (_, of_order) = block(json!({ "kind": "address", "order": "1", "note": "n" })).await;
    assert_eq!(address["key"], of_order["key"]);
    let (_, list) = office(open.get("/api/blocked")).await;
    assert_eq!(list["blocked"].as_array().unwrap().len(), 2, "{list}");
    assert!(!list.to_string().contains("12000001234"));
    let key = by_order["key"].as_str().unwrap();
    let delete = |key: &str| office(open.http.delete(format!("{}/api/blocked/{key}", open.url)));
    assert_eq!(delete(key).await.0, 204);
    assert_eq!(delete(key).await.0, 404);
    let buyer = json!({ "kind": "buyer", "value": "openid-1", "channel": "shop", "note": "n" });
    assert_eq!(block(buyer).await.0, 201);
    assert_eq!(block(json!({ "kind": "device", "value": "d-1", "note": "n" })).await.0, 201);
}

#[tokio::test]
async fn what_is_no_decision_no_cluster_and_nobody_to_block_is_refused() {
    let open = show().await;
    open.shop.take(&[order("1", &[("RICE5", 1)])]).await;
    let (decide, block) = (|| open.post("/api/reviews/decide"), || open.post("/api/blocked"));
    let many: Vec<String> = (0..1_001).map(|n| n.to_string()).collect();
    let key = "0123456789abcdef";
    let cluster = json!({ "kind": "address", "key": key });
    for (request, status, words) in [
        (open.get("/api/reviews?state=approved"), 422, "a state is one of"),
        (open.get("/api/clusters/name/0123456789abcdef"), 422, "a kind is one of"),
        (open.get("/api/clusters/phone/12000001234"), 422, "a key is the sixteen hexadecimal digits"),
        (decide().json(&json!({ "decision": "approve" })), 422, "name either orders or a cluster"),
        (decide().json(&json!({ "orders": [], "cluster": cluster, "decision": "ask" })), 422, "name either"),
        (decide().json(&json!({ "orders": many, "decision": "ask" })), 422, "at most 1000 orders"),
        (decide().json(&json!({ "orders": ["1"], "decision": "burn" })), 400, "unknown variant"),
        (decide().json(&json!({ "orders": ["1"], "decision": "ask", "who": " " })), 422, "who is a name"),
        (block().json(&json!({ "kind": "phone", "note": "n" })), 422, "name either a value or an order"),
        (block().json(&json!({ "kind": "phone", "order": "9", "note": "n" })), 404, "there is no order"),
        (
            block().json(&json!({ "kind": "device", "order": "1", "note": "n" })),
            422,
            "there is no device to block",
        ),
        (block().json(&json!({ "kind": "phone", "value": " ", "note": "n" })), 422, "a value has 1 to 200"),
        (block().json(&json!({ "kind": "phone", "value": "1", "note": "" })), 422, "a note says why"),
        (block().json(&json!({ "kind": "buyer", "value": "1", "note": "n" })), 422, "with the channel"),
        (
            block().json(&json!({ "kind": "address", "value": "花木路", "note": "n" })),
            422,
            "begins with its province",
        ),
    ] {
        let (code, refused) = office(request).await;
        let said = refused["message"].as_str().unwrap_or_default();
        assert!(code == status && said.contains(words), "{status} {words}\n{code} {refused}");
    }
    assert_eq!(office(open.get("/api/blocked")).await.1["blocked"], json!([]));
    for request in [
        open.get("/api/reviews"),
        open.get(&format!("/api/clusters/phone/{key}")),
        decide().json(&json!({ "orders": ["1"], "decision": "approve" })),
        open.get("/api/blocked"),
        block().json(&json!({ "kind": "phone", "order": "1", "note": "n" })),
        open.http.delete(format!("{}/api/blocked/{key}", open.url)),
    ] {
        assert_eq!(answer(request).await.0, 401);
    }
}
