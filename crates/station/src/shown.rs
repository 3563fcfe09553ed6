//! The view: what every screen shows and the headset says, made from the state at each change.

use crate::clock;
use crate::floor::Task;
use crate::station::Station;
use crate::store::catch_up::CatchingUp;
use crate::trouble::Trouble;
use crate::view::{
    AnswerCard, DeviceHealth, OperatorCard, StationCard, Sticky, SyncCard, TaskView, Today, View,
};
use liangcang_devices::voice::Sound;
use liangcang_domain::code::Action;
use liangcang_domain::id::{StationId, WarehouseId};
use liangcang_domain::label::LabelState;
use liangcang_domain::say::{Language, Say};
use liangcang_domain::task::pack::PackStep;
use liangcang_domain::task::walk::Step;
use liangcang_domain::task::{Feedback, Mistake, Notice};
use liangcang_domain::unit::EpochMs;

/// The view before anything is known.
pub(crate) fn blank(now: EpochMs) -> View {
    View {
        now_ms: now,
        station: StationCard::default(),
        language: Language::Zh,
        operator: None,
        sync: SyncCard::default(),
        devices: vec![],
        answer: AnswerCard { seq: 0, at_ms: now, feedback: Feedback::Quiet, expected: None, got: None },
        task: TaskView::Idle,
        prompt: String::new(),
        actions: vec![],
        today: Today::default(),
        sticky: vec![],
    }
}

impl Station {
    /// The view as it is now.
    pub(crate) fn shown(&self) -> View {
        let operator = self.operator.as_ref().map(|id| {
            let known = self.reference.operators.get(id);
            OperatorCard {
                id: id.clone(),
                name: known.map_or_else(|| id.to_string(), |known| known.name.clone()),
                lead: known.is_some_and(|known| known.lead),
            }
        });
        View {
            now_ms: clock::now(),
            station: StationCard {
                id: StationId(self.identity.station.clone()),
                warehouse: WarehouseId(self.identity.warehouse.clone()),
                warehouse_name: self
                    .reference
                    .warehouse
                    .as_ref()
                    .map(|known| known.name.clone())
                    .unwrap_or_default(),
            },
            language: self.language,
            operator,
            sync: self.sync_card(),
            devices: self.devices.cards(),
            answer: self.answer.clone(),
            task: self.task_view(),
            prompt: self.prompt.clone(),
            actions: self.actions(),
            today: self.today.clone(),
            sticky: self.all_sticky(),
        }
    }

    fn task_view(&self) -> TaskView {
        let cx = self.context();
        match &self.task {
            Task::Idle => TaskView::Idle,
            Task::Walk(walk, cutoff) => {
                TaskView::Walk { screen: Box::new(walk.screen(cx)), cutoff_ms: *cutoff }
            }
            Task::Pack(bench) => TaskView::Pack {
                screen: Box::new(bench.pack.screen(cx)),
                packed: bench.packed,
                total: bench.total,
                cutoff_ms: bench.cutoff,
            },
            Task::HandOver(hand_over, cutoff) => {
                let waiting = self.today.cages.iter().find(|card| card.cage == hand_over.cage);
                let waiting = waiting.map_or(0, |card| usize::try_from(card.waiting).unwrap_or(0));
                TaskView::HandOver { screen: Box::new(hand_over.screen(waiting)), cutoff_ms: *cutoff }
            }
        }
    }

    /// The few actions that mean something now; the screen shows no others.
    fn actions(&self) -> Vec<Action> {
        use Action::{Confirm, Leave, Next, Print, Repeat, Reprint, Short, Undo, Unreadable};
        if self.operator.is_none() {
            return vec![];
        }
        match &self.task {
            Task::Idle if self.today.walks.is_empty() => vec![],
            Task::Idle => vec![Next],
            Task::Walk(walk, _) => match walk.step() {
                Step::Tote => vec![Leave],
                Step::Zone(_) => vec![Confirm, Repeat, Undo, Leave],
                Step::Bin(_) => vec![Repeat, Undo, Leave],
                Step::Units(_) => vec![Unreadable, Short, Undo, Repeat, Leave],
                Step::Reason(_) => vec![Leave],
                Step::ConfirmShort(..) | Step::ConfirmCount(..) => vec![Confirm, Leave],
                Step::Finished => vec![Leave],
            },
            Task::Pack(bench) => match bench.pack.step() {
                PackStep::Parts | PackStep::Packaging => vec![Unreadable, Undo, Leave],
                PackStep::Weigh => vec![Leave],
                PackStep::Print | PackStep::ScanBack => {
                    let failed = bench.pack.print().is_some_and(|print| print.state == LabelState::Failed);
                    if failed { vec![Print, Reprint, Leave] } else { vec![Reprint, Leave] }
                }
                PackStep::ReprintReason | PackStep::Return | PackStep::Packed | PackStep::Returned => {
                    vec![Leave]
                }
            },
            Task::HandOver(hand_over, _) if hand_over.parcels.is_empty() => vec![Leave],
            Task::HandOver(..) => vec![Next, Undo, Leave],
        }
    }

    fn sync_card(&self) -> SyncCard {
        let mut card = self.sync.clone();
        if let Some(replica) = &mut card.replica {
            replica.catching_up = self.store.catching_up.is_some();
            replica.lost = self.store.lost.iter().map(ToString::to_string).collect();
        }
        card
    }

    /// What is wrong with the replica and its disk.
    fn troubles(&self) -> Vec<Sticky> {
        let named = |trouble: Trouble, more: &str| {
            let why = format!("{}{more}", trouble.words(self.language));
            Sticky::StoreFailed { why, trouble: Some(trouble) }
        };
        let mut all = Vec::new();
        all.extend(self.store_fault.iter().map(|fault| match fault.trouble {
            Some(trouble) => named(trouble, ""),
            None => Sticky::StoreFailed { why: fault.why.clone(), trouble: None },
        }));
        let marked = self.sync.replica.as_ref().is_some_and(|card| card.damaged.is_some());
        if marked && all.is_empty() {
            all.push(named(Trouble::Damaged, ""));
        }
        if self.store.catching_up == Some(CatchingUp::Rebuilt) {
            all.push(named(Trouble::Rebuilding, ""));
        } else if !self.store.lost.is_empty() {
            let lost: Vec<String> = self.store.lost.iter().map(ToString::to_string).collect();
            all.push(named(Trouble::FactsLost, &format!(" ({})", lost.join(", "))));
        }
        all
    }

    fn all_sticky(&self) -> Vec<Sticky> {
        let mut all = self.own_sticky.clone();
        all.extend(self.troubles());
        let unwritten = self.printing.unwritten.iter();
        all.extend(unwritten.map(|(_, why)| Sticky::StoreFailed { why: why.clone(), trouble: None }));
        if let (Some(card), false) = (self.devices.blocked_printer(), self.printing.waiting.is_empty()) {
            all.push(Sticky::PrinterBlocked {
                printer: card.id.clone(),
                why: card.why.clone().unwrap_or_else(|| health_word(card.health).to_owned()),
                waiting: self.printing.waiting.len(),
            });
        }
        all.extend(self.store_sticky.iter().cloned());
        if self.reference.warehouse.is_none() {
            all.push(Sticky::EmptyReplica);
        }
        all
    }

    /// Sounds and says what changed since the last time.
    pub(crate) fn speak(&mut self) {
        let answered = self.answer.seq != self.heard_seq;
        if answered {
            self.heard_seq = self.answer.seq;
            match &self.answer.feedback {
                Feedback::Quiet => {}
                Feedback::Right | Feedback::Complete => self.devices.play(Sound::Right),
                Feedback::Wrong { mistake: Mistake::OverScan { .. } } => self.devices.play(Sound::TooMany),
                Feedback::Wrong { .. } => self.devices.play(Sound::Wrong),
                Feedback::Attention { .. } => self.devices.play(Sound::Attention),
            }
        }
        let text = self.spoken();
        let repeat = answered && matches!(self.answer.feedback, Feedback::Wrong { .. });
        if text != self.prompt || repeat {
            self.prompt = text;
            if !self.prompt.is_empty() {
                self.devices.say(&self.prompt, self.language);
            }
        }
    }

    fn spoken(&self) -> String {
        let catalogue = &self.reference.catalogue;
        if let Feedback::Wrong { mistake } = &self.answer.feedback {
            let bin = match &self.task {
                Task::Walk(walk, _) => walk.current().map(|at| walk.lines[at].line.bin.clone()),
                _ => None,
            };
            return Say::Wrong { mistake: mistake.clone(), bin }.text(self.language, catalogue);
        }
        let say = match &self.task {
            Task::Idle => return String::new(),
            Task::Walk(walk, _) => walk.prompt(),
            Task::Pack(bench) => bench.pack.prompt(),
            Task::HandOver(hand_over, _) => hand_over.prompt(),
        };
        let text = say.text(self.language, catalogue);
        match &self.answer.feedback {
            // What changes under one's hands is said first, then what to do about it.
            Feedback::Attention { notice: Notice::Recalled { .. } } => {
                Say::Recalled.text(self.language, catalogue) + &text
            }
            _ => text,
        }
    }
}

fn health_word(health: DeviceHealth) -> &'static str {
    match health {
        DeviceHealth::Ready => "ready",
        DeviceHealth::Blocked => "blocked",
        DeviceHealth::Away => "unreachable",
        DeviceHealth::Unknown => "silent",
    }
}
