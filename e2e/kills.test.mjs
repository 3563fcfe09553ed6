// Power cuts: server and station are killed (SIGKILL) at random moments while a worker packs, and started again. The
// seed is told; the moments follow from it as far as the machine allows.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Company } from "./company.mjs";
import { barsOn, printOf } from "./labels.mjs";

const KILLS_EACH = 8;
const ROWS = 60;
const SEED = Number(process.env.LIANGCANG_SEED ?? 20261124);

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function dice(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

let company;
let orders;
let labels;
let failed = false;

async function killing() {
  const roll = dice(SEED);
  const victims = Array.from({ length: 2 * KILLS_EACH }, (_, at) => (at % 2 === 0 ? "station" : "server"));
  while (victims.length > 0) {
    await pause(150 + roll() * 900);
    const [victim] = victims.splice(Math.floor(roll() * victims.length), 1);
    await company.kill(victim);
    await pause(roll() * 300);
    await (victim === "station" ? company.startStation() : company.startServer());
  }
}

before(async () => {
  company = await Company.open({ orders: (rows) => rows.slice(0, ROWS) });
  await company.begin();
  process.stdout.write(`kills: seed ${SEED}\n`);
  const working = company.work();
  // The faults of both are told by the one who awaits them below.
  const done = await Promise.allSettled([working, killing()]);
  failed = done.some(({ status }) => status === "rejected");
  for (const { reason } of done) if (reason) throw reason;
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

rule("both audits are clean after every part was killed many times", async () => {
  const words = await company.audit();
  labels = Object.fromEntries([.../labels \{(.*)\}/.exec(words)[1].matchAll(/"(\w+)": (\d+)/g)].map(([, state, count]) => [state, Number(count)]));
});

rule("each order is finished, once", async () => {
  orders = (await company.exported()).filter(({ warehouse, state }) => warehouse === "SH" && state !== "cancelled");
  assert.ok(orders.length > 30, `enough orders to be cut off in the middle of, not ${orders.length}`);
  assert.deepEqual([...new Set(orders.map(({ state }) => state))], ["shipped"]);
});

rule("each waybill is on exactly one parcel, and every other print is void", () => {
  const { handed_over: onParcels, ...others } = labels;
  assert.equal(onParcels, orders.length);
  assert.deepEqual(Object.keys(others).filter((state) => state !== "voided"), []);
});

rule("no print came out twice, and every paper is a print of the journal", async () => {
  const papers = await company.papers();
  assert.equal(new Set(papers.map((paper) => printOf(paper.zpl))).size, papers.length);
  assert.ok(papers.length <= labels.handed_over + (labels.voided ?? 0), `${papers.length} papers, ${JSON.stringify(labels)}`);
  const read = (await barsOn(papers.map((paper) => paper.png))).flat();
  assert.deepEqual([...new Set(read)].sort(), orders.map(({ waybill }) => waybill).sort());
});
