// A hand of `drawnFromZpl`: draws one ZPL file after the other.
import { readFileSync, writeFileSync } from "node:fs";
import { parentPort } from "node:worker_threads";
import { ready } from "zpl-renderer-js";

/** The label of the sample station: millimetres, and dots per millimetre. */
const [WIDTH, HEIGHT, DOTS] = [100, 150, 8];

parentPort.on("message", async ({ file, picture }) => {
  try {
    const { api } = await ready;
    const png = await api.zplToBase64Async(readFileSync(file, "latin1"), WIDTH, HEIGHT, DOTS);
    writeFileSync(picture, Buffer.from(png, "base64"));
    parentPort.postMessage(null);
  } catch (fault) {
    parentPort.postMessage(`${fault}`);
  }
});
