//! The station's devices: started from the settings, each with a card that says how it is.
//!
//! A fault of a device is shown on its card and stops nothing else. What a scan or a weight means is the floor's.

use crate::event::{Event, VoiceState};
use crate::settings::{Port, Printer, Settings};
use crate::view::{DeviceCard, DeviceHealth, DeviceKind};
use anyhow::Result;
use liangcang_devices::ports::SerialSettings;
use liangcang_devices::printer::{
    Condition, DeviceState, PrintOutcome, PrintReport, PrinterEvent, PrinterHandle, PrinterSettings,
};
use liangcang_devices::scale::{ScaleEvent, ScaleHandle, Weighing};
use liangcang_devices::scanner::{ScannerEvent, ScannerHandle};
use liangcang_devices::voice::{
    Espeak, Language as SpokenLanguage, Lexicon, Sound, SpeakerHandle, SpeakerSettings, SpeakerState, Voice,
};
use liangcang_domain::say::Language;
use liangcang_domain::unit::EpochMs;
use std::collections::BTreeMap;
use tokio::sync::mpsc;

/// Lines of a device's talk that its card shows.
const LIVE_LINES: usize = 8;
/// Calm speech; a person who knows the prompts can ask for more later.
const WORDS_PER_MINUTE: u16 = 170;
const VOICE: &str = "voice";

/// All devices of a station.
#[derive(Debug)]
pub struct Devices {
    cards: BTreeMap<String, DeviceCard>,
    speaker: Option<SpeakerHandle>,
    _scanners: Vec<ScannerHandle>,
    _scales: Vec<ScaleHandle>,
}

impl Devices {
    /// Opens every port of the settings; each reports into `events` under its own name.
    ///
    /// # Errors
    /// Only when the system gives no thread.
    pub fn start(settings: &Settings, now: EpochMs, events: &mpsc::UnboundedSender<Event>) -> Result<Self> {
        let mut devices = Self { cards: BTreeMap::new(), speaker: None, _scanners: vec![], _scales: vec![] };
        for Port { name, path } in &settings.scanner {
            devices.card(name, DeviceKind::Scanner, path, now);
            let heard = under_name(name, events, Event::Scanner);
            devices._scanners.push(ScannerHandle::start(SerialSettings::scanner(path), heard)?);
        }
        for Port { name, path } in &settings.scale {
            devices.card(name, DeviceKind::Scale, path, now);
            let heard = under_name(name, events, Event::Scale);
            devices._scales.push(ScaleHandle::start(SerialSettings::toledo_8217(path), heard)?);
        }
        for Printer { name, address, .. } in &settings.printer {
            devices.card(name, DeviceKind::Printer, address, now);
        }
        if settings.voice {
            devices.card(VOICE, DeviceKind::Voice, "espeak-ng", now);
            devices.speaker = Some(start_speaker(events)?);
        }
        Ok(devices)
    }

    /// Starts the driver of the first printer in the settings.
    #[must_use]
    pub fn start_printer(
        settings: &Settings,
        events: &mpsc::UnboundedSender<Event>,
    ) -> Option<(Printer, PrinterHandle)> {
        let printer = settings.printer.first()?.clone();
        let heard: mpsc::UnboundedSender<PrinterEvent> = under_name(&printer.name, events, Event::Printer);
        let handle = PrinterHandle::start(PrinterSettings::new(printer.address.clone()), heard);
        Some((printer, handle))
    }

    fn card(&mut self, name: &str, kind: DeviceKind, port: &str, now: EpochMs) {
        let card = DeviceCard {
            id: name.to_owned(),
            kind,
            port: port.to_owned(),
            health: DeviceHealth::Away,
            why: None,
            since_ms: now,
            live: vec![],
        };
        self.cards.insert(name.to_owned(), card);
    }

    /// The cards, by name.
    #[must_use]
    pub fn cards(&self) -> Vec<DeviceCard> {
        self.cards.values().cloned().collect()
    }

    /// The printer card that wants a hand, if one does.
    #[must_use]
    pub fn blocked_printer(&self) -> Option<&DeviceCard> {
        self.cards
            .values()
            .find(|card| card.kind == DeviceKind::Printer && card.health != DeviceHealth::Ready)
    }

    fn is(&mut self, name: &str, health: DeviceHealth, why: Option<String>, now: EpochMs) {
        let Some(card) = self.cards.get_mut(name) else { return };
        if (card.health, &card.why) != (health, &why) {
            card.since_ms = now;
        }
        (card.health, card.why) = (health, why);
    }

    fn said(&mut self, name: &str, line: String) {
        let Some(card) = self.cards.get_mut(name) else { return };
        card.live.push(line);
        let spare = card.live.len().saturating_sub(LIVE_LINES);
        card.live.drain(..spare);
    }

    pub(crate) fn scanner_is(&mut self, name: &str, event: &ScannerEvent, now: EpochMs) {
        match event {
            ScannerEvent::Ready => self.is(name, DeviceHealth::Ready, None, now),
            ScannerEvent::Scan(scan) => {
                self.is(name, DeviceHealth::Ready, None, now);
                let aim = scan.aim.as_ref().map(|aim| format!("]{aim} ")).unwrap_or_default();
                self.said(name, format!("{aim}{}", visible(&scan.text)));
            }
            ScannerEvent::Refused(refusal) => self.said(name, refusal.to_string()),
            ScannerEvent::Away { why } => {
                tracing::warn!("scanner {name} is away: {why}");
                self.is(name, DeviceHealth::Away, Some("unplugged".into()), now);
                self.said(name, why.clone());
            }
        }
    }

    pub(crate) fn scale_is(&mut self, name: &str, event: &ScaleEvent, now: EpochMs) {
        let (health, why, line) = match event {
            ScaleEvent::Ready => (DeviceHealth::Ready, None, None),
            ScaleEvent::Weighing(Weighing::Stable(grams)) => {
                (DeviceHealth::Ready, None, Some(format!("{grams} g")))
            }
            ScaleEvent::Weighing(Weighing::Moving) => (DeviceHealth::Ready, None, Some("~".into())),
            ScaleEvent::Weighing(Weighing::OverCapacity) => {
                (DeviceHealth::Blocked, Some("over_capacity"), None)
            }
            ScaleEvent::Weighing(Weighing::UnderZero) => (DeviceHealth::Blocked, Some("under_zero"), None),
            ScaleEvent::Weighing(Weighing::OutsideZero) => {
                (DeviceHealth::Blocked, Some("outside_zero"), None)
            }
            ScaleEvent::Weighing(Weighing::Unreadable) => (DeviceHealth::Unknown, Some("unreadable"), None),
            ScaleEvent::Silent => (DeviceHealth::Unknown, Some("silent"), None),
            ScaleEvent::Away { why } => (DeviceHealth::Away, Some("unplugged"), Some(why.clone())),
        };
        self.is(name, health, why.map(str::to_owned), now);
        if let Some(line) = line {
            self.said(name, line);
        }
    }

    pub(crate) fn printer_is(&mut self, name: &str, state: &DeviceState, now: EpochMs) {
        let (health, why) = match &state.condition {
            Condition::Ready => (DeviceHealth::Ready, None),
            Condition::HeadOpen => (DeviceHealth::Blocked, Some("head_open")),
            Condition::PaperOut => (DeviceHealth::Blocked, Some("paper_out")),
            Condition::RibbonOut => (DeviceHealth::Blocked, Some("ribbon_out")),
            Condition::Paused => (DeviceHealth::Blocked, Some("paused")),
            Condition::Faulty => (DeviceHealth::Blocked, Some("faulty")),
            Condition::Silent => (DeviceHealth::Unknown, Some("silent")),
            Condition::Away { .. } => (DeviceHealth::Away, Some("unreachable")),
        };
        self.said(name, format!("{:?}", state.condition));
        self.is(name, health, why.map(str::to_owned), now);
    }

    pub(crate) fn printer_did(&mut self, name: &str, report: &PrintReport) {
        let word = match &report.outcome {
            PrintOutcome::Sent => "sent".to_owned(),
            PrintOutcome::Printed => "printed".to_owned(),
            PrintOutcome::Unknown { why } => format!("unknown: {why}"),
            PrintOutcome::Failed { why } => format!("failed: {why}"),
            PrintOutcome::Withdrawn => "withdrawn".to_owned(),
        };
        self.said(name, format!("{} {word}", report.job_id));
    }

    pub(crate) fn voice_is(&mut self, state: &VoiceState, now: EpochMs) {
        match state {
            VoiceState::Ready => self.is(VOICE, DeviceHealth::Ready, None, now),
            VoiceState::Away(why) => {
                self.is(VOICE, DeviceHealth::Away, Some("no_voice".into()), now);
                self.said(VOICE, why.clone());
            }
        }
    }

    /// Plays a sound at once.
    pub(crate) fn play(&self, sound: Sound) {
        if let Some(speaker) = &self.speaker {
            speaker.play(sound);
        }
    }

    /// Says a prompt in place of the one before it.
    pub(crate) fn say(&self, text: &str, language: Language) {
        let language = match language {
            Language::Zh => SpokenLanguage::Mandarin,
            Language::En => SpokenLanguage::English,
        };
        if let Some(speaker) = &self.speaker {
            speaker.say(text, Voice { language, words_per_minute: WORDS_PER_MINUTE });
        }
    }
}

/// A channel whose messages arrive in the loop under the device's name.
fn under_name<T: Send + 'static>(
    name: &str,
    events: &mpsc::UnboundedSender<Event>,
    wrap: fn(String, T) -> Event,
) -> mpsc::UnboundedSender<T> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    let (name, events) = (name.to_owned(), events.clone());
    tokio::spawn(async move {
        while let Some(heard) = receiver.recv().await {
            if events.send(wrap(name.clone(), heard)).is_err() {
                break;
            }
        }
    });
    sender
}

fn start_speaker(events: &mpsc::UnboundedSender<Event>) -> Result<SpeakerHandle> {
    let (states, mut heard) = mpsc::unbounded_channel();
    let events = events.clone();
    tokio::spawn(async move {
        while let Some(state) = heard.recv().await {
            let state = match state {
                SpeakerState::Ready { .. } => VoiceState::Ready,
                SpeakerState::Absent { why } => VoiceState::Away(why),
                SpeakerState::Speechless(fault) => VoiceState::Away(fault.to_string()),
            };
            if events.send(Event::Voice(state)).is_err() {
                break;
            }
        }
    });
    let lexicon = Lexicon::parse(include_str!("../../../assets/voice/lexicon.txt"))?;
    let settings = SpeakerSettings { device: None, espeak: Espeak::new("espeak-ng"), lexicon };
    Ok(SpeakerHandle::start(settings, states)?)
}

/// Control bytes made visible.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '·' } else { c }).collect()
}
