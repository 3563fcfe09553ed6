// The desktop window itself: one bundle from the office's file to the cage, with a wrong scan on the way. Codes come
// by the scanner's port, the weight by the scale's, the label from the printer; what the worker reads is asserted.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Company, PROGRAMS } from "./company.mjs";
import { barcodeOf, Hands } from "./hands.mjs";
import { Window } from "./window.mjs";

const SHOTS = join(PROGRAMS, "../e2e");

let company;
let window;
let hands;
let tote;
let failed = false;
before(async () => {
  mkdirSync(SHOTS, { recursive: true });
  // The first order of the file: one gift box of three parts.
  company = await Company.open({ orders: (rows) => rows.slice(0, 1), voice: true });
  await company.startServer();
  await company.enrol();
  window = await Window.open(company.settings, company.folder);
  await company.shows("the order", ({ today }) => today.ready.length > 0);
  hands = new Hands(company);
});
after(async () => {
  await window?.close();
  await company?.close({ keep: failed });
});

/** A step that leaves a picture behind, also when it fails. */
function step(sentence, act) {
  test(sentence, async (context) => {
    try {
      await act();
    } catch (fault) {
      failed = true;
      throw fault;
    } finally {
      await window?.shot(join(SHOTS, `${context.name.replaceAll(/\W+/g, "-")}.png`));
    }
  });
}

step("the window asks for a badge, and a badge shows the day's work", async () => {
  await window.reads(["扫工牌"]);
  await hands.signOn("OP-zhao");
  await window.reads(["赵谷雨", "上海仓", "待下发", "中通 · 1 单"], ["扫工牌"]);
});

step("a wave released by a button of the window appears as a walk", async () => {
  await window.press("下发波次");
  await window.reads(["W0001-ZTO · 1 单", "W0001-ZTO-01", "3 行 · 1 单"]);
});

step("the walk says where to go, and ends with the goods in the tote", async () => {
  tote = await hands.walk("TOTE-0001", async ({ task: { screen } }) => {
    if (screen.step !== "units") return;
    await window.reads([screen.line.item.name]);
    await window.shot(join(SHOTS, "the-walk-shows-what-to-take.png"));
  });
  assert.equal(tote, "TOTE-0001");
});

step("the tote on the bench shows the bundle as its parts", async () => {
  await hands.open(tote);
  await window.reads(["组合装", "早餐杂粮套装", "小米2.5", "挂面礼盒", "燕麦米", "0 / 3"]);
});

step("a wrong item is named beside the right one, and nothing is counted", async () => {
  await company.scan(barcodeOf("RICE10"));
  await window.reads(["这是五常米10", "放回去，拿小米2.5", "沁州黄小米 2.5kg", "五常大米 10kg", "0 / 3"]);
});

step("the right parts, the packaging and the weight lead to the label", async () => {
  await hands.pack({
    packaging: () => window.reads(["3 / 3", "5号加固纸箱", "扫 BOX-M 的码"], ["这是五常米10"]),
    weigh: () => window.reads(["放到秤上", "应重 6.73 kg"]),
    scan_back: async ({ task: { screen } }) => {
      await window.reads(["贴好面单，扫一下", screen.waybill.slice(-4), "6.73 kg"]);
      await window.shot(join(SHOTS, "the-label-is-asked-for.png"));
    },
  });
  await window.reads(["没有等着打包的"]);
  assert.equal((await company.papers()).length, 1);
});

step("the parcel scanned into the cage leaves with the carrier, and the server knows", async () => {
  await hands.scan("CAGE-ZTO-01");
  await window.reads(["CAGE-ZTO-01"]);
  await window.shot(join(SHOTS, "the-cage-waits-for-parcels.png"));
  await company.call("leave_task");
  const { waybill } = (await company.exported())[0];
  await hands.handOver("CAGE-ZTO-01", [waybill]);
  await company.audit();
  assert.equal((await company.exported())[0].state, "shipped");
});
