//! Cancelled orders: finding the goods on the floor, and stopping whoever holds them.
//!
//! The feed says only that an order is cancelled; where it stands is the warehouse's. Each recall is settled by facts
//! of one gesture, named after the order, so that a crash in the middle repeats it without doubling anything.

use crate::clock;
use crate::floor::Task;
use crate::release::server;
use crate::station::Station;
use anyhow::Result;
use liangcang_domain::fact::Fact;
use liangcang_domain::id::{GestureId, OrderNo, ToteId};
use liangcang_domain::order::OrderState;
use liangcang_domain::task::walk::Walk;
use liangcang_domain::task::{Event, Feedback, Gesture, Notice};
use liangcang_domain::unit::Grams;

fn returned_to(fact: &Fact) -> Option<ToteId> {
    match fact {
        Fact::PackReturned { tote, .. } => Some(tote.clone()),
        _ => None,
    }
}

impl Station {
    /// Settles every cancelled order that waits.
    pub(crate) async fn work_recalls(&mut self) -> Result<()> {
        loop {
            let waiting = self.store.recalls().await?;
            if waiting.is_empty() {
                return Ok(());
            }
            for order in waiting {
                self.work_recall(&order).await?;
            }
        }
    }

    async fn work_recall(&mut self, order: &OrderNo) -> Result<()> {
        let state = self.store.order(order).await?.map(|(_, state)| state);
        let gesture = Gesture {
            id: GestureId(format!("recall:{order}")),
            by: server(),
            event: Event::Recalled(order.clone()),
        };
        let cancelled = Fact::OrderCancelled { order: order.clone() };
        let mut in_hand = false;
        let facts = match state {
            None | Some(OrderState::Cancelled) => vec![],
            Some(OrderState::HandedOver) => {
                let (facts, held) = self.recall_caged(order, &gesture).await?;
                in_hand = held;
                // Out of an open cage it is a sealed parcel of a cancelled order; with the carrier it is gone.
                if facts.is_empty() { vec![] } else { [facts, vec![cancelled]].concat() }
            }
            Some(OrderState::Ready | OrderState::Short | OrderState::Packed) => vec![cancelled],
            Some(OrderState::Released | OrderState::Picking) => {
                let (mut walk, held) = self.walk_of(order).await?;
                in_hand = held;
                let facts =
                    walk.as_mut().map(|walk| walk.take(&gesture, self.context()).facts).unwrap_or_default();
                [vec![cancelled], facts].concat()
            }
            Some(OrderState::Picked) => {
                let goods = self.store.allotment(order).await?;
                let back = match self.store.tote_of(order).await? {
                    Some(tote) => self.put_back_plan(order, &tote, &goods).await?,
                    None => None,
                };
                in_hand = self.drop_waiting_pack(order);
                [vec![cancelled], back.map(|walk| Fact::PutBackOpened { walk }).into_iter().collect()]
                    .concat()
            }
            Some(OrderState::Packing) => {
                let (mut facts, held) = self.recall_pack(order, &gesture).await?;
                in_hand = held;
                if let Some(tote) = facts.iter().find_map(returned_to) {
                    let goods = self.store.allotment(order).await?;
                    let back = self.put_back_plan(order, &tote, &goods).await?;
                    facts.extend(back.map(|walk| Fact::PutBackOpened { walk }));
                }
                [vec![cancelled], facts].concat()
            }
        };
        let recorded = self.recorded(&gesture.id, &gesture.by, &facts);
        self.store.record_recall(order.as_str(), &recorded).await?;
        self.stored(facts.len(), clock::now());
        self.withdraw_void(&facts);
        if in_hand {
            self.heard_of_recall(&gesture, &facts, order).await?;
        }
        Ok(())
    }

    /// The walk an order is in, and whether it is the one in hand.
    async fn walk_of(&mut self, order: &OrderNo) -> Result<(Option<Walk>, bool)> {
        let Some(id) = self.store.live_walk_of(order).await? else { return Ok((None, false)) };
        if let Task::Walk(walk, _) = &self.task
            && walk.id == id
        {
            return Ok((Some((**walk).clone()), true));
        }
        Ok((Some(self.store.walk(&id).await?), false))
    }

    /// An order shown on the bench of which nothing was scanned yet simply leaves it.
    fn drop_waiting_pack(&self, order: &OrderNo) -> bool {
        matches!(&self.task, Task::Pack(bench) if bench.pack.job.order == *order)
    }

    async fn recall_pack(&mut self, order: &OrderNo, gesture: &Gesture) -> Result<(Vec<Fact>, bool)> {
        if let Task::Pack(bench) = &self.task
            && bench.pack.job.order == *order
        {
            let mut pack = bench.pack.clone();
            return Ok((pack.take(gesture, self.context()).facts, true));
        }
        // Begun on this bench and left: it is recalled when its tote is opened again, from the same facts.
        let Some(tote) = self.store.tote_of(order).await? else { return Ok((vec![], false)) };
        let job = self.job_of(order, &tote).await?;
        let mut pack = self.store.replay_pack(job).await?;
        Ok((pack.take(gesture, self.context()).facts, false))
    }

    /// A parcel in a cage the carrier has not taken comes out of it again.
    async fn recall_caged(&mut self, order: &OrderNo, gesture: &Gesture) -> Result<(Vec<Fact>, bool)> {
        let Some((cage, carrier)) = self.store.open_cage_of(order).await? else { return Ok((vec![], false)) };
        if let Task::HandOver(hand_over, _) = &self.task
            && hand_over.cage == cage
        {
            return Ok((hand_over.take(gesture, None).facts, true));
        }
        let hand_over = self.store.hand_over(&cage, &carrier, clock::now().0).await?;
        Ok((hand_over.take(gesture, None).facts, false))
    }

    /// The person who holds the goods hears it now, not at the next scan.
    async fn heard_of_recall(&mut self, gesture: &Gesture, facts: &[Fact], order: &OrderNo) -> Result<()> {
        let mut ended = false;
        match &mut self.task {
            Task::Walk(walk, _) => {
                for fact in facts {
                    walk.evolve(fact, &gesture.id, &gesture.by);
                }
                ended = walk.finished;
            }
            Task::Pack(bench) => {
                for fact in facts {
                    bench.pack.evolve(fact, &gesture.id, &gesture.by);
                }
                ended = !facts.iter().any(|fact| matches!(fact, Fact::PackRecalled { .. }))
                    || facts.iter().any(|fact| matches!(fact, Fact::PackReturned { .. }));
            }
            Task::HandOver(hand_over, _) => {
                for fact in facts {
                    hand_over.evolve(fact, &gesture.id, Grams(0));
                }
            }
            Task::Idle => {}
        }
        self.answer(Feedback::Attention { notice: Notice::Recalled { order: order.clone() } });
        if ended {
            let tote = match &self.task {
                Task::Pack(bench) => Some(bench.tote.clone()),
                _ => None,
            };
            self.task = Task::Idle;
            if let Some(tote) = tote {
                self.begin_pack(&tote).await?;
            }
        }
        Ok(())
    }
}
