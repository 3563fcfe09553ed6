// The office's blocklist in a real browser against the real server; and whether the console's types are what the
// server answers.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SAMPLE, until } from "./company.mjs";
import { api, button, company, open, order, page, PRICE_FEN, reads, shot, SHOW, step, take, token, troubledFile } from "./console-desk.mjs";
import { misfits } from "./console-types.mjs";

/** A show on the air, with a row of stock for everybody and one for a channel. */
async function goLive() {
  const plan = {
    id: SHOW, name: "双十一新米专场", host: "阿禾", starts_at: Date.now() - 3_600_000, ends_at: Date.now() + 3_600_000,
    unpaid_ms: 900_000,
    offers: [{ code: "GIFT-A", price_fen: PRICE_FEN, expected: 9 }, { code: "RICE5", price_fen: 5_990, expected: 3 }],
    set_aside: ["RICE5", "OIL5"].flatMap((sku) => [{ warehouse: "SH", sku, qty: 9 }, { warehouse: "SH", sku, channel: "shop", qty: 3 }]),
    province_quotas: [{ province: "北京", most: 1 }],
  };
  assert.equal((await api("POST", "/api/campaigns", plan)).status, 201);
  for (const act of ["arm", "start"]) assert.equal((await api("POST", `/api/campaigns/${SHOW}/${act}`)).status, 200);
}

step("the office signs in and a show is on the air", async () => {
  await goLive();
  await open("/");
  await page.locator("[name=token]").fill(token);
  await page.locator("[name=name]").fill("王办公");
  await button("登录").click();
  await reads("直播中");
});

step("whoever made an order is blocked, and their next order waits for a person", async () => {
  assert.equal((await take("K0", order(50, { paid_fen: 100 }))).said.outcome, "review");
  await page.keyboard.press("4");
  await page.locator("[data-case=K0]").click();
  await page.getByRole("link", { name: "加入黑名单" }).click();
  assert.equal(await page.locator("[name=order]").inputValue(), "K0");
  await button("加入").click();
  await reads("写明原因，1 到 200 个字");
  await page.getByText("电话", { exact: true }).click();
  await page.locator("[name=note]").fill("恶意退货");
  await button("加入").click();
  await page.locator("[data-blocked]").getByText("恶意退货").waitFor();
  assert.match(await page.locator("[data-blocked]").textContent(), /电话.*王办公/);
  assert.equal((await take("K1", order(50))).said.outcome, "review");
  await shot("blocked");
});

step("somebody is blocked by what is typed, which is kept nowhere", async () => {
  await page.getByText("直接填写").click();
  await page.locator("[name=value]").fill("1390000");
  await page.locator("[name=note]").fill("下单过快");
  await button("加入").click();
  await reads("写完整的 11 位手机号");
  await page.locator("[name=value]").fill("139 0000 1051");
  await button("加入").click();
  await until("two rows", async () => (await page.locator("[data-blocked]").count()) === 2);
  assert.equal(await page.locator("[name=value]").inputValue(), "");
  assert.doesNotMatch(`${page.url()} ${await page.content()}`, /1390000\s?1051|139 0000 1051/);
});

step("letting somebody buy again can be taken back before it happens, and is done at once when told so", async () => {
  const blocked = async () => (await api("GET", "/api/blocked")).said.blocked.length;
  const row = page.locator("[data-blocked]").first();
  await row.getByRole("button", { name: "解除" }).click();
  await row.getByText("秒后解除").waitFor();
  await shot("unblocking");
  await row.getByRole("button", { name: "撤销" }).click();
  assert.equal(await blocked(), 2);
  for (const left of [1, 0]) {
    await row.getByRole("button", { name: "解除" }).click();
    await row.getByRole("button", { name: "立即解除" }).click();
    await until(`${left} rows`, async () => (await page.locator("[data-blocked]").count()) === left);
    assert.equal(await blocked(), left);
  }
});

step("what the server answers is what the console's types say", async () => {
  const asked = async (path) => (await api("GET", path)).said;
  const sent = async (path, body) => (await api("POST", path, body)).said;
  const of = `/api/campaigns/${SHOW}`;
  const held = await asked("/api/reviews");
  const [{ kind, key }] = held.reviews[0].clusters;
  const answers = [
    ["Listed[]", (await asked("/api/campaigns")).campaigns],
    ["Story", await asked(of)],
    ["Goods", await asked("/api/planning")],
    ["Ledger", await asked(`${of}/ledger`)],
    ["Meter", await asked(`${of}/meter?since=0`)],
    ["Publishable[]", (await asked(`${of}/stock`)).channels],
    ["HeldOrder[]", held.reviews],
    ["ClusterOrder[]", (await asked(`/api/clusters/${kind}/${key}`)).orders],
    ["Decided", await sent("/api/reviews/decide", { orders: ["none"], decision: "ask" })],
    ["Blocked[]", (await asked("/api/blocked")).blocked],
    ["OrderRow[]", await asked("/api/orders")],
    ["OrderStory", await asked("/api/orders/K0")],
    ["FilePreview", (await sent("/api/import/orders/preview", readFileSync(join(SAMPLE, "orders_bad.csv"), "utf8"))).preview],
    ["FilePreview", (await sent("/api/import/orders/preview", troubledFile())).preview],
    ["FileTaken", (await sent("/api/import/orders", troubledFile())).taken],
  ];
  assert.equal(await misfits(company.folder, answers), "");
});

