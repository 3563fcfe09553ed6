//! Addresses that come in columns: province, city, district and detail, any of them empty or said again.

use super::line::{compare, shown};
use liangcang_domain::address::Regions;

fn checks(table: &str) {
    compare(table, |text| {
        let cells: Vec<&str> = text.split('/').map(str::trim).collect();
        let [province, city, district, detail] = cells[..] else { panic!("four columns: {text}") };
        shown(&Regions::built_in().check(province, city, district, detail))
    });
}

#[test]
fn columns_are_read_with_whatever_the_detail_repeats() {
    checks(
        "
        浙江省/杭州市/余杭区/文一西路969号                     | ok 浙江省 杭州市 余杭区 |
        浙江/杭州/余杭/文一西路969号                           | ok 浙江省 杭州市 余杭区 |
        浙江省/杭州市/余杭区/浙江省杭州市余杭区文一西路969号   | ok 浙江省 杭州市 余杭区 |
        浙江省/杭州市//余杭区文一西路969号                     | ok 浙江省 杭州市 余杭区 |
        ///浙江省杭州市余杭区文一西路969号                     | ok 浙江省 杭州市 余杭区 |
        上海/上海市/浦东新区/花木街道花木路88弄3号             | ok 上海市 上海市 浦东新区 |
        上海市/市辖区/黄浦区/南京东路1号                       | ok 上海市 上海市 黄浦区 |
        重庆市/县/云阳县/北城大道1号                           | ok 重庆市 重庆市 云阳县 |
        河南省/省直辖县级行政区划/济源市/沁园路1号             | ok 河南省 济源市 - |
        河南省/济源市/济源市/沁园路1号                         | ok 河南省 济源市 - |
        广东省/东莞市//长安镇长青南路1号                       | ok 广东省 东莞市 - |
        广东省/东莞市/东莞市/长安镇长青南路1号                 | ok 广东省 东莞市 - |
        广东省/东莞市/长安镇/长青南路1号                       | ok 广东省 东莞市 - |
        浙江省/杭州市/其他区/余杭区文一西路969号               | ok 浙江省 杭州市 余杭区 |
        江苏省/苏州市/昆山市/前进东路88号                      | ok 江苏省 苏州市 昆山市 |
        浙江省/杭州市/余杭区/北京东路1号                       | ok 浙江省 杭州市 余杭区 |
    ",
    );
}

#[test]
fn a_detail_that_contradicts_its_columns_is_a_conflict() {
    checks(
        "
        浙江省/杭州市/余杭区/上海市浦东新区花木路1号 | conflict 浙江省 杭州市 余杭区 | two_regions: 浙江省与上海市矛盾
        浙江省/杭州市/浦东新区/花木路1号             | conflict 浙江省 杭州市 - | district_elsewhere: 浦东新区在上海市，不在杭州市
        江苏省/杭州市/余杭区/文一西路1号             | conflict 江苏省 - - | city_elsewhere: 杭州市在浙江省，不在江苏省
        浙江省/杭州市/西湖区/余杭区文一西路1号       | conflict 浙江省 杭州市 西湖区 | two_regions: 西湖区与余杭区矛盾
    ",
    );
}

#[test]
fn what_is_missing_in_the_columns_is_named() {
    checks(
        "
        ///                             | vague - - - | empty: 没有写地址
        浙江省/杭州市//文一西路969号    | vague 浙江省 杭州市 - | district_missing: 杭州市下没有写区县
        浙江省/杭州市/余杭区/           | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        浙江省/杭州市/火星区/人民路1号  | vague 浙江省 杭州市 - | no_such_region: 杭州市没有火星区
    ",
    );
}

#[test]
fn the_rest_is_what_the_detail_says_beside_regions() {
    let regions = Regions::built_in();
    let rest = |detail| regions.check("浙江省", "杭州市", "余杭区", detail).rest;
    assert_eq!(rest("文一西路 969 号"), "文一西路 969 号");
    assert_eq!(rest("浙江省杭州市余杭区 文一西路969号 "), "文一西路969号");
    assert_eq!(rest("余杭区文一西路969号 张三 13800001234"), "文一西路969号");
    assert_eq!(rest(""), "");
    // A short name said again opens a second chain or belongs to the street.
    assert_eq!(regions.read("上海浦东上海中心大厦3号").rest, "上海中心大厦3号");
    assert_eq!(regions.read("上海市浦东新区 上海中心大厦3号").rest, "上海中心大厦3号");
    assert_eq!(regions.read("浙江杭州余杭 浙江杭州余杭 文一西路969号").rest, "文一西路969号");
    assert_eq!(regions.read("张三 13800001234 浙江省杭州市余杭区文一西路969号").rest, "文一西路969号");
    assert_eq!(regions.read("文一西路969号 浙江省杭州市余杭区").rest, "文一西路969号");
}
