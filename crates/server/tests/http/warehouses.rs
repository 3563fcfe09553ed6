//! `/api/warehouses/{id}/close`, `/open`, `/reroute` and `/counted`.

use liangcang_domain::fact::Fact;
use serde_json::{Value, json};

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

/// Shanghai could not complete three orders of a sack each; they were moved to Guangzhou.
async fn three_missing() -> Open {
    let open = Open::with(&[("SH", "RICE5", 4), ("GZ", "RICE5", 9)]).await;
    open.shop.take(&["1", "2", "3", "4"].map(|no| order(no, &[("RICE5", 1)]))).await;
    let (station, _) = open.shop.station("SH").await;
    let short = |no: &str| Fact::OrderShort { order: no.into() };
    open.shop.send(&station, 1, &["1", "2", "3"].map(short)).await.unwrap();
    let moved = open.post("/api/warehouses/SH/reroute").bearer_auth(OFFICE).json(&json!({}));
    assert_eq!(answer(moved).await.1["moved"].as_array().unwrap().len(), 3);
    open
}

async fn counted(open: &Open, id: &str, body: Value) -> (u16, Value) {
    let to = format!("/api/warehouses/{id}/counted");
    answer(open.post(&to).bearer_auth(OFFICE).header("X-Liangcang-User", "anna").json(&body)).await
}

#[tokio::test]
async fn missing_units_that_are_found_are_sold_again_and_the_others_are_written_off() {
    let open = three_missing().await;
    let status = async || answer(open.get("/api/warehouses/SH/status").bearer_auth(OFFICE)).await.1;
    assert_eq!(status().await["missing"], json!([{ "sku": "RICE5", "units": 3 }]));
    let (code, done) = counted(&open, "SH", json!({ "sku": "RICE5", "found": 2 })).await;
    let all = json!({ "warehouse": "SH", "sku": "RICE5", "found": 2, "written_off": 1, "on_hand": 3 });
    assert_eq!((code, done), (200, all));
    let after = status().await;
    assert_eq!(after["missing"], json!([]));
    let count = &after["counted"][0];
    assert_eq!(
        (&count["found"], &count["written_off"], &count["who"]),
        (&json!(2), &json!(1), &json!("anna"))
    );
    open.shop.assert_clean().await;
    assert_eq!(open.shop.audit().await.notes, Vec::<String>::new());
    open.shop.take(&["5", "6", "7"].map(|no| order(no, &[("RICE5", 1)]))).await;
    let orders = open.shop.orders().await;
    assert_eq!(["5", "6", "7"].map(|no| orders[no].as_str()), ["SH", "SH", "GZ"]);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn a_count_of_what_is_not_missing_is_refused_by_name_and_changes_nothing() {
    let open = three_missing().await;
    for (id, body, status, code, words) in [
        (
            "SH",
            json!({ "sku": "RICE5", "found": 4 }),
            409,
            "more_than_missing",
            "only 3 units of RICE5 are missing",
        ),
        (
            "GZ",
            json!({ "sku": "RICE5", "found": 0 }),
            409,
            "nothing_missing",
            "no unit of RICE5 is missing at GZ",
        ),
        ("SH", json!({ "sku": "OIL5", "found": 0 }), 404, "not_found", "SH has no pool of OIL5"),
        ("BJ", json!({ "sku": "RICE5", "found": 0 }), 404, "not_found", "BJ has no pool of RICE5"),
        ("SH", json!({ "sku": "RICE5", "found": -1 }), 400, "bad_json", "-1"),
        ("SH", json!({ "sku": "RICE5", "found": 1.5 }), 400, "bad_json", "1.5"),
        ("SH", json!({ "sku": "RICE5" }), 400, "bad_json", "found"),
    ] {
        let (is, refused) = counted(&open, id, body).await;
        let said = refused["message"].as_str().unwrap_or_default();
        assert!(is == status && said.contains(words), "{status} {words}\n{is} {refused}");
        assert_eq!(refused["code"], code);
    }
    assert_eq!(open.shop.count("SELECT missing FROM pool WHERE warehouse = 'SH' AND sku = 'RICE5'").await, 3);
    assert_eq!(counted(&open, "SH", json!({ "sku": "RICE5", "found": 0 })).await.1["written_off"], 3);
    assert_eq!(counted(&open, "SH", json!({ "sku": "RICE5", "found": 0 })).await.0, 409, "it was counted");
    let nobody = open.post("/api/warehouses/SH/counted").json(&json!({ "sku": "RICE5", "found": 0 }));
    assert_eq!(answer(nobody).await.0, 401);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn found_units_pay_what_is_owed_first() {
    let open = three_missing().await;
    let mut tx = open.shop.database.begin().await.unwrap();
    // Two that left for cancelled orders while all the rest was promised.
    let owe = "UPDATE pool SET owed = 2, on_hand = on_hand + 2 WHERE warehouse = 'SH' AND sku = 'RICE5'";
    liangcang_server::database::query(owe).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    open.shop.assert_clean().await;
    counted(&open, "SH", json!({ "sku": "RICE5", "found": 3 })).await;
    let pool = open.shop.pool("SH", "RICE5").await;
    assert_eq!((pool.owed, pool.on_hand), (0, 4));
    open.shop.assert_clean().await;
}
