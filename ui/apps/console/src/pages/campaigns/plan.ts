// A campaign as somebody is typing it: the draft, what is wrong with it field by field, and the body it becomes.
// Pure. The server checks everything again and has the last word.
import type { Goods, Plan, ProvinceQuota, ProvinceTaken, StockWish, Story } from "../../api/types";
import { count, fenOf } from "../../format";
import type { Words } from "../../words/zh";

const MINUTE_MS = 60_000;
const LONGEST_UNPAID_MIN = 7 * 24 * 60;
const LONGEST_NAME = 80;
const LONGEST_CHANNEL = 40;

/** What stands in the fields. Prices as typed; times in epoch milliseconds, null while there is none. */
export interface Draft {
  id: string;
  name: string;
  host: string;
  channel: string;
  starts_at: number | null;
  ends_at: number | null;
  split_allowed: boolean;
  buyer_limit: number;
  address_limit: number;
  unpaid_min: number;
  offers: { code: string; price: string; expected: number }[];
  set_aside: StockWish[];
  province_quotas: ProvinceQuota[];
}

export function emptyDraft(): Draft {
  return {
    id: "",
    name: "",
    host: "",
    channel: "",
    starts_at: null,
    ends_at: null,
    split_allowed: false,
    buyer_limit: 0,
    address_limit: 0,
    unpaid_min: 15,
    offers: [{ code: "", price: "", expected: 0 }],
    set_aside: [],
    province_quotas: [],
  };
}

/** The plan of a campaign, to be changed. */
export function draftOf(story: Story): Draft {
  const { id, name, host, channel, starts_at, ends_at, split_allowed, buyer_limit, address_limit } = story;
  return {
    id,
    name,
    host,
    channel,
    starts_at,
    ends_at,
    split_allowed,
    buyer_limit,
    address_limit,
    unpaid_min: Math.round(story.unpaid_ms / MINUTE_MS),
    offers: story.offers.map((it) => ({ code: it.code, price: (it.price_fen / 100).toFixed(2), expected: it.expected })),
    set_aside: story.set_aside.map((it) => ({ warehouse: it.warehouse, sku: it.sku, channel: it.channel, qty: it.qty })),
    province_quotas: story.province_quotas.map(({ province, most }) => ({ province, most })),
  };
}

/** The body the server takes; only of a draft without faults. `rules`: what the campaign sets of them. */
export function planOf(draft: Draft, rules: Plan["rules"]): Plan {
  const { unpaid_min, offers, starts_at, ends_at, ...rest } = draft;
  return {
    ...rest,
    id: rest.id.trim(),
    name: rest.name.trim(),
    host: rest.host.trim(),
    channel: rest.channel.trim(),
    starts_at: starts_at ?? 0,
    ends_at: ends_at ?? 0,
    unpaid_ms: unpaid_min * MINUTE_MS,
    rules,
    offers: offers.map(({ code, price, expected }) => ({ code, price_fen: fenOf(price) ?? 0, expected })),
  };
}

/** What is wrong, by field: `name`, `offer.0.price`, `stock.2.qty`, … */
export type Faults = Record<string, string>;

const whole = (value: number, least: number): boolean => Number.isInteger(value) && value >= least;

export function faultsOf(draft: Draft, words: Words): Faults {
  const say = words.planFault;
  const faults: Faults = {};
  const no = (field: string, wrong: boolean, text: string): void => {
    if (wrong && !(field in faults)) faults[field] = text;
  };
  const [id, name] = [draft.id.trim(), draft.name.trim()];
  no("id", id === "daily", say.idDaily);
  no("id", !/^[a-z0-9-]{1,40}$/.test(id), say.id);
  no("name", name === "" || [...name].length > LONGEST_NAME, say.name);
  no("host", [...draft.host.trim()].length > LONGEST_NAME, say.long);
  no("channel", [...draft.channel.trim()].length > LONGEST_CHANNEL, say.channel);
  no("times", draft.starts_at === null || draft.ends_at === null, say.times);
  no("times", (draft.ends_at ?? 0) <= (draft.starts_at ?? 0), say.ends);
  no("buyer_limit", !whole(draft.buyer_limit, 0), say.whole);
  no("address_limit", !whole(draft.address_limit, 0), say.whole);
  no("unpaid_min", !whole(draft.unpaid_min, 1) || draft.unpaid_min > LONGEST_UNPAID_MIN, say.unpaid);
  no("offers", draft.offers.length === 0, say.offers);
  rowFaults(draft, words, no);
  return { ...faults, ...quotaFaults(draft.province_quotas, [], words) };
}

/** What is wrong with quotas, where provinces may have taken orders already. */
export function quotaFaults(rows: readonly ProvinceQuota[], taken: readonly ProvinceTaken[], words: Words): Faults {
  const say = words.planFault;
  const faults: Faults = {};
  const had = new Map(taken.map((it) => [it.province, it.taken]));
  for (const [at, { province, most }] of rows.entries()) {
    const already = had.get(province) ?? 0;
    if (province === "") faults[`quota.${at}.province`] = say.province;
    else if (rows.findIndex((it) => it.province === province) < at) faults[`quota.${at}.province`] = say.twice;
    if (!whole(most, 0)) faults[`quota.${at}.most`] = say.whole;
    else if (most < already) faults[`quota.${at}.most`] = words.campaigns.quotaTaken(count(already));
  }
  return faults;
}

function rowFaults(draft: Draft, words: Words, no: (field: string, wrong: boolean, text: string) => void): void {
  const say = words.planFault;
  const takes = draft.channel.trim();
  const seen = new Set<string>();
  const again = (key: string): boolean => seen.size === seen.add(key).size;
  for (const [at, { code, price, expected }] of draft.offers.entries()) {
    no(`offer.${at}.code`, code === "", say.offer);
    no(`offer.${at}.code`, again(`offer ${code}`), say.twice);
    no(`offer.${at}.price`, fenOf(price) === null, say.price);
    no(`offer.${at}.expected`, !whole(expected, 0), say.whole);
  }
  for (const [at, { warehouse, sku, channel, qty }] of draft.set_aside.entries()) {
    const theirs = channel.trim();
    no(`stock.${at}.sku`, sku === "", say.sku);
    no(`stock.${at}.sku`, again(`stock ${warehouse} ${sku} ${theirs}`), say.twice);
    no(`stock.${at}.warehouse`, warehouse === "", say.warehouse);
    no(`stock.${at}.channel`, takes !== "" && theirs !== "" && theirs !== takes, say.otherChannel(takes));
    no(`stock.${at}.qty`, !whole(qty, 1), say.qty);
  }
}

/** A pool a plan would take from. */
export interface PoolWish {
  warehouse: string;
  sku: string;
  asked: number;
  free: number;
  short: number;
}

const freeAt = (goods: Goods | null, warehouse: string, sku: string): number =>
  goods?.warehouses.find((it) => it.id === warehouse)?.free.find((it) => it.sku === sku)?.units ?? 0;

/** Every pool the rows take from together, those that are short first. */
export function missing(rows: readonly StockWish[], goods: Goods | null): PoolWish[] {
  const pools = new Map<string, PoolWish>();
  for (const { warehouse, sku, qty } of rows) {
    const key = `${warehouse} ${sku}`;
    const asked = (pools.get(key)?.asked ?? 0) + qty;
    const free = freeAt(goods, warehouse, sku);
    pools.set(key, { warehouse, sku, asked, free, short: goods ? Math.max(0, asked - free) : 0 });
  }
  return [...pools.values()].toSorted((a, b) => b.short - a.short);
}

/** Units of each SKU that all expected sales need; bundles as their parts. */
export function expectedUnits(offers: Draft["offers"], goods: Goods): Map<string, number> {
  const units = new Map<string, number>();
  for (const { code, expected } of offers) {
    const parts = goods.bundles.find((it) => it.id === code)?.parts ?? [{ sku: code, qty: 1 }];
    for (const { sku, qty } of parts) units.set(sku, (units.get(sku) ?? 0) + qty * expected);
  }
  return units;
}

/** Rows that cover what is expected: dealt to warehouses by what they have free, no more than that. */
export function filledStock(offers: Draft["offers"], goods: Goods): StockWish[] {
  const rows: StockWish[] = [];
  for (const [sku, wanted] of expectedUnits(offers, goods)) {
    const free = goods.warehouses.map((it) => ({ warehouse: it.id, units: freeAt(goods, it.id, sku) }));
    const all = free.reduce((sum, it) => sum + it.units, 0);
    const most = Math.min(wanted, all);
    let dealt = 0;
    let seen = 0;
    for (const { warehouse, units } of free) {
      seen += units;
      // Shares by running totals: the whole is met exactly, whatever is rounded on the way.
      const upTo = all > 0 ? Math.floor((most * seen) / all) : 0;
      if (upTo > dealt) rows.push({ warehouse, sku, channel: "", qty: upTo - dealt });
      dealt = upTo;
    }
  }
  return rows;
}
