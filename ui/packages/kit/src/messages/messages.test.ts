import { describe, expect, test } from "vitest";
import type { Mistake, Notice, Sticky } from "@liangcang/contract";
import { sayMistake, sayNotice, saySticky } from "../sayings";
import { en } from "./en";
import { zh } from "./zh";

const MISTAKES: Mistake[] = [
  { code: "unknown_code", got: "X1" },
  { code: "wrong_bin", expected: "A-03-02-1", got: "A-03-03-1" },
  { code: "wrong_check_digits", got: "47" },
  { code: "wrong_item", expected: "RICE5", got: "OIL5" },
  { code: "other_orders_item", expected: "RICE5", got: "OIL5" },
  { code: "over_scan", sku: "RICE5", want: 2 },
  { code: "wrong_lot", sku: "RICE5", expected: ["L2311"], got: "L2309" },
  { code: "waybill_here", got: "SF1" },
  { code: "wrong_tote", got: "TOTE-0009" },
  { code: "wrong_packaging", expected: "BOX-M", got: "BOX-S" },
  { code: "too_light", expected_g: 5420, got_g: 340, tolerance_g: 100 },
  { code: "too_heavy", expected_g: 5420, got_g: 10_500, tolerance_g: 100 },
  { code: "wrong_label", expected: "SF1", got: "SF2" },
  { code: "not_packed", got: "SF2" },
  { code: "wrong_carrier", expected: "SF", got: "ZTO" },
  { code: "order_was_cancelled", order: "69" },
  { code: "not_a_number", got: "0" },
  { code: "not_now", first: "bin" },
];
const NOTICES: Notice[] = [
  { code: "already" },
  { code: "nothing_to_undo" },
  { code: "undone" },
  { code: "recalled", order: "69" },
  { code: "label_unknown" },
  { code: "label_failed", why: "paper_out" },
  { code: "lines_added", count: 1 },
  { code: "paused" },
];
const STICKIES: Sticky[] = [
  { code: "store_failed", why: "disk full" },
  { code: "printer_blocked", printer: "p1", why: "paper_out", waiting: 3 },
  { code: "cancelled_parcel", order: "69" },
  { code: "put_back_waiting", walk: "PB-69" },
  { code: "order_short", order: "69" },
  { code: "missing_glyphs", order: "69", characters: "㐂" },
  { code: "empty_replica" },
];
const names = { item: (sku: string): string => (sku === "RICE5" ? "<rice>" : "<oil>") };

describe.each([
  ["Chinese", zh],
  ["English", en],
])("in %s", (language, words) => {
  const said = [
    ...MISTAKES.map((mistake) => sayMistake(words, mistake, names)),
    ...NOTICES.map((notice) => sayNotice(words, notice, names)),
    ...STICKIES.map((sticky) => saySticky(words, sticky, names)),
  ];

  test("everything the engine can say has a title and tells what to do now", () => {
    for (const { title, todo } of said) {
      expect(title).not.toBe("");
      expect(todo).not.toBe("");
    }
  });

  test("nothing the engine can say mixes the languages", () => {
    const foreign = language === "Chinese" ? /[a-z]{4,}/ : /[\u4e00-\u9fff]/;
    const own = ["rice", "oil", "disk full"];
    for (const { title, todo } of said) {
      const text = own.reduce((all, word) => all.replaceAll(word, ""), `${title} ${todo}`);
      expect(text).not.toMatch(foreign);
    }
  });

  test("a wrong item is named by both goods", () => {
    const { title, todo } = sayMistake(words, { code: "wrong_item", expected: "RICE5", got: "OIL5" }, names);
    expect(title).toContain("<oil>");
    expect(todo).toContain("<rice>");
  });

  test("a wrong lot is named by the lot wanted and the lot scanned", () => {
    const { title, todo } = sayMistake(words, { code: "wrong_lot", sku: "RICE5", expected: ["L2311"], got: "L2309" }, names);
    expect(title).toContain("L2309");
    expect(todo).toContain("L2311");
  });

  test("a parcel too light says by how much", () => {
    expect(sayMistake(words, { code: "too_light", expected_g: 5420, got_g: 340, tolerance_g: 100 }, names).title).toContain("5.08 kg");
  });
});

test("every reason of a device or a wave has its word in both languages", () => {
  expect(Object.keys(en.why).toSorted()).toEqual(Object.keys(zh.why).toSorted());
  expect(Object.keys(en.leftOut).toSorted()).toEqual(Object.keys(zh.leftOut).toSorted());
});
