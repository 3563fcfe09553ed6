//! Where orders go: by freight, by room in the day, by the prices of their campaign, and never to a closed door.

use std::collections::BTreeMap;

use liangcang_domain::unit::{EpochMs, Fen};
use liangcang_planner::allocation::{Prices, Rate};
use liangcang_server::campaign::{self, By, Plan};
use liangcang_server::database::query;
use liangcang_server::incoming::IncomingOrder;
use liangcang_server::intake::{Arrival, Cancelled, Outcome, Reason, take_orders};
use liangcang_server::jobs::prices::{self, Priced};
use liangcang_server::store::warehouse_day::set_open;
use serde_json::json;

use crate::shop::{NOW, Shop, Stock, company, order, to_province};

const BOTH: Stock<'static> = &[("SH", "RICE5", 9), ("GZ", "RICE5", 9)];
const BY: By<'static> = By { who: "office", at: NOW };
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

fn rice(no: &str, province: &str) -> IncomingOrder {
    to_province(order(no, &[("RICE5", 1)]), province)
}

/// A shop whose warehouses can send out so many orders a day.
async fn limited(stock: Stock<'_>, daily_orders: &[(&str, i64)]) -> Shop {
    let mut files = company(stock, 1_000);
    files.daily_orders = daily_orders.iter().map(|(id, orders)| ((*id).into(), *orders)).collect();
    Shop::of(&files).await
}

/// Takes orders one by one at a moment: where each goes and why, or why not.
async fn told_at(shop: &Shop, orders: &[IncomingOrder], now: EpochMs) -> Vec<String> {
    let group: Vec<Arrival<'_>> = orders.iter().map(Arrival::from).collect();
    let outcomes = take_orders(&shop.database, now, &group).await.unwrap();
    let mut told = Vec::new();
    for (order, outcome) in orders.iter().zip(outcomes) {
        told.push(match outcome {
            Outcome::Accepted { warehouse, .. } => {
                format!("{warehouse} {}", because(shop, &order.order_no).await)
            }
            Outcome::Refused(reason) => reason.code().to_owned(),
            other => format!("{other:?}"),
        });
    }
    told
}

async fn told(shop: &Shop, orders: &[IncomingOrder]) -> Vec<String> {
    told_at(shop, orders, NOW).await
}

async fn because(shop: &Shop, no: &str) -> String {
    let mut look = shop.database.look().await.unwrap();
    query("SELECT routed_because FROM orders WHERE no = $1").bind(no).scalar(&mut look).await.unwrap()
}

async fn open(shop: &Shop, warehouse: &str, open: bool) {
    let mut tx = shop.database.begin().await.unwrap();
    assert!(set_open(&mut tx, &warehouse.into(), open, ("office", NOW)).await.unwrap());
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_full_day_sends_orders_on_until_every_day_is_full() {
    let shop = limited(BOTH, &[("SH", 2), ("GZ", 1)]).await;
    let orders = ["1", "2", "3", "4"].map(|no| rice(no, "上海"));
    let said = told(&shop, &orders).await;
    assert_eq!(said, ["SH cheapest", "SH cheapest", "GZ displaced:capacity:SH", "no_capacity"]);
    assert_eq!(shop.pool("GZ", "RICE5").await.held, 1);
    let tomorrow = EpochMs(NOW.0 + DAY_MS);
    assert_eq!(told_at(&shop, &[rice("5", "上海")], tomorrow).await, ["SH cheapest"]);
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_day_is_counted_over_groups_and_an_order_taken_back_today_makes_room() {
    let shop = limited(BOTH, &[("SH", 1)]).await;
    assert_eq!(told(&shop, &[rice("1", "上海")]).await, ["SH cheapest"]);
    assert_eq!(told(&shop, &[rice("2", "上海")]).await, ["GZ displaced:capacity:SH"]);
    assert_eq!(shop.cancel("1").await, Cancelled::Done);
    assert_eq!(told(&shop, &[rice("3", "上海")]).await, ["SH cheapest"]);
    assert_eq!(shop.count("SELECT orders FROM warehouse_day WHERE warehouse = 'SH'").await, 1);
}

#[tokio::test]
async fn an_order_of_yesterday_that_is_taken_back_makes_no_room_today() {
    let shop = limited(BOTH, &[("SH", 1)]).await;
    told_at(&shop, &[rice("1", "上海")], EpochMs(NOW.0 - DAY_MS)).await;
    told(&shop, &[rice("2", "上海")]).await;
    assert_eq!(shop.cancel("1").await, Cancelled::Done);
    assert_eq!(told(&shop, &[rice("3", "上海")]).await, ["GZ displaced:capacity:SH"]);
}

#[tokio::test]
async fn a_closed_warehouse_gets_no_order_until_it_opens_again() {
    let shop = Shop::with(BOTH).await;
    open(&shop, "SH", false).await;
    assert_eq!(told(&shop, &[rice("1", "上海")]).await, ["GZ displaced:closed:SH"]);
    open(&shop, "GZ", false).await;
    let closed = shop.take(&[rice("2", "上海")]).await;
    assert_eq!(closed, [Outcome::Refused(Reason::NoWarehouse)]);
    open(&shop, "SH", true).await;
    assert_eq!(told(&shop, &[rice("3", "上海")]).await, ["SH cheapest"]);
    let mut tx = shop.database.begin().await.unwrap();
    assert!(!set_open(&mut tx, &"BJ".into(), false, ("office", NOW)).await.unwrap(), "there is no Beijing");
}

#[tokio::test]
async fn orders_go_where_the_companys_own_freight_is_lowest_and_by_the_rule_where_it_tells_none() {
    let mut files = company(BOTH, 1_000);
    let rate = |fen| Rate { first_kg_fen: Fen(fen), further_kg_fen: Fen(10) };
    let lane = |warehouse: &str, province: &str| (warehouse.into(), province.to_owned());
    files.freight = [(lane("GZ", "上海"), rate(100)), (lane("SH", "西藏"), rate(5_000))].into();
    let shop = Shop::of(&files).await;
    let orders = [rice("1", "上海"), rice("2", "广东"), rice("3", "西藏"), rice("4", "青海")];
    assert_eq!(told(&shop, &orders).await, ["GZ cheapest", "GZ cheapest", "GZ cheapest", "GZ cheapest"]);
    files.freight = [(lane("GZ", ""), rate(3_000))].into();
    let mut tx = shop.database.begin().await.unwrap();
    liangcang_server::store::company::import(&mut tx, &files).await.unwrap();
    tx.commit().await.unwrap();
    let orders = [rice("5", "广东"), rice("6", "火星")];
    assert_eq!(
        told(&shop, &orders).await,
        ["SH cheapest", "SH cheapest"],
        "nothing of the old rates is left"
    );
}

/// A show that sells rice, all of it set aside, armed.
async fn show(shop: &Shop, stock: Stock<'_>, expected: i64) {
    let set_aside = stock.iter().map(|(at, sku, qty)| json!({ "warehouse": at, "sku": sku, "qty": qty }));
    let plan: Plan = serde_json::from_value(json!({
        "id": "show", "name": "show", "host": "", "starts_at": NOW.0, "ends_at": NOW.0 + DAY_MS, "unpaid_ms": 60_000,
        "offers": [{ "code": "RICE5", "price_fen": 100, "expected": expected }],
        "set_aside": set_aside.collect::<Vec<_>>(),
    }))
    .unwrap();
    campaign::plan(&shop.database, &plan, BY).await.unwrap();
    campaign::arm(&shop.database, "show", BY).await.unwrap();
}

async fn prices_of(shop: &Shop) -> Prices {
    serde_json::from_str(&shop.text("SELECT prices FROM campaign WHERE id = 'show'").await).unwrap()
}

#[tokio::test]
async fn a_campaign_is_priced_when_it_is_armed_and_again_only_when_its_stock_moved() {
    let stock: Stock<'_> = &[("SH", "RICE5", 300), ("GZ", "RICE5", 900)];
    let shop = Shop::with(stock).await;
    let mut priced = Priced::default();
    assert_eq!(prices::price(&shop.database, &mut priced, NOW).await.unwrap(), 0, "nothing is on sale");
    show(&shop, stock, 1_000).await;
    assert_eq!(prices::price(&shop.database, &mut priced, NOW).await.unwrap(), 1);
    assert_eq!(prices::price(&shop.database, &mut priced, NOW).await.unwrap(), 0, "nothing moved");
    let first = prices_of(&shop).await;
    let worth =
        |prices: &Prices, at: &str| prices.stock_mfen.get(&at.into()).map(|skus| skus[&"RICE5".into()]);
    // Shanghai's freight is the rule's everywhere but at home, so its rice is worth what a detour from home costs or
    // nothing; Guangzhou has more than is expected.
    assert_eq!(worth(&first, "GZ"), None, "{first:?}");

    campaign::start(&shop.database, "show", BY).await.unwrap();
    let mut named = rice("1", "上海");
    named.campaign = Some("show".into());
    assert_eq!(told(&shop, &[named]).await, ["SH cheapest"]);
    assert_eq!(prices::price(&shop.database, &mut priced, NOW).await.unwrap(), 1);
    campaign::close(&shop.database, "show", BY).await.unwrap();
    assert_eq!(prices::price(&shop.database, &mut priced, NOW).await.unwrap(), 0);
}

#[tokio::test]
async fn orders_of_a_campaign_leave_scarce_stock_to_those_that_need_it_more() {
    let stock: Stock<'_> = &[("SH", "RICE5", 200), ("GZ", "RICE5", 900)];
    let mut files = company(stock, 1_000);
    let rate = |fen| Rate { first_kg_fen: Fen(fen), further_kg_fen: Fen(0) };
    let told_freight = [("SH", "上海", 500), ("GZ", "上海", 2_000), ("SH", "江苏", 500), ("GZ", "江苏", 600)];
    let lane = |(at, province, fen): (&str, &str, i64)| (((at).into(), province.to_owned()), rate(fen));
    files.freight = told_freight.into_iter().map(lane).collect();
    let shop = Shop::of(&files).await;
    // The company has sold to these two provinces so far: half of what is expected goes to each.
    let before: Vec<IncomingOrder> =
        (0..200).map(|n| rice(&format!("b{n}"), if n % 2 == 0 { "上海" } else { "江苏" })).collect();
    shop.take(&before).await;
    for n in 0..200 {
        assert_eq!(shop.cancel(&format!("b{n}")).await, Cancelled::Done);
    }
    show(&shop, stock, 400).await;
    let mut priced = Priced::default();
    prices::price(&shop.database, &mut priced, NOW).await.unwrap();
    campaign::start(&shop.database, "show", BY).await.unwrap();
    let of_show = |no: &str, province: &str| {
        let mut order = rice(no, province);
        order.campaign = Some("show".into());
        order
    };
    let said = told(&shop, &[of_show("1", "江苏"), of_show("2", "上海")]).await;
    assert_eq!(said, ["GZ displaced:kept:SH", "SH cheapest"], "{:?}", prices_of(&shop).await);
    let daily =
        BTreeMap::from([("daily", shop.text("SELECT prices FROM campaign WHERE id = 'daily'").await)]);
    assert_eq!(daily["daily"], "", "the daily sale follows freight alone");
}
