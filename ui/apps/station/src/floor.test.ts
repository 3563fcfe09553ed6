// The floor as a person has it before them: a view comes, a scan or a key goes to the engine.
import type { View } from "@liangcang/contract";
import { Refused } from "@liangcang/contract";
import { fakeTransport } from "@liangcang/contract/fake";
import type { Answers, FakeTransport } from "@liangcang/contract/fake";
import { cleanup, render, screen } from "@testing-library/vue";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { nextTick } from "vue";
import { answer, GOODS, handOver, IDLE, NOW, pack, print, walk } from "../../../shots/views";
import App from "./App.vue";

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
});

afterEach(() => {
  cleanup();
  vi.useRealTimers();
});

function open(view: View, answers: Answers = {}): FakeTransport {
  const transport = fakeTransport(view, answers);
  render(App, { props: { transport } });
  return transport;
}

/** Presses keys where the focus is; tells those the browser itself would still have acted on. */
async function keys(...names: string[]): Promise<string[]> {
  const left: string[] = [];
  for (const key of names) {
    const target = document.activeElement ?? document.body;
    if (target.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }))) left.push(key);
    await nextTick();
  }
  return left;
}

const text = (): string => document.body.textContent ?? "";
const title = (): string => screen.getByRole("heading", { level: 1 }).textContent ?? "";

describe("signing on", () => {
  test("without a person every task screen asks for the badge", () => {
    open({ ...IDLE, operator: null });
    expect(title()).toBe("扫工牌");
  });

  test("a badge scanned reaches the engine", async () => {
    const { asked } = open({ ...IDLE, operator: null });
    await keys(..."OP-zhou", "Enter");
    expect(asked).toEqual([{ command: "scan", args: { code: "OP-zhou" } }]);
  });

  test("a stranger can turn to the other language without a pointer", async () => {
    const { asked } = open({ ...IDLE, operator: null });
    await keys("ArrowDown");
    (document.activeElement as HTMLElement).click();
    expect(asked).toEqual([{ command: "set_language", args: { language: "en" } }]);
  });
});

describe("picking", () => {
  test("a walk in hand brings its screen up by itself", async () => {
    const transport = open(IDLE);
    expect(text()).toContain("波次");
    transport.show(walk({ step: "bin" }, ""));
    await nextTick();
    expect(screen.getByRole("list", { name: "A-03-02-1" }).textContent).toBe("A区3排2列1层");
  });

  test("at the bin the screen tells how many to take there", () => {
    open(walk({ step: "bin" }, ""));
    expect(text()).toContain("到了取 3袋");
  });

  test("the units still to take are the big number, not all units", () => {
    open(walk({}, ""));
    expect(text()).toMatch(/取\s*3\s*袋/);
    expect(text()).toContain("2 / 5");
  });

  test("check digits typed go to the engine as a number", async () => {
    const { asked } = open(walk({ step: "bin" }, ""));
    await keys("4", "7");
    expect(screen.getByText("47")).toBeTruthy();
    await keys("Enter");
    expect(asked).toEqual([{ command: "key", args: { digits: "47" } }]);
  });

  test("a short is pressed by its key", async () => {
    const { asked } = open(walk({}, ""));
    await keys("F4");
    expect(asked).toEqual([{ command: "press", args: { action: "short" } }]);
  });

  test("an action that is not offered now is not sent", async () => {
    const { asked } = open(walk({ step: "tote" }, ""));
    await keys("F4", "F8");
    expect(asked).toEqual([]);
  });

  test("a reason is asked with its digits", () => {
    open(walk({ step: "reason" }, ""));
    expect(screen.getByRole("button", { name: /4\s*够不着/ })).toBeTruthy();
  });

  test("goods of a cancelled order are put back, not taken", () => {
    const view = walk({}, "");
    if (view.task.kind === "walk" && view.task.screen.line) view.task.screen.line = { ...view.task.screen.line, kind: "put_back" };
    open(view);
    expect(text()).toContain("订单取消了");
    expect(text()).toMatch(/放回\s*3\s*袋/);
  });
});

describe("answers", () => {
  const wrong = answer({ kind: "wrong", mistake: { code: "wrong_item", expected: "RAPE5", got: "PEANUT5" } }, GOODS.rapeseed, GOODS.peanut);

  test("a wrong item is named with both pictures, and stays", async () => {
    open(pack({}, { answer: wrong }));
    vi.advanceTimersByTime(60_000);
    await nextTick();
    const alert = screen.getByRole("alert");
    expect(alert.textContent).toContain("这是花生油");
    expect(alert.querySelectorAll("svg.item")).toHaveLength(2);
  });

  test("the next right scan takes a mistake away", async () => {
    const transport = open(pack({}, { answer: wrong }));
    transport.show(pack({}, { answer: { ...answer({ kind: "right" }), seq: 43 } }));
    await nextTick();
    expect(screen.queryByRole("alert")).toBeNull();
  });

  test("right is shown for a moment only", async () => {
    open(pack({}, { answer: answer({ kind: "right" }) }));
    expect(document.querySelector(".right")).toBeTruthy();
    vi.advanceTimersByTime(1000);
    await nextTick();
    expect(document.querySelector(".stage > .right")).toBeNull();
  });

  test("a recalled order stays as a band when its moment is over", async () => {
    open(walk({}, "", { answer: answer({ kind: "attention", notice: { code: "recalled", order: "69" } }) }));
    expect(screen.getAllByRole("alert")).toHaveLength(2);
    vi.advanceTimersByTime(3000);
    await nextTick();
    expect(screen.getByRole("alert").textContent).toContain("订单 69 取消了");
  });

  test("codes of a wrong place are shown side by side", () => {
    open(walk({}, "", { answer: answer({ kind: "wrong", mistake: { code: "wrong_bin", expected: "A-03-02-1", got: "A-03-12-1" } }) }));
    const alert = screen.getByRole("alert");
    expect(alert.querySelectorAll("figure")).toHaveLength(2);
    expect(alert.textContent).toContain("A-03-12-1");
  });
});

describe("packing", () => {
  test("a bundle is drawn as its parts, with the one to scan now in the middle", () => {
    open(pack({}));
    expect(title()).toBe("物理压榨菜籽油 5L");
    expect(text()).toContain("组合装");
    expect(document.querySelectorAll(".tray .parts li")).toHaveLength(4);
  });

  test("packaging comes with its reason", () => {
    open(pack({ step: "packaging" }));
    expect(title()).toBe("五层加强箱 M");
    expect(text()).toContain("有油瓶：硬纸箱，瓶口朝上");
  });

  test("the scale is told what the parcel should weigh", () => {
    open(pack({ step: "weigh" }));
    expect(text()).toContain("19.69 kg");
    expect(text()).toContain("± 0.20 kg");
  });

  test("a label that was sent is not called printed", () => {
    open(pack({ step: "scan_back", prints: [print("sent")] }));
    const dots = [...document.querySelectorAll(".dots li")].map((dot) => dot.className);
    expect(dots).toEqual(["done", "done", "open", "open"]);
  });

  test("a label nobody can vouch for is asked after", () => {
    open(pack({ step: "scan_back", prints: [print("unknown")] }));
    expect(title()).toBe("面单出来了吗？");
    expect(document.querySelector(".dots .unknown")).toBeTruthy();
  });

  test("a printer out of paper is named where the label is awaited", async () => {
    const sticky: View["sticky"] = [{ code: "printer_blocked", printer: "printer-1", why: "paper_out", waiting: 1 }];
    open(pack({ step: "print", prints: [print("stored")] }, { sticky }));
    expect(title()).toBe("打印机缺纸");
    await keys("F12");
    expect(text()).toContain("192.168.8.21:9100");
    expect(text()).toContain("回到任务");
    await keys("Home");
    expect(title()).toBe("打印机缺纸");
  });

  test("of a waybill the last four characters are the big ones", () => {
    open(pack({ step: "scan_back", prints: [print("printed")] }));
    expect(document.querySelector(".waybill b")?.textContent).toBe("7216");
  });
});

describe("hand-over", () => {
  test("the count in the cage and what is still outside are shown", () => {
    open(handOver({}));
    expect(document.querySelector(".count b")).toBeTruthy();
    expect(text()).toContain("还有 17 件没装");
  });

  test("closing the cage is called what it is", async () => {
    const { asked } = open(handOver({}));
    expect(screen.getByRole("button", { name: /交给司机/ })).toBeTruthy();
    await keys("F6");
    expect(asked).toEqual([{ command: "press", args: { action: "next" } }]);
  });
});

describe("the day", () => {
  test("a lead releases a wave by arrow and press, and sees what came of it", async () => {
    const { asked } = open(IDLE, { release_wave: { orders: 184, walks: 12, left_out: [{ order: "1", reason: "short" }] } });
    await keys("ArrowDown");
    (document.activeElement as HTMLElement).click();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toEqual([{ command: "release_wave", args: { carrier: "ZTO" } }]);
    expect(text()).toContain("下发了 184 单，12 趟拣货");
    expect(text()).toContain("1 单没有下发 (缺货)");
  });

  test("who does not lead cannot release", () => {
    open({ ...IDLE, operator: { id: "li", name: "李建军", lead: false } });
    const release = screen.getAllByRole<HTMLButtonElement>("button", { name: /下发波次/ });
    expect(release.every((button) => button.disabled)).toBe(true);
  });

  test("empty lists say why they are empty", () => {
    open({ ...IDLE, today: { ready: [], waves: [], walks: [], totes: [], cages: [], short: 0, cancelled: 0 } });
    for (const why of ["有待下发的订单时，组长下发一个波次", "来的都已下发", "下发波次后出现", "没有拣好的周转箱", "等第一次同步"]) {
      expect(text()).toContain(why);
    }
  });

  test("a refusal says what is wrong and what to do, and goes with the next thing done", async () => {
    const fault = new Refused({ code: "task_in_hand", detail: "a walk" });
    open(IDLE, { fault });
    await keys(..."TOTE-0007", "Enter");
    await vi.advanceTimersByTimeAsync(0);
    expect(screen.getByRole("alert").textContent).toBe("手上还有任务先做完，或按离开");
  });

  test("working alone is on every screen, with what waits and since when", async () => {
    open({ ...IDLE, sync: { ...IDLE.sync, connected: false, pending: 14 } });
    for (const _ of "123456") {
      expect(text()).toMatch(/起独立工作 · 14 条待传/);
      await keys("ArrowRight");
    }
  });

  test("a lost line to the station is said on the screen", async () => {
    const transport = open(IDLE);
    transport.link("lost");
    await nextTick();
    expect(screen.getByRole("alert").textContent).toContain("正在重连");
  });
});

test("an English screen has no Chinese but names of people, goods and places", () => {
  for (const view of [walk({ step: "bin" }, ""), pack({}), handOver({}), IDLE]) {
    open({ ...view, language: "en" });
    const names = [...Object.values(GOODS).flatMap((goods) => [goods.name, goods.short_name]), "周桂芳", "李建军", "上海一号仓"];
    names.push("秋收尝鲜礼包(米+油+小米)", "五层加强箱 M");
    const rest = names.reduce((all, name) => all.replaceAll(name, ""), text());
    expect(rest).not.toMatch(/[\u4e00-\u9fff]/);
    cleanup();
  }
});

test("help shows every action of the moment, and the next scan closes it and still counts", async () => {
  const { asked } = open(pack({}));
  await keys("F1");
  expect(screen.getByRole("dialog").querySelectorAll("li")).toHaveLength(3);
  await keys(..."6901234567892", "Enter");
  expect(screen.queryByRole("dialog")).toBeNull();
  expect(asked).toEqual([{ command: "scan", args: { code: "6901234567892" } }]);
});

test("a scan reaches the engine and presses no button, whatever has the focus", async () => {
  const { asked } = open(IDLE);
  expect(await keys("ArrowDown", ..."TOTE-0007", "Enter")).toEqual([]);
  expect(asked).toEqual([{ command: "scan", args: { code: "TOTE-0007" } }]);
});

test("a function key never does what the browser does with it, a space presses the button in focus", async () => {
  open(IDLE);
  expect(await keys("F1", "F3", "F5", "F11", "F12")).toEqual([]);
  expect(await keys(" ")).toEqual([" "]);
});
