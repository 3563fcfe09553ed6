import { expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

/** Every text of a catalogue with its path; texts with figures are filled in with some. */
function texts(of: unknown, path = ""): [string, string][] {
  if (typeof of === "string") return [[path, of]];
  if (typeof of === "function") return [[path, String((of as (...given: unknown[]) => unknown)(3, 5))]];
  return Object.entries(of as object).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}

test("both languages say the same things, and nothing is left empty", () => {
  expect(texts(en).map(([path]) => path).toSorted()).toEqual(texts(zh).map(([path]) => path).toSorted());
  expect([...texts(zh), ...texts(en)].filter(([, text]) => text === "")).toEqual([]);
});

test("English holds no Chinese, except the name of the other language", () => {
  expect(texts(en).filter(([path, text]) => path !== ".bar.other" && /[\u4e00-\u9fff]/.test(text))).toEqual([]);
});

test("Chinese holds no English words but names and commands", () => {
  const names = /liangcang-server( token| audit)?|daily|live-1111|English|undefined/g;
  expect(texts(zh).filter(([path, text]) => path !== ".tongue" && /[a-z]{4,}/.test(text.replaceAll(names, "")))).toEqual([]);
});
