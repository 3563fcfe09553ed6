//! Releasing waves, and looking for what was short: plans are made by the planner, carried out here.

use crate::clock;
use crate::commands::{Fault, FaultCode, LeftOut, Released};
use crate::floor::{Task, new_gesture};
use crate::station::Station;
use anyhow::Result;
use liangcang_domain::fact::{Fact, Goods};
use liangcang_domain::id::{CarrierId, GestureId, OperatorId, OrderNo, SkuId, ToteId, WalkId, WaveId};
use liangcang_domain::task::walk::WalkPlan;
use liangcang_domain::task::{Event, Gesture};
use liangcang_domain::unit::Qty;
use liangcang_planner::layout::Layout;
use liangcang_planner::short;
use liangcang_planner::wave::{LeftOutReason, WalkLimits, WaveOrder, plan_put_back, plan_wave};

/// Orders planned in one wave; the rest waits for the next, a moment later.
const WAVE_LIMIT: i64 = 2_000;

impl Station {
    /// Releases all ready orders of a carrier as one wave.
    pub(crate) async fn release_wave(&mut self, carrier: &CarrierId) -> Result<Released, Fault> {
        let by =
            self.operator.clone().ok_or_else(|| fault(FaultCode::NobodySignedOn, "scan a badge first"))?;
        let known = self.reference.carriers.get(carrier).cloned();
        let known = known.ok_or_else(|| fault(FaultCode::NotFound, &format!("no carrier {carrier}")))?;
        let cutoff = known.next_cutoff(clock::now());
        let (id, plan) = self.wave_plan(carrier).await.map_err(stored)?;
        let left_out = plan.left_out.iter().map(left_out).collect::<Vec<_>>();
        let orders: usize = plan.walks.iter().map(|walk| walk.orders().len()).sum();
        if plan.walks.is_empty() {
            let why = format!("{} orders wait, none can be fetched", left_out.len());
            return Err(fault(FaultCode::NothingToDo, &why));
        }
        let walks = plan.walks.len();
        let fact = Fact::WaveReleased { wave: id, carrier: carrier.clone(), cutoff, walks: plan.walks };
        self.store_facts(&new_gesture(), &by, &[fact]).await.map_err(stored)?;
        Ok(Released { orders, walks, left_out })
    }

    async fn wave_plan(
        &mut self,
        carrier: &CarrierId,
    ) -> Result<(WaveId, liangcang_planner::wave::WavePlan)> {
        let orders = self.store.ready(carrier, WAVE_LIMIT).await?;
        let orders: Vec<WaveOrder> = orders
            .iter()
            .map(|order| WaveOrder {
                no: order.no.clone(),
                paid_at: order.paid_at,
                profile: order.profile(),
                demand: order.demand(),
            })
            .collect();
        let stock = self.store.free_stock(&self.reference).await?;
        let layout = Layout::of(&self.store.bins().await?);
        let id = self.store.next_wave(carrier).await?;
        let plan = plan_wave(&id, &orders, &stock, &self.reference.catalogue, WalkLimits::default(), &layout);
        Ok((id, plan))
    }

    /// Looks elsewhere for units that were short, and gives up the orders for which there are none. Adds the facts
    /// of both to `facts`, so that the shortage and its consequence are stored together.
    pub(crate) async fn replan(
        &mut self,
        gesture: &Gesture,
        sku: &SkuId,
        orders: &[(OrderNo, Qty)],
        facts: &mut Vec<Fact>,
    ) -> Result<()> {
        let short_bin = facts.iter().find_map(|fact| match fact {
            Fact::CountOpened { bin, .. } => Some(bin.clone()),
            _ => None,
        });
        let stock = self.store.free_stock(&self.reference).await?;
        let layout = Layout::of(&self.store.bins().await?);
        let found = short::reallocate(sku, orders, &stock, &short_bin.unwrap_or_default(), &layout);
        let catalogue = self.reference.catalogue.clone();
        let cx = liangcang_domain::task::Context { catalogue: &catalogue };
        let Task::Walk(walk, _) = &self.task else { return Ok(()) };
        let mut next = walk.clone();
        for fact in facts.iter() {
            next.evolve(fact, &gesture.id, &gesture.by);
        }
        let mut events = Vec::new();
        if !found.lines.is_empty() {
            events.push((None, Event::Replanned(found.lines)));
        }
        events.extend(found.unserved.into_iter().map(|order| (Some(order.clone()), Event::Recalled(order))));
        for (at, (short, event)) in events.into_iter().enumerate() {
            let id = GestureId(format!("{}+{at}", gesture.id));
            let outcome = next.take(&Gesture { id: id.clone(), by: gesture.by.clone(), event }, cx);
            let given_up = short.map(|order| Fact::OrderShort { order });
            for fact in given_up.into_iter().chain(outcome.facts) {
                next.evolve(&fact, &id, &gesture.by);
                facts.push(fact);
            }
        }
        facts.extend(next.closing());
        Ok(())
    }

    /// A walk that brings goods of a tote back to their bins; `None` when there are none.
    pub(crate) async fn put_back_plan(
        &mut self,
        order: &OrderNo,
        tote: &ToteId,
        goods: &[Goods],
    ) -> Result<Option<WalkPlan>> {
        let mut homes = Vec::new();
        for one in goods.iter().filter(|one| one.qty > Qty::ZERO) {
            let home = self.store.home_of(&one.sku, &one.lot).await?;
            let bin = match home {
                Some(id) => self.store.bin(&id.into()).await?,
                None => self.store.bins().await?.into_iter().next(),
            };
            homes.extend(bin.map(|bin| (bin, one.clone())));
        }
        if homes.is_empty() {
            return Ok(None);
        }
        let layout = Layout::of(&self.store.bins().await?);
        let id = WalkId(format!("PB-{order}"));
        Ok(Some(plan_put_back(&id, &WaveId::from(""), tote, &homes, &layout)))
    }
}

fn left_out((order, reason): &(OrderNo, LeftOutReason)) -> LeftOut {
    let reason = match reason {
        LeftOutReason::NothingToFetch => "nothing_to_fetch".to_owned(),
        LeftOutReason::UnknownSkus { .. } => "unknown_skus".to_owned(),
        LeftOutReason::Short { .. } => "short".to_owned(),
    };
    LeftOut { order: order.clone(), reason }
}

pub(crate) fn fault(code: FaultCode, detail: &str) -> Fault {
    Fault { code, detail: detail.to_owned() }
}

/// A fault of the store, logged once, here.
pub(crate) fn stored(error: anyhow::Error) -> Fault {
    tracing::error!("not stored: {error:#}");
    fault(FaultCode::StoreFailed, &format!("{error:#}"))
}

/// Who is named when the system itself acts for the server.
pub(crate) fn server() -> OperatorId {
    OperatorId::from("server")
}
