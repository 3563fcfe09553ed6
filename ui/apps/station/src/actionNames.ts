// What an action is called in the step at hand, where that says more than the action's own word.
import type { Action, TaskView } from "@liangcang/contract";
import type { Messages } from "@liangcang/kit";

/** The names that differ from the actions' own. */
export function actionNames(task: TaskView, { named }: Messages): Partial<Record<Action, string>> {
  switch (task.kind) {
    case "idle":
      return { next: named.nextWalk };
    case "walk":
      if (task.screen.step === "zone") return { confirm: named.arrived };
      return ["reason", "confirm_short", "confirm_count"].includes(task.screen.step) ? { leave: named.back } : {};
    case "pack":
      return task.screen.step === "reprint_reason" ? { leave: named.back } : {};
    case "hand_over":
      return { next: named.close };
  }
}
