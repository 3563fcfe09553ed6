// How long an answer fills the screen, and the sound it makes where the station cannot be heard.
import type { View } from "@liangcang/contract";
import { playAnswer } from "@liangcang/kit";
import { onScopeDispose, ref, watch } from "vue";
import type { Ref } from "vue";

/** Long enough to see from two metres, short enough not to stand before the next scan. */
const RIGHT_MS = 900;
const ATTENTION_MS = 2500;
/** An answer older than this was for somebody who looked before this page was opened. */
const OLD_MS = 3000;
/** What a browser waits for before a page may make a sound. */
const GESTURES = ["keydown", "pointerdown"] as const;

/** Whether the answer of `view` was given just now. */
export function useAnswer(view: Readonly<Ref<View | null>>, sounds: boolean): { fresh: Ref<boolean> } {
  const fresh = ref(false);
  const audio = sounds && "AudioContext" in globalThis ? new AudioContext() : null;
  const allow = (): void => void audio?.resume();
  if (audio) for (const gesture of GESTURES) addEventListener(gesture, allow, { once: true });
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(() => view.value?.answer.seq, () => {
    const now = view.value;
    if (!now || now.now_ms - now.answer.at_ms > OLD_MS) return;
    const { kind } = now.answer.feedback;
    clearTimeout(timer);
    fresh.value = kind !== "quiet";
    timer = setTimeout(() => {
      fresh.value = false;
    }, kind === "attention" ? ATTENTION_MS : RIGHT_MS);
    // A sound kept back until the browser allows sounds would be the answer to something long past.
    if (audio?.state === "running") playAnswer(audio, kind);
  }, { immediate: true });
  onScopeDispose(() => {
    clearTimeout(timer);
    for (const gesture of GESTURES) removeEventListener(gesture, allow);
    void audio?.close();
  });
  return { fresh };
}
