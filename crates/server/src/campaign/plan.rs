//! What a campaign is planned as: the body of the request or the file, and what is wrong with it. Knows the
//! catalogue and the warehouses; looks at no stock.

use std::collections::{BTreeMap, BTreeSet};

use liangcang_domain::address::{Level, Regions};
use liangcang_domain::catalogue::Catalogue;
use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::risk::Rules;
use liangcang_domain::unit::Qty;
use serde::{Deserialize, Serialize};

use crate::incoming::province_stem;
use crate::store::hold::DAILY;

const LONGEST_ID: usize = 40;
const LONGEST_NAME: usize = 80;
const MOST_OFFERS: usize = 500;
const MOST_ROWS: usize = 2_000;
/// Far above any show, far below what sums of it could overflow.
const LARGEST: i64 = 1_000_000_000;
const SHORTEST_UNPAID_MS: i64 = 1_000;
const LONGEST_UNPAID_MS: i64 = 7 * 24 * 3_600 * 1_000;
/// 2100-01-01: seconds taken for milliseconds are not above it, microseconds are.
const LAST_MOMENT: i64 = 4_102_444_800_000;

/// A campaign as it is planned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// `[a-z0-9-]{1,40}`, never `daily`.
    pub id: String,
    /// What people call it.
    pub name: String,
    /// Who hosts the show.
    pub host: String,
    /// Whose orders it takes; empty: any channel's.
    #[serde(default)]
    pub channel: String,
    /// Epoch milliseconds.
    pub starts_at: i64,
    /// Epoch milliseconds; orders made later are none of the show's.
    pub ends_at: i64,
    /// Whether an order may be split over warehouses.
    #[serde(default)]
    pub split_allowed: bool,
    /// Orders a buyer may have; 0: no limit.
    #[serde(default)]
    pub buyer_limit: i64,
    /// Orders an address may have; 0: no limit.
    #[serde(default)]
    pub address_limit: i64,
    /// An unpaid order's hold lapses after so many milliseconds.
    pub unpaid_ms: i64,
    /// Which orders a person must see; the built-in rules when left out.
    #[serde(default)]
    pub rules: Rules,
    /// What it sells.
    pub offers: Vec<OfferPlan>,
    /// Stock it wants.
    pub set_aside: Vec<SetAside>,
    /// Orders a province may have; a province left out has no limit.
    #[serde(default)]
    pub province_quotas: Vec<ProvinceQuota>,
}

/// A SKU or bundle at its price.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferPlan {
    /// SKU or bundle.
    pub code: String,
    /// Price of one, in fen.
    pub price_fen: i64,
    /// How many are expected to be sold.
    pub expected: i64,
}

/// Units to be set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SetAside {
    /// Where.
    pub warehouse: WarehouseId,
    /// What.
    pub sku: SkuId,
    /// For whose orders; empty: everybody's.
    #[serde(default)]
    pub channel: String,
    /// How many units.
    pub qty: i64,
}

/// Orders a province may have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProvinceQuota {
    /// With or without its kind (`广东省`, `广东`); kept without.
    pub province: String,
    /// How many orders.
    pub most: i64,
}

/// What a plan is held against.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) catalogue: Catalogue,
    pub(super) warehouses: BTreeSet<WarehouseId>,
}

impl Plan {
    /// Everything that is wrong with the plan; empty when nothing is.
    pub(super) fn faults(&self, known: &Known) -> Vec<String> {
        let mut faults = Vec::new();
        if let Err(fault) = check_id(&self.id) {
            faults.push(fault);
        }
        for (what, text, empty) in
            [("name", &self.name, false), ("host", &self.host, true), ("channel", &self.channel, true)]
        {
            faults.extend(text_fault(what, text, empty));
        }
        if !(1..=LAST_MOMENT).contains(&self.starts_at) || !(1..=LAST_MOMENT).contains(&self.ends_at) {
            faults.push("starts_at and ends_at are milliseconds since 1970, before 2100".to_owned());
        }
        if self.ends_at <= self.starts_at {
            faults.push("it ends before it starts: put ends_at after starts_at".to_owned());
        }
        if !(SHORTEST_UNPAID_MS..=LONGEST_UNPAID_MS).contains(&self.unpaid_ms) {
            faults.push("unpaid_ms is between 1,000 (a second) and 604,800,000 (a week)".to_owned());
        }
        faults.extend(limit_faults(self.buyer_limit, self.address_limit));
        self.offer_faults(known, &mut faults);
        self.stock_faults(known, &mut faults);
        faults.extend(provinces(&self.province_quotas).err().into_iter().flatten());
        faults
    }

    fn offer_faults(&self, known: &Known, faults: &mut Vec<String>) {
        if self.offers.is_empty() || self.offers.len() > MOST_OFFERS {
            faults.push(format!("a campaign has 1 to {MOST_OFFERS} offers"));
        }
        let mut seen = BTreeSet::new();
        for OfferPlan { code, price_fen, expected } in &self.offers {
            let code = shown(code);
            if !seen.insert(code.clone()) {
                faults.push(format!("offer {code:?} is named twice: leave one"));
            }
            match known.catalogue.explode([(code.as_str(), Qty::ONE)]) {
                Err(_) => faults.push(format!(
                    "offer {code:?} is neither a SKU nor a bundle: import it with the catalogue"
                )),
                Ok(parts) if parts.is_empty() => {
                    faults.push(format!("bundle {code:?} has no components: give it some"));
                }
                Ok(_) => {}
            }
            if !(0..=LARGEST).contains(price_fen) || !(0..=LARGEST).contains(expected) {
                faults.push(format!("offer {code:?}: price_fen and expected are between 0 and {LARGEST}"));
            }
        }
    }

    fn stock_faults(&self, known: &Known, faults: &mut Vec<String>) {
        let mut seen = BTreeSet::new();
        if self.set_aside.len() > MOST_ROWS {
            faults.push(format!("set_aside has at most {MOST_ROWS} rows"));
        }
        for row in &self.set_aside {
            let place = place_words(&row.warehouse, &row.sku, &row.channel);
            if !seen.insert((&row.warehouse, &row.sku, &row.channel)) {
                faults.push(format!("{place} is set aside twice: add the two up"));
            }
            faults.extend(known.place_faults(&self.channel, (&row.warehouse, &row.sku, &row.channel)));
            if !(1..=LARGEST).contains(&row.qty) {
                faults.push(format!("{place}: {} units cannot be set aside, say 1 to {LARGEST}", row.qty));
            }
        }
    }

    /// Units to be held in each pool, in the order pools are locked in.
    pub(super) fn by_pool(rows: &[SetAside]) -> BTreeMap<(WarehouseId, SkuId), i64> {
        let mut pools = BTreeMap::new();
        for row in rows {
            *pools.entry((row.warehouse.clone(), row.sku.clone())).or_default() += row.qty;
        }
        pools
    }
}

impl Known {
    /// What is wrong with a row's place, for a campaign that takes orders of `takes` (empty: of any channel).
    pub(super) fn place_faults(
        &self,
        takes: &str,
        (warehouse, sku, channel): (&WarehouseId, &SkuId, &str),
    ) -> Vec<String> {
        let place = place_words(warehouse, sku, channel);
        let mut faults: Vec<String> = text_fault("channel", channel, true).into_iter().collect();
        if !self.warehouses.contains(warehouse) {
            faults.push(format!("{place}: there is no warehouse {:?}", shown(warehouse.as_str())));
        }
        if self.catalogue.sku(sku).is_none() {
            faults.push(format!(
                "{place}: there is no SKU {:?} (of a bundle, set its components aside)",
                shown(sku.as_str())
            ));
        }
        if !takes.is_empty() && !channel.is_empty() && channel != takes {
            faults.push(format!("{place}: the campaign takes orders of {takes} alone"));
        }
        faults
    }
}

/// How large a number of units or orders may be.
pub(super) fn is_countable(number: i64) -> bool {
    (0..=LARGEST).contains(&number)
}

/// A row of stock as errors name it.
pub(super) fn place_words(warehouse: &WarehouseId, sku: &SkuId, channel: &str) -> String {
    let (warehouse, sku, channel) = (shown(warehouse.as_str()), shown(sku.as_str()), shown(channel));
    if channel.is_empty() { format!("{warehouse} {sku}") } else { format!("{warehouse} {sku} for {channel}") }
}

/// A caller's word, cut to what an error has room for.
fn shown(text: &str) -> String {
    text.chars().take(LONGEST_ID).collect()
}

/// Refuses what is no id of a campaign, the standing sale's by name.
pub(super) fn check_id(id: &str) -> Result<(), String> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if id == DAILY {
        return Err(
            "daily is the standing sale, always on: it is never planned, armed or closed; choose another id"
                .to_owned(),
        );
    }
    if id.is_empty() || id.len() > LONGEST_ID || !id.chars().all(fits) {
        return Err(format!("an id is 1 to {LONGEST_ID} of a-z, 0-9 and -"));
    }
    Ok(())
}

fn text_fault(what: &str, text: &str, may_be_empty: bool) -> Option<String> {
    let longest = if what == "channel" { LONGEST_ID } else { LONGEST_NAME };
    if text.trim().is_empty() && !(may_be_empty && text.is_empty()) {
        return Some(format!("the {what} is empty: give it one"));
    }
    (text.chars().count() > longest || text.chars().any(char::is_control))
        .then(|| format!("the {what} has at most {longest} characters, on one line"))
}

pub(super) fn limit_faults(buyer: i64, address: i64) -> Option<String> {
    let fits = is_countable(buyer) && is_countable(address);
    (!fits).then(|| format!("buyer_limit and address_limit are between 0 (none) and {LARGEST}"))
}

/// Province quotas with their provinces spelled as the store spells them, by province.
pub(super) fn provinces(quotas: &[ProvinceQuota]) -> Result<BTreeMap<String, i64>, Vec<String>> {
    let (mut good, mut faults) = (BTreeMap::new(), Vec::new());
    for ProvinceQuota { province, most } in quotas {
        let stem = province_stem(province.trim());
        let regions = Regions::built_in().all();
        if !regions.iter().any(|it| it.level == Level::Province && province_stem(it.name) == stem) {
            faults.push(format!("there is no province {:?}: write it as 广东 or 广东省", shown(province)));
        } else if !is_countable(*most) {
            faults.push(format!("{stem}: {most} orders are no quota, say 0 to {LARGEST}"));
        } else if good.insert(stem.to_owned(), *most).is_some() {
            faults.push(format!("{stem} has two quotas: leave one"));
        }
    }
    if faults.is_empty() { Ok(good) } else { Err(faults) }
}
