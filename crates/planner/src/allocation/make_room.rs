//! Places for orders that found none: one placed order moves on, and one that waits takes its place.
//!
//! Of all such pairs the one that adds the least cost, again and again. Optimises the number of orders, one at a time.
//! Leaves out longer chains. O(kinds² × warehouses) an order placed, at most [`MOST`] orders.

use super::instance::{Counts, Instance, Left};

/// Rounding down a plan in fractions loses about one order per shared stock; more than this is want, not rounding.
const MOST: usize = 100;

/// Where one order of a kind could move to, and what that adds.
struct Move {
    kind: usize,
    from: usize,
    to: usize,
    adds: i64,
}

/// Places waiting orders while moving one other order makes room for one of them.
pub(super) fn make_room(instance: &Instance<'_>, counts: &mut Counts) {
    let mut left = instance.left_after(counts);
    for _ in 0..MOST {
        let moves = moves(instance, counts, &left);
        let waits = |kind: usize| instance.kinds[kind].orders > counts[kind].iter().sum::<i64>();
        let waiting: Vec<usize> = (0..instance.kinds.len()).filter(|&kind| waits(kind)).collect();
        let mut best: Option<(i64, usize, &Move)> = None;
        for (kind, one) in waiting.iter().flat_map(|&kind| moves.iter().map(move |one| (kind, one))) {
            let lanes = &instance.kinds[kind];
            let Some(cost) = lanes.cost_fen[one.from] else { continue };
            let added = cost + one.adds;
            let better = best.as_ref().is_none_or(|(least, ..)| added < *least);
            if better && fits_after(instance, &left, lanes.set, one) {
                best = Some((added, kind, one));
            }
        }
        let Some((_, kind, one)) = best else { return };
        let moved = &instance.sets[instance.kinds[one.kind].set];
        left.take(moved, one.from, -1);
        left.take(moved, one.to, 1);
        left.take(&instance.sets[instance.kinds[kind].set], one.from, 1);
        counts[one.kind][one.from] -= 1;
        counts[one.kind][one.to] += 1;
        counts[kind][one.from] += 1;
    }
}

/// For each kind and warehouse with an order that could move, the cheapest move.
fn moves(instance: &Instance<'_>, counts: &Counts, left: &Left) -> Vec<Move> {
    let mut moves = vec![];
    for (kind, lanes) in instance.kinds.iter().enumerate() {
        let set = &instance.sets[lanes.set];
        let free = lanes.cost_fen.iter().enumerate().filter_map(|(to, cost)| Some(((*cost)?, to)));
        let mut free: Vec<(i64, usize)> = free.filter(|(_, to)| left.room(set, *to) > 0).collect();
        free.sort_unstable();
        for (from, _) in counts[kind].iter().enumerate().filter(|(_, orders)| **orders > 0) {
            let elsewhere = free.iter().find(|(_, to)| *to != from);
            if let Some((&(cost, to), here)) = elsewhere.zip(lanes.cost_fen[from]) {
                moves.push(Move { kind, from, to, adds: cost - here });
            }
        }
    }
    moves
}

/// Whether an order of a set fits where another left. The one that leaves gives back its place of the day.
fn fits_after(instance: &Instance<'_>, left: &Left, set: usize, one: &Move) -> bool {
    let moved = &instance.sets[instance.kinds[one.kind].set];
    let back = |sku: usize| moved.iter().find(|(other, _)| *other == sku).map_or(0, |(_, qty)| *qty);
    instance.sets[set].iter().all(|&(sku, qty)| left.stock[one.from][sku] + back(sku) >= qty)
}
