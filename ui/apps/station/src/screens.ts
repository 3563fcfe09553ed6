// The screens by name, and which of them mean nothing without a person.
import type { Component } from "vue";
import type { Screen } from "./look";
import DevicesScreen from "./screens/DevicesScreen.vue";
import HandOverScreen from "./screens/HandOverScreen.vue";
import OrdersScreen from "./screens/OrdersScreen.vue";
import PackScreen from "./screens/PackScreen.vue";
import PickScreen from "./screens/PickScreen.vue";
import TodayScreen from "./screens/TodayScreen.vue";

export const SCREEN_PARTS: Readonly<Record<Screen, Component>> = {
  today: TodayScreen,
  pick: PickScreen,
  pack: PackScreen,
  hand_over: HandOverScreen,
  orders: OrdersScreen,
  devices: DevicesScreen,
};

/** Whether a screen asks for a badge first. */
export function needsOperator(screen: Screen): boolean {
  return screen !== "orders" && screen !== "devices";
}
