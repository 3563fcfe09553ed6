//! What happens on the floor: a gesture goes to the task in hand, or begins one.
//!
//! The order of deeds is kept here, once, for every task: the engine answers on a copy, facts are made durable, then
//! the copy becomes the state, then labels are drawn and the next parcel opens. If facts cannot be stored, the state
//! does not move. The rules themselves are the engine's.

use crate::clock;
use crate::commands::{Fault, FaultCode};
use crate::station::Station;
use crate::view::Sticky;
use anyhow::Result;
use liangcang_devices::scale::{ScaleEvent, Weighing};
use liangcang_devices::scanner::ScannerEvent;
use liangcang_domain::code::{Action, Code};
use liangcang_domain::fact::Fact;
use liangcang_domain::id::{CageId, GestureId, OperatorId, ToteId, WalkId};
use liangcang_domain::task::handover::HandOver;
use liangcang_domain::task::pack::{Pack, PackStep};
use liangcang_domain::task::walk::Walk;
use liangcang_domain::task::{Effect, Event, Feedback, First, Gesture, ItemCard, Mistake, Notice, Outcome};
use liangcang_domain::unit::{EpochMs, Grams};

/// Below this a scale counts as empty.
const EMPTY_SCALE: Grams = Grams(20);

/// The task in hand.
#[derive(Debug)]
pub(crate) enum Task {
    /// None.
    Idle,
    /// A walk and its cut-off.
    Walk(Box<Walk>, Option<EpochMs>),
    /// A parcel, and how far its tote is.
    Pack(Box<Bench>),
    /// A hand-over and its cut-off.
    HandOver(Box<HandOver>, Option<EpochMs>),
}

/// A parcel on the bench, and its tote.
#[derive(Debug)]
pub(crate) struct Bench {
    pub pack: Pack,
    pub tote: ToteId,
    pub packed: usize,
    pub total: usize,
    pub cutoff: Option<EpochMs>,
}

/// A new gesture id: ordered by time, made before anything else happens.
pub(crate) fn new_gesture() -> GestureId {
    GestureId(uuid::Uuid::now_v7().to_string())
}

impl Station {
    /// A scanner read something, came, or went.
    pub(crate) async fn on_scanner(&mut self, name: &str, event: ScannerEvent) -> Result<()> {
        self.devices.scanner_is(name, &event, clock::now());
        match event {
            ScannerEvent::Scan(scan) => self.scanned(&scan.text).await,
            ScannerEvent::Refused(_) | ScannerEvent::Ready | ScannerEvent::Away { .. } => Ok(()),
        }
    }

    /// A code, from a scanner or a screen.
    pub(crate) async fn scanned(&mut self, text: &str) -> Result<()> {
        match Code::classify(text) {
            Code::Command(action) => self.act(Event::Pressed(action)).await,
            Code::Operator(operator) => self.badge(&operator).await,
            code => self.act(Event::Scanned(code)).await,
        }
    }

    /// A scale said something new.
    pub(crate) async fn on_scale_event(&mut self, name: &str, event: ScaleEvent) -> Result<()> {
        self.devices.scale_is(name, &event, clock::now());
        self.on_scale.stable = match event {
            ScaleEvent::Weighing(Weighing::Stable(grams)) => Some(Grams(grams)),
            _ => None,
        };
        if self.on_scale.stable.is_some_and(|grams| grams <= EMPTY_SCALE) {
            self.on_scale.emptied = true;
            // What was refused lies there no more: nobody may let it pass, and it is judged anew when it comes back.
            self.on_scale.refused = None;
        }
        self.weigh().await
    }

    /// Gives the engine what lies on the scale, if a parcel waits to be weighed and the scale was empty before it.
    pub(crate) async fn weigh(&mut self) -> Result<()> {
        let waits = matches!(&self.task, Task::Pack(bench) if bench.pack.step() == PackStep::Weigh);
        let Some(grams) = self.on_scale.stable.filter(|grams| *grams > EMPTY_SCALE) else { return Ok(()) };
        if !waits || !self.on_scale.emptied || self.on_scale.refused == Some(grams) {
            return Ok(());
        }
        self.on_scale.refused = Some(grams);
        let taken = Box::pin(self.act(Event::Weighed(grams))).await;
        if taken.is_err() {
            // The gate did not refuse it: it is tried again when the store works.
            self.on_scale.refused = None;
        }
        taken
    }

    /// A badge: signs on, or lets a parcel pass the gate if it is a lead's.
    async fn badge(&mut self, id: &OperatorId) -> Result<()> {
        let Some(operator) = self.reference.operators.get(id).cloned() else {
            self.answer(Outcome::wrong(Mistake::UnknownCode { got: format!("OP-{id}") }).feedback);
            return Ok(());
        };
        let refused = self.on_scale.refused;
        if let (Task::Pack(bench), Some(gross), true) = (&self.task, refused, operator.lead)
            && bench.pack.step() == PackStep::Weigh
        {
            let outcome = bench.pack.let_pass(gross, id);
            let gesture = Gesture { id: new_gesture(), by: id.clone(), event: Event::Weighed(gross) };
            return self.carry(gesture, outcome).await;
        }
        self.sign_on(id).await
    }

    /// Somebody begins to work here.
    pub(crate) async fn sign_on(&mut self, id: &OperatorId) -> Result<()> {
        self.store_facts(&new_gesture(), id, &[Fact::SignedOn]).await?;
        self.operator = Some(id.clone());
        self.answer(Feedback::Right);
        Ok(())
    }

    /// A gesture of whoever is signed on.
    pub(crate) async fn act(&mut self, event: Event) -> Result<()> {
        let Some(by) = self.operator.clone() else {
            self.answer(Outcome::not_now(First::SignOn).feedback);
            return Ok(());
        };
        let id = match self.given_gesture.take() {
            // A screen that lost the answer asks again: what was recorded stands, and is not recorded twice.
            Some(given) if self.store.knows_gesture(&given).await? => return Ok(()),
            Some(given) => given,
            None => new_gesture(),
        };
        let gesture = Gesture { id, by, event };
        if matches!(gesture.event, Event::Pressed(Action::Leave)) && !self.is_asking() {
            self.leave();
            return Ok(());
        }
        let outcome = match &mut self.task {
            Task::Idle => return self.begin(gesture).await,
            Task::Walk(walk, _) => {
                let cx = liangcang_domain::task::Context { catalogue: &self.reference.catalogue };
                if let Some(wrong) = tote_taken(&mut self.store, walk, &gesture.event).await? {
                    Outcome::wrong(wrong)
                } else {
                    walk.take(&gesture, cx)
                }
            }
            Task::Pack(bench) => {
                let cx = liangcang_domain::task::Context { catalogue: &self.reference.catalogue };
                bench.pack.take(&gesture, cx)
            }
            Task::HandOver(hand_over, _) => {
                let parcel = match &gesture.event {
                    Event::Scanned(Code::Waybill(no)) => self.store.parcel(no).await?,
                    _ => None,
                };
                hand_over.take(&gesture, parcel.as_ref())
            }
        };
        self.carry(gesture, outcome).await
    }

    /// Whether a question is open, which "leave" answers rather than leaving the task.
    fn is_asking(&self) -> bool {
        use liangcang_domain::task::walk::Step;
        match &self.task {
            Task::Walk(walk, _) => {
                matches!(walk.step(), Step::Reason(_) | Step::ConfirmShort(..) | Step::ConfirmCount(..))
            }
            Task::Pack(bench) => bench.pack.step() == PackStep::ReprintReason,
            _ => false,
        }
    }

    /// Carries out what the engine said: facts first, then the state, then everything else.
    pub(crate) async fn carry(&mut self, gesture: Gesture, mut outcome: Outcome) -> Result<()> {
        self.follow_up(&gesture, &mut outcome).await?;
        self.store_facts(&gesture.id, &gesture.by, &outcome.facts).await?;
        self.evolve(&gesture, &outcome.facts).await;
        self.answer(outcome.feedback);
        for fact in &outcome.facts {
            if let Fact::Packed { order: packed, .. } | Fact::PackReturned { order: packed, .. } = fact {
                self.own_sticky
                    .retain(|one| !matches!(one, Sticky::MissingGlyphs { order, .. } if order == packed));
            }
        }
        for effect in &outcome.effects {
            if let (Effect::Print(print), Task::Pack(bench)) = (effect, &self.task) {
                let (order, print) = (bench.pack.job.order.clone(), print.clone());
                self.draw(order, print).await;
            }
        }
        if outcome.facts.iter().any(crate::store::tasks::ends_task) {
            self.next_task().await?;
        }
        // A parcel may lie on the scale before the packaging was scanned.
        self.weigh().await
    }

    /// Facts that must stand beside the engine's own: what a shortage leads to, and the way back of cancelled goods.
    async fn follow_up(&mut self, gesture: &Gesture, outcome: &mut Outcome) -> Result<()> {
        if let Some(Effect::Replan { sku, orders, .. }) =
            outcome.effects.iter().find(|effect| matches!(effect, Effect::Replan { .. })).cloned()
        {
            self.replan(gesture, &sku, &orders, &mut outcome.facts).await?;
        }
        if let (Task::Pack(bench), true) =
            (&self.task, outcome.facts.iter().any(|fact| matches!(fact, Fact::PackReturned { .. })))
        {
            let goods = bench.pack.job.parts.iter().map(|part| part.goods.clone()).collect::<Vec<_>>();
            let (order, tote) = (bench.pack.job.order.clone(), bench.tote.clone());
            let walk = self.put_back_plan(&order, &tote, &goods).await?;
            outcome.facts.extend(walk.map(|walk| Fact::PutBackOpened { walk }));
        }
        Ok(())
    }

    async fn evolve(&mut self, gesture: &Gesture, facts: &[Fact]) {
        match &mut self.task {
            Task::Idle => {}
            Task::Walk(walk, _) => {
                for fact in facts {
                    walk.evolve(fact, &gesture.id, &gesture.by);
                }
            }
            Task::Pack(bench) => {
                for fact in facts {
                    bench.pack.evolve(fact, &gesture.id, &gesture.by);
                }
                if facts.iter().any(|fact| matches!(fact, Fact::Weighed { .. })) {
                    self.on_scale.emptied = false;
                    self.on_scale.refused = None;
                }
            }
            Task::HandOver(hand_over, _) => {
                for fact in facts {
                    let gross = match fact {
                        Fact::ScannedOut { waybill, .. } => {
                            let parcel = self.store.parcel(waybill).await.ok().flatten();
                            parcel.map(|parcel| parcel.gross).unwrap_or_default()
                        }
                        _ => Grams(0),
                    };
                    hand_over.evolve(fact, &gesture.id, gross);
                }
            }
        }
    }

    /// A scan or a key with no task in hand begins one.
    async fn begin(&mut self, gesture: Gesture) -> Result<()> {
        let begun = match &gesture.event {
            Event::Scanned(Code::Tote(tote)) => self.begin_pack(tote).await?,
            Event::Scanned(Code::Order(order)) => match self.store.tote_of(order).await? {
                Some(tote) => self.begin_pack(&tote).await?,
                None => false,
            },
            Event::Scanned(Code::Cage(cage)) => self.begin_hand_over(cage).await?,
            Event::Pressed(Action::Next | Action::Confirm) => self.begin_walk(None).await?,
            _ => false,
        };
        if begun {
            self.answer(Feedback::Right);
            return self.weigh().await;
        }
        let outcome = match gesture.event {
            Event::Scanned(Code::Tote(tote)) => Outcome::wrong(Mistake::WrongTote { got: tote.0 }),
            Event::Scanned(Code::Cage(cage)) => Outcome::wrong(Mistake::UnknownCode { got: cage.0 }),
            Event::Scanned(Code::Unknown(got)) => Outcome::wrong(Mistake::UnknownCode { got }),
            Event::Pressed(Action::Undo) => Outcome::attention(Notice::NothingToUndo),
            Event::Weighed(_) | Event::Label { .. } => Outcome::quiet(),
            _ => Outcome::not_now(First::Tote),
        };
        self.answer(outcome.feedback);
        Ok(())
    }

    /// Begins or resumes a walk; `false` when there is none.
    pub(crate) async fn begin_walk(&mut self, id: Option<WalkId>) -> Result<bool> {
        let id = match id {
            Some(id) => id,
            None => match self.store.next_walk().await? {
                Some(id) => id,
                None => return Ok(false),
            },
        };
        if !self.store.is_open(&id).await? {
            return Ok(false);
        }
        let walk = self.store.walk(&id).await?;
        let cutoff = self.store.cutoff_of_walk(&id).await?.map(EpochMs);
        self.task = Task::Walk(Box::new(walk), cutoff);
        Ok(true)
    }

    /// Begins or resumes a hand-over; `false` when nobody knows the cage.
    pub(crate) async fn begin_hand_over(&mut self, cage: &CageId) -> Result<bool> {
        let now = clock::now();
        let known = self.reference.cages.contains(cage);
        let Some(carrier) = self.reference.carrier_of(cage).filter(|_| known).cloned() else {
            return Ok(false);
        };
        let hand_over = self.store.hand_over(cage, &carrier.id, now.0).await?;
        self.task = Task::HandOver(Box::new(hand_over), Some(carrier.next_cutoff(now)));
        Ok(true)
    }

    /// After a task's end: the next parcel of the tote, or none.
    async fn next_task(&mut self) -> Result<()> {
        let tote = match &self.task {
            Task::Pack(bench) => Some(bench.tote.clone()),
            _ => None,
        };
        if let Task::HandOver(hand_over, _) = &self.task {
            let manifest = hand_over.id.clone();
            self.keep_manifest(&manifest).await;
        }
        let finished_walk = matches!(self.task, Task::Walk(..));
        self.task = Task::Idle;
        if finished_walk {
            self.prompt = String::new();
        }
        if let Some(tote) = tote {
            self.begin_pack(&tote).await?;
        }
        Ok(())
    }

    /// Leaves the task in hand; its facts bring it back.
    pub(crate) fn leave(&mut self) {
        self.task = Task::Idle;
        self.answer(Feedback::Quiet);
    }

    /// The answer every screen and speaker gives.
    pub(crate) fn answer(&mut self, feedback: Feedback) {
        let card = |sku| ItemCard::of(sku, &self.reference.catalogue);
        let (expected, got) = match &feedback {
            Feedback::Wrong {
                mistake: Mistake::WrongItem { expected, got } | Mistake::OtherOrdersItem { expected, got },
            } => (Some(card(expected)), Some(card(got))),
            Feedback::Wrong { mistake: Mistake::OverScan { sku, .. } | Mistake::WrongLot { sku, .. } } => {
                (Some(card(sku)), None)
            }
            _ => (None, None),
        };
        if feedback == Feedback::Quiet {
            return;
        }
        let seq = self.answer.seq + 1;
        self.answer = crate::view::AnswerCard { seq, at_ms: clock::now(), feedback, expected, got };
    }

    /// Whether a command may begin a task now.
    ///
    /// # Errors
    /// The [`Fault`] that says why not.
    pub(crate) fn may_begin(&self) -> Result<(), Fault> {
        if self.operator.is_none() {
            return Err(Fault { code: FaultCode::NobodySignedOn, detail: "scan a badge first".into() });
        }
        match &self.task {
            Task::Idle => Ok(()),
            _ => Err(Fault { code: FaultCode::TaskInHand, detail: "a task is in hand".into() }),
        }
    }
}

/// A walk must not take a tote that holds other goods, unless it is the one its own goods lie in.
async fn tote_taken(store: &mut crate::store::Store, walk: &Walk, event: &Event) -> Result<Option<Mistake>> {
    use liangcang_domain::task::walk::Step;
    let Event::Scanned(Code::Tote(tote)) = event else { return Ok(None) };
    if walk.step() != Step::Tote || walk.wants_tote(tote) {
        return Ok(None);
    }
    Ok(store.tote_in_use(tote).await?.then(|| Mistake::WrongTote { got: tote.0.clone() }))
}
