// Whom somebody is about to block: the fields, what is wrong with them, and the body they become. Pure. What is
// typed here is personal; it goes to the server once and into no address and no list.
import type { ToBlock } from "../../api/server";
import type { ClusterKind } from "../../api/types";
import type { Words } from "../../words/zh";
import { readSearch } from "../orders/search";

export const KINDS: readonly ClusterKind[] = ["phone", "address", "buyer", "device"];
const LONGEST = 200;

export interface Whom {
  kind: ClusterKind;
  by: "order" | "value";
  order: string;
  value: string;
  channel: string;
  note: string;
}

export type WhomFaults = Partial<Record<"order" | "value" | "channel" | "note", string>>;

export function nobody(kind: ClusterKind, order: string): Whom {
  return { kind, by: "order", order, value: "", channel: "", note: "" };
}

export function faultsOf({ kind, by, order, value, channel, note }: Whom, words: Words): WhomFaults {
  const say = words.blocked.fault;
  const fits = (text: string): boolean => text.trim() !== "" && [...text.trim()].length <= LONGEST;
  const faults: WhomFaults = {};
  if (by === "order" && order.trim() === "") faults.order = say.order;
  if (by === "value" && !fits(value)) faults.value = say.value;
  if (by === "value" && kind === "phone" && readSearch(value).by !== "phone") faults.value = say.phone;
  if (by === "value" && kind === "buyer" && channel.trim() === "") faults.channel = say.channel;
  if (!fits(note)) faults.note = say.note;
  return faults;
}

/** The body the server takes; only of fields without faults. */
export function toBlock({ kind, by, order, value, channel, note }: Whom): ToBlock {
  const why = { kind, note: note.trim() };
  if (by === "order") return { ...why, order: order.trim() };
  if (kind === "buyer") return { ...why, value: value.trim(), channel: channel.trim() };
  const search = readSearch(value);
  return { ...why, value: kind === "phone" && search.by === "phone" ? search.phone : value.trim() };
}
