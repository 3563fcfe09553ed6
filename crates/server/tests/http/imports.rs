//! `/api/import/orders`: what a file brings by the office's token, what is refused, and what a second time adds.

use liangcang_server::store::mapping;
use serde_json::json;

use crate::shop::{NOW, OFFICE, Open, answer};

pub const HEADINGS: &str =
    "主订单编号,子订单编号,商家编码,商品数量,订单应付金额,收件人,收件人手机号,省,市,区,详细地址,订单状态";

/// One row of an export.
pub fn row(no: &str, code: &str, qty: &str, state: &str) -> String {
    format!("{no},{no},{code},{qty},59.90,王小米,12000001234,上海市,上海市,浦东新区,稻香路 1 号,{state}\n")
}

fn file(rows: &[String]) -> String {
    format!("\u{feff}{HEADINGS}\n{}", rows.concat())
}

async fn send(open: &Open, path: &str, body: String) -> (u16, serde_json::Value) {
    answer(open.post(path).bearer_auth(OFFICE).body(body)).await
}

#[tokio::test]
async fn good_rows_go_in_bad_ones_are_named_and_a_second_import_adds_nothing() {
    let open = Open::with(&[("SH", "RICE5", 3), ("SH", "OIL5", 3)]).await;
    let text = file(&[
        row("1001", "RICE5", "1", "待发货"),
        row("1002", "GIFT-A", "0", "待发货"),
        row("1003", "XX", "1", "待发货"),
        row("1004", "OIL5", "9", "待发货"),
    ]);
    let (status, preview) = send(&open, "/api/import/orders/preview", text.clone()).await;
    assert_eq!((status, &preview["preview"]["orders"]), (200, &json!(2)));
    assert_eq!(open.shop.count("SELECT COUNT(*) FROM orders").await, 0, "a preview imports nothing");
    let refused = preview["preview"]["refused"].as_array().unwrap();
    let refused: Vec<_> = refused.iter().map(|fault| (fault["row"].clone(), fault["code"].clone())).collect();
    assert_eq!(refused, [(json!(3), json!("quantity_zero")), (json!(4), json!("unknown_goods"))]);

    let (_, answer) = send(&open, "/api/import/orders", text.clone()).await;
    assert_eq!((&answer["taken"]["accepted"], &answer["taken"]["duplicates"]), (&json!(1), &json!(0)));
    assert_eq!(answer["taken"]["refused"][0]["order_no"], "1004");
    assert_eq!(answer["taken"]["refused"][0]["code"], "short");
    let (_, again) = send(&open, "/api/import/orders", text).await;
    assert_eq!((&again["taken"]["accepted"], &again["taken"]["duplicates"]), (&json!(0), &json!(1)));
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_that_a_later_file_shows_closed_is_cancelled() {
    let open = Open::with(&[("SH", "RICE5", 3)]).await;
    send(&open, "/api/import/orders", file(&[row("1001", "RICE5", "1", "待发货")])).await;
    let later = file(&[row("1001", "RICE5", "1", "已关闭"), row("1002", "RICE5", "1", "待发货")]);
    for cancelled in [1, 0] {
        let (_, answer) = send(&open, "/api/import/orders", later.clone()).await;
        assert_eq!(answer["taken"]["cancelled"], cancelled);
    }
    assert_eq!(open.shop.state("1001").await, "cancelled");
    assert_eq!(open.shop.pool("SH", "RICE5").await.held, 1);
    open.shop.assert_clean().await;
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_refused_by_its_code() {
    let open = Open::with(&[]).await;
    let (status, refused) = send(&open, "/api/import/orders", "订单号,数量\n1,1\n".to_owned()).await;
    assert_eq!((status, &refused["code"]), (422, &json!("columns")));
    let (status, refused) = send(&open, "/api/import/orders", String::new()).await;
    assert_eq!((status, &refused["code"]), (422, &json!("file_empty")));
}

#[tokio::test]
async fn a_stored_mapping_reads_another_sources_file_and_an_unknown_name_is_refused() {
    let open = Open::with(&[("SH", "RICE5", 3)]).await;
    let toml = "channel = 'other_shop'\n[columns]\norder_no = '订单号'\nmerchant_code = '货号'\nqty = '数量'\n\
        name = '姓名'\nphone = '电话'\nprovince = '省份'\ncity = '城市'\ndetail = '地址'\n";
    let mut tx = open.shop.database.begin().await.unwrap();
    mapping::save(&mut tx, "别家店", toml, NOW).await.unwrap();
    tx.commit().await.unwrap();
    let text =
        "订单号,货号,数量,姓名,电话,省份,城市,地址\nQD1,RICE5,1,王小米,12000001234,上海,上海市,稻香路\n"
            .to_owned();
    let (status, answer) = send(&open, "/api/import/orders?mapping=别家店", text.clone()).await;
    assert_eq!((status, &answer["taken"]["accepted"]), (200, &json!(1)));
    assert_eq!(open.shop.text("SELECT channel FROM orders").await, "other_shop");
    assert_eq!(send(&open, "/api/import/orders?mapping=nobody", text).await.0, 404);
}
