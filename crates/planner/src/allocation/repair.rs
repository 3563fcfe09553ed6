//! From shares of stock to a plan that keeps all of it.
//!
//! Shares are rounded down to limits per set and warehouse, what is left over is dealt out, and the transportation
//! problem under these limits is solved exactly. Then sets in turn may have what is still left, and single orders
//! move wherever that is cheaper. Leaves out exchanges between two sets; how far the plan is from the best is for
//! [`super::shared`] to say. At most [`TURNS`] + 1 transportation problems.

use super::instance::{Counts, Instance};
use super::make_room::make_room;
use super::sharing::{Row, Sharing};
use super::transport::{Limits, cheapest};

/// How many sets may in turn have the rest first.
const TURNS: usize = 4;
/// A share this little below a whole number is that number.
const NOISE: f64 = 1e-6;

/// Orders by set and warehouse, in fractions.
pub(super) type Shares = Vec<Vec<f64>>;

/// Less of what asks for more than there is.
fn kept(shares: &Shares, rows: &[Row]) -> Shares {
    let mut kept = shares.clone();
    for row in rows {
        let at = row.warehouse;
        let asked: f64 = row.takes.iter().zip(shares).map(|(qty, orders)| *qty as f64 * orders[at]).sum();
        let part = row.units as f64 / asked.max(row.units as f64);
        for (set, orders) in kept.iter_mut().enumerate().filter(|(set, _)| row.takes[*set] > 0) {
            orders[at] = orders[at].min(shares[set][at] * part);
        }
    }
    kept
}

/// The plan that these shares lead to.
pub(super) fn repaired(sharing: &Sharing<'_>, shares: &Shares) -> Counts {
    let Sharing { instance, alone, rows, .. } = sharing;
    let shared = |set: usize, at: usize| rows.iter().any(|row| row.warehouse == at && row.takes[set] > 0);
    let mut fractions = vec![];
    let mut limits = alone.clone();
    for (set, orders) in kept(shares, rows).iter().enumerate() {
        for (at, orders) in orders.iter().enumerate().filter(|(at, _)| shared(set, *at)) {
            let whole = (orders + NOISE).floor();
            limits[set][at] = whole as i64;
            fractions.push((whole - orders, set, at));
        }
    }
    fractions.sort_by(|one, other| one.0.total_cmp(&other.0).then((one.1, one.2).cmp(&(other.1, other.2))));
    let places: Vec<(usize, usize)> = fractions.iter().map(|&(_, set, at)| (set, at)).collect();
    let begun = fractions.iter().take_while(|(below, ..)| *below < -NOISE).count();
    deal_out(rows, alone, &mut limits, &places[..begun], 1);
    let mut best = cheapest(instance, &limits).counts;
    for turn in 0..places.len().min(TURNS) {
        let mut limits = alone.clone();
        let used = instance.by_set(&best);
        for &(set, at) in &places {
            limits[set][at] = used[set][at];
        }
        let mut places = places.clone();
        places.sort_by_key(|(set, _)| (set + turn) % instance.sets.len());
        deal_out(rows, alone, &mut limits, &places, i64::MAX);
        let next = cheapest(instance, &limits).counts;
        if instance.value(&next) < instance.value(&best) {
            best = next;
        }
    }
    settle(instance, &mut best);
    make_room(instance, &mut best);
    settle(instance, &mut best);
    best
}

/// Raises limits in turn, each by at most `most`, as far as the stock goes.
fn deal_out(rows: &[Row], alone: &Limits, limits: &mut Limits, places: &[(usize, usize)], most: i64) {
    let used = |row: &Row, limits: &Limits| -> i64 {
        row.takes.iter().zip(limits).map(|(qty, limits)| qty * limits[row.warehouse]).sum()
    };
    let mut left: Vec<i64> = rows.iter().map(|row| row.units - used(row, limits)).collect();
    for &(set, at) in places {
        let here = || rows.iter().enumerate().filter(|(_, row)| row.warehouse == at && row.takes[set] > 0);
        let shared = here().map(|(index, row)| left[index] / row.takes[set]).min().unwrap_or(0);
        let fits = shared.min(alone[set][at] - limits[set][at]).min(most);
        limits[set][at] += fits;
        for (index, row) in here() {
            left[index] -= fits * row.takes[set];
        }
    }
}

/// Moves orders to cheaper places and into places that are free, until none moves. Each move places more or costs
/// less, so it ends.
fn settle(instance: &Instance<'_>, counts: &mut Counts) {
    let mut left = instance.left_after(counts);
    let mut moved = true;
    while moved {
        moved = false;
        for (lanes, counts) in instance.kinds.iter().zip(counts.iter_mut()) {
            let set = &instance.sets[lanes.set];
            let served = lanes.cost_fen.iter().enumerate().filter_map(|(at, cost)| Some(((*cost)?, at)));
            let mut cheapest_first: Vec<(i64, usize)> = served.collect();
            cheapest_first.sort_unstable();
            for (rank, &(cost, to)) in cheapest_first.iter().enumerate() {
                let waiting = (lanes.orders - counts.iter().sum::<i64>()).min(left.room(set, to));
                left.take(set, to, waiting);
                counts[to] += waiting;
                moved |= waiting > 0;
                for &(_, from) in cheapest_first[rank + 1..].iter().filter(|(dear, _)| *dear > cost) {
                    let better = counts[from].min(left.room(set, to));
                    left.take(set, from, -better);
                    left.take(set, to, better);
                    counts[from] -= better;
                    counts[to] += better;
                    moved |= better > 0;
                }
            }
        }
    }
}
