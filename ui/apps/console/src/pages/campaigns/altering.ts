// Something of a campaign that is shown, drafted anew and sent whole.
import { ref } from "vue";
import type { Ref } from "vue";
import type { Story } from "../../api/types";
import type { Acting } from "./acting";
import { acting } from "./acting";

export interface Altering<T> extends Pick<Acting, "busy" | "fault"> {
  /** What somebody is typing; null while it is only shown. */
  draft: Ref<T | null>;
  begin: () => void;
  leave: () => void;
  save: () => Promise<void>;
}

/** `now`: what a draft begins with. `send`: sets it anew. `done`: with what the server answered. */
export function altering<T extends object>(now: () => T, send: (draft: T) => Promise<Story>, done: (story: Story) => void): Altering<T> {
  const draft = ref(null) as Ref<T | null>;
  const { busy, fault, act } = acting();

  function begin(): void {
    draft.value = now();
  }

  function leave(): void {
    draft.value = null;
    fault.value = null;
  }

  async function save(): Promise<void> {
    const wanted = draft.value;
    if (!wanted) return;
    const story = await act(() => send(wanted));
    if (!story) return;
    leave();
    done(story);
  }

  return { busy, fault, draft, begin, leave, save };
}
