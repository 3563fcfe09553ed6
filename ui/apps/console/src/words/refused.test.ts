// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { refusedZh } from "./refusedZh";
import { zh } from "./zh";

const SERVER = new URL("../../../../../crates/server/src/", import.meta.url);
const source = (path: string): string => readFileSync(new URL(path, SERVER), "utf8");

/** The words a closed list's `fn code` gives. */
function listed(path: string): string[] {
  const body = source(path).split("fn code(&self)")[1]?.split("\n    }\n")[0] ?? "";
  return [...body.matchAll(/=> "([a-z0-9_]+)"/g)].map(([, code = ""]) => code);
}

/** The codes with which routes refuse by themselves. */
function refusedBy(path: string): string[] {
  const calls = source(path).matchAll(/(?:Refusal|Self)::new\(\s*[\w.:()]+,\s*"([a-z0-9_]+)"/g);
  return [...calls].map(([, code = ""]) => code);
}

/** Only stations and platforms ask these. */
const NOT_OURS = new Set(["http/sync.rs", "http/platforms.rs"]);
const routes = (readdirSync(new URL("http/", SERVER), { recursive: true }) as string[])
  .map((path) => `http/${path.replaceAll("\\", "/")}`)
  .filter((path) => path.endsWith(".rs") && !NOT_OURS.has(path));

const lists = ["intake/outcome.rs", "campaign/refused.rs", "order_files/file_fault.rs", "review.rs"];

test.each(lists)("every code of %s has words", (path) => {
  const codes = listed(path);
  expect(codes.length).toBeGreaterThan(5);
  expect(codes.filter((code) => !(code in refusedZh))).toEqual([]);
});

test("every code a route of the office refuses with has words", () => {
  const codes = routes.flatMap((path) => refusedBy(path));
  expect(codes).toEqual(expect.arrayContaining(["not_found", "failed", "unfit", "bad_json", "foreign_page"]));
  expect(codes.filter((code) => !(code in refusedZh))).toEqual([]);
});

test("no words are kept for a code the server does not know", () => {
  const known = new Set([...lists.flatMap((path) => listed(path)), ...routes.flatMap((path) => refusedBy(path))]);
  expect(Object.keys(refusedZh).filter((code) => !known.has(code))).toEqual([]);
});

test("every reason the server itself cancels for has words", () => {
  const texts = ["review.rs", "order_import.rs", "jobs/lapse.rs", "jobs/platform_orders.rs"].map((path) => source(path)).join("\n");
  expect(Object.keys(zh.orders.cancelledBy).filter((reason) => !texts.includes(`"${reason}"`))).toEqual([]);
  const given = [...texts.matchAll(/cancel(?:_order)?\([^;"]*?"([a-z ]+)"/g)].map(([, reason = ""]) => reason);
  expect(given).toContain("rejected in review");
  expect(given.filter((reason) => !(reason in zh.orders.cancelledBy))).toEqual([]);
});
