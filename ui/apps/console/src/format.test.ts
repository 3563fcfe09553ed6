import { expect, test } from "vitest";
import { age, count, csv, fenOf, fromField, left, moment, toField, yuan } from "./format";
import { zh } from "./words/zh";

const NOON = Date.UTC(2026, 10, 24, 4, 0, 5);

test("money is written in yuan with both decimals, also below zero", () => {
  expect([0, 5, 12_345, 123_456_789, -50].map((fen) => yuan(fen))).toEqual(["¥0.00", "¥0.05", "¥123.45", "¥1,234,567.89", "-¥0.50"]);
});

test("an amount is read exactly, and anything else is no amount", () => {
  expect(["59.9", " 59.90 ", "0", "0.29", "999999999"].map((text) => fenOf(text))).toEqual([5990, 5990, 0, 29, 99_999_999_900]);
  expect(["", ".", "1.", "-1", "1.234", "1e3", "５", "1,000", "9999999999"].filter((text) => fenOf(text) !== null)).toEqual([]);
});

test("times stand by China's clock wherever the browser is", () => {
  expect(moment(NOON)).toBe("11-24 12:00");
});

test("a date field shows China's figures and means China's moment", () => {
  const shown = new Date(toField(NOON));
  expect([shown.getHours(), shown.getMinutes()]).toEqual([12, 0]);
  expect(fromField(toField(NOON))).toBe(NOON);
});

test("an age is told in its largest unit", () => {
  expect([0, 59_999, 60_000, 3_600_000, 47 * 3_600_000, 48 * 3_600_000].map((ms) => age(ms, zh))).toEqual(["0 秒", "59 秒", "1 分", "1 小时", "47 小时", "2 天"]);
});

test("a hold counts down to nothing and never below", () => {
  expect([3_723_000, 61_000, 1, 0, -5000].map((ms) => left(NOON + ms, NOON))).toEqual(["1:02:03", "01:01", "00:01", null, null]);
});

test("figures are grouped by thousands", () => {
  expect(count(1_234_567)).toBe("1,234,567");
});

test("a cell that a spreadsheet would compute is text in the CSV, and quotes are doubled", () => {
  expect(csv([["=1+1", -5, 'a"b']])).toBe('\u{feff}"\'=1+1","-5","a""b"\r\n');
});
