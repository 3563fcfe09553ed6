//! The regions of China as a tree, built once from the embedded table; leaves out how a text is matched to it.
//!
//! Towns and villages are not in it. A municipality is a province with one city of its own name.

use std::sync::OnceLock;

use super::names::{Form, Names};

const REGIONS: &str = include_str!("../../../../assets/regions/regions.csv");
const FORMER: &str = include_str!("../../../../assets/regions/former.csv");

/// Place of a region in the table.
pub(super) type At = u16;

/// How deep a region lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// 省、自治区、直辖市、特别行政区.
    Province,
    /// 地级市、自治州、地区、盟, and counties directly under a province.
    City,
    /// 区、县、县级市、旗.
    District,
}

/// One region.
#[derive(Debug)]
pub struct Region {
    /// Six digits as in GB/T 2260, but for rows the table remarks on.
    pub code: u32,
    /// Full official form.
    pub name: &'static str,
    /// How deep it lies.
    pub level: Level,
    pub(super) parent: Option<At>,
    pub(super) has_parts: bool,
}

/// A district whose name is gone and whose ground was divided.
#[derive(Debug)]
pub(super) struct Divided {
    pub(super) city: At,
    pub(super) name: &'static str,
    pub(super) now: Vec<&'static str>,
}

/// All regions, and every name they are written by.
#[derive(Debug)]
pub struct Regions {
    pub(super) rows: Vec<Region>,
    pub(super) names: Names,
    pub(super) divided: Vec<Divided>,
}

impl Regions {
    /// The embedded table; it is read at the first call.
    #[must_use]
    pub fn built_in() -> &'static Self {
        static BUILT_IN: OnceLock<Regions> = OnceLock::new();
        BUILT_IN.get_or_init(|| Self::parse(REGIONS, FORMER))
    }

    /// Every region, by code.
    #[must_use]
    pub fn all(&self) -> &[Region] {
        &self.rows
    }

    fn parse(regions: &'static str, former: &'static str) -> Self {
        let cells = |line: &'static str| {
            let mut cells = line.split(',').map(str::trim);
            [(); 4].map(|()| cells.next().unwrap_or_default())
        };
        let mut rows: Vec<Region> = Vec::with_capacity(4_096);
        let mut names = Vec::with_capacity(8_192);
        let (mut province, mut city) = (None, None);
        for [code, name, short, remark] in regions.lines().skip(1).map(cells) {
            let code = number(code);
            let (level, parent) = place(code, province, city);
            let at = At::try_from(rows.len()).unwrap_or(At::MAX);
            match level {
                Level::Province => (province, city) = (Some(at), None),
                Level::City => city = Some(at),
                Level::District => {}
            }
            if let Some(parent) = parent.and_then(|parent| rows.get_mut(usize::from(parent))) {
                // 三沙 has only island groups, which nobody writes as districts.
                parent.has_parts |= level == Level::City || remark != "statistics";
            }
            names.push((name, at, Form::Full));
            let form = if remark == "statistics" { Form::Within } else { Form::Short };
            names.extend(short.split('/').filter(|it| !it.is_empty()).map(|short| (short, at, form)));
            rows.push(Region { code, name, level, parent, has_parts: false });
        }
        let mut divided = Vec::new();
        for [city, name, now, _] in former.lines().skip(1).map(cells) {
            let of = |code: &str| rows.binary_search_by_key(&number(code), |row| row.code).ok();
            let now: Vec<usize> = now.split('/').filter_map(of).collect();
            match (&now[..], of(city).and_then(|city| At::try_from(city).ok())) {
                ([one], _) => {
                    // A city's former name is as good as a full one; a district's may be another's today.
                    let is_city = rows[*one].level == Level::City;
                    let form = if is_city { Form::Full } else { Form::Within };
                    names.extend(At::try_from(*one).map(|at| (name, at, form)));
                }
                (many, Some(city)) => {
                    divided.push(Divided { city, name, now: many.iter().map(|at| rows[*at].name).collect() });
                }
                (_, None) => {}
            }
        }
        Self { names: Names::new(names), rows, divided }
    }

    pub(super) fn row(&self, at: At) -> &Region {
        &self.rows[usize::from(at)]
    }

    /// Whether `outer` is `inner` or lies around it.
    pub(super) fn contains(&self, outer: At, inner: At) -> bool {
        let mut at = Some(inner);
        while let Some(inner) = at {
            if inner == outer {
                return true;
            }
            at = self.row(inner).parent;
        }
        false
    }

    /// Province, city and district around and with a region; a municipality names its city too.
    pub(super) fn path(&self, at: At) -> [&'static str; 3] {
        let mut path = [""; 3];
        let mut next = Some(at);
        while let Some(at) = next {
            let row = self.row(at);
            path[row.level as usize] = row.name;
            next = row.parent;
        }
        if path[1].is_empty() && self.is_its_own_city(at) {
            path[1] = path[0];
        }
        path
    }

    /// Whether a province is one city: 北京市, 香港特别行政区.
    pub(super) fn is_its_own_city(&self, at: At) -> bool {
        let below = self.rows.get(usize::from(at) + 1);
        below.is_some_and(|city| city.parent == Some(at) && city.name == self.row(at).name)
    }
}

fn number(code: &str) -> u32 {
    code.parse().unwrap_or(0)
}

/// The level a code speaks of, and what it lies in, where rows come sorted by code.
fn place(code: u32, province: Option<At>, city: Option<At>) -> (Level, Option<At>) {
    if code.is_multiple_of(10_000) {
        (Level::Province, None)
    } else if code.is_multiple_of(100) || code / 100 % 100 == 90 {
        (Level::City, province)
    } else {
        (Level::District, city)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows_at(level: Level) -> usize {
        Regions::built_in().all().iter().filter(|row| row.level == level).count()
    }

    #[test]
    fn the_table_has_every_province_city_and_district_with_its_parent() {
        assert_eq!(rows_at(Level::Province), 34);
        let regions = Regions::built_in();
        for row in regions.all() {
            assert!(row.code >= 110_000 && row.name.chars().count() >= 2, "{row:?}");
            assert_eq!(row.parent.is_none(), row.level == Level::Province, "{row:?}");
            let parent = row.parent.map(|parent| regions.row(parent));
            assert!(parent.is_none_or(|it| it.code / 10_000 == row.code / 10_000), "{row:?} {parent:?}");
        }
        assert!(regions.all().is_sorted_by_key(|row| row.code));
        assert!(rows_at(Level::City) > 330 && rows_at(Level::District) > 2_900);
    }

    #[test]
    fn cities_without_districts_have_none_in_the_table() {
        let regions = Regions::built_in();
        for name in ["东莞市", "中山市", "儋州市", "嘉峪关市", "三沙市", "济源市", "石河子市", "神农架林区"]
        {
            let city = regions.all().iter().find(|row| row.name == name && row.level == Level::City);
            assert!(city.is_some_and(|city| !city.has_parts), "{name}: {city:?}");
        }
    }

    #[test]
    fn no_pseudo_row_is_left() {
        let pseudo = |row: &&Region| row.name.contains("辖县") || row.name == "市辖区" || row.name == "县";
        assert_eq!(Regions::built_in().all().iter().find(pseudo).map(|row| row.name), None);
    }

    #[test]
    fn a_former_name_is_gone_from_its_city_and_its_heirs_are_in_the_table() {
        let regions = Regions::built_in();
        for line in FORMER.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [city, former, now, _] = cells[..] else { panic!("four cells: {line}") };
            let under = |row: &Region| row.code / 100 == number(city) / 100;
            assert!(!regions.all().iter().any(|row| under(row) && row.name == former), "{line}");
            for code in now.split('/') {
                assert!(regions.all().iter().any(|row| row.code == number(code)), "{line}");
            }
        }
    }
}
