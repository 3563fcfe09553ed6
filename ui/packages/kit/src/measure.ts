// Weights, times and sizes as a person reads them. Leaves out the words around them.

/** `5.08` for 5080 g: two decimals, which is what a bench scale shows. */
export function kilograms(grams: number): string {
  return (grams / 1000).toFixed(2);
}

const WALL_CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" });

/** `09:05` by the clock on the wall: China has one time zone, whatever the PC is set to. */
export function clock(ms: number): string {
  return WALL_CLOCK.format(ms);
}

/** `1:05:09`, `12:03`: what is left of a span, never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number): string => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${two(m)}:${two(s)}`;
}

/** The size a name ends with (`5kg`, `1.8L`), to write on the picture; empty when it names none. */
export function sizeMark(name: string): string {
  const found = /(\d+(?:\.\d+)?)\s*(kg|g|ml|l|公斤|千克|克|升|毫升|斤)/i.exec(name);
  return found ? `${found[1]}${found[2]}` : "";
}

/** The last four characters, which a person compares at a glance. */
export function tail(code: string): string {
  return code.slice(-4);
}
