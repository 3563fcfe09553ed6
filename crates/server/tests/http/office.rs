//! `/api/orders`, `/api/warehouses` and `/health`: what the office sees, and who is not the office.

use serde_json::json;

use crate::shop::{OFFICE, Open, answer, order, packed, receiver, scanned_out};

#[tokio::test]
async fn the_office_needs_its_token_and_a_stations_is_not_it() {
    let open = Open::with(&[]).await;
    let (_, station) = open.shop.station("SH").await;
    for path in ["/api/orders", "/api/orders/1", "/api/warehouses/SH/status"] {
        assert_eq!(answer(open.get(path)).await.0, 401, "{path}");
        assert_eq!(answer(open.get(path).bearer_auth(&station)).await.0, 401, "{path}");
    }
    for path in ["/api/import/orders", "/api/import/orders/preview"] {
        assert_eq!(answer(open.post(path)).await.0, 401, "{path}");
    }
}

#[tokio::test]
async fn orders_are_listed_by_state_and_phone_and_their_receivers_masked() {
    let open = Open::with(&[("SH", "RICE5", 9)]).await;
    let mut other = order("2", &[("RICE5", 1)]);
    other.receiver = receiver("王大", "12000009999");
    open.shop.take(&[order("1", &[("RICE5", 1)]), other]).await;
    open.shop.cancel("1").await;
    let list = async |query: &str| answer(open.get(&format!("/api/orders{query}")).bearer_auth(OFFICE)).await;
    let numbers = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|order| order["no"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(numbers(&list("").await.1), ["1", "2"]);
    assert_eq!(numbers(&list("?after=1").await.1), ["2"]);
    assert_eq!(numbers(&list("?state=cancelled").await.1), ["1"]);
    assert_eq!(numbers(&list("?phone=12000009999").await.1), ["2"]);
    assert_eq!(numbers(&list("?phone=12000000000").await.1), Vec::<String>::new());
    let (status, refused) = list("?state=lost").await;
    assert_eq!((status, &refused["code"]), (400, &json!("unknown_state")));
    let text = list("").await.1.to_string();
    for personal in ["小明", "12000001234", "88 弄"] {
        assert!(!text.contains(personal), "{personal}: {text}");
    }
    assert!(text.contains("李**"), "{text}");
}

#[tokio::test]
async fn a_shipped_order_shows_its_waybill_weight_and_lots() {
    let open = Open::with(&[("SH", "RICE5", 9)]).await;
    open.shop.take(&[order("1", &[("RICE5", 2)])]).await;
    let (station, _) = open.shop.station("SH").await;
    let (waybill, units) = (open.shop.waybill("1").await, [("RICE5", 2)]);
    open.shop
        .send(&station, 1, &[packed("1", &waybill, &units), scanned_out("1", &waybill, &units)])
        .await
        .unwrap();
    let (status, shown) = answer(open.get("/api/orders/1").bearer_auth(OFFICE)).await;
    assert_eq!(status, 200);
    let order = &shown["order"];
    assert_eq!((&order["state"], &order["weight_g"]), (&json!("shipped"), &json!(5_300)));
    assert_eq!(order["waybill_no"], waybill);
    assert_eq!(order["lots"], json!([{ "sku": "RICE5", "lot": "L1", "qty": 2 }]));
    assert_eq!(shown["lines"], json!([{ "code": "RICE5", "title": "货品 RICE5", "qty": 2 }]));
    assert_eq!(answer(open.get("/api/orders/2").bearer_auth(OFFICE)).await.0, 404);
}

#[tokio::test]
async fn a_warehouses_status_counts_its_orders_and_its_stations_facts() {
    let open = Open::with(&[("SH", "RICE5", 9)]).await;
    open.shop.take(&["1", "2"].map(|no| order(no, &[("RICE5", 1)]))).await;
    let (station, _) = open.shop.station("SH").await;
    let waybill = open.shop.waybill("1").await;
    open.shop.send(&station, 1, &[packed("1", &waybill, &[("RICE5", 1)])]).await.unwrap();
    let (_, status) = answer(open.get("/api/warehouses/SH/status").bearer_auth(OFFICE)).await;
    assert_eq!(status["orders"], json!({ "packed": 1, "routed": 1 }));
    assert_eq!(status["stations"], json!([{ "station": "SH-01", "name": "打包台", "facts": 1 }]));
    assert_eq!(answer(open.get("/api/warehouses/XX/status").bearer_auth(OFFICE)).await.0, 404);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let open = Open::with(&[]).await;
    let answer = open.get("/health").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["x-frame-options"], "DENY");
    assert!(answer.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
}
