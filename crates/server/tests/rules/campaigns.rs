//! Campaigns: what is set aside, what is sold of it, what goes back, and every bad plan by its fault.

use std::fmt::Write;

use liangcang_domain::risk::Rules;
use liangcang_domain::unit::EpochMs;
use liangcang_server::campaign::{
    self, By, Limits, Looks, OfferPlan, Plan, ProvinceQuota, Refused, SetAside, StockChange,
};
use liangcang_server::database::query;
use liangcang_server::incoming::IncomingOrder;
use liangcang_server::intake::{Arrival, take_orders};

use crate::shop::{NOW, Pool, Shop, order, packed, scanned_out, to_province};

const ANNA: By<'static> = By { who: "anna", at: NOW };
const STOCK: &[(&str, &str, i64)] = &[("GZ", "RICE5", 5), ("SH", "OIL5", 10), ("SH", "RICE5", 20)];

/// A show that sells rice and the gift, on now.
pub fn show(set_aside: &[(&str, &str, &str, i64)]) -> Plan {
    let row = |(warehouse, sku, channel, qty): &(&str, &str, &str, i64)| SetAside {
        warehouse: (*warehouse).into(),
        sku: (*sku).into(),
        channel: (*channel).into(),
        qty: *qty,
    };
    let offer = |code: &str, price_fen, expected| OfferPlan { code: code.into(), price_fen, expected };
    Plan {
        id: "double-11".into(),
        name: "双十一".into(),
        host: "小王".into(),
        channel: String::new(),
        starts_at: NOW.0 - 60_000,
        ends_at: NOW.0 + 3_600_000,
        split_allowed: false,
        buyer_limit: 0,
        address_limit: 0,
        unpaid_ms: 900_000,
        rules: Rules::default(),
        offers: vec![offer("RICE5", 100, 10), offer("GIFT-A", 100, 10)],
        set_aside: set_aside.iter().map(row).collect(),
        province_quotas: Vec::new(),
    }
}

pub async fn live(shop: &Shop, plan: &Plan) {
    campaign::plan(&shop.database, plan, ANNA).await.unwrap();
    campaign::arm(&shop.database, &plan.id, ANNA).await.unwrap();
    campaign::start(&shop.database, &plan.id, ANNA).await.unwrap();
}

pub fn sold(no: &str, lines: &[(&str, u32)]) -> IncomingOrder {
    let paid_fen = lines.iter().map(|(_, qty)| 100 * i64::from(*qty)).sum();
    IncomingOrder { campaign: Some("double-11".into()), paid_fen, ..order(no, lines) }
}

fn change(warehouse: &str, sku: &str, channel: &str, by: i64) -> StockChange {
    StockChange { warehouse: warehouse.into(), sku: sku.into(), channel: channel.into(), by }
}

fn refused(done: Result<(), Refused>) -> String {
    let refused = done.unwrap_err();
    assert!(!matches!(refused, Refused::Failed(_)), "{refused:?}");
    format!("{}: {refused}", refused.code())
}

/// The books as a table: set aside = available + held + settled.
pub async fn books(shop: &Shop) -> String {
    let mut look = shop.database.look().await.unwrap();
    let ledger = campaign::ledger(&mut look, "double-11").await.unwrap().unwrap();
    let mut table = String::new();
    for row in &ledger.rows {
        let channel = if row.channel.is_empty() { "*" } else { &row.channel };
        let (warehouse, sku) = (&row.warehouse, &row.sku);
        let (all, free, held, gone) = (row.set_aside, row.available, row.held, row.settled);
        assert_eq!(all, free + held + gone);
        writeln!(table, "{warehouse} {sku} {channel}: {all} = {free} + {held} + {gone}").unwrap();
        for it in &row.by_province {
            writeln!(table, "  {} {} + {}", it.province, it.held, it.settled).unwrap();
        }
    }
    for difference in &ledger.differences {
        writeln!(table, "! {difference}").unwrap();
    }
    assert_eq!(ledger.balanced, ledger.differences.is_empty());
    table
}

async fn sellable(shop: &Shop) -> String {
    let mut look = shop.database.look().await.unwrap();
    let channels = campaign::sellable(&mut look, "double-11").await.unwrap().unwrap();
    let line = |(channel, offers): (String, Vec<campaign::Sellable>)| {
        let offers: Vec<String> = offers.iter().map(|it| format!("{}={}", it.code, it.qty)).collect();
        format!("{channel}: {}", offers.join(" "))
    };
    channels.into_iter().map(line).collect::<Vec<_>>().join("; ")
}

fn pool(on_hand: i64, held: i64, shipped: i64) -> Pool {
    Pool { on_hand, held, shipped, owed: 0 }
}

#[tokio::test]
async fn a_planned_campaign_holds_nothing_and_an_armed_one_all_it_wants() {
    let shop = Shop::with(STOCK).await;
    let plan = show(&[("SH", "RICE5", "", 12), ("SH", "RICE5", "douyin", 3), ("SH", "OIL5", "", 4)]);
    campaign::plan(&shop.database, &plan, ANNA).await.unwrap();
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 0, 0));
    assert_eq!((books(&shop).await.as_str(), sellable(&shop).await.as_str()), ("", ": GIFT-A=0 RICE5=0"));
    shop.assert_clean().await;
    campaign::arm(&shop.database, &plan.id, ANNA).await.unwrap();
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 15, 0));
    assert_eq!(shop.pool("SH", "OIL5").await, pool(10, 4, 0));
    assert_eq!(
        books(&shop).await,
        "SH OIL5 *: 4 = 4 + 0 + 0\nSH RICE5 *: 12 = 12 + 0 + 0\nSH RICE5 douyin: 3 = 3 + 0 + 0\n"
    );
    assert_eq!(sellable(&shop).await, "douyin: GIFT-A=4 RICE5=11");
    shop.assert_clean().await;
}

#[tokio::test]
async fn arming_beyond_the_pools_names_every_row_that_is_short_and_holds_nothing() {
    let shop = Shop::with(STOCK).await;
    let plan = show(&[
        ("GZ", "OIL5", "", 1),
        ("SH", "RICE5", "", 12),
        ("SH", "RICE5", "douyin", 9),
        ("SH", "OIL5", "", 4),
    ]);
    campaign::plan(&shop.database, &plan, ANNA).await.unwrap();
    assert_eq!(
        refused(campaign::arm(&shop.database, &plan.id, ANNA).await),
        "not_enough_stock: not enough free stock: GZ OIL5 asked 1 free 0, SH RICE5 asked 21 free 20; \
         lower the plan or bring stock in"
    );
    assert_eq!(shop.pool("SH", "OIL5").await, pool(10, 0, 0));
    assert_eq!((books(&shop).await.as_str(), shop.count("SELECT COUNT(*) FROM quota").await), ("", 0));
    shop.assert_clean().await;
    let less = show(&[("SH", "RICE5", "", 20)]);
    campaign::replan(&shop.database, &less, ANNA).await.unwrap();
    campaign::arm(&shop.database, &plan.id, ANNA).await.unwrap();
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 20, 0));
}

#[tokio::test]
async fn what_a_campaign_sets_aside_is_not_sold_by_the_standing_sale() {
    let shop = Shop::with(&[("SH", "RICE5", 10)]).await;
    live(&shop, &show(&[("SH", "RICE5", "", 9)])).await;
    let daily = |no: &str| IncomingOrder { campaign: Some("daily".into()), ..order(no, &[("RICE5", 1)]) };
    let outcomes = shop.take(&[daily("1"), daily("2")]).await;
    assert_eq!(outcomes.iter().map(|it| it.is_refused()).collect::<Vec<_>>(), [false, true]);
    assert!(!shop.take(&[sold("3", &[("RICE5", 9)])]).await[0].is_refused());
    assert_eq!(shop.pool("SH", "RICE5").await, pool(10, 10, 0));
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_books_follow_an_order_from_its_hold_to_the_truck_and_name_what_does_not_fit() {
    let shop = Shop::with(STOCK).await;
    live(&shop, &show(&[("SH", "OIL5", "", 5), ("SH", "RICE5", "", 10), ("SH", "RICE5", "douyin", 2)])).await;
    let orders = [
        sold("1", &[("RICE5", 2)]),
        sold("2", &[("GIFT-A", 2)]),
        to_province(sold("3", &[("RICE5", 1)]), "江苏省"),
        sold("4", &[("RICE5", 1)]),
    ];
    assert!(shop.take(&orders).await.iter().all(|it| !it.is_refused()));
    shop.cancel("4").await;
    let (station, _) = shop.station("SH").await;
    let (waybill, units) = (shop.waybill("1").await, [("RICE5", 2)]);
    shop.send(&station, 1, &[packed("1", &waybill, &units), scanned_out("1", &waybill, &units)])
        .await
        .unwrap();
    assert_eq!(
        books(&shop).await,
        "SH OIL5 *: 5 = 3 + 2 + 0\n  上海 2 + 0\n\
         SH RICE5 *: 10 = 7 + 3 + 0\n  上海 2 + 0\n  江苏 1 + 0\n\
         SH RICE5 douyin: 2 = 0 + 0 + 2\n  上海 0 + 2\n"
    );
    assert_eq!(shop.pool("SH", "RICE5").await, pool(18, 10, 2));
    shop.assert_clean().await;
    let mut tx = shop.database.begin().await.unwrap();
    let wrong = "UPDATE quota SET held = held + 1 WHERE sku = 'OIL5'";
    query(wrong).execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let books = books(&shop).await;
    let difference = "! OIL5 at SH for channel \"\": 3 units are held, its orders say 2\n";
    assert!(books.ends_with(difference), "{books}");
}

#[tokio::test]
async fn closing_gives_back_what_nobody_holds_and_closing_again_changes_nothing() {
    let shop = Shop::with(STOCK).await;
    live(&shop, &show(&[("SH", "OIL5", "", 5), ("SH", "RICE5", "", 10), ("SH", "RICE5", "douyin", 4)])).await;
    shop.take(&[sold("1", &[("RICE5", 3)]), sold("2", &[("GIFT-A", 2)])]).await;
    campaign::close(&shop.database, "double-11", ANNA).await.unwrap();
    let closed = "SH OIL5 *: 2 = 0 + 2 + 0\n  上海 2 + 0\n\
                  SH RICE5 *: 2 = 0 + 2 + 0\n  上海 2 + 0\n\
                  SH RICE5 douyin: 3 = 0 + 3 + 0\n  上海 3 + 0\n";
    assert_eq!(books(&shop).await, closed);
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 5, 0));
    assert_eq!(sellable(&shop).await, "douyin: GIFT-A=0 RICE5=0");
    campaign::close(&shop.database, "double-11", ANNA).await.unwrap();
    assert_eq!(books(&shop).await, closed);
    assert_eq!(shop.count("SELECT COUNT(*) FROM campaign_act WHERE act = 'closed'").await, 1);
    assert!(shop.take(&[sold("3", &[("RICE5", 1)])]).await[0].is_refused());
    // What a closed campaign's order lets go of is everybody's.
    shop.cancel("1").await;
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 2, 0));
    shop.assert_clean().await;
}

#[tokio::test]
async fn stock_is_topped_up_and_drawn_down_whole_or_not_at_all() {
    let shop = Shop::with(STOCK).await;
    live(&shop, &show(&[("SH", "RICE5", "", 10), ("SH", "OIL5", "", 3)])).await;
    shop.take(&[sold("1", &[("RICE5", 4)])]).await;
    let set = async |changes: &[StockChange]| {
        campaign::change_stock(&shop.database, "double-11", changes, ANNA).await
    };
    set(&[change("SH", "RICE5", "", -6), change("GZ", "RICE5", "", 5), change("SH", "OIL5", "jd", 1)])
        .await
        .unwrap();
    let books_then = "GZ RICE5 *: 5 = 5 + 0 + 0\n\
                      SH OIL5 *: 3 = 3 + 0 + 0\n\
                      SH OIL5 jd: 1 = 1 + 0 + 0\n\
                      SH RICE5 *: 4 = 0 + 4 + 0\n  上海 4 + 0\n";
    assert_eq!(books(&shop).await, books_then);
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 4, 0));
    for (changes, sentence) in [
        (
            vec![change("SH", "RICE5", "", -1), change("GZ", "RICE5", "", -5), change("GZ", "OIL5", "", -1)],
            "stock_in_use: GZ OIL5: 1 units cannot be taken, 0 are available; \
             SH RICE5: 1 units cannot be taken, 0 are available; draw down no more than is available",
        ),
        (
            vec![change("SH", "RICE5", "jd", 17), change("SH", "OIL5", "", -3), change("GZ", "RICE5", "", 1)],
            "not_enough_stock: not enough free stock: GZ RICE5 asked 1 free 0, SH RICE5 asked 17 free 16; \
             lower the plan or bring stock in",
        ),
        (vec![], "unfit: there are no changes: name at least one"),
        (
            vec![
                change("SH", "OIL5", "", 0),
                change("SH", "OIL5", "", i64::MIN),
                change("XX", "SOAP", "", 1),
            ],
            "unfit: SH OIL5: a change by 0 units is none, or too large; SH OIL5 is changed twice: add the two up; \
             SH OIL5: a change by -9223372036854775808 units is none, or too large; \
             XX SOAP: there is no warehouse \"XX\"; \
             XX SOAP: there is no SKU \"SOAP\" (of a bundle, set its components aside)",
        ),
    ] {
        assert_eq!(refused(set(&changes).await), sentence);
        assert_eq!(books(&shop).await, books_then, "{sentence}");
    }
    // From one channel to another nothing of the pool moves, though it has nothing free.
    set(&[change("GZ", "RICE5", "", -2), change("GZ", "RICE5", "jd", 2)]).await.unwrap();
    assert_eq!(shop.pool("GZ", "RICE5").await, pool(5, 5, 0));
    shop.assert_clean().await;
}

#[tokio::test]
async fn each_act_is_done_in_its_state_alone_and_is_written_down_with_who_did_it() {
    let shop = Shop::with(STOCK).await;
    let plan = show(&[("SH", "RICE5", "", 1)]);
    let limits = Limits { buyer_limit: 2, address_limit: 0, province_quotas: Vec::new() };
    let (database, id) = (&shop.database, plan.id.as_str());
    let act = async |word: &str| match word {
        "plan" => campaign::plan(database, &plan, ANNA).await,
        "replan" => campaign::replan(database, &plan, ANNA).await,
        "arm" => campaign::arm(database, id, ANNA).await,
        "start" => campaign::start(database, id, ANNA).await,
        "stock" => campaign::change_stock(database, id, &[change("SH", "RICE5", "", 1)], ANNA).await,
        "rules" => campaign::set_rules(database, id, &Rules::default(), ANNA).await,
        "limits" => campaign::set_limits(database, id, &limits, ANNA).await,
        _ => campaign::close(database, id, ANNA).await,
    };
    let mut told = String::new();
    for word in
        "replan arm plan plan replan stock start limits arm replan arm start stock start arm replan rules \
                 close arm start stock rules limits replan close"
            .split(' ')
    {
        let outcome = act(word).await.map_or_else(|refused| refused.to_string(), |()| "done".into());
        writeln!(told, "{word}: {outcome}").unwrap();
    }
    assert_eq!(
        told,
        "replan: there is no campaign double-11: plan it first
arm: there is no campaign double-11: plan it first
plan: done
plan: there is a campaign double-11 already: choose another id, or change that one
replan: done
stock: campaign double-11 is planned: it cannot be topped up or drawn down now; change the plan itself
start: campaign double-11 is planned: it cannot be started now; arm it first
limits: done
arm: done
replan: campaign double-11 is armed: it cannot be planned anew now; change its stock, its rules or its limits
arm: campaign double-11 is armed: it cannot be armed now; its stock is set aside, start it
start: done
stock: done
start: campaign double-11 is live: it cannot be started now; it is taking orders
arm: campaign double-11 is live: it cannot be armed now; it is taking orders
replan: campaign double-11 is live: it cannot be planned anew now; change its stock, its rules or its limits
rules: done
close: done
arm: campaign double-11 is closed: it cannot be armed now; plan another
start: campaign double-11 is closed: it cannot be started now; plan another
stock: campaign double-11 is closed: it cannot be topped up or drawn down now; plan another
rules: campaign double-11 is closed: it cannot be given other risk rules now; plan another
limits: campaign double-11 is closed: it cannot be given other limits now; plan another
replan: campaign double-11 is closed: it cannot be planned anew now; plan another
close: done
"
    );
    let mut look = database.look().await.unwrap();
    let story = campaign::story(&mut look, id).await.unwrap().unwrap();
    let acts: Vec<String> = story.acts.iter().map(|it| format!("{} {} {}", it.seq, it.act, it.who)).collect();
    assert_eq!(
        acts,
        "1 planned anna,2 replanned anna,3 limits_set anna,4 armed anna,5 started anna,6 stock_changed anna,\
         7 rules_set anna,8 closed anna"
            .split(',')
            .collect::<Vec<_>>()
    );
    assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 0, 0));
}

#[tokio::test]
async fn a_planned_or_an_armed_campaign_may_be_closed_and_leaves_nothing_held() {
    for armed in [false, true] {
        let shop = Shop::with(STOCK).await;
        let plan = show(&[("SH", "RICE5", "", 7)]);
        campaign::plan(&shop.database, &plan, ANNA).await.unwrap();
        if armed {
            campaign::arm(&shop.database, &plan.id, ANNA).await.unwrap();
        }
        campaign::close(&shop.database, &plan.id, ANNA).await.unwrap();
        assert_eq!(shop.pool("SH", "RICE5").await, pool(20, 0, 0));
        shop.assert_clean().await;
    }
}

#[tokio::test]
async fn every_fault_of_a_plan_is_named_and_nothing_is_written() {
    let shop = Shop::with(STOCK).await;
    let good = || show(&[("SH", "RICE5", "", 1)]);
    let with = |spoil: fn(&mut Plan)| {
        let mut plan = good();
        spoil(&mut plan);
        plan
    };
    let row = |plan: &Plan| plan.set_aside[0].clone();
    for (plan, fault) in [
        (with(|it| it.id = "daily".into()), "daily is the standing sale, always on: it is never planned"),
        (with(|it| it.id = "Double".into()), "an id is 1 to 40 of a-z, 0-9 and -"),
        (with(|it| it.id = "a".repeat(41)), "an id is 1 to 40"),
        (with(|it| it.name = " ".into()), "the name is empty"),
        (with(|it| it.name = "名".repeat(81)), "the name has at most 80 characters"),
        (with(|it| it.host = "a\nb".into()), "the host has at most 80 characters, on one line"),
        (with(|it| it.channel = "c".repeat(41)), "the channel has at most 40 characters"),
        (with(|it| it.ends_at = it.starts_at - 1), "it ends before it starts"),
        (with(|it| it.starts_at = -1), "starts_at and ends_at are milliseconds since 1970"),
        (with(|it| it.ends_at = i64::MAX), "starts_at and ends_at are milliseconds since 1970"),
        (with(|it| it.unpaid_ms = 0), "unpaid_ms is between"),
        (with(|it| it.buyer_limit = -1), "buyer_limit and address_limit are between 0 (none) and"),
        (with(|it| it.offers.clear()), "a campaign has 1 to 500 offers"),
        (with(|it| it.offers[0].code = "SOAP".into()), "offer \"SOAP\" is neither a SKU nor a bundle"),
        (with(|it| it.offers[1].code = "RICE5".into()), "offer \"RICE5\" is named twice"),
        (with(|it| it.offers[0].price_fen = -1), "offer \"RICE5\": price_fen and expected are between 0 and"),
        (with(|it| it.set_aside[0].warehouse = "XX".into()), "XX RICE5: there is no warehouse \"XX\""),
        (
            with(|it| it.set_aside[0].sku = "GIFT-A".into()),
            "SH GIFT-A: there is no SKU \"GIFT-A\" (of a bundle",
        ),
        (with(|it| it.set_aside[0].qty = 0), "SH RICE5: 0 units cannot be set aside"),
        (with(|it| it.set_aside[0].qty = -5), "SH RICE5: -5 units cannot be set aside"),
        (with(|it| it.set_aside[0].qty = i64::MAX), "units cannot be set aside"),
        (
            Plan { set_aside: vec![row(&good()), row(&good())], ..good() },
            "SH RICE5 is set aside twice: add the two up",
        ),
        (
            with(|it| {
                it.channel = "douyin".into();
                it.set_aside[0].channel = "jd".into();
            }),
            "SH RICE5 for jd: the campaign takes orders of douyin alone",
        ),
        (with(|it| it.province_quotas = vec![province("广洲", 1)]), "there is no province \"广洲\""),
        (with(|it| it.province_quotas = vec![province("广东", -1)]), "广东: -1 orders are no quota"),
        (
            with(|it| it.province_quotas = vec![province("广东", 1), province("广东省", 2)]),
            "广东 has two quotas: leave one",
        ),
    ] {
        let refused = refused(campaign::plan(&shop.database, &plan, ANNA).await);
        assert!(refused.starts_with("unfit: ") && refused.contains(fault), "{fault}\n{refused}");
    }
    assert_eq!(shop.count("SELECT COUNT(*) FROM campaign").await, 1);
    for id in ["daily", "Daily", ""] {
        for done in [
            campaign::arm(&shop.database, id, ANNA).await,
            campaign::start(&shop.database, id, ANNA).await,
            campaign::close(&shop.database, id, ANNA).await,
        ] {
            assert!(refused(done).starts_with("unfit: "), "{id}");
        }
    }
    shop.assert_clean().await;
}

pub fn province(province: &str, most: i64) -> ProvinceQuota {
    ProvinceQuota { province: province.into(), most }
}

#[tokio::test]
async fn a_province_quota_may_be_spelled_with_its_kind_and_never_lies_below_what_was_taken() {
    let shop = Shop::with(STOCK).await;
    let mut plan = show(&[("SH", "RICE5", "", 10)]);
    plan.province_quotas = vec![province("上海市", 2), province("广西壮族自治区", 7)];
    live(&shop, &plan).await;
    let orders: Vec<IncomingOrder> = ["1", "2", "3"].map(|no| sold(no, &[("RICE5", 1)])).into();
    let outcomes = shop.take(&orders).await;
    assert_eq!(outcomes.iter().map(|it| it.is_refused()).collect::<Vec<_>>(), [false, false, true]);
    let set = async |quotas: Vec<ProvinceQuota>| {
        let limits = Limits { buyer_limit: 3, address_limit: 9, province_quotas: quotas };
        campaign::set_limits(&shop.database, "double-11", &limits, ANNA).await
    };
    assert_eq!(
        refused(set(vec![province("上海", 1)]).await),
        "unfit: 上海 has 2 orders already: its quota cannot be 1"
    );
    set(Vec::new()).await.unwrap();
    assert!(!shop.take(&orders[2..]).await[0].is_refused());
    // A quota that comes back counts what was taken meanwhile.
    set(vec![province("上海", 3)]).await.unwrap();
    assert_eq!(shop.count("SELECT taken FROM province_quota WHERE province = '上海'").await, 3);
    assert!(shop.take(&[sold("4", &[("RICE5", 1)])]).await[0].is_refused());
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_meter_counts_orders_by_state_second_and_province_and_refusals_by_code() {
    let shop = Shop::with(STOCK).await;
    live(&shop, &show(&[("SH", "RICE5", "", 3)])).await;
    let orders = [
        sold("1", &[("RICE5", 1)]),
        to_province(sold("2", &[("RICE5", 1)]), "江苏省"),
        sold("3", &[("RICE5", 1)]),
        sold("4", &[("RICE5", 1)]),
        sold("5", &[("OIL5", 1)]),
    ];
    shop.take(&orders).await;
    shop.cancel("3").await;
    let looks = Looks::default();
    let meter = async |id: &str, since: EpochMs| looks.meter(&shop.database, id, since, NOW).await.unwrap();
    let later = meter("double-11", EpochMs(NOW.0 + 1)).await.unwrap();
    assert_eq!((later.orders.accepted, later.per_second.len()), (0, 0));
    assert_eq!(meter("none", NOW).await, None);
    let meter = meter("double-11", EpochMs(0)).await.unwrap();
    assert_eq!((meter.orders.accepted, meter.orders.cancelled, meter.orders.review), (2, 1, 0));
    assert_eq!(meter.refused.values().sum::<i64>(), 2);
    assert_eq!(meter.per_second, [(NOW.0 / 1000, 3)]);
    let provinces: Vec<(&str, i64)> =
        meter.provinces.iter().map(|it| (it.province.as_str(), it.orders)).collect();
    assert_eq!(provinces, [("上海", 2), ("江苏", 1)]);
    let stock = &meter.stock[0];
    assert_eq!((stock.set_aside, stock.held, stock.settled), (3, 2, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_in_the_middle_of_a_burst_gives_back_exactly_what_is_left() {
    let shop = Shop::with(&[("SH", "OIL5", 300), ("SH", "RICE5", 300)]).await;
    let mut plan = show(&[("SH", "OIL5", "", 150), ("SH", "RICE5", "", 100), ("SH", "RICE5", "douyin", 50)]);
    plan.rules.too_many_to_address.on = false;
    plan.rules.too_many_by_phone.on = false;
    live(&shop, &plan).await;
    let taking = (0..8).map(|task| {
        let database = shop.database.clone();
        tokio::spawn(async move {
            let mut taken = 0;
            for n in 0..10 {
                let code = if n % 2 == 0 { "GIFT-A" } else { "RICE5" };
                let orders = [sold(&format!("{task}-{n}"), &[(code, 1)])];
                let group: Vec<Arrival<'_>> = orders.iter().map(Arrival::from).collect();
                let outcomes = take_orders(&database, NOW, &group).await.unwrap();
                taken += outcomes.iter().filter(|it| !it.is_refused()).count();
                if task == 0 && n == 3 {
                    let more = [change("SH", "OIL5", "", 50), change("SH", "RICE5", "", -10)];
                    campaign::change_stock(&database, "double-11", &more, ANNA).await.unwrap();
                }
                if task == 0 && n == 6 {
                    campaign::close(&database, "double-11", ANNA).await.unwrap();
                }
            }
            taken
        })
    });
    let mut taken = 0;
    for task in taking.collect::<Vec<_>>() {
        taken += task.await.unwrap();
    }
    assert!(taken > 0);
    let sql = "SELECT CAST(SUM(set_aside - held - settled) AS BIGINT) FROM quota";
    assert_eq!(shop.count(sql).await, 0);
    let rice = shop.pool("SH", "RICE5").await;
    assert_eq!(rice.held, i64::try_from(taken).unwrap());
    shop.assert_clean().await;
}
