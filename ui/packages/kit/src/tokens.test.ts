// @vitest-environment node
import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

const css = readFileSync(new URL("./tokens.css", import.meta.url), "utf8");

/** The colours a block of the token file sets, by role. */
function colours(block: string): Map<string, string> {
  const body = css.slice(css.indexOf(block)).split("}")[0] ?? "";
  return new Map([...body.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, role = "", hex = ""]) => [role, hex]));
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.040_45 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG's contrast ratio of two colours. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].toSorted((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

const light = colours(":root {");
const themes = { light, dark: new Map([...light, ...colours(':root[data-theme="dark"] {')]) };

describe.each(Object.entries(themes))("in the %s theme", (_, theme) => {
  const of = (ink: string, ground: string): number => contrast(theme.get(ink) ?? "", theme.get(ground) ?? "");

  test.each(["surface", "raised", "sunken"])("the step's ink stands out from %s at least 7:1", (ground) => {
    expect(of("ink", ground)).toBeGreaterThanOrEqual(7);
  });

  test.each([
    ["quiet", "surface"],
    ["quiet", "raised"],
    ["quiet", "sunken"],
    ["accent", "surface"],
    ["accent", "raised"],
    ["accent", "accent-wash"],
    ["right", "surface"],
    ["right", "right-wash"],
    ["wrong", "raised"],
    ["wrong", "wrong-wash"],
    ["attention-ink", "surface"],
    ["attention-ink", "attention-wash"],
    ["on-attention", "attention"],
    ["on-accent", "accent-fill"],
    ["hold", "hold-wash"],
    ["offline", "offline-wash"],
  ])("%s on %s has at least 4.5:1", (ink, ground) => {
    expect(of(ink, ground)).toBeGreaterThanOrEqual(4.5);
  });
});
