// A station that is not there: it shows the views it is given and remembers what it was asked. For tests and
// screenshots; no page loads it by itself.
import type { OrderPage } from "./generated/OrderPage";
import type { Released } from "./generated/Released";
import type { View } from "./generated/View";
import type { Args, CommandName, Link, Reply, Transport } from "./transport";

/** One command as it was asked. */
export interface Asked {
  command: CommandName;
  args: unknown;
}

/** What the fake answers to the commands whose reply is more than "done". */
export interface Answers {
  orders?: OrderPage;
  release_wave?: Released;
  fault?: Error;
}

/** A transport that holds one view and a record of the commands. */
export interface FakeTransport extends Transport {
  readonly asked: Asked[];
  show(view: View): void;
  link(link: Link): void;
}

/** A fake station that shows `first`. */
export function fakeTransport(first: View, answers: Answers = {}): FakeTransport {
  let view = first;
  let tell: ((view: View) => void) | null = null;
  let tellLink: ((link: Link) => void) | null = null;
  const asked: Asked[] = [];
  const replies: { [N in CommandName]?: () => unknown } = {
    view: () => view,
    orders: () => answers.orders ?? { orders: [], more: false },
    release_wave: () => answers.release_wave ?? { orders: 0, walks: 0, left_out: [] },
  };
  return {
    asked,
    sounds: false,
    call<N extends CommandName>(command: N, args: Args<N>): Promise<Reply<N>> {
      asked.push({ command, args });
      if (answers.fault) return Promise.reject(answers.fault);
      return Promise.resolve((replies[command]?.() ?? {}) as Reply<N>);
    },
    live(onView, onLink) {
      tell = onView;
      tellLink = onLink;
      onLink("joined");
      onView(view);
      return () => {
        tell = null;
        tellLink = null;
      };
    },
    show(next) {
      view = next;
      tell?.(next);
    },
    link: (link) => tellLink?.(link),
  };
}
