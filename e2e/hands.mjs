// The hands of somebody who does one thing after the other: reads the screen, scans, lays the parcel on the scale. A
// test may do something else before any step. The emulated worker is quicker and knows less of what it does.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SAMPLE } from "./company.mjs";

const CATALOGUE = readFileSync(join(SAMPLE, "catalogue.csv"), "utf8").replace("\uFEFF", "").trim().split("\n").map((row) => row.split(","));
const BARCODES = CATALOGUE[0].indexOf("barcodes");

/** What is printed on the goods. */
export function barcodeOf(sku) {
  const row = CATALOGUE.find(([known]) => known === sku);
  assert.ok(row, `the sample company sells ${sku}`);
  return row[BARCODES].split(";")[0];
}

const isWrong = (view) => view.answer.feedback.kind === "wrong";

/** Somebody at the station of a company. */
export class Hands {
  constructor(company) {
    this.company = company;
  }

  /** Scans, and wants a good answer. */
  async scan(code) {
    const view = await this.company.scan(code);
    assert.ok(!isWrong(view), `${code} is answered with ${JSON.stringify(view.answer.feedback)}`);
    return view;
  }

  signOn(badge = "OP-li") {
    return this.scan(badge);
  }

  /** Releases all that is ready, carrier by carrier. */
  async release() {
    const { today } = await this.company.view();
    for (const { carrier } of today.ready) await this.company.call("release_wave", { carrier });
  }

  /** Walks the next walk to its end with a fresh tote; `before(view)` may act before each scan. Gives the tote. */
  async walk(tote, before = async () => {}) {
    await this.company.call("begin_walk", { walk: null });
    let view = await this.company.shows("a walk", ({ task }) => task.kind === "walk");
    let used;
    while (view.task.kind === "walk") {
      const { step, line, wanted_tote: wanted } = view.task.screen;
      await before(view);
      if (step === "tote") {
        used = wanted ?? tote;
        view = await this.scan(used);
      } else if (step === "units") {
        view = await this.scan(barcodeOf(line.item.sku));
      } else {
        assert.ok(["zone", "bin"].includes(step), `a walk without surprises, not ${step}`);
        view = await this.scan(`BIN-${line.bin}`);
      }
    }
    return used;
  }

  /** Opens a tote on the bench. */
  open(tote) {
    return this.scan(tote);
  }

  /** Sees to it that a parcel is on the bench: from the tote that stands there, or after the next walk. */
  async fetch(tote) {
    const { task, today } = await this.company.view();
    if (task.kind !== "pack") await this.open(today.totes[0]?.tote ?? (await this.walk(tote)));
  }

  /**
   * Packs the parcel on the bench from wherever it is. `before[step](view)` acts before that step's first gesture. Gives
   * the parcel's screen as it was when its label was scanned.
   */
  async pack(before = {}) {
    const { company } = this;
    const hooks = { ...before };
    const { order } = (await company.shows("a parcel", ({ task }) => task.kind === "pack")).task.screen;
    for (;;) {
      let view = await company.view();
      const hook = hooks[view.task.screen?.step];
      if (hook && view.task.screen.order === order) {
        delete hooks[view.task.screen.step];
        await hook(view);
        view = await company.view();
      }
      const { screen } = view.task;
      if (screen?.order !== order) throw new Error(`order ${order} left the bench unpacked`);
      if (screen.step === "parts") await this.scan(barcodeOf(screen.parts[screen.current].item.sku));
      else if (screen.step === "packaging") await this.scan(`PKG-${screen.packaging}`);
      else if (screen.step === "weigh") await this.weigh(screen.gate.expected_g);
      else if (screen.step === "scan_back") {
        const ready = await company.shows("the label printed", ({ task }) => task.screen.prints.at(-1).state === "printed");
        await this.scan(screen.waybill);
        return ready.task.screen;
      } else {
        await company.shows("the label on its way", ({ task }) => task.screen?.step !== screen.step);
      }
    }
  }

  /** Lays a parcel on the empty scale and waits until the gate has taken it; then takes it off. */
  async weigh(grams) {
    const { company } = this;
    await company.lay(0);
    await company.shows("an empty scale", ({ devices }) => devices.find(({ kind }) => kind === "scale").live.at(-1) === "0 g");
    await company.lay(grams);
    await company.shows("the weight taken", ({ task }) => task.screen.gross_g === grams);
    await company.lay(0);
  }

  /** Scans parcels into a cage and closes it. */
  async handOver(cage, waybills) {
    await this.scan(cage);
    for (const waybill of waybills) await this.scan(waybill);
    await this.company.call("press", { action: "next" });
    await this.company.shows("the cage closed", ({ task }) => task.kind === "idle");
  }
}
