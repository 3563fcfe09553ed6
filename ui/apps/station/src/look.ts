// Which screen is shown: the one of the task in hand, unless the person looked elsewhere; a new task calls them back.
// When a task ends its screen stays, because the next one of its kind begins there.
import type { TaskView, View } from "@liangcang/contract";
import { computed, ref, watch } from "vue";
import type { ComputedRef, Ref } from "vue";

export const SCREENS = ["today", "pick", "pack", "hand_over", "orders", "devices"] as const;
export type Screen = (typeof SCREENS)[number];

const SCREEN_OF: Readonly<Record<TaskView["kind"], Screen | null>> = {
  idle: null,
  walk: "pick",
  pack: "pack",
  hand_over: "hand_over",
};

/** The screen of the task in hand, null without one. */
export function screenOf(task: TaskView): Screen | null {
  return SCREEN_OF[task.kind];
}

/** What is looked at, and the ways to look elsewhere. */
export interface Look {
  readonly screen: ComputedRef<Screen>;
  /** The task's screen when another one is looked at. */
  readonly away: ComputedRef<Screen | null>;
  to(screen: Screen): void;
  /** By one tab to the left (-1) or right (1), round at the ends. */
  step(by: 1 | -1): void;
  back(): void;
}

/** Follows the task of `view`. */
export function useLook(view: Readonly<Ref<View | null>>): Look {
  const chosen = ref<Screen>("today");
  const task = computed(() => (view.value ? screenOf(view.value.task) : null));
  watch(task, (now) => {
    if (now) chosen.value = now;
  }, { immediate: true });
  return {
    screen: computed(() => chosen.value),
    away: computed(() => (task.value && task.value !== chosen.value ? task.value : null)),
    to: (screen) => {
      chosen.value = screen;
    },
    step: (by) => {
      const at = SCREENS.indexOf(chosen.value) + by + SCREENS.length;
      chosen.value = SCREENS[at % SCREENS.length] ?? "today";
    },
    back: () => {
      if (task.value) chosen.value = task.value;
    },
  };
}
