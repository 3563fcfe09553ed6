import { describe, expect, test } from "vitest";
import { Wedge } from "./keyboard";
import type { Key, Stroke } from "./keyboard";

const key = (name: string, change: Partial<Key> = {}): Key => ({
  key: name,
  code: "",
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  shiftKey: false,
  ...change,
});

/** What comes of typing `text` and Enter. */
function typed(text: string, wedge = new Wedge()): Stroke {
  for (const char of text) wedge.take(key(char));
  return wedge.take(key("Enter"));
}

/** The strokes of a scanner whose letters an input method swallowed. */
function swallowed(text: string): Stroke {
  const wedge = new Wedge();
  for (const char of text) {
    const letter = /[A-Za-z]/.test(char);
    const code = letter ? `Key${char.toUpperCase()}` : char === "-" ? "Minus" : `Digit${char}`;
    wedge.take(key("Process", { code, shiftKey: letter && char === char.toUpperCase() }));
  }
  return wedge.take(key("Enter", { code: "Enter" }));
}

describe("a scanner that types", () => {
  test("a code with its AIM identifier reaches the engine without it", () => {
    expect(typed("]C1TOTE-0007")).toEqual({ kind: "scan", code: "TOTE-0007" });
  });

  test("a short number with an AIM identifier is a scan, not a person's number", () => {
    expect(typed("]E412")).toEqual({ kind: "scan", code: "12" });
  });

  test("a code without a prefix still works", () => {
    expect(typed("BIN-A-03-02-1")).toEqual({ kind: "scan", code: "BIN-A-03-02-1" });
  });

  test("two codes with Enter between them are two scans", () => {
    const wedge = new Wedge();
    expect(typed("6901234567892", wedge)).toEqual({ kind: "scan", code: "6901234567892" });
    expect(typed("SF1623908457216", wedge)).toEqual({ kind: "scan", code: "SF1623908457216" });
  });

  test("an Enter before a code and a second one after it do nothing", () => {
    const wedge = new Wedge();
    expect(wedge.take(key("Enter"))).toEqual({ kind: "cleared" });
    expect(typed("CAGE-SF-01", wedge)).toEqual({ kind: "scan", code: "CAGE-SF-01" });
    expect(wedge.take(key("Enter"))).toEqual({ kind: "cleared" });
  });

  test("codes arrive whole while a pinyin input method is on", () => {
    expect(swallowed("6901234567892")).toEqual({ kind: "scan", code: "6901234567892" });
    expect(swallowed("YT7423999123456")).toEqual({ kind: "scan", code: "YT7423999123456" });
    expect(swallowed("TOTE-0007")).toEqual({ kind: "scan", code: "TOTE-0007" });
  });

  test("GS1's separator is kept", () => {
    const wedge = new Wedge();
    for (const char of "]C10169012345678920010L2311") wedge.take(key(char));
    wedge.take(key("]", { code: "BracketRight", ctrlKey: true }));
    for (const char of "17271231") wedge.take(key(char));
    expect(wedge.take(key("Enter"))).toEqual({ kind: "scan", code: "0169012345678920010L2311\u{1d}17271231" });
  });

  test("a key held down fills no memory", () => {
    const stroke = typed("7".repeat(5000));
    expect(stroke.kind === "scan" && stroke.code.length).toBe(256);
  });

  test("a shift, a function key or an arrow is no part of a code", () => {
    const wedge = new Wedge();
    wedge.take(key("T"));
    for (const name of ["Shift", "F8", "ArrowDown", "Tab"]) expect(wedge.take(key(name))).toEqual({ kind: "none" });
    wedge.take(key("O"));
    expect(wedge.take(key("Enter"))).toEqual({ kind: "scan", code: "TO" });
  });
});

describe("a person who types", () => {
  test("digits and Enter are a number, however slowly", () => {
    expect(typed("47")).toEqual({ kind: "digits", digits: "47" });
  });

  test("seven digits are no number: no check digits and no count are so long", () => {
    expect(typed("1234567")).toEqual({ kind: "scan", code: "1234567" });
  });

  test("what is typed is shown, and Backspace takes the last of it back", () => {
    const wedge = new Wedge();
    wedge.take(key("4"));
    expect(wedge.take(key("8"))).toEqual({ kind: "typing", text: "48" });
    expect(wedge.take(key("Backspace"))).toEqual({ kind: "typing", text: "4" });
    expect(wedge.take(key("7"))).toEqual({ kind: "typing", text: "47" });
    expect(wedge.take(key("Enter"))).toEqual({ kind: "digits", digits: "47" });
  });

  test("Escape clears what is typed before it leaves anything", () => {
    const wedge = new Wedge();
    wedge.take(key("4"));
    expect(wedge.take(key("Escape"))).toEqual({ kind: "cleared" });
    expect(wedge.take(key("Escape"))).toEqual({ kind: "none" });
  });

  test("a space alone is left to the button in focus", () => {
    const wedge = new Wedge();
    expect(wedge.take(key(" "))).toEqual({ kind: "none" });
    wedge.take(key("A"));
    expect(wedge.take(key(" "))).toEqual({ kind: "typing", text: "A " });
  });

  test("a shortcut of the browser is not typed", () => {
    expect(new Wedge().take(key("c", { ctrlKey: true }))).toEqual({ kind: "none" });
  });
});
