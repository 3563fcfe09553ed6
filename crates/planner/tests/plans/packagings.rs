//! Which packaging is proposed for which parcel.

use super::hall::{goods, material};
use liangcang_domain::catalogue::{Packaging, Sku};
use liangcang_domain::unit::Qty;
use liangcang_planner::packaging::propose;

fn materials() -> Vec<Packaging> {
    vec![
        material("BOX-S", "carton", [250, 200, 150], 5_000),
        material("BOX-M", "carton", [420, 300, 350], 25_000),
        material("BOX-L", "carton", [600, 400, 400], 30_000),
        material("AIR-2", "air_column_carton", [300, 220, 320], 12_000),
        material("AIR-4", "air_column_carton", [420, 320, 360], 25_000),
        material("BAG-10", "woven_bag", [520, 380, 140], 11_000),
        material("BAG-50", "woven_bag", [900, 550, 300], 52_000),
    ]
}

/// `2 RICE5, 1 OIL5` -> `BOX-M SmallestFit`.
fn proposed(parcel: &str, materials: &[Packaging]) -> String {
    let goods = goods();
    let parts = parcel.split(", ").map(|part| {
        let (qty, id) = part.split_once(' ').expect("a quantity and a SKU");
        let sku = goods.iter().find(|sku| sku.id.as_str() == id).expect("a known SKU");
        (sku, Qty(qty.parse().expect("a number")))
    });
    let parts: Vec<(&Sku, Qty)> = parts.collect();
    propose(&parts, materials).map_or("none".to_owned(), |(id, reason)| format!("{id} {reason:?}"))
}

#[test]
fn glass_and_bottles_are_kept_whole_and_heavy_sacks_go_into_a_bag() {
    let table = "
        1 MILLET1              = BOX-S SmallestFit
        3 MILLET1              = BOX-S SmallestFit
        4 MILLET1              = BOX-M SmallestFit
        1 RICE5                = BOX-M SmallestFit
        2 RICE5                = BAG-10 HeavySacks
        1 RICE10               = BAG-10 HeavySacks
        2 RICE10               = BAG-50 HeavySacks
        1 RICE10, 1 MILLET1    = BOX-L SmallestFit
        1 OIL5                 = BOX-M Bottles
        1 OIL5, 1 RICE5        = BOX-M Bottles
        6 OIL5                 = BOX-L Bottles
        2 VINEGAR              = AIR-2 Glass
        1 VINEGAR, 1 RICE5     = AIR-4 Glass
        1 VINEGAR, 3 RICE10    = none
        6 RICE10               = none
    ";
    for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (parcel, want) = line.split_once('=').expect("an equals sign");
        assert_eq!(proposed(parcel.trim(), &materials()), want.trim(), "{parcel}");
    }
}

#[test]
fn what_fits_nothing_gets_the_largest_that_carries_it() {
    let small = [
        material("BOX-S", "carton", [250, 200, 150], 30_000),
        material("BOX-XS", "carton", [200, 150, 100], 30_000),
    ];
    assert_eq!(proposed("1 RICE5", &small), "BOX-S SmallestFit");
}

#[test]
fn glass_is_never_packed_without_air_columns() {
    let cartons: Vec<Packaging> =
        materials().into_iter().filter(|material| material.class != "air_column_carton").collect();
    assert_eq!(proposed("1 VINEGAR", &cartons), "none");
    let no_bags: Vec<Packaging> =
        materials().into_iter().filter(|material| material.class != "woven_bag").collect();
    assert_eq!(proposed("2 RICE5", &no_bags), "BOX-M SmallestFit");
}
