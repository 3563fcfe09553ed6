// Plausible views of a working day, one per picture. Also what the screens' tests begin from.
import type {
  AnswerCard,
  DeviceCard,
  HandOverScreen,
  ItemCard,
  PackScreen,
  TaskView,
  Today,
  View,
  WalkLineView,
  WalkScreen,
} from "@liangcang/contract";

/** 2026-11-23 14:05 in Shanghai. */
export const NOW = Date.UTC(2026, 10, 23, 6, 5, 0);
const MINUTE = 60_000;

const item = (sku: string, name: string, short_name: string, drawn: string, weight_g: number): ItemCard => ({
  sku,
  name,
  short_name,
  class: drawn,
  weight_g,
});

export const GOODS = {
  rice5: item("RICE5", "五常稻花香大米 5kg", "五常大米", "sack", 5080),
  rice10: item("RICE10", "盘锦蟹田大米 10kg", "蟹田大米", "sack", 10120),
  rapeseed: item("RAPE5", "物理压榨菜籽油 5L", "菜籽油", "bottle", 4790),
  peanut: item("PEANUT5", "古法小榨花生油 5L", "花生油", "bottle", 4795),
  sesame: item("SESAME", "芝麻香油 450ml 玻璃瓶", "芝麻香油", "bottle", 860),
  millet: item("MILLET", "沁州黄小米 2.5kg", "黄小米", "pouch", 2540),
  gift: item("NOODLE", "手工挂面礼盒 1.8kg", "挂面礼盒", "box", 2050),
} as const;

const device = (id: string, kind: DeviceCard["kind"], port: string, live: string[]): DeviceCard => ({
  id,
  kind,
  port,
  health: "ready",
  why: null,
  since_ms: NOW - 312 * MINUTE,
  live,
});

const DEVICES: DeviceCard[] = [
  device("scanner-1", "scanner", "/dev/ttyACM0", ["]C1 TOTE-0007", "]E0 6901234567892", "]E0 6932571010459", "]C1 PKG-BOX-M"]),
  device("scale-1", "scale", "/dev/ttyUSB0", ["10612 g", "~", "4120 g", "0 g"]),
  device("printer-1", "printer", "192.168.8.21:9100", ["Ready", "6929374610285734905-1 sent", "6929374610285734905-1 printed"]),
  device("voice", "voice", "espeak-ng", []),
];

const QUIET: AnswerCard = { seq: 41, at_ms: NOW - 9000, feedback: { kind: "quiet" }, expected: null, got: null };

const wave = (id: string, carrier: string, carrier_name: string, left: number, counts: [number, number, number, number, number]): Today["waves"][number] => {
  const [orders, picked, packed, handed_over, dropped] = counts;
  return { wave: id, carrier, carrier_name, cutoff_ms: NOW + left * MINUTE, orders, picked, packed, handed_over, dropped };
};

const TODAY: Today = {
  ready: [
    { carrier: "ZTO", carrier_name: "中通", cutoff_ms: NOW + 205 * MINUTE, orders: 186 },
    { carrier: "SF", carrier_name: "顺丰", cutoff_ms: NOW + 325 * MINUTE, orders: 42 },
  ],
  waves: [
    wave("W-1123-02", "SF", "顺丰", 24, [64, 64, 58, 41, 0]),
    wave("W-1123-03", "ZTO", "中通", 85, [120, 96, 47, 20, 3]),
    wave("W-1123-04", "ZTO", "中通", 205, [98, 22, 0, 0, 0]),
    wave("W-1123-01", "SF", "顺丰", -65, [52, 51, 51, 51, 1]),
  ],
  walks: [
    { walk: "W-1123-03-5", wave: "W-1123-03", lines: 9, orders: 12, weight_g: 84_300, tote: "TOTE-0012", put_back: false },
    { walk: "W-1123-04-2", wave: "W-1123-04", lines: 14, orders: 16, weight_g: 112_800, tote: null, put_back: false },
    { walk: "W-1123-04-3", wave: "W-1123-04", lines: 11, orders: 15, weight_g: 96_100, tote: null, put_back: false },
  ],
  totes: [
    { tote: "TOTE-0007", orders: 6, cutoff_ms: NOW + 24 * MINUTE },
    { tote: "TOTE-0009", orders: 11, cutoff_ms: NOW + 85 * MINUTE },
  ],
  cages: [
    { cage: "CAGE-SF-01", carrier: "SF", carrier_name: "顺丰", cutoff_ms: NOW + 24 * MINUTE, caged: 41, waiting: 17 },
    { cage: "CAGE-ZTO-01", carrier: "ZTO", carrier_name: "中通", cutoff_ms: NOW + 85 * MINUTE, caged: 20, waiting: 27 },
  ],
  short: 2,
  cancelled: 3,
};

/** An idle view of the middle of a day. */
export const IDLE: View = {
  now_ms: NOW,
  station: { id: "SH-BENCH-1", warehouse: "SH", warehouse_name: "上海一号仓" },
  language: "zh",
  operator: { id: "zhou", name: "周桂芳", lead: true },
  sync: { connected: true, since_ms: NOW - 300 * MINUTE, pending: 0, oldest_ms: null, last_success_ms: NOW - 3000, why: null },
  devices: DEVICES,
  answer: QUIET,
  task: { kind: "idle" },
  prompt: "",
  actions: ["next"],
  today: TODAY,
  sticky: [],
};

const line = (no: number, bin: string, goods: ItemCard, want: number, done: number): WalkLineView => {
  const [zone = "", aisle = "", bay = "", level = ""] = bin.split("-").map((part) => part.replace(/^0+/, ""));
  return { no, kind: "pick", bin, zone, aisle, bay, level, item: goods, lot: "L20261003A", want, done };
};

const LINES = {
  before: line(3, "A-02-07-2", GOODS.millet, 4, 4),
  now: line(4, "A-03-02-1", GOODS.rice5, 5, 2),
  next: line(5, "A-05-11-1", GOODS.peanut, 3, 0),
} as const;

const WALK: WalkScreen = {
  walk: "W-1123-03-5",
  step: "units",
  tote: "TOTE-0012",
  wanted_tote: null,
  line: LINES.now,
  next: LINES.next,
  before: LINES.before,
  lines_done: 4,
  lines_total: 9,
  reason: null,
  count: null,
};

const WALK_ACTIONS: Readonly<Record<WalkScreen["step"], View["actions"]>> = {
  tote: ["leave"],
  zone: ["confirm", "repeat", "undo", "leave"],
  bin: ["repeat", "undo", "leave"],
  units: ["unreadable", "short", "undo", "repeat", "leave"],
  reason: ["leave"],
  confirm_short: ["confirm", "leave"],
  confirm_count: ["confirm", "leave"],
  finished: ["leave"],
};

/** A view of a walk at some step. */
export function walk(change: Partial<WalkScreen>, prompt: string, rest: Partial<View> = {}): View {
  const task: TaskView = { kind: "walk", screen: { ...WALK, ...change }, cutoff_ms: NOW + 85 * MINUTE };
  const actions = WALK_ACTIONS[change.step ?? "units"];
  return { ...IDLE, operator: { id: "li", name: "李建军", lead: false }, task, prompt, actions, ...rest };
}

const PACK: PackScreen = {
  order: "6929374610285734912",
  step: "parts",
  carrier: "SF",
  waybill: "SF1623908457216",
  tote: "TOTE-0007",
  groups: [
    { title: "秋收尝鲜礼包(米+油+小米)", qty: 1, bundle: true },
    { title: "手工挂面礼盒 1.8kg", qty: 1, bundle: false },
  ],
  parts: [
    { item: GOODS.rice5, lot: "L20261003A", want: 1, done: 1, group: 0 },
    { item: GOODS.rapeseed, lot: "L20260918C", want: 2, done: 1, group: 0 },
    { item: GOODS.millet, lot: "L20261011B", want: 1, done: 0, group: 0 },
    { item: GOODS.gift, lot: "L20261102A", want: 1, done: 0, group: 1 },
  ],
  current: 1,
  packaging: "BOX-M",
  packaging_name: "五层加强箱 M",
  packaging_reason: "bottles",
  gate: { expected_g: 19_690, tolerance_g: 200 },
  gross_g: null,
  prints: [],
};

const ALL_SCANNED = { parts: PACK.parts.map((part) => ({ ...part, done: part.want })), current: null };

const PACK_ACTIONS: Readonly<Record<PackScreen["step"], View["actions"]>> = {
  parts: ["unreadable", "undo", "leave"],
  packaging: ["unreadable", "undo", "leave"],
  weigh: ["leave"],
  print: ["reprint", "leave"],
  scan_back: ["reprint", "leave"],
  reprint_reason: ["leave"],
  packed: ["leave"],
  return: ["leave"],
  returned: ["leave"],
};

/** A view of a parcel at some step. */
export function pack(change: Partial<PackScreen>, rest: Partial<View> = {}): View {
  const scanned = change.step === undefined || change.step === "parts" ? {} : ALL_SCANNED;
  const task: TaskView = { kind: "pack", screen: { ...PACK, ...scanned, ...change }, packed: 12, total: 18, cutoff_ms: NOW + 24 * MINUTE };
  const actions: View["actions"] = PACK_ACTIONS[change.step ?? "parts"];
  return { ...IDLE, task, actions, ...rest };
}

const HAND_OVER: HandOverScreen = {
  manifest: "M-1123-SF-2",
  carrier: "SF",
  cage: "CAGE-SF-01",
  count: 41,
  waiting: 17,
  gross_g: 486_350,
  last: ["SF1623908457216", "SF1623908457203", "SF1623908457198", "SF1623908457181", "SF1623908457174"].map((waybill, at) => ({
    order: `692937461028573490${at}`,
    waybill,
    gross: 5320 + at * 1410,
  })),
  closed: false,
};

/** A view of a hand-over. */
export function handOver(change: Partial<HandOverScreen>, rest: Partial<View> = {}): View {
  const task: TaskView = { kind: "hand_over", screen: { ...HAND_OVER, ...change }, cutoff_ms: NOW + 24 * MINUTE };
  return { ...IDLE, task, actions: ["next", "undo", "leave"], ...rest };
}

/** An answer given just now. */
export function answer(feedback: AnswerCard["feedback"], expected: ItemCard | null = null, got: ItemCard | null = null): AnswerCard {
  return { seq: 42, at_ms: NOW, feedback, expected, got };
}

/** A label's print, as the journal has it. */
export const print = (state: PackScreen["prints"][number]["state"]): PackScreen["prints"][number] => ({
  id: "6929374610285734912-1",
  state,
  why: null,
  reprint: null,
});
