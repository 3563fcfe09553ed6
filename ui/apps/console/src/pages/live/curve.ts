// The curve of orders a second: every second of the last five minutes, seconds without orders as zero. The running
// second is left out, since it is not over. Pure.
import type { Meter } from "../../api/types";

export const CURVE_S = 300;

/** Points as [epoch milliseconds, orders], oldest first. */
export function curveOf({ at, per_second }: Pick<Meter, "at" | "per_second">): [number, number][] {
  const end = Math.floor(at / 1000);
  const taken = new Map(per_second);
  return Array.from({ length: CURVE_S }, (_, nth) => {
    const second = end - CURVE_S + nth;
    return [second * 1000, taken.get(second) ?? 0];
  });
}

/** Orders in the last whole second, and the most in any. */
export function rates(curve: readonly (readonly [number, number])[]): { last: number; peak: number } {
  return { last: curve.at(-1)?.[1] ?? 0, peak: curve.reduce((most, [, orders]) => Math.max(most, orders), 0) };
}

/** Refusals by what a person asks about: sold out, over quota, the rest. */
export function refusals(refused: Record<string, number>): { soldOut: number; overQuota: number; other: number } {
  const { short = 0, over_quota: overQuota = 0, ...rest } = refused;
  return { soldOut: short, overQuota, other: Object.values(rest).reduce((sum, n) => sum + n, 0) };
}

/** How near a pool is to being sold out: what remains of it, as a word. */
export function lowness({ set_aside, held, settled }: { set_aside: number; held: number; settled: number }): "out" | "low" | "well" {
  const available = set_aside - held - settled;
  if (available <= 0) return "out";
  return available * 10 < set_aside ? "low" : "well";
}
