//! Each fault a company's files can have, told by file, row and name. Starts from the sample and breaks one thing.

#![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::path::{Path, PathBuf};

use super::*;

fn sample_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sample")
}

/// The faults of the sample after `from` has become `to` in one of its files, once.
fn broken(file: &str, from: &str, to: &str) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let files = [
        "company.toml",
        "catalogue.csv",
        "bundles.csv",
        "bins.csv",
        "stock.csv",
        "waybill_numbers.csv",
        "routes.csv",
        "freight.csv",
    ];
    for name in files {
        let text = std::fs::read_to_string(sample_dir().join(name)).unwrap();
        assert!(name != file || text.contains(from), "{file} has no {from}");
        let text = if name == file { text.replacen(from, to, 1) } else { text };
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let faults = read_company(dir.path()).err().unwrap_or_default();
    faults.iter().map(ToString::to_string).collect()
}

#[test]
fn a_bundle_of_an_unknown_sku_is_refused() {
    assert_eq!(
        broken("bundles.csv", "OIL5*1", "OIL9*1"),
        ["bundles.csv row 2: there is no SKU OIL9 in catalogue.csv"]
    );
}

#[test]
fn components_are_written_as_sku_and_quantity_each_once() {
    assert_eq!(
        broken("bundles.csv", "RICE5*1;OIL5*1", "RICE5;OIL5*0;SOY5*1;SOY5*1"),
        [
            "bundles.csv row 2: \"RICE5\" is not written as SKU*quantity",
            "bundles.csv row 2: \"OIL5*0\" is not written as SKU*quantity",
            "bundles.csv row 2: component SOY5 is there twice",
        ]
    );
    assert_eq!(
        broken("bundles.csv", "RICE5*1;OIL5*1", ""),
        ["bundles.csv row 2: components must not be empty"]
    );
}

#[test]
fn a_bundle_may_not_have_the_code_of_a_sku() {
    assert_eq!(
        broken("bundles.csv", "GIFT-A", "RICE5"),
        ["bundles.csv row 2: RICE5 is a SKU's code already"]
    );
}

#[test]
fn a_barcode_belongs_to_one_sku() {
    assert_eq!(
        broken("catalogue.csv", "6990000110110", "6990000110004"),
        ["catalogue.csv row 3: barcode 6990000110004 already belongs to RICE2"]
    );
}

#[test]
fn a_barcode_with_a_wrong_check_digit_is_refused() {
    assert_eq!(
        broken("catalogue.csv", "6990000110004", "6990000110005"),
        ["catalogue.csv row 2: the check digit of barcode 6990000110005 is wrong"]
    );
}

#[test]
fn weights_and_measures_are_possible_ones() {
    assert_eq!(
        broken("catalogue.csv", ",2560,", ",-2560,"),
        ["catalogue.csv row 2: gross_weight_g is too small"]
    );
    assert_eq!(
        broken("catalogue.csv", ",2560,300,", ",256000,0,"),
        ["catalogue.csv row 2: gross_weight_g is too large", "catalogue.csv row 2: length_mm is too small",]
    );
    let unreadable = broken("catalogue.csv", ",2560,", ",heavy,");
    assert!(unreadable[0].starts_with("catalogue.csv row 2: cannot be read: "), "{unreadable:?}");
}

#[test]
fn words_of_closed_lists_are_known_ones() {
    assert_eq!(
        broken("catalogue.csv", "none,sack", "soft,crate"),
        [
            "catalogue.csv row 2: fragility is \"soft\", it must be one of none, bottle, glass",
            "catalogue.csv row 2: packaging_class is \"crate\", it must be one of sack, bottle, box, pouch",
        ]
    );
}

#[test]
fn a_sku_is_there_once_and_its_code_fits_a_barcode() {
    let twice = broken("catalogue.csv", "RICE10,", "RICE2,");
    assert!(twice.contains(&"catalogue.csv row 4: SKU RICE2 is there twice".to_owned()), "{twice:?}");
    let odd = broken("catalogue.csv", "FLOUR2,", "面粉 2,");
    assert_eq!(odd[..1], ["catalogue.csv row 24: \"面粉 2\": a code has 1 to 40 of A-Z a-z 0-9 - _ ."]);
}

#[test]
fn a_bin_is_there_once_and_named_by_its_place() {
    let twice = broken("bins.csv", "SH,A-01-01-2,A,1,1,2,", "SH,A-01-01-1,A,1,1,1,");
    assert!(twice.contains(&"bins.csv row 3: bin A-01-01-1 is there twice".to_owned()), "{twice:?}");
    assert_eq!(
        broken("bins.csv", "SH,A-01-01-2,A,", "SH,A-01-01-9,A,"),
        ["bins.csv row 3: by its zone, aisle, bay and level it is A-01-01-2"]
    );
}

#[test]
fn neighbours_never_have_check_digits_that_sound_alike() {
    // A-01-01-1 has 96 in the sample; 9 and 6 count as equal.
    let text = std::fs::read_to_string(sample_dir().join("bins.csv")).unwrap();
    let row = text.lines().find(|line| line.contains("A-01-01-2")).unwrap();
    let same = format!("{}69", &row[..row.len() - 2]);
    let faults = broken("bins.csv", row, &same);
    assert_eq!(
        faults,
        [
            "bins.csv row 2: its check digits sound like those of A-01-01-2 beside it (1/7 and 6/9 count as equal)"
        ]
    );
}

#[test]
fn check_digits_are_two_digits() {
    let faults = broken("bins.csv", "A,1,1,1,96", "A,1,1,1,9");
    assert_eq!(faults, ["bins.csv row 2: check digits \"9\" are not two digits"]);
}

#[test]
fn stock_lies_in_a_known_bin_and_is_of_a_known_sku() {
    assert_eq!(
        broken("stock.csv", "SH,A-01-01-1,BEANB1", "SH,Z-01-01-1,TEA9")[..2],
        [
            "stock.csv row 2: there is no bin Z-01-01-1 of this warehouse in bins.csv",
            "stock.csv row 2: there is no SKU TEA9 in catalogue.csv",
        ]
    );
}

#[test]
fn a_lot_has_one_sku_and_one_pair_of_dates_that_are_possible() {
    let faults = broken("stock.csv", "L20261006S,2026-10-06,2028-03-29", "L20261006S,2026-10-06,2026-10-06");
    assert_eq!(faults[0], "stock.csv row 2: it expires before it was made");
    assert!(
        faults[1..]
            .iter()
            .all(|fault| fault.ends_with("lot L20261006S stands above with other goods or dates"))
    );
    let faults = broken("stock.csv", "2026-10-06,", "2026-10-6,");
    assert_eq!(faults[0], "stock.csv row 2: \"2026-10-6\" is not a date as 2026-10-03");
}

#[test]
fn a_quantity_below_one_is_refused() {
    assert_eq!(broken("stock.csv", "2028-03-29,60", "2028-03-29,0"), ["stock.csv row 2: qty is too small"]);
}

#[test]
fn waybill_ranges_are_ranges_and_share_no_number() {
    let fault = "waybill_numbers.csv row 2: first and last are not two numbers of one range";
    for last in ["SF1200000002000", "1300000002000", "SF130000000200", "SFX"] {
        assert_eq!(broken("waybill_numbers.csv", "SF1300000002000", last), [fault], "{last}");
    }
    assert_eq!(
        broken("waybill_numbers.csv", "ZTO,", "SF,SF1300000002000,SF1300000003000\nZTO,"),
        ["waybill_numbers.csv row 3: shares numbers with a range above"]
    );
}

#[test]
fn a_range_counts_its_numbers_with_leading_zeros() {
    let range = WaybillRange { carrier: "SF".into(), prefix: "SF".into(), first: 98, last: 100, digits: 4 };
    assert_eq!(range.numbers().collect::<Vec<_>>(), ["SF0098", "SF0099", "SF0100"]);
}

#[test]
fn company_toml_refuses_unknown_keys_and_names() {
    let misspelt = broken("company.toml", "cutoff =", "cut_off =");
    assert!(
        misspelt[0].starts_with("company.toml: cannot be read: ") && misspelt[0].contains("cut_off"),
        "{misspelt:?}"
    );
    assert_eq!(
        broken("company.toml", "warehouse = \"GZ\"\nlead", "warehouse = \"BJ\"\nlead"),
        ["company.toml: there is no warehouse BJ in company.toml"]
    );
    assert_eq!(
        broken("company.toml", "20:00", "8pm"),
        ["company.toml: \"8pm\" is not a time of day as 17:00"]
    );
    assert_eq!(
        broken("company.toml", "\"江苏\"", "\"江苏省\""),
        ["company.toml: write 江苏省 without 省, 市 or 自治区"]
    );
    assert_eq!(
        broken("company.toml", "CAGE-ZTO-02", "CAGE-ZTO-01"),
        ["company.toml: cage CAGE-ZTO-01 is there twice"]
    );
}

#[test]
fn an_absent_file_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let faults = read_company(dir.path()).unwrap_err();
    let files: Vec<&str> = faults.iter().map(|fault| fault.file).collect();
    assert_eq!(
        files,
        [
            "company.toml",
            "catalogue.csv",
            "bundles.csv",
            "bins.csv",
            "stock.csv",
            "waybill_numbers.csv",
            "routes.csv"
        ]
    );
}

#[test]
fn freight_is_told_by_known_provinces_each_lane_once_and_in_fen() {
    assert_eq!(
        broken(
            "freight.csv",
            "SH,上海,400,60\n",
            "SH,上海市,-1,60\nBJ,上海,400,60\nSH,江酥,400,999999\nSH,江苏,1,1\n"
        ),
        [
            "freight.csv row 2: write 上海市 without 省, 市 or 自治区",
            "freight.csv row 2: first_kg_fen is too small",
            "freight.csv row 3: there is no warehouse BJ in company.toml",
            "freight.csv row 4: province is \"江酥\", it must be one of the provinces of China, as 广东",
            "freight.csv row 4: further_kg_fen is too large",
            "freight.csv row 19: lane SH 江苏 is there twice",
        ]
    );
}

#[test]
fn a_warehouse_that_can_send_out_nothing_is_refused() {
    assert_eq!(
        broken("company.toml", "id = \"SH\"", "id = \"SH\"\ndaily_orders = 0"),
        ["company.toml: warehouses.daily_orders is too small"]
    );
}
