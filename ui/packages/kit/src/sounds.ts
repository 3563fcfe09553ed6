// The three sounds of an answer, for a screen that stands where its station cannot be heard. They differ in rhythm,
// not only in pitch: right is one short high one, wrong two low ones, attention one long one between.
import type { Feedback } from "@liangcang/contract";

interface Tone {
  hertz: number;
  from_s: number;
  for_s: number;
}

const TONES: Readonly<Record<Feedback["kind"], readonly Tone[]>> = {
  quiet: [],
  right: [{ hertz: 1320, from_s: 0, for_s: 0.09 }],
  complete: [
    { hertz: 1320, from_s: 0, for_s: 0.09 },
    { hertz: 1760, from_s: 0.1, for_s: 0.14 },
  ],
  wrong: [
    { hertz: 196, from_s: 0, for_s: 0.18 },
    { hertz: 196, from_s: 0.26, for_s: 0.18 },
  ],
  attention: [{ hertz: 587, from_s: 0, for_s: 0.4 }],
};

const RAMP_S = 0.01;
const LOUD = 0.4;

/** Plays the answer. Silent until the page was touched or typed on once, which is the browser's rule. */
export function playAnswer(audio: AudioContext, kind: Feedback["kind"]): void {
  for (const { hertz, from_s, for_s } of TONES[kind]) {
    const [begin, end] = [audio.currentTime + from_s, audio.currentTime + from_s + for_s];
    const tone = new OscillatorNode(audio, { frequency: hertz, type: kind === "wrong" ? "square" : "sine" });
    const gain = new GainNode(audio, { gain: 0 });
    gain.gain.setValueAtTime(0, begin);
    gain.gain.linearRampToValueAtTime(LOUD, begin + RAMP_S);
    gain.gain.setValueAtTime(LOUD, end - RAMP_S);
    gain.gain.linearRampToValueAtTime(0, end);
    tone.connect(gain).connect(audio.destination);
    tone.start(begin);
    tone.stop(end);
  }
}
