//! The bench: which order of a tote comes next, and what the engine must know of it.

use crate::clock;
use crate::floor::{Bench, Task};
use crate::station::Station;
use anyhow::{Context as _, Result};
use liangcang_domain::catalogue::Sellable;
use liangcang_domain::fact::Goods;
use liangcang_domain::gate::WeightGate;
use liangcang_domain::id::{OrderNo, PackagingId, ToteId};
use liangcang_domain::order::Order;
use liangcang_domain::task::pack::{Group, PackJob, PackagingReason, Part};
use liangcang_domain::unit::{Grams, Qty};
use liangcang_planner::packaging;

impl Station {
    /// Opens the next order of a tote; `false` when nothing in it can be packed.
    pub(crate) async fn begin_pack(&mut self, tote: &ToteId) -> Result<bool> {
        let queue = self.store.tote_queue(tote).await?;
        let Some(order) = queue.first() else { return Ok(false) };
        let job = self.job_of(order, tote).await?;
        let cutoff =
            self.reference.carriers.get(&job.carrier).map(|carrier| carrier.next_cutoff(clock::now()));
        let pack = self.store.replay_pack(job).await?;
        let total = match &self.task {
            Task::Pack(bench) if bench.tote == *tote => bench.total,
            _ => self.store.tote_total(tote, queue.len()).await?,
        };
        let packed = total.saturating_sub(queue.len());
        self.on_scale.refused = None;
        self.task = Task::Pack(Box::new(Bench { pack, tote: tote.clone(), packed, total, cutoff }));
        Ok(true)
    }

    pub(crate) async fn job_of(&mut self, no: &OrderNo, tote: &ToteId) -> Result<PackJob> {
        let (order, _) = self.store.order(no).await?.with_context(|| format!("no order {no}"))?;
        let goods = self.store.allotment(no).await?;
        let neighbours = self.store.neighbours(no, tote).await?;
        let (packaging, packaging_reason) = self.packaging_for(&goods);
        let catalogue = &self.reference.catalogue;
        let weight = |goods: &Goods| catalogue.sku(&goods.sku).map_or(Grams(0), |sku| sku.gross_weight_g);
        let goods_weight: Grams = goods.iter().map(|one| one.qty.weigh(weight(one))).sum();
        let lightest = goods.iter().map(weight).min().unwrap_or_default();
        let tare = catalogue.packaging(&packaging).map_or(Grams(0), |known| known.tare_g);
        let groups = order.lines.iter().map(|line| Group {
            title: line.title.clone(),
            qty: line.qty,
            bundle: matches!(catalogue.sellable(&line.code), Some(Sellable::Bundle(_))),
        });
        Ok(PackJob {
            order: no.clone(),
            carrier: order.carrier.clone(),
            waybill: order.waybill_no.clone(),
            tote: tote.clone(),
            groups: groups.collect(),
            parts: deal(&order, goods),
            neighbours,
            packaging,
            packaging_reason,
            gate: WeightGate::new(goods_weight, tare, lightest),
        })
    }

    fn packaging_for(&self, goods: &[Goods]) -> (PackagingId, PackagingReason) {
        let catalogue = &self.reference.catalogue;
        let parts: Vec<_> =
            goods.iter().filter_map(|one| catalogue.sku(&one.sku).map(|sku| (sku, one.qty))).collect();
        let fallback = || {
            let any = catalogue.all_packaging().max_by_key(|material| material.max_weight_g);
            let id = any.map(|material| material.id.clone()).unwrap_or_default();
            (id, PackagingReason::SmallestFit)
        };
        packaging::propose(&parts, catalogue.all_packaging()).unwrap_or_else(fallback)
    }
}

/// Deals the goods in the tote to the order's lines, so that a bundle is drawn with its own parts.
fn deal(order: &Order, mut goods: Vec<Goods>) -> Vec<Part> {
    let mut parts = Vec::new();
    for (group, line) in order.lines.iter().enumerate() {
        for (sku, want) in &line.parts {
            let mut left = *want;
            for pile in goods.iter_mut().filter(|pile| pile.sku == *sku) {
                let qty = left.min(pile.qty);
                if qty > Qty::ZERO {
                    parts.push(Part { goods: Goods { qty, ..pile.clone() }, group });
                    pile.qty -= qty;
                    left -= qty;
                }
            }
        }
    }
    parts
}
