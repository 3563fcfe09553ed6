// Starts the office's pages.
import { useSystemTheme } from "@liangcang/kit/theme";
import { createApp } from "vue";
import App from "./App.vue";
import "./console.css";
import { pages } from "./router";

useSystemTheme(window);
createApp(App).use(pages).mount("#app");
