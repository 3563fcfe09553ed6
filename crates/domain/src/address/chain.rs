//! A chain of region names, as it opens an address: 浙江省 杭州市 余杭区, in whatever spelling.
//!
//! Names may be short, repeated, or left out; each must be in, or around, the ones before. Leaves out what a
//! name that fits nowhere means.

use super::glyph::{Glyph, WALL, is_han};
use super::names::{Form, Name};
use super::table::{At, Level, Regions};

/// 浙江省 杭州市 余杭区 three times over is written by forms that glue columns together; nobody writes more.
const MENTIONS_MAX: u8 = 9;

/// What a chain leads to: one region, or several that the words fit equally.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Found {
    regions: [At; 8],
    len: u8,
}

impl Found {
    fn one(region: At) -> Self {
        let mut found = Self::default();
        found.add(region);
        found
    }

    fn add(&mut self, region: At) {
        let room = usize::from(self.len) < self.regions.len();
        if room && !self.all().contains(&region) {
            self.regions[usize::from(self.len)] = region;
            self.len += 1;
        }
    }

    pub(super) fn all(&self) -> &[At] {
        &self.regions[..usize::from(self.len)]
    }
}

/// The names that stand at a place, one after the other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Chain {
    /// Where the text goes on.
    pub(super) end: usize,
    /// Characters that are names; the reading that explains most wins.
    chars: usize,
    /// How many names.
    pub(super) mentions: u8,
    /// How many of them are in full form.
    pub(super) full: u8,
    found: Found,
}

impl Chain {
    /// Whether it can hardly be anything but regions: two names that fit, or one in full.
    pub(super) fn is_sure(&self) -> bool {
        self.mentions >= 2 || self.full >= 1
    }

    /// The regions it leads to. 大理 is the prefecture before it is the city in it, and 海南 the province before
    /// the prefecture, so only those on the highest level stay.
    pub(super) fn leads_to(&self, regions: &Regions) -> Found {
        let level = |at: &At| regions.row(*at).level;
        let highest = self.found.all().iter().map(level).min();
        let mut found = Found::default();
        self.found.all().iter().filter(|at| Some(level(at)) == highest).for_each(|at| found.add(*at));
        found
    }

    fn take(&mut self, other: Self) {
        if other.chars > self.chars {
            *self = other;
        } else if other.chars == self.chars && other.chars > 0 {
            other.found.all().iter().for_each(|at| self.found.add(*at));
            self.full = self.full.max(other.full);
        }
    }
}

/// One name at a place.
struct Mention {
    region: At,
    full: bool,
    end: usize,
}

impl Regions {
    /// The chain that begins at `from`, in or around what is known already.
    pub(super) fn chain(&self, text: &[Glyph], from: usize, known: Option<At>) -> Chain {
        self.follow(text, from, known, 0)
    }

    fn follow(&self, text: &[Glyph], from: usize, known: Option<At>, depth: u8) -> Chain {
        let mut best =
            Chain { end: from, found: known.map(Found::one).unwrap_or_default(), ..Chain::default() };
        if depth == MENTIONS_MAX {
            return best;
        }
        let start = self.after_fillers(text, from, known);
        self.mentions(text, start, known, |mention| {
            let (deepest, again) = match known {
                None => (mention.region, false),
                Some(known) if self.contains(mention.region, known) => (known, true),
                Some(known) if self.contains(known, mention.region) => (mention.region, false),
                Some(_) => return,
            };
            // 上海浦东 上海中心: a short name said again counts only at the start of a second chain.
            let bare_again = again && !mention.full;
            if bare_again && start == from {
                return;
            }
            let mut next = self.follow(text, mention.end, Some(deepest), depth + 1);
            if bare_again && next.mentions == 0 {
                return;
            }
            next.chars += mention.end - start;
            next.mentions += 1;
            next.full += u8::from(mention.full);
            best.take(next);
        });
        best
    }

    /// Every name that stands at `start`, in each form it may be read in.
    fn mentions(&self, text: &[Glyph], start: usize, known: Option<At>, mut take: impl FnMut(Mention)) {
        let full_end = |name: &&Name| name.form == Form::Full;
        let is_full =
            |end: usize| self.names.at(text, start).filter(full_end).any(|it| start + it.text.len() == end);
        for name in self.names.at(text, start) {
            let region = name.region;
            let end = start + name.text.len();
            let inside = known.is_some_and(|known| self.contains(known, region));
            // 唐山市路南区 is not a road called 唐山市路: what lies inside may follow.
            let inner = |it: &Name| it.region != region && self.contains(region, it.region);
            let is_other = |end: usize| is_of_something(text, end) && !self.names.at(text, end).any(inner);
            let mut mention = |full, end| take(Mention { region, full, end });
            match name.form {
                Form::Full if is_too_plain(&name.text) && !inside => {}
                Form::Full if !is_other(end) => mention(true, end),
                Form::Within if inside && self.is_in_a_city(known) && !is_other(end) => mention(true, end),
                Form::Full | Form::Within => {}
                Form::Short => {
                    let row = self.row(region);
                    // 新城市广场 is not 新城 + 市: a district under another class must be in what is known.
                    let classes =
                        if row.level == Level::District && !inside { &[] } else { classes(row.level) };
                    let class = classes.iter().find(|class| goes_on(text, end, class));
                    let classed = class.map(|class| end + class.chars().count());
                    if let Some(end) = classed
                        && !is_full(end)
                        && !is_other(end)
                    {
                        mention(true, end);
                        continue;
                    }
                    let is_word = is_of_something(text, end) || is_part_of_a_name(text, end);
                    // 青岛市南区 is 青岛 + 市南区, though 青岛市 is a name too.
                    if (classed.is_none() && !is_word) || self.names.at(text, end).any(inner) {
                        mention(false, end);
                    }
                }
            }
        }
    }

    /// 桥西区 of old 邢台 is not meant where only 河北省 is known.
    fn is_in_a_city(&self, known: Option<At>) -> bool {
        known.is_some_and(|it| self.row(it).level > Level::Province || self.is_its_own_city(it))
    }

    /// Whether a region inside another is named at `at`, or after one gap.
    fn goes_on_inside(&self, text: &[Glyph], at: usize, outer: At) -> bool {
        let at = at + usize::from(text.get(at).is_some_and(|glyph| glyph.is_gap()));
        self.names.at(text, at).any(|name| self.contains(outer, name.region))
    }

    /// Skips gaps and words that stand between regions without being one.
    pub(super) fn after_fillers(&self, text: &[Glyph], from: usize, known: Option<At>) -> usize {
        let mut at = from;
        loop {
            while text.get(at).is_some_and(|glyph| glyph.is_gap() && glyph.char != WALL) {
                at += 1;
            }
            let Some(glyph) = text.get(at) else { return at };
            let fillers: &[&str] = match glyph.char {
                '中' => &["中华人民共和国", "中国"],
                '省' => {
                    &["省直辖县级行政区划", "省直辖县级行政单位", "省直辖行政单位", "省直辖县", "省直辖"]
                }
                '自' => &["自治区直辖县级行政区划", "自治区直辖县级行政单位", "自治区直辖县"],
                '直' => &["直辖县级行政区划", "直辖县级行政单位", "直辖县级", "直辖县"],
                '市' => &["市辖区", "市辖县"],
                '其' => &["其他区", "其它区"],
                // 重庆市 县 云阳县: the column of a table, not the beginning of a name.
                '县' if known
                    .is_some_and(|it| self.is_its_own_city(it) && self.goes_on_inside(text, at + 1, it)) =>
                {
                    &["县"]
                }
                '香' | '九' | '新' if known.is_some_and(|it| self.row(it).code / 10_000 == 81) => {
                    &["香港岛", "九龙", "新界"]
                }
                _ => &[],
            };
            let filler = fillers.iter().find(|filler| goes_on(text, at, filler));
            // 中国 opens an address; 九龙城区 and 中国大道 are names.
            let Some(filler) = filler.filter(|it| **it != "九龙" || !goes_on(text, at, "九龙城")) else {
                return at;
            };
            at += filler.chars().count();
        }
    }
}

/// Whether the text at `at` begins with a word.
pub(super) fn goes_on(text: &[Glyph], at: usize, word: &str) -> bool {
    let rest = text.get(at..).unwrap_or_default();
    let mut glyphs = rest.iter();
    word.chars().all(|char| glyphs.next().is_some_and(|glyph| glyph.char == char))
}

/// Classes people give a region beside its own: 广西省, 延边州, and 富阳市 long after it became a district.
fn classes(level: Level) -> &'static [&'static str] {
    match level {
        Level::Province => &["特别行政区", "特区", "自治区", "省"],
        Level::City => &["自治州", "地区", "州", "盟", "市"],
        Level::District => &["自治县", "林区", "新区", "区", "市", "县", "旗"],
    }
}

/// 东区 and 城区 are parts of anything, and regions only in their own city.
fn is_too_plain(name: &[char]) -> bool {
    matches!(name, ['东' | '西' | '南' | '北' | '中' | '城' | '郊' | '矿', '区'])
}

/// Whether even a name in full is the first part of another: 新城市场, 中山市大道.
fn is_of_something(text: &[Glyph], end: usize) -> bool {
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
fn is_part_of_a_name(text: &[Glyph], end: usize) -> bool {
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
