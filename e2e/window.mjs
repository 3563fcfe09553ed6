// The desktop window on a display of its own, worked through tauri-driver by the W3C WebDriver protocol.
import { closeSync, mkdirSync, openSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { begin, freePorts, PROGRAMS, until } from "./company.mjs";

const DRIVER = join(process.env.LIANGCANG_CACHE ?? join(homedir(), ".cache/liangcang"), "tools/bin/tauri-driver");
/** The name by which the protocol tells an element from other objects. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/** A virtual screen of this size; gives the server's process and its display. */
async function display(width, height) {
  const server = begin("Xvfb", ["-displayfd", "3", "-screen", "0", `${width}x${height}x24`, "-nolisten", "tcp"],
    { stdio: ["ignore", "ignore", "ignore", "pipe"] });
  let told = "";
  server.stdio[3].on("data", (bytes) => {
    told += bytes;
  });
  await until("a display", () => told.endsWith("\n"));
  return [server, `:${told.trim()}`];
}

/** The window of a station. */
export class Window {
  /** Opens it with a station's settings; `folder` becomes its home. */
  static async open(settings, folder) {
    const window = new Window();
    const home = join(folder, "home");
    mkdirSync(home, { mode: 0o700 });
    const [screen, shown] = await display(1366, 768);
    const [port, native] = await freePorts(2);
    const env = { ...process.env, DISPLAY: shown, HOME: home, XDG_RUNTIME_DIR: home, LIANGCANG_STATION_SETTINGS: settings };
    delete env.WAYLAND_DISPLAY;
    const log = openSync(join(folder, "window.log"), "a");
    const driver = begin(DRIVER, ["--port", `${port}`, "--native-port", `${native}`], { env, stdio: ["ignore", log, log] });
    closeSync(log);
    window.parts = [driver, screen];
    window.driver = `http://127.0.0.1:${port}`;
    try {
      await until("the window's driver", () => fetch(`${window.driver}/status`));
      const capabilities = { alwaysMatch: { "tauri:options": { application: join(PROGRAMS, "liangcang") } } };
      const { sessionId } = await window.#ask("POST", "/session", { capabilities });
      window.session = `/session/${sessionId}`;
    } catch (fault) {
      // A driver left behind would keep this program waiting for it for ever.
      await window.close();
      throw fault;
    }
    return window;
  }

  async #ask(method, path, body) {
    const signal = AbortSignal.timeout(60_000);
    const answer = await fetch(`${this.driver}${path}`, { method, signal, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}: ${value.message}`);
    return value;
  }

  /** What a person can read on it. */
  text() {
    return this.#ask("POST", `${this.session}/execute/sync`, { script: "return document.body.innerText", args: [] });
  }

  /** Waits until every one of `sentences` can be read, and none of `gone`. */
  reads(sentences, gone = []) {
    let text = "";
    return until(`the window to show ${sentences.join(" | ")}`, async () => {
      text = await this.text();
      return sentences.every((sentence) => text.includes(sentence)) && !gone.some((sentence) => text.includes(sentence));
    }, 20_000).catch((fault) => {
      throw new Error(`${fault.message}; it shows:\n${text}`);
    });
  }

  /** Presses what carries this text. */
  async press(text) {
    const wanted = { using: "xpath", value: `//button[contains(., "${text}")]` };
    const found = await this.#ask("POST", `${this.session}/element`, wanted);
    await this.#ask("POST", `${this.session}/element/${found[ELEMENT]}/click`, {});
  }

  /** Keeps a picture of it. */
  async shot(file) {
    writeFileSync(file, Buffer.from(await this.#ask("GET", `${this.session}/screenshot`), "base64"));
  }

  /** Closes the window, its driver and its display. */
  async close() {
    if (this.session) await this.#ask("DELETE", this.session);
    for (const part of this.parts) {
      part.kill("SIGTERM");
      await part.ended;
    }
  }
}
