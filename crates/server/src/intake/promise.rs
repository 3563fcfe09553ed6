//! Promising one new order: explode, route, hold, number, tell the warehouse.

use std::collections::BTreeMap;

use anyhow::Result;
use liangcang_domain::catalogue::{Catalogue, Sellable};
use liangcang_domain::id::{CarrierId, OrderNo, SkuId, WarehouseId, WaybillNo};
use liangcang_domain::order::{Order, OrderLine, Receiver};
use liangcang_domain::unit::{EpochMs, Qty};
use liangcang_planner::routing::{self, Demand, NotRouted, Routed};
use crate::database::Transaction;

use super::{Arrival, Desk, Outcome, Reason};
use crate::incoming::{IncomingLine, IncomingOrder, province_stem};
use crate::store::orders::{self, Known, Office, State};
use crate::store::{feed, pool, waybill};

/// Where a channel names no deadline, the platforms' own rule: 48 hours from payment.
const SHIP_WITHIN_MS: i64 = 48 * 60 * 60 * 1000;

impl Desk<'_> {
    /// Promises a new order, or says why not; the caller then undoes what was written.
    pub(super) async fn promise(
        &mut self,
        conn: &mut Transaction,
        no: &OrderNo,
        arrival: Arrival<'_>,
    ) -> Result<Outcome> {
        let incoming = arrival.order;
        let (routed, carrier, units) = match self.plan(incoming) {
            Ok(plan) => plan,
            Err(reason) => return Ok(Outcome::Refused(reason)),
        };
        let number = if arrival.waits { None } else { waybill::take(conn, &carrier).await? };
        if number.is_none() && !arrival.waits {
            return Ok(Outcome::Refused(Reason::NoWaybillNumber { carrier }));
        }
        let state = if arrival.waits { State::Waiting } else { State::Routed };
        let placed =
            Placed { routed: &routed, carrier: &carrier, number: number.clone().unwrap_or_default() };
        let mut order = self.order(no, incoming, placed);
        orders::insert(conn, self.database, &order, &self.office(incoming), state).await?;
        for (sku, qty) in &units {
            if !pool::hold(conn, no, &routed.warehouse, sku, *qty).await? {
                return Ok(Outcome::Refused(Reason::Short { skus: [sku.clone()].into() }));
            }
        }
        if let Some(number) = number {
            waybill::assign(conn, &carrier, &number, no).await?;
            (order.route_code, order.consolidation) =
                orders::sorting(conn, &carrier, &order.receiver).await?;
            feed::append_order(conn, self.database, order).await?;
        }
        self.less(&routed.warehouse, &units);
        let Routed { warehouse, .. } = routed;
        Ok(if arrival.waits { Outcome::WaitsForPlatform } else { Outcome::Accepted { warehouse, carrier } })
    }

    /// Every reason to refuse that needs no writing, in this order: goods, stock, carrier.
    fn plan(&self, incoming: &IncomingOrder) -> Result<(Routed, CarrierId, BTreeMap<SkuId, Qty>), Reason> {
        let lines = incoming.lines.iter().map(|line| (line.merchant_code.as_str(), Qty(i64::from(line.qty))));
        let units = self.catalogue.explode(lines).map_err(|codes| Reason::UnknownGoods { codes })?;
        let province = province_stem(&incoming.receiver.province).to_owned();
        let demand = Demand { province, units };
        let routed = routing::route(&demand, &self.stock).map_err(|why| match why {
            NotRouted::NothingToShip => Reason::NothingToShip,
            NotRouted::NoWarehouse => Reason::NoWarehouse,
            NotRouted::Short { missing, .. } => Reason::Short { skus: missing.into_keys().collect() },
        })?;
        let Demand { province, units } = demand;
        match routing::choose_carrier(&province, &self.carriers) {
            Some((carrier, _)) => Ok((routed, carrier, units)),
            None => Err(Reason::NoCarrier { province }),
        }
    }

    /// What the next order of the group finds.
    fn less(&mut self, warehouse: &WarehouseId, units: &BTreeMap<SkuId, Qty>) {
        let Some(stock) = self.stock.iter_mut().find(|stock| stock.id == *warehouse) else { return };
        for (sku, qty) in units {
            *stock.atp.entry(sku.clone()).or_default() -= *qty;
        }
    }

    /// A waiting order whose receiver can be read now: number it, and tell the warehouse that held its goods.
    pub(super) async fn stop_waiting(
        &self,
        conn: &mut Transaction,
        no: &OrderNo,
        incoming: &IncomingOrder,
        known: Known,
    ) -> Result<Outcome> {
        let Some(number) = waybill::take(conn, &known.carrier).await? else {
            return Ok(Outcome::Refused(Reason::NoWaybillNumber { carrier: known.carrier }));
        };
        let mut order = orders::read(conn, self.database, no).await?;
        order.receiver = receiver(incoming);
        order.waybill_no = number;
        (order.route_code, order.consolidation) =
            orders::sorting(conn, &known.carrier, &order.receiver).await?;
        orders::stop_waiting(conn, self.database, &order).await?;
        waybill::assign(conn, &known.carrier, &order.waybill_no, no).await?;
        feed::append_order(conn, self.database, order).await?;
        Ok(Outcome::Accepted { warehouse: known.warehouse, carrier: known.carrier })
    }

    fn order(&self, no: &OrderNo, incoming: &IncomingOrder, placed: Placed<'_>) -> Order {
        let paid_at = incoming.paid_at_ms.or(incoming.created_at_ms).unwrap_or(self.now.0);
        Order {
            channel: incoming.channel.clone(),
            no: no.clone(),
            warehouse: placed.routed.warehouse.clone(),
            carrier: placed.carrier.clone(),
            waybill_no: placed.number,
            route_code: String::new(),
            consolidation: String::new(),
            receiver: receiver(incoming),
            lines: incoming.lines.iter().map(|line| exploded(&self.catalogue, line)).collect(),
            paid_at: EpochMs(paid_at),
            ship_by: EpochMs(incoming.ship_by_ms.unwrap_or(paid_at + SHIP_WITHIN_MS)),
            routed_because: placed.routed.because.as_str().to_owned(),
        }
    }

    fn office(&self, incoming: &IncomingOrder) -> Office {
        Office {
            fingerprint: self.fingerprint(incoming),
            paid_fen: incoming.paid_fen,
            buyer_note: incoming.buyer_note.clone(),
            seller_note: incoming.seller_note.clone(),
            lines: incoming.lines.iter().map(|line| (line.sub_order_no.clone(), line.paid_fen)).collect(),
            taken_at: self.now,
        }
    }
}

/// Where an order was put.
struct Placed<'a> {
    routed: &'a Routed,
    carrier: &'a CarrierId,
    /// Empty while the order waits.
    number: WaybillNo,
}

/// One line with its parts. The codes were checked before; a code unknown here would explode to nothing.
fn exploded(catalogue: &Catalogue, line: &IncomingLine) -> OrderLine {
    let qty = Qty(i64::from(line.qty));
    let parts = catalogue.explode([(line.merchant_code.as_str(), qty)]).unwrap_or_default();
    let name = match catalogue.sellable(&line.merchant_code) {
        Some(Sellable::Sku(sku)) => sku.name.clone(),
        Some(Sellable::Bundle(bundle)) => bundle.name.clone(),
        None => String::new(),
    };
    // Our own name is shorter than the shop window's, and is the one on the shelf.
    let title = if name.is_empty() { line.title.clone() } else { name };
    OrderLine { code: line.merchant_code.clone(), title, qty, parts: parts.into_iter().collect() }
}

/// The receiver as a label wants it: province without its kind, and a city that is its own province once.
fn receiver(incoming: &IncomingOrder) -> Receiver {
    let from = &incoming.receiver;
    let province = province_stem(&from.province).to_owned();
    Receiver {
        name: from.name.clone(),
        phone: from.phone.clone(),
        city: from.city.clone(),
        province,
        district: from.district.clone(),
        detail: format!("{}{}", from.street, from.detail),
    }
}
