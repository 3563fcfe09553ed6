//! Addresses that contradict themselves, with both sides named; leaves out those that only say too little.

use super::line::reads;

#[test]
fn a_region_that_lies_elsewhere_is_named_with_where_it_lies() {
    reads(
        "
        杭州市浦东新区花木路1号 | conflict 浙江省 杭州市 - | district_elsewhere: 浦东新区在上海市，不在杭州市
        江苏省杭州市余杭区文一西路1号 | conflict 江苏省 - - | city_elsewhere: 杭州市在浙江省，不在江苏省
        江苏省杭州市文一西路1号 | conflict 江苏省 - - | city_elsewhere: 杭州市在浙江省，不在江苏省
        江苏省杭州文一路1号 | conflict 江苏省 - - | city_elsewhere: 杭州市在浙江省，不在江苏省
        江苏省余杭区文一西路1号 | conflict 江苏省 - - | district_elsewhere: 余杭区在杭州市，不在江苏省
        杭州市朝阳区建国路1号 | conflict 浙江省 杭州市 - | district_elsewhere: 朝阳区在北京市、长春市，不在杭州市
        北京市上海市浦东新区花木路1号 | conflict 北京市 北京市 - | two_regions: 北京市与上海市矛盾
        浙江省杭州市余杭区 上海市浦东新区花木路1号 | conflict 浙江省 杭州市 余杭区 | two_regions: 浙江省与上海市矛盾
        浙江省杭州市余杭区五常街道1号 上海市浦东新区花木路1号 | conflict 浙江省 杭州市 余杭区 | two_addresses: 有两个地址：余杭区和浦东新区
        杭州市西安区人民路1号 | conflict 浙江省 杭州市 - | district_elsewhere: 西安区在辽源市、牡丹江市，不在杭州市
        广东省东莞市浦东新区1号路1号 | conflict 广东省 东莞市 - | district_elsewhere: 浦东新区在上海市，不在东莞市
        浙江省杭州市余杭区临平区1号 | conflict 浙江省 杭州市 余杭区 | two_regions: 余杭区与临平区矛盾
        浙江省宁波市杭州市余杭区1号 | conflict 浙江省 宁波市 - | two_regions: 宁波市与杭州市矛盾
        浙江省 江苏省 杭州市余杭区1号 | conflict 浙江省 - - | two_regions: 浙江省与江苏省矛盾
        浙江杭州 江苏南京鼓楼区1号 | conflict 浙江省 杭州市 - | two_regions: 杭州市与南京市矛盾
        浙江省杭州市鄞州区中河街道1号 | conflict 浙江省 杭州市 - | district_elsewhere: 鄞州区在宁波市，不在杭州市
    ",
    );
}

#[test]
fn a_district_or_a_city_in_the_wrong_place_is_a_conflict_in_every_direction() {
    reads(
        "
        江苏省南通市北京市朝阳区建国路1号 | conflict 江苏省 南通市 - | two_regions: 江苏省与北京市矛盾
        广东省杭州市 | conflict 广东省 - - | city_elsewhere: 杭州市在浙江省，不在广东省
        浙江省南京市鼓楼区1号 | conflict 浙江省 - - | city_elsewhere: 南京市在江苏省，不在浙江省
        辽宁省长春市朝阳区红旗街1号 | conflict 辽宁省 - - | city_elsewhere: 长春市在吉林省，不在辽宁省
        上海市朝阳区建国路1号 | conflict 上海市 上海市 - | district_elsewhere: 朝阳区在北京市、长春市，不在上海市
        北京市浦东新区世纪大道1号 | conflict 北京市 北京市 - | district_elsewhere: 浦东新区在上海市，不在北京市
        深圳市天河区天河路1号 | conflict 广东省 深圳市 - | district_elsewhere: 天河区在广州市，不在深圳市
        广州市南山区科技园1号 | conflict 广东省 广州市 - | district_elsewhere: 南山区在鹤岗市、深圳市，不在广州市
        江苏省南京市昆山市玉山镇前进东路1号 | conflict 江苏省 南京市 - | district_elsewhere: 昆山市在苏州市，不在南京市
        海南省海口市琼海市嘉积镇1号 | conflict 海南省 海口市 - | two_regions: 海口市与琼海市矛盾
        河南省郑州市济源市1号 | conflict 河南省 郑州市 - | two_regions: 郑州市与济源市矛盾
        湖北省武汉市仙桃市仙桃大道1号 | conflict 湖北省 武汉市 - | two_regions: 武汉市与仙桃市矛盾
    ",
    );
}
