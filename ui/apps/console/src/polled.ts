// Asks again and again while a page is shown. The last answer stays with its moment; a failed question never wipes
// it. The next question waits for the answer before, and longer where answers take long, so that a busy server is
// not asked faster than it can speak.
import { computed, onScopeDispose, ref, shallowRef } from "vue";
import type { Ref } from "vue";
import { sayFault } from "./shared";

const PATIENCE = 4;

export interface Polled<T> {
  data: Ref<T | null>;
  /** When the last answer came, by this browser's clock; 0 before the first. */
  at: Ref<number>;
  /** Empty while the last question was answered. */
  fault: Readonly<Ref<string>>;
  again: () => Promise<void>;
}

/** Asks at once and then every so many milliseconds; 0 asks only when told. */
export function polled<T>(ask: () => Promise<T>, everyMs: number): Polled<T> {
  const data = ref<T | null>(null) as Ref<T | null>;
  const at = ref(0);
  const thrown = shallowRef<unknown>(null);
  const fault = computed(() => (thrown.value === null ? "" : sayFault(thrown.value)));
  let timer: ReturnType<typeof setTimeout> | undefined;
  let over = false;
  let turn = 0;

  async function again(): Promise<void> {
    clearTimeout(timer);
    turn += 1;
    const mine = turn;
    const begun = Date.now();
    try {
      const answer = await ask();
      // A question asked later has been answered already, or the page is gone.
      if (mine !== turn || over) return;
      data.value = answer;
      at.value = Date.now();
      thrown.value = null;
    } catch (fell) {
      if (mine !== turn || over) return;
      thrown.value = fell;
    }
    if (everyMs > 0) timer = setTimeout(() => void again(), Math.max(everyMs, (Date.now() - begun) * PATIENCE));
  }

  onScopeDispose(() => {
    over = true;
    clearTimeout(timer);
  });
  void again();
  return { data, at, fault, again };
}
