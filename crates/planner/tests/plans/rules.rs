//! Rules every wave plan keeps, tried on many waves.

use super::hall::{bin, catalogue, layout};
use liangcang_domain::id::{BinId, LotId, OrderNo, SkuId};
use liangcang_domain::order::ParcelProfile;
use liangcang_domain::task::walk::WalkPlan;
use liangcang_domain::unit::{EpochMs, Grams, Qty};
use liangcang_planner::short::{BinStock, reallocate};
use liangcang_planner::wave::{LeftOutReason, WalkLimits, WaveOrder, WavePlan, plan_wave};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const SKUS: [&str; 5] = ["RICE5", "RICE10", "OIL5", "VINEGAR", "MILLET1"];
const PROFILES: [ParcelProfile; 3] =
    [ParcelProfile::OneOfOne, ParcelProfile::OneSkuMany, ParcelProfile::Mixed];
const LIMITS: WalkLimits = WalkLimits { max_weight_g: Grams(40_000), max_orders: 4, max_lines: 5 };

fn some_stock() -> impl Strategy<Value = Vec<BinStock>> {
    let piece = (0..2u8, 1..=3u32, 1..=8u32, 0..SKUS.len(), 1..=6u32, 1..=9i64);
    let piece = piece.prop_map(|(zone, aisle, bay, sku, month, qty)| BinStock {
        bin: bin(&format!("{}-{aisle:02}-{bay:02}-1", ["A", "B"][usize::from(zone)])),
        sku: SKUS[sku].into(),
        lot: format!("L{month}").into(),
        expiry: format!("2027-{month:02}-01"),
        qty: Qty(qty),
    });
    prop::collection::vec(piece, 0..30)
}

fn some_orders() -> impl Strategy<Value = Vec<WaveOrder>> {
    let demand = prop::collection::btree_map(
        (0..SKUS.len()).prop_map(|at| SKUS[at].into()),
        (1..=4i64).prop_map(Qty),
        1..=3,
    );
    let order = (0..5i64, 0..PROFILES.len(), demand);
    prop::collection::vec(order, 0..25).prop_map(|orders| {
        let numbered = orders.into_iter().enumerate();
        let built = numbered.map(|(at, (paid, profile, demand))| WaveOrder {
            no: format!("{:03}", at + 1).into(),
            paid_at: EpochMs(paid),
            profile: PROFILES[profile],
            demand,
        });
        built.collect()
    })
}

fn plan(orders: &[WaveOrder], stock: &[BinStock]) -> WavePlan {
    plan_wave(&"W1".into(), orders, stock, &catalogue(), LIMITS, &layout())
}

type Piece = (SkuId, LotId, BinId);

fn taken(walks: &[WalkPlan]) -> BTreeMap<Piece, Qty> {
    let mut taken = BTreeMap::new();
    for line in walks.iter().flat_map(|walk| &walk.lines) {
        let piece = (line.sku.clone(), line.lot.clone(), line.bin.clone());
        *taken.entry(piece).or_insert(Qty::ZERO) += line.qty;
    }
    taken
}

fn stocked(stock: &[BinStock]) -> BTreeMap<Piece, Qty> {
    let mut stocked = BTreeMap::new();
    for piece in stock {
        let key = (piece.sku.clone(), piece.lot.clone(), piece.bin.id.clone());
        *stocked.entry(key).or_insert(Qty::ZERO) += piece.qty;
    }
    stocked
}

fn weight(walk: &WalkPlan) -> Grams {
    let catalogue = catalogue();
    let each = |sku: &SkuId| catalogue.sku(sku).map_or(Grams(0), |known| known.gross_weight_g);
    walk.lines.iter().map(|line| line.qty.weigh(each(&line.sku))).sum()
}

proptest! {
    #[test]
    fn every_order_is_whole_in_one_walk_or_left_out_with_a_reason(orders in some_orders(), stock in some_stock()) {
        let plan = plan(&orders, &stock);
        let mut served = BTreeMap::<OrderNo, (BTreeSet<usize>, BTreeMap<SkuId, Qty>)>::new();
        for (at, walk) in plan.walks.iter().enumerate() {
            for line in &walk.lines {
                prop_assert_eq!(line.shares.iter().map(|share| share.qty).sum::<Qty>(), line.qty);
                for share in &line.shares {
                    let (walks, units) = served.entry(share.order.clone()).or_default();
                    walks.insert(at);
                    *units.entry(line.sku.clone()).or_default() += share.qty;
                }
            }
        }
        for order in &orders {
            let reason = plan.left_out.iter().find(|(no, _)| *no == order.no);
            match served.get(&order.no) {
                Some((walks, units)) => {
                    prop_assert_eq!(units, &order.demand);
                    prop_assert_eq!(walks.len(), 1);
                    prop_assert!(reason.is_none());
                }
                None => {
                    let is_short = matches!(reason, Some((_, LeftOutReason::Short { .. })));
                    prop_assert!(is_short, "{:?}", reason);
                }
            }
        }
    }

    #[test]
    fn no_lot_is_taken_while_an_earlier_one_of_the_sku_is_left(orders in some_orders(), stock in some_stock()) {
        let expiry: BTreeMap<&LotId, &str> = stock.iter().map(|piece| (&piece.lot, piece.expiry.as_str())).collect();
        let taken = taken(&plan(&orders, &stock).walks);
        for (piece, there) in stocked(&stock) {
            let left = there - taken.get(&piece).copied().unwrap_or_default();
            prop_assert!(left >= Qty::ZERO, "more than there is of {:?}", piece);
            let later = taken.keys().find(|(sku, lot, _)| *sku == piece.0 && expiry[lot] > expiry[&piece.1]);
            prop_assert!(left == Qty::ZERO || later.is_none(), "{:?} is left, {:?} is taken", piece, later);
        }
    }

    #[test]
    fn a_walk_keeps_its_limits_unless_one_order_alone_exceeds_them(orders in some_orders(), stock in some_stock()) {
        for walk in plan(&orders, &stock).walks {
            let alone = walk.orders().len() == 1;
            prop_assert!(walk.orders().len() <= LIMITS.max_orders);
            prop_assert!(alone || walk.lines.len() <= LIMITS.max_lines);
            prop_assert!(alone || weight(&walk) <= LIMITS.max_weight_g);
        }
    }

    #[test]
    fn a_zone_is_finished_before_the_next(orders in some_orders(), stock in some_stock()) {
        for walk in plan(&orders, &stock).walks {
            let mut zones: Vec<&str> = walk.lines.iter().map(|line| &line.bin.as_str()[..1]).collect();
            zones.dedup();
            prop_assert!(zones.is_sorted(), "{:?}", zones);
        }
    }

    #[test]
    fn the_same_snapshot_in_another_order_is_the_same_plan(
        (orders, shuffled_orders) in some_orders().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
        (stock, shuffled_stock) in some_stock().prop_flat_map(|all| (Just(all.clone()), Just(all).prop_shuffle())),
    ) {
        prop_assert_eq!(plan(&orders, &stock), plan(&shuffled_orders, &shuffled_stock));
    }

    #[test]
    fn a_shortage_takes_whole_orders_from_other_bins_and_never_more_than_there_is(
        stock in some_stock(), wants in prop::collection::vec(1..=9i64, 1..5),
    ) {
        let orders: Vec<(OrderNo, Qty)> =
            wants.iter().enumerate().map(|(at, want)| (format!("{at}").into(), Qty(*want))).collect();
        let short_bin = stock.first().map_or("A-01-01-1".into(), |piece| piece.bin.id.clone());
        let found = reallocate(&"RICE5".into(), &orders, &stock, &short_bin, &layout());
        for (order, want) in &orders {
            let shares = found.lines.iter().flat_map(|line| &line.shares).filter(|share| share.order == *order);
            let got: Qty = shares.map(|share| share.qty).sum();
            prop_assert_eq!(got, if found.unserved.contains(order) { Qty::ZERO } else { *want });
        }
        let there = stocked(&stock);
        let walk = WalkPlan { id: "W".into(), wave: "W1".into(), lines: found.lines, tote: None };
        for (piece, qty) in taken(&[walk]) {
            prop_assert!(piece.2 != short_bin && qty <= there[&piece]);
        }
    }
}
