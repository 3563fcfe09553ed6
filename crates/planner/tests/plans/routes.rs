//! Which warehouse ships an order, and who carries it.

use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::Carrier;
use liangcang_planner::routing::{
    CarrierBecause, Demand, NotRouted, Routed, RoutedBecause, WarehouseStock, choose_carrier, route,
};

fn warehouse(id: &str, provinces: &[&str], atp: &[(&str, i64)]) -> WarehouseStock {
    WarehouseStock {
        id: id.into(),
        provinces: provinces.iter().map(|&name| name.to_owned()).collect(),
        atp: atp.iter().map(|&(sku, qty)| (sku.into(), Qty(qty))).collect(),
    }
}

fn demand(province: &str, units: &[(&str, i64)]) -> Demand {
    let units = units.iter().map(|&(sku, qty)| (sku.into(), Qty(qty))).collect();
    Demand { province: province.to_owned(), units }
}

fn both() -> [WarehouseStock; 2] {
    [
        warehouse("SH", &["上海", "江苏"], &[("RICE5", 3), ("OIL5", 1)]),
        warehouse("GZ", &["广东"], &[("RICE5", 9), ("OIL5", 2)]),
    ]
}

#[test]
fn the_warehouse_of_the_province_ships_if_it_has_everything_else_another_that_has() {
    let to = |warehouse: &str, because| Ok(Routed { warehouse: warehouse.into(), because });
    let one_each = [("RICE5", 1), ("OIL5", 1)];
    assert_eq!(route(&demand("江苏", &one_each), &both()), to("SH", RoutedBecause::ServesProvince));
    assert_eq!(route(&demand("广东", &one_each), &both()), to("GZ", RoutedBecause::ServesProvince));
    assert_eq!(route(&demand("上海", &[("OIL5", 2)]), &both()), to("GZ", RoutedBecause::HasStock));
    assert_eq!(
        route(&demand("西藏", &one_each), &both()),
        to("GZ", RoutedBecause::HasStock),
        "the first by id"
    );
}

#[test]
fn an_order_nobody_can_complete_is_refused_whole_with_the_skus_that_are_short() {
    let missing = [("OIL5".into(), Qty(1))].into();
    let refused = route(&demand("上海", &[("RICE5", 3), ("OIL5", 3)]), &both());
    assert_eq!(refused, Err(NotRouted::Short { nearest: "GZ".into(), missing }));
    assert_eq!(route(&demand("上海", &[]), &both()), Err(NotRouted::NothingToShip));
    assert_eq!(route(&demand("上海", &[("RICE5", 1)]), &[]), Err(NotRouted::NoWarehouse));
}

fn carrier(id: &str, provinces: &[&str]) -> Carrier {
    Carrier {
        id: id.into(),
        name: id.to_owned(),
        service: String::new(),
        cutoff_minute: 1_020,
        provinces: provinces.iter().map(|&name| name.to_owned()).collect(),
    }
}

#[test]
fn a_carrier_that_names_the_province_goes_before_one_that_takes_all() {
    let carriers = [
        carrier("ZTO", &[]),
        carrier("SF", &["上海"]),
        carrier("JD", &["上海", "北京"]),
        carrier("YTO", &[]),
    ];
    assert_eq!(choose_carrier("上海", &carriers), Some(("JD".into(), CarrierBecause::ServesProvince)));
    assert_eq!(choose_carrier("新疆", &carriers), Some(("YTO".into(), CarrierBecause::TakesTheRest)));
    assert_eq!(choose_carrier("新疆", &carriers[1..3]), None);
}
