import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { httpTransport, waitBefore } from "./http";
import { Refused, Unreachable } from "./transport";
import type { Link } from "./transport";

/** A WebSocket whose other end is the test. */
class FakeSocket extends EventTarget {
  static made: FakeSocket[] = [];
  readonly url: string;

  constructor(url: URL) {
    super();
    this.url = String(url);
    FakeSocket.made.push(this);
  }

  close(): void {
    this.dispatchEvent(new Event("close"));
  }

  say(data: unknown): void {
    this.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(data) }));
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.made = [];
  vi.stubGlobal("WebSocket", FakeSocket);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("views over the LAN", () => {
  test("a broken line is said and opened again, each time after a longer wait", () => {
    const links: Link[] = [];
    httpTransport("http://10.0.0.7:8077/").live(() => {}, (link) => links.push(link));
    expect(FakeSocket.made[0]?.url).toBe("ws://10.0.0.7:8077/api/live");
    FakeSocket.made[0]?.close();
    expect(links).toEqual(["joining", "lost"]);
    vi.advanceTimersByTime(waitBefore(0));
    expect(FakeSocket.made).toHaveLength(2);
    FakeSocket.made[1]?.close();
    vi.advanceTimersByTime(waitBefore(1) - 1);
    expect(FakeSocket.made).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(FakeSocket.made).toHaveLength(3);
  });

  test("the line counts as joined when the first view is there", () => {
    const links: Link[] = [];
    const views: unknown[] = [];
    httpTransport("https://station/").live((view) => views.push(view), (link) => links.push(link));
    expect(FakeSocket.made[0]?.url).toBe("wss://station/api/live");
    FakeSocket.made[0]?.say({ now_ms: 1 });
    expect(links).toEqual(["joining", "joined"]);
    expect(views).toEqual([{ now_ms: 1 }]);
  });

  test("a line that was left is not opened again", () => {
    const leave = httpTransport("http://station/").live(() => {}, () => {});
    leave();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.made).toHaveLength(1);
  });

  test("the wait grows to eight seconds and stays there", () => {
    expect([0, 3, 5, 99].map(waitBefore)).toEqual([250, 2000, 8000, 8000]);
  });
});

describe("commands over the LAN", () => {
  const answering = (status: number, body: unknown): void => {
    vi.stubGlobal("fetch", vi.fn(() => Promise.resolve(Response.json(body, { status }))));
  };

  test("a command is one JSON object with its name in it", async () => {
    answering(200, {});
    await httpTransport("http://station/").call("scan", { code: "TOTE-0001" });
    const [url, init] = vi.mocked(fetch).mock.calls[0] ?? [];
    expect(String(url)).toBe("http://station/api/call");
    expect(JSON.parse(String(init?.body))).toEqual({ command: "scan", code: "TOTE-0001" });
  });

  test("a fault is a refusal with its code", async () => {
    answering(409, { code: "task_in_hand", detail: "a walk" });
    const refused = await httpTransport("http://station/").call("sign_off", {}).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(Refused);
    expect((refused as Refused).fault.code).toBe("task_in_hand");
  });

  test("no answer at all is told apart from a refusal", async () => {
    vi.stubGlobal("fetch", vi.fn(() => Promise.reject(new TypeError("network"))));
    const asked = httpTransport("http://station/").call("sync_now", {}).catch((error: unknown) => error);
    await vi.runAllTimersAsync();
    expect(await asked).toBeInstanceOf(Unreachable);
  });

  test("a command whose answer was lost is asked again under the same gesture", async () => {
    const lost = vi.fn<typeof fetch>().mockRejectedValueOnce(new TypeError("network"));
    vi.stubGlobal("fetch", lost.mockResolvedValue(Response.json({})));
    const asked = httpTransport("http://station/").call("scan", { code: "TOTE-0001" });
    await vi.runAllTimersAsync();
    await asked;
    const gestures = lost.mock.calls.map(([, init]) => new Headers(init?.headers).get("x-gesture"));
    expect(gestures).toHaveLength(2);
    expect(gestures[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(gestures[1]).toBe(gestures[0]);
  });
});
