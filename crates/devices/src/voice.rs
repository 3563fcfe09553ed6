//! The voice of a station: text made speakable, speech from a program of its own, and one loudspeaker that
//! is always open. What is said, and when, is decided elsewhere.

mod espeak;
mod lexicon;
mod normalise;
mod numbers;
mod sounds;
mod speaker;

pub use espeak::{Espeak, VoiceFault};
pub use lexicon::{Lexicon, LexiconFault};
pub use normalise::{speakable_english, speakable_mandarin};
pub use sounds::Sound;
pub use speaker::{SpeakerHandle, SpeakerSettings, SpeakerState};

/// The languages that are spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    /// 普通话.
    Mandarin,
    /// English.
    English,
}

/// How something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Voice {
    /// In which language.
    pub language: Language,
    /// Words a minute, 80 to 450; 170 is calm.
    pub words_per_minute: u16,
}

/// Sound ready to be played: one channel.
#[derive(Debug, Clone, PartialEq)]
pub struct Clip {
    /// Samples a second.
    pub rate: u32,
    /// From -1 to 1.
    pub samples: Vec<f32>,
}
