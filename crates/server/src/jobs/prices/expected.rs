//! The orders a campaign still expects, by province and goods.
//!
//! Each offer is expected as often as it was planned, less the share of its goods that is promised already; one unit
//! an order. Provinces order as they did in the company's latest orders, and before there are enough of these as their
//! people are many. Leaves out baskets of several offers, and what a province's quota forbids.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::id::SkuId;
use liangcang_domain::unit::Qty;
use liangcang_planner::allocation::{Kind, Kinds};

use crate::database::{Transaction, query};
use crate::store::campaign::{self as table, Campaign};
use crate::store::company;
use crate::store::quota::QuotaRow;

/// Orders that are looked at: the highest numbers, which channels give in the order of time.
const LATEST: i64 = 5_000;
/// Fewer say little of where orders come from.
const ENOUGH: i64 = 200;

/// People by province in ten thousands, of the census of 2020 (National Bureau of Statistics, 11 May 2021).
const PEOPLE: [(&str, i64); 31] = [
    ("上海", 2_487),
    ("云南", 4_721),
    ("内蒙古", 2_405),
    ("北京", 2_189),
    ("吉林", 2_407),
    ("四川", 8_367),
    ("天津", 1_387),
    ("宁夏", 720),
    ("安徽", 6_103),
    ("山东", 10_153),
    ("山西", 3_492),
    ("广东", 12_601),
    ("广西", 5_013),
    ("新疆", 2_585),
    ("江苏", 8_475),
    ("江西", 4_519),
    ("河北", 7_461),
    ("河南", 9_937),
    ("浙江", 6_457),
    ("海南", 1_008),
    ("湖北", 5_775),
    ("湖南", 6_644),
    ("甘肃", 2_502),
    ("福建", 4_154),
    ("西藏", 365),
    ("贵州", 3_856),
    ("辽宁", 4_259),
    ("重庆", 3_205),
    ("陕西", 3_953),
    ("青海", 592),
    ("黑龙江", 3_185),
];

/// What a campaign still expects, when its stock stands like this.
pub(super) async fn kinds(look: &mut Transaction, campaign: &Campaign, rows: &[QuotaRow]) -> Result<Kinds> {
    let catalogue = company::catalogue(look).await?;
    let weights = weights(look).await?;
    let mut offers = Vec::new();
    for offer in table::offers(look, &campaign.id).await? {
        // A plan names known goods; one whose code was taken out of the catalogue since sells nothing.
        let units = catalogue.explode([(offer.code.as_str(), Qty::ONE)]).unwrap_or_default();
        if !units.is_empty() {
            offers.push((units, offer.expected));
        }
    }
    let left = still_expected(&offers, rows);
    let mut counts = BTreeMap::new();
    for ((units, _), orders) in offers.into_iter().zip(left) {
        let units: Vec<(SkuId, Qty)> = units.into_iter().collect();
        for (province, orders) in shared(orders, &weights) {
            let kind = Kind { province, units: units.clone(), may_split: false };
            *counts.entry(kind).or_default() += usize::try_from(orders)?;
        }
    }
    Ok(Kinds::expected(counts))
}

/// Units per SKU of one of an offer, and how many of it were planned.
type Offer = (BTreeMap<SkuId, Qty>, i64);

/// How many of each offer are still to come. Of its goods the one that is promised furthest says how far it is sold.
fn still_expected(offers: &[Offer], rows: &[QuotaRow]) -> Vec<i64> {
    let mut expected = BTreeMap::<&SkuId, i64>::new();
    for (units, orders) in offers {
        for (sku, qty) in units {
            *expected.entry(sku).or_default() += qty.0 * orders;
        }
    }
    let promised = |sku: &SkuId| -> i64 {
        rows.iter().filter(|row| row.sku == *sku).map(|row| row.held + row.settled).sum()
    };
    let left_of = |orders: i64, sku: &SkuId| {
        let units = expected[sku].max(1);
        let left = i128::from(orders) * i128::from((units - promised(sku)).max(0)) / i128::from(units);
        i64::try_from(left).unwrap_or(orders)
    };
    let left = |(units, orders): &Offer| units.keys().map(|sku| left_of(*orders, sku)).min().unwrap_or(0);
    offers.iter().map(left).collect()
}

/// Orders by province, of the company's latest or else people by province.
async fn weights(look: &mut Transaction) -> Result<BTreeMap<String, i64>> {
    let sql = "SELECT province, COUNT(*) FROM (SELECT province FROM orders ORDER BY no DESC LIMIT $1) latest
        GROUP BY province";
    let ordered = query(sql).bind(LATEST).all::<(String, i64)>(look).await?;
    let known = ordered.into_iter().filter(|(province, _)| PEOPLE.iter().any(|(name, _)| name == province));
    let ordered: BTreeMap<String, i64> = known.collect();
    if ordered.values().sum::<i64>() >= ENOUGH {
        return Ok(ordered);
    }
    Ok(PEOPLE.iter().map(|(province, people)| ((*province).to_owned(), *people)).collect())
}

/// Orders shared out by weight: each province has what is whole of its share, and none is lost.
fn shared(orders: i64, weights: &BTreeMap<String, i64>) -> Vec<(String, i64)> {
    let total = weights.values().sum::<i64>().max(1);
    let up_to = |weight: i64| i128::from(orders) * i128::from(weight) / i128::from(total);
    let mut before = 0;
    let each = weights.iter().map(|(province, weight)| {
        let count = up_to(before + weight) - up_to(before);
        before += weight;
        (province.clone(), i64::try_from(count).unwrap_or(0))
    });
    each.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(sku: &str, held: i64, settled: i64) -> QuotaRow {
        QuotaRow {
            warehouse: "SH".into(),
            sku: sku.into(),
            channel: String::new(),
            set_aside: 1_000,
            held,
            settled,
        }
    }

    #[test]
    fn an_offer_is_sold_as_far_as_the_goods_of_it_that_are_promised_furthest() {
        let gift = [("RICE5".into(), Qty(1)), ("OIL5".into(), Qty(1))].into();
        let offers = [(gift, 60), ([("OIL5".into(), Qty(2))].into(), 20)];
        assert_eq!(still_expected(&offers, &[]), [60, 20]);
        assert_eq!(still_expected(&offers, &[row("RICE5", 20, 10), row("OIL5", 25, 0)]), [30, 15]);
        assert_eq!(still_expected(&offers, &[row("RICE5", 70, 0)]), [0, 20], "more were sold than expected");
    }

    #[test]
    fn what_is_shared_out_by_weight_adds_up_again() {
        let weights = [("上海".to_owned(), 3), ("广东".to_owned(), 3), ("西藏".to_owned(), 1)].into();
        for orders in [0, 1, 2, 7, 100, 99_999] {
            assert_eq!(shared(orders, &weights).iter().map(|(_, count)| count).sum::<i64>(), orders);
        }
        assert_eq!(shared(7, &weights).into_iter().map(|(_, count)| count).collect::<Vec<_>>(), [3, 3, 1]);
    }
}
