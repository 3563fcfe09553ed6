//! Orders that are alike for routing, counted; and the plan dealt out to them again.
//!
//! Alike are orders to one province with the same units per SKU and the same leave to be split. Leaves out where they
//! go. O(orders × log kinds), and sorting by arrival within a kind.

use super::{Allocation, OrderToPlace, Placing};
use liangcang_domain::id::SkuId;
use liangcang_domain::unit::Qty;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What orders that are alike want.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Kind {
    /// The receiver's province as written in the region table.
    pub province: String,
    /// Units per SKU, ascending by SKU, each SKU once, none without units.
    pub units: Vec<(SkuId, Qty)>,
    /// May come from several warehouses if no one has all of it.
    pub may_split: bool,
}

/// Orders by kind; the kinds ascend, and within a kind whoever arrived first stands first.
#[derive(Clone, Debug)]
pub struct Kinds {
    /// What they want.
    pub kinds: Vec<Kind>,
    /// Per kind how many there are.
    orders: Vec<usize>,
    /// Per kind the places of its orders in the list that was counted.
    members: Vec<Vec<usize>>,
}

impl Kinds {
    /// Counts orders by kind. Lines of one SKU are summed; lines without units are dropped.
    #[must_use]
    pub fn count(orders: &[OrderToPlace]) -> Self {
        let mut as_written = BTreeMap::<(&str, &[(SkuId, Qty)], bool), Vec<usize>>::new();
        for (at, order) in orders.iter().enumerate() {
            let key = (order.province.as_str(), order.units.as_slice(), order.may_split);
            as_written.entry(key).or_default().push(at);
        }
        let mut counted = BTreeMap::<Kind, Vec<usize>>::new();
        for ((province, units, may_split), members) in as_written {
            let kind = Kind { province: province.to_owned(), units: summed(units), may_split };
            counted.entry(kind).or_default().extend(members);
        }
        for members in counted.values_mut() {
            members.sort_by_key(|&at| (orders[at].arrived_at, &orders[at].no));
        }
        let (kinds, members): (Vec<Kind>, Vec<Vec<usize>>) = counted.into_iter().unzip();
        Self { kinds, orders: members.iter().map(Vec::len).collect(), members }
    }

    /// So many orders of each kind that are expected and not there yet; none of them can be dealt out to. A kind's
    /// units must be as [`Kind::units`] says.
    #[must_use]
    pub fn expected(counts: BTreeMap<Kind, usize>) -> Self {
        let (kinds, orders): (Vec<Kind>, Vec<usize>) =
            counts.into_iter().filter(|(_, orders)| *orders > 0).unzip();
        Self { members: vec![vec![]; kinds.len()], kinds, orders }
    }

    /// How many orders are of the kind at this place.
    #[must_use]
    pub fn orders_of(&self, kind: usize) -> usize {
        self.orders[kind]
    }

    /// Gives each order its placing, in the sequence in which the orders were counted. Within a kind whoever arrived
    /// first gets the cheapest placing (of equal cost the first warehouse by id), then come the splits, and whoever
    /// came last goes without.
    ///
    /// The allocation must be of these kinds.
    #[must_use]
    pub fn deal<'a>(&self, allocation: &'a Allocation) -> Vec<&'a Placing> {
        let mut dealt = Vec::new();
        for (members, plan) in self.members.iter().zip(&allocation.kinds) {
            let placings =
                plan.shares.iter().flat_map(|share| std::iter::repeat_n(&share.placing, share.orders));
            dealt.extend(members.iter().copied().zip(placings));
        }
        dealt.sort_unstable_by_key(|(at, _)| *at);
        dealt.into_iter().map(|(_, placing)| placing).collect()
    }
}

/// Units per SKU, ascending.
pub(super) fn summed(units: &[(SkuId, Qty)]) -> Vec<(SkuId, Qty)> {
    let mut sums = BTreeMap::<&SkuId, Qty>::new();
    for (sku, qty) in units.iter().filter(|(_, qty)| *qty > Qty::ZERO) {
        *sums.entry(sku).or_default() += *qty;
    }
    sums.into_iter().map(|(sku, qty)| (sku.clone(), qty)).collect()
}
