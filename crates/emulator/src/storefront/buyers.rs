//! Who buys in the show: invented people at real places and invented doors. No phone of China begins with 120, and
//! the streets exist nowhere.
//!
//! Some buy twice, a few write an address nobody can deliver to; most are what most buyers are.

use super::places::{PLACES, Place};

const FAMILY: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "林", "高", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田",
    "董", "袁", "潘", "蒋", "蔡", "余",
];
const GIVEN: [&str; 32] = [
    "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超",
    "秀", "霞", "平", "刚", "桂", "文", "辉", "玲", "健", "秋", "穗", "禾", "远", "波", "宁",
];
const STREETS: [&str; 12] = [
    "稻香路",
    "麦浪大道",
    "谷雨街",
    "禾苗巷",
    "晒场路",
    "碾坊街",
    "油坊路",
    "金穗大街",
    "仓廪路",
    "芒种街",
    "丰年路",
    "榨油巷",
];
/// One buyer in so many leaves out street and number.
const VAGUE: u64 = 250;
/// There are so many people and devices for each order.
const PEOPLE_PER_ORDER: u64 = 5;

/// A sequence of numbers that looks like chance and is the same for the same seed (SplitMix64).
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.next() % limit.max(1)
    }

    fn place(&mut self, length: usize) -> usize {
        usize::try_from(self.next() % length as u64).unwrap_or_default()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.place(of.len())]
    }
}

/// Somebody who buys one thing.
pub struct Buyer {
    /// The storefront's id of the person.
    pub id: String,
    /// The id of what it was ordered with.
    pub device: String,
    /// Full name.
    pub name: String,
    /// Eleven digits.
    pub phone: String,
    /// Province, city, district.
    pub place: (&'static str, &'static str, &'static str),
    /// Street, number and door.
    pub door: String,
    /// Which of the offers, counted around.
    pub chooses: usize,
}

/// All who might buy.
pub struct Crowd {
    draw: Draw,
    people: u64,
    places: Vec<&'static Place>,
}

impl Crowd {
    /// For so many orders.
    pub fn new(seed: u64, orders: usize) -> Self {
        let places = PLACES.iter().flat_map(|place| std::iter::repeat_n(place, place.orders_in_thousand));
        Self { draw: Draw(seed), people: orders as u64 * PEOPLE_PER_ORDER, places: places.collect() }
    }

    /// The next who buys.
    pub fn next_buyer(&mut self) -> Buyer {
        let draw = &mut self.draw;
        let person = draw.below(self.people);
        let place = self.places[draw.place(self.places.len())];
        let door = if draw.below(VAGUE) == 0 {
            "到了打电话".to_owned()
        } else {
            let (street, lane, house) = (draw.one(&STREETS), 1 + draw.below(400), 1 + draw.below(80));
            let (floor, room) = (1 + draw.below(32), 1 + draw.below(6));
            format!("{street}{lane}弄{house}号{floor}{room:02}室")
        };
        let second = if draw.below(3) == 0 { "" } else { draw.one(&GIVEN) };
        Buyer {
            id: format!("openid-{person:010}"),
            // A tenth order with what somebody else has ordered with before.
            device: format!(
                "device-{:010}",
                if draw.below(10) == 0 { draw.below(self.people) } else { person }
            ),
            name: format!("{}{}{second}", draw.one(&FAMILY), draw.one(&GIVEN)),
            phone: format!("120{:08}", person % 100_000_000),
            place: (place.province, place.city, place.district),
            door,
            chooses: draw.place(1 << 16),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_same_seed_sends_the_same_people() {
        let phones = |seed| {
            let mut crowd = Crowd::new(seed, 100);
            (0..50).map(|_| crowd.next_buyer().phone).collect::<Vec<_>>()
        };
        assert_eq!(phones(1), phones(1));
        assert_ne!(phones(1), phones(2));
    }

    #[test]
    fn orders_go_to_every_province_and_nearly_all_to_doors_of_their_own() {
        let mut crowd = Crowd::new(3, 20_000);
        let buyers: Vec<Buyer> = (0..20_000).map(|_| crowd.next_buyer()).collect();
        let provinces: BTreeSet<&str> = buyers.iter().map(|buyer| buyer.place.0).collect();
        assert_eq!(provinces.len(), 31);
        let doors: BTreeSet<(&str, &str)> = buyers.iter().map(|it| (it.place.2, it.door.as_str())).collect();
        assert!(doors.len() > 19_500, "{} doors", doors.len());
        assert!(buyers.iter().all(|buyer| buyer.phone.len() == 11 && buyer.phone.starts_with("120")));
    }
}
