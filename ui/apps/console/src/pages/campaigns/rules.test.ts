import { expect, test } from "vitest";
import { figuresOf, withUsual } from "./rules";

const USUAL = { vague_address: { on: true }, burst_velocity: { on: true, orders_max: 3, window_s: 10 } };

test("a rule the campaign says nothing of is as usual, and every rule is there", () => {
  const rules = withUsual({ burst_velocity: { on: false, orders_max: 9 } }, USUAL);
  expect(rules).toEqual({ vague_address: { on: true }, burst_velocity: { on: false, orders_max: 9, window_s: 10 } });
});

test("editing a rule never changes what is usual", () => {
  const rules = withUsual({}, USUAL);
  Object.assign(rules["vague_address"] ?? {}, { on: false });
  expect(USUAL.vague_address.on).toBe(true);
});

test("whether it is on is no figure of a rule", () => {
  expect(figuresOf(USUAL.burst_velocity)).toEqual([["orders_max", 3], ["window_s", 10]]);
});
