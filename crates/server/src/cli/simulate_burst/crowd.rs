//! Who orders in a rehearsed show: invented people in every district there is. No phone of China begins with 120, and
//! the streets exist nowhere.
//!
//! A few of them are what the rules are for: an address nobody can deliver to, a payment that is not the price, an
//! order that is sent twice.

use super::company::{BUNDLE, PRICE_FEN, SHOW, districts};
use crate::incoming::{IncomingLine, IncomingOrder, IncomingState, Receiver};

const FAMILY: [&str; 16] =
    ["王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "林"];
const GIVEN: [&str; 16] =
    ["芳", "伟", "秀英", "敏", "静", "丽", "强", "磊", "军", "洋", "秋禾", "艳", "杰", "娟", "涛", "明"];
const STREETS: [&str; 8] =
    ["稻香路", "麦浪大道", "谷雨街", "禾苗巷", "碾坊街", "油坊路", "金穗大街", "芒种街"];
/// Every so many orders one is the order of a while ago once more, word for word.
const TWICE: u64 = 100;
const AGO: u64 = 50;
/// One address in so many says too little.
const VAGUE: u64 = 250;
/// One payment in so many is not the price.
const WRONG_SUM: u64 = 500;
/// People for each order: a few buy twice.
const PEOPLE: u64 = 5;

/// The orders of a show, each by its place.
pub struct Crowd {
    places: Vec<(&'static str, &'static str, &'static str)>,
    orders: u64,
    ordered_at_ms: i64,
}

impl Crowd {
    /// Of so many orders, made at one moment.
    pub fn new(orders: u64, ordered_at_ms: i64) -> Self {
        Self { places: districts(), orders, ordered_at_ms }
    }

    /// The place of the order that is sent at `place`: its own, or that of an earlier one.
    pub fn original(place: u64) -> u64 {
        if place % TWICE == TWICE - 1 { place - AGO } else { place }
    }

    /// The number of the order that is sent at `place`.
    pub fn number(place: u64) -> String {
        format!("B{:08}", Self::original(place))
    }

    /// The order that is sent at `place`.
    pub fn order(&self, place: u64) -> IncomingOrder {
        let mut draw = Draw(Self::original(place));
        let person = draw.below(self.orders * PEOPLE);
        let number = Self::number(place);
        let paid_fen = if draw.below(WRONG_SUM) == 0 { PRICE_FEN - 1_000 } else { PRICE_FEN };
        let line = IncomingLine {
            sub_order_no: format!("{number}-1"),
            merchant_code: BUNDLE.to_owned(),
            title: BUNDLE.to_owned(),
            spec: String::new(),
            qty: 1,
            paid_fen,
            gift: false,
        };
        IncomingOrder {
            channel: "shop".to_owned(),
            campaign: Some(SHOW.to_owned()),
            buyer: format!("openid-{person:010}"),
            device: format!("device-{person:010}"),
            order_no: number,
            paid_at_ms: Some(self.ordered_at_ms),
            created_at_ms: Some(self.ordered_at_ms),
            ship_by_ms: None,
            receiver: self.receiver(&mut draw, person),
            lines: vec![line],
            paid_fen,
            buyer_note: String::new(),
            seller_note: String::new(),
            state: IncomingState::Paid,
        }
    }

    fn receiver(&self, draw: &mut Draw, person: u64) -> Receiver {
        let (province, city, district) = draw.one(&self.places);
        let door = if draw.below(VAGUE) == 0 {
            "到了打电话".to_owned()
        } else {
            let (lane, house, room) = (1 + draw.below(400), 1 + draw.below(80), 101 + draw.below(3_200));
            format!("{}{lane}弄{house}号{room}室", draw.one(&STREETS))
        };
        Receiver {
            name: format!("{}{}", draw.one(&FAMILY), draw.one(&GIVEN)),
            phone: format!("120{:08}", person % 100_000_000),
            province: province.to_owned(),
            city: city.to_owned(),
            district: district.to_owned(),
            street: String::new(),
            detail: door,
        }
    }
}

/// A sequence of numbers that looks like chance and is the same for the same start (SplitMix64).
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

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len() as u64)).unwrap_or_default()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use liangcang_domain::address::Regions;

    #[test]
    fn an_order_sent_twice_is_the_same_word_for_word() {
        let crowd = Crowd::new(1_000, 7);
        assert_eq!(Crowd::number(199), Crowd::number(149));
        assert!(crowd.order(199) == crowd.order(149), "the content differs");
        assert!(crowd.order(198) != crowd.order(149), "every order is the same");
    }

    #[test]
    fn nearly_every_address_can_be_delivered_to() {
        let crowd = Crowd::new(20_000, 7);
        let regions = Regions::built_in();
        let good = |place: &u64| {
            let to = crowd.order(*place).receiver;
            regions.check(&to.province, &to.city, &to.district, &to.detail).reason.is_none()
        };
        let good = (0..20_000).filter(good).count();
        assert!((19_600..20_000).contains(&good), "{good} of 20,000");
    }
}
