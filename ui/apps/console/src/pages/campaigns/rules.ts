// Risk rules as a page edits them: every rule is shown and sent with all its figures.
import type { Rules, RuleSetting } from "../../api/types";

/** All rules the server knows: as the campaign says, as usual where it says nothing. */
export function withUsual(set: Rules, usual: Rules): Rules {
  return Object.fromEntries(Object.keys(usual).map((rule) => [rule, { ...usual[rule], ...set[rule] }] as const));
}

/** The figures of a rule, by name. */
export function figuresOf(setting: RuleSetting): [string, number][] {
  return Object.entries(setting).filter((entry): entry is [string, number] => typeof entry[1] === "number");
}
