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

/** The transport of a browser that got its page from `base` (`http://10.0.0.7:8077/`). */
export function httpTransport(base: string): Transport {
  const callUrl = new URL("api/call", base);
  const liveUrl = new URL("api/live", base);
  liveUrl.protocol = liveUrl.protocol === "https:" ? "wss:" : "ws:";

  const call = async <N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N>> => {
    const body = JSON.stringify({ command, ...args });
    const headers = { "content-type": "application/json" };
    let status: number;
    let answer: unknown;
    try {
      const response = await fetch(callUrl, { method: "POST", headers, body });
      status = response.status;
      answer = await response.json();
    } catch (error) {
      throw new Unreachable(error);
    }
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
