// The office's pages in a real browser against the real server: plan a campaign, arm it, start it, take orders by the
// storefront's API, decide on those that were stopped, read the books, close it.
import assert from "node:assert/strict";
import { join } from "node:path";
import { api, browser, button, company, open, order, page, PRICE_FEN, reads, shot, SHOW, step, take, token, troubledFile } from "./console-desk.mjs";
import { SAMPLE, until } from "./company.mjs";

/** What the plan sets aside of each part of the bundle; more orders than that are sent. */
const SET_ASIDE = 20;
/** More rice than both warehouses have together. */
const TOO_MUCH = 99_999;

/** The rows of a form's list, and its first. */
const rowsOf = (list) => page.locator(`[data-rows=${list}] [data-line]`);
const rowOf = (list) => rowsOf(list).first();

/** A figure of the live page's head. */
const figure = (name) => page.locator(`[data-figure=${name}] b`);
const shows = (name, value) => until(`${name} to be ${value}`, async () => (await figure(name).textContent()) === `${value}`);

/** A moment as the date field wants it, by China's clock. */
const typed = (ms) => new Date(ms + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");

async function choose(field, option) {
  // What is chosen now lies over the field.
  await field.click({ force: true });
  await page.getByRole("option", { name: option }).click();
}

step("a wrong token is told so, and a right one opens the office", async () => {
  await open("/");
  await page.locator("[name=token]").fill("not-a-token");
  await button("登录").click();
  await reads("服务器不认识这个令牌");
  await page.locator("[name=token]").fill(token);
  await page.locator("[name=name]").fill("王办公");
  await button("登录").click();
  await reads("还没有场次");
});

step("a plan that lacks things says so beside each field and is not sent", async () => {
  await button("新建场次").click();
  await button("保存计划").click();
  await reads("1 到 40 个小写字母、数字或 -");
  await reads("写上名称，最多 80 个字");
  await reads("选一个商品或组合装");
  assert.deepEqual((await api("GET", "/api/campaigns")).said.campaigns, []);
});

step("a plan is written with its stock dealt to the warehouses", async () => {
  await page.locator("[name=id]").fill(SHOW);
  await page.locator("[name=plan-name]").fill("双十一新米专场");
  await page.locator("[name=host]").fill("阿禾");
  for (const [label, at] of [["开播", Date.now() - 3_600_000], ["结束", Date.now() + 5 * 3_600_000]]) {
    await page.getByRole("combobox", { name: label }).fill(typed(at));
    await page.keyboard.press("Enter");
  }
  await choose(page.getByRole("combobox", { name: "商品或组合装" }), /GIFT-A/);
  await rowOf("offers").getByLabel("单价").fill("128.00");
  await rowOf("offers").getByRole("spinbutton").fill(`${TOO_MUCH}`);
  await page.keyboard.press("Tab");
  await button("按预计售出填预留").click();
  await rowOf("stock").waitFor();
  await rowOf("offers").getByRole("spinbutton").fill("40");
  await page.keyboard.press("Tab");
  await rowOf("stock").getByRole("spinbutton").fill(`${TOO_MUCH}`);
  await page.keyboard.press("Tab");
  await button("保存计划").click();
  await reads("计划中");
  await reads("写下计划");
  await reads("王办公");
});

step("arming names every pool that is short, and sets nothing aside", async () => {
  await button("备货").click();
  await reads("有 1 行不够");
  await page.getByRole("dialog").getByRole("button", { name: "备货" }).click();
  await reads("各仓可预留的不够，什么都没有备");
  await page.getByRole("dialog").getByText("服务器的原话").click();
  await page.getByRole("dialog").getByText(/^not enough free stock: \w+ \w+ asked 99999 free/).waitFor();
  const { said } = await api("GET", `/api/campaigns/${SHOW}`);
  assert.equal(said.state, "planned");
  await shot("dialog-arm");
  await button("放弃").click();
});

step("a plan within the stock is armed, and its stock stands as set aside", async () => {
  await button("改计划").click();
  await rowOf("stock").waitFor();
  for (;;) {
    const rows = await rowsOf("stock").count();
    if (rows === 0) break;
    await rowOf("stock").getByRole("button", { name: "删去" }).click();
    await until("the row to be gone", async () => (await rowsOf("stock").count()) < rows);
  }
  for (const [at, sku] of [/· RICE5$/, /· OIL5$/].entries()) {
    await button("加预留").click();
    const row = rowsOf("stock").nth(at);
    await choose(row.getByRole("combobox", { name: "商品" }), sku);
    await choose(row.getByRole("combobox", { name: "仓库" }), "上海仓");
    await row.getByRole("spinbutton").fill(`${SET_ASIDE}`);
    await page.keyboard.press("Tab");
  }
  await button("加省份").click();
  await choose(page.getByRole("combobox", { name: "省份" }), "北京");
  await page.getByRole("spinbutton", { name: "最多单数", exact: true }).fill("1");
  await page.keyboard.press("Tab");
  await button("保存计划").click();
  await reads("改了计划");
  await button("备货").click();
  await reads("各仓都够，可以备货");
  await page.getByRole("dialog").getByRole("button", { name: "备货" }).click();
  await reads("已备货");
  const { said } = await api("GET", `/api/campaigns/${SHOW}/ledger`);
  assert.deepEqual(said.rows.map((row) => [row.sku, row.available]), [["OIL5", SET_ASIDE], ["RICE5", SET_ASIDE]]);
});

step("a start can be taken back before it happens, and is done at once when told so", async () => {
  await button("开播").click();
  await reads("秒后开播");
  await shot("start-to-be-taken-back");
  await button("撤销").click();
  assert.equal((await api("GET", `/api/campaigns/${SHOW}`)).said.state, "armed");
  await button("开播").click();
  await button("立即开播").click();
  await reads("直播中");
});

step("the meter shows every order as it was answered", async () => {
  await button("看直播").click();
  await reads("每秒订单");
  const answers = [];
  for (let nth = 0; nth < 14; nth += 1) answers.push((await take(`S${1000 + nth}`, order(nth))).said.outcome);
  assert.deepEqual(new Set(answers), new Set(["accepted"]));
  // Money that does not fit, and one door asked for by three people whose address says too little.
  const vague = { ...order(0).receiver, detail: "花木街道" };
  const stopped = [
    await take("R1", order(20, { paid_fen: 100 })),
    ...(await Promise.all([21, 22, 23].map((nth) => take(`R${nth}`, order(nth, { receiver: { ...vague, phone: "13900002222", name: `周${nth}` } }))))),
  ];
  assert.deepEqual(stopped.map(({ status, said }) => [status, said.outcome]), stopped.map(() => [202, "review"]));
  const beijing = (nth) => order(nth, { receiver: { ...order(nth).receiver, province: "北京市", city: "北京市", district: "朝阳区", detail: `望京街道 ${nth} 号院 3 号楼 501` } });
  assert.equal((await take("B1", beijing(31))).said.outcome, "accepted");
  assert.equal((await take("B2", beijing(32))).said.outcome, "over_quota");
  assert.equal((await take("X1", order(40, { lines: [{ code: "GIFT-A", qty: 9 }], paid_fen: 9 * PRICE_FEN }))).said.outcome, "sold_out");
  await shows("accepted", 15);
  await shows("review", 4);
  await shows("sold-out", 1);
  await shows("over-quota", 1);
  await page.locator("[data-stock='SH RICE5']").getByText("1 / 20").waitFor();
  // The curve has them as soon as their second is over.
  await reads(/最高每秒 [1-9]/);
});

step("an order that was refused is told why, in the language of the page", async () => {
  assert.equal((await take("G1", order(41, { lines: [{ code: "NO-SUCH", qty: 1 }] }))).said.code, "unknown_goods");
  await page.locator("[data-reason=unknown_goods]").getByText("没有这个编码的商品或组合装：先建档。").waitFor();
  await shows("other", 1);
});

step("each channel is told how much of each offer it may show", async () => {
  await open(`/campaigns/${SHOW}`);
  assert.equal(await page.locator("[data-sellable=GIFT-A] td.figure").textContent(), "1");
});

step("stock, limits and rules are changed while the show runs, but no quota below what is taken", async () => {
  for (const [by, left] of [["2", 3], ["-2", 1]]) {
    await button("增减库存").click();
    await page.getByRole("dialog").getByRole("spinbutton", { name: "增减 RICE5" }).fill(by);
    await page.keyboard.press("Tab");
    await page.getByRole("dialog").getByRole("button", { name: "生效" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const { rows } = (await api("GET", `/api/campaigns/${SHOW}/ledger`)).said;
    assert.equal(rows.find((row) => row.sku === "RICE5").available, left);
  }
  const card = (title) => page.locator(".card").filter({ has: page.getByRole("heading", { name: title }) });
  await card("限购").getByRole("button", { name: "修改" }).click();
  const most = card("限购").getByRole("spinbutton", { name: "最多单数", exact: true });
  await most.fill("0");
  await page.keyboard.press("Tab");
  await card("限购").getByText("已接 1 单：不能比它少").waitFor();
  assert.ok(await card("限购").getByRole("button", { name: "保存" }).isDisabled());
  await most.fill("2");
  await page.keyboard.press("Tab");
  await card("限购").getByRole("button", { name: "保存" }).click();
  await card("操作记录").getByText("改了限购").waitFor();
  await card("风控规则").getByRole("button", { name: "修改" }).click();
  await card("风控规则").getByRole("switch", { name: "同一设备订单过多" }).press("Space");
  await shot("rules");
  await card("风控规则").getByRole("button", { name: "保存" }).click();
  await card("操作记录").getByText("改了风控规则").waitFor();
  const { rules, province_quotas } = (await api("GET", `/api/campaigns/${SHOW}`)).said;
  assert.deepEqual([rules.too_many_by_device.on, rules.too_many_by_phone.on], [false, true]);
  assert.deepEqual(province_quotas, [{ province: "北京", most: 2, taken: 1 }]);
});

step("a stopped order is decided by key, and its fate stays on the screen", async () => {
  await page.keyboard.press("4");
  await reads("待审 4 单");
  await page.locator("[data-case=R1]").click();
  await page.locator("section").getByText("金额不符").waitFor();
  await page.locator("[data-until]").waitFor();
  await page.keyboard.press("a");
  await page.locator("[data-case=R1]").getByText("已通过，已分仓").waitFor();
  assert.equal((await api("GET", "/api/orders/R1")).said.order.state, "routed");
});

step("a whole cluster is decided together after a look at its orders", async () => {
  await page.locator("[data-case=R21]").click();
  await page.getByRole("tab", { name: /同一电话/ }).click();
  await page.locator("[data-cluster=R23]").waitFor();
  await page.getByRole("button", { name: /整组处理 3 单待审/ }).click();
  assert.doesNotMatch(await page.getByRole("dialog").textContent(), /13900002222/, "phones are masked");
  await shot("dialog-cluster");
  await page.getByRole("dialog").getByRole("button", { name: "拒绝" }).click();
  await page.locator("[data-case=R23]").getByText("已拒绝，库存已放出").waitFor();
  await until("nothing in review", async () => (await page.locator("[data-figure=in-review]").textContent()) === "待审 0 单");
});

step("the books balance, and a row says where its units go", async () => {
  await page.keyboard.press("3");
  await page.locator("[data-verdict=balanced]").waitFor();
  const row = page.locator("[data-row='SH RICE5']");
  const figures = (await row.locator(".figure").allTextContents()).map(Number);
  assert.deepEqual(figures, [SET_ASIDE, 4, 16, 0], "set aside = available + held + settled");
  await row.click();
  await page.locator(".drill").getByText("北京").waitFor();
});

step("an order is found by its phone, which is shown masked and stays out of the address", async () => {
  await page.keyboard.press("5");
  await page.locator("[data-order]").first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("139 0000 1003");
  await page.keyboard.press("Enter");
  await until("one order", async () => (await page.locator("[data-order]").count()) === 1);
  const row = page.locator("[data-order=S1003]");
  assert.match(await row.textContent(), /139\*{6}03/);
  assert.ok(!page.url().includes("1003"), page.url());
  await row.click();
  await page.getByRole("dialog").getByText("GIFT-A").first().waitFor();
  await shot("order");
  await page.keyboard.press("Escape");
});

step("an order file is looked at before it is imported, and bad rows are named", async () => {
  await page.keyboard.press("6");
  await page.locator("input[type=file]").setInputFiles(join(SAMPLE, "orders_bad.csv"));
  await page.locator("[data-refused]").first().waitFor();
  await shot("file-with-bad-rows");
  await page.locator("input[type=file]").setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(troubledFile()) });
  await page.getByRole("button", { name: "导入 5 单" }).click();
  await page.locator("[data-not-taken]").getByText("库存不足").waitFor();
  const brought = async (word) => (await page.locator(`[data-taken='${word}'] b`).textContent()) ?? "";
  const words = ["已接单", "等资料", "重复（未变）", "重复（内容不同）", "取消", "没有接的订单"];
  assert.deepEqual(await Promise.all(words.map((word) => brought(word))), ["2", "1", "1", "1", "0", "1"]);
});

step("the page for order files works without scripts", async () => {
  const plain = await browser.plain();
  try {
    await plain.goto(`${company.serverPage}/console/import`);
    await plain.locator("[name=token]").fill(token);
    await plain.locator("[name=token]").press("Enter");
    await plain.locator("[name=file]").waitFor();
  } finally {
    await plain.close();
  }
});

step("closing wants the campaign's id typed, and gives back what was not sold", async () => {
  await open(`/campaigns/${SHOW}`);
  await button("收场").click();
  const dialog = page.getByRole("dialog");
  assert.ok(await dialog.getByRole("button", { name: "收场" }).isDisabled());
  await dialog.locator("[name=confirm]").fill(SHOW);
  await dialog.getByRole("button", { name: "收场" }).click();
  await reads("已收场");
  await reads("退回 8 件");
  await page.keyboard.press("Escape");
});

step("the books still balance after the close", async () => {
  await open(`/ledger/${SHOW}`);
  await page.locator("[data-verdict=balanced]").waitFor();
  assert.ok((await company.server("audit")).includes("audit clean"));
});

step("every page fits a desk's and a wall's screen, in both languages and both themes", async () => {
  const faults = [];
  await open("/");
  await button("English").click();
  await button("Dark").click();
  for (const [width, height] of [[1366, 768], [1920, 1080]]) {
    await page.setViewportSize({ width, height });
    for (const path of ["campaigns", `campaigns/${SHOW}`, `live/${SHOW}`, `ledger/${SHOW}`, "reviews", "orders", "files", "blocked"]) {
      await open(`/${path}`);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("main .card, main .empty").first().waitFor();
      if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) faults.push(`${path} at ${width}`);
      if (await page.locator("main").evaluate((main) => main.scrollWidth > main.clientWidth)) faults.push(`${path} at ${width} scrolls sideways`);
      const title = await page.getByRole("heading", { level: 1 }).textContent();
      if (path === "orders" && title !== "Orders") faults.push(`${path} is called ${title}`);
      await shot(`dark-${path.replaceAll("/", "-")}-${width}`);
    }
  }
  assert.deepEqual(faults, []);
});
