import { expect, test } from "vitest";
import { CURVE_S, curveOf, lowness, rates, refusals } from "./curve";

const AT = 1_000_000_500;
const NOW_S = 1_000_000;

test("every second of five minutes has a point, and the running second has none", () => {
  const curve = curveOf({ at: AT, per_second: [[NOW_S - CURVE_S, 2], [NOW_S - 1, 7], [NOW_S, 99]] });
  expect(curve).toHaveLength(CURVE_S);
  expect(curve[0]).toEqual([(NOW_S - CURVE_S) * 1000, 2]);
  expect(curve[1]?.[1]).toBe(0);
  expect(curve.at(-1)).toEqual([(NOW_S - 1) * 1000, 7]);
});

test("the rate is that of the last whole second, not the best one", () => {
  expect(rates([[0, 9], [1, 4]])).toEqual({ last: 4, peak: 9 });
  expect(rates([])).toEqual({ last: 0, peak: 0 });
});

test("refusals that are neither sold out nor over quota are counted together", () => {
  expect(refusals({ short: 3, over_quota: 2, unknown_goods: 1, no_carrier: 4 })).toEqual({ soldOut: 3, overQuota: 2, other: 5 });
  expect(refusals({})).toEqual({ soldOut: 0, overQuota: 0, other: 0 });
});

test("stock is low below a tenth and out at nothing", () => {
  const left = (available: number): string => lowness({ set_aside: 100, held: 100 - available, settled: 0 });
  expect([10, 9, 1, 0].map((available) => left(available))).toEqual(["well", "low", "low", "out"]);
});
