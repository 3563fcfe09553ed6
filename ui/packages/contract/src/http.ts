// The line over the LAN: commands by POST, views by a WebSocket that is opened again whenever it breaks.
import type { View } from "./generated/View";
import { isFault, Refused, Unreachable } from "./transport";
import type { Args, CommandName, Link, Reply, Transport } from "./transport";

/** Waits before the next try, in milliseconds; the last one is kept. */
const WAITS_MS = [250, 500, 1_000, 2_000, 4_000, 8_000] as const;

/** How long to wait before try number `tries` (from 0). */
export function waitBefore(tries: number): number {
  return WAITS_MS[Math.min(tries, WAITS_MS.length - 1)] ?? 0;
}

/** How often a command whose answer was lost is asked again, under the same gesture. */
const RETRIES = 3;

/** A new gesture id: a random UUID, also on a page that is not served over TLS, where `randomUUID` is absent. */
function newGesture(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The transport of a browser that got its page from `base` (`http://10.0.0.7:8077/`). */
export function httpTransport(base: string): Transport {
  const callUrl = new URL("api/call", base);
  const liveUrl = new URL("api/live", base);
  liveUrl.protocol = liveUrl.protocol === "https:" ? "wss:" : "ws:";

  const call = async <N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N>> => {
    const body = JSON.stringify({ command, ...args });
    // One gesture, one id: the station records it once, however often it is asked.
    const headers = { "content-type": "application/json", "x-gesture": newGesture() };
    const ask = async (tries: number): Promise<Response> => {
      try {
        return await fetch(callUrl, { method: "POST", headers, body });
      } catch (error) {
        if (tries >= RETRIES) throw new Unreachable(error);
        await new Promise((resolve) => setTimeout(resolve, waitBefore(tries)));
        return ask(tries + 1);
      }
    };
    const response = await ask(0);
    const status = response.status;
    const answer: unknown = await response.json().catch((error: unknown) => {
      throw new Unreachable(error);
    });
    if (status >= 200 && status < 300) return answer as Reply<N>;
    throw isFault(answer) ? new Refused(answer) : new Unreachable(`HTTP ${status}`);
  };

  const live = (onView: (view: View) => void, onLink: (link: Link) => void): (() => void) => {
    let socket: WebSocket | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let tries = 0;
    let ended = false;
    const join = (): void => {
      socket = new WebSocket(liveUrl);
      socket.addEventListener("message", (event: MessageEvent<string>) => {
        tries = 0;
        onLink("joined");
        onView(JSON.parse(event.data) as View);
      });
      socket.addEventListener("close", () => {
        if (ended) return;
        onLink("lost");
        timer = setTimeout(join, waitBefore(tries));
        tries += 1;
      });
    };
    onLink("joining");
    join();
    return () => {
      ended = true;
      clearTimeout(timer);
      socket?.close();
    };
  };
  return { call, live, sounds: true };
}
