// Picks the entry of a closed list by its code. TypeScript cannot follow a union through a table of functions by
// itself, so the one cast that needs it stands here.
import type { Mistake, Notice, Sticky } from "@liangcang/contract";
import type { Messages, Names, Saying, StickySaying } from "./messages/messages";

type Say<T, R> = (value: T, names: Names) => R;

/** What to say about a mistake. */
export function sayMistake(words: Messages, mistake: Mistake, names: Names): Saying {
  return (words.mistake[mistake.code] as Say<Mistake, Saying>)(mistake, names);
}

/** What to say about something worth looking at. */
export function sayNotice(words: Messages, notice: Notice, names: Names): Saying {
  return (words.notice[notice.code] as Say<Notice, Saying>)(notice, names);
}

/** What to say on a sticky panel. */
export function saySticky(words: Messages, sticky: Sticky, names: Names): StickySaying {
  return (words.sticky[sticky.code] as Say<Sticky, StickySaying>)(sticky, names);
}
