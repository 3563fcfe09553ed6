// One act at a time, and what the server said where it was refused.
import { ref } from "vue";
import type { Ref } from "vue";
import { sayFault } from "../../shared";

export interface Acting {
  busy: Ref<boolean>;
  fault: Ref<string>;
  /** Does it; gives the answer, or null where it was refused and `fault` says why. */
  act: <T>(what: () => Promise<T>) => Promise<T | null>;
}

export function acting(): Acting {
  const busy = ref(false);
  const fault = ref("");

  async function act<T>(what: () => Promise<T>): Promise<T | null> {
    if (busy.value) return null;
    busy.value = true;
    fault.value = "";
    try {
      return await what();
    } catch (thrown) {
      fault.value = sayFault(thrown);
      return null;
    } finally {
      busy.value = false;
    }
  }

  return { busy, fault, act };
}
