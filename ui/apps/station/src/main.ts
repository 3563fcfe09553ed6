// Starts the station's screens on whatever line this page has.
import "@liangcang/kit/base.css";
import { chooseTransport } from "@liangcang/contract";
import { createApp } from "vue";
import App from "./App.vue";
import { useSystemTheme } from "@liangcang/kit/theme";

useSystemTheme(window);
createApp(App, { transport: chooseTransport(window) }).mount("#app");
