// One request to the server: with the person's name, refusals as errors that carry the server's words, and a sign
// when nobody is signed in any more.

/** What the server said instead of doing it; status 0: it was not reached. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let person = "";
let signedOut: () => void = () => {};

/** Under which name acts are written down; empty: the token's. */
export function actAs(name: string): void {
  person = name;
}

/** Called when the server no longer knows this browser. */
export function whenSignedOut(then: () => void): void {
  signedOut = then;
}

/** A header's value holds bytes: each byte of the name's UTF-8 as one character. */
export function headerText(name: string): string {
  return String.fromCodePoint(...new TextEncoder().encode(name));
}

async function send(method: string, path: string, body: BodyInit | null, type: string): Promise<Response> {
  const headers = new Headers(type ? { "content-type": type } : {});
  if (person) headers.set("x-liangcang-user", headerText(person));
  try {
    return await fetch(path, { method, headers, body, credentials: "same-origin" });
  } catch {
    throw new Refused(0, "unreached", "");
  }
}

async function read<T>(answer: Response): Promise<T> {
  const text = await answer.text();
  if (answer.ok) return (text ? JSON.parse(text) : undefined) as T;
  if (answer.status === 401) signedOut();
  let said: { code?: string; error?: string; message?: string } = {};
  try {
    said = JSON.parse(text) as typeof said;
  } catch {
    said = { message: text.slice(0, 200) };
  }
  throw new Refused(answer.status, said.code ?? said.error ?? "failed", said.message ?? "");
}

export async function get<T>(path: string): Promise<T> {
  return read<T>(await send("GET", path, null, ""));
}

export async function put<T>(path: string, body: unknown): Promise<T> {
  return read<T>(await send("PUT", path, JSON.stringify(body), "application/json"));
}

export async function post<T>(path: string, body: unknown = {}): Promise<T> {
  return read<T>(await send("POST", path, JSON.stringify(body), "application/json"));
}

export async function remove(path: string): Promise<void> {
  return read(await send("DELETE", path, null, ""));
}

/** Sends a file as it is. */
export async function upload<T>(path: string, file: Blob): Promise<T> {
  return read<T>(await send("POST", path, file, "application/octet-stream"));
}

/** Whether the server knows the token; then it has left its cookie. */
export async function signIn(token: string): Promise<boolean> {
  const form = new URLSearchParams({ token });
  try {
    // The server's own page comes next there; here the cookie is all that is wanted.
    const answer = await fetch("/console/sign-in", { method: "POST", body: form, redirect: "manual" });
    if (answer.type === "opaqueredirect") return true;
    if (answer.status === 401) return false;
    throw new Refused(answer.status, "failed", "");
  } catch (fault) {
    throw fault instanceof Refused ? fault : new Refused(0, "unreached", "");
  }
}

export async function signOut(): Promise<void> {
  await fetch("/console/sign-out", { method: "POST", redirect: "manual" }).catch(() => {
    throw new Refused(0, "unreached", "");
  });
}
