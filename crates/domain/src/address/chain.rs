//! A chain of region names, as it opens an address: 浙江省 杭州市 余杭区, in whatever spelling.
//!
//! Names may be short, repeated, or left out; each must be in, or around, the ones before. Leaves out what a
//! name that fits nowhere means.

use super::glyph::{Glyph, WALL};
use super::names::{Form, Name};
use super::spelling::{classes, goes_on, is_of_something, is_part_of_a_name, is_too_plain, zone};
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

/// Where in a chain the next name stands.
#[derive(Clone, Copy)]
struct Step {
    /// How many names came before.
    depth: u8,
    /// Whether the last of them had been said already.
    again: bool,
}

/// What was followed from one place: to which region, to which end, in full or short.
#[derive(Default)]
struct Followed {
    ways: [(At, usize, bool); 8],
    len: usize,
}

impl Followed {
    /// Whether this way was taken before; notes it. Beyond eight ways nothing is noted, and few names have as many.
    fn was(&mut self, way: (At, usize, bool)) -> bool {
        if self.ways[..self.len].contains(&way) {
            return true;
        }
        if let Some(slot) = self.ways.get_mut(self.len) {
            *slot = way;
            self.len += 1;
        }
        false
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
        self.follow(text, from, known, Step { depth: 0, again: false })
    }

    fn follow(&self, text: &[Glyph], from: usize, known: Option<At>, step: Step) -> Chain {
        let mut best =
            Chain { end: from, found: known.map(Found::one).unwrap_or_default(), ..Chain::default() };
        if step.depth == MENTIONS_MAX {
            return best;
        }
        let start = self.after_fillers(text, from, known);
        // 临夏 is three regions; said nine times it must not be followed along three to the ninth paths.
        let mut followed = Followed::default();
        self.mentions(text, start, known, |mention| {
            let (deepest, again) = match known {
                None => (mention.region, false),
                Some(known) if self.contains(mention.region, known) => (known, true),
                Some(known) if self.contains(known, mention.region) => (mention.region, false),
                Some(_) => return,
            };
            // 上海浦东 上海中心: a short name said again counts only in a second chain, which a gap sets apart.
            let bare_again = again && !mention.full && !step.again;
            if bare_again && start == from {
                return;
            }
            if followed.was((deepest, mention.end, mention.full)) {
                return;
            }
            let mut next =
                self.follow(text, mention.end, Some(deepest), Step { depth: step.depth + 1, again });
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

    /// The end of a zone that stands between a city and its district: 成都市天府新区双流区.
    fn after_zone(&self, text: &[Glyph], at: usize, known: Option<At>) -> Option<usize> {
        let known = known.filter(|it| self.row(*it).level < Level::District)?;
        let end = zone(text, at)?;
        self.goes_on_inside(text, end, known).then_some(end)
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
            if let Some(end) = self.after_zone(text, at, known) {
                at = end;
                continue;
            }
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
            // 九龙 of Hong Kong is not the beginning of 九龙城区.
            let Some(filler) = filler.filter(|it| **it != "九龙" || !goes_on(text, at, "九龙城")) else {
                return at;
            };
            at += filler.chars().count();
        }
    }
}
