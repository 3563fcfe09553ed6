// A scanner that types, beside a person who types: one state machine over key strokes, which never looks at a clock.
//
// A scanner should be set to send its AIM identifier (`]C1`) before a code and Enter after it; then a code is known
// from its first character. One that is not set so still works, because actions are on function keys and no code
// holds one: whatever printable was typed until Enter is a scan, except up to six digits, which are a person's
// number. Characters are taken from the physical key where an input method swallowed them. Leaves out which code it
// is (the engine) and the listening (`listen.ts`).

/** What one key stroke came to. */
export type Stroke =
  | { kind: "none" }
  | { kind: "typing"; text: string }
  | { kind: "scan"; code: string }
  | { kind: "digits"; digits: string }
  | { kind: "cleared" };

/** The part of a `KeyboardEvent` that is looked at. */
export type Key = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">;

/** GS1's separator, which scanners in keyboard mode send as Ctrl+]. */
const GS = "\u{1d}";

/** Check digits and numbers of pieces have at most this many digits; the shortest barcode, EAN-8, has more. */
const LONGEST_NUMBER = 6;

/** Longest text kept: a code is never so long, and a key held down must not fill the memory. */
const LONGEST_CODE = 256;

const AIM = /^\][A-Za-z][A-Za-z0-9]/;

/** The signs of own codes by physical key on a US layout, which is what scanners are set to: plain and shifted. */
const SIGNS: Readonly<Record<string, readonly [string, string]>> = {
  Minus: ["-", "_"],
  Period: [".", ">"],
  BracketRight: ["]", "}"],
  Slash: ["/", "?"],
};

/** The character of a stroke that an input method swallowed, by where the key is. */
function physical({ code, shiftKey }: Key): string {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^(?:Digit|Numpad)([0-9])$/.exec(code)?.[1];
  if (digit !== undefined) return digit;
  return SIGNS[code]?.[shiftKey ? 1 : 0] ?? "";
}

function character(key: Key): string {
  if (key.ctrlKey && (key.key === "]" || key.code === "BracketRight")) return GS;
  if (key.ctrlKey || key.altKey || key.metaKey) return "";
  if (key.key === "Process" || key.key === "Unidentified") return physical(key);
  return [...key.key].length === 1 ? key.key : "";
}

/** Reads key strokes. One for a page; its state is the text since the last Enter. */
export class Wedge {
  #text = "";

  /** Takes one stroke. `none` says that it is not part of a code, so that others may use it. */
  take(key: Key): Stroke {
    if (key.key === "Enter" || key.code === "Enter" || key.code === "NumpadEnter") return this.#end();
    if (key.key === "Escape" && this.#text !== "") {
      this.#text = "";
      return { kind: "cleared" };
    }
    if (key.key === "Backspace" && this.#text !== "") {
      this.#text = this.#text.slice(0, -1);
      return this.#text === "" ? { kind: "cleared" } : { kind: "typing", text: this.#text };
    }
    const next = character(key);
    // A space alone presses the button in focus; within a code it is part of it.
    if (next === "" || (next === " " && this.#text === "")) return { kind: "none" };
    if (this.#text.length < LONGEST_CODE) this.#text += next;
    return { kind: "typing", text: this.#text };
  }

  /** An Enter before a code, or a second one after it, is no code and presses nothing. */
  #end(): Stroke {
    const text = this.#text;
    this.#text = "";
    const code = text.replace(AIM, "");
    if (code === "") return { kind: "cleared" };
    const typed = code === text && code.length <= LONGEST_NUMBER && /^\d+$/.test(code);
    return typed ? { kind: "digits", digits: code } : { kind: "scan", code };
  }
}
