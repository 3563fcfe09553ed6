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

/** What a failed request says to the person. The server's own words name what is wrong where it has some. */
export function sayFault(fault: unknown): string {
  if (!(fault instanceof Refused) || fault.status >= 500) return words.value.fault.failed;
  if (fault.status === 0) return words.value.fault.unreached;
  if (fault.status === 401) return words.value.fault.signedOut;
  return fault.message || words.value.fault.failed;
}
