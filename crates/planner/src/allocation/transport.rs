//! One kind of order, one warehouse, one number: the transportation problem in which each SKU set has stock of its own.
//!
//! kind -> (set, warehouse) -> warehouse -> sink, and from each kind a way past all warehouses. Exact. Leaves out
//! stock that several sets share: whoever calls gives each set its limit per warehouse.

use super::instance::{Counts, Instance};
use super::network::Network;

/// How many orders of each set each warehouse may take.
pub(super) type Limits = Vec<Vec<i64>>;

/// What an order costs that goes nowhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Without {
    /// So many go nowhere in any case, for nothing.
    pub exactly: i64,
    /// What each further one costs.
    pub cost: i64,
}

/// The cheapest flow and what it says about what is scarce.
#[derive(Clone, Debug)]
pub(super) struct Flow {
    /// Orders by kind and warehouse.
    pub counts: Counts,
    /// What one more order of a warehouse's capacity would save.
    pub capacity_price: Vec<i64>,
    /// What one more order of a set's limit at a warehouse would save, by set.
    pub limit_price: Vec<Vec<i64>>,
}

/// Numbers of arcs by place.
struct Arcs {
    lanes: Vec<Vec<Option<usize>>>,
    limits: Vec<Vec<Option<usize>>>,
    capacity: Vec<Option<usize>>,
}

/// Solves it for costs by kind and warehouse; lanes that nobody serves are not asked for.
pub(super) fn transport(
    instance: &Instance<'_>,
    limits: &Limits,
    without: Without,
    lane_cost: impl Fn(usize, usize) -> i64,
) -> Flow {
    let (kinds, sets, warehouses) = (instance.kinds.len(), instance.sets.len(), instance.warehouses.len());
    let pool_node = |set: usize, warehouse: usize| kinds + set * warehouses + warehouse;
    let without_node = kinds + sets * warehouses;
    let warehouse_node = |warehouse: usize| without_node + 1 + warehouse;
    let sink = without_node + 1 + warehouses;
    let mut network = Network::new(sink + 1);
    let usable = |set: usize, at: usize| instance.capacity[at] > 0 && limits[set][at] > 0;
    let mut arcs = Arcs { lanes: vec![], limits: vec![], capacity: vec![] };
    for (at, kind) in instance.kinds.iter().enumerate() {
        let lane = |(warehouse, cost): (usize, &Option<i64>)| {
            let served = cost.is_some() && kind.orders > 0 && usable(kind.set, warehouse);
            served.then(|| {
                let to = pool_node(kind.set, warehouse);
                network.arc(at, to, kind.orders, lane_cost(at, warehouse))
            })
        };
        arcs.lanes.push(kind.cost_fen.iter().enumerate().map(lane).collect());
        if kind.orders > 0 {
            network.arc(at, without_node, kind.orders, 0);
            network.arc(at, sink, kind.orders, without.cost);
        }
    }
    for (set, limits) in limits.iter().enumerate() {
        let mut pool = |at: usize, limit: i64| {
            usable(set, at).then(|| network.arc(pool_node(set, at), warehouse_node(at), limit, 0))
        };
        arcs.limits.push(limits.iter().enumerate().map(|(at, &limit)| pool(at, limit)).collect());
    }
    for (warehouse, &orders) in instance.capacity.iter().enumerate() {
        let arc = (orders > 0).then(|| network.arc(warehouse_node(warehouse), sink, orders, 0));
        arcs.capacity.push(arc);
    }
    network.arc(without_node, sink, without.exactly, -without.cost);
    let mut excess = vec![0; sink + 1];
    for (excess, kind) in excess.iter_mut().zip(&instance.kinds) {
        *excess = kind.orders;
    }
    network.send(&mut excess);
    let flow = |arc: &Option<usize>| arc.map_or(0, |arc| network.flow(arc));
    let price = |arc: &Option<usize>| arc.map_or(0, |arc| network.price(arc));
    Flow {
        counts: arcs.lanes.iter().map(|lanes| lanes.iter().map(flow).collect()).collect(),
        capacity_price: arcs.capacity.iter().map(price).collect(),
        limit_price: arcs.limits.iter().map(|limits| limits.iter().map(price).collect()).collect(),
    }
}

/// Places as many orders as the limits let through, then at the least cost in fen.
pub(super) fn cheapest(instance: &Instance<'_>, limits: &Limits) -> Flow {
    let without = Without { exactly: 0, cost: dearer_than_any_detour(instance, 1, 0) };
    transport(instance, limits, without, |kind, at| instance.kinds[kind].cost_fen[at].unwrap_or(0))
}

/// A cost that no detour for one more order reaches, since it passes each node once at most: for lanes of `scale`
/// times their fen and at most `more`.
pub(super) fn dearer_than_any_detour(instance: &Instance<'_>, scale: i64, more: i64) -> i64 {
    let dearest = instance.dearest_fen() * scale + more;
    let passed = 2 + 2 * instance.sets.len() * instance.warehouses.len();
    i64::try_from(passed).unwrap_or(i64::MAX).saturating_mul(dearest + 1)
}
