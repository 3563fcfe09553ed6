import { expect, test } from "vitest";
import { readSearch } from "./search";

test.each(["13900001003", " 139 0000 1003", "139-0000-1003", "+8613900001003", "0086 139 0000 1003"])("a phone is known however it is spaced: %s", (text) => {
  expect(readSearch(text)).toEqual({ by: "phone", phone: "13900001003" });
});

test.each(["6917926768823601026", "S1003", "139000010", "23900001003", "web_1-2"])("any other word is an order's number: %s", (text) => {
  expect(readSearch(text)).toEqual({ by: "number", no: text });
});

test("nothing typed asks for all", () => {
  expect(readSearch("  ")).toEqual({ by: "all" });
});

test.each(["王小麦", "a b", "1/2", "x".repeat(65)])("what is neither is not sent: %s", (text) => {
  expect(readSearch(text)).toEqual({ by: "neither" });
});
