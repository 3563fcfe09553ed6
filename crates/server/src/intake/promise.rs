//! What an order was promised, as its caller is told it.

use std::collections::BTreeMap;

use liangcang_domain::id::{CarrierId, OrderNo, SkuId, WarehouseId, WaybillNo};
use liangcang_domain::unit::{EpochMs, Qty};

use crate::store::order_insert::NewOrder;

/// What an order was promised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promise {
    /// What it was sold by.
    pub campaign: String,
    /// Where it is packed; of an order that is split, its first part.
    pub warehouse: WarehouseId,
    /// Who carries it from there.
    pub carrier: CarrierId,
    /// Empty until it goes to its warehouse.
    pub waybill_no: WaybillNo,
    /// What is held for it, over all parts.
    pub units: Vec<(SkuId, Qty)>,
    /// When the hold lapses.
    pub expires_at: Option<EpochMs>,
    /// Why it went there.
    pub because: String,
    /// What each warehouse sends, where it is split; empty where it is whole.
    pub parts: Vec<PromisedPart>,
}

/// What one warehouse sends of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PromisedPart {
    /// The part's own number.
    pub order: OrderNo,
    /// Where it is packed.
    pub warehouse: WarehouseId,
    /// Who carries it.
    pub carrier: CarrierId,
    /// Empty until it goes to its warehouse.
    pub waybill_no: WaybillNo,
    /// What is held for it.
    pub units: Vec<(SkuId, Qty)>,
}

impl From<&NewOrder> for PromisedPart {
    fn from(new: &NewOrder) -> Self {
        Self {
            order: new.order.no.clone(),
            warehouse: new.order.warehouse.clone(),
            carrier: new.order.carrier.clone(),
            waybill_no: new.order.waybill_no.clone(),
            units: new.units.clone(),
        }
    }
}

impl Promise {
    /// Of an order's row, or of its first part's and the others'.
    pub(super) fn of(new: NewOrder, further: &[NewOrder]) -> Self {
        let split = if further.is_empty() { None } else { Some(&new) };
        let parts: Vec<PromisedPart> = split.into_iter().chain(further).map(PromisedPart::from).collect();
        let units = if parts.is_empty() { new.units } else { summed(&parts) };
        let order = new.order;
        Self {
            campaign: new.campaign,
            warehouse: order.warehouse,
            carrier: order.carrier,
            waybill_no: order.waybill_no,
            units,
            expires_at: new.hold_expires_at,
            because: order.routed_because,
            parts,
        }
    }
}

fn summed(parts: &[PromisedPart]) -> Vec<(SkuId, Qty)> {
    let mut sums = BTreeMap::<SkuId, Qty>::new();
    for (sku, qty) in parts.iter().flat_map(|part| &part.units) {
        *sums.entry(sku.clone()).or_insert(Qty::ZERO) += *qty;
    }
    sums.into_iter().collect()
}
