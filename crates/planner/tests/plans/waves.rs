//! Small waves, walks and shortages, planned and read as a person would read them.

use super::hall::{bin, catalogue, layout, orders, stock, told, told_plan};
use liangcang_domain::fact::Goods;
use liangcang_domain::task::walk::WalkPlan;
use liangcang_domain::unit::{Grams, Qty};
use liangcang_planner::short::reallocate;
use liangcang_planner::walk::distance;
use liangcang_planner::wave::{WalkLimits, plan_put_back, plan_wave};

fn planned(order_table: &str, stock_table: &str, limits: WalkLimits) -> String {
    let (orders, stock) = (orders(order_table), stock(stock_table));
    told_plan(&plan_wave(&"W1".into(), &orders, &stock, &catalogue(), limits, &layout()))
}

#[test]
fn a_wave_takes_the_earliest_expiry_and_merges_what_lies_together() {
    let plan = planned(
        "
        101: 2 RICE5, 1 OIL5
        102: 1 RICE5, 1 MILLET1
        103: 1 OIL5, 2 MILLET1
        ",
        "
        A-01-01-1 RICE5   L2 2027-06-01 9
        A-03-07-1 RICE5   L1 2027-03-01 2
        A-02-02-1 OIL5    L7 2027-10-01 9
        B-01-01-2 MILLET1 L9 2027-05-01 9
        ",
        WalkLimits::default(),
    );
    insta::assert_snapshot!(plan, @"
    W1-01 of W1
      A-01-01-1 (39) take 1 RICE5 L2  102:1
      A-03-07-1 (43) take 2 RICE5 L1  101:2
      A-02-02-1 (77) take 2 OIL5 L7  101:1 103:1
      B-01-01-2 (40) take 3 MILLET1 L9  102:1 103:2
    ");
}

#[test]
fn an_order_that_cannot_be_completed_takes_nothing_and_says_what_is_missing() {
    let plan = planned(
        "
        201: 2 RICE5, 4 OIL5
        202: 2 RICE5
        203: 1 BARLEY
        204: 0 RICE5
        ",
        "
        A-01-01-1 RICE5 L1 2027-06-01 2
        A-02-02-1 OIL5  L7 2027-10-01 1
        ",
        WalkLimits::default(),
    );
    insta::assert_snapshot!(plan, @"
    W1-01 of W1
      A-01-01-1 (39) take 2 RICE5 L1  202:2
    left out 201: short of 3 OIL5
    left out 203: unknown BARLEY
    left out 204: nothing to fetch
    ");
}

#[test]
fn orders_of_one_profile_share_a_walk_and_limits_end_it() {
    let plan = planned(
        "
        301: 1 RICE5
        302: 1 RICE5, 1 OIL5
        303: 1 MILLET1
        304: 1 RICE5
        305: 9 RICE10
        306: 1 RICE5
        ",
        "
        A-01-01-1 RICE5   L1 2027-06-01 9
        A-01-02-1 RICE10  L3 2027-06-01 9
        A-02-02-1 OIL5    L7 2027-10-01 9
        B-01-01-2 MILLET1 L9 2027-05-01 9
        ",
        WalkLimits { max_orders: 3, ..WalkLimits::default() },
    );
    insta::assert_snapshot!(plan, @"
    W1-01 of W1
      A-01-01-1 (39) take 3 RICE5 L1  301:1 304:1 306:1
    W1-02 of W1
      A-01-01-1 (39) take 1 RICE5 L1  302:1
      A-02-02-1 (77) take 1 OIL5 L7  302:1
    W1-03 of W1
      B-01-01-2 (40) take 1 MILLET1 L9  303:1
    W1-04 of W1
      A-01-02-1 (46) take 9 RICE10 L3  305:9
    ");
}

#[test]
fn of_several_waiting_orders_the_walk_grows_by_the_one_on_its_way() {
    let limits = WalkLimits { max_orders: 2, ..WalkLimits::default() };
    let plan = planned(
        "
        401: 1 RICE5
        402: 1 MILLET1
        403: 1 OIL5
        ",
        "
        A-01-01-1 RICE5   L1 2027-06-01 9
        A-01-03-1 OIL5    L7 2027-10-01 9
        B-03-08-1 MILLET1 L9 2027-05-01 9
        ",
        limits,
    );
    insta::assert_snapshot!(plan, @"
    W1-01 of W1
      A-01-01-1 (39) take 1 RICE5 L1  401:1
      A-01-03-1 (53) take 1 OIL5 L7  403:1
    W1-02 of W1
      B-03-08-1 (50) take 1 MILLET1 L9  402:1
    ");
}

#[test]
fn a_sack_goes_into_the_tote_before_the_bottles_of_its_zone() {
    let near = planned(
        "501: 1 VINEGAR, 1 RICE10",
        "
        A-01-01-1 VINEGAR L1 2027-06-01 9
        A-01-03-1 RICE10  L3 2027-06-01 9
        ",
        WalkLimits::default(),
    );
    insta::assert_snapshot!(near, @"
    W1-01 of W1
      A-01-03-1 (53) take 1 RICE10 L3  501:1
      A-01-01-1 (39) take 1 VINEGAR L1  501:1
    ");
    let zones = planned(
        "502: 1 VINEGAR, 1 RICE10",
        "
        A-01-01-1 VINEGAR L1 2027-06-01 9
        B-01-01-1 RICE10  L3 2027-06-01 9
        ",
        WalkLimits::default(),
    );
    insta::assert_snapshot!(zones, @"
    W1-01 of W1
      A-01-01-1 (39) take 1 VINEGAR L1  502:1
      B-01-01-1 (39) take 1 RICE10 L3  502:1
    ");
}

#[test]
fn goods_of_a_cancelled_order_go_back_to_their_bins_each_once() {
    let goods =
        |at: &str, sku: &str, qty| (bin(at), Goods { sku: sku.into(), lot: "L1".into(), qty: Qty(qty) });
    let tote = [
        goods("B-01-01-2", "MILLET1", 1),
        goods("A-02-02-1", "OIL5", 1),
        goods("B-01-01-2", "MILLET1", 2),
        goods("A-01-01-1", "RICE5", 0),
    ];
    let walk = plan_put_back(&"PB-101".into(), &"W1".into(), &"TOTE-0007".into(), &tote, &layout());
    insta::assert_snapshot!(told(&walk), @"
    PB-101 of W1 with TOTE-0007
      A-02-02-1 (77) put back 1 OIL5 L1
      B-01-01-2 (40) put back 3 MILLET1 L1
    ");
}

#[test]
fn a_shortage_is_made_up_from_other_bins_for_the_order_that_lost_least() {
    let stock = stock(
        "
        A-01-01-1 RICE5 L1 2027-03-01 9
        A-03-01-1 RICE5 L3 2027-09-01 1
        A-02-01-1 RICE5 L2 2027-06-01 2
        ",
    );
    let orders = [("602".into(), Qty(2)), ("601".into(), Qty(3))];
    let found = reallocate(&"RICE5".into(), &orders, &stock, &"A-01-01-1".into(), &layout());
    let lines = WalkPlan { id: "W1-01".into(), wave: "W1".into(), lines: found.lines, tote: None };
    insta::assert_snapshot!(told(&lines), @"
    W1-01 of W1
      A-02-01-1 (70) take 2 RICE5 L2  601:2
      A-03-01-1 (01) take 1 RICE5 L3  601:1
    ");
    assert_eq!(found.unserved, vec!["602".into()]);
}

#[test]
fn scattered_stops_are_walked_shorter_than_by_the_s_shape() {
    let places = [
        "A-01-07-1",
        "A-03-01-1",
        "A-02-05-1",
        "A-01-02-1",
        "A-03-08-1",
        "A-02-01-1",
        "A-03-04-1",
        "A-01-05-1",
    ];
    let rows: String = places
        .iter()
        .enumerate()
        .map(|(at, bin)| format!("{bin} MILLET1 L{at} 2027-01-0{} 1\n", at + 1))
        .collect();
    let (orders, stock) = (orders("701: 8 MILLET1"), stock(&rows));
    let limits = WalkLimits { max_weight_g: Grams(1_000_000), ..WalkLimits::default() };
    let plan = plan_wave(&"W1".into(), &orders, &stock, &catalogue(), limits, &layout());
    let walked: Vec<_> = plan.walks[0].lines.iter().map(|line| bin(line.bin.as_str())).collect();
    insta::assert_snapshot!(told_plan(&plan), @"
    W1-01 of W1
      A-01-02-1 (46) take 1 MILLET1 L3  701:1
      A-01-07-1 (81) take 1 MILLET1 L0  701:1
      A-01-05-1 (67) take 1 MILLET1 L7  701:1
      A-02-05-1 (98) take 1 MILLET1 L2  701:1
      A-03-08-1 (50) take 1 MILLET1 L4  701:1
      A-03-04-1 (22) take 1 MILLET1 L6  701:1
      A-03-01-1 (01) take 1 MILLET1 L1  701:1
      A-02-01-1 (70) take 1 MILLET1 L5  701:1
    ");
    // Up and down every aisle of the front block, then of the rear block, measured by hand.
    let s_shape = [
        "A-01-02-1",
        "A-02-01-1",
        "A-03-01-1",
        "A-03-04-1",
        "A-03-08-1",
        "A-02-05-1",
        "A-01-05-1",
        "A-01-07-1",
    ];
    let s_shape: Vec<_> = s_shape.iter().map(|id| bin(id)).collect();
    assert!(distance(&walked, &layout()) < distance(&s_shape, &layout()));
}
