// How the office's pages are built: under /console/ of the server, nothing inlined, so that a strict content policy
// holds; charts apart, so that pages without one do not wait for them.
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/console/",
  plugins: [vue()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
  },
  server: { fs: { allow: ["../../.."] } },
});
