// The line above the step: which task, how far, until when. Without a task it tells of the day.
import type { EpochMs, View } from "@liangcang/contract";
import type { Messages } from "@liangcang/kit";

/** What the line shows. */
export interface TaskHead {
  title: string;
  about: string;
  done: number;
  total: number;
  unit: string;
  cutoff: EpochMs | null;
}

function ofDay({ today, station }: View, words: Messages): TaskHead {
  const sum = (field: "orders" | "handed_over" | "dropped"): number => today.waves.reduce((all, wave) => all + wave[field], 0);
  const cutoffs = [...today.waves.filter((wave) => wave.handed_over + wave.dropped < wave.orders), ...today.ready];
  return {
    title: station.warehouse_name || station.warehouse,
    about: station.id,
    done: sum("handed_over"),
    total: sum("orders") - sum("dropped"),
    unit: words.pack.orders,
    cutoff: cutoffs.length > 0 ? Math.min(...cutoffs.map((card) => card.cutoff_ms)) : null,
  };
}

/** The line of a view. */
export function taskHead(view: View, words: Messages): TaskHead {
  const { task } = view;
  switch (task.kind) {
    case "idle":
      return ofDay(view, words);
    case "walk":
      return {
        title: words.top.screens.pick,
        about: [task.screen.tote, task.screen.walk].filter(Boolean).join(" · "),
        done: task.screen.lines_done,
        total: task.screen.lines_total,
        unit: words.pick.lines,
        cutoff: task.cutoff_ms,
      };
    case "pack":
      return {
        title: words.top.screens.pack,
        about: [task.screen.tote, words.carrier(task.screen.carrier), task.screen.order].join(" · "),
        done: task.packed,
        total: task.total,
        unit: words.pack.orders,
        cutoff: task.cutoff_ms,
      };
    case "hand_over":
      return {
        title: words.top.screens.hand_over,
        about: [words.carrier(task.screen.carrier), task.screen.cage].join(" · "),
        done: task.screen.count,
        total: task.screen.count + task.screen.waiting,
        unit: words.handOver.unit,
        cutoff: task.cutoff_ms,
      };
  }
}
