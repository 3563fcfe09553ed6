//! An order from several warehouses, when no one can ship it whole.
//!
//! Whoever can send the most units sends them, of equal numbers the cheapest, then the first by id; so on until all is
//! found or nobody has more. Optimises few parts, greedily. Ignores what the parts cost together. O(warehouses² × SKUs)
//! for all orders that are split alike.

use super::instance::{Instance, Left};
use super::snapshot::Snapshot;
use super::{Kind, Part, Placing};
use liangcang_domain::unit::{Fen, Qty};
use std::cmp::Reverse;

/// Splits as many of the waiting orders of a kind as go the same way, takes them out of what is left, and gives their
/// number and placing; `None` if not even one can be put together.
pub(super) fn split(
    snapshot: &Snapshot,
    instance: &Instance<'_>,
    (at, kind): (usize, &Kind),
    waiting: i64,
    left: &mut Left,
) -> Option<(i64, Placing)> {
    let lanes = &instance.kinds[at];
    let mut wanted = instance.sets[lanes.set].clone();
    let mut taken: Vec<(usize, Vec<(usize, i64)>)> = vec![];
    while !wanted.is_empty() {
        let can_send = |at: usize| -> Vec<(usize, i64)> {
            let sends = wanted.iter().map(|&(sku, qty)| (sku, qty.min(left.stock[at][sku])));
            sends.filter(|(_, qty)| *qty > 0).collect()
        };
        let places = lanes.cost_fen.iter().enumerate().filter_map(|(at, cost)| Some((at, (*cost)?)));
        let free = places
            .filter(|(at, _)| left.capacity[*at] > 0 && taken.iter().all(|(one, _)| one != at))
            .map(|(at, cost)| (can_send(at), cost, at))
            .filter(|(sends, ..)| !sends.is_empty());
        let (sends, _, at) = free.min_by_key(|(sends, cost, at)| {
            (Reverse(sends.iter().map(|(_, qty)| qty).sum::<i64>()), *cost, *at)
        })?;
        for (sku, qty) in &mut wanted {
            *qty -= sends.iter().find(|(one, _)| one == sku).map_or(0, |(_, sent)| *sent);
        }
        wanted.retain(|(_, qty)| *qty > 0);
        taken.push((at, sends));
    }
    let fits = taken.iter().map(|(at, sends)| left.room(sends, *at)).min()?;
    let orders = fits.min(waiting);
    if orders <= 0 {
        return None;
    }
    let mut cost_fen = 0;
    let mut parts = vec![];
    for (at, sends) in taken {
        left.take(&sends, at, orders);
        let (warehouse, named) = (instance.warehouses[at], |sku: usize| instance.skus[sku].clone());
        let units: Vec<_> = sends.iter().map(|&(sku, qty)| (named(sku), Qty(qty))).collect();
        let weight = snapshot.weight_of(&units)?;
        cost_fen += snapshot.costs.order_fen(&warehouse.id, &kind.province, weight)?.0;
        let carrier = warehouse.carrier_to(&kind.province)?;
        parts.push(Part { warehouse: warehouse.id.clone(), carrier, units });
    }
    Some((orders, Placing::Split { parts, cost_fen: Fen(cost_fen) }))
}
