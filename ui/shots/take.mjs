// Takes the pictures: `node shots/take.mjs FOLDER [NAME...]`. Every scene at two desktop
// sizes, dark and light; the hand-held's size for those that are used on one. It drives Debian's Chromium and never
// downloads a browser.
import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { chromium } from "@playwright/test";
import vue from "@vitejs/plugin-vue";
import { createServer } from "vite";

const CHROMIUM = "/usr/bin/chromium";
const SIZES = { "1366x768": [1366, 768], "1920x1080": [1920, 1080], "360x740": [360, 740] };
const THEMES = ["light", "dark"];

async function shoot(browser, base, folder, scenes, now) {
  const faults = [];
  for (const [size, [width, height]] of Object.entries(SIZES)) {
    for (const theme of THEMES) {
      const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, timezoneId: "Asia/Shanghai", locale: "zh-CN" });
      const page = await context.newPage();
      page.on("pageerror", (error) => faults.push(`${error}`));
      await page.clock.install({ time: now });
      for (const [name, { keys = [] }] of scenes) {
        await page.goto(`${base}/?scene=${name}`);
        await page.locator(".page").waitFor();
        await page.evaluate(() => document.fonts.ready);
        for (const key of keys) await page.keyboard.press(key);
        await page.clock.runFor(200);
        const cut = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth || document.documentElement.scrollHeight > innerHeight);
        if (cut) faults.push(`${name} at ${size} is larger than its window`);
        await page.screenshot({ path: `${folder}/${name}.${size}.${theme}.png`, animations: "disabled" });
      }
      await context.close();
    }
  }
  return faults;
}

const [folder, ...chosen] = process.argv.slice(2);
if (!folder) throw new Error("give the folder the pictures go to");
const server = await createServer({
  root: fileURLToPath(new URL(".", import.meta.url)),
  configFile: false,
  logLevel: "warn",
  plugins: [vue()],
  server: { port: 0, host: "127.0.0.1", fs: { allow: ["../.."] } },
});
let browser;
try {
  const { SCENES } = await server.ssrLoadModule("/scenes.ts");
  const { NOW } = await server.ssrLoadModule("/views.ts");
  const unknown = chosen.filter((name) => !(name in SCENES));
  if (unknown.length > 0) throw new Error(`no such scene: ${unknown.join(", ")}; there are ${Object.keys(SCENES).join(", ")}`);
  const scenes = Object.entries(SCENES).filter(([name]) => chosen.length === 0 || chosen.includes(name));
  await mkdir(folder, { recursive: true });
  await server.listen();
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const base = server.resolvedUrls?.local[0]?.replace(/\/$/, "") ?? "";
  const faults = await shoot(browser, base, folder, scenes, NOW);
  if (faults.length > 0) throw new Error(faults.join("\n"));
} finally {
  await browser?.close();
  await server.close();
}
