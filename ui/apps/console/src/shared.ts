// What all pages share: language and words, the clock, and whether somebody is signed in. One of each a page load.
import { computed, readonly, ref } from "vue";
import { actAs, Refused, whenSignedOut } from "./api/call";
import { en } from "./words/en";
import { zh } from "./words/zh";
import type { Words } from "./words/zh";

const LANGUAGE = "liangcang.language";
const PERSON = "liangcang.office.name";
const TICK_MS = 250;

type Language = "zh" | "en";

const language = ref<Language>(localStorage.getItem(LANGUAGE) === "en" ? "en" : "zh");
const clock = ref(Date.now());
const known = ref<boolean | null>(null);
const name = ref(localStorage.getItem(PERSON) ?? "");

actAs(name.value);
whenSignedOut(() => {
  known.value = false;
});
setInterval(() => {
  clock.value = Date.now();
}, TICK_MS);

export const words = computed<Words>(() => (language.value === "zh" ? zh : en));
export const speaks = readonly(language);
/** This browser's clock, moved on four times a second. */
export const now = readonly(clock);
/** Whether the server knows this browser; null while that is not asked yet. */
export const signedIn = readonly(known);
export const person = readonly(name);

export function turnLanguage(): void {
  language.value = language.value === "zh" ? "en" : "zh";
  localStorage.setItem(LANGUAGE, language.value);
}

export function cameIn(as?: string): void {
  if (as !== undefined) {
    name.value = as;
    localStorage.setItem(PERSON, as);
    actAs(as);
  }
  known.value = true;
}

export function wentOut(): void {
  known.value = false;
}

/** The words for a code of the server's closed lists; `undefined` for one this page does not know. */
export function ofCode(code: string): string | undefined {
  const texts: Record<string, string> = words.value.refused;
  return Object.hasOwn(texts, code) ? texts[code] : undefined;
}

/** What a failed request says to the person, in their language; the server's own words only for an unknown code. */
export function sayFault(fault: unknown): string {
  const { refused } = words.value;
  if (!(fault instanceof Refused) || fault.status >= 500) return refused.failed;
  if (fault.status === 0) return words.value.fault.unreached;
  if (fault.status === 401) return refused.unauthorized;
  return ofCode(fault.code) ?? (fault.message || refused.failed);
}

/** What the server's own words add to `sayFault`: names and figures, sentence by sentence. */
export function detailsOf(fault: unknown): string[] {
  if (!(fault instanceof Refused) || fault.status >= 500 || ofCode(fault.code) === undefined) return [];
  // Of files the server speaks both languages.
  return fault.message.split(/; | \/ /).filter((sentence) => sentence !== "");
}
