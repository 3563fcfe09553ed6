// One act at a time, and what the server said where it was refused.
import { ref, shallowRef } from "vue";
import type { Ref } from "vue";

export interface Acting {
  busy: Ref<boolean>;
  /** What was thrown instead; null while nothing was. */
  fault: Ref<unknown>;
  /** Does it; gives the answer, or null where it was refused and `fault` says why. */
  act: <T>(what: () => Promise<T>) => Promise<T | null>;
}

export function acting(): Acting {
  const busy = ref(false);
  const fault = shallowRef<unknown>(null);

  async function act<T>(what: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    fault.value = null;
    try {
      return await what();
    } catch (thrown) {
      fault.value = thrown;
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { busy, fault, act };
}
