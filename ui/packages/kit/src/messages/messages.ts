// The shape of everything a screen says. A closed list of the engine has one entry per member here, so that a new
// mistake, notice or fault does not compile until both languages have their words for it.
import type {
  Action,
  DeviceHealth,
  DeviceKind,
  FaultCode,
  Feedback,
  First,
  LabelState,
  Mistake,
  Notice,
  OrderState,
  PackagingReason,
  ReprintReason,
  ShortReason,
  Sticky,
} from "@liangcang/contract";

/** What happened, and what to do now. */
export interface Saying {
  title: string;
  todo: string;
}

/** The names a message may need besides the engine's own words. */
export interface Names {
  /** The name of an item in hand or on the screen; its id when the screen does not know it. */
  item(sku: string): string;
}

type ByCode<T extends { code: string }, R> = { [C in T["code"]]: (value: Extract<T, { code: C }>, names: Names) => R };

/** A sticky panel: what is the matter, what to do, and the verb of its button. */
export interface StickySaying extends Saying {
  verb: string;
}

/** Everything a screen says in one language. */
export interface Messages {
  language: { name: string; other: string };
  action: Record<Action, string>;
  mistake: ByCode<Mistake, Saying>;
  notice: ByCode<Notice, Saying>;
  feedback: Record<Exclude<Feedback["kind"], "quiet" | "wrong" | "attention">, string>;
  first: Record<First, string>;
  sticky: ByCode<Sticky, StickySaying>;
  fault: Record<FaultCode | "unreachable", Saying>;
  order: Record<OrderState, string>;
  label: Record<LabelState, string>;
  labelDot: readonly [string, string, string, string];
  health: Record<DeviceHealth, string>;
  device: Record<DeviceKind, string>;
  /** Why a device or a print is not well, by the drivers' words; a word it lacks is shown as it came. */
  why: Readonly<Record<string, string>>;
  /** Why an order was left out of a wave, by the planner's words. */
  leftOut: Readonly<Record<string, string>>;
  shortReason: Record<ShortReason, string>;
  reprintReason: Record<ReprintReason, string>;
  packagingReason: Record<PackagingReason, string>;
  /** A count of pieces of a class of goods: `2袋`, `2 bags`. */
  pieces(count: number, drawn: string): string;
  unit(drawn: string): string;
  /** A carrier's name in this language; `known` is what the catalogue calls it, for those not named here. */
  carrier(id: string, known?: string): string;
  kg(grams: number): string;
  top: {
    screens: Record<"today" | "pick" | "pack" | "hand_over" | "orders" | "devices", string>;
    nobody: string;
    lead: string;
    cutoff: string;
    overdue: string;
    backToTask: string;
    linkLost: string;
    joining: string;
  };
  sync: {
    connected: string;
    alone(since: string): string;
    waiting(count: number): string;
    oldest(age: string): string;
    lastSuccess(at: string): string;
    never: string;
    now: string;
  };
  strip: { before: string; next: string; nothingBefore: string; lastOne: string };
  answer: { expected: string; got: string; stays: string; weighAgain: string };
  /** Words of an action where the step in hand says more than the action's own. */
  named: { nextWalk: string; arrived: string; back: string; close: string };
  typed: string;
  typedHint: string;
  help: { title: string; byScan: string; typing: string; close: string };
  signOn: { title: string; todo: string; hint: string };
  pick: {
    takeTote: string;
    takeToteTodo: string;
    bringTote: string;
    zone(zone: string): string;
    zoneTodo: string;
    place: { zone: string; aisle: string; bay: string; level: string };
    binTodo: string;
    atBin(pieces: string): string;
    take: string;
    putBack: string;
    putBackWhy: string;
    takeTodo: string;
    lot: string;
    why: string;
    whyTodo: string;
    confirmShort(pieces: string): string;
    confirmShortTodo: string;
    confirmCount(pieces: string): string;
    confirmCountTodo: string;
    finished: string;
    finishedTodo(tote: string): string;
    lines: string;
    heard: string;
    idle: string;
    idleTodo: string;
    idleEmpty: string;
    idleEmptyWhy: string;
    walkLines(lines: number, orders: number): string;
    begin: string;
    resume: string;
    putBackWalk: string;
  };
  pack: {
    orders: string;
    scan: string;
    scanTodo: string;
    bundle: string;
    takePackagingTodo(code: string): string;
    weigh: string;
    weighTodo: string;
    expected: string;
    tolerance(range: string): string;
    printing: string;
    printingTodo: string;
    label: string;
    labelTodo: string;
    labelUnknown: string;
    labelUnknownTodo: string;
    labelFailed: string;
    labelFailedTodo: string;
    labelWaits(why: string): string;
    reprint: string;
    reprintTodo: string;
    reprints(count: number): string;
    packed: string;
    packedTodo: string;
    back: string;
    backTodo(tote: string): string;
    returned: string;
    returnedTodo: string;
    phases: Record<"parts" | "packaging" | "weigh" | "label", string>;
    idle: string;
    idleTodo: string;
    idleEmpty: string;
    idleEmptyWhy: string;
    toteOrders(count: number): string;
    open: string;
  };
  handOver: {
    scan: string;
    scanTodo: string;
    inCage: string;
    unit: string;
    parcels(count: number): string;
    left(count: number): string;
    allIn: string;
    weight: string;
    lastEmpty: string;
    closed: string;
    closedTodo(carrier: string): string;
    idle: string;
    idleTodo: string;
    idleEmpty: string;
    idleEmptyWhy: string;
    begin: string;
  };
  today: {
    waves: string;
    wavesEmpty: string;
    wavesEmptyWhy: string;
    ready: string;
    readyEmpty: string;
    orders(count: number): string;
    release: string;
    releaseNeedsLead: string;
    released(orders: number, walks: number): string;
    leftOut(count: number): string;
    walks: string;
    walksEmpty: string;
    totes: string;
    totesEmpty: string;
    cages: string;
    cagesEmpty: string;
    waitingForCage(count: number): string;
    short: string;
    cancelled: string;
    more(count: number): string;
    lane: Record<"open" | "picked" | "packed" | "gone" | "dropped", string>;
  };
  orders: {
    columns: Record<"order" | "carrier" | "receiver" | "goods" | "shipBy" | "gross", string>;
    empty: Record<OrderState, string>;
    more: string;
    loading: string;
  };
  devices: {
    empty: string;
    emptyWhy: string;
    since(at: string): string;
    silent: string;
    testPrinter: string;
    testVoice: string;
    station: string;
    language: string;
    theme: string;
    dark: string;
    light: string;
    signOff: string;
    sync: string;
  };
}
