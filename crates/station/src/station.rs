//! The station: its state, and the one loop that changes it.
//!
//! Every gesture goes the same way: the engine answers, facts are made durable, the state moves, then come sound,
//! screen and print. The files beside this one hold what the floor does (`floor`), parcels (`bench`), waves
//! (`release`), cancelled orders (`recall`), labels (`printing`) and the view (`shown`).

use crate::clock;
use crate::commands::{Fault, FaultCode};
use crate::devices::Devices;
use crate::event::{Arrival, Event, ExchangeState};
use crate::floor::Task;
use crate::printing::Printing;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::reference::Reference;
use crate::store::sync::Identity;
use crate::trouble::Trouble;
use crate::view::{AnswerCard, ReplicaCard, Sticky, SyncCard, Today, View};
use anyhow::Result;
use liangcang_domain::fact::{Fact, Recorded};
use liangcang_domain::id::{GestureId, OperatorId, StationId};
use liangcang_domain::say::Language;
use liangcang_domain::task::{Context, Feedback};
use liangcang_domain::unit::{EpochMs, Grams};
use std::sync::Arc;
use tokio::sync::{Notify, mpsc, watch};

/// What the scale said last, and whether it was empty since the last parcel.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct OnScale {
    /// At rest.
    pub stable: Option<Grams>,
    /// Empty since the last parcel that passed: without that, one parcel could be weighed for two.
    pub emptied: bool,
    /// What the gate refused last.
    pub refused: Option<Grams>,
}

/// The store refused, and what was to be stored is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StoreFault {
    /// In the system's words.
    pub why: String,
    /// The disk takes nothing at all; then it is tried every second. Else it is shown until a fact is stored.
    pub of_the_disk: bool,
    /// What it is, where it has a name.
    pub trouble: Option<Trouble>,
}

/// A workstation.
#[derive(Debug)]
pub struct Station {
    pub(crate) settings: Settings,
    pub(crate) identity: Identity,
    pub(crate) store: Store,
    pub(crate) reference: Reference,
    pub(crate) operator: Option<OperatorId>,
    pub(crate) language: Language,
    pub(crate) task: Task,
    pub(crate) on_scale: OnScale,
    pub(crate) answer: AnswerCard,
    pub(crate) prompt: String,
    pub(crate) sync: SyncCard,
    pub(crate) sync_now: Arc<Notify>,
    pub(crate) devices: Devices,
    pub(crate) printing: Printing,
    pub(crate) today: Today,
    pub(crate) store_sticky: Vec<Sticky>,
    pub(crate) own_sticky: Vec<Sticky>,
    pub(crate) store_fault: Option<StoreFault>,
    pub(crate) today_changed: bool,
    pub(crate) heard_seq: i64,
    /// The id a screen gave the gesture it asks for.
    pub(crate) given_gesture: Option<GestureId>,
    view: watch::Sender<Arc<View>>,
}

/// What a station is made of at start.
#[derive(Debug)]
pub struct Parts {
    /// As read.
    pub settings: Settings,
    /// As enrolled.
    pub identity: Identity,
    /// The replica, open.
    pub store: Store,
    /// Wakes the exchange with the server.
    pub sync_now: Arc<Notify>,
    /// Printers, voice, fonts.
    pub devices: Devices,
    /// Draws and sends labels.
    pub printing: Printing,
}

impl Station {
    /// A station ready to run, with the state its replica says.
    ///
    /// # Errors
    /// When the replica does not read.
    pub async fn new(parts: Parts) -> Result<(Self, watch::Receiver<Arc<View>>)> {
        let Parts { settings, identity, mut store, sync_now, devices, printing } = parts;
        let reference = store.reference().await?;
        let now = clock::now();
        let answer = AnswerCard { seq: 0, at_ms: now, feedback: Feedback::Quiet, expected: None, got: None };
        let sync = SyncCard { since_ms: now, replica: Some(ReplicaCard::default()), ..SyncCard::default() };
        let (view, watcher) = watch::channel(Arc::new(crate::shown::blank(now)));
        let mut station = Self {
            settings,
            identity,
            store,
            reference,
            operator: None,
            language: Language::Zh,
            task: Task::Idle,
            // Nobody knows whether what lies there now was weighed before the station stopped.
            on_scale: OnScale::default(),
            answer,
            prompt: String::new(),
            sync,
            sync_now,
            devices,
            printing,
            today: Today::default(),
            store_sticky: vec![],
            own_sticky: vec![],
            store_fault: None,
            today_changed: true,
            heard_seq: 0,
            given_gesture: None,
            view,
        };
        station.resume().await?;
        station.publish().await;
        Ok((station, watcher))
    }

    /// Runs until told to stop. Gestures go before what the server sends.
    pub async fn run(
        mut self,
        mut events: mpsc::UnboundedReceiver<Event>,
        mut arrivals: mpsc::Receiver<Arrival>,
    ) {
        loop {
            tokio::select! {
                biased;
                event = events.recv() => match event {
                    None | Some(Event::Stop) => break,
                    Some(event) => self.handle(event).await,
                },
                Some(arrival) = arrivals.recv() => self.arrive(arrival).await,
            }
        }
        tracing::info!("the station's loop ends");
    }

    async fn handle(&mut self, event: Event) {
        let outcome = match event {
            Event::Scanner(name, event) => self.on_scanner(&name, event).await,
            Event::Scale(name, event) => self.on_scale_event(&name, event).await,
            Event::Printer(name, event) => self.on_printer(&name, event).await,
            Event::Voice(state) => {
                self.devices.voice_is(&state, clock::now());
                Ok(())
            }
            Event::Drawn { order, print, label } => self.on_drawn(order, print, label).await,
            Event::Command(command, gesture, reply) => {
                self.given_gesture = gesture;
                let answer = self.carry_out(command).await;
                self.given_gesture = None;
                if let Err(Fault { code: FaultCode::StoreFailed, detail }) = &answer {
                    self.note_store_fault(detail.clone()).await;
                }
                self.publish().await;
                // A screen that went away no longer wants its answer.
                let _ = reply.send(answer);
                return;
            }
            Event::Exchange(state) => {
                self.on_exchange(state);
                Ok(())
            }
            Event::Replica(news) => {
                self.on_replica(news);
                Ok(())
            }
            Event::Tick => self.catch_up().await,
            Event::Stop => return,
        };
        if let Err(error) = outcome {
            tracing::error!("not stored: {error:#}");
            self.note_store_fault(format!("{error:#}")).await;
        }
        self.publish().await;
    }

    async fn arrive(&mut self, arrival: Arrival) {
        match arrival {
            Arrival::Feed(taken, reply) => {
                let touched = self.store.take_feed(&taken).await;
                let followed = self.follow_feed(touched).await;
                let _ = reply.send(followed);
            }
            Arrival::Snapshot(entries, cursors, reply) => {
                let touched = self.store.take_snapshot(&entries, cursors.as_ref()).await;
                let followed = self.follow_feed(touched).await;
                let _ = reply.send(followed);
            }
            Arrival::Confirmed(cursors, reply) => {
                let _ = reply.send(self.store.confirm(&cursors).await);
                return;
            }
            Arrival::Returned(entries, reply) => {
                let taken = self.store.take_returned(&self.identity, &entries).await;
                self.today_changed = true;
                let _ = reply.send(taken);
            }
            Arrival::CaughtUp(reply) => {
                let done = self.caught_up().await;
                let _ = reply.send(done);
            }
        }
        self.publish().await;
    }

    async fn follow_feed(
        &mut self,
        touched: Result<crate::store::feed::Touched>,
    ) -> Result<crate::store::feed::Touched> {
        let touched = touched?;
        self.today_changed = true;
        let followed = self.follow(touched).await;
        if let Err(error) = &followed {
            // The feed is taken and does not come again: what follows from it is made up for when the store works.
            self.note_store_fault(format!("{error:#}")).await;
        }
        followed.map(|()| touched)
    }

    async fn follow(&mut self, touched: crate::store::feed::Touched) -> Result<()> {
        if touched.reference {
            self.reference = self.store.reference().await?;
        }
        if self.store.catching_up.is_some() {
            return Ok(());
        }
        if touched.opening {
            self.receive_opening().await?;
        }
        // An order may come after its own cancellation.
        if touched.recalls || touched.orders {
            self.work_recalls().await?;
        }
        Ok(())
    }

    fn on_exchange(&mut self, state: ExchangeState) {
        let now = clock::now();
        let connected = matches!(state, ExchangeState::Succeeded { .. });
        if connected != self.sync.connected {
            self.sync.connected = connected;
            self.sync.since_ms = now;
        }
        match state {
            ExchangeState::Succeeded { pending, oldest_ms } => {
                self.sync.last_success_ms = Some(now);
                self.sync.why = None;
                (self.sync.pending, self.sync.oldest_ms) = (pending, oldest_ms.map(EpochMs));
            }
            ExchangeState::Failed { why, pending, oldest_ms } => {
                self.sync.why = Some(why);
                (self.sync.pending, self.sync.oldest_ms) = (pending, oldest_ms.map(EpochMs));
            }
        }
    }

    /// What tasks look things up in.
    pub(crate) fn context(&self) -> Context<'_> {
        Context { catalogue: &self.reference.catalogue }
    }

    /// Facts with who, where and when, all of one gesture.
    pub(crate) fn recorded(&self, gesture: &GestureId, by: &OperatorId, facts: &[Fact]) -> Vec<Recorded> {
        let at = clock::now();
        let station = StationId(self.identity.station.clone());
        let one = |fact: &Fact| Recorded {
            gesture: gesture.clone(),
            at,
            by: by.clone(),
            station: station.clone(),
            fact: fact.clone(),
        };
        facts.iter().map(one).collect()
    }

    /// Makes facts durable, and counts them as waiting for the server.
    ///
    /// # Errors
    /// When the store refuses; nothing is kept then.
    pub(crate) async fn store_facts(
        &mut self,
        gesture: &GestureId,
        by: &OperatorId,
        facts: &[Fact],
    ) -> Result<()> {
        if facts.is_empty() {
            return Ok(());
        }
        let recorded = self.recorded(gesture, by, facts);
        self.store.record(&recorded, None).await?;
        self.stored(facts.len(), recorded[0].at);
        self.withdraw_void(facts);
        Ok(())
    }

    /// Keeps the count of waiting facts true between two exchanges.
    pub(crate) fn stored(&mut self, count: usize, at: EpochMs) {
        self.sync.pending += i64::try_from(count).unwrap_or(0);
        self.sync.oldest_ms.get_or_insert(at);
        self.store_fault = None;
        self.today_changed = true;
        self.sync_now.notify_one();
    }

    /// Opening stock that came with the feed becomes facts of this warehouse, once: the gesture's id is the bin's.
    pub(crate) async fn receive_opening(&mut self) -> Result<()> {
        use liangcang_domain::fact::Goods;
        let by = OperatorId::from("opening");
        let mut facts = Vec::new();
        for (bin, sku, lot, qty) in self.store.opening().await? {
            let goods = Goods { sku: sku.into(), lot: lot.into(), qty: liangcang_domain::unit::Qty(qty) };
            let gesture = GestureId(format!("opening:{bin}:{}:{}", goods.sku, goods.lot));
            facts.extend(self.recorded(&gesture, &by, &[Fact::Received { goods, bin: bin.into() }]));
        }
        let count = facts.len();
        if count > 0 {
            self.store.receive_opening(&facts).await?;
            self.stored(count, clock::now());
        }
        Ok(())
    }

    /// Shows the state as it is now, on every screen.
    pub(crate) async fn publish(&mut self) {
        if std::mem::take(&mut self.today_changed) {
            let now = clock::now();
            match self.store.today(&self.reference, now).await {
                Ok(today) => self.today = today,
                Err(error) => tracing::error!("the day's work does not read: {error:#}"),
            }
            match self.store.sticky().await {
                Ok(sticky) => self.store_sticky = sticky,
                Err(error) => tracing::error!("what to act on does not read: {error:#}"),
            }
        }
        self.speak();
        self.view.send_replace(Arc::new(self.shown()));
    }
}
