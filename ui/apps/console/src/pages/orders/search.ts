// What somebody typed into the search: a phone, an order's number, nothing, or neither. Pure.

export type Search = { by: "all" } | { by: "phone"; phone: string } | { by: "number"; no: string } | { by: "neither" };

const LONGEST_NO = 64;

/** Eleven digits that begin with 1 are a phone of the mainland; order numbers of channels are longer or shorter. */
export function readSearch(text: string): Search {
  const typed = text.trim();
  if (typed === "") return { by: "all" };
  const digits = typed.replaceAll(/[\s-]/g, "").replace(/^(\+|00)86/, "");
  if (/^1\d{10}$/.test(digits)) return { by: "phone", phone: digits };
  return /^[\w-]+$/.test(typed) && typed.length <= LONGEST_NO ? { by: "number", no: typed } : { by: "neither" };
}
