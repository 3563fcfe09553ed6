import { expect, test } from "vitest";
import { clock, countdown, kilograms, sizeMark, tail } from "./measure";

test("grams are shown as a bench scale shows them", () => {
  expect(kilograms(5080)).toBe("5.08");
  expect(kilograms(20)).toBe("0.02");
});

test("a countdown shows hours only when there are some, and never less than nothing", () => {
  expect(countdown(24 * 60_000)).toBe("24:00");
  expect(countdown(85 * 60_000 + 9000)).toBe("1:25:09");
  expect(countdown(-5000)).toBe("00:00");
});

test("the clock is that of the place", () => {
  expect(clock(Date.UTC(2026, 10, 23, 6, 5))).toBe("14:05");
});

test("the size on the picture is the one the name ends with", () => {
  expect(sizeMark("物理压榨菜籽油 1.8L")).toBe("1.8L");
  expect(sizeMark("五常稻花香大米 5公斤")).toBe("5公斤");
  expect(sizeMark("手工挂面礼盒")).toBe("");
});

test("four characters are compared at a glance", () => {
  expect(tail("SF1623908457216")).toBe("7216");
});
