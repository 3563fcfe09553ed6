//! A single order that no warehouse can send whole, taken in parts.

use crate::allocations::{GIFT, RICE, Units, asked, left_of, warehouse};
use liangcang_domain::id::SkuId;
use liangcang_domain::unit::Qty;
use liangcang_planner::allocation::{Live, Placing, Prices, Unplaced, Warehouse};
use proptest::prelude::*;
use std::collections::BTreeMap;

/// The parts of an order as one reads them, or why there are none.
fn told(live: &Live, (province, units): (&str, Units<'_>)) -> String {
    match live.split("", province, &asked(units)) {
        Placing::Split { parts, cost_fen } => {
            let part = |units: &[(SkuId, Qty)]| {
                let units = units.iter().map(|(sku, qty)| format!("{qty} {sku}"));
                units.collect::<Vec<_>>().join(" + ")
            };
            let parts =
                parts.iter().map(|it| format!("{} {}: {}", it.warehouse, it.carrier, part(&it.units)));
            format!("{}; {cost_fen} fen", parts.collect::<Vec<_>>().join(", "))
        }
        placing => placing.en(),
    }
}

fn places(sh: &[(&str, i64)], gz: &[(&str, i64)]) -> [Warehouse; 2] {
    [warehouse("SH", 9, sh), warehouse("GZ", 9, gz)]
}

fn told_by(places: &[Warehouse], to: (&str, Units<'_>)) -> String {
    told(&left_of(&Prices::default(), places), to)
}

#[test]
fn whoever_has_the_most_units_sends_them_and_of_equal_ones_the_cheapest() {
    let many: Units<'_> = &[("RICE5", 3), ("OIL5", 2)];
    let said = [
        told_by(&places(&[("RICE5", 1)], &[("OIL5", 1)]), ("上海", GIFT)),
        told_by(&places(&[("RICE5", 1)], &[("OIL5", 1)]), ("广东", GIFT)),
        told_by(&places(&[("RICE5", 3)], &[("RICE5", 1), ("OIL5", 9)]), ("广东", many)),
        told_by(&places(&[("RICE5", 2), ("OIL5", 1)], &[("RICE5", 1), ("OIL5", 1)]), ("广东", many)),
    ];
    insta::assert_snapshot!(said.join("\n"), @"
    SH ZTO: 1 RICE5, GZ ZTO: 1 OIL5; 2010 fen
    GZ ZTO: 1 OIL5, SH ZTO: 1 RICE5; 2050 fen
    GZ ZTO: 2 OIL5 + 1 RICE5, SH ZTO: 2 RICE5; 3000 fen
    SH ZTO: 1 OIL5 + 2 RICE5, GZ ZTO: 1 OIL5 + 1 RICE5; 3250 fen
    ");
}

#[test]
fn prices_decide_between_warehouses_that_could_send_as_much() {
    let places = places(&[("RICE5", 1)], &[("RICE5", 1)]);
    let two: Units<'_> = &[("RICE5", 2)];
    let mut prices = Prices::default();
    let first = |prices: &Prices| told(&left_of(prices, &places), ("上海", two));
    assert!(first(&prices).starts_with("SH ZTO: 1 RICE5, GZ"), "{}", first(&prices));
    prices.stock_mfen.insert("SH".into(), [("RICE5".into(), 900_000)].into());
    assert!(first(&prices).starts_with("GZ ZTO: 1 RICE5, SH"), "{}", first(&prices));
}

#[test]
fn what_is_not_there_even_together_is_named_and_so_is_a_full_day() {
    let apart = places(&[("RICE5", 1)], &[("OIL5", 1)]);
    let missing = |places: &[Warehouse], units: Units<'_>| {
        left_of(&Prices::default(), places).missing_together("", "上海", &asked(units))
    };
    let more: Units<'_> = &[("MILLET1", 1), ("OIL5", 2), ("RICE5", 1)];
    assert_eq!(told_by(&apart, ("上海", more)), "no warehouse has all of it; MILLET1 is missing");
    assert_eq!(missing(&apart, more), ["MILLET1".into(), "OIL5".into()].into());
    assert!(missing(&apart, GIFT).is_empty());
    let mut full = apart.clone();
    full[1].capacity_orders = 0;
    assert_eq!(told_by(&full, ("上海", GIFT)), "the warehouses that have it are full for today");
    full[1].open = false;
    assert_eq!(told_by(&full, ("上海", GIFT)), "no warehouse has all of it; OIL5 is missing");
    full[0].open = false;
    assert_eq!(told_by(&full, ("上海", GIFT)), "every warehouse is closed");
    assert_eq!(told_by(&apart, ("西藏", GIFT)), "no carrier goes to the province");
    assert_eq!(told_by(&apart, ("上海", &[("RICE5", 0)])), "the order has nothing to ship");
    assert!(told_by(&apart, ("上海", &[("TEA", 1)])).contains("TEA has no weight"));
}

#[test]
fn a_split_takes_nothing_and_what_its_parts_take_is_gone() {
    let mut live = left_of(&Prices::default(), &places(&[("RICE5", 1)], &[("OIL5", 1)]));
    let Placing::Split { parts, .. } = live.split("", "上海", &asked(GIFT)) else {
        panic!("it can be split")
    };
    assert!(matches!(live.split("", "上海", &asked(GIFT)), Placing::Split { .. }));
    for part in parts {
        live.take("", &part.warehouse, &part.units.into_iter().collect());
    }
    let reason = Unplaced::NoStock { sku: "OIL5".into() };
    assert_eq!(live.split("", "上海", &asked(GIFT)), Placing::Unplaced { reason });
    assert!(matches!(live.choose("", "上海", &asked(RICE)), Placing::Unplaced { .. }));
}

proptest! {
    #[test]
    fn parts_are_the_order_and_no_more_than_there_is(
        stock in prop::collection::vec((prop::bool::weighted(0.8), 0..3i64, 0..4i64, 0..4i64), 2),
        (rice, oil) in (0..5i64, 0..5i64),
    ) {
        prop_assume!(rice + oil > 0);
        let place = |(id, (open, room, rice, oil)): (&str, (bool, i64, i64, i64))| {
            Warehouse { open, ..warehouse(id, room, &[("RICE5", rice), ("OIL5", oil)]) }
        };
        let places: Vec<Warehouse> = ["SH", "GZ"].into_iter().zip(stock).map(place).collect();
        let order = asked(&[("RICE5", rice), ("OIL5", oil)]);
        let can: Vec<&Warehouse> = places.iter().filter(|it| it.open && it.capacity_orders > 0).collect();
        let together = |sku: &SkuId| can.iter().map(|it| it.stock[sku].0).sum::<i64>();
        match left_of(&Prices::default(), &places).split("", "上海", &order) {
            Placing::Split { parts, .. } => {
                let mut sent = BTreeMap::<SkuId, Qty>::new();
                for part in &parts {
                    let from = can.iter().find(|it| it.id == part.warehouse).expect("one that can send");
                    prop_assert!(!part.units.is_empty());
                    for (sku, qty) in &part.units {
                        prop_assert!(*qty > Qty::ZERO && *qty <= from.stock[sku]);
                        *sent.entry(sku.clone()).or_insert(Qty::ZERO) += *qty;
                    }
                }
                let wanted: BTreeMap<SkuId, Qty> = order.into_iter().filter(|(_, qty)| *qty > Qty::ZERO).collect();
                prop_assert_eq!(sent, wanted);
            }
            _ => prop_assert!(order.iter().any(|(sku, qty)| together(sku) < qty.0)),
        }
    }
}
