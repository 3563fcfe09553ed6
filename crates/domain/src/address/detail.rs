//! Whether what follows the regions names a door: a number with something it belongs to, or a place known by name.
//!
//! Accepted without a number: a named compound, building, school, hospital, firm, market or village (a village
//! house often has none). Not accepted: a road alone, a town alone, a landmark, a number alone.

use super::glyph::{Glyph, is_han};
use super::spelling::goes_on;
use super::{Reason, note, numeral};

/// What is wrong with a detail, or nothing.
pub(super) fn fault(text: &[Glyph]) -> Option<Reason> {
    let seen = Survey::of(text);
    if seen.door {
        return if seen.name >= 2 { None } else { Some(Reason::NoStreet) };
    }
    if let Some(end) = seen.landmark {
        // 人民医院对面 is near a place; 路口西溪花园 is a place near a crossing.
        let place_after = names_a_place(&text[end..]);
        return if place_after { None } else { Some(Reason::LandmarkOnly) };
    }
    if names_a_place(text) {
        return None;
    }
    Some(if seen.road { Reason::NoHouseNumber } else { Reason::NoStreet })
}

/// Whether a text is about a street at all, so that of several parts the right one is taken.
pub(super) fn is_street(text: &[Glyph]) -> bool {
    let seen = Survey::of(text);
    seen.road || (seen.door && seen.name >= 2) || names_a_place(text)
}

#[derive(Default)]
struct Survey {
    /// A number of a house, building, unit or room.
    door: bool,
    /// Characters that could be a name.
    name: usize,
    road: bool,
    /// Where the last word like 附近 ends.
    landmark: Option<usize>,
}

impl Survey {
    fn of(text: &[Glyph]) -> Self {
        let mut seen = Self::default();
        let mut at = 0;
        while let Some(glyph) = text.get(at) {
            if note::opens(text, at).is_some() {
                at = after_note(text, at);
                continue;
            }
            let digits = run(text, at, |char| char.is_ascii_digit());
            if digits > 0 {
                at += digits;
                seen.number(text, at);
                continue;
            }
            let numerals = run(text, at, numeral::is_numeral);
            if numerals > 0 && is_numbered(text, at + numerals) {
                seen.door = true;
                at += numerals;
                continue;
            }
            seen.letter(text, at, glyph.char);
            at += 1;
        }
        seen
    }

    /// Takes the number that ends at `end`.
    fn number(&mut self, text: &[Glyph], end: usize) {
        const OF_A_ROAD: [&str; 6] = ["国道", "省道", "县道", "乡道", "号线", "高速"];
        const NO_HOUSE: [&str; 12] =
            ["米", "公里", "千米", "分钟", "点", "元", "斤", "年", "月", "m", "M", "路公交"];
        let goes = |words: &[&str]| words.iter().any(|word| goes_on(text, end, word));
        if goes(&OF_A_ROAD) {
            self.road = true;
        } else if !goes(&NO_HOUSE) {
            self.door = true;
        }
    }

    fn letter(&mut self, text: &[Glyph], at: usize, char: char) {
        let next = text.get(at + 1).map(|glyph| glyph.char);
        match char {
            'A'..='Z' | 'a'..='z' => {
                self.door |= matches!(next, Some('座' | '栋' | '幢' | '楼' | '区' | '单'));
            }
            '路' if next == Some('口') => {}
            '路' | '巷' | '弄' => self.road = true,
            '街' => self.road |= next != Some('道'),
            '道' => self.road |= at > 0 && text[at - 1].char != '街',
            '胡' => self.road |= next == Some('同'),
            _ => {}
        }
        let is_landmark = match char {
            '附' => next == Some('近'),
            '对' | '后' => next == Some('面'),
            '隔' => next == Some('壁'),
            '交' => matches!(next, Some('叉' | '汇' | '界')),
            '门' | '路' | '村' => next == Some('口'),
            '旁' => true,
            _ => false,
        };
        if is_landmark {
            self.landmark = Some((at + 2).min(text.len()));
        }
        let is_structure =
            matches!(char, '号' | '楼' | '栋' | '幢' | '座' | '室' | '单' | '元' | '层' | '组' | '户');
        self.name += usize::from(is_han(char) && !is_structure);
    }
}

fn run(text: &[Glyph], at: usize, is: impl Fn(char) -> bool) -> usize {
    text.get(at..).unwrap_or_default().iter().take_while(|glyph| is(glyph.char)).count()
}

/// Whether a Chinese numeral that ends here numbers a house: 三号楼, 二组; not 一西路.
fn is_numbered(text: &[Glyph], end: usize) -> bool {
    const WORDS: [&str; 13] =
        ["号", "栋", "幢", "座", "单元", "室", "楼", "层", "组", "队", "弄", "社", "大队"];
    WORDS.iter().any(|word| goes_on(text, end, word)) && !goes_on(text, end, "社区")
}

/// Where the text goes on after a note: at the next gap.
fn after_note(text: &[Glyph], at: usize) -> usize {
    at + 1 + text.iter().skip(at + 1).take_while(|glyph| !glyph.is_gap()).count()
}

/// What a named place is called after its name, most telling first.
static PLACES: &[&str] = &[
    "小区",
    "花园",
    "花苑",
    "家园",
    "公寓",
    "大厦",
    "大楼",
    "广场",
    "学校",
    "大学",
    "学院",
    "中学",
    "小学",
    "幼儿园",
    "医院",
    "卫生院",
    "卫生所",
    "社区",
    "新村",
    "村",
    "屯",
    "庄",
    "寨",
    "苑",
    "庭",
    "府",
    "公馆",
    "山庄",
    "别墅",
    "酒店",
    "宾馆",
    "饭店",
    "公司",
    "集团",
    "厂",
    "市场",
    "超市",
    "商场",
    "商城",
    "商行",
    "店",
    "银行",
    "政府",
    "派出所",
    "检察院",
    "法院",
    "园区",
    "工业园",
    "产业园",
    "科技园",
    "中心",
    "驿站",
    "车站",
    "机场",
    "营房",
    "部队",
    "农场",
    "林场",
    "组",
    "湾",
    "名城",
    "国际城",
    "局",
];

/// Whether a place that a courier knows by its name is named: 西溪花园, 李家村, 第一中学; not 小区 or 学校 alone.
fn names_a_place(text: &[Glyph]) -> bool {
    let mut named = 0;
    let mut at = 0;
    while let Some(glyph) = text.get(at) {
        if note::opens(text, at).is_some() {
            (named, at) = (0, after_note(text, at));
            continue;
        }
        if named > 0 && PLACES.iter().any(|place| goes_on(text, at, place)) {
            return true;
        }
        // A town has one of each.
        const OF_A_TOWN: [&str; 5] = ["政府", "派出所", "卫生院", "中学", "中心小学"];
        let after_town = at > 0 && matches!(text[at - 1].char, '镇' | '乡');
        if after_town && OF_A_TOWN.iter().any(|place| goes_on(text, at, place)) {
            return true;
        }
        let ends_a_name =
            matches!(glyph.char, '路' | '街' | '道' | '镇' | '乡' | '巷' | '弄' | '的' | '那' | '某');
        named = if is_han(glyph.char) && !ends_a_name { named + 1 } else { 0 };
        at += 1;
    }
    false
}
