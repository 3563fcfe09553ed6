// How numbers, money and times are written. Pure; times by China's clock, wherever the browser stands.
import type { Words } from "./words/zh";

/** China is so many minutes ahead of UTC, all year. */
const CHINA_MIN = 480;
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const MOMENT = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Asia/Shanghai",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
});
const CLOCK = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** 12,345 */
export function count(number: number): string {
  return WHOLE.format(number);
}

/** ¥1,234.50 of 123450 fen. */
export function yuan(fen: number): string {
  const sign = fen < 0 ? "-" : "";
  const whole = Math.abs(fen);
  return `${sign}¥${count(Math.trunc(whole / 100))}.${String(whole % 100).padStart(2, "0")}`;
}

/** 59.9 and 59.90 are 5990 fen; null where it is no amount. No floats on the way. */
export function fenOf(text: string): number | null {
  const parts = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!parts) return null;
  return Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
}

/** 11-24 20:00 */
export function moment(at: number): string {
  const parts = Object.fromEntries(MOMENT.formatToParts(at).map((part) => [part.type, part.value]));
  return `${parts["month"]}-${parts["day"]} ${parts["hour"]}:${parts["minute"]}`;
}

/** A moment as a date field shows it, which knows only the browser's clock: the same figures as China's. */
export function toField(at: number): number {
  return at + (new Date(at).getTimezoneOffset() + CHINA_MIN) * 60_000;
}

/** The moment meant by what a date field shows. */
export function fromField(shown: number): number {
  return shown - (new Date(shown).getTimezoneOffset() + CHINA_MIN) * 60_000;
}

/** 20:00:05 */
export function clock(at: number): string {
  return CLOCK.format(at);
}

/** A length of time in its largest unit: 5 秒, 3 分, 2 小时, 4 天. */
export function age(ms: number, words: Words): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return words.age.seconds(seconds);
  if (seconds < 3600) return words.age.minutes(Math.floor(seconds / 60));
  if (seconds < 48 * 3600) return words.age.hours(Math.floor(seconds / 3600));
  return words.age.days(Math.floor(seconds / 86_400));
}

/** What is left until a moment: 1:02:03 or 02:03; null when it is over. */
export function left(until: number, now: number): string | null {
  const seconds = Math.ceil((until - now) / 1000);
  if (seconds <= 0) return null;
  const two = (n: number): string => String(n).padStart(2, "0");
  const tail = `${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return seconds >= 3600 ? `${Math.floor(seconds / 3600)}:${tail}` : tail;
}

/** Rows as CSV for a spreadsheet: every cell in quotes; one that a spreadsheet would compute is shown as text. */
export function csv(rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number): string => {
    const text = String(value);
    const safe = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return `"${safe.replaceAll('"', '""')}"`;
  };
  return `\u{feff}${rows.map((row) => row.map((value) => cell(value)).join(",")).join("\r\n")}\r\n`;
}
