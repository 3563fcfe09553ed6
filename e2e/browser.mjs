// A browser for the office's pages: Debian's Chromium without a window, and everything it complains about.
import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

/** One browser with a home of its own. */
export class Browser {
  /** What pages threw or were refused, in words; a test that ends with any of it has failed. */
  complaints = [];

  static async open(folder, { width = 1366, height = 768 } = {}) {
    const browser = new Browser();
    browser.home = mkdtempSync(join(folder, "browser-"));
    browser.context = await chromium.launchPersistentContext(browser.home, {
      executablePath: CHROMIUM,
      args: QUIET,
      viewport: { width, height },
      colorScheme: "light",
      locale: "zh-CN",
      timezoneId: "Asia/Shanghai",
    });
    [browser.page] = browser.context.pages();
    browser.page.on("pageerror", (fault) => browser.complaints.push(`thrown: ${fault.message}`));
    browser.page.on("console", (said) => {
      // A refused request is also said to the console; tests look at refusals on the page itself.
      if (said.type() === "error" && !said.text().startsWith("Failed to load resource")) browser.complaints.push(said.text());
    });
    return browser;
  }

  /** A page of a stranger, in which no script runs. */
  async plain() {
    const context = await this.context.browser().newContext({ javaScriptEnabled: false });
    return context.newPage();
  }

  async close() {
    await this.context.close();
    await rm(this.home, { recursive: true, force: true });
  }
}
