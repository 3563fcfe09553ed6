//! Risk rules, proved by tables: what an order looked like, and which rules it hit.
//!
//! An order is written in words: `address 5` (orders before to its door), `phone`, `buyer`, `device`, `window`,
//! `refunds`, `blocked phone`, `paid 56.70 of 56.70`, `at TEXT` (its address, last). Leaves out who counts.

#![expect(clippy::expect_used, reason = "a test may fail by panicking")]

use liangcang_domain::address::Regions;
use liangcang_domain::risk::{Asked, Blocked, Burst, Hit, RuleName, Rules, Seen, judge};
use liangcang_domain::unit::Fen;

const GOOD: &str = "浙江省杭州市余杭区文一西路969号";

fn fen(yuan: &str) -> Fen {
    Fen(yuan.replace('.', "").parse().expect("an amount with two decimals"))
}

fn judged(rules: &Rules, words: &str) -> Vec<Hit> {
    let (words, text) = words.split_once("at ").unwrap_or((words, GOOD));
    let mut seen = Seen::default();
    let (mut paid_fen, mut expected_fen) = (Fen(5_670), Fen(5_670));
    let mut words = words.split_whitespace();
    while let Some(what) = words.next() {
        let value = words.next().expect("a value");
        let orders = || value.parse().expect("a number of orders");
        match what {
            "address" => seen.by_address = orders(),
            "phone" => seen.by_phone = orders(),
            "buyer" => seen.by_buyer = orders(),
            "device" => seen.by_device = orders(),
            "window" => seen.in_window = orders(),
            "refunds" => seen.refunds_of_buyer = orders(),
            "blocked" => seen.blocked = Some(Blocked::parse(value).expect("something that can be blocked")),
            "paid" => paid_fen = fen(value),
            "of" => expected_fen = fen(value),
            _ => panic!("no order has that: {what}"),
        }
    }
    let address = Regions::built_in().read(text);
    judge(rules, &Asked { address: &address, paid_fen, expected_fen }, &seen)
}

fn play(rules: &Rules, table: &str, say: impl Fn(&Hit) -> String) {
    let mut wrong = String::new();
    for row in table.lines().map(str::trim).filter(|row| !row.is_empty()) {
        let (order, written) = row.split_once('|').expect("an order and its hits");
        let hits: Vec<String> = judged(rules, order.trim()).iter().map(&say).collect();
        let hits = if hits.is_empty() { "-".to_owned() } else { hits.join("; ") };
        if hits != written.trim() {
            wrong.push_str(&format!("{}| {hits}\n", order));
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

#[test]
fn an_order_hits_each_rule_from_the_first_figure_over_its_threshold() {
    play(
        &Rules::default(),
        "
        address 0                    | -
        address 9                    | -
        address 10                   | too_many_to_address: 第 11 单寄到同一地址，上限 10
        phone 4                      | -
        phone 5                      | too_many_by_phone: 第 6 单用同一电话，上限 5
        buyer 4                      | -
        buyer 5                      | too_many_by_buyer: 第 6 单来自同一买家，上限 5
        device 4                     | -
        device 5                     | too_many_by_device: 第 6 单来自同一设备，上限 5
        window 2                     | -
        window 3                     | burst_velocity: 10 秒内第 4 单，上限 3
        refunds 2                    | -
        refunds 3                    | refund_rebuy: 已退款 3 次后又下单，上限 2
        blocked phone                | blocklisted: 电话在黑名单上
        blocked address              | blocklisted: 地址在黑名单上
        blocked buyer                | blocklisted: 买家在黑名单上
        blocked device               | blocklisted: 设备在黑名单上
        paid 56.70 of 56.70          | -
        paid 56.69 of 56.70          | amount_mismatch: 实付 56.69 元，应付 56.70 元
        paid 56.71 of 56.70          | amount_mismatch: 实付 56.71 元，应付 56.70 元
        paid 0.01 of 170.10          | amount_mismatch: 实付 0.01 元，应付 170.10 元
        at 杭州市浦东新区花木路1号   | conflicting_address: 浦东新区在上海市，不在杭州市
        at 浙江省杭州市余杭区        | vague_address: 没有街道、小区或村
        address 4294967295           | too_many_to_address: 第 4294967295 单寄到同一地址，上限 10
    ",
        |hit| format!("{}: {}", hit.rule.as_str(), hit.zh()),
    );
}

#[test]
fn every_hit_is_listed_in_the_fixed_order() {
    play(
        &Rules::default(),
        "
        window 3 device 5 buyer 5 phone 5 address 10 refunds 3 paid 1.00 of 2.00 blocked buyer at 杭州 | blocklisted; vague_address; amount_mismatch; refund_rebuy; too_many_to_address; too_many_by_phone; too_many_by_buyer; too_many_by_device; burst_velocity
        phone 5 at 杭州市浦东新区花木路1号                                                            | conflicting_address; too_many_by_phone
    ",
        |hit| hit.rule.as_str().to_owned(),
    );
}

#[test]
fn the_office_reads_a_hit_in_english_too() {
    play(
        &Rules::default(),
        "
        address 10                 | order 11 to this address, limit 10
        device 5                   | order 6 from this device, limit 5
        window 3                   | order 4 within 10 s, limit 3
        refunds 3                  | buys again after 3 refunds, limit 2
        blocked phone              | the phone is on the blocklist
        paid 1.05 of 56.70         | paid 1.05 yuan, expected 56.70
        at 杭州市浦东新区花木路1号 | 浦东新区 lies in 上海市, not in 杭州市
    ",
        Hit::en,
    );
}

#[test]
fn thresholds_and_switches_come_from_data() {
    let rules: Rules = serde_json::from_str(
        r#"{
            "too_many_to_address": {"on": true, "orders_max": 1},
            "too_many_by_phone": {"on": false, "orders_max": 0},
            "amount_mismatch": {"on": true, "tolerance_fen": 100},
            "vague_address": {"on": false},
            "blocklisted": {"on": false}
        }"#,
    )
    .expect("rules as the console writes them");
    play(
        &rules,
        "
        address 1                         | too_many_to_address
        phone 99                          | -
        paid 55.70 of 56.70               | -
        paid 55.69 of 56.70               | amount_mismatch
        blocked phone at 浙江省杭州市余杭区 | -
    ",
        |hit| hit.rule.as_str().to_owned(),
    );
}

#[test]
fn a_rule_that_is_off_is_never_hit() {
    let mut rules = Rules::default();
    rules.blocklisted.on = false;
    rules.conflicting_address.on = false;
    rules.vague_address.on = false;
    rules.amount_mismatch.on = false;
    rules.refund_rebuy.on = false;
    for limit in [
        &mut rules.too_many_to_address,
        &mut rules.too_many_by_phone,
        &mut rules.too_many_by_buyer,
        &mut rules.too_many_by_device,
    ] {
        limit.on = false;
    }
    rules.burst_velocity = Burst { on: false, ..rules.burst_velocity };
    let worst = "window 99 device 99 buyer 99 phone 99 address 99 refunds 99 paid 1.00 of 2.00 blocked buyer";
    let conflict = format!("{worst} at 杭州市浦东新区花木路1号");
    let vague = format!("{worst} at 杭州");
    assert_eq!(judged(&rules, &conflict), []);
    assert_eq!(judged(&rules, &vague), []);
    let all_but_vague = judged(&Rules::default(), &conflict).len();
    assert_eq!(all_but_vague, RuleName::ALL.len() - 1);
}
