//! What people do on a day, from end to end: release, walk, pack, hand over. Driven by what the screen says.

use crate::company::waybill;
use crate::day::Day;
use liangcang_domain::code::Action;
use liangcang_domain::label::LabelState;
use liangcang_domain::task::handover::HandOverScreen;
use liangcang_domain::task::pack::{PackScreen, PackStep};
use liangcang_domain::task::walk::{WalkScreen, WalkStepView};
use liangcang_station::commands::{Command, Fault, Released};
use liangcang_station::view::{TaskView, View};

/// The label that counts, if it is in one of these states.
pub fn label_is(view: &View, states: &[LabelState]) -> bool {
    let TaskView::Pack { screen, .. } = &view.task else { return false };
    screen.prints.last().is_some_and(|print| states.contains(&print.state))
}

/// The order on the bench, if there is one.
pub fn on_bench(view: &View) -> Option<&str> {
    let TaskView::Pack { screen, .. } = &view.task else { return None };
    Some(screen.order.as_str())
}

impl Day {
    /// Tells these orders, releases them as a wave and walks it all into one tote.
    pub async fn picked(&self, orders: &[liangcang_domain::order::Order], tote: &str) {
        self.told(orders.iter().cloned().map(crate::company::told)).await;
        self.release(orders[0].carrier.as_str()).await.expect("released");
        self.press(Action::Next).await;
        self.scan(tote).await;
        self.walk_on().await;
    }

    /// Releases a carrier's orders as a wave.
    pub async fn release(&self, carrier: &str) -> Result<Released, Fault> {
        let reply = self.ask(Command::ReleaseWave { carrier: carrier.into() }).await?;
        Ok(serde_json::from_value(reply).expect("what was released"))
    }

    /// The walk in hand.
    pub fn walk(&self) -> WalkScreen {
        match &self.view().task {
            TaskView::Walk { screen, .. } => (**screen).clone(),
            other => panic!("no walk: {other:?}"),
        }
    }

    /// The parcel in hand.
    pub fn parcel(&self) -> PackScreen {
        match &self.view().task {
            TaskView::Pack { screen, .. } => (**screen).clone(),
            other => panic!("no parcel: {other:?}"),
        }
    }

    /// The hand-over in hand.
    pub fn hand_over(&self) -> HandOverScreen {
        match &self.view().task {
            TaskView::HandOver { screen, .. } => (**screen).clone(),
            other => panic!("no hand-over: {other:?}"),
        }
    }

    /// Whether nothing is in hand.
    pub fn is_idle(&self) -> bool {
        matches!(self.view().task, TaskView::Idle)
    }

    /// Does one step of the walk as the screen says.
    pub async fn step_on(&self) {
        let screen = self.walk();
        let line = screen.line.expect("an open line");
        match screen.step {
            WalkStepView::Zone | WalkStepView::Bin => self.scan(&format!("BIN-{}", line.bin)).await,
            WalkStepView::Units => self.scan(&format!("SKU-{}", line.item.sku)).await,
            other => panic!("not a step of going on: {other:?}"),
        }
        let wrong = matches!(self.feedback(), liangcang_domain::task::Feedback::Wrong { .. });
        assert!(!wrong, "{:?}", self.feedback());
    }

    /// Walks until nothing is open.
    pub async fn walk_on(&self) {
        while !self.is_idle() {
            self.step_on().await;
        }
    }

    /// Scans what is left of the parcel's parts, and its packaging.
    pub async fn box_up(&self) {
        loop {
            let screen = self.parcel();
            match screen.current.filter(|_| screen.step == PackStep::Parts) {
                Some(at) => self.scan(&format!("SKU-{}", screen.parts[at].item.sku)).await,
                None => break,
            }
        }
        self.scan(&format!("PKG-{}", self.parcel().packaging)).await;
        assert_eq!(self.parcel().step, PackStep::Weigh);
    }

    /// Lays something on the scale and waits until the station saw it.
    pub async fn lay(&self, grams: i64) {
        self.scale.put(grams);
        let reading = format!("{grams} g");
        self.until(&format!("{reading} on the scale"), |view| {
            let scale = view.devices.iter().find(|card| card.id == "scale");
            scale.and_then(|card| card.live.last()).is_some_and(|last| *last == reading)
        })
        .await;
    }

    /// Puts the parcel on the scale.
    pub async fn weigh_in(&self) {
        self.lay(self.parcel().gate.expected_g.0).await;
        assert_ne!(self.parcel().step, PackStep::Weigh, "{:?}", self.feedback());
    }

    /// Waits until the label is in one of these states.
    pub async fn until_label(&self, states: &[LabelState]) {
        self.until(&format!("a label {states:?}"), |view| label_is(view, states)).await;
    }

    /// Packs the order on the bench to its end and takes the parcel off the scale.
    pub async fn pack(&self) {
        self.box_up().await;
        self.weigh_in().await;
        self.until_label(&[LabelState::Printed]).await;
        self.scan(self.parcel().waybill.as_str()).await;
        self.lay(0).await;
    }

    /// An order of SF, told, walked and packed.
    pub async fn packed(&self, order: liangcang_domain::order::Order, tote: &str) {
        self.picked(&[order], tote).await;
        self.scan(tote).await;
        self.pack().await;
        assert!(self.is_idle());
    }

    /// Scans an order's parcel into a cage.
    pub async fn cage(&self, cage: &str, order: &str, carrier: &str) {
        self.scan(cage).await;
        self.scan(&waybill(order, carrier)).await;
    }
}
