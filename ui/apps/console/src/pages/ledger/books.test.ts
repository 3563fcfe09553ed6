import { expect, test } from "vitest";
import type { LedgerRow } from "../../api/types";
import { filtered, offBy, sums } from "./books";

const row = (changes: Partial<LedgerRow> = {}): LedgerRow => ({
  sku: "RICE5",
  warehouse: "SH",
  channel: "",
  set_aside: 20,
  available: 4,
  held: 15,
  settled: 1,
  by_province: [{ province: "上海", held: 15, settled: 1 }],
  ...changes,
});

test("a row whose equation and orders agree is off by nothing", () => {
  expect(offBy(row())).toBe(0);
});

test.each<[string, Partial<LedgerRow>, number]>([
  ["units that are nowhere", { available: 3 }, 1],
  ["holds no order has", { by_province: [{ province: "上海", held: 13, settled: 1 }] }, 2],
  ["shipped units no order has", { by_province: [{ province: "上海", held: 15, settled: 0 }] }, 1],
  ["more promised than set aside", { available: -4, held: 23, by_province: [{ province: "上海", held: 23, settled: 1 }] }, 4],
])("%s make a row differ", (_, changes, units) => {
  expect(offBy(row(changes))).toBe(units);
});

test("the total is the sum of what is shown", () => {
  expect(sums([row(), row({ set_aside: 5, available: 5, held: 0, settled: 0 })])).toEqual({ set_aside: 25, available: 9, held: 15, settled: 1 });
});

test("a filter finds ids and names, every word of it", () => {
  const rows = [row(), row({ sku: "OIL5", channel: "douyin" })];
  const find = (text: string): string[] => filtered(rows, text, (it) => (it.sku === "RICE5" ? "五常大米 上海仓" : "花生油 上海仓")).map((it) => it.sku);
  expect(find("")).toEqual(["RICE5", "OIL5"]);
  expect(find("大米 sh")).toEqual(["RICE5"]);
  expect(find("DOUYIN")).toEqual(["OIL5"]);
  expect(find("大米 douyin")).toEqual([]);
});
