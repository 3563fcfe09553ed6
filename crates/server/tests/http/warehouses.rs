//! `/api/warehouses/{id}/close`, `/open` and `/reroute`.

use serde_json::json;

use crate::shop::{OFFICE, Open, answer, order};

#[tokio::test]
async fn the_office_closes_a_warehouse_moves_its_orders_and_opens_it_again() {
    let open = Open::with(&[("SH", "RICE5", 9), ("GZ", "RICE5", 1)]).await;
    open.shop.take(&[order("1", &[("RICE5", 1)]), order("2", &[("RICE5", 1)])]).await;
    let act = async |path: &str, body: serde_json::Value| {
        answer(open.post(&format!("/api/warehouses/{path}")).bearer_auth(OFFICE).json(&body)).await
    };
    assert_eq!(act("SH/close", json!({})).await, (200, json!({ "warehouse": "SH", "open": false })));
    let status = async |id: &str| {
        answer(open.get(&format!("/api/warehouses/{id}/status")).bearer_auth(OFFICE)).await.1
    };
    assert_eq!((&status("SH").await["open"], &status("GZ").await["open"]), (&json!(false), &json!(true)));
    assert_eq!(status("SH").await["today"]["most"], json!(null), "it has no limit");
    let (status, plan) = act("SH/reroute", json!({ "dry_run": true })).await;
    assert_eq!((status, &plan["dry_run"], plan["moved"].as_array().unwrap().len()), (200, &json!(true), 1));
    assert_eq!(open.shop.orders().await["1"], "SH");

    let (status, done) = act("SH/reroute", json!({})).await;
    assert_eq!((status, &done["why"], &done["more"]), (200, &json!("closed"), &json!(false)));
    let moved = &done["moved"][0];
    assert_eq!((&moved["order"], &moved["to"]), (&json!("1"), &json!(["GZ", "ZTO"])));
    assert_eq!(moved["zh"], "SH 仓停止接单，改到 GZ 仓（+10.00 元）");
    assert_eq!(done["stuck"][0]["en"], "no warehouse has all of it; RICE5 is missing");
    assert_eq!(open.shop.orders().await["1"], "GZ");
    let (_, shown) = answer(open.get("/api/orders/1").bearer_auth(OFFICE)).await;
    assert_eq!(shown["order"]["because_en"], "moved from SH, which closed");
    let whos = "SELECT s.who || ' ' || m.who FROM warehouse_state s, order_move m";
    let who = open.shop.text(whos).await;
    let (closed, rerouted) = who.split_once(' ').unwrap();
    assert!(closed == rerouted && closed.len() == 6, "both by the token's short name: {who}");

    assert_eq!(act("SH/open", json!({})).await.1["open"], true);
    open.shop.take(&[order("3", &[("RICE5", 1)])]).await;
    assert_eq!(open.shop.orders().await["3"], "SH");
}

#[tokio::test]
async fn only_the_office_closes_a_warehouse_and_only_one_there_is() {
    let open = Open::with(&[]).await;
    let (_, station) = open.shop.station("SH").await;
    for act in ["close", "open", "reroute"] {
        let post = |id: &str| open.post(&format!("/api/warehouses/{id}/{act}")).json(&json!({}));
        assert_eq!(answer(post("SH")).await.0, 401, "{act}");
        assert_eq!(answer(post("SH").bearer_auth(&station)).await.0, 401, "{act}");
        let (status, refused) = answer(post("BJ").bearer_auth(OFFICE)).await;
        assert_eq!((status, &refused["code"]), (404, &json!("not_found")), "{act}");
    }
    let asked = open.post("/api/warehouses/SH/reroute").bearer_auth(OFFICE).json(&json!({ "dry": true }));
    assert_eq!(answer(asked).await.0, 400, "a misspelt dry_run must not move anything");
}
