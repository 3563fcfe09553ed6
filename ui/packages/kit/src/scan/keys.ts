// Which key does what. Function keys only: no barcode holds one, so a scan can never press a button.
import type { Action } from "@liangcang/contract";

/** The key of each action, as the browser names it. */
export const KEY_OF: Readonly<Record<Action, string>> = {
  help: "F1",
  confirm: "F2",
  unreadable: "F3",
  short: "F4",
  repeat: "F5",
  next: "F6",
  skip: "F7",
  undo: "F8",
  print: "F9",
  reprint: "F10",
  pause: "F11",
  leave: "Escape",
};

/** The key of the sticky panel's button. */
export const STICKY_KEY = "F12";

/** The key that brings back to the task in hand. */
export const TASK_KEY = "Home";

/** How a key is called on a button. */
export function keyCap(key: string): string {
  return key === "Escape" ? "Esc" : key;
}

/** The action of a key, among those that may be pressed now. */
export function actionOf(key: string, now: readonly Action[]): Action | undefined {
  return now.find((action) => KEY_OF[action] === key);
}

/** The command barcode of an action. */
export function commandCode(action: Action): string {
  return `CMD-${action.toUpperCase()}`;
}
