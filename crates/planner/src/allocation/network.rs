//! Minimum-cost flow in whole numbers: successive shortest paths with potentials, many paths a round.
//!
//! Knows nodes, arcs and integers, nothing of orders. Start potentials are exact distances to the sink, so costs may
//! be negative as long as the arcs form no cycle. A round is one Dijkstra from all nodes with goods left, then every
//! path of that length; rounds are bounded by the different path lengths, each O(arcs × log nodes). Leaves out lower
//! bounds on arcs. The same arcs in the same order give the same flow.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Farther than any path.
const FAR: i64 = i64::MAX / 4;

/// Arcs with what they still carry; arc `i ^ 1` is the way back of arc `i`.
#[derive(Clone, Debug)]
pub(super) struct Network {
    leaving: Vec<Vec<usize>>,
    to: Vec<usize>,
    left: Vec<i64>,
    cost: Vec<i64>,
    potential: Vec<i64>,
}

impl Network {
    /// Nodes without arcs. Arcs lead from a lower node to a higher one, and the last node is the sink.
    pub(super) fn new(nodes: usize) -> Self {
        let potential = vec![0; nodes];
        Self { leaving: vec![vec![]; nodes], to: vec![], left: vec![], cost: vec![], potential }
    }

    /// Adds an arc and gives its number.
    pub(super) fn arc(&mut self, from: usize, to: usize, limit: i64, cost: i64) -> usize {
        debug_assert!(from < to, "arcs lead upwards");
        let arc = self.to.len();
        self.to.extend([to, from]);
        self.left.extend([limit, 0]);
        self.cost.extend([cost, -cost]);
        self.leaving[from].push(arc);
        self.leaving[to].push(arc + 1);
        arc
    }

    /// What flows through an arc.
    pub(super) fn flow(&self, arc: usize) -> i64 {
        self.left[arc ^ 1]
    }

    /// What one more unit of an arc's limit would save; zero unless the arc is full.
    pub(super) fn price(&self, arc: usize) -> i64 {
        (-self.reduced(arc)).max(0)
    }

    fn sink(&self) -> usize {
        self.leaving.len() - 1
    }

    fn reduced(&self, arc: usize) -> i64 {
        self.cost[arc] + self.potential[self.to[arc ^ 1]] - self.potential[self.to[arc]]
    }

    /// Sends what lies at the nodes to the sink at the least cost. Whoever has goods must have a way that never
    /// fills up; goods without any way stay where they are.
    pub(super) fn send(&mut self, excess: &mut [i64]) {
        self.start_potentials();
        while let Some(distances) = self.distances(excess) {
            let to_sink = distances[self.sink()];
            for (potential, distance) in self.potential.iter_mut().zip(distances) {
                *potential += distance.min(to_sink);
            }
            self.send_along_shortest(excess);
        }
    }

    /// Every arc leads upwards, so one pass from the sink down knows all distances.
    fn start_potentials(&mut self) {
        for node in (0..self.sink()).rev() {
            let forward = self.leaving[node].iter().filter(|&&arc| arc % 2 == 0 && self.left[arc] > 0);
            let distance = forward.map(|&arc| self.cost[arc] - self.potential[self.to[arc]]).min();
            self.potential[node] = -distance.unwrap_or(FAR);
        }
    }

    /// Distances from the nearest node with goods, by reduced cost; `None` if the sink is out of reach.
    fn distances(&self, excess: &[i64]) -> Option<Vec<i64>> {
        let mut distances = vec![FAR; self.leaving.len()];
        let mut heap = BinaryHeap::new();
        for (node, _) in excess.iter().enumerate().filter(|(_, goods)| **goods > 0) {
            distances[node] = 0;
            heap.push(Reverse((0, node)));
        }
        while let Some(Reverse((distance, node))) = heap.pop() {
            if node == self.sink() {
                return Some(distances);
            }
            if distance > distances[node] {
                continue;
            }
            for &arc in self.leaving[node].iter().filter(|&&arc| self.left[arc] > 0) {
                let (to, through) = (self.to[arc], distance + self.reduced(arc));
                if through < distances[to] {
                    distances[to] = through;
                    heap.push(Reverse((through, to)));
                }
            }
        }
        None
    }

    /// Fills paths of reduced cost zero. It may miss one that crosses a path it has just filled; the next round finds
    /// it at distance zero.
    fn send_along_shortest(&mut self, excess: &mut [i64]) {
        let mut search = Search {
            next: vec![0; self.leaving.len()],
            closed: vec![false; self.leaving.len()],
            path: vec![],
        };
        for (source, goods) in excess.iter_mut().enumerate() {
            while *goods > 0 && self.find_path(source, &mut search) {
                let narrowest = search.path.iter().map(|&arc| self.left[arc]).min().unwrap_or(0);
                let sent = narrowest.min(*goods);
                *goods -= sent;
                for arc in search.path.drain(..) {
                    self.left[arc] -= sent;
                    self.left[arc ^ 1] += sent;
                    search.closed[self.to[arc]] = false;
                }
                search.closed[source] = false;
            }
        }
    }

    /// Depth first to the sink; nodes on the path and nodes without a way on are closed.
    fn find_path(&self, source: usize, search: &mut Search) -> bool {
        let mut node = source;
        search.closed[source] = true;
        while node != self.sink() {
            let open =
                |&arc: &usize| self.left[arc] > 0 && self.reduced(arc) == 0 && !search.closed[self.to[arc]];
            let ahead = self.leaving[node][search.next[node]..].iter().position(open);
            if let Some(skipped) = ahead {
                search.next[node] += skipped;
                let arc = self.leaving[node][search.next[node]];
                search.path.push(arc);
                node = self.to[arc];
                search.closed[node] = true;
            } else {
                search.next[node] = self.leaving[node].len();
                let Some(back) = search.path.pop() else { return false };
                node = self.to[back ^ 1];
            }
        }
        true
    }
}

/// Where a depth-first search stands.
struct Search {
    next: Vec<usize>,
    closed: Vec<bool>,
    path: Vec<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goods_take_the_cheap_way_until_it_is_full_and_its_price_is_the_detour() {
        let mut network = Network::new(4);
        let (cheap, dear) = (network.arc(0, 1, 5, 2), network.arc(0, 2, 9, 7));
        let (last, other) = (network.arc(1, 3, 3, 0), network.arc(2, 3, 9, 0));
        let mut excess = [4, 0, 0, 0];
        network.send(&mut excess);
        assert_eq!([cheap, dear, last, other].map(|arc| network.flow(arc)), [3, 1, 3, 1]);
        assert_eq!(network.price(last), 5);
        assert_eq!(excess, [0; 4]);
    }

    #[test]
    fn an_earlier_choice_is_taken_back_when_a_later_one_has_no_other_way() {
        let mut network = Network::new(5);
        let first = [network.arc(0, 2, 1, 1), network.arc(0, 3, 1, 2)];
        let second = [network.arc(1, 2, 1, 1), network.arc(1, 3, 1, 9)];
        network.arc(2, 4, 1, 0);
        network.arc(3, 4, 1, 0);
        network.send(&mut [1, 1, 0, 0, 0]);
        assert_eq!(first.map(|arc| network.flow(arc)), [0, 1]);
        assert_eq!(second.map(|arc| network.flow(arc)), [1, 0]);
    }

    #[test]
    fn goods_without_a_way_stay_where_they_are() {
        let mut network = Network::new(3);
        network.arc(0, 2, 1, 1);
        let mut excess = [3, 1, 0];
        network.send(&mut excess);
        assert_eq!(excess, [2, 1, 0]);
    }
}
