//! Orders no warehouse can send whole: in parts where their campaign allows it, and then in everything one order.

use liangcang_domain::fact::Fact;
use liangcang_domain::unit::EpochMs;
use liangcang_server::campaign::{self, By, Looks, Plan, StockChange};
use liangcang_server::database::query;
use liangcang_server::incoming::{IncomingOrder, IncomingState};
use liangcang_server::intake::{Arrival, Cancelled, Desk, Outcome, PromisedPart, Reason, take_orders};
use liangcang_server::jobs::lapse::lapse;
use liangcang_server::reroute::reroute;
use liangcang_server::review::{Decision, decide};
use liangcang_server::store::order_list::{Wanted, list, one};
use liangcang_server::store::review;
use liangcang_server::store::warehouse_day::set_open;
use serde_json::{Value, json};

use crate::campaigns::{books, live, province, show, sold};
use crate::shop::{NOW, Shop, Stock, company, order, packed, scanned_out, tally};

const BY: By<'static> = By { who: "anna", at: NOW };
/// Rice in Shanghai, oil in Guangzhou.
const APART: Stock<'static> = &[("SH", "RICE5", 9), ("GZ", "OIL5", 9)];

/// A show that may split, with all there is set aside.
fn splitting(stock: Stock<'_>) -> Plan {
    let set_aside: Vec<_> = stock.iter().map(|(at, sku, qty)| (*at, *sku, "", *qty)).collect();
    Plan { split_allowed: true, province_quotas: vec![province("上海", 5)], ..show(&set_aside) }
}

async fn split_show(stock: Stock<'_>) -> Shop {
    let shop = Shop::with(stock).await;
    live(&shop, &splitting(stock)).await;
    shop
}

fn gift(no: &str) -> IncomingOrder {
    sold(no, &[("GIFT-A", 1)])
}

fn short(sku: &str) -> Outcome {
    Outcome::Refused(Reason::Short { skus: [sku.into()].into() })
}

async fn held(shop: &Shop) -> i64 {
    shop.count("SELECT CAST(COALESCE(SUM(held), 0) AS BIGINT) FROM quota").await
}

async fn states(shop: &Shop) -> [String; 2] {
    [shop.state("1").await, shop.state("1.2").await]
}

/// Orders that count for the province, for their door, and in the figures of the show.
async fn counted(shop: &Shop) -> [i64; 3] {
    let looks = Looks::default();
    let orders = looks.meter(&shop.database, "double-11", EpochMs(0), NOW).await.unwrap().unwrap().orders;
    [
        shop.count("SELECT taken FROM province_quota").await,
        shop.count("SELECT COUNT(*) FROM orders WHERE address_key <> 0 AND phone_key <> 0").await,
        orders.accepted + orders.review + orders.unpaid + orders.waiting,
    ]
}

/// What the last entry of a feed says is to be sent: code and units a line.
async fn last_lines(shop: &Shop, warehouse: &str) -> Vec<(String, i64)> {
    let feed = shop.feed(warehouse).await;
    let lines = feed.last().unwrap()["order"]["lines"].as_array().unwrap();
    lines.iter().map(|it| (it["code"].as_str().unwrap().into(), it["qty"].as_i64().unwrap())).collect()
}

async fn text(shop: &Shop, sql: &'static str, no: &str) -> String {
    let mut look = shop.database.look().await.unwrap();
    query(sql).bind(no).scalar(&mut look).await.unwrap()
}

#[tokio::test]
async fn what_lies_apart_is_sent_in_parts_and_both_ledgers_balance() {
    let shop = split_show(APART).await;
    let order = gift("1");
    let answer = Desk::default().take(&shop.database, NOW, &[Arrival::from(&order)]).await.unwrap().remove(0);
    let accepted = Outcome::Accepted { warehouse: "SH".into(), carrier: "ZTO".into() };
    assert_eq!(answer.outcome, accepted);
    let promise = answer.promise.unwrap();
    assert_eq!(json!(promise.units), json!([["OIL5", 1], ["RICE5", 1]]));
    let part =
        |it: &PromisedPart| format!("{} {} {} {}", it.order, it.warehouse, it.waybill_no, json!(it.units));
    let (rice, oil) = (shop.waybill("1").await, shop.waybill("1.2").await);
    assert_eq!(
        promise.parts.iter().map(part).collect::<Vec<_>>(),
        [format!(r#"1 SH {rice} [["RICE5",1]]"#), format!(r#"1.2 GZ {oil} [["OIL5",1]]"#)]
    );
    assert!(rice != oil && !rice.is_empty() && !oil.is_empty());
    assert_eq!(
        books(&shop).await,
        "GZ OIL5 *: 9 = 8 + 1 + 0\n  上海 1 + 0\nSH RICE5 *: 9 = 8 + 1 + 0\n  上海 1 + 0\n"
    );
    assert_eq!(counted(&shop).await, [1, 1, 1]);
    assert_eq!(shop.count("SELECT COUNT(*) FROM warehouse_day WHERE orders = 1").await, 2);
    assert_eq!(last_lines(&shop, "SH").await, [("RICE5".to_owned(), 1)]);
    assert_eq!(last_lines(&shop, "GZ").await, [("OIL5".to_owned(), 1)]);
    let told = shop.feed("GZ").await.pop().unwrap();
    assert_eq!(told["order"]["receiver"]["name"], "李小明");
    assert_eq!(told["order"]["no"], "1.2");
    assert_eq!(text(&shop, "SELECT routed_because FROM orders WHERE no = $1", "1").await, "split");
    assert!(matches!(shop.take(&[gift("1")]).await[0], Outcome::Duplicate { changed: false }));
    assert_eq!(Looks::default().list(&shop.database).await.unwrap()[0].orders, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_campaign_that_does_not_allow_it_and_the_standing_sale_never_split() {
    let shop = Shop::with(APART).await;
    let plan = Plan { split_allowed: false, ..splitting(&[("SH", "RICE5", 5), ("GZ", "OIL5", 5)]) };
    live(&shop, &plan).await;
    let mut tx = shop.database.begin().await.unwrap();
    query("UPDATE campaign SET split_allowed = 1 WHERE id = 'daily'").execute(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let daily = IncomingOrder { campaign: Some("daily".into()), ..order("2", &[("GIFT-A", 1)]) };
    assert_eq!(shop.take(&[gift("1"), daily]).await, [short("OIL5"), short("OIL5")]);
    assert_eq!((held(&shop).await, shop.orders().await.len()), (0, 0));
    shop.assert_clean().await;
}

#[tokio::test]
async fn an_order_one_warehouse_can_send_whole_is_not_split() {
    let stock: Stock<'_> = &[("SH", "RICE5", 9), ("SH", "OIL5", 1), ("GZ", "OIL5", 9)];
    let shop = split_show(stock).await;
    shop.take(&[gift("1"), gift("2")]).await;
    assert_eq!(json!(shop.orders().await), json!({ "1": "SH", "2": "SH", "2.2": "GZ" }));
    shop.assert_clean().await;
}

#[tokio::test]
async fn what_is_not_there_even_together_is_named_and_nothing_is_held() {
    let shop = split_show(&[("SH", "RICE5", 1), ("GZ", "OIL5", 1)]).await;
    assert_eq!(shop.take(&[sold("1", &[("GIFT-A", 1), ("RICE5", 1)])]).await, [short("RICE5")]);
    assert_eq!((held(&shop).await, shop.orders().await.len(), counted(&shop).await), (0, 0, [0, 0, 0]));
    shop.assert_clean().await;
}

#[tokio::test]
async fn without_a_waybill_number_for_each_part_no_part_is_taken() {
    let shop = Shop::of(&company(APART, 1)).await;
    live(&shop, &splitting(APART)).await;
    let orders = [gift("1"), sold("2", &[("RICE5", 1)])];
    let outcomes = shop.take(&orders).await;
    assert_eq!(outcomes[0], Outcome::Refused(Reason::NoWaybillNumber { carrier: "ZTO".into() }));
    assert!(matches!(outcomes[1], Outcome::Accepted { .. }), "the one number there is goes to who needs one");
    assert_eq!(held(&shop).await, 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn whole_lines_stay_whole_and_of_a_bundle_that_is_cut_each_slip_names_its_own_goods() {
    let shop =
        split_show(&[("SH", "RICE5", 3), ("SH", "OIL5", 1), ("GZ", "RICE5", 2), ("GZ", "OIL5", 1)]).await;
    // Shanghai has the most of it: all three sacks of the first line, and the oil of one gift.
    let outcomes = shop.take(&[sold("1", &[("RICE5", 3), ("GIFT-A", 2)])]).await;
    assert!(matches!(outcomes[0], Outcome::Accepted { .. }), "{outcomes:?}");
    let line = |code: &str, qty| (code.to_owned(), qty);
    assert_eq!(last_lines(&shop, "SH").await, [line("RICE5", 3), line("OIL5", 1)]);
    assert_eq!(last_lines(&shop, "GZ").await, [line("OIL5", 1), line("RICE5", 2)]);
    assert_eq!(held(&shop).await, 7);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_cancellation_frees_all_parts_and_tells_every_warehouse() {
    let shop = split_show(APART).await;
    let looks = Looks::default();
    let meter =
        async |looks: &Looks| looks.meter(&shop.database, "double-11", EpochMs(0), NOW).await.unwrap();
    shop.take(&[gift("1")]).await;
    meter(&looks).await;
    // Its other part's number stands on a slip: whoever reads that one out means the order.
    assert_eq!(shop.cancel("1.2").await, Cancelled::Done);
    assert_eq!(shop.cancel("1").await, Cancelled::Already);
    assert_eq!(states(&shop).await, ["cancelled", "cancelled"]);
    for (warehouse, no) in [("SH", "1"), ("GZ", "1.2")] {
        let last = shop.feed(warehouse).await.pop().unwrap();
        assert_eq!((&last["entry"], &last["order"]), (&json!("cancelled"), &json!(no)));
    }
    assert_eq!((held(&shop).await, shop.count("SELECT taken FROM province_quota").await), (0, 0));
    assert_eq!(shop.count("SELECT COUNT(*) FROM uncounted").await, 1);
    assert_eq!(shop.count("SELECT CAST(SUM(orders) AS BIGINT) FROM warehouse_day").await, 0);
    let seen = meter(&looks).await.unwrap();
    assert_eq!((seen.orders.accepted, seen.orders.cancelled), (0, 1));
    assert_eq!(Some(seen), meter(&Looks::default()).await);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_cancellation_after_one_part_has_left_frees_the_others_and_is_noted() {
    let shop = split_show(APART).await;
    shop.take(&[gift("1")]).await;
    let (station, _) = shop.station("GZ").await;
    let (waybill, units) = (shop.waybill("1.2").await, [("OIL5", 1)]);
    let facts = [packed("1.2", &waybill, &units), scanned_out("1.2", &waybill, &units)];
    shop.send(&station, 1, &facts).await.unwrap();
    assert_eq!(shop.cancel("1").await, Cancelled::InPart);
    assert_eq!(shop.cancel("1").await, Cancelled::TooLate);
    assert_eq!(states(&shop).await, ["cancelled", "shipped"]);
    let note = text(&shop, "SELECT note FROM order_note WHERE order_no = $1", "1.2").await;
    assert_eq!(note, "cancelled at its channel after it had left");
    assert_eq!(shop.count("SELECT COUNT(*) FROM clash").await, 0);
    assert_eq!(books(&shop).await, "GZ OIL5 *: 9 = 8 + 0 + 1\n  上海 0 + 1\nSH RICE5 *: 9 = 9 + 0 + 0\n");
    shop.assert_clean().await;
}

async fn take_unpaid(shop: &Shop, no: &str) {
    let order = IncomingOrder { state: IncomingState::Unpaid, paid_at_ms: None, ..gift(no) };
    let unpaid = Arrival { order: &order, waits: false, may_be_unpaid: true };
    assert_eq!(take_orders(&shop.database, NOW, &[unpaid]).await.unwrap(), [Outcome::Unpaid]);
}

#[tokio::test]
async fn the_money_of_an_order_sends_all_parts_and_without_it_all_lapse() {
    let shop = split_show(APART).await;
    take_unpaid(&shop, "1").await;
    assert_eq!(states(&shop).await, ["unpaid", "unpaid"]);
    assert_eq!(shop.waybill("1.2").await, "");
    assert_eq!(held(&shop).await, 2);
    assert!(matches!(shop.take(&[gift("1")]).await[0], Outcome::Accepted { .. }));
    assert_eq!(states(&shop).await, ["routed", "routed"]);
    assert_ne!(shop.waybill("1").await, shop.waybill("1.2").await);
    assert_eq!((tally(&shop.feed("SH").await)["order"], tally(&shop.feed("GZ").await)["order"]), (1, 1));
    assert_eq!(counted(&shop).await, [1, 1, 1]);
    take_unpaid(&shop, "2").await;
    assert_eq!(lapse(&shop.database, EpochMs(NOW.0 + 900_000)).await.unwrap(), 1);
    assert_eq!(
        (shop.state("2").await.as_str(), shop.state("2.2").await.as_str()),
        ("cancelled", "cancelled")
    );
    assert_eq!((held(&shop).await, counted(&shop).await[0]), (2, 1));
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_decision_of_review_moves_all_parts_and_shows_all_that_is_held() {
    let shop = split_show(APART).await;
    let underpaid = |no: &str| IncomingOrder { paid_fen: 1, ..gift(no) };
    assert_eq!(shop.take(&[underpaid("1"), underpaid("2")]).await, [Outcome::Review, Outcome::Review]);
    let mut look = shop.database.look().await.unwrap();
    let (cases, total) = review::open(&mut look, &shop.database, ("double-11", ""), 10).await.unwrap();
    look.rollback().await.unwrap();
    assert_eq!((total, &cases[0].units), (2, &json!([["OIL5", 1], ["RICE5", 1]])));
    shop.assert_clean().await;
    decide(&shop.database, &["1".into()], Decision::Approve, "anna", NOW).await;
    decide(&shop.database, &["2".into()], Decision::Reject, "anna", NOW).await;
    assert_eq!(states(&shop).await, ["routed", "routed"]);
    assert_eq!(
        (shop.state("2").await.as_str(), shop.state("2.2").await.as_str()),
        ("cancelled", "cancelled")
    );
    assert_eq!((held(&shop).await, counted(&shop).await[0]), (2, 1));
    assert_eq!(tally(&shop.feed("GZ").await)["order"], 1);
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_receiver_that_can_be_read_is_written_to_all_parts_and_counted_once() {
    let shop = split_show(APART).await;
    let mut masked = gift("1");
    masked.receiver.name = "李**".into();
    masked.receiver.phone = "120****1234".into();
    masked.receiver.detail = "稻香路****".into();
    let mut desk = Desk::default();
    let mut take = async |order: IncomingOrder| {
        desk.take(&shop.database, NOW, &[Arrival::from(&order)]).await.unwrap().remove(0).outcome
    };
    assert_eq!(take(masked).await, Outcome::WaitsForPlatform);
    assert_eq!(
        (states(&shop).await, counted(&shop).await),
        (["waiting", "waiting"].map(Into::into), [1, 0, 1])
    );
    assert!(matches!(take(gift("1")).await, Outcome::Accepted { .. }));
    assert_eq!(
        (states(&shop).await, counted(&shop).await),
        (["routed", "routed"].map(Into::into), [1, 1, 1])
    );
    for warehouse in ["SH", "GZ"] {
        let last = shop.feed(warehouse).await.pop().unwrap();
        assert_eq!(last["order"]["receiver"]["phone"], "12000001234");
    }
    shop.assert_clean().await;
}

#[tokio::test]
async fn a_closed_warehouse_gives_up_its_part_alone() {
    let shop = Shop::with(&[("SH", "RICE5", 9), ("SH", "OIL5", 2), ("GZ", "OIL5", 9)]).await;
    live(&shop, &splitting(APART)).await;
    shop.take(&[gift("1")]).await;
    let more = [StockChange { warehouse: "SH".into(), sku: "OIL5".into(), channel: String::new(), by: 2 }];
    campaign::change_stock(&shop.database, "double-11", &more, BY).await.unwrap();
    let mut tx = shop.database.begin().await.unwrap();
    assert!(set_open(&mut tx, &"GZ".into(), false, ("anna", NOW)).await.unwrap());
    tx.commit().await.unwrap();
    let done = reroute(&shop.database, &"GZ".into(), false, ("anna", NOW)).await.unwrap().unwrap();
    assert_eq!(done.moved.iter().map(|row| row.order.as_str()).collect::<Vec<_>>(), ["1.2"]);
    assert_eq!(json!(shop.orders().await), json!({ "1": "SH", "1.2": "SH" }));
    assert_eq!(tally(&shop.feed("SH").await)["order"], 2);
    let short = Fact::OrderShort { order: "1.2".into() };
    let (station, _) = shop.station("SH").await;
    shop.send(&station, 1, &[short]).await.unwrap();
    assert_eq!(states(&shop).await, ["routed", "short"]);
    shop.assert_clean().await;
    assert_eq!(shop.cancel("1").await, Cancelled::Done);
    assert_eq!(held(&shop).await, 0);
    shop.assert_clean().await;
}

#[tokio::test]
async fn the_office_finds_all_parts_by_the_phone_and_by_any_number() {
    let shop = split_show(APART).await;
    shop.take(&[gift("1"), sold("2", &[("RICE5", 1)])]).await;
    let mut look = shop.database.look().await.unwrap();
    let by_phone = Wanted { phone: Some("12000001234".into()), ..Wanted::default() };
    let rows = list(&mut look, &shop.database, &by_phone, 10).await.unwrap();
    let rows: Vec<[&str; 3]> = rows.iter().map(|it| [&*it.no, &*it.part_of, &*it.warehouse]).collect();
    assert_eq!(rows, [["1", "1", "SH"], ["1.2", "1", "GZ"], ["2", "", "SH"]]);
    for (no, parts) in [("1", 2), ("1.2", 2), ("2", 0)] {
        let story = one(&mut look, &shop.database, no).await.unwrap().unwrap();
        assert_eq!((story.order.no.as_str(), story.parts.len()), (no, parts));
        let expected: &[Value] = &[json!([["RICE5", 1]]), json!([["OIL5", 1]])][..parts];
        assert_eq!(story.parts.iter().map(|part| part.units.clone()).collect::<Vec<_>>(), expected);
    }
}

#[tokio::test]
async fn the_books_name_a_part_that_is_alone_or_stands_elsewhere_than_its_order() {
    let shop = split_show(APART).await;
    shop.take(&[IncomingOrder { paid_fen: 1, ..gift("1") }]).await;
    let spoilt = async |sql: &'static str| {
        let mut tx = shop.database.begin().await.unwrap();
        query(sql).execute(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        shop.audit().await.differences
    };
    let apart = spoilt("UPDATE orders SET state = 'waiting' WHERE no = '1.2'").await;
    assert_eq!(apart, ["order 1 is review, its part 1.2 is waiting"]);
    let stray = spoilt("UPDATE orders SET part_of = '9', state = 'review' WHERE no = '1.2'").await;
    assert!(
        stray.contains(&"order 1.2 is a part of 9, which is not there or is not split".to_owned()),
        "{stray:?}"
    );
    assert!(stray.contains(&"order 1 is split and has no further part".to_owned()), "{stray:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_race_for_the_last_units_of_split_orders_sells_exactly_what_is_there() {
    let shop = Shop::with(&[("SH", "RICE5", 30), ("SH", "OIL5", 4), ("GZ", "OIL5", 21)]).await;
    let mut plan = splitting(&[("SH", "RICE5", 30), ("SH", "OIL5", 4), ("GZ", "OIL5", 21)]);
    plan.province_quotas.clear();
    plan.rules.too_many_to_address.on = false;
    plan.rules.too_many_by_phone.on = false;
    live(&shop, &plan).await;
    let taking = (0..8).map(|task| {
        let database = shop.database.clone();
        tokio::spawn(async move {
            let mut taken = 0;
            for n in 0..5 {
                let orders = [gift(&format!("{task}-{n}"))];
                let group: Vec<Arrival<'_>> = orders.iter().map(Arrival::from).collect();
                let outcomes = take_orders(&database, NOW, &group).await.unwrap();
                taken += outcomes.iter().filter(|it| !it.is_refused()).count();
            }
            taken
        })
    });
    let mut taken = 0;
    for task in taking.collect::<Vec<_>>() {
        taken += task.await.unwrap();
    }
    assert_eq!(taken, 25, "there is oil for so many");
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders WHERE part_of IN ('', no)").await, 25);
    assert_eq!(shop.count("SELECT COUNT(*) FROM orders WHERE part_of <> '' AND no <> part_of").await, 21);
    assert_eq!(held(&shop).await, 50);
    shop.assert_clean().await;
}
