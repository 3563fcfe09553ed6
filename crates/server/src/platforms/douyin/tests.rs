//! What is believed, what is understood, and what is not. The vector is of invented keys and the vendor's algorithm.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use super::*;
use proptest::prelude::*;

const APP_KEY: &str = "7000000000000000001";
const SECRET: &str = "00000000-aaaa-bbbb-cccc-111111111111";
const BODY: &str = r#"[{"tag":"101","msg_id":"1234567890:101:1700000000","data":"{\"p_id\":4800000000000000001,\"s_ids\":[4800000000000000002],\"shop_id\":1,\"order_status\":2,\"order_type\":0,\"biz\":2,\"pay_time\":1700000000,\"pay_type\":1,\"pay_amount\":9900}"}]"#;
const SIGN: &str = "5b43d0940562bc0624c114ff4c0fde22";

fn check(app_id: Option<&str>, sign: Option<&str>, body: &str) -> Result<(), Rejected> {
    verify(APP_KEY, SECRET, app_id, sign, body.as_bytes())
}

#[test]
fn a_signature_of_the_raw_body_is_accepted_in_either_case() {
    assert_eq!(check(Some(APP_KEY), Some(SIGN), BODY), Ok(()));
    assert_eq!(check(Some(APP_KEY), Some(&SIGN.to_uppercase()), BODY), Ok(()));
}

#[test]
fn a_forged_message_is_refused() {
    let forged = BODY.replace("9900", "1");
    assert_eq!(check(Some(APP_KEY), Some(SIGN), &forged), Err(Rejected::WrongSignature));
    let one_digit_off = SIGN.replace("22", "23");
    assert_eq!(check(Some(APP_KEY), Some(&one_digit_off), BODY), Err(Rejected::WrongSignature));
    assert_eq!(
        verify(APP_KEY, "another secret", Some(APP_KEY), Some(SIGN), BODY.as_bytes()),
        Err(Rejected::WrongSignature)
    );
}

#[test]
fn a_body_that_means_the_same_but_is_not_the_same_bytes_is_refused() {
    assert_eq!(check(Some(APP_KEY), Some(SIGN), &format!("{BODY}\n")), Err(Rejected::WrongSignature));
}

#[test]
fn a_truncated_message_is_refused_before_it_is_read() {
    for cut in [0, 1, BODY.len() / 2, BODY.len() - 1] {
        assert_eq!(check(Some(APP_KEY), Some(SIGN), &BODY[..cut]), Err(Rejected::WrongSignature), "{cut}");
        assert!(matches!(parse(&BODY.as_bytes()[..cut]), Err(Malformed::Body { .. })), "{cut}");
    }
}

#[test]
fn headers_that_are_absent_or_senseless_are_refused_by_name() {
    assert_eq!(check(None, Some(SIGN), BODY), Err(Rejected::WrongApp));
    assert_eq!(check(Some("7000000000000000002"), Some(SIGN), BODY), Err(Rejected::WrongApp));
    assert_eq!(check(Some(APP_KEY), None, BODY), Err(Rejected::NoSignature));
    for sign in ["", "5b43", "zz43d0940562bc0624c114ff4c0fde22", "5b43d0940562bc0624c114ff4c0fde2222"] {
        assert_eq!(check(Some(APP_KEY), Some(sign), BODY), Err(Rejected::NoSignature), "{sign}");
    }
}

#[test]
fn a_body_above_the_limit_is_refused_unread() {
    let large = "x".repeat(MAX_BODY_BYTES + 1);
    assert_eq!(check(Some(APP_KEY), Some(SIGN), &large), Err(Rejected::TooLarge));
}

#[test]
fn a_paid_order_is_read_from_the_json_inside_the_json() {
    let messages = parse(BODY.as_bytes()).unwrap();
    let order = OrderRef {
        shop_id: "1".into(),
        order_no: "4800000000000000001".into(),
        sub_order_nos: vec!["4800000000000000002".into()],
    };
    let event = Event::Paid { order, paid_at_ms: 1_700_000_000_000, paid_fen: 9_900 };
    let msg_id = "1234567890:101:1700000000".to_owned();
    assert_eq!(messages, [Message { msg_id, tag: "101".into(), event }]);
}

#[test]
fn ids_beyond_a_double_are_kept_exactly_as_numbers_and_as_text() {
    for id in ["6917926768823643751", "\\\"6917926768823643751\\\""] {
        let data = format!(r#"{{\"p_id\":{id},\"s_ids\":[{id}],\"shop_id\":1}}"#);
        let body = format!(r#"[{{"tag":100,"msg_id":9001,"data":"{data}"}}]"#);
        let messages = parse(body.as_bytes()).unwrap();
        let Event::Created(order) = &messages[0].event else { panic!("{messages:?}") };
        assert_eq!((order.order_no.as_str(), messages[0].msg_id.as_str()), ("6917926768823643751", "9001"));
        assert_eq!(order.sub_order_nos, ["6917926768823643751"]);
    }
}

#[test]
fn the_test_message_is_known_although_its_data_is_no_json() {
    let body = br#"[{"tag":"0","msg_id":"0","data":"2020-09-10T16:27:56.52842897+08:00"}]"#;
    assert_eq!(parse(body).unwrap()[0].event, Event::Test);
}

#[test]
fn cancelled_refunded_and_readdressed_orders_are_told_apart() {
    let body = br###"[
        {"tag":"106","msg_id":"a","data":"{\"p_id\":1,\"shop_id\":2,\"s_ids\":[1,3],\"cancel_reason\":\"\u4e0d\u60f3\u8981\u4e86\",\"cancel_time\":1700000001}"},
        {"tag":"206","msg_id":"b","data":"{\"p_id\":1,\"shop_id\":2,\"s_id\":3,\"aftersale_id\":4,\"refund_amount\":500,\"success_time\":1700000002}"},
        {"tag":"105","msg_id":"c","data":"{\"p_id\":1,\"shop_id\":2,\"receiver_msg\":{\"name\":\"##x\"}}"}
    ]"###;
    let order = |subs: &[&str]| OrderRef {
        shop_id: "2".into(),
        order_no: "1".into(),
        sub_order_nos: subs.iter().map(|no| (*no).to_owned()).collect(),
    };
    let events: Vec<Event> = parse(body).unwrap().into_iter().map(|message| message.event).collect();
    assert_eq!(
        events,
        [
            Event::Cancelled {
                order: order(&["1", "3"]),
                cancelled_at_ms: Some(1_700_000_001_000),
                reason: "不想要了".into(),
            },
            Event::Refunded {
                order: order(&["3"]),
                aftersale_id: "4".into(),
                refunded_at_ms: Some(1_700_000_002_000),
                refund_fen: 500,
            },
            Event::AddressChanged(order(&[])),
        ]
    );
}

#[test]
fn an_unknown_tag_is_kept_as_it_came() {
    let messages = parse(br#"[{"tag":"417","msg_id":"m","data":"{\"x\":1}"}]"#).unwrap();
    assert_eq!(messages[0].tag, "417");
    assert_eq!(messages[0].event, Event::Other { data: r#"{"x":1}"#.into() });
}

#[test]
fn a_known_tag_with_other_data_is_refused_by_its_message() {
    for data in [r#"{}"#, r#"{\"p_id\":1.5,\"shop_id\":1,\"pay_time\":1,\"pay_amount\":1}"#, "not json"] {
        let body = format!(r#"[{{"tag":"101","msg_id":"m","data":"{data}"}}]"#);
        let fault = Malformed::Data { msg_id: "m".into(), tag: "101".into() };
        assert_eq!(parse(body.as_bytes()), Err(fault), "{data}");
    }
    let negative = BODY.replace("9900", "-1");
    assert!(matches!(parse(negative.as_bytes()), Err(Malformed::Data { .. })));
}

#[test]
fn a_body_of_too_many_messages_is_refused() {
    let one = r#"{"tag":"0","msg_id":"0"}"#;
    let body = |count| format!("[{}]", vec![one; count].join(","));
    assert_eq!(parse(body(MAX_MESSAGES).as_bytes()).unwrap().len(), MAX_MESSAGES);
    assert_eq!(
        parse(body(MAX_MESSAGES + 1).as_bytes()),
        Err(Malformed::TooMany { messages: MAX_MESSAGES + 1 })
    );
}

#[test]
fn json_nested_without_end_is_refused_before_it_fills_the_stack() {
    let deep = format!(r#"[{{"tag":"0","msg_id":"0","data":{}1{}}}]"#, "[".repeat(5000), "]".repeat(5000));
    assert!(matches!(parse(deep.as_bytes()), Err(Malformed::Body { .. })));
}

#[test]
fn a_replayed_message_has_the_key_of_the_first_delivery() {
    let first = parse(BODY.as_bytes()).unwrap();
    let replay = parse(BODY.as_bytes()).unwrap();
    assert_eq!(first[0].dedupe_key(), replay[0].dedupe_key());
    assert_eq!(first[0].dedupe_key(), "douyin:101:1234567890:101:1700000000");
    let other = parse(BODY.replace(":101:1700000000", ":101:1700000001").as_bytes()).unwrap();
    assert_ne!(first[0].dedupe_key(), other[0].dedupe_key());
}

#[test]
fn a_message_of_long_ago_or_of_the_future_is_stale() {
    let paid = &parse(BODY.as_bytes()).unwrap()[0];
    let at = paid.happened_at_ms().unwrap();
    assert_eq!(paid.freshness(at), Freshness::Fresh);
    assert_eq!(paid.freshness(at + STALE_AFTER_MS), Freshness::Fresh);
    assert_eq!(paid.freshness(at + STALE_AFTER_MS + 1), Freshness::Stale);
    assert_eq!(paid.freshness(at - CLOCK_SKEW_MS), Freshness::Fresh);
    assert_eq!(paid.freshness(at - CLOCK_SKEW_MS - 1), Freshness::Stale);
    let test = &parse(br#"[{"tag":"0","msg_id":"0"}]"#).unwrap()[0];
    assert_eq!(test.freshness(at), Freshness::Timeless);
}

proptest! {
    #[test]
    fn no_bytes_make_the_message_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
        let _ = verify(APP_KEY, SECRET, Some(APP_KEY), std::str::from_utf8(&bytes).ok(), &bytes);
        let _ = order_detail::parse_answer(&bytes);
    }

    #[test]
    fn no_damaged_message_makes_the_reader_panic(at in 0..BODY.len(), byte in any::<u8>()) {
        let mut bytes = BODY.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = parse(&bytes);
    }
}
