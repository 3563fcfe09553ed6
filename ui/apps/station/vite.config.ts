// How the station's screens are built: relative paths, so that they load from the window's own scheme and from the
// LAN host alike, and nothing inlined, so that a strict content policy holds.
import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [vue()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
  },
  server: { fs: { allow: ["../../.."] } },
});
