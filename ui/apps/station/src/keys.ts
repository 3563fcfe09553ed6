// What keys do that are part of no code: actions, tabs, rows. Scans and numbers go to the engine.
import type { Action, View } from "@liangcang/contract";
import { actionOf, KEY_OF, STICKY_KEY, TASK_KEY } from "@liangcang/kit";
import type { Look } from "./look";

/** Who carries the keys out. */
export interface Hands {
  press(action: Action): void;
  help(): void;
  actSticky(): void;
}

const OURS: ReadonlySet<string> = new Set([...Object.values(KEY_OF), STICKY_KEY].filter((key) => key.startsWith("F")));

/** Moves the focus among the rows that can be pressed, so that Space presses one. */
function moveRow(page: Document, by: 1 | -1): void {
  const rows = [...page.querySelectorAll<HTMLElement>("[data-row]:not(:disabled)")];
  const at = rows.findIndex((row) => row === page.activeElement);
  const next = at === -1 && by === -1 ? rows.length - 1 : at + by;
  rows[Math.min(rows.length - 1, Math.max(0, next))]?.focus();
}

/** Scrolls a long list by nearly its height, so that the last line seen stays in sight. */
function turnPage(page: Document, by: 1 | -1): void {
  const list = page.querySelector("[data-scroll]");
  list?.scrollBy({ top: by * list.clientHeight * 0.9 });
}

/** Carries out a key; true when it was one of ours, so that the browser does nothing with it. */
export function useKey(name: string, page: Document, view: View, look: Look, hands: Hands): boolean {
  const action = actionOf(name, view.actions);
  if (name === KEY_OF.help) {
    hands.help();
  } else if (action) {
    hands.press(action);
    return true;
  }
  if (name === STICKY_KEY) hands.actSticky();
  if (name === TASK_KEY) look.back();
  if (name === "ArrowLeft") look.step(-1);
  if (name === "ArrowRight") look.step(1);
  if (name === "ArrowDown") moveRow(page, 1);
  if (name === "ArrowUp") moveRow(page, -1);
  if (name === "PageDown") turnPage(page, 1);
  if (name === "PageUp") turnPage(page, -1);
  return OURS.has(name) || name === TASK_KEY || name.startsWith("Arrow") || name.startsWith("Page");
}
