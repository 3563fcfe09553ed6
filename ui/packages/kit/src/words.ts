// The language and the clock that every part of a screen shares.
import type { EpochMs, ItemCard, Language } from "@liangcang/contract";
import { inject } from "vue";
import type { InjectionKey, Ref } from "vue";
import { en } from "./messages/en";
import type { Messages, Names } from "./messages/messages";
import { zh } from "./messages/zh";

/** The messages of a language. */
export function messagesOf(language: Language): Messages {
  return language === "zh" ? zh : en;
}

/** What a screen's parts share. */
export interface Shared {
  /** The words of the language in use. */
  readonly words: Ref<Messages>;
  /** The station's clock, moved on each second. */
  readonly now: Ref<EpochMs>;
}

export const SHARED: InjectionKey<Shared> = Symbol("words and clock");

/** The words and the clock; the app provides them once. */
export function useShared(): Shared {
  const shared = inject(SHARED);
  if (!shared) throw new Error("words and clock are provided by the app, and this part is outside of it");
  return shared;
}

/** Names for messages from the cards at hand; an item no card shows is called by its id. */
export function namesFrom(cards: readonly (ItemCard | null)[]): Names {
  const known = new Map(cards.flatMap((card) => (card ? [[card.sku, card.short_name] as const] : [])));
  return { item: (sku) => known.get(sku) ?? sku };
}
