import { expect, test } from "vitest";
import { zh } from "../../words/zh";
import { actWords } from "./actWords";

const told = (act: string, detail: Record<string, unknown>): string => actWords({ seq: 1, act, who: "王", at: 0, detail }, zh);

test("an act tells its figures", () => {
  expect(told("armed", { rows: 2, units: 4000 })).toBe("2 行，共 4,000 件");
  expect(told("closed", { back: [{ qty: 3 }, { qty: 5 }] })).toBe("退回 8 件");
  expect(told("stock_changed", { changes: [{ warehouse: "SH", sku: "RICE5", by: -3 }] })).toBe("SH RICE5 −3");
});

test("an act that says less than it should is told without a fault", () => {
  expect(told("closed", {})).toBe("退回 0 件");
  expect(told("stock_changed", { changes: "?" })).toBe("");
  expect(told("something_new", {})).toBe("");
});
