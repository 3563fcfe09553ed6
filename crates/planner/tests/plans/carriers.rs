//! Who carries an order to a province.

use liangcang_domain::warehouse::Carrier;
use liangcang_planner::carrier::choose_carrier;

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
    assert_eq!(choose_carrier("上海", &carriers), Some("JD".into()));
    assert_eq!(choose_carrier("新疆", &carriers), Some("YTO".into()));
    assert_eq!(choose_carrier("新疆", &carriers[1..3]), None);
}
