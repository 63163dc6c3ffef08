import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vite";

/** Shared memory, for solvers with threads, is given only to pages that are isolated so. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

export default defineConfig({
  root: import.meta.dirname,
  base: "./", // the built page works from any folder, and without a server of ours
  plugins: [vue()],
  worker: { format: "es" },
  build: { outDir: "dist", target: "es2023" },
  server: { host: "127.0.0.1", headers: ISOLATED },
});
