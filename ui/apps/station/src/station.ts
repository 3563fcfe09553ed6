// The station as a screen holds it: its latest view, its clock, and the way to ask it for something.
import type { Args, CommandName, Link, Reply, Transport, View } from "@liangcang/contract";
import { Refused } from "@liangcang/contract";
import { messagesOf, SHARED } from "@liangcang/kit";
import type { Messages, Saying } from "@liangcang/kit";
import { computed, inject, onScopeDispose, provide, ref, shallowRef } from "vue";
import type { InjectionKey, Ref, ShallowRef } from "vue";

/** What the screens work with. */
export interface Station {
  readonly view: Readonly<ShallowRef<View | null>>;
  readonly link: Readonly<Ref<Link>>;
  readonly words: Readonly<Ref<Messages>>;
  /** Why the last thing asked was not done; gone at the next thing that is. */
  readonly fault: Ref<Saying | null>;
  /** Asks, and shows why it was not done; undefined then. */
  ask<N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N> | undefined>;
}

const STATION: InjectionKey<Station> = Symbol("station");

/** Joins the station and gives it, its words and its clock to everything inside the caller. */
export function provideStation(transport: Transport): Station {
  const view = shallowRef<View | null>(null);
  const link = ref<Link>("joining");
  const fault = ref<Saying | null>(null);
  const now = ref(Date.now());
  const words = computed(() => messagesOf(view.value?.language ?? "zh"));

  // The station's clock at the last view, moved on by this page's: the two may differ by hours.
  let ahead = 0;
  const tick = (): void => {
    now.value = Date.now() + ahead;
  };
  const leave = transport.live(
    (next) => {
      view.value = next;
      ahead = next.now_ms - Date.now();
      tick();
    },
    (next) => {
      link.value = next;
    },
  );
  const timer = setInterval(tick, 1000);
  onScopeDispose(() => {
    clearInterval(timer);
    leave();
  });

  const ask = async <N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N> | undefined> => {
    try {
      const reply = await transport.call(command, args);
      fault.value = null;
      return reply;
    } catch (error) {
      fault.value = words.value.fault[error instanceof Refused ? error.fault.code : "unreachable"];
      return undefined;
    }
  };
  const station = { view, link, fault, words, ask };
  provide(STATION, station);
  provide(SHARED, { words, now });
  return station;
}

/** The station; the app provides it once. */
export function useStation(): Station {
  const station = inject(STATION);
  if (!station) throw new Error("the station is provided by the app, and this part is outside of it");
  return station;
}
