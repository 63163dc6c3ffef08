import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { ROOT, readRepositoryFile } from "../support/repository.ts";

// The rules of .dependency-cruiser.mjs hold in this tree, and each of them can fail: a small tree laid out like this one
// breaks every rule once, and must be caught at exactly those places.

const SOURCES = ["core", "sim", "scenarios", "reports", "testnet", "lab-ui", "test"];

interface Violation {
  readonly from: string;
  readonly rule: { readonly name: string };
}

interface Cruise {
  readonly violations: readonly Violation[];
  readonly totalCruised: number;
  readonly ruleSetUsed: { readonly forbidden: readonly { readonly name: string }[] };
}

/** What `npm run check:imports` finds in the tree at `root`. */
function cruise(root: string): Cruise {
  const command = join(ROOT, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");
  const config = join(ROOT, ".dependency-cruiser.mjs");
  const args = [command, "--config", config, "--output-type", "json", ...SOURCES];
  const output = execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", maxBuffer: 2 ** 26 });
  return (JSON.parse(output) as { summary: Cruise }).summary;
}

const CORE = [
  "util",
  "bytes",
  "primitives",
  "params",
  "crypto",
  "script",
  "rules",
  "state",
  "chain",
  "mempool",
  "wallet",
  "mining",
  "node",
];
const SIM = [
  "kernel",
  "net",
  "relay",
  "world",
  "faults",
  "checkers",
  "witness",
  "rehearsal",
  "scenario",
  "swarm",
  "record",
];

/** A file that breaks the rule it is listed under: its path and text. */
type Broken = readonly [path: string, text: string];

/** In every folder a file that imports from the next one, and in the last from the entry point. */
const brokenLayers = (name: string, root: string, folders: readonly string[]): [string, Broken][] =>
  folders.map((folder, i) => {
    const above = folders[i + 1];
    const imported = above === undefined ? "../index.ts" : `../${above}/good.ts`;
    return [`${name}-${folder}`, [`${root}/${folder}/broken.ts`, `import type {} from "${imported}";`]];
  });

const BROKEN = new Map<string, Broken>([
  ...brokenLayers("core", "core/src", CORE),
  ...brokenLayers("sim", "sim/src", SIM),
  ["core-folders", ["core/src/folders.ts", `export * from "./new/leaf.ts";`]],
  ["sim-folders", ["sim/src/folders.ts", `export * from "./new/leaf.ts";`]],
  ["core-packages", ["core/src/util/packages.ts", `import "effect/Schema";`]],
  ["core-seedrandom", ["core/src/util/dice.ts", `import "seedrandom/lib/xorshift7.js";`]],
  ["core-curves", ["core/src/script/curves.ts", `import "@noble/curves/secp256k1.js";`]],
  ["sim-packages", ["sim/src/kernel/packages.ts", `import "@fluxlab/reports";`]],
  ["sim-effect", ["sim/src/scenario/builders.ts", `import type {} from "effect/Effect";`]],
  ["sim-yaml", ["sim/src/scenario/schema.ts", `import "yaml";`]],
  ["core-threads", ["core/threads/broken.ts", `import "node:worker_threads";`]],
  ["core-browser", ["core/browser/broken.ts", `import "../host/index.ts";`]],
  ["scenarios-packages", ["scenarios/broken.scenario.ts", `import "@fluxlab/core";`]],
  ["reports-packages", ["reports/src/broken.ts", `import "commander";`]],
  ["no-built-ins", ["reports/src/files.ts", `import "node:fs";`]],
  ["no-host", ["reports/src/host.ts", `import "@fluxlab/sim/host";`]],
  ["testnet-effect", ["testnet/src/fleet/effects.ts", `import "effect";`]],
  ["testnet-fleet", ["testnet/src/fleet/insider.ts", `import "../host/good.ts";`]],
  ["testnet-nodes", ["testnet/src/host/watched.ts", `import "../fleet/good.ts";`]],
  ["core-host", ["core/host/network.ts", `import "@fluxlab/sim/scenario";`]],
  ["page-worker", ["lab-ui/src/state/broken.ts", `import "@fluxlab/sim";`]],
  ["page-reports", ["lab-ui/src/charts/broken.ts", `import "@fluxlab/reports";`]],
  ["page-hosts", ["lab-ui/src/backend/broken.ts", `import "../../server/index.ts";`]],
  ["page-built-ins", ["lab-ui/src/worker/broken.ts", `import "node:fs";`]],
  ["no-bin", ["sim/host/broken.ts", `import "../bin/program.ts";`]],
  ["by-name", ["sim/src/world/deep.ts", `import "../../../core/src/util/good.ts";`]],
  ["resolvable", ["lab-ui/bin/deep.ts", `import "@fluxlab/core/src/util/good.ts";`]],
  ["no-cycles", ["lab-ui/bin/cycle.ts", `import "./cycle2.ts";`]],
]);

/** Files that obey: what each folder may import, and what the broken files import. */
const GOOD: readonly Broken[] = [
  ...goodLayers("core/src", CORE),
  ...goodLayers("sim/src", SIM),
  ["core/src/index.ts", `export * from "./node/good.ts";`],
  ["core/src/new/leaf.ts", "export {};"],
  ["core/src/util/random.ts", `import "seedrandom/lib/xorshift7.js"; import "@noble/hashes/sha2.js";`],
  ["core/src/crypto/signatures.ts", `import "@noble/curves/secp256k1.js";`],
  ["core/host/index.ts", `import "node:fs"; import "@fluxlab/core"; import "../threads/good.ts";`],
  ["core/threads/good.ts", `import "@fluxlab/core";`],
  ["core/browser/index.ts", `import "@fluxlab/core"; import "../threads/good.ts";`],
  ["sim/src/index.ts", `export * from "./record/good.ts"; import "@fluxlab/core";`],
  ["sim/src/new/leaf.ts", "export {};"],
  ["sim/src/scenario/index.ts", `import "@noble/hashes/sha2.js"; import "./yaml.ts"; import "./decode.ts";`],
  ["sim/src/scenario/decode.ts", `import "effect/Schema";`],
  ["sim/src/scenario/yaml.ts", `import "yaml";`],
  ["sim/host/index.ts", `import "node:fs"; import "@fluxlab/sim"; import "@fluxlab/scenarios";`],
  ["sim/bin/program.ts", `import "commander"; import "@fluxlab/sim/host";`],
  ["testnet/src/fleet/good.ts", "export {};"],
  ["testnet/src/host/good.ts", "export {};"],
  ["scenarios/index.ts", `import "@fluxlab/sim/scenario";`],
  ["reports/src/index.ts", `import "@fluxlab/core"; import "@fluxlab/sim"; import "d3-scale";`],
  ["reports/src/metrics/index.ts", "export {};"],
  ["reports/src/charts/index.ts", "export {};"],
  ["lab-ui/server/index.ts", `import "@fluxlab/reports/metrics";`],
  ["lab-ui/src/worker/good.ts", `import "@fluxlab/sim"; import "@fluxlab/core";`],
  [
    "lab-ui/src/charts/good.ts",
    `import type {} from "@fluxlab/sim"; import "@fluxlab/reports/metrics"; import "@fluxlab/reports/charts";`,
  ],
  ["lab-ui/bin/cycle2.ts", `import "./cycle.ts";`],
  ["test/good.test.ts", `import "../core/src/util/good.ts"; import "@fluxlab/sim/host";`],
];

/** In every folder a file that imports from all folders before it. */
function goodLayers(root: string, folders: readonly string[]): Broken[] {
  return folders.map((folder, i) => {
    const lower = folders.slice(0, i).map((name) => `import "../${name}/good.ts";`);
    return [`${root}/${folder}/good.ts`, `${lower.join("\n")}\nexport {};`];
  });
}

const PACKAGES = [
  "effect",
  "yaml",
  "seedrandom",
  "@noble/hashes",
  "@noble/curves",
  "commander",
  "d3-scale",
] as const;

/** Writes the small tree: our own package.json files, stand-ins for the packages of others, and the files above. */
function writeTree(root: string): void {
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const name of ["", "core/", "sim/", "scenarios/", "reports/", "testnet/", "lab-ui/"]) {
    write(`${name}package.json`, readRepositoryFile(`${name}package.json`));
  }
  for (const name of PACKAGES) {
    const manifest = { name, exports: { ".": "./index.js", "./*": "./index.js" } };
    write(`node_modules/${name}/package.json`, JSON.stringify(manifest));
    write(`node_modules/${name}/index.js`, "");
  }
  mkdirSync(join(root, "node_modules/@fluxlab"));
  for (const name of ["core", "sim", "scenarios", "reports"]) {
    symlinkSync(join(root, name), join(root, "node_modules/@fluxlab", name));
  }
  for (const [path, text] of [...GOOD, ...BROKEN.values()]) write(path, text);
}

test("the tree breaks no import rule", () => {
  const { violations, totalCruised } = cruise(ROOT);
  expect(violations.map(({ from, rule }) => `${rule.name}: ${from}`)).toEqual([]);
  expect(totalCruised).toBeGreaterThan(50); // the rules saw the sources
}, 300_000);

describe("every import rule can fail", () => {
  const root = mkdtempSync(join(tmpdir(), "flux-lab-imports-"));
  afterAll(() => rmSync(root, { recursive: true }));
  writeTree(root);
  const { violations, ruleSetUsed } = cruise(root);

  test("each rule has a file that breaks it", () => {
    expect([...BROKEN.keys()].sort()).toEqual(ruleSetUsed.forbidden.map(({ name }) => name).sort());
  });

  test.each([...BROKEN])("%s", (name, [path]) => {
    const caught = violations.filter(({ rule }) => rule.name === name).map(({ from }) => from);
    expect(caught).toContain(path);
  });

  test("files that obey are left alone", () => {
    const partOfTheCycle = "lab-ui/bin/cycle2.ts";
    const good = new Set(GOOD.map(([path]) => path).filter((path) => path !== partOfTheCycle));
    expect(violations.filter(({ from }) => good.has(from))).toEqual([]);
  });
});
