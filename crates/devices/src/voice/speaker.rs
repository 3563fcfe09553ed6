//! The loudspeaker or headset: one thread that keeps one stream open and plays the newest prompt.
//!
//! The stream stays open and plays silence, because opening one takes up to a second. A new prompt replaces
//! the old one at once. A device that is lost or absent is reported and looked for without end; nothing else
//! in the station waits for it or fails with it.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc as std_mpsc;
use std::thread;
use std::time::{Duration, Instant};

use cpal::traits::{DeviceTrait, HostTrait};
use rodio::buffer::SamplesBuffer;
use rodio::{DeviceSinkBuilder, MixerDeviceSink, Player};
use tokio::sync::mpsc;

use super::espeak::{Espeak, VoiceFault};
use super::lexicon::Lexicon;
use super::sounds::Sound;
use super::{Clip, Language, Voice, speakable_english, speakable_mandarin};

const FIRST_RETRY: Duration = Duration::from_millis(500);
const LAST_RETRY: Duration = Duration::from_secs(5);
/// A cold output swallows its first tenths of a second, so silence goes first; not longer than this.
const WARM_UP_WITHIN: Duration = Duration::from_secs(2);
/// How often a stream is asked whether it was lost.
const CHECK_EVERY: Duration = Duration::from_millis(250);
/// Prompts kept; a bench says the same few dozen all day.
const KEPT_PROMPTS: usize = 64;

/// Where and with what to speak.
#[derive(Debug, Clone)]
pub struct SpeakerSettings {
    /// The device's id as `pulseaudio:headset_a` or `wasapi:…`; without one the system's own choice.
    pub device: Option<String>,
    /// The speech program.
    pub espeak: Espeak,
    /// How words are pronounced.
    pub lexicon: Lexicon,
}

/// How the speaker is, reported on change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SpeakerState {
    /// The device is open.
    Ready {
        /// Its name.
        device: String,
    },
    /// There is no device, or it was lost; it is looked for without end.
    Absent {
        /// In words for a person.
        why: String,
    },
    /// Sounds can be played but the last prompt could not be spoken.
    Speechless(VoiceFault),
}

/// A running speaker; dropping it ends the thread.
#[derive(Debug)]
pub struct SpeakerHandle {
    orders: std_mpsc::Sender<Order>,
}

#[derive(Debug)]
enum Order {
    Say(String, Voice),
    Play(Sound),
    Hush,
}

impl SpeakerHandle {
    /// Starts the thread of a speaker and reports its states.
    ///
    /// # Errors
    /// Only when the system gives no thread; a missing device is [`SpeakerState::Absent`].
    pub fn start(
        settings: SpeakerSettings,
        states: mpsc::UnboundedSender<SpeakerState>,
    ) -> std::io::Result<Self> {
        let (orders, inbox) = std_mpsc::channel();
        thread::Builder::new().name("speaker".to_owned()).spawn(move || {
            let mut speaker =
                Speaker { settings, states, told: None, prompts: Prompts::default(), stage: None };
            speaker.run(&inbox);
        })?;
        Ok(Self { orders })
    }

    /// Says a prompt in place of the present one; behind a sound that is still playing.
    pub fn say(&self, text: impl Into<String>, voice: Voice) {
        self.order(Order::Say(text.into(), voice));
    }

    /// Plays a sound at once, in place of the present prompt.
    pub fn play(&self, sound: Sound) {
        self.order(Order::Play(sound));
    }

    /// Falls silent at once.
    pub fn hush(&self) {
        self.order(Order::Hush);
    }

    fn order(&self, order: Order) {
        // The thread ends only with this handle.
        let _ = self.orders.send(order);
    }
}

/// An open stream and what plays on it.
struct Stage {
    sink: MixerDeviceSink,
    lost: Arc<AtomicBool>,
    player: Option<Player>,
    /// The player has a sound alone, so a prompt may follow it.
    only_sound: bool,
}

struct Speaker {
    settings: SpeakerSettings,
    states: mpsc::UnboundedSender<SpeakerState>,
    told: Option<SpeakerState>,
    prompts: Prompts,
    stage: Option<Stage>,
}

impl Speaker {
    fn run(&mut self, inbox: &std_mpsc::Receiver<Order>) {
        let mut retry = FIRST_RETRY;
        let mut open_at = Instant::now();
        loop {
            if self.stage.as_ref().is_some_and(|stage| stage.lost.load(Ordering::Relaxed)) {
                self.stage = None;
                self.tell(SpeakerState::Absent { why: "the audio device was lost".to_owned() });
                open_at = Instant::now() + FIRST_RETRY;
            }
            if self.stage.is_none() && Instant::now() >= open_at {
                match open(self.settings.device.as_deref()) {
                    Ok((stage, device)) => {
                        self.stage = Some(stage);
                        retry = FIRST_RETRY;
                        self.tell(SpeakerState::Ready { device });
                    }
                    Err(why) => {
                        self.tell(SpeakerState::Absent { why });
                        open_at = Instant::now() + retry;
                        retry = (retry * 2).min(LAST_RETRY);
                    }
                }
            }
            match inbox.recv_timeout(CHECK_EVERY) {
                Ok(order) => {
                    for order in newest(order, inbox) {
                        self.carry_out(order);
                    }
                }
                Err(std_mpsc::RecvTimeoutError::Timeout) => {}
                Err(std_mpsc::RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn carry_out(&mut self, order: Order) {
        let clip = match &order {
            // Without a device there is nobody to synthesise for.
            _ if self.stage.is_none() => return,
            Order::Say(text, voice) => match self.prompt(text, *voice) {
                Ok(clip) => Some(clip),
                Err(fault) => {
                    self.tell(SpeakerState::Speechless(fault));
                    None
                }
            },
            Order::Play(sound) => Some(Arc::new(sound.clip())),
            Order::Hush => None,
        };
        let Some(stage) = &mut self.stage else { return };
        let is_sound = matches!(order, Order::Play(_));
        let follows = !is_sound && stage.only_sound && clip.is_some();
        if !follows && let Some(player) = stage.player.take() {
            player.stop();
        }
        if let Some(clip) = clip {
            let player = stage.player.take().unwrap_or_else(|| Player::connect_new(stage.sink.mixer()));
            append(&player, &clip);
            stage.player = Some(player);
        }
        stage.only_sound = is_sound;
    }

    /// The prompt from those that are kept, else spoken anew.
    fn prompt(&mut self, text: &str, voice: Voice) -> Result<Arc<Clip>, VoiceFault> {
        let key = (text.to_owned(), voice);
        if let Some(clip) = self.prompts.find(&key) {
            return Ok(clip);
        }
        let speakable = match voice.language {
            Language::Mandarin => speakable_mandarin(text, &self.settings.lexicon),
            Language::English => speakable_english(text),
        };
        let clip = Arc::new(self.settings.espeak.synthesise(&speakable, voice)?);
        self.prompts.keep(key, Arc::clone(&clip));
        Ok(clip)
    }

    fn tell(&mut self, state: SpeakerState) {
        if self.told.as_ref() != Some(&state) {
            self.told = Some(state.clone());
            // A receiver that is gone means the station is closing; the handle is dropped next.
            let _ = self.states.send(state);
        }
    }
}

/// All that is waiting, without the prompts that a later order makes pointless.
fn newest(first: Order, inbox: &std_mpsc::Receiver<Order>) -> Vec<Order> {
    let mut orders = vec![first];
    orders.extend(inbox.try_iter());
    let last = orders.len() - 1;
    let mut index = 0;
    orders.retain(|order| {
        index += 1;
        index > last || !matches!(order, Order::Say(..))
    });
    orders
}

fn append(player: &Player, clip: &Clip) {
    let (one, rate) = (std::num::NonZero::<u16>::MIN, std::num::NonZero::new(clip.rate));
    if let Some(rate) = rate {
        player.append(SamplesBuffer::new(one, rate, clip.samples.clone()));
    }
}

/// Opens the device of that id, or the system's own.
fn open(id: Option<&str>) -> Result<(Stage, String), String> {
    let device = match id {
        Some(id) => find(id).ok_or_else(|| format!("the audio device {id} is not connected"))?,
        None => cpal::default_host().default_output_device().ok_or("there is no audio device")?,
    };
    let name = device.description().map_or_else(|_| "audio".to_owned(), |text| text.name().to_owned());
    let lost = Arc::new(AtomicBool::new(false));
    let stream = |size: Option<cpal::BufferSize>| {
        let told = Arc::clone(&lost);
        let builder = DeviceSinkBuilder::from_device(device.clone())?;
        let builder = match size {
            Some(size) => builder.with_buffer_size(size),
            None => builder.with_buffer_size(cpal::BufferSize::Default),
        };
        builder.with_error_callback(move |error| hear_fault(&error, &told)).open_stream()
    };
    // Ten milliseconds at 48 kHz answer a scan at once; not every device takes so small a buffer.
    let mut sink = stream(Some(cpal::BufferSize::Fixed(480)))
        .or_else(|_| stream(None))
        .map_err(|error| format!("{name} cannot be opened: {error}"))?;
    sink.log_on_drop(false);
    lost.store(false, Ordering::Relaxed);
    warm_up(&sink);
    Ok((Stage { sink, lost, player: None, only_sound: false }, name))
}

/// Plays half a second of silence, so that the first sound is heard whole.
fn warm_up(sink: &MixerDeviceSink) {
    let silence = Player::connect_new(sink.mixer());
    append(&silence, &Clip { rate: 48_000, samples: vec![0.0; 24_000] });
    let deadline = Instant::now() + WARM_UP_WITHIN;
    while !silence.empty() && Instant::now() < deadline {
        thread::sleep(Duration::from_millis(10));
    }
}

fn find(id: &str) -> Option<cpal::Device> {
    let hosts = cpal::available_hosts().into_iter().filter_map(|host| cpal::host_from_id(host).ok());
    let devices = hosts.filter_map(|host| host.output_devices().ok()).flatten();
    devices.into_iter().find(|device| device.id().is_ok_and(|found| found.to_string() == id))
}

/// Called on the audio thread: a stream that must be rebuilt is marked, a passing fault is not.
fn hear_fault(error: &cpal::Error, lost: &AtomicBool) {
    use cpal::ErrorKind::{DeviceNotAvailable, HostUnavailable, StreamInvalidated};
    if matches!(error.kind(), DeviceNotAvailable | HostUnavailable | StreamInvalidated) {
        lost.store(true, Ordering::Relaxed);
    }
}

/// The prompts that were spoken last, the newest at the end.
#[derive(Default)]
struct Prompts {
    kept: VecDeque<((String, Voice), Arc<Clip>)>,
}

impl Prompts {
    fn find(&mut self, key: &(String, Voice)) -> Option<Arc<Clip>> {
        let index = self.kept.iter().position(|(kept, _)| kept == key)?;
        let entry = self.kept.remove(index)?;
        let clip = Arc::clone(&entry.1);
        self.kept.push_back(entry);
        Some(clip)
    }

    fn keep(&mut self, key: (String, Voice), clip: Arc<Clip>) {
        if self.kept.len() == KEPT_PROMPTS {
            self.kept.pop_front();
        }
        self.kept.push_back((key, clip));
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    const CALM: Voice = Voice { language: Language::Mandarin, words_per_minute: 170 };

    #[test]
    fn the_prompt_used_longest_ago_is_forgotten_first() {
        let clip = |rate| Arc::new(Clip { rate, samples: Vec::new() });
        let key = |index: usize| (index.to_string(), CALM);
        let mut prompts = Prompts::default();
        for index in 0..KEPT_PROMPTS {
            prompts.keep(key(index), clip(1));
        }
        assert!(prompts.find(&key(0)).is_some());
        prompts.keep(key(KEPT_PROMPTS), clip(1));
        assert!(prompts.find(&key(0)).is_some());
        assert!(prompts.find(&key(1)).is_none());
    }

    #[test]
    fn a_prompt_that_a_later_order_replaces_is_not_spoken() {
        let (sender, inbox) = std_mpsc::channel();
        for order in [Order::Play(Sound::Wrong), Order::Say("b".into(), CALM)] {
            sender.send(order).unwrap();
        }
        let orders = newest(Order::Say("a".into(), CALM), &inbox);
        assert!(matches!(orders.as_slice(), [Order::Play(Sound::Wrong), Order::Say(text, _)] if text == "b"));
    }

    #[tokio::test]
    async fn a_device_that_is_not_connected_is_absent_by_name_and_nothing_fails() {
        let (states, mut told) = mpsc::unbounded_channel();
        let settings = SpeakerSettings {
            device: Some("nohost:no-such-headset".into()),
            espeak: Espeak::new("espeak-ng"),
            lexicon: Lexicon::default(),
        };
        let speaker = SpeakerHandle::start(settings, states).unwrap();
        let state = tokio::time::timeout(Duration::from_secs(30), told.recv()).await.unwrap().unwrap();
        let SpeakerState::Absent { why } = state else { panic!("it must be absent: {state:?}") };
        assert!(why.contains("no-such-headset"), "{why}");
        speaker.say("两袋", CALM);
        speaker.play(Sound::Right);
        speaker.hush();
        drop(speaker);
        assert_eq!(told.recv().await, None);
    }
}
