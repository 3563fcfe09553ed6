//! Which packaging a parcel wants.
//!
//! Optimises the size of the packaging, after safety: glass and bottles get the class that keeps them whole, heavy
//! sacks a bag that does not tear. Ignores price, stock of material and how the pieces would really lie: three
//! quarters of the inner volume count as usable. O(materials × parts).

use liangcang_domain::catalogue::{Fragility, Packaging, Size, Sku};
use liangcang_domain::id::PackagingId;
use liangcang_domain::task::pack::PackagingReason;
use liangcang_domain::unit::{Grams, Qty};
use std::cmp::Reverse;

const CARTON: &str = "carton";
const AIR_COLUMN_CARTON: &str = "air_column_carton";
const WOVEN_BAG: &str = "woven_bag";

/// From this weight on, sacks alone go into a woven bag.
const HEAVY_SACKS: Grams = Grams(8_000);

/// The packaging to take and why; none if no material may carry the parcel.
#[must_use]
pub fn propose<'a>(
    parts: &[(&Sku, Qty)],
    materials: impl IntoIterator<Item = &'a Packaging>,
) -> Option<(PackagingId, PackagingReason)> {
    let weight: Grams = parts.iter().map(|(sku, qty)| qty.weigh(sku.gross_weight_g)).sum();
    let carrying: Vec<&Packaging> =
        materials.into_iter().filter(|material| material.max_weight_g >= weight).collect();
    let has = |fragility| parts.iter().any(|(sku, _)| sku.fragility == fragility);
    let only_sacks = parts.iter().all(|(sku, _)| sku.packaging_class == "sack");
    let (reason, class, instead) = if has(Fragility::Glass) {
        (PackagingReason::Glass, AIR_COLUMN_CARTON, None)
    } else if has(Fragility::Bottle) {
        (PackagingReason::Bottles, CARTON, Some(AIR_COLUMN_CARTON))
    } else if only_sacks && weight >= HEAVY_SACKS {
        (PackagingReason::HeavySacks, WOVEN_BAG, Some(CARTON))
    } else {
        (PackagingReason::SmallestFit, CARTON, Some(WOVEN_BAG))
    };
    let chosen = |class: &str| {
        let of_class = || carrying.iter().copied().filter(|material| material.class == class);
        let smallest = of_class()
            .filter(|material| holds(material, parts))
            .min_by_key(|material| (material.inner.volume_cm3(), &material.id));
        // Too big for all of them: the largest, and the packer adds or cuts.
        let largest =
            || of_class().min_by_key(|material| (Reverse(material.inner.volume_cm3()), &material.id));
        smallest.or_else(largest).map(|material| material.id.clone())
    };
    let second = || Some((chosen(instead?)?, PackagingReason::SmallestFit));
    chosen(class).map(|id| (id, reason)).or_else(second)
}

fn holds(material: &Packaging, parts: &[(&Sku, Qty)]) -> bool {
    let volume: i64 = parts.iter().map(|(sku, qty)| sku.size.volume_cm3() * qty.0).sum();
    let inner = sides(material.inner);
    let each_fits = parts.iter().all(|(sku, _)| {
        let outer = sides(sku.size);
        outer.iter().zip(inner).all(|(outer, inner)| *outer <= inner)
    });
    each_fits && volume * 4 <= material.inner.volume_cm3() * 3
}

/// Shortest first, so that two boxes compare whichever way they lie.
fn sides(size: Size) -> [i64; 3] {
    let mut sides = [size.length_mm.0, size.width_mm.0, size.height_mm.0];
    sides.sort_unstable();
    sides
}
