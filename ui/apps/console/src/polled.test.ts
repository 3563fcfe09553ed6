import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { effectScope } from "vue";
import { polled } from "./polled";
import type { Polled } from "./polled";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Polls within a page that can be left. */
function onPage<T>(ask: () => Promise<T>, everyMs: number): { it: Polled<T>; leave: () => void } {
  const scope = effectScope();
  const it = scope.run(() => polled(ask, everyMs));
  if (!it) throw new Error("the page was left before it began");
  return { it, leave: () => scope.stop() };
}

test("a failed question keeps the last answer with its moment, and the next good one clears the fault", async () => {
  const answers = [() => Promise.resolve("first"), () => Promise.reject(new Error("no")), () => Promise.resolve("second")];
  const { it, leave } = onPage(() => (answers.shift() ?? (() => Promise.resolve("more")))(), 1000);
  await vi.advanceTimersByTimeAsync(0);
  const at = it.at.value;
  await vi.advanceTimersByTimeAsync(1000);
  expect([it.data.value, it.at.value, it.fault.value !== ""]).toEqual(["first", at, true]);
  await vi.advanceTimersByTimeAsync(1000);
  expect([it.data.value, it.fault.value]).toEqual(["second", ""]);
  leave();
});

test("an answer that comes after a later question's is dropped", async () => {
  let late: (answer: string) => void = () => {};
  const answers = [new Promise<string>((done) => { late = done; }), Promise.resolve("now")];
  const { it, leave } = onPage(() => answers.shift() ?? Promise.resolve("more"), 0);
  await it.again();
  late("before");
  await vi.advanceTimersByTimeAsync(0);
  expect(it.data.value).toBe("now");
  leave();
});

test("a server that needs two seconds is asked again after eight", async () => {
  let asked = 0;
  const slow = (): Promise<number> => new Promise((done) => { asked += 1; setTimeout(() => done(asked), 2000); });
  const { leave } = onPage(slow, 1000);
  await vi.advanceTimersByTimeAsync(9_900);
  expect(asked).toBe(1);
  await vi.advanceTimersByTimeAsync(200);
  expect(asked).toBe(2);
  leave();
});

test("a page that was left asks nothing more", async () => {
  const ask = vi.fn<() => Promise<number>>(() => Promise.resolve(1));
  const { leave } = onPage(ask, 1000);
  await vi.advanceTimersByTimeAsync(0);
  leave();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(ask).toHaveBeenCalledTimes(1);
});
