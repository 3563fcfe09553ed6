//! The sample company is sound, its orders are what README.md beside it says, and its stock covers them.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use liangcang_domain::catalogue::Catalogue;

use super::*;
use crate::incoming::IncomingOrder;
use crate::order_files::{Preview, Skip, Source, Wait, read_orders};

fn read_file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample").join(name)).unwrap()
}

fn company() -> CompanyFiles {
    read_company(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample")).unwrap()
}

fn catalogue(company: &CompanyFiles) -> Catalogue {
    let mut catalogue = Catalogue::default();
    company.skus.iter().cloned().for_each(|sku| catalogue.put_sku(sku));
    company.bundles.iter().cloned().for_each(|bundle| catalogue.put_bundle(bundle));
    catalogue
}

fn read(file: &str, source: &Source) -> Preview {
    let catalogue = catalogue(&company());
    read_orders(&read_file(file), source, |code| catalogue.sellable(code).is_some()).unwrap()
}

fn all_orders() -> Vec<IncomingOrder> {
    let mapping = String::from_utf8(read_file("mapping_other_shop.toml")).unwrap();
    let other = Source::from_mapping(&mapping).unwrap();
    let mut orders = read("orders_douyin.csv", &Source::douyin()).orders;
    orders.extend(read("orders_douyin_gb18030.csv", &Source::douyin()).orders);
    orders.extend(read("orders_other_shop.xlsx", &other).orders);
    orders
}

/// Which warehouse names the province of the receiver.
fn served_by<'a>(company: &'a CompanyFiles, order: &IncomingOrder) -> &'a str {
    let serves = |warehouse: &&Warehouse| warehouse.provinces.contains(&order.receiver.province);
    company.warehouses.iter().find(serves).unwrap().id.as_str()
}

#[test]
fn the_sample_company_is_sound() {
    let company = company();
    assert_eq!(company.name, "丰禾粮油");
    let in_shanghai = company.bins.iter().filter(|(at, _)| at.as_str() == "SH").count();
    assert_eq!((company.skus.len(), company.bundles.len(), in_shanghai), (24, 8, 396));
    let numbers: usize = company.waybill_ranges.iter().map(|range| range.numbers().count()).sum();
    assert_eq!(numbers, 4_000);
}

#[test]
fn every_province_has_its_lowest_freight_from_the_warehouse_that_serves_it() {
    let company = company();
    let provinces = company.warehouses.iter().flat_map(|it| it.provinces.iter().map(move |name| (it, name)));
    let mut told = 0;
    for (serves, province) in provinces {
        let rate = |at: &Warehouse| company.freight[&(at.id.clone(), province.clone())];
        for other in company.warehouses.iter().filter(|it| it.id != serves.id) {
            assert!(rate(serves).first_kg_fen < rate(other).first_kg_fen, "{province}");
            assert!(rate(serves).further_kg_fen < rate(other).further_kg_fen, "{province}");
            told += 2;
        }
    }
    assert_eq!((told, company.freight.len()), (62, 62));
}

#[test]
fn the_standard_report_brings_300_orders_for_the_east_and_tells_of_the_rest() {
    let company = company();
    let preview = read("orders_douyin.csv", &Source::douyin());
    assert!(preview.refused.is_empty(), "{:?}", preview.refused);
    let served = |id| preview.orders.iter().filter(|order| served_by(&company, order) == id).count();
    assert_eq!((served("SH"), served("GZ")), (300, 23));
    let mut skipped = BTreeMap::new();
    for line in &preview.skipped {
        *skipped.entry(format!("{:?}", line.why)).or_insert(0) += 1;
    }
    let counted: Vec<_> = skipped.iter().map(|(why, count)| (why.as_str(), *count)).collect();
    assert_eq!(
        counted,
        [("Closed", 7), ("Done", 2), ("Refunded", 1), ("Repeated", 1), ("Shipped", 1), ("Unpaid", 2)]
    );
    assert!(preview.skipped.iter().any(|line| line.why == Skip::Repeated));
    let receivers = preview.waiting.iter().filter(|it| matches!(it.wait, Wait::Receiver { .. })).count();
    assert_eq!((receivers, preview.waiting.len()), (5, 6));
    assert_eq!(preview.columns.len() + preview.unused_headings.len(), 54);
}

#[test]
fn the_orders_are_bundles_singles_and_several_over_both_carriers_with_gifts() {
    let company = company();
    let orders = read("orders_douyin.csv", &Source::douyin()).orders;
    let bundles: BTreeSet<&str> = company.bundles.iter().map(|bundle| bundle.id.as_str()).collect();
    let sold = |order: &IncomingOrder| order.lines.iter().filter(|line| !line.gift).count();
    let with_bundle =
        |order: &&IncomingOrder| order.lines.iter().any(|line| bundles.contains(line.merchant_code.as_str()));
    assert!(orders.iter().filter(with_bundle).count() >= 120);
    assert!(orders.iter().filter(|order| sold(order) == 1 && !with_bundle(order)).count() >= 110);
    assert!(orders.iter().filter(|order| sold(order) > 1).count() >= 40);
    assert!(orders.iter().flat_map(|order| &order.lines).any(|line| line.gift));
    let by_sf = |order: &&IncomingOrder| company.carriers[0].provinces.contains(&order.receiver.province);
    let sf = orders.iter().filter(by_sf).count();
    assert!(sf > 100 && orders.len() - sf > 100, "{sf} of {}", orders.len());
}

#[test]
fn the_stock_of_each_warehouse_covers_its_orders_and_needs_more_than_one_lot() {
    let company = company();
    let catalogue = catalogue(&company);
    let mut demand = BTreeMap::<(String, SkuId), i64>::new();
    for order in all_orders() {
        let lines = order.lines.iter().map(|line| (line.merchant_code.as_str(), Qty(i64::from(line.qty))));
        for (sku, qty) in catalogue.explode(lines).unwrap() {
            *demand.entry((served_by(&company, &order).to_owned(), sku)).or_default() += qty.0;
        }
    }
    let mut oldest_runs_out = 0;
    for ((warehouse, sku), wanted) in &demand {
        let here = company.stock.iter().filter(|it| it.warehouse.as_str() == warehouse && it.sku == *sku);
        let there: i64 = here.clone().map(|it| it.qty.0).sum();
        assert!(there >= *wanted, "{warehouse} {sku}: {wanted} wanted, {there} there");
        let first = here.min_by_key(|it| it.lot.clone()).unwrap();
        oldest_runs_out += usize::from(warehouse == "SH" && first.qty.0 < *wanted);
    }
    assert!(oldest_runs_out >= 5, "{oldest_runs_out} SKUs go on to a second lot");
}

#[test]
fn every_city_of_an_order_has_a_route_with_every_carrier() {
    let company = company();
    for order in all_orders() {
        for carrier in &company.carriers {
            let route = |route: &&Route| {
                route.carrier == carrier.id
                    && route.province == order.receiver.province
                    && route.city == order.receiver.city
            };
            assert!(company.routes.iter().any(|it| route(&it)), "{} {}", carrier.id, order.receiver.city);
        }
    }
}

#[test]
fn the_gb18030_report_and_the_spreadsheet_of_another_shop_are_read_whole() {
    let preview = read("orders_douyin_gb18030.csv", &Source::douyin());
    assert_eq!((preview.orders.len(), preview.refused.len()), (20, 0));
    assert!(preview.orders.iter().any(|order| order.receiver.name == "㛃犇龘"));
    let mapping = String::from_utf8(read_file("mapping_other_shop.toml")).unwrap();
    let preview = read("orders_other_shop.xlsx", &Source::from_mapping(&mapping).unwrap());
    assert_eq!((preview.orders.len(), preview.refused.len(), preview.skipped.is_empty()), (14, 0, false));
    assert!(preview.orders.iter().all(|order| order.channel == "other_shop" && order.paid_at_ms.is_some()));
}

#[test]
fn every_row_of_the_bad_file_is_refused_by_its_name_and_the_good_one_goes_in() {
    let preview = read("orders_bad.csv", &Source::douyin());
    assert_eq!(preview.orders.len(), 1);
    let told: Vec<String> = preview
        .refused
        .iter()
        .map(|fault| {
            format!("{} {} {}", fault.row, fault.column.map_or("-", |it| it.heading()), fault.reason.code())
        })
        .collect();
    assert_eq!(
        told,
        [
            "3 主订单编号 scientific_number",
            "4 主订单编号 formula_cell",
            "5 主订单编号 malformed_order_no",
            "6 收件人手机号 phone_scientific",
            "7 收件人手机号 malformed_phone",
            "8 收件人 missing",
            "9 商品数量 quantity_zero",
            "10 商品数量 quantity_negative",
            "11 商品数量 quantity_fraction",
            "12 商品数量 quantity_too_large",
            "13 商品数量 not_a_quantity",
            "14 订单应付金额 not_money",
            "15 支付完成时间 not_a_time",
            "16 订单状态 unknown_state",
            "17 商家编码 unknown_goods",
            "18 商家编码 no_merchant_code",
            "19 商品数量 quantity_unclear",
            "20 商家编码 parts_differ",
            "21 售后状态 after_sale_unclear",
            "22 - other_row_refused",
            "23 详细地址 conflicting_rows",
            "24 - other_row_refused",
            "25 商品数量 quantity_zero",
            "26 - other_row_refused",
            "27 子订单编号 conflicting_rows",
            "28 买家留言 cell_too_long",
        ]
    );
}
