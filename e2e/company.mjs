// A company of real processes in a folder of its own: the server, the emulated devices and one station of Shanghai.
// Tests work it through the doors that people, devices and platforms use, and may kill any part of it.
import { execFile, spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("..", import.meta.url));
export const PROGRAMS = join(resolve(REPOSITORY, process.env.CARGO_TARGET_DIR ?? "target"), "debug");
export const SAMPLE = join(REPOSITORY, "assets/sample");
/** Longer than anything takes on a busy machine; a wait ends as soon as what it waits for is there. */
const PATIENCE_MS = 60_000;
const GLANCE_MS = 40;

/** Ports nobody listens on now. */
export async function freePorts(count) {
  const listeners = await Promise.all(Array.from({ length: count }, () => new Promise((done) => {
    const listener = createServer().listen(0, "127.0.0.1", () => done(listener));
  })));
  const ports = listeners.map((listener) => listener.address().port);
  await Promise.all(listeners.map((listener) => new Promise((done) => listener.close(done))));
  return ports;
}

/** Asks until there is an answer that counts (anything but undefined, null or false), and gives it. */
export async function until(what, ask, patience = PATIENCE_MS) {
  const end = Date.now() + patience;
  let fault;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      fault = undefined;
    } catch (thrown) {
      fault = thrown;
    }
    if (Date.now() > end) throw new Error(`waited ${patience} ms for ${what}${fault ? `; the last try: ${fault}` : ""}`);
    await pause(GLANCE_MS);
  }
}

async function asJson(url, options) {
  const answer = await fetch(url, { signal: AbortSignal.timeout(20_000), ...options });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

const post = (url, body) =>
  asJson(url, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

/** Rows of a CSV file as objects; for our own export, whose cells hold no line breaks. */
function rowsOf(csv) {
  const cells = (line) => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)]
    .map(([, quoted, bare]) => (quoted?.replaceAll('""', '"') ?? bare).trim());
  const [headings, ...rows] = csv.trim().split("\n").map((line) => cells(line));
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [headings[at], cell])));
}

/** Every process that runs, so that none outlives this one, however it ends. */
const alive = new Set();
process.once("exit", () => {
  for (const child of alive) child.kill("SIGKILL");
});
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => process.exit(1));

/** Starts a process that stays; `ended` is kept when it ends. */
export function begin(program, args, options) {
  const child = spawn(program, args, options);
  alive.add(child);
  child.ended = new Promise((done) => {
    const over = (outcome) => {
      alive.delete(child);
      done(outcome);
    };
    child.once("exit", (status, signal) => over(status ?? signal));
    child.once("error", (fault) => over(`${fault}`));
  });
  return child;
}

/** One company. */
export class Company {
  #running = new Map();

  /**
   * A company that has taken its goods and the sample's orders, with its devices plugged in and nobody at work.
   * `orders(rows)` chooses among the rows of the file.
   */
  static async open({ orders = (rows) => rows, voice = false, serverSettings } = {}) {
    const company = new Company();
    company.folder = mkdtempSync(join(tmpdir(), "liangcang-e2e-"));
    await mkdir(join(company.folder, "server"));
    await company.#settle(voice);
    if (serverSettings) writeFileSync(join(company.folder, "server/server.toml"), serverSettings(company));
    await company.server("init");
    await company.server("import", "catalogue", SAMPLE);
    const [headings, ...rows] = readFileSync(join(SAMPLE, "orders_douyin.csv"), "utf8").trimEnd().split("\n");
    company.orderFile = join(company.folder, "orders.csv");
    writeFileSync(company.orderFile, [headings, ...orders(rows)].join("\n"));
    await company.server("import", "orders", company.orderFile);
    await company.startEmulator();
    return company;
  }

  async #settle(voice) {
    const [server, station, printer, control] = await freePorts(4);
    this.ports = { server, station, printer, control };
    this.serverPage = `http://127.0.0.1:${server}`;
    this.stationPage = `http://127.0.0.1:${station}`;
    this.control = `http://127.0.0.1:${control}`;
    this.settings = join(this.folder, "station.toml");
    const at = (path) => JSON.stringify(join(this.folder, path));
    writeFileSync(this.settings, [
      `data = ${at("station")}`,
      `server = "${this.serverPage}"`,
      `listen = "127.0.0.1:${station}"`,
      `voice = ${voice}`,
      `[[scanner]]\nname = "scanner"\npath = ${at("devices/scanner-bench")}`,
      `[[scale]]\nname = "scale"\npath = ${at("devices/scale-bench")}`,
      `[[printer]]\nname = "printer"\naddress = "127.0.0.1:${printer}"`,
    ].join("\n"));
  }

  /** Runs a program to its end; a status other than 0 is a fault unless `may` allows it. */
  async run(program, args, may = [0]) {
    return new Promise((done, failed) => {
      execFile(join(PROGRAMS, program), args, { maxBuffer: 64 << 20, cwd: this.folder }, (fault, out, err) => {
        const status = fault ? fault.code : 0;
        if (may.includes(status)) done(out);
        else failed(new Error(`${program} ${args.join(" ")} ended with ${status}:\n${out}${err}`));
      });
    });
  }

  /** A command of the server's program on this company's books. */
  server(...args) {
    return this.run("liangcang-server", ["--data", join(this.folder, "server"), ...args]);
  }

  /** Starts a process that stays; its words go to NAME.log in the company's folder. */
  start(name, program, args, env = {}) {
    const log = openSync(join(this.folder, `${name}.log`), "a");
    const child = begin(program, args, { cwd: this.folder, stdio: ["ignore", log, log], env: { ...process.env, ...env } });
    closeSync(log);
    this.#running.set(name, child);
    return child;
  }

  /** Ends a process at once (SIGKILL unless told otherwise) and waits until it is gone. */
  async kill(name, signal = "SIGKILL") {
    const child = this.#running.get(name);
    this.#running.delete(name);
    child?.kill(signal);
    return child?.ended;
  }

  async startServer() {
    this.start("server", join(PROGRAMS, "liangcang-server"),
      ["--data", join(this.folder, "server"), "serve", "--listen", `127.0.0.1:${this.ports.server}`]);
    await until("the server", () => fetch(`${this.serverPage}/health`));
  }

  async startEmulator() {
    this.start("devices", join(PROGRAMS, "liangcang-emulator"), [
      "run", "--dir", join(this.folder, "devices"), "--control", `127.0.0.1:${this.ports.control}`,
      "--scanner", "bench", "--scale", "bench", "--printer", `label=127.0.0.1:${this.ports.printer}`,
    ]);
    await until("the emulated devices", () => asJson(this.control));
  }

  /** Makes this folder's station one of Shanghai's. */
  async enrol() {
    const code = (await this.server("enrol-code", "--warehouse", "SH")).trim();
    await this.run("liangcang-station", ["--settings", this.settings, "enrol", code, "--name", "bench-1"]);
  }

  async startStation() {
    this.start("station", join(PROGRAMS, "liangcang-station"), ["--settings", this.settings, "run"]);
    await until("the station", () => this.view());
  }

  /** The server and a station that has taken the day's orders. */
  async begin() {
    await this.startServer();
    await this.enrol();
    await this.startStation();
    await this.shows("orders from the server", (view) => view.today.ready.length > 0);
  }

  /** Lets the emulated worker work; gives what was packed and caged. */
  async work({ orders } = {}) {
    const args = ["worker", "--control", `127.0.0.1:${this.ports.control}`, "--station", this.stationPage,
      "--badge", "OP-li", "--catalogue", join(SAMPLE, "catalogue.csv")];
    if (orders) args.push("--orders", `${orders}`);
    const worker = this.start("worker", join(PROGRAMS, "liangcang-emulator"), args, { NO_COLOR: "1" });
    const status = await worker.ended;
    const words = this.log("worker");
    if (status !== 0) throw new Error(`the worker gave up (${status}): ${words.slice(-600)}`);
    const [, packed, caged] = /the shift is over packed=(\d+) caged=(\d+)\s*$/.exec(words) ?? [];
    return { packed: Number(packed), caged: Number(caged) };
  }

  log(name) {
    return readFileSync(join(this.folder, `${name}.log`), "utf8");
  }

  /** What the station's screens show. */
  view() {
    return asJson(`${this.stationPage}/api/view`);
  }

  /** Waits until the screens show it; gives the view. */
  shows(what, predicate, patience) {
    return until(`the screen to show ${what}`, async () => {
      const view = await this.view();
      return predicate(view) && view;
    }, patience);
  }

  /** A command of the station's list, as a screen asks it. */
  call(command, args = {}) {
    return post(`${this.stationPage}/api/call`, { command, ...args });
  }

  /** Reads a code with the scanner, and waits for the answer to it. */
  async scan(code) {
    const { answer: { seq } } = await this.view();
    await until("the station to open the scanner", () => post(`${this.control}/scanner/bench/scan`, { code }));
    return this.shows(`an answer to ${code}`, (view) => view.answer.seq > seq);
  }

  /** Lays grams on the scale; 0 empties it. */
  lay(grams) {
    return post(`${this.control}/scale/bench`, { grams });
  }

  /** Something else that may happen to a device, such as `scanner/bench/unplug`. */
  device(path) {
    return post(`${this.control}/${path}`, {});
  }

  printer() {
    return asJson(`${this.control}/printer/label`);
  }

  changePrinter(change) {
    return post(`${this.control}/printer/label`, change);
  }

  /** Papers that came out of the printer, each with its `png` and `zpl`. */
  async papers() {
    return (await asJson(`${this.control}/printer/label/labels`)).labels;
  }

  /** The platform of the emulator: `path` is `orders` or `send`. */
  platform(path, body) {
    return post(`${this.control}/platform/douyin/${path}`, body);
  }

  /** What the server exports of its orders. */
  async exported() {
    return rowsOf(await this.server("export", "orders"));
  }

  /** Waits until the server has every fact of the station. */
  synced() {
    return this.shows("that the server has every fact", ({ sync }) => sync.connected && sync.pending === 0);
  }

  /** Both audits; each says it is clean, or this is a fault. Gives the station's words. */
  async audit() {
    await this.synced();
    const server = await this.server("audit");
    if (!server.includes("audit clean")) throw new Error(server);
    const station = await this.run("liangcang-station", ["--settings", this.settings, "audit"]);
    if (!station.trimEnd().endsWith("clean")) throw new Error(station);
    return station;
  }

  /** Ends every process; the folder goes too, unless something failed. */
  async close({ keep = false } = {}) {
    for (const name of [...this.#running.keys()].reverse()) await this.kill(name, "SIGTERM");
    if (keep) process.stderr.write(`what the company left behind is in ${this.folder}\n`);
    else await rm(this.folder, { recursive: true, force: true });
  }
}
