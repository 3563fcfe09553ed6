//! How many of each offer a channel may show for sale, so that all that is shown together is there.
//!
//! An order is packed in one warehouse and draws on one quota, its channel's own or everybody's. So the stock is put
//! on shelves, one a warehouse and quota; everybody's is divided equally among the channels (those first by name get
//! the odd units), and a shelf among the offers by what is expected of each. Errs to the low side, never to the high:
//! an order that a split or a mixed shelf could serve is not counted. O(shelves × offers × parts).

use std::collections::{BTreeMap, BTreeSet};

use liangcang_domain::id::{SkuId, WarehouseId};
use serde::Serialize;

use crate::store::quota::QuotaRow;

/// An offer and what one of it takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferParts {
    /// SKU or bundle.
    pub code: String,
    /// How many are expected to be sold.
    pub expected: i64,
    /// Units of each SKU in one; none is below 1.
    pub parts: BTreeMap<SkuId, i64>,
}

/// Stock one channel may sell from one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Whose.
    pub channel: String,
    /// Where.
    pub warehouse: WarehouseId,
    /// The quota behind it: the channel's own, or empty for everybody's.
    pub quota_channel: String,
    /// Units of each SKU.
    pub units: BTreeMap<SkuId, i64>,
}

/// How many of each offer may be sold from a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelved {
    /// The shelf.
    pub shelf: Shelf,
    /// By offer code; offers of which there are none are left out.
    pub offers: BTreeMap<String, i64>,
}

/// What a channel may show for sale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sellable {
    /// SKU or bundle.
    pub code: String,
    /// How many.
    pub qty: i64,
}

/// Per channel, in their order, what each offer may be shown with: every offer is named, also at 0. Where no channel
/// is named anywhere there is one, empty: everybody.
#[must_use]
pub fn publishable(
    campaign_channel: &str,
    quotas: &[QuotaRow],
    offers: &[OfferParts],
) -> Vec<(String, Vec<Sellable>)> {
    let mut channels = BTreeMap::<String, BTreeMap<&str, i64>>::new();
    let none: BTreeMap<&str, i64> = offers.iter().map(|offer| (offer.code.as_str(), 0)).collect();
    for channel in channels_of(campaign_channel, quotas) {
        channels.insert(channel.to_owned(), none.clone());
    }
    let shelved = shelve(campaign_channel, quotas, offers);
    for Shelved { shelf, offers: found } in &shelved {
        let told = channels.entry(shelf.channel.clone()).or_default();
        for (code, qty) in found {
            *told.entry(code.as_str()).or_default() += qty;
        }
    }
    let told = |(code, qty): (&str, i64)| Sellable { code: code.to_owned(), qty };
    channels.into_iter().map(|(channel, offers)| (channel, offers.into_iter().map(told).collect())).collect()
}

/// The shelves behind [`publishable`], with what each may sell.
#[must_use]
pub fn shelve(campaign_channel: &str, quotas: &[QuotaRow], offers: &[OfferParts]) -> Vec<Shelved> {
    let shelves = shelves(campaign_channel, quotas).into_iter();
    shelves.map(|shelf| Shelved { offers: divide(&shelf.units, offers), shelf }).collect()
}

fn channels_of<'a>(campaign_channel: &'a str, quotas: &'a [QuotaRow]) -> BTreeSet<&'a str> {
    let mut channels: BTreeSet<&str> = quotas.iter().map(|row| row.channel.as_str()).collect();
    channels.insert(campaign_channel);
    if channels.len() > 1 {
        channels.remove("");
    }
    channels
}

fn shelves(campaign_channel: &str, quotas: &[QuotaRow]) -> Vec<Shelf> {
    let channels = channels_of(campaign_channel, quotas);
    // How many channels there are fits every integer: each is named by a row.
    let count = i64::try_from(channels.len()).unwrap_or(i64::MAX);
    let mut shelves = BTreeMap::<(&str, &WarehouseId, &str), BTreeMap<SkuId, i64>>::new();
    for row in quotas.iter().filter(|row| row.available() > 0) {
        for (rank, channel) in (0..).zip(&channels) {
            let units = match row.channel.as_str() {
                "" => row.available() / count + i64::from(rank < row.available() % count),
                own if own == *channel => row.available(),
                _ => 0,
            };
            if units > 0 {
                let shelf = shelves.entry((channel, &row.warehouse, &row.channel)).or_default();
                *shelf.entry(row.sku.clone()).or_default() += units;
            }
        }
    }
    let shelf = |((channel, warehouse, quota), units): ((&str, &WarehouseId, &str), _)| Shelf {
        channel: channel.to_owned(),
        warehouse: warehouse.clone(),
        quota_channel: quota.to_owned(),
        units,
    };
    shelves.into_iter().map(shelf).collect()
}

/// Divides a shelf among the offers: of each SKU every offer gets its share by what is expected of it, whole offers
/// are made of the shares, and what is left over goes to the offers most is expected of.
fn divide(units: &BTreeMap<SkuId, i64>, offers: &[OfferParts]) -> BTreeMap<String, i64> {
    // An offer nothing is expected of may still be sold.
    let weight = |offer: &OfferParts| i128::from(offer.expected.max(1));
    let mut asked = BTreeMap::<&SkuId, i128>::new();
    for offer in offers {
        for (sku, each) in &offer.parts {
            *asked.entry(sku).or_default() += weight(offer) * i128::from(*each);
        }
    }
    let mut rest = units.clone();
    let mut divided = BTreeMap::new();
    let mut give = |offer: &OfferParts, qty: i64, rest: &mut BTreeMap<SkuId, i64>| {
        if qty > 0 {
            *divided.entry(offer.code.clone()).or_default() += qty;
            for (sku, each) in &offer.parts {
                *rest.entry(sku.clone()).or_default() -= each * qty;
            }
        }
    };
    let on_shelf = |sku: &SkuId| units.get(sku).copied().unwrap_or_default();
    for offer in offers {
        let share = |sku| i128::from(on_shelf(sku)) * weight(offer) / asked[sku];
        let whole = offer.parts.keys().map(share).min().unwrap_or_default();
        give(offer, i64::try_from(whole).unwrap_or_default(), &mut rest);
    }
    let mut by_weight: Vec<&OfferParts> = offers.iter().collect();
    by_weight.sort_by(|a, b| (b.expected, &a.code).cmp(&(a.expected, &b.code)));
    for offer in by_weight {
        let left = |(sku, each): (&SkuId, &i64)| rest.get(sku).copied().unwrap_or_default() / each;
        let whole = offer.parts.iter().map(left).min().unwrap_or_default();
        give(offer, whole, &mut rest);
    }
    divided
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(warehouse: &str, sku: &str, channel: &str, set_aside: i64) -> QuotaRow {
        let (warehouse, sku, channel) = (warehouse.into(), sku.into(), channel.to_owned());
        QuotaRow { warehouse, sku, channel, set_aside, held: 0, settled: 0 }
    }

    fn offer(code: &str, expected: i64, parts: &[(&str, i64)]) -> OfferParts {
        let parts = parts.iter().map(|(sku, each)| ((*sku).into(), *each)).collect();
        OfferParts { code: code.into(), expected, parts }
    }

    fn table(channel: &str, quotas: &[QuotaRow], offers: &[OfferParts]) -> String {
        let line = |(channel, offers): (String, Vec<Sellable>)| {
            let offers: Vec<String> = offers.iter().map(|it| format!("{}={}", it.code, it.qty)).collect();
            format!("{}: {}", if channel.is_empty() { "*" } else { &channel }, offers.join(" "))
        };
        publishable(channel, quotas, offers).into_iter().map(line).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn a_bundle_may_be_shown_as_often_as_its_scarcest_part_allows_in_one_warehouse() {
        let gift = offer("GIFT", 10, &[("RICE", 2), ("OIL", 1)]);
        let quotas = [row("SH", "RICE", "", 9), row("SH", "OIL", "", 9), row("GZ", "RICE", "", 9)];
        assert_eq!(table("", &quotas, &[gift]), "*: GIFT=4");
    }

    #[test]
    fn offers_that_share_a_sku_share_it_by_what_is_expected_of_them() {
        let offers = [offer("GIFT", 30, &[("RICE", 1), ("OIL", 1)]), offer("RICE", 10, &[("RICE", 1)])];
        let quotas = [row("SH", "RICE", "", 100), row("SH", "OIL", "", 100)];
        assert_eq!(table("", &quotas, &offers), "*: GIFT=75 RICE=25");
        // What the bundle cannot use for want of oil is not lost.
        let quotas = [row("SH", "RICE", "", 100), row("SH", "OIL", "", 20)];
        assert_eq!(table("", &quotas, &offers), "*: GIFT=20 RICE=80");
    }

    #[test]
    fn everybodys_stock_is_divided_among_the_channels_and_a_channels_own_is_its_alone() {
        let offers = [offer("RICE", 1, &[("RICE", 1)])];
        let quotas =
            [row("SH", "RICE", "", 5), row("SH", "RICE", "douyin", 10), row("SH", "RICE", "shop", 1)];
        assert_eq!(table("", &quotas, &offers), "douyin: RICE=13; shop: RICE=3");
        assert_eq!(table("shop", &quotas[..1], &offers), "shop: RICE=5");
        assert_eq!(table("", &[], &offers), "*: RICE=0");
    }

    #[test]
    fn held_and_settled_units_are_not_shown() {
        let sold = QuotaRow { held: 3, settled: 2, ..row("SH", "RICE", "", 10) };
        assert_eq!(table("", &[sold], &[offer("RICE", 0, &[("RICE", 1)])]), "*: RICE=5");
    }

    proptest! {
        #[test]
        fn all_that_is_shown_together_never_exceeds_what_is_there(
            stock in proptest::collection::vec((0..3_usize, 0..3_usize, 0..4_usize, 0..60_i64, 0..9_i64), 0..25),
            offers in proptest::collection::vec((0..50_i64, proptest::collection::btree_map(0..3_usize, 1..5_i64, 1..4)), 1..6),
        ) {
            let skus = ["OIL", "RICE", "SOAP"];
            let mut quotas = BTreeMap::new();
            for (warehouse, sku, channel, set_aside, held) in stock {
                let place = (["GZ", "SH", "WH"][warehouse], skus[sku], ["", "douyin", "jd", "shop"][channel]);
                let held = held.min(set_aside);
                quotas.insert(place, QuotaRow { held, ..row(place.0, place.1, place.2, set_aside) });
            }
            let quotas: Vec<QuotaRow> = quotas.into_values().collect();
            let offers: Vec<OfferParts> = (0..).zip(offers).map(|(n, (expected, parts))| {
                let parts: Vec<_> = parts.into_iter().map(|(sku, each)| (skus[sku], each)).collect();
                offer(&format!("O{n}"), expected, &parts)
            }).collect();
            let mut used = BTreeMap::new();
            let mut by_channel = BTreeMap::new();
            for Shelved { shelf, offers: sold } in shelve("", &quotas, &offers) {
                for (code, qty) in sold {
                    prop_assert!(qty > 0);
                    *by_channel.entry((shelf.channel.clone(), code.clone())).or_insert(0) += qty;
                    for part in offers.iter().filter(|it| it.code == code).flat_map(|it| &it.parts) {
                        let place = (shelf.warehouse.clone(), part.0.clone(), shelf.quota_channel.clone());
                        *used.entry(place).or_insert(0) += part.1 * qty;
                    }
                }
            }
            for row in &quotas {
                let place = (row.warehouse.clone(), row.sku.clone(), row.channel.clone());
                prop_assert!(used.remove(&place).unwrap_or(0) <= row.available(), "{row:?}");
            }
            prop_assert!(used.is_empty(), "sold from nowhere: {used:?}");
            for (channel, shown) in publishable("", &quotas, &offers) {
                for Sellable { code, qty } in shown {
                    prop_assert_eq!(by_channel.remove(&(channel.clone(), code)).unwrap_or(0), qty);
                }
            }
            prop_assert!(by_channel.is_empty());
        }
    }
}
