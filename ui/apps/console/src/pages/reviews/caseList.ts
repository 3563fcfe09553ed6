// The list of cases on the screen. What the server no longer lists stays here, marked, until a person puts it away;
// what is new comes at the end: nothing disappears and nothing jumps under a hand. Pure.
import type { Decision, HeldOrder } from "../../api/types";

export interface Case {
  held: HeldOrder;
  /** `open`: to be decided. Otherwise what became of it, as far as this screen knows. */
  fate: "open" | "gone" | Exclude<Decision, "ask">;
}

/** The list after the server told its own. `whole`: it told all, so that what it left out is gone. */
export function merged(list: readonly Case[], told: readonly HeldOrder[], whole: boolean): Case[] {
  const now = new Map(told.map((held) => [held.order, held]));
  const kept = list.map((it): Case => {
    const held = now.get(it.held.order);
    now.delete(it.held.order);
    if (held) {
      // An answer that was on its way while a person decided still lists the order; what was decided stands.
      return it.fate === "approve" || it.fate === "reject" ? it : { held, fate: "open" };
    }
    return it.fate === "open" && whole ? { ...it, fate: "gone" } : it;
  });
  return [...kept, ...[...now.values()].map((held): Case => ({ held, fate: "open" }))];
}

/** The list after orders were decided on. */
export function decided(list: readonly Case[], orders: ReadonlySet<string>, decision: Decision): Case[] {
  return list.map((it) => {
    if (!orders.has(it.held.order)) return it;
    return decision === "ask" ? { ...it, held: { ...it.held, state: "asked" } } : { ...it, fate: decision };
  });
}

/** Only what is still to be decided. */
export function tidied(list: readonly Case[]): Case[] {
  return list.filter((it) => it.fate === "open");
}

/** Up or down from an order, within the list. */
export function moved(list: readonly Case[], from: string, by: 1 | -1): string {
  const at = list.findIndex((it) => it.held.order === from);
  const to = Math.min(list.length - 1, Math.max(0, at + by));
  return list[to]?.held.order ?? "";
}

/** The next case to decide after an order: below it, else above, else the order itself. */
export function nextOpen(list: readonly Case[], from: string): string {
  const at = list.findIndex((it) => it.held.order === from);
  const waits = (it: Case): boolean => it.fate === "open" && it.held.state === "open" && it.held.order !== from;
  return (list.slice(at + 1).find(waits) ?? list.find(waits))?.held.order ?? from;
}
