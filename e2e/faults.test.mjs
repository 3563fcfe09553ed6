// One thing after the other fails under the hands of somebody who packs: the server, the printer, the order itself.
// The tests follow one another at the same station, as a day does.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Company } from "./company.mjs";
import { Hands } from "./hands.mjs";

/** Orders of the platform, in the shape of its API; invented people in real districts. */
const PLATFORM_ORDERS = ["6917926768823990001", "6917926768823990002"];
const detail = (number) => {
  const place = (name) => ({ name });
  const now = Math.floor(Date.now() / 1000);
  return {
    order_id: number, order_status: 2, create_time: now - 90, pay_time: now - 60, exp_ship_time: now + 172_800, pay_amount: 9900,
    post_receiver: "周秋实", post_tel: "12000004321",
    post_addr: { province: place("浙江省"), city: place("杭州市"), town: place("西湖区"), street: place("北山街道"), detail: "麦穗路 9 号" },
    sku_order_list: [{ order_id: number, order_status: 2, code: "GIFT-A", product_name: "米油安家礼盒", item_num: 1, pay_amount: 9900 }],
  };
};

/** The emulated platform's own defaults. */
const shop = ({ control }) => `[douyin]
app_key = "7000000000000000001"
app_secret = "00000000-aaaa-bbbb-cccc-111111111111"
access_token = "00000000-dddd-eeee-ffff-222222222222"
api = "${control}/platform/douyin"
`;

let company;
let hands;
let failed = false;
/** Parcels packed so far: order, carrier, waybill. */
const packed = [];
before(async () => {
  company = await Company.open({ orders: (rows) => rows.slice(0, 12), serverSettings: shop });
  await company.begin();
  hands = new Hands(company);
  await hands.signOn();
  await hands.release();
});
after(() => company?.close({ keep: failed }));

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

async function packNext(beforeSteps) {
  await hands.fetch("TOTE-0001");
  const parcel = await hands.pack(beforeSteps);
  packed.push(parcel);
  return parcel;
}

/** Packs whatever is released. */
async function packAll() {
  const left = ({ task, today }) => task.kind === "pack" || today.totes.length + today.walks.length > 0;
  while (left(await company.view())) await packNext();
}

/** Waits until the server says that an order is in a state. */
async function serverSays(order, state) {
  await company.synced();
  const rows = await company.exported();
  assert.equal(rows.find((row) => row.order === order)?.state, state, `order ${order} at the server`);
}

const pending = async () => (await company.view()).sync.pending;

rule("with the server away before, during and after a pack, facts wait, and go over when it is back", async () => {
  await company.synced();
  await company.kill("server");
  await company.shows("that the server is away", ({ sync }) => !sync.connected);
  const first = await packNext();
  const waiting = await pending();
  assert.ok(waiting > 5, `${waiting} facts wait`);
  assert.ok((await company.view()).sync.oldest_ms > 0);
  // Back in the middle of the second parcel, and away again before its end.
  const second = await packNext({
    packaging: async () => {
      await company.startServer();
      await company.call("sync_now");
      await company.synced();
      await company.kill("server");
    },
  });
  assert.ok((await pending()) > 0);
  // Nobody asks for it this time: the station comes by itself.
  await company.startServer();
  await company.synced();
  await serverSays(first.order, "packed");
  await serverSays(second.order, "packed");
  await company.audit();
});

rule("a printer that runs out of paper keeps the label waiting, and prints it once when paper is in", async () => {
  const before = (await company.printer()).odometer;
  await company.changePrinter({ mode: "paper-out" });
  const parcel = await packNext({
    scan_back: async () => {
      const view = await company.shows("that the printer wants paper", ({ sticky }) => sticky.some(({ code }) => code === "printer_blocked"));
      const [panel] = view.sticky.filter(({ code }) => code === "printer_blocked");
      assert.deepEqual([panel.why, panel.waiting], ["paper_out", 1]);
      assert.equal((await company.printer()).odometer, before);
      await company.changePrinter({ mode: "ok" });
    },
  });
  assert.equal(parcel.prints.length, 1);
  assert.equal((await company.printer()).odometer, before + 1);
});

rule("a printer that takes a label and prints nothing is called unknown, and the next print works", async () => {
  const before = (await company.printer()).odometer;
  await company.changePrinter({ mode: "prints-nothing" });
  const parcel = await packNext({
    scan_back: async () => {
      await company.shows("that nobody knows of the label", ({ task }) => task.screen.prints.at(-1).state === "unknown");
      await company.changePrinter({ mode: "ok" });
      await company.call("press", { action: "reprint" });
      // 2: it never came out.
      await company.call("key", { digits: "2" });
      await company.shows("another print", ({ task }) => task.screen.prints.length === 2 && task.screen.step === "scan_back");
    },
  });
  assert.deepEqual(parcel.prints.map(({ state }) => state), ["voided", "printed"]);
  assert.equal((await company.printer()).odometer, before + 1);
  await company.audit();
});

rule("an unplugged scanner is named, and reads again when it is back", async () => {
  const health = (wanted) => ({ devices }) => devices.find(({ kind }) => kind === "scanner").health === wanted;
  await company.device("scanner/bench/unplug");
  await company.shows("the scanner away", health("away"));
  await company.device("scanner/bench/plug");
  await company.shows("the scanner ready", health("ready"));
  await packNext();
});

rule("a forged message of the platform is refused, and an honest one brings the order to the floor", async () => {
  await company.platform("orders", PLATFORM_ORDERS.map((number) => detail(number)));
  const url = `${company.serverPage}/platforms/douyin/events`;
  const messages = PLATFORM_ORDERS.map((number) => ({ kind: "paid", order_id: number }));
  const forged = await company.platform("send", { url, messages, tamper: "forged" });
  assert.deepEqual([forged.accepted, forged.tries[0].status], [false, 401]);
  const honest = await company.platform("send", { url, messages: [{ kind: "test" }, ...messages] });
  assert.ok(honest.accepted && honest.tries.every(({ ms }) => ms < 2000));
  const again = await company.platform("send", { url, replay: honest.number });
  assert.ok(again.accepted, "the same bytes once more are accepted and change nothing");
  await company.shows("two orders of the platform", ({ today }) => today.ready.some(({ orders }) => orders === 2));
  assert.equal((await company.exported()).filter(({ order }) => PLATFORM_ORDERS.includes(order)).length, 2);
});

rule("a paid order of the platform is packed, and one cancelled in the tote is brought back to its bins", async () => {
  await packAll();
  await hands.release();
  const kept = await packNext();
  assert.ok(PLATFORM_ORDERS.includes(kept.order));
  const [dropped] = PLATFORM_ORDERS.filter((number) => number !== kept.order);
  const sent = await company.platform("send", { url: `${company.serverPage}/platforms/douyin/events`, messages: [{ kind: "cancelled", order_id: dropped }] });
  assert.ok(sent.accepted);
  const view = await company.shows("goods to bring back", ({ sticky }) => sticky.some(({ code }) => code === "put_back_waiting"));
  if (view.task.kind !== "idle") await company.call("leave_task");
  await hands.walk();
  await company.shows("that nothing waits to be brought back", ({ sticky }) => sticky.every(({ code }) => code !== "put_back_waiting"));
  await serverSays(dropped, "cancelled");
  await serverSays(kept.order, "packed");
});

rule("what survived all of it is handed over, and both audits are clean", async () => {
  for (const [carrier, cage] of [["SF", "CAGE-SF-01"], ["ZTO", "CAGE-ZTO-01"]]) {
    const mine = packed.filter((parcel) => parcel.carrier === carrier);
    if (mine.length > 0) await hands.handOver(cage, mine.map(({ waybill }) => waybill));
  }
  await company.audit();
  const states = (await company.exported()).filter(({ warehouse }) => warehouse === "SH").map(({ state }) => state);
  assert.equal(states.filter((state) => state === "shipped").length, packed.length);
  assert.equal(states.filter((state) => state === "cancelled").length, states.length - packed.length);
});
