//! The published algorithm against vectors of invented keys, and answers as the SDKs describe them.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use crate::incoming::ReceiverTrust;
use md5::{Digest, Md5};
use serde_json::json;

const KEYS: Credentials<'_> = Credentials {
    app_key: "7000000000000000001",
    secret: "00000000-aaaa-bbbb-cccc-111111111111",
    access_token: "token",
};

#[test]
fn parameters_are_signed_as_the_vectors_say() {
    let unsorted =
        json!({"size": 100, "page": 0, "order_by": "update_time", "a": {"z": 1, "b": "<米&油>/5L"}});
    let param_json = canonical_json(&unsorted);
    assert_eq!(param_json, r#"{"a":{"b":"<米&油>/5L","z":1},"order_by":"update_time","page":0,"size":100}"#);
    let text = text_to_sign(KEYS.app_key, KEYS.secret, "order.searchList", &param_json, "1700000000");
    assert_eq!(sign(KEYS.secret, &text), "21a5731aefe33083953ab750b952f0007c02d2c8a833db02f54fd58e8d3d9f3c");
    // The older MD5 form is not sent, but its vector proves the text that is signed a second time.
    let md5: String = Md5::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(md5, "2f98e60051be365a50f576ac967868a6");
}

#[test]
fn the_question_carries_its_signature_and_signs_the_body_it_sends() {
    let request = request(KEYS, "6917926768823643751", 1_700_000_000);
    assert_eq!(request.path, "/order/orderDetail");
    assert_eq!(request.body, r#"{"shop_order_id":"6917926768823643751"}"#);
    let value = |name| &request.query.iter().find(|(key, _)| *key == name).unwrap().1;
    let text = text_to_sign(KEYS.app_key, KEYS.secret, value("method"), &request.body, value("timestamp"));
    assert_eq!(*value("sign"), sign(KEYS.secret, &text));
    assert_eq!((value("method").as_str(), value("v").as_str()), ("order.orderDetail", "2"));
    assert_eq!(value("sign_method"), "hmac-sha256");
    assert!(!format!("{request:?}").contains("token"), "a secret is never shown");
}

fn answer() -> Value {
    json!({
        "code": 10000, "msg": "success", "log_id": "x",
        "data": {"shop_order_detail": {
            "order_id": "6917926768823643751", "order_status": 2, "main_status": 2,
            "create_time": 1790009640, "pay_time": 1790009650, "exp_ship_time": 1790182450,
            "pay_amount": 9990, "buyer_words": "请尽快", "seller_words": "",
            "post_receiver": "", "encrypt_post_receiver": "##name==##",
            "post_tel": "", "encrypt_post_tel": "$$tel==$1$$",
            "post_addr": {
                "province": {"name": "上海市", "id": "31"}, "city": {"name": "上海市", "id": "310100"},
                "town": {"name": "浦东新区", "id": "310115"}, "street": {"name": "花木街道", "id": "310115005"},
                "detail": "", "encrypt_detail": "##addr==##"
            },
            "sku_order_list": [
                {"order_id": "6917926768823643751", "order_status": 2, "code": "GIFT-A", "item_num": 1,
                 "product_name": "米油礼盒", "spec": [{"name": "规格", "value": "标准"}], "pay_amount": 9990},
                {"order_id": 6917926768823643752u64, "order_status": 2, "code": "MILLET2", "item_num": 2,
                 "product_name": "小米", "given_product_type": "FREE", "pay_amount": 0},
                {"order_id": "6917926768823643753", "order_status": 4, "code": "", "item_num": 0},
                {"order_id": "6917926768823643754", "order_status": 2, "code": "OIL5", "item_num": 1,
                 "after_sale_info": {"refund_status": 3}}
            ]
        }}
    })
}

fn read(answer: &Value) -> Result<IncomingOrder, NoOrder> {
    parse_answer(answer.to_string().as_bytes())
}

#[test]
fn an_answer_becomes_an_order_without_its_closed_and_refunded_parts() {
    let order = read(&answer()).unwrap();
    assert_eq!((order.order_no.as_str(), order.state), ("6917926768823643751", IncomingState::Paid));
    assert_eq!(order.paid_at_ms, Some(1_790_009_650_000));
    assert_eq!(order.ship_by_ms, Some(1_790_182_450_000));
    assert_eq!(order.receiver.trust(), ReceiverTrust::Ciphertext);
    assert_eq!(order.receiver.province, "上海", "as routing compares it");
    let lines: Vec<_> = order.lines.iter().map(|l| (l.merchant_code.as_str(), l.qty, l.gift)).collect();
    assert_eq!(lines, [("GIFT-A", 1, false), ("MILLET2", 2, true)]);
    assert_eq!(order.lines[1].sub_order_no, "6917926768823643752");
}

#[test]
fn a_decrypted_receiver_goes_before_the_ciphertext() {
    let mut answer = answer();
    let detail = &mut answer["data"]["shop_order_detail"];
    detail["post_receiver"] = "张三".into();
    detail["post_tel"] = "13800001234".into();
    detail["post_addr"]["detail"] = "花木路 88 号".into();
    assert_eq!(read(&answer).unwrap().receiver.trust(), ReceiverTrust::Plain);
}

#[test]
fn every_status_of_the_platform_is_one_of_ours() {
    for (order_status, main_status, state) in [
        (1, 1, IncomingState::Unpaid),
        (105, 105, IncomingState::Paid),
        (2, 2, IncomingState::Paid),
        (101, 101, IncomingState::Shipped),
        (3, 3, IncomingState::Shipped),
        (5, 5, IncomingState::Done),
        (4, 4, IncomingState::Closed),
        (2, 21, IncomingState::Closed),
        (3, 22, IncomingState::Closed),
    ] {
        let mut answer = answer();
        answer["data"]["shop_order_detail"]["order_status"] = order_status.into();
        answer["data"]["shop_order_detail"]["main_status"] = main_status.into();
        assert_eq!(read(&answer).unwrap().state, state, "{order_status} {main_status}");
    }
}

#[test]
fn an_order_with_nothing_left_in_it_is_closed() {
    let mut answer = answer();
    for sku_order in answer["data"]["shop_order_detail"]["sku_order_list"].as_array_mut().unwrap() {
        sku_order["order_status"] = 4.into();
    }
    let order = read(&answer).unwrap();
    assert_eq!((order.state, order.lines.len()), (IncomingState::Closed, 0));
}

#[test]
fn an_answer_without_an_order_says_why() {
    let refused = json!({"code": 50002, "msg": "业务处理失败", "sub_msg": "订单不存在", "data": null});
    assert_eq!(read(&refused), Err(NoOrder::Refused { code: 50002, message: "订单不存在".into() }));
    assert_eq!(parse_answer(b"<html>"), Err(NoOrder::Unreadable));
    assert_eq!(read(&json!({"code": 10000})), Err(NoOrder::Unreadable));
    for (field, value, why) in [
        ("order_status", json!(77), "its status is unknown"),
        ("encrypt_post_tel", json!(""), "its receiver is incomplete"),
    ] {
        let mut answer = answer();
        answer["data"]["shop_order_detail"][field] = value;
        let order_no = "6917926768823643751".to_owned();
        assert_eq!(read(&answer), Err(NoOrder::Unfit { order_no, why }));
    }
    for (field, value, why) in [
        ("item_num", json!(0), "a quantity is not 1 to 9999"),
        ("code", json!(""), "a product has no merchant code"),
    ] {
        let mut answer = answer();
        answer["data"]["shop_order_detail"]["sku_order_list"][0][field] = value;
        let order_no = "6917926768823643751".to_owned();
        assert_eq!(read(&answer), Err(NoOrder::Unfit { order_no, why }));
    }
}

#[test]
fn the_buyer_is_known_by_the_id_the_platform_gives_and_may_be_unknown() {
    let mut answer = answer();
    assert_eq!(read(&answer).unwrap().buyer, "");
    let long = format!("1@#{}", "ab+/ ".repeat(40));
    for (id, buyer) in [(json!(long), long.as_str()), (json!(7), "7"), (Value::Null, ""), (json!({}), "")] {
        answer["data"]["shop_order_detail"]["doudian_open_id"] = id;
        assert_eq!(read(&answer).unwrap().buyer, buyer);
    }
}
