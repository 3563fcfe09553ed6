//! Short sounds that answer a scan. They differ in rhythm first and in pitch second, so that they are told
//! apart in noise, at the far end of a headset, and by people who do not hear high tones.

use super::Clip;

const RATE: u32 = 48_000;
/// Each tone swells and fades for this long, else it clicks.
const EDGE_MS: u32 = 6;

/// What a sound means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sound {
    /// One short high tone: good.
    Right,
    /// Three low, rough tones: this is not it.
    Wrong,
    /// One long low tone and a short one: the right goods, and too many of them.
    TooMany,
    /// Two long tones falling: stop and look at the screen.
    Attention,
}

/// A tone and the silence after it, in milliseconds; a pitch in hertz.
type Tone = (u32, u32, f32);

impl Sound {
    fn tones(self) -> &'static [Tone] {
        match self {
            Self::Right => &[(90, 0, 1320.0)],
            Self::Wrong => &[(110, 70, 220.0), (110, 70, 220.0), (110, 0, 220.0)],
            Self::TooMany => &[(340, 80, 330.0), (90, 0, 330.0)],
            Self::Attention => &[(280, 90, 880.0), (380, 0, 587.0)],
        }
    }

    /// The sound as samples.
    pub fn clip(self) -> Clip {
        let mut samples = Vec::new();
        for (length_ms, pause_ms, hertz) in self.tones() {
            tone(&mut samples, *length_ms, *hertz);
            samples.resize(samples.len() + count(*pause_ms), 0.0);
        }
        Clip { rate: RATE, samples }
    }
}

fn count(ms: u32) -> usize {
    (RATE / 1000 * ms) as usize
}

/// A sine with two overtones, which small loudspeakers carry better than the fundamental.
fn tone(samples: &mut Vec<f32>, length_ms: u32, hertz: f32) {
    let (length, edge) = (count(length_ms), count(EDGE_MS) as f32);
    samples.extend((0..length).map(|index| {
        let turns = index as f32 * hertz / RATE as f32 * std::f32::consts::TAU;
        let body = 0.6 * turns.sin() + 0.25 * (2.0 * turns).sin() + 0.15 * (3.0 * turns).sin();
        let nearest_end = index.min(length - 1 - index) as f32;
        0.5 * body * (nearest_end / edge).min(1.0)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sound; 4] = [Sound::Right, Sound::Wrong, Sound::TooMany, Sound::Attention];

    /// Lengths of tones and pauses in tens of milliseconds, from the samples themselves.
    fn rhythm(clip: &Clip) -> Vec<(bool, usize)> {
        let frames = clip.samples.chunks(count(10));
        let loud: Vec<bool> = frames.map(|frame| frame.iter().any(|sample| sample.abs() > 0.05)).collect();
        loud.chunk_by(|left, right| left == right).map(|run| (run[0], run.len())).collect()
    }

    #[test]
    fn every_sound_has_a_rhythm_of_its_own() {
        let rhythms: Vec<_> = ALL.map(Sound::clip).iter().map(rhythm).collect();
        assert_eq!(rhythms[0], [(true, 9)]);
        assert_eq!(rhythms[1], [(true, 11), (false, 7), (true, 11), (false, 7), (true, 11)]);
        for (index, rhythm) in rhythms.iter().enumerate() {
            assert!(!rhythms[index + 1..].contains(rhythm), "{:?}", ALL[index]);
        }
    }

    #[test]
    fn no_sound_is_cut_off_or_longer_than_a_second() {
        for sound in ALL {
            let clip = sound.clip();
            assert!(clip.samples.iter().all(|sample| sample.abs() <= 0.6), "{sound:?}");
            assert!(clip.samples.len() < RATE as usize, "{sound:?}");
        }
    }
}
