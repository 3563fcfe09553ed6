//! What lies in the bins, taken first-expired first, also for units that were not where the ledger has them.
//!
//! Optimises expiry, then the way from the depot (the picker comes back there). Ignores lots on hold: the caller
//! leaves them out of the stock it passes. O(bins of the SKU × log) to sort, then one pass.

use crate::layout::Layout;
use liangcang_domain::id::{BinId, LotId, OrderNo, SkuId};
use liangcang_domain::task::walk::{Line, LineKind, Share};
use liangcang_domain::unit::Qty;
use liangcang_domain::warehouse::Bin;
use std::collections::BTreeMap;

/// Units of one lot in one bin that nobody else is about to take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BinStock {
    /// Where.
    pub bin: Bin,
    /// What.
    pub sku: SkuId,
    /// Which lot.
    pub lot: LotId,
    /// When the lot expires, as text that sorts by date (`2027-10-03`).
    pub expiry: String,
    /// How many.
    pub qty: Qty,
}

/// The stock of a plan that is being made: what is taken is gone for the next.
pub(crate) struct Shelves {
    by_sku: BTreeMap<SkuId, Vec<BinStock>>,
}

impl Shelves {
    /// Sorts each SKU's stock: earliest expiry, nearest bin, bin id, lot.
    pub(crate) fn new<'a>(stock: impl IntoIterator<Item = &'a BinStock>, layout: &Layout) -> Self {
        let mut by_sku = BTreeMap::<SkuId, Vec<BinStock>>::new();
        for piece in stock.into_iter().filter(|piece| piece.qty > Qty::ZERO) {
            by_sku.entry(piece.sku.clone()).or_default().push(piece.clone());
        }
        for pieces in by_sku.values_mut() {
            pieces.sort_by_cached_key(|piece| {
                let way = layout.from_depot(&piece.bin);
                (piece.expiry.clone(), way, piece.bin.id.clone(), piece.lot.clone())
            });
        }
        Self { by_sku }
    }

    /// Units of a SKU not taken yet.
    pub(crate) fn left(&self, sku: &SkuId) -> Qty {
        self.by_sku.get(sku).into_iter().flatten().map(|piece| piece.qty).sum()
    }

    /// Takes up to so many units from the front; each bin and lot once.
    pub(crate) fn take(&mut self, sku: &SkuId, want: Qty) -> Vec<(Bin, LotId, Qty)> {
        let mut open = want;
        let mut taken = Vec::<(Bin, LotId, Qty)>::new();
        for piece in self.by_sku.get_mut(sku).into_iter().flatten() {
            let qty = piece.qty.min(open);
            if qty <= Qty::ZERO {
                continue;
            }
            piece.qty -= qty;
            open -= qty;
            match taken.last_mut() {
                Some((bin, lot, so_far)) if *bin == piece.bin && *lot == piece.lot => *so_far += qty,
                _ => taken.push((piece.bin.clone(), piece.lot.clone(), qty)),
            }
        }
        taken
    }
}

/// Where missing units are found instead.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reallocation {
    /// Lines to join the end of the walk.
    pub lines: Vec<Line>,
    /// Orders that cannot be completed from this warehouse now; nothing was taken for them.
    pub unserved: Vec<OrderNo>,
}

/// Looks for missing units of one SKU in all bins but the one that was short. Each order whole or not at all; the
/// last named is served first, because a walk names those first whose units it lost first (`Effect::Replan`).
#[must_use]
pub fn reallocate(
    sku: &SkuId,
    orders: &[(OrderNo, Qty)],
    stock: &[BinStock],
    short_bin: &BinId,
    layout: &Layout,
) -> Reallocation {
    let mut shelves = Shelves::new(stock.iter().filter(|piece| piece.bin.id != *short_bin), layout);
    let mut found = Reallocation::default();
    for (order, want) in orders.iter().rev() {
        if shelves.left(sku) < *want {
            found.unserved.push(order.clone());
            continue;
        }
        for (bin, lot, qty) in shelves.take(sku, *want) {
            let share = Share { order: order.clone(), qty };
            match found.lines.iter_mut().find(|line| line.bin == bin.id && line.lot == lot) {
                Some(line) => {
                    line.qty += qty;
                    line.shares.push(share);
                }
                None => found.lines.push(Line {
                    kind: LineKind::Pick,
                    bin: bin.id,
                    check_digits: bin.check_digits,
                    sku: sku.clone(),
                    lot,
                    qty,
                    shares: vec![share],
                }),
            }
        }
    }
    found
}
