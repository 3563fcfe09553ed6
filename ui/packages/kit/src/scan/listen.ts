// Hears every key stroke of the page before anything in it does, so that a scan reaches the engine wherever the
// focus is and never presses the button in focus. Leaves out what a stroke means (`keyboard.ts`).
import { Wedge } from "./keyboard";
import type { Stroke } from "./keyboard";

/** Who acts on strokes. */
export interface Listener {
  /** A scan, a number, or a change of what is typed. */
  stroke(stroke: Exclude<Stroke, { kind: "none" }>): void;
  /** A key that is part of no code, by its browser name. True when it was used up. */
  key(name: string): boolean;
}

/** Listens on `page` until the function it returns is called. */
export function listen(page: Window, listener: Listener): () => void {
  const wedge = new Wedge();
  const onKey = (event: KeyboardEvent): void => {
    const stroke = wedge.take(event);
    if (stroke.kind === "none") {
      const plain = !event.ctrlKey && !event.altKey && !event.metaKey && !event.shiftKey;
      if (plain && !event.repeat && listener.key(event.key)) event.preventDefault();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    listener.stroke(stroke);
  };
  page.addEventListener("keydown", onKey, { capture: true });
  return () => page.removeEventListener("keydown", onKey, { capture: true });
}
