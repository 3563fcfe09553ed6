// Labels as a stranger reads them: ZPL drawn by a renderer that is not ours, PDF by poppler, bar codes by zbar.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import { Worker } from "node:worker_threads";

const call = promisify(execFile);
const HANDS = Math.max(2, availableParallelism());
/** Dots per inch at which a label is printed. */
const DPI = 203;

/** Deals things to as many hands as there are, each hand one after the other; gives the results in order. */
async function dealt(things, work) {
  const results = [];
  let next = 0;
  await Promise.all(Array.from({ length: HANDS }, async () => {
    while (next < things.length) {
      const at = next++;
      results[at] = await work(things[at], at);
    }
  }));
  return results;
}

/** The distinct texts of the Code 128 bars on each picture. */
export async function barsOn(pictures) {
  const piles = Array.from({ length: Math.ceil(pictures.length / 50) }, (_, pile) => pictures.slice(pile * 50, pile * 50 + 50));
  const read = await dealt(piles, async (pile) => {
    // Status 4 says that a picture had no bars; which one, the answer shows.
    const { stdout } = await call("zbarimg", ["--xml", "--quiet", "-Sdisable", "-Scode128.enable", ...pile], { maxBuffer: 64 << 20 })
      .catch((fault) => (fault.code === 4 ? fault : Promise.reject(fault)));
    const found = new Map(stdout.split("<source href='").slice(1).map((source) => {
      const texts = [...source.matchAll(/<!\[CDATA\[(.*?)\]\]>/g)].map(([, text]) => text);
      return [source.slice(0, source.indexOf("'")), [...new Set(texts)]];
    }));
    return pile.map((picture) => found.get(picture) ?? []);
  });
  return read.flat();
}

/** Draws ZPL files into `folder`; gives the pictures in order. */
export async function drawnFromZpl(files, folder) {
  mkdirSync(folder, { recursive: true });
  const pictures = files.map((file) => join(folder, `${basename(file, ".zpl")}.png`));
  const workers = Array.from({ length: HANDS }, () => new Worker(new URL("render.mjs", import.meta.url)));
  const idle = [...workers];
  try {
    await dealt(files, (file, at) => new Promise((done, failed) => {
      const worker = idle.pop();
      worker.removeAllListeners();
      worker.once("error", failed);
      worker.once("message", (fault) => {
        idle.push(worker);
        if (fault) failed(new Error(`${file}: ${fault}`));
        else done();
      });
      worker.postMessage({ file, picture: pictures[at] });
    }));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return pictures;
}

/** Fetches label PDFs and draws them into `folder`; gives the pictures in order. */
export async function drawnFromPdf(addresses, folder) {
  mkdirSync(folder, { recursive: true });
  return dealt(addresses, async (address, at) => {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
    const pdf = join(folder, `${at}.pdf`);
    writeFileSync(pdf, Buffer.from(await answer.arrayBuffer()));
    const picture = join(folder, `${at}`);
    await call("pdftoppm", ["-r", `${DPI}`, "-gray", "-png", "-singlefile", pdf, picture]);
    return `${picture}.png`;
  });
}

/** What tells one print from another: each carries its own id and time, so equal bytes are one print twice. */
export function printOf(zplFile) {
  return createHash("sha256").update(readFileSync(zplFile)).digest("hex");
}
