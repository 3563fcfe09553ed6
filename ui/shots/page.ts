// The station's screens on a fake station that shows the scene the address names.
import "@liangcang/kit/base.css";
import { fakeTransport } from "@liangcang/contract/fake";
import { createApp } from "vue";
import App from "../apps/station/src/App.vue";
import { useSystemTheme } from "../packages/kit/src/theme";
import { ORDERS } from "./orders.ts";
import { SCENES } from "./scenes.ts";

const name = new URLSearchParams(location.search).get("scene") ?? "";
const scene = SCENES[name];
if (!scene) throw new Error(`no scene is called ${name}`);
useSystemTheme(window);
const transport = fakeTransport(scene.view, {
  orders: ORDERS,
  release_wave: { orders: 184, walks: 12, left_out: [{ order: "6929374610285734800", reason: "short" }] },
});
createApp(App, { transport }).mount("#app");
