import { afterEach, expect, test } from "vitest";
import { Refused } from "./api/call";
import { detailsOf, sayFault, speaks, turnLanguage } from "./shared";
import { refusedEn } from "./words/refusedEn";
import { refusedZh } from "./words/refusedZh";

afterEach(() => {
  if (speaks.value === "en") turnLanguage();
});

const short = new Refused(409, "not_enough_stock", "not enough free stock: SH RICE5 asked 10 free 9; lower the plan");

test("a refusal of a known code is told in the language of the page, with the server's sentences as details", () => {
  expect(sayFault(short)).toBe(refusedZh.not_enough_stock);
  turnLanguage();
  expect(sayFault(short)).toBe(refusedEn.not_enough_stock);
  expect(detailsOf(short)).toEqual(["not enough free stock: SH RICE5 asked 10 free 9", "lower the plan"]);
});

test("a refusal of a code nobody here knows is told as the server says it", () => {
  const later = new Refused(409, "of_a_later_server", "the moon is full: wait");
  expect([sayFault(later), detailsOf(later)]).toEqual(["the moon is full: wait", []]);
  expect(sayFault(new Refused(409, "toString", "said"))).toBe("said");
});

test("what the server could not do, and what never reached it, has no words of the server", () => {
  expect(sayFault(new Refused(500, "failed", "try again"))).toBe(refusedZh.failed);
  expect(sayFault(new Error("a fault of this page"))).toBe(refusedZh.failed);
  expect(sayFault(new Refused(401, "unauthorized", "sign in"))).toBe(refusedZh.unauthorized);
  expect(sayFault(new Refused(0, "unreached", ""))).not.toBe(refusedZh.failed);
});
