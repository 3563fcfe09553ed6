import { expect, test } from "vitest";
import { code128 } from "./code128";

test("start, characters, check and stop have the widths of the standard", () => {
  // Start B, C, M, D, check 104 + 35 + 2·45 + 3·36 = 337 mod 103 = 28, stop: five symbols of 11 and one of 13.
  const { modules, bars } = code128("CMD");
  expect(modules).toBe(5 * 11 + 13);
  expect(bars.slice(0, 3)).toEqual([
    { x: 0, width: 2 },
    { x: 3, width: 1 },
    { x: 6, width: 1 },
  ]);
  expect(bars.slice(12, 15)).toEqual([
    { x: 44, width: 3 },
    { x: 49, width: 2 },
    { x: 52, width: 1 },
  ]);
  expect(bars.at(-1)).toEqual({ x: 66, width: 2 });
});

test("bars never touch and fill the code to its end", () => {
  const { modules, bars } = code128("CMD-UNREADABLE");
  const touching = bars.filter((bar, at) => bar.x + bar.width >= (bars[at + 1]?.x ?? Number.POSITIVE_INFINITY));
  expect(touching).toEqual([]);
  const last = bars.at(-1);
  expect((last?.x ?? 0) + (last?.width ?? 0)).toBe(modules);
});

test("a character outside of set B is refused", () => {
  expect(() => code128("确认")).toThrow(RangeError);
});
