//! What may stand in and after a region's name: classes people give it, zones, and the words that make it the
//! name of a road or a house. Leaves out which region is meant.

use super::glyph::{Glyph, is_han};
use super::table::Level;

/// Whether the text at `at` begins with a word.
pub(super) fn goes_on(text: &[Glyph], at: usize, word: &str) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let mut glyphs = rest.iter();
    word.chars().all(|char| glyphs.next().is_some_and(|glyph| glyph.char == char))
}

/// The end of a zone that is in no table and that carriers know.
pub(super) fn zone(text: &[Glyph], at: usize) -> Option<usize> {
    const ZONES: [&str; 23] = [
        "高新技术产业开发区",
        "高新技术开发区",
        "高新开发区",
        "高新区",
        "经济技术开发区",
        "经济开发区",
        "经开区",
        "开发区",
        "工业园区",
        "保税区",
        "示范区",
        "度假区",
        "天府新区",
        "两江新区",
        "西咸新区",
        "贵安新区",
        "江北新区",
        "郑东新区",
        "雄安新区",
        "滨湖新区",
        "东湖高新技术开发区",
        "东湖高新区",
        "东湖新技术开发区",
    ];
    let zone = ZONES.iter().find(|zone| goes_on(text, at, zone))?;
    Some(at + zone.chars().count())
}

/// Classes people give a region beside its own: 广西省, 延边州, and 富阳市 long after it became a district.
pub(super) fn classes(level: Level) -> &'static [&'static str] {
    match level {
        Level::Province => &["特别行政区", "特区", "自治区", "省"],
        Level::City => &["自治州", "地区", "州", "盟", "市"],
        Level::District => &["自治县", "林区", "新区", "区", "市", "县", "旗"],
    }
}

/// 东区 and 城区 are parts of anything, and regions only in their own city.
pub(super) fn is_too_plain(name: &[char]) -> bool {
    matches!(name, ['东' | '西' | '南' | '北' | '中' | '城' | '郊' | '矿', '区'])
}

/// Whether even a name in full is the first part of another: 新城市场, 中山市大道.
pub(super) fn is_of_something(text: &[Glyph], end: usize) -> bool {
    let Some(next) = text.get(end) else { return false };
    let words: &[&str] = match next.char {
        '场' | '民' if text[end - 1].char == '市' => &["场", "民中心", "民广场", "民公园"],
        '大' => &["大道", "大街", "大厦", "大酒店", "大桥"],
        '酒' => &["酒店"],
        // 余杭区路边 is in 余杭区; 长安区路1号 is a road.
        '路' | '街' => return text.get(end + 1).is_none_or(|after| !is_han(after.char)),
        _ => &[],
    };
    words.iter().any(|word| goes_on(text, end, word))
}

/// Whether a short name goes on as the name of something else: 南京东路, 余杭街道, 中山公园.
pub(super) fn is_part_of_a_name(text: &[Glyph], end: usize) -> bool {
    const NEXT: [&str; 46] = [
        "路",
        "街",
        "村",
        "镇",
        "乡",
        "小区",
        "巷",
        "弄",
        "胡同",
        "桥",
        "新村",
        "花园",
        "花苑",
        "家园",
        "公寓",
        "大楼",
        "广场",
        "宾馆",
        "饭店",
        "公园",
        "医院",
        "学校",
        "大学",
        "学院",
        "中学",
        "小学",
        "幼儿园",
        "站",
        "地铁",
        "银行",
        "商场",
        "商城",
        "超市",
        "市场",
        "国际",
        "号",
        "社区",
        "国道",
        "高速",
        "机场",
        "火车",
        "高铁",
        "名苑",
        "名城",
        "新城",
        "道",
    ];
    let Some(next) = text.get(end) else { return false };
    if next.is_gap() {
        return false;
    }
    if NEXT.iter().any(|word| goes_on(text, end, word)) {
        return true;
    }
    // 南京东路, 中山南二路, 广州大道中, 北京西大街.
    let turns = text[end..].iter().take(3).take_while(|glyph| is_turn(glyph.char)).count();
    turns > 0 && (1..=turns).any(|turn| is_road(text, end + turn))
}

fn is_turn(char: char) -> bool {
    matches!(
        char,
        '东' | '西'
            | '南'
            | '北'
            | '中'
            | '前'
            | '后'
            | '内'
            | '外'
            | '上'
            | '下'
            | '新'
            | '老'
            | '大'
            | '横'
            | '支'
    ) || "一二三四五六七八九十".contains(char)
}

fn is_road(text: &[Glyph], at: usize) -> bool {
    ["路", "街", "大道", "巷", "道"].iter().any(|word| goes_on(text, at, word))
}
