// The details of an act in a few words. What the server wrote is read with care: an older one may have written less.
import type { ActRow } from "../../api/types";
import { count } from "../../format";
import type { Words } from "../../words/zh";

type Row = Record<string, unknown>;

function rows(value: unknown): Row[] {
  return Array.isArray(value) ? value.filter((it): it is Row => typeof it === "object" && it !== null) : [];
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

/** What an act was about; empty where its name says all. */
export function actWords({ act, detail }: ActRow, words: Words): string {
  switch (act) {
    case "armed":
      return words.actDetail.armed(count(number(detail["rows"])), count(number(detail["units"])));
    case "closed":
      return words.actDetail.back(count(rows(detail["back"]).reduce((sum, row) => sum + number(row["qty"]), 0)));
    case "stock_changed":
      return rows(detail["changes"])
        .map((row) => `${String(row["warehouse"])} ${String(row["sku"])} ${number(row["by"]) > 0 ? "+" : "−"}${count(Math.abs(number(row["by"])))}`)
        .join(", ");
    case "limits_set":
      return `${words.campaigns.perBuyer(number(detail["buyer_limit"]))}, ${words.campaigns.perAddress(number(detail["address_limit"]))}`;
    default:
      return "";
  }
}
