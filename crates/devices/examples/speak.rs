//! Plays each sound and says a text aloud, to hear whether a headset works.
//!
//! `cargo run -p liangcang-devices --example speak -- "前往A区3排2列，取2袋" [device id]`

use std::error::Error;
use std::time::Duration;

use liangcang_devices::voice::{
    Espeak, Language, Lexicon, Sound, SpeakerHandle, SpeakerSettings, SpeakerState, Voice,
};
use tokio::sync::mpsc;
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let text = std::env::args().nth(1).ok_or("name the text to say")?;
    let device = std::env::args().nth(2);
    let (states, mut told) = mpsc::unbounded_channel();
    let espeak = Espeak::new("espeak-ng");
    espeak.check()?;
    let speaker =
        SpeakerHandle::start(SpeakerSettings { device, espeak, lexicon: Lexicon::default() }, states)?;
    eprintln!("{:?}", told.recv().await);
    for sound in [Sound::Right, Sound::Wrong, Sound::TooMany, Sound::Attention] {
        speaker.play(sound);
        report(&mut told, Duration::from_millis(1200)).await;
    }
    speaker.play(Sound::Right);
    speaker.say(text, Voice { language: Language::Mandarin, words_per_minute: 170 });
    report(&mut told, Duration::from_secs(8)).await;
    Ok(())
}

/// Lets the sound play, and says what happens to the speaker meanwhile.
async fn report(told: &mut mpsc::UnboundedReceiver<SpeakerState>, time: Duration) {
    while let Ok(Some(state)) = timeout(time, told.recv()).await {
        eprintln!("{state:?}");
    }
}
