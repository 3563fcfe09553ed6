// A desk of the office for the tests of its pages: a company with its server, a browser, the storefront's API, and
// steps that leave a picture behind.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Browser } from "./browser.mjs";
import { Company, PROGRAMS, SAMPLE } from "./company.mjs";

const SHOTS = join(PROGRAMS, "../e2e");
export const SHOW = "live-1124";
export const PRICE_FEN = 12_800;

export let company;
export let browser;
export let page;
export let token;
let failed = false;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  company = await Company.open({ orders: (rows) => rows.slice(0, 3) });
  await company.startServer();
  token = (await company.server("token")).trim();
  browser = await Browser.open(company.folder);
  ({ page } = browser);
  page.setDefaultTimeout(20_000);
});
after(async () => {
  await browser?.close();
  await company?.close({ keep: failed });
});

export const shot = (name) => page?.screenshot({ path: join(SHOTS, `console-${name}.png`), animations: "disabled" });

/** A step that leaves a picture behind, also when it fails. */
export function step(sentence, act) {
  test(sentence, async (context) => {
    // Each step stands on the one before.
    if (failed) throw new Error("a step before this one failed");
    try {
      await act();
      assert.deepEqual(browser.complaints, [], "the browser has nothing to complain about");
    } catch (fault) {
      failed = true;
      throw fault;
    } finally {
      await shot(context.name.replaceAll(/\W+/g, "-"));
    }
  });
}

export const open = (path) => page.goto(`${company.serverPage}/console${path}`);
export const button = (name) => page.getByRole("button", { name });
export const reads = (text) => page.getByText(text).first().waitFor();

/** The office's API with the token of a program. */
export async function api(method, path, body, headers = {}) {
  const answer = await fetch(`${company.serverPage}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    ...(body && { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, said: text ? JSON.parse(text) : null };
}

const two = (n) => `${n}`.padStart(2, "0");

/** An order of the storefront for one gift box. */
export function order(nth, changes = {}) {
  return {
    campaign: SHOW,
    buyer: `buyer-${nth}`,
    device: `device-${nth}`,
    state: "paid",
    paid_fen: PRICE_FEN,
    receiver: { name: "王小麦", phone: `139000010${two(nth)}`, province: "上海市", city: "上海市", district: "浦东新区", detail: `花木街道稻香路 ${nth + 100} 弄 5 号 301 室` },
    lines: [{ code: "GIFT-A", qty: 1 }],
    ...changes,
  };
}

/** The sample's orders after the first four, and before them one of each kind of trouble. */
export function troubledFile() {
  const [headings, ...rows] = readFileSync(join(SAMPLE, "orders_douyin.csv"), "utf8").trimEnd().split("\n");
  const [known, plenty, masked, unpaid] = [rows[0], ...rows.slice(3, 6)];
  return [
    headings,
    known.replace('默认",1,', '默认",2,'),
    plenty.replace('默认",1,', '默认",900,'),
    masked.replace(/1200000\d{4}/, "120****0000"),
    unpaid.replace("待发货", "待支付"),
    ...rows.slice(6, 8),
  ].join("\n");
}

export const take = (key, asked) => api("POST", "/api/orders", asked, { "idempotency-key": key });
