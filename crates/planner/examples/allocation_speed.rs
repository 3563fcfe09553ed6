//! How long routing takes: counting, solving and dealing out apart, and the cost in fen.
//!
//! `allocation_speed FILE` reads an instance; `allocation_speed --write FILE [SEED]` makes one of 100,000 orders, 31
//! provinces and 8 warehouses with room for a tenth more. The file is lines of numbers: provinces and warehouses; per
//! province the fen from each warehouse; the orders of each province; the capacity of each warehouse. Any solver can
//! read it (`scripts/bench/allocation_peer.py` does). Prints one line of JSON. Leaves out shared stock, which the
//! peer's flow does not know.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "an example prints, measures with the clock and reads a file, which the crate may not"
)]

use liangcang_domain::id::{SkuId, WarehouseId};
use liangcang_domain::unit::{EpochMs, Fen, Grams, Qty};
use liangcang_domain::warehouse::Carrier;
use liangcang_planner::allocation::{
    Costs, Kinds, Optimality, OrderToPlace, Placing, Rate, Snapshot, Warehouse, allocate,
};
use std::hint::black_box;
use std::time::Instant;

/// Runs a figure is the median of.
const RUNS: usize = 15;

fn main() -> Result<(), String> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--write", file] => write(file, 1),
        ["--write", file, seed] => write(file, seed.parse().map_err(|_| format!("{seed} is no seed"))?),
        [file] => measure(&Instance::read(file)?),
        _ => Err("usage: allocation_speed FILE | allocation_speed --write FILE [SEED]".to_owned()),
    }
}

/// What the file says.
struct Instance {
    fen: Vec<Vec<i64>>,
    orders: Vec<i64>,
    capacity: Vec<i64>,
}

impl Instance {
    fn read(file: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))?;
        let number = |word: &str| word.parse::<i64>().map_err(|_| format!("{file}: {word} is no number"));
        let numbers = |line: &str| line.split_whitespace().map(number).collect::<Result<Vec<i64>, String>>();
        let lines = text.lines().map(numbers).collect::<Result<Vec<_>, String>>()?;
        let [sizes, fen @ .., orders, capacity] = lines.as_slice() else {
            return Err(format!("{file} has fewer than three lines"));
        };
        let rows = i64::try_from(fen.len()).unwrap_or(0);
        let columns = i64::try_from(capacity.len()).unwrap_or(0);
        let even = fen.iter().all(|row| row.len() == capacity.len()) && orders.len() == fen.len();
        if sizes != &[rows, columns] || !even {
            return Err(format!("{file} does not have the provinces and warehouses its first line says"));
        }
        Ok(Self { fen: fen.to_vec(), orders: orders.clone(), capacity: capacity.clone() })
    }
}

/// A sequence of numbers that looks like chance and is the same on every machine.
struct Draw(u64);

impl Draw {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn write(file: &str, seed: u64) -> Result<(), String> {
    let mut draw = Draw(seed);
    let mut orders = [0; 31];
    (0..100_000).for_each(|_| orders[usize::try_from(draw.below(31)).unwrap_or(0)] += 1);
    let mut lines = vec!["31 8".to_owned()];
    for _ in 0..31 {
        let fen: Vec<String> = (0..8).map(|_| (500 + draw.below(5_500)).to_string()).collect();
        lines.push(fen.join(" "));
    }
    lines.push(orders.map(|count: u32| count.to_string()).join(" "));
    lines.push(["13751"; 8].join(" "));
    std::fs::write(file, lines.join("\n") + "\n").map_err(|error| format!("cannot write {file}: {error}"))
}

/// The instance as orders of one sack of rice each, in mixed sequence, and warehouses with rice enough.
fn input(instance: &Instance) -> (Vec<OrderToPlace>, Snapshot) {
    let mut snapshot =
        Snapshot { weights: [(SkuId::from("RICE5"), Grams(1_000))].into(), ..Snapshot::default() };
    for (at, &capacity_orders) in instance.capacity.iter().enumerate() {
        let id = WarehouseId(format!("W{at:02}"));
        let carrier = Carrier {
            id: "ZTO".into(),
            name: String::new(),
            service: String::new(),
            cutoff_minute: 0,
            provinces: vec![],
        };
        let rate = |fen: i64| Rate { first_kg_fen: Fen(fen), further_kg_fen: Fen(0) };
        let lanes = instance.fen.iter().enumerate().map(|(p, fen)| (format!("P{p:02}"), rate(fen[at])));
        let Costs(costs) = &mut snapshot.costs;
        costs.insert(id.clone(), lanes.collect());
        let stock = [("RICE5".into(), Qty(i64::from(u32::MAX)))].into();
        snapshot.warehouses.push(Warehouse {
            id,
            open: true,
            capacity_orders,
            stock,
            carriers: vec![carrier],
        });
    }
    let mut provinces: Vec<usize> = vec![];
    for (province, &orders) in instance.orders.iter().enumerate() {
        provinces.extend(std::iter::repeat_n(province, usize::try_from(orders).unwrap_or(0)));
    }
    let mut draw = Draw(7);
    for at in (1..provinces.len()).rev() {
        provinces.swap(at, usize::try_from(draw.below(at as u64 + 1)).unwrap_or(0));
    }
    let order = |(at, province): (usize, usize)| OrderToPlace {
        no: format!("{:019}", 6_900_000_000_000_000_000_u64 + at as u64).into(),
        arrived_at: EpochMs(i64::try_from(at / 170).unwrap_or(0)),
        province: format!("P{province:02}"),
        units: vec![("RICE5".into(), Qty(1))],
        may_split: false,
    };
    (provinces.into_iter().enumerate().map(order).collect(), snapshot)
}

fn measure(instance: &Instance) -> Result<(), String> {
    let (orders, snapshot) = input(instance);
    let (mut count_ms, mut solve_ms, mut deal_ms) = (vec![], vec![], vec![]);
    let mut fen = None;
    for _ in 0..RUNS {
        let start = Instant::now();
        let kinds = Kinds::count(&orders);
        count_ms.push(start.elapsed());
        let start = Instant::now();
        let allocation = allocate(&kinds, &snapshot);
        solve_ms.push(start.elapsed());
        let start = Instant::now();
        let dealt = black_box(kinds.deal(&allocation));
        deal_ms.push(start.elapsed());
        let paid = dealt.iter().map(|placing| match placing {
            Placing::Placed { cost_fen, .. } => cost_fen.0,
            Placing::Split { .. } | Placing::Unplaced { .. } => 0,
        });
        if paid.sum::<i64>() != allocation.placed_fen.0 || allocation.optimality != Optimality::Exact {
            return Err("the orders dealt out do not cost what the plan says".to_owned());
        }
        fen = Some((allocation.placed, allocation.placed_fen));
    }
    let (placed, fen) = fen.unwrap_or_default();
    let median = |times: &mut Vec<std::time::Duration>| {
        times.sort_unstable();
        times[RUNS / 2].as_secs_f64() * 1_000.0
    };
    println!(
        "{{\"orders\":{},\"placed\":{placed},\"count_ms\":{:.3},\"solve_ms\":{:.3},\"deal_ms\":{:.3},\"cost_fen\":{fen}}}",
        orders.len(),
        median(&mut count_ms),
        median(&mut solve_ms),
        median(&mut deal_ms),
    );
    Ok(())
}
