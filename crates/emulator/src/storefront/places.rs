//! Where buyers live: a district or two of every province of the mainland, with the share of orders that go there.
//! The names are as an administrative map prints them; the shares follow, roughly, the population.

/// A district, and how many of a thousand orders go there.
pub struct Place {
    /// With its kind: `浙江省`.
    pub province: &'static str,
    /// With its kind; a city that is its own province is named again.
    pub city: &'static str,
    /// With its kind.
    pub district: &'static str,
    /// Its share; all together are about a thousand.
    pub orders_in_thousand: usize,
}

const fn place(
    province: &'static str,
    city: &'static str,
    district: &'static str,
    orders_in_thousand: usize,
) -> Place {
    Place { province, city, district, orders_in_thousand }
}

/// All of them.
pub const PLACES: [Place; 49] = [
    place("北京市", "北京市", "海淀区", 14),
    place("北京市", "北京市", "朝阳区", 14),
    place("天津市", "天津市", "南开区", 14),
    place("河北省", "石家庄市", "长安区", 22),
    place("河北省", "保定市", "竞秀区", 20),
    place("山西省", "太原市", "小店区", 20),
    place("内蒙古自治区", "呼和浩特市", "赛罕区", 14),
    place("辽宁省", "沈阳市", "沈河区", 16),
    place("辽宁省", "大连市", "甘井子区", 14),
    place("吉林省", "长春市", "朝阳区", 16),
    place("黑龙江省", "哈尔滨市", "南岗区", 20),
    place("上海市", "上海市", "浦东新区", 20),
    place("上海市", "上海市", "杨浦区", 16),
    place("江苏省", "南京市", "玄武区", 30),
    place("江苏省", "苏州市", "姑苏区", 30),
    place("江苏省", "徐州市", "云龙区", 24),
    place("浙江省", "杭州市", "余杭区", 30),
    place("浙江省", "宁波市", "鄞州区", 26),
    place("浙江省", "温州市", "鹿城区", 22),
    place("安徽省", "合肥市", "蜀山区", 24),
    place("安徽省", "芜湖市", "镜湖区", 18),
    place("福建省", "福州市", "鼓楼区", 18),
    place("福建省", "厦门市", "思明区", 18),
    place("江西省", "南昌市", "西湖区", 26),
    place("山东省", "济南市", "历下区", 30),
    place("山东省", "青岛市", "市南区", 24),
    place("山东省", "临沂市", "兰山区", 20),
    place("河南省", "郑州市", "金水区", 30),
    place("河南省", "洛阳市", "涧西区", 24),
    place("湖北省", "武汉市", "武昌区", 30),
    place("湖北省", "宜昌市", "西陵区", 12),
    place("湖南省", "长沙市", "岳麓区", 28),
    place("湖南省", "衡阳市", "雁峰区", 14),
    place("广东省", "广州市", "天河区", 40),
    place("广东省", "深圳市", "南山区", 40),
    place("广东省", "佛山市", "顺德区", 26),
    place("广西壮族自治区", "南宁市", "青秀区", 26),
    place("海南省", "海口市", "龙华区", 8),
    place("重庆市", "重庆市", "渝中区", 24),
    place("四川省", "成都市", "武侯区", 36),
    place("四川省", "绵阳市", "涪城区", 14),
    place("贵州省", "贵阳市", "南明区", 20),
    place("云南省", "昆明市", "五华区", 22),
    place("西藏自治区", "拉萨市", "城关区", 3),
    place("陕西省", "西安市", "雁塔区", 24),
    place("甘肃省", "兰州市", "城关区", 12),
    place("青海省", "西宁市", "城西区", 4),
    place("宁夏回族自治区", "银川市", "金凤区", 5),
    place("新疆维吾尔自治区", "乌鲁木齐市", "天山区", 12),
];
