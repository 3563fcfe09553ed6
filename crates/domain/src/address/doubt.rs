//! What can be wrong with the regions of an address: they contradict each other, are not there, or do not
//! reach far enough. Conflicts come first; leaves out the street.

use super::Reason;
use super::chain::Chain;
use super::glyph::{Glyph, is_han};
use super::read::Head;
use super::spelling::{goes_on, zone};
use super::table::{At, Level, Regions};

/// Towns that are called districts where the city has no districts.
const TOWN_DISTRICTS: [&str; 9] =
    ["东城区", "南城区", "莞城区", "万江区", "石岐区", "东区", "西区", "南区", "镜铁区"];
impl Regions {
    /// What is wrong with the regions, or nothing.
    pub(super) fn doubt(&self, text: &[Glyph], head: &Head) -> Option<Reason> {
        self.clash(text, head)
            .or_else(|| self.second_address(text, head))
            .or_else(|| self.several(head))
            .or_else(|| self.strange_province(text, head))
            .or_else(|| self.unsure(text, head))
            .or_else(|| self.too_short(text, head))
    }

    /// A name right after the others that lies elsewhere.
    fn clash(&self, text: &[Glyph], head: &Head) -> Option<Reason> {
        let next = self.chain(text, head.chain.end, None);
        let others = next.leads_to(self);
        let first = *others.all().first()?;
        let known = self.row(head.region);
        // 江苏省杭州文一路: a bare city right after a province is a city.
        let bare_city = known.level == Level::Province && self.row(first).level == Level::City;
        if !next.is_sure() && !bare_city {
            return None;
        }
        let related =
            |other: At| head.equals.iter().any(|it| self.contains(*it, other) || self.contains(other, *it));
        if others.all().iter().any(|it| related(*it)) {
            return None;
        }
        let name = self.row(first).name;
        if known.level == Level::City && !known.has_parts && TOWN_DISTRICTS.contains(&name) {
            return None;
        }
        Some(self.contradiction(head.region, others.all(), next))
    }

    fn contradiction(&self, known: At, others: &[At], chain: Chain) -> Reason {
        let [province, city, _] = self.path(others[0]);
        let [our_province, our_city, our_district] = self.path(known);
        let known_row = self.row(known);
        let other = self.row(others[0]);
        if known_row.level == Level::District && our_city == city {
            return Reason::TwoRegions { first: our_district, second: other.name };
        }
        // 杭州市浦东新区 named one district; 浙江省上海市 named another province.
        let is_one_district = other.level == Level::District && chain.mentions == 1;
        let said_city = !is_one_district;
        if other.level == Level::Province || (province == city && !is_one_district) {
            Reason::TwoRegions { first: our_province, second: province }
        } else if said_city && known_row.level == Level::Province {
            Reason::CityElsewhere { name: city, lies_in: province, not_in: our_province }
        } else if said_city {
            Reason::TwoRegions { first: our_city, second: city }
        } else if known_row.level == Level::District {
            Reason::TwoRegions { first: our_district, second: other.name }
        } else {
            let lies_in = others.iter().map(|it| self.path(*it)[1]).collect();
            Reason::DistrictElsewhere { name: other.name, lies_in, not_in: known_row.name }
        }
    }

    /// A whole second chain that leads elsewhere, further on in the text.
    fn second_address(&self, text: &[Glyph], head: &Head) -> Option<Reason> {
        for at in head.chain.end + 1..text.len() {
            let chain = self.chain(text, at, None);
            if chain.mentions < 2 || chain.full < 2 {
                continue;
            }
            let found = chain.leads_to(self);
            let related =
                |other: &At| self.contains(*other, head.region) || self.contains(head.region, *other);
            if !found.all().iter().any(related) {
                let second = self.row(*found.all().first()?).name;
                return Some(Reason::TwoAddresses { first: self.row(head.region).name, second });
            }
        }
        None
    }

    fn several(&self, head: &Head) -> Option<Reason> {
        if head.equals.len() < 2 {
            return None;
        }
        let names: Vec<&str> = head.equals.iter().map(|it| self.row(*it).name).collect();
        let name = names[0];
        if names.iter().any(|other| *other != name) {
            return Some(Reason::Either { names });
        }
        let places = head.equals.iter().map(|it| self.path(*it)[1]).collect();
        Some(Reason::Ambiguous { name, places })
    }

    /// 火星省杭州市: something called a province stands before.
    fn strange_province(&self, text: &[Glyph], head: &Head) -> Option<Reason> {
        let before = text[..head.start].iter().rev().take_while(|glyph| is_han(glyph.char)).count();
        let name: String = text[head.start - before..head.start].iter().map(|glyph| glyph.char).collect();
        ((3..=8).contains(&before) && (name.ends_with('省') || name.ends_with("自治区")))
            .then_some(Reason::NoSuchRegion { name, within: "" })
    }

    /// A county by one bare word could be anything, 凤凰古城 is not in 凤凰县, unless a town follows: 昆山花桥镇.
    fn unsure(&self, text: &[Glyph], head: &Head) -> Option<Reason> {
        let row = self.row(head.region);
        let is_county = row.level == Level::District || row.code / 100 % 100 == 90;
        let is_town = |at: usize| ["镇", "乡", "街道"].iter().any(|town| goes_on(text, at, town));
        let town_follows = (head.chain.end + 2..head.chain.end + 6).any(is_town);
        (is_county && !town_follows && !head.chain.is_sure())
            .then(|| Reason::Unsure { region: self.path(head.region).concat() })
    }

    fn too_short(&self, text: &[Glyph], head: &Head) -> Option<Reason> {
        let row = self.row(head.region);
        let is_city = row.level == Level::City || self.is_its_own_city(head.region);
        match row.level {
            Level::District => return None,
            Level::City if !row.has_parts => return None,
            Level::City | Level::Province => {}
        }
        let at = self.after_fillers(text, head.chain.end, Some(head.region));
        if is_city && zone(text, at).is_some() {
            return None;
        }
        let gone = self.divided.iter().find(|it| it.city == head.region && goes_on(text, at, it.name));
        if let Some(gone) = gone {
            return Some(Reason::Divided { name: gone.name, now: gone.now.clone() });
        }
        self.region_like(text, at, Some(head.region)).or(Some(if is_city {
            Reason::DistrictMissing { city: row.name }
        } else {
            Reason::CityMissing { province: row.name }
        }))
    }

    /// Something at `at` that is written like a region and is none; without a region around it only 火星省 and 火星市.
    pub(super) fn region_like(&self, text: &[Glyph], at: usize, within: Option<At>) -> Option<Reason> {
        let at = at + text.get(at..)?.iter().take_while(|glyph| glyph.is_gap()).count();
        let name: Vec<char> =
            text[at..].iter().take(8).map(|glyph| glyph.char).take_while(|char| is_han(*char)).collect();
        let classes: &[char] = match within {
            None => &['省', '市'],
            Some(it) if self.row(it).level == Level::City || self.is_its_own_city(it) => {
                &['区', '县', '市', '旗']
            }
            Some(_) => &['市', '州', '盟', '区', '县', '旗'],
        };
        for end in 2..name.len() {
            let market = name[end] == '市' && matches!(name.get(end + 1), Some('场' | '政' | '民'));
            if matches!(name[end], '路' | '街' | '道' | '镇' | '乡' | '村' | '巷' | '弄' | '号')
                || (name[end] == '区' && is_part_of_a_town(name[end - 1]))
                || market
            {
                return None;
            }
            if classes.contains(&name[end]) {
                let within = within.map_or("", |it| self.row(it).name);
                return Some(Reason::NoSuchRegion { name: name[..=end].iter().collect(), within });
            }
        }
        None
    }
}

/// 小区, 园区, 开发区, 住宅区 are no districts.
fn is_part_of_a_town(before: char) -> bool {
    "小社园校厂景片发宅活业军务".contains(before)
}
