import { describe, expect, test } from "vitest";
import type { Goods, Story } from "../../api/types";
import { zh } from "../../words/zh";
import { draftOf, emptyDraft, expectedUnits, faultsOf, filledStock, missing, planOf, quotaFaults } from "./plan";
import type { Draft } from "./plan";

const GOODS: Goods = {
  rules: {},
  skus: [
    { id: "RICE5", name: "rice" },
    { id: "OIL5", name: "oil" },
  ],
  bundles: [{ id: "GIFT", name: "gift", parts: [{ sku: "RICE5", qty: 2 }, { sku: "OIL5", qty: 1 }] }],
  warehouses: [
    { id: "GZ", name: "Guangzhou", free: [{ sku: "RICE5", units: 10 }, { sku: "OIL5", units: 1 }] },
    { id: "SH", name: "Shanghai", free: [{ sku: "RICE5", units: 30 }] },
  ],
};

function good(changes: Partial<Draft> = {}): Draft {
  return {
    ...emptyDraft(),
    id: "live-1",
    name: "夜场",
    starts_at: 1000,
    ends_at: 2000,
    offers: [{ code: "GIFT", price: "128", expected: 5 }],
    set_aside: [{ warehouse: "SH", sku: "RICE5", channel: "", qty: 10 }],
    province_quotas: [{ province: "广东", most: 2000 }],
    ...changes,
  };
}

const fields = (changes: Partial<Draft>): string[] => Object.keys(faultsOf(good(changes), zh));

describe("a plan", () => {
  test("without faults becomes the body the server takes, in fen and milliseconds", () => {
    expect(faultsOf(good(), zh)).toEqual({});
    const body = planOf(good({ name: " 夜场 " }), { vague_address: { on: false } });
    expect(body).toMatchObject({ name: "夜场", unpaid_ms: 900_000, rules: { vague_address: { on: false } }, offers: [{ code: "GIFT", price_fen: 12_800, expected: 5 }] });
    expect(body).not.toHaveProperty("unpaid_min");
  });

  test("is read back from a campaign as it was written", () => {
    const body = planOf(good(), {});
    const { set_aside, province_quotas, ...rest } = body;
    const story: Story = {
      ...rest,
      state: "planned",
      set_aside: set_aside.map((row) => ({ ...row, held: 0, settled: 0 })),
      province_quotas: province_quotas.map((row) => ({ ...row, taken: 0 })),
      acts: [],
    };
    expect(planOf(draftOf(story), story.rules)).toEqual(body);
  });

  test.each<[string, Partial<Draft>, string]>([
    ["an id in capitals", { id: "LIVE" }, "id"],
    ["the standing sale's id", { id: "daily" }, "id"],
    ["no name", { name: "  " }, "name"],
    ["no end", { ends_at: null }, "times"],
    ["an end before its start", { ends_at: 500 }, "times"],
    ["a limit below zero", { buyer_limit: -1 }, "buyer_limit"],
    ["unpaid orders kept for more than a week", { unpaid_min: 10_081 }, "unpaid_min"],
    ["nothing to sell", { offers: [] }, "offers"],
    ["a price of three decimals", { offers: [{ code: "GIFT", price: "1.234", expected: 1 }] }, "offer.0.price"],
    ["half a box expected", { offers: [{ code: "GIFT", price: "1", expected: 0.5 }] }, "offer.0.expected"],
    ["no units set aside", { set_aside: [{ warehouse: "SH", sku: "OIL5", channel: "", qty: 0 }] }, "stock.0.qty"],
    ["no province", { province_quotas: [{ province: "", most: 1 }] }, "quota.0.province"],
  ])("with %s names that field", (_, changes, field) => {
    expect(fields(changes)).toEqual([field]);
  });

  test("names the second of two equal rows, not the first", () => {
    const row = { warehouse: "SH", sku: "RICE5", channel: "douyin", qty: 1 };
    expect(fields({ set_aside: [row, { ...row, channel: "shop" }, { ...row }] })).toEqual(["stock.2.sku"]);
  });

  test("for one channel refuses stock of another", () => {
    const row = { warehouse: "SH", sku: "RICE5", channel: "shop", qty: 1 };
    expect(fields({ channel: "douyin", set_aside: [row] })).toEqual(["stock.0.channel"]);
  });
});

describe("a quota", () => {
  const row = { province: "广东", most: 5 };

  test("is not set below the orders its province has already", () => {
    const faults = (taken: number): string[] => Object.keys(quotaFaults([row], [{ ...row, taken }], zh));
    expect([faults(5), faults(6)]).toEqual([[], ["quota.0.most"]]);
  });

  test("of a province that is named twice is a fault of the second row", () => {
    expect(Object.keys(quotaFaults([row, row], [], zh))).toEqual(["quota.1.province"]);
  });
});

describe("stock a plan wants", () => {
  test("is summed over channels before it is held against the pool", () => {
    const row = { warehouse: "GZ", sku: "RICE5", channel: "shop", qty: 6 };
    const pools = missing([row, { ...row, channel: "douyin" }, { ...row, warehouse: "SH" }], GOODS);
    expect(pools.map((it) => [it.warehouse, it.asked, it.free, it.short])).toEqual([["GZ", 12, 10, 2], ["SH", 6, 30, 0]]);
  });

  test("is short of nothing while nobody knows what is free", () => {
    expect(missing([{ warehouse: "GZ", sku: "RICE5", channel: "", qty: 6 }], null)[0]?.short).toBe(0);
  });

  test("comes from what is expected: bundles as their parts, together with what is sold alone", () => {
    const offers = [{ code: "GIFT", price: "1", expected: 5 }, { code: "RICE5", price: "1", expected: 3 }];
    expect([...expectedUnits(offers, GOODS)]).toEqual([["RICE5", 13], ["OIL5", 5]]);
  });

  test("is dealt to warehouses by what they have, to the last unit and never beyond", () => {
    const rows = filledStock([{ code: "GIFT", price: "1", expected: 7 }], GOODS);
    expect(rows).toEqual([
      { warehouse: "GZ", sku: "RICE5", channel: "", qty: 3 },
      { warehouse: "SH", sku: "RICE5", channel: "", qty: 11 },
      { warehouse: "GZ", sku: "OIL5", channel: "", qty: 1 },
    ]);
  });
});
