import { scenarios, spreadScenarios } from "@fluxlab/scenarios";
import { formatScenario } from "@fluxlab/sim/scenario";
import vue from "@vitejs/plugin-vue";
import { defineConfig, type Plugin } from "vite";
import { scenarioFacts } from "./src/worker/facts.ts";
import { spreadFacts } from "./src/worker/spreadFacts.ts";

/** Shared memory, for solvers with threads, is given only to pages that are isolated so. */
const ISOLATED = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
};

const LIBRARY = "virtual:library";

/** The scenarios that come with the lab, as data: the page shows them before any code that plays them is there. */
const library: Plugin = {
  name: "library",
  resolveId: (id) => (id === LIBRARY ? `\0${LIBRARY}` : undefined),
  load(id) {
    if (id !== `\0${LIBRARY}`) return undefined;
    const entries = [
      ...scenarios.map((scenario) => ({ scenario, facts: scenarioFacts(scenario) })),
      ...spreadScenarios.map((scenario) => ({ scenario, facts: spreadFacts(scenario) })),
    ].map((entry) => ({ ...entry, yaml: formatScenario(entry.scenario) }));
    return `export const library = ${JSON.stringify(entries)};`;
  },
};

/** The font is asked for with the page, not once its styles are read. */
const font: Plugin = {
  name: "font",
  transformIndexHtml: {
    order: "post",
    handler(_, { bundle }) {
      const file = Object.keys(bundle ?? {}).find((name) =>
        /inter-latin-wght-normal[^/]*\.woff2$/.test(name),
      );
      if (file === undefined) return [];
      const attrs = { rel: "preload", href: `./${file}`, as: "font", type: "font/woff2", crossorigin: true };
      return [{ tag: "link", attrs, injectTo: "head" }];
    },
  },
};

export default defineConfig({
  root: import.meta.dirname,
  base: "./", // the built page works from any folder, and without a server of ours
  plugins: [vue(), library, font],
  worker: { format: "es" },
  build: { outDir: "dist", target: "es2024", chunkSizeWarningLimit: 1_000 },
  server: { host: "127.0.0.1", headers: ISOLATED },
});
