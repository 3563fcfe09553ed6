//! Speech by espeak-ng, a program of its own: text goes in, a WAV comes out.
//!
//! A separate program keeps its licence and its faults out of ours, and it answers within some ten
//! milliseconds. Text is expected to be speakable already; playing it is left to the speaker.

use std::io::{ErrorKind, Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{Clip, Language, Voice};

/// A prompt takes some ten milliseconds; a program that needs longer than this hangs.
const SPEAK_WITHIN: Duration = Duration::from_secs(5);

/// Why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VoiceFault {
    /// The program is not there.
    #[error("{program} is not installed: install it to hear prompts, the screen goes on without it")]
    NotInstalled {
        /// The program that was looked for.
        program: String,
    },
    /// The program has no usable Mandarin voice.
    #[error("the speech program has no Mandarin voice: install espeak-ng 1.51 or later")]
    NoMandarin,
    /// The program did not end in time and was ended.
    #[error("the speech program did not answer within {} s", SPEAK_WITHIN.as_secs())]
    TimedOut,
    /// The program failed or gave no sound.
    #[error("the speech program failed: {why}")]
    Failed {
        /// What it said.
        why: String,
    },
}

/// The speech program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Espeak {
    program: String,
}

impl Espeak {
    /// The program by its name or path, usually `espeak-ng`.
    pub fn new(program: impl Into<String>) -> Self {
        Self { program: program.into() }
    }

    /// Checks that the program is there and that its Mandarin reads Chinese characters: in some versions one
    /// voice spells them as English.
    ///
    /// # Errors
    /// [`VoiceFault::NotInstalled`], [`VoiceFault::NoMandarin`], or a fault of the program.
    pub fn check(&self) -> Result<(), VoiceFault> {
        let phonemes = self.run(&["-q", "-x", "-v", voice_name(Language::Mandarin)], "三")?;
        if String::from_utf8_lossy(&phonemes).contains("s'a55n") {
            Ok(())
        } else {
            Err(VoiceFault::NoMandarin)
        }
    }

    /// Speaks a text; blocks until the sound is there, some ten milliseconds.
    ///
    /// # Errors
    /// When the program is missing, fails, hangs, or gives no sound.
    pub fn synthesise(&self, text: &str, voice: Voice) -> Result<Clip, VoiceFault> {
        let speed = voice.words_per_minute.to_string();
        let wav = self.run(&["--stdout", "-s", &speed, "-v", voice_name(voice.language)], text)?;
        parse_wav(&wav).ok_or_else(|| VoiceFault::Failed { why: "it gave no WAV".to_owned() })
    }

    /// Runs the program with a text on its standard input; it never sees the text as an option.
    fn run(&self, arguments: &[&str], text: &str) -> Result<Vec<u8>, VoiceFault> {
        let failed = |error: std::io::Error| VoiceFault::Failed { why: error.to_string() };
        let mut child = Command::new(&self.program)
            .args(arguments)
            .args(["-b", "1", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| match error.kind() {
                ErrorKind::NotFound => VoiceFault::NotInstalled { program: self.program.clone() },
                _ => failed(error),
            })?;
        let said = converse(&mut child, text);
        if said.is_err() {
            // It may have ended by itself meanwhile; then there is nothing to kill.
            let _ = child.kill();
        }
        let status = child.wait().map_err(failed)?;
        let output = said?;
        if status.success() { Ok(output) } else { Err(VoiceFault::Failed { why: status.to_string() }) }
    }
}

/// Writes the text and reads all output within the time. The two threads end when the program does.
fn converse(child: &mut Child, text: &str) -> Result<Vec<u8>, VoiceFault> {
    let (Some(mut input), Some(mut output)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(VoiceFault::Failed { why: "it has no input or output".to_owned() });
    };
    let text = text.to_owned();
    // A program that fails at once closes its input; its exit status tells more than the broken pipe.
    thread::spawn(move || input.write_all(text.as_bytes()));
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let read = output.read_to_end(&mut bytes).map(|_| bytes);
        // Nobody listens any more once the time is over.
        let _ = sender.send(read);
    });
    match receiver.recv_timeout(SPEAK_WITHIN) {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(VoiceFault::Failed { why: error.to_string() }),
        Err(_) => Err(VoiceFault::TimedOut),
    }
}

/// `cmn` reads characters as English in espeak-ng 1.51, so Mandarin is asked for by its pinyin voice.
fn voice_name(language: Language) -> &'static str {
    match language {
        Language::Mandarin => "cmn-latn-pinyin",
        Language::English => "en-us",
    }
}

/// A WAV of 16-bit mono. The lengths in its header are not believed: a program that writes into a pipe does
/// not know them when it begins.
fn parse_wav(wav: &[u8]) -> Option<Clip> {
    if wav.get(..4)? != b"RIFF" || wav.get(8..12)? != b"WAVE" {
        return None;
    }
    let mut at = 12;
    let mut rate = None;
    loop {
        let name = wav.get(at..at + 4)?;
        let length = u32::from_le_bytes(wav.get(at + 4..at + 8)?.try_into().ok()?) as usize;
        let body = wav.get(at + 8..)?;
        match name {
            b"fmt " => {
                let half =
                    |index: usize| body.get(index..index + 2).map(|two| u16::from_le_bytes([two[0], two[1]]));
                // PCM, one channel, sixteen bits.
                if (half(0)?, half(2)?, half(14)?) != (1, 1, 16) {
                    return None;
                }
                rate = Some(u32::from_le_bytes(body.get(4..8)?.try_into().ok()?)).filter(|rate| *rate > 0);
            }
            b"data" => {
                let samples = body[..length.min(body.len())].chunks_exact(2);
                let samples = samples.map(|two| f32::from(i16::from_le_bytes([two[0], two[1]])) / 32768.0);
                return Some(Clip { rate: rate?, samples: samples.collect() });
            }
            _ => {}
        }
        at = at.checked_add(8)?.checked_add(length)?.checked_add(length % 2)?;
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail by panicking")]

    use super::*;

    fn wav(data_length: u32, samples: &[i16]) -> Vec<u8> {
        let mut wav = b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0".to_vec();
        wav.extend(22_050u32.to_le_bytes());
        wav.extend(44_100u32.to_le_bytes());
        wav.extend(b"\x02\0\x10\0data");
        wav.extend(data_length.to_le_bytes());
        wav.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
        wav
    }

    #[test]
    fn a_streamed_wav_with_an_impossible_length_is_read_to_its_end() {
        let clip = parse_wav(&wav(0x7fff_f000, &[0, 16384, -32768])).unwrap();
        assert_eq!(clip, Clip { rate: 22_050, samples: vec![0.0, 0.5, -1.0] });
    }

    #[test]
    fn bytes_that_are_no_mono_wav_are_refused() {
        let whole = wav(6, &[1, 2, 3]);
        for length in 0..44 {
            assert_eq!(parse_wav(&whole[..length]), None, "{length}");
        }
        let mut stereo = whole;
        stereo[22] = 2;
        assert_eq!(parse_wav(&stereo), None);
    }

    #[test]
    fn a_missing_program_is_named() {
        let fault = Espeak::new("no-such-speech-program").check().unwrap_err();
        assert_eq!(fault, VoiceFault::NotInstalled { program: "no-such-speech-program".into() });
        assert!(fault.to_string().contains("no-such-speech-program"));
    }

    #[test]
    fn the_installed_program_speaks_both_languages() {
        let espeak = Espeak::new("espeak-ng");
        espeak.check().unwrap();
        for (text, language) in [("两袋", Language::Mandarin), ("two bags", Language::English)] {
            let clip = espeak.synthesise(text, Voice { language, words_per_minute: 170 }).unwrap();
            let seconds = clip.samples.len() as f32 / clip.rate as f32;
            assert!(seconds > 0.3 && clip.samples.iter().any(|sample| sample.abs() > 0.05), "{seconds} s");
        }
    }
}
