//! Addresses that say too little, with what is missing; leaves out those that contradict themselves.

use super::line::reads;

#[test]
fn what_names_no_region_says_so() {
    reads(
        "
        到了打电话 | vague - - - | no_region: 没有省、市、区
        13800001234 | vague - - - | empty: 没有写地址
        123456 | vague - - - | empty: 没有写地址
        张三 13800001234 | vague - - - | no_region: 没有省、市、区
        文一西路969号 | vague - - - | no_region: 没有省、市、区
        南京路1号 | vague - - - | no_region: 没有省、市、区
        上海路12号 | vague - - - | no_region: 没有省、市、区
        朝阳路1号 | vague - - - | no_region: 没有省、市、区
        凤凰国际城1栋 | vague - - - | no_region: 没有省、市、区
        东方花园3栋 | vague - - - | no_region: 没有省、市、区
    ",
    );
}

#[test]
fn regions_that_do_not_reach_far_enough_are_named() {
    reads(
        "
        朝阳区建国路88号 | vague - - 朝阳区 | ambiguous: 朝阳区不止一个：北京市、长春市
        江苏省鼓楼区中山北路1号 | vague 江苏省 - 鼓楼区 | ambiguous: 鼓楼区不止一个：南京市、徐州市
        鼓楼区中山北路1号 | vague - - 鼓楼区 | ambiguous: 鼓楼区不止一个：南京市、徐州市、福州市、开封市
        杭州市江干区钱江路1号 | vague 浙江省 杭州市 - | divided: 江干区已撤销，现属上城区或钱塘区
        上海南京东路1号 | vague 上海市 上海市 - | district_missing: 上海市下没有写区县
        南京市北京东路1号 | vague 江苏省 南京市 - | district_missing: 南京市下没有写区县
        青岛市南京路1号 | vague 山东省 青岛市 - | district_missing: 青岛市下没有写区县
        杭州市文一西路969号 | vague 浙江省 杭州市 - | district_missing: 杭州市下没有写区县
        杭州文一西路969号 | vague 浙江省 杭州市 - | district_missing: 杭州市下没有写区县
        杭州市星河区文一路1号 | vague 浙江省 杭州市 - | no_such_region: 杭州市没有星河区
        火星省火星市火星区1号 | vague - - - | no_such_region: 没有火星省这个地方
        火星省杭州市余杭区文一西路1号 | vague 浙江省 杭州市 余杭区 | no_such_region: 没有火星省这个地方
        江苏省火星市人民路1号 | vague 江苏省 - - | no_such_region: 江苏省没有火星市
        浙江省文一西路1号 | vague 浙江省 - - | city_missing: 只写了浙江省，没有城市
        成都一环路南四段1号 | vague 四川省 成都市 - | district_missing: 成都市下没有写区县
        城关区天水南路1号 | vague - - 城关区 | ambiguous: 城关区不止一个：拉萨市、兰州市
        广州市中山大道西1号 | vague 广东省 广州市 - | district_missing: 广州市下没有写区县
        陕西省西咸新区沣东新城1号 | vague 陕西省 - - | no_such_region: 陕西省没有西咸新区
        上海四川北路1号 | vague 上海市 上海市 - | district_missing: 上海市下没有写区县
        海口海秀路1号 | vague 海南省 海口市 - | district_missing: 海口市下没有写区县
        浙江省 杭州市 其他区 文一西路1号 | vague 浙江省 杭州市 - | district_missing: 杭州市下没有写区县
        吉林红旗街1号 | vague 吉林省 - - | city_missing: 只写了吉林省，没有城市
        新疆伊宁解放路1号 | vague 新疆维吾尔自治区 伊犁哈萨克自治州 - | either: 不清楚是伊宁市还是伊宁县
    ",
    );
}

#[test]
fn a_detail_without_a_door_is_vague() {
    reads(
        "
        浙江省杭州市余杭区 | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        浙江省杭州市余杭区五常街道 | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        浙江省杭州市余杭区文一西路 | vague 浙江省 杭州市 余杭区 | no_house_number: 没有门牌号
        浙江省杭州市余杭区文一西路附近 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区文一西路与荆长大道交叉口 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区文一西路与荆长大道路口西100米 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区学校对面 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区小区 | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        浙江省杭州市余杭区到了打电话 | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        齐齐哈尔市梅里斯达斡尔族区1号 | vague 黑龙江省 齐齐哈尔市 梅里斯达斡尔族区 | no_street: 没有街道、小区或村
        福建三明沙县1号 | vague 福建省 三明市 沙县区 | no_street: 没有街道、小区或村
    ",
    );
}

#[test]
fn a_bare_region_is_not_enough() {
    reads(
        "
        中山路1号 | vague - - - | no_region: 没有省、市、区
        江苏南京 | vague 江苏省 南京市 - | district_missing: 南京市下没有写区县
        浙江 | vague 浙江省 - - | city_missing: 只写了浙江省，没有城市
        浙江省 | vague 浙江省 - - | city_missing: 只写了浙江省，没有城市
        杭州市 | vague 浙江省 杭州市 - | district_missing: 杭州市下没有写区县
        朝阳区 | vague - - 朝阳区 | ambiguous: 朝阳区不止一个：北京市、长春市
        北京市 | vague 北京市 北京市 - | district_missing: 北京市下没有写区县
        北京市建国路88号 | vague 北京市 北京市 - | district_missing: 北京市下没有写区县
    ",
    );
}

#[test]
fn a_landmark_is_no_door_unless_a_named_place_follows() {
    reads(
        "
        云南省思茅市思茅区1号 | vague 云南省 普洱市 思茅区 | no_street: 没有街道、小区或村
        浙江省杭州市余杭区西溪花园附近 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区人民医院对面 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区瓶窑镇 | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        浙江省杭州市余杭区瓶窑镇张家村村口 | vague 浙江省 杭州市 余杭区 | landmark_only: 只有参照物，没有门牌号
        安徽省阜阳市颍上县慎城镇人民路与解放路交叉口 | vague 安徽省 阜阳市 颍上县 | landmark_only: 只有参照物，没有门牌号
        浙江省杭州市余杭区No.3 | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
        浙江省杭州市余杭区？？？ | vague 浙江省 杭州市 余杭区 | no_street: 没有街道、小区或村
    ",
    );
}
