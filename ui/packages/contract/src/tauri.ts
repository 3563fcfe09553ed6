// The line inside the desktop window: one Tauri command named `call`, one event named `view`. The other way goes one
// event, `shown`, once, when the first view can be seen: the shell's log tells from it how long the start took.
import { invoke } from "@tauri-apps/api/core";
import { emit, listen } from "@tauri-apps/api/event";
import type { View } from "./generated/View";
import { isFault, Refused, Unreachable } from "./transport";
import type { Args, CommandName, Link, Reply, Transport } from "./transport";

/** Says that the first view is drawn. The second frame begins when the first one has been painted. */
function sayShown(): void {
  requestAnimationFrame(() => requestAnimationFrame(() => void emit("shown")));
}

/** The transport of the desktop window. The station plays its own sounds there. */
export function tauriTransport(): Transport {
  const call = async <N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N>> => {
    try {
      return await invoke<Reply<N>>("call", { command: { command, ...args } });
    } catch (error) {
      throw isFault(error) ? new Refused(error) : new Unreachable(error);
    }
  };
  const live = (onView: (view: View) => void, onLink: (link: Link) => void): (() => void) => {
    let ended = false;
    let unlisten = (): void => {};
    let seen = false;
    const show = (view: View): void => {
      onView(view);
      if (!seen) sayShown();
      seen = true;
    };
    onLink("joining");
    const join = async (): Promise<void> => {
      let newer = false;
      const stop = await listen<View>("view", (event) => {
        newer = true;
        show(event.payload);
      });
      if (ended) {
        stop();
        return;
      }
      unlisten = stop;
      onLink("joined");
      const first = await call("view", {});
      // A view that was pushed while this one was fetched is the newer of the two.
      if (!newer && !ended) show(first);
    };
    join().catch(() => onLink("lost"));
    return () => {
      ended = true;
      unlisten();
    };
  };
  return { call, live, sounds: false };
}
