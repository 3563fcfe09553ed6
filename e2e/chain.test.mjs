// The main job, whole: 300 orders of a platform's export file become labelled, handed-over parcels, and every fact of
// them is back at the server.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Company } from "./company.mjs";
import { barsOn, drawnFromPdf, drawnFromZpl, printOf } from "./labels.mjs";

const ORDERS = 300;

let company;
let done;
let shipped;
let failed = false;
before(async () => {
  company = await Company.open({ voice: true });
  await company.begin();
  done = await company.work();
  await company.synced();
  shipped = (await company.exported()).filter((order) => order.warehouse === "SH" && order.state === "shipped");
});
after(() => company?.close({ keep: failed }));

/** A test that keeps the company's folder for a look when it fails. */
function rule(sentence, check) {
  test(sentence, async () => {
    try {
      await check();
    } catch (fault) {
      failed = true;
      throw fault;
    }
  });
}

/** Each picture shows one waybill, and each waybill stands on one picture. */
function oneEach(read) {
  const unread = read.filter((texts) => texts.length !== 1);
  assert.deepEqual(unread, [], "every label is read, and all its bars say the same");
  assert.deepEqual(read.flat().sort(), shipped.map((order) => order.waybill).sort());
}

rule("every order of the file is packed and handed over", () => {
  assert.deepEqual(done, { packed: ORDERS, caged: ORDERS });
});

rule("the server shows each order shipped with waybill, lots and weight", () => {
  assert.equal(shipped.length, ORDERS);
  for (const order of shipped) {
    assert.match(order.waybill, /^(SF\d{13}|7\d{11,14})$/, order.order);
    assert.match(order.lots, /^[^/;]+\/[^/;*]+\*[1-9]\d*(;[^/;]+\/[^/;*]+\*[1-9]\d*)*$/, order.order);
    assert.ok(Number(order.weight_g) > 0 && Number(order.shipped_at_ms) > 0 && order.manifest, order.order);
  }
});

rule("the orders are bundles and single items over two carriers", async () => {
  assert.deepEqual([...new Set(shipped.map((order) => order.carrier))].sort(), ["SF", "ZTO"]);
  const kinds = new Set(shipped.map((order) => order.lots.split(";").length > 1));
  assert.deepEqual([...kinds].sort(), [false, true]);
});

rule("both audits are clean", async () => {
  const words = await company.audit();
  assert.match(words, /"handed_over": 300/);
});

rule("the file imported once more adds nothing", async () => {
  const again = await company.server("import", "orders", company.orderFile);
  assert.match(again, /accepted 0, waiting 0, /);
});

rule("every paper says its waybill, and no print came out twice", async () => {
  const papers = await company.papers();
  assert.deepEqual(papers.flatMap((paper) => paper.faults), []);
  assert.equal(new Set(papers.map((paper) => printOf(paper.zpl))).size, ORDERS);
  oneEach(await barsOn(papers.map((paper) => paper.png)));
});

rule("a renderer that is not ours draws every label's ZPL with its waybill", async () => {
  const papers = await company.papers();
  oneEach(await barsOn(await drawnFromZpl(papers.map((paper) => paper.zpl), join(company.folder, "zpl"))));
});

rule("the PDF of every label says its waybill", async () => {
  const addresses = shipped.map((order) => `${company.stationPage}/api/labels/${order.order}-1.pdf`);
  oneEach(await barsOn(await drawnFromPdf(addresses, join(company.folder, "pdf"))));
});
