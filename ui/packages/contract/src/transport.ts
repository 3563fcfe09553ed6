// What a screen may ask of a station, whichever way the two are connected. Leaves out the connection itself.
import type { Commands } from "./generated/Commands";
import type { Fault } from "./generated/Fault";
import type { View } from "./generated/View";

export type CommandName = keyof Commands;
export type Args<N extends CommandName> = Commands[N]["args"];
export type Reply<N extends CommandName> = Commands[N]["reply"];

/** How the screen's own line to its station stands. It is not the sync pill, which is about the server. */
export type Link = "joining" | "joined" | "lost";

/** The way from a screen to its station. */
export interface Transport {
  /** Carried out, or rejected with `Refused` (the station said no) or `Unreachable` (nobody answered). */
  call<N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N>>;
  /** Every view as it comes, the first one soon; ends when the function it returns is called. */
  live(onView: (view: View) => void, onLink: (link: Link) => void): () => void;
  /** Whether this screen must make its own sounds, because the station cannot be heard where it stands. */
  readonly sounds: boolean;
}

/** The station answered, and did not do it. */
export class Refused extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(`${fault.code}: ${fault.detail}`);
    this.name = "Refused";
    this.fault = fault;
  }
}

/** The station did not answer. Whether it did what was asked is not known: the next view tells. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("the station does not answer", { cause });
    this.name = "Unreachable";
  }
}

/** Whether something thrown across the line has the shape of a fault. */
export function isFault(value: unknown): value is Fault {
  return typeof value === "object" && value !== null && "code" in value && "detail" in value;
}
