import { expect, test } from "vitest";
import type { HeldOrder } from "../../api/types";
import { decided, merged, moved, nextOpen, tidied } from "./caseList";
import type { Case } from "./caseList";

const held = (order: string, state: HeldOrder["state"] = "open"): HeldOrder => ({
  order,
  campaign: "live-1",
  state,
  order_state: "review",
  opened_at: 0,
  expires_at: null,
  hits: [],
  receiver: { name: "", phone: "", address: "" },
  province: "",
  units: [],
  paid_fen: 0,
  clusters: [],
});
const all = (...orders: string[]): HeldOrder[] => orders.map((order) => held(order));
const fates = (list: readonly Case[]): string[] => list.map((it) => `${it.held.order} ${it.fate}`);

test("new cases come at the end, whatever the server's order", () => {
  expect(fates(merged(merged([], all("A", "C"), true), all("A", "B", "C"), true))).toEqual(["A open", "C open", "B open"]);
});

test("a case the server no longer lists stays, marked as gone", () => {
  expect(fates(merged(merged([], all("A", "B"), true), all("B"), true))).toEqual(["A gone", "B open"]);
});

test("a case beyond the page the server told is not called gone", () => {
  expect(fates(merged(merged([], all("A", "B"), true), all("B"), false))).toEqual(["A open", "B open"]);
});

test("a case that comes back is open again", () => {
  const gone = merged(merged([], all("A"), true), [], true);
  expect(fates(merged(gone, all("A"), true))).toEqual(["A open"]);
});

test("a decision stands against an answer that was on its way", () => {
  const list = decided(merged([], all("A", "B"), true), new Set(["A"]), "approve");
  expect(fates(merged(list, all("A", "B"), true))).toEqual(["A approve", "B open"]);
  expect(fates(merged(list, all("B"), true))).toEqual(["A approve", "B open"]);
});

test("asking the buyer leaves a case to be decided", () => {
  const [first] = decided(merged([], all("A"), true), new Set(["A"]), "ask");
  expect([first?.fate, first?.held.state]).toEqual(["open", "asked"]);
});

test("only decided and gone cases are put away", () => {
  const list = decided(merged([], all("A", "B"), true), new Set(["A"]), "reject");
  expect(fates(tidied(list))).toEqual(["B open"]);
});

test("moving stops at both ends", () => {
  const list = merged([], all("A", "B"), true);
  expect([moved(list, "A", -1), moved(list, "A", 1), moved(list, "B", 1), moved([], "A", 1)]).toEqual(["A", "B", "B", ""]);
});

test("after a decision comes the next undecided case below, then above, and never one already asked", () => {
  const list = merged([], [held("A"), held("B"), held("C", "asked"), held("D")], true);
  expect(nextOpen(list, "B")).toBe("D");
  expect(nextOpen(list, "D")).toBe("A");
  expect(nextOpen(merged([], [held("C", "asked")], true), "C")).toBe("C");
});
