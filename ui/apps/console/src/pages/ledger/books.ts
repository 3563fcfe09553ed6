// The books as a page shows them: whether a row adds up, sums over rows, which rows a filter leaves. Pure.
import type { LedgerRow } from "../../api/types";

export interface Sums {
  set_aside: number;
  available: number;
  held: number;
  settled: number;
}

/** By how much a row does not add up: 0 where set aside = available + held + settled, and its orders say the same. */
export function offBy(row: LedgerRow): number {
  const orders = (what: "held" | "settled"): number => row.by_province.reduce((sum, it) => sum + it[what], 0);
  const equation = row.set_aside - row.available - row.held - row.settled;
  return Math.abs(equation) + Math.abs(row.held - orders("held")) + Math.abs(row.settled - orders("settled")) + Math.max(0, -row.available);
}

export function sums(rows: readonly Sums[]): Sums {
  const total = { set_aside: 0, available: 0, held: 0, settled: 0 };
  for (const row of rows) {
    total.set_aside += row.set_aside;
    total.available += row.available;
    total.held += row.held;
    total.settled += row.settled;
  }
  return total;
}

/** Rows whose SKU, warehouse or channel, by id or by name, holds every word of the filter. */
export function filtered(rows: readonly LedgerRow[], filter: string, nameOf: (row: LedgerRow) => string): LedgerRow[] {
  const words = filter.toLowerCase().split(/\s+/).filter((word) => word !== "");
  return rows.filter((row) => {
    const text = `${row.sku} ${row.warehouse} ${row.channel} ${nameOf(row)}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
