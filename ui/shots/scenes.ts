// The pictures by name: which view, which screen is looked at, and the keys pressed before the picture is taken.
import type { View } from "@liangcang/contract";
import { answer, GOODS, handOver, IDLE, NOW, pack, print, walk } from "./views.ts";

/** One picture. */
export interface Scene {
  view: View;
  /** Keys pressed first, as Playwright names them. */
  keys?: readonly string[];
}

const english = (view: View): View => ({ ...view, language: "en" });
const peanut = { expected: GOODS.rapeseed.sku, got: GOODS.peanut.sku };

export const SCENES: Readonly<Record<string, Scene>> = {
  "sign-on": { view: { ...IDLE, operator: null, actions: [] } },
  today: { view: IDLE },
  "today-en": { view: english(IDLE) },
  "today-empty": {
    view: { ...IDLE, today: { ready: [], waves: [], walks: [], totes: [], cages: [], short: 0, cancelled: 0 }, sticky: [{ code: "empty_replica" }] },
  },
  "today-alone": {
    view: {
      ...IDLE,
      operator: { id: "li", name: "李建军", lead: false },
      sync: { connected: false, since_ms: NOW - 173 * 60_000, pending: 14, oldest_ms: NOW - 170 * 60_000, last_success_ms: NOW - 173 * 60_000, why: "connection refused" },
    },
  },
  "pick-idle": { view: IDLE, keys: ["ArrowRight", "ArrowDown"] },
  "pick-tote": { view: walk({ step: "tote", tote: null, before: null, lines_done: 0 }, "请扫描周转箱") },
  "pick-zone": { view: walk({ step: "zone" }, "A区") },
  "pick-bin": { view: walk({ step: "bin" }, "3排 2列 1层") },
  "pick-bin-typed": { view: walk({ step: "bin" }, "3排 2列 1层"), keys: ["4", "7"] },
  "pick-units": { view: walk({}, "五常大米，2袋，还要3袋") },
  "pick-units-en": { view: english(walk({}, "Two bags of rice, three more")) },
  "pick-right": { view: walk({}, "五常大米，还要3袋", { answer: answer({ kind: "right" }) }) },
  "pick-wrong-item": {
    view: walk({}, "这是花生油，要五常大米", {
      answer: answer({ kind: "wrong", mistake: { code: "wrong_item", expected: GOODS.rice5.sku, got: GOODS.peanut.sku } }, GOODS.rice5, GOODS.peanut),
    }),
  },
  "pick-recalled": {
    view: walk({ line: { ...walkLine(), kind: "put_back", want: 2, done: 0 } }, "订单取消，放回五常大米，2袋", {
      answer: answer({ kind: "attention", notice: { code: "recalled", order: "6929374610285734880" } }),
    }),
  },
  "pick-put-back": {
    view: walk({ line: { ...walkLine(), kind: "put_back", want: 2, done: 0 } }, "订单取消，放回五常大米，2袋", {
      answer: { ...answer({ kind: "attention", notice: { code: "recalled", order: "6929374610285734880" } }), at_ms: NOW - 60_000 },
    }),
  },
  "pick-reason": { view: walk({ step: "reason" }, "为什么缺货？一空了，二破损，三放错货，四拿不到") },
  "pick-short": { view: walk({ step: "confirm_short", reason: "empty" }, "确认缺五常大米，3袋？") },
  "pick-finished": { view: walk({ step: "finished", line: null, next: null, lines_done: 9 }, "拣完了，送到打包台") },
  "pack-idle": { view: IDLE, keys: ["ArrowRight", "ArrowRight"] },
  "pack-parts": { view: pack({}) },
  "pack-parts-en": { view: english(pack({})) },
  "pack-wrong-item": {
    view: pack({}, { answer: answer({ kind: "wrong", mistake: { code: "wrong_item", ...peanut } }, GOODS.rapeseed, GOODS.peanut) }),
  },
  "pack-wrong-item-en": {
    view: english(pack({}, { answer: answer({ kind: "wrong", mistake: { code: "wrong_item", ...peanut } }, GOODS.rapeseed, GOODS.peanut) })),
  },
  "pack-unknown-code": {
    view: pack({}, { answer: answer({ kind: "wrong", mistake: { code: "unknown_code", got: "https://u.jd.com/3kQ8aZ" } }) }),
  },
  "pack-packaging": { view: pack({ step: "packaging" }) },
  "pack-weigh": { view: pack({ step: "weigh" }) },
  "pack-too-light": {
    view: pack({ step: "weigh" }, { answer: answer({ kind: "wrong", mistake: { code: "too_light", expected_g: 19_690, got_g: 17_120, tolerance_g: 200 } }) }),
  },
  "pack-print": { view: pack({ step: "print", gross_g: 19_720, prints: [print("stored")] }) },
  "pack-scan-back": { view: pack({ step: "scan_back", gross_g: 19_720, prints: [print("printed")] }) },
  "pack-label-unknown": {
    view: pack({ step: "scan_back", gross_g: 19_720, prints: [print("unknown")] }, {
      answer: { ...answer({ kind: "attention", notice: { code: "label_unknown" } }), at_ms: NOW - 60_000 },
    }),
  },
  "pack-paper-out": {
    view: pack({ step: "print", gross_g: 19_720, prints: [print("stored")] }, {
      sticky: [{ code: "printer_blocked", printer: "printer-1", why: "paper_out", waiting: 1 }],
      devices: IDLE.devices.map((device) => (device.kind === "printer" ? { ...device, health: "blocked", why: "paper_out" } : device)),
    }),
  },
  "pack-reprint": { view: pack({ step: "reprint_reason", gross_g: 19_720, prints: [print("unknown")] }) },
  "pack-packed": { view: pack({ step: "packed", gross_g: 19_720, prints: [print("scanned_back")] }, { answer: answer({ kind: "complete" }) }) },
  "pack-help": { view: pack({}), keys: ["F1"] },
  "hand-over-idle": { view: IDLE, keys: ["ArrowRight", "ArrowRight", "ArrowRight"] },
  "hand-over": { view: handOver({}) },
  "hand-over-wrong": {
    view: handOver({}, { answer: answer({ kind: "wrong", mistake: { code: "wrong_carrier", expected: "SF", got: "ZTO" } }) }),
  },
  "hand-over-closed": { view: handOver({ closed: true, waiting: 0, count: 58 }) },
  orders: { view: IDLE, keys: ["ArrowLeft", "ArrowLeft"] },
  devices: { view: IDLE, keys: ["ArrowLeft"] },
  "devices-faults": {
    view: {
      ...IDLE,
      devices: IDLE.devices.map((device) => {
        if (device.kind === "printer") return { ...device, health: "blocked", why: "paper_out", since_ms: NOW - 120_000 };
        if (device.kind === "scale") return { ...device, health: "away", why: "unplugged", since_ms: NOW - 60_000, live: [] };
        return device.kind === "voice" ? { ...device, health: "unknown", why: "no_voice", live: [] } : device;
      }),
    },
    keys: ["ArrowLeft"],
  },
};

function walkLine(): NonNullable<Extract<View["task"], { kind: "walk" }>["screen"]["line"]> {
  const { task } = walk({}, "");
  if (task.kind !== "walk" || !task.screen.line) throw new Error("the sample walk stands at a line");
  return task.screen.line;
}
