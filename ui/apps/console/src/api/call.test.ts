import { afterEach, expect, test, vi } from "vitest";
import type { Mock } from "vitest";
import { actAs, get, headerText, post, Refused, signIn, whenSignedOut } from "./call";

afterEach(() => vi.unstubAllGlobals());

type Fetch = (path: string, request: { headers: Headers }) => Promise<Response>;

function answers(answer: Response | Error): Mock<Fetch> {
  const asked = vi.fn<Fetch>(() => (answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer)));
  vi.stubGlobal("fetch", asked);
  return asked;
}

const refusal = (status: number, body: string): Promise<Refused> => {
  answers(new Response(body, { status }));
  return get("/api/x").then(() => expect.fail("it was not refused"), (fault: Refused) => fault);
};

test("a refusal carries the server's code and words", async () => {
  const fault = await refusal(409, '{"code":"not_enough_stock","message":"SH RICE5 asked 3 free 1"}');
  expect(fault).toBeInstanceOf(Refused);
  expect([fault.status, fault.code, fault.message]).toEqual([409, "not_enough_stock", "SH RICE5 asked 3 free 1"]);
});

test("a refusal that is no JSON, as a proxy writes it, is still told", async () => {
  expect((await refusal(502, "<h1>Bad gateway</h1>")).message).toContain("Bad gateway");
});

test("a server that cannot be reached is told apart from one that refuses", async () => {
  answers(new TypeError("network"));
  await expect(get("/api/x")).rejects.toMatchObject({ status: 0, code: "unreached" });
});

test("only an unknown token signs the person out", async () => {
  const out = vi.fn<() => void>();
  whenSignedOut(out);
  await refusal(403, "{}");
  expect(out).not.toHaveBeenCalled();
  await refusal(401, "{}");
  expect(out).toHaveBeenCalledOnce();
});

test("a Chinese name travels as the bytes of its UTF-8", async () => {
  actAs("王");
  const asked = answers(new Response("{}"));
  await post("/api/x", {});
  expect(asked.mock.calls[0]?.[1].headers.get("x-liangcang-user")).toBe(headerText("王"));
  expect([...headerText("王")].map((sign) => sign.codePointAt(0))).toEqual([0xe7, 0x8e, 0x8b]);
  actAs("");
});

test("a wrong token is no fault but an answer", async () => {
  answers(new Response("", { status: 401 }));
  expect(await signIn("x")).toBe(false);
});
