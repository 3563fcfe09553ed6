import { expect, test } from "vitest";
import { zh } from "../../words/zh";
import { faultsOf, nobody, toBlock } from "./whom";
import type { Whom } from "./whom";

const whom = (changes: Partial<Whom>): Whom => ({ ...nobody("phone", ""), note: "恶意退货", ...changes });
const fields = (changes: Partial<Whom>): string[] => Object.keys(faultsOf(whom(changes), zh));

test.each<[string, Partial<Whom>, string[]]>([
  ["an order without a number", { by: "order", order: " " }, ["order"]],
  ["half a phone", { by: "value", value: "1390000" }, ["value"]],
  ["a buyer of no channel", { by: "value", kind: "buyer", value: "u-1" }, ["channel"]],
  ["an address of nothing", { by: "value", kind: "address" }, ["value"]],
  ["a value beyond what the server reads", { by: "value", kind: "device", value: "x".repeat(201) }, ["value"]],
  ["no reason", { by: "order", order: "1", note: "  " }, ["note"]],
  ["all that is needed", { by: "order", order: "1" }, []],
])("%s names its fields", (_, changes, wrong) => {
  expect(fields(changes)).toEqual(wrong);
});

test("an order is sent alone, whatever stands in the hidden fields", () => {
  expect(toBlock(whom({ by: "order", order: " R1 ", value: "13900001111", channel: "shop" }))).toEqual({ kind: "phone", order: "R1", note: "恶意退货" });
});

test("a phone is sent as its digits, a buyer with the channel, a device without one", () => {
  const value = (changes: Partial<Whom>): unknown => toBlock(whom({ by: "value", channel: "shop", ...changes }));
  expect(value({ value: "+86 139-0000-1111" })).toEqual({ kind: "phone", value: "13900001111", note: "恶意退货" });
  expect(value({ kind: "buyer", value: "u-1" })).toEqual({ kind: "buyer", value: "u-1", channel: "shop", note: "恶意退货" });
  expect(value({ kind: "device", value: "d-1" })).toEqual({ kind: "device", value: "d-1", note: "恶意退货" });
});
