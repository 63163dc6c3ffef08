// Builds the core's WebAssembly modules from AssemblyScript into core/dist-wasm:
//
//   node core/assembly/build.mjs            builds what is missing or older than its sources; says nothing if that is nothing
//   node core/assembly/build.mjs --record   builds and records the modules' SHA-256 in wasm.sha256, which a test compares
//
// The compiler is deterministic: one version of it and the same sources give the same bytes on every machine.

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { blake2bSource } from "./equihash/generateBlake2b.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const sources = join(here, "equihash");
const compiler = fileURLToPath(import.meta.resolve("assemblyscript/bin/asc.js"));

/** Where modules are built and looked for. */
export const builtFolder = join(here, "..", "dist-wasm");

const OPTIONS = ["-O3", "--converge", "--noAssert", "--runtime", "stub", "--enable", "simd"];

/** Output name, entry file, options besides {@link OPTIONS}. */
const SOLVER = ["--importMemory", "--initialMemory", "1", "--maximumMemory", "65536"];
const MODULES = [
  ["equihash", "equihash.ts", []],
  ["equihashSolver", "solver.ts", SOLVER],
  ["equihashSolverShared", "solver.ts", [...SOLVER, "--enable", "threads", "--sharedMemory"]],
];

const sha256 = (...parts) => {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
};

/** Everything that decides the bytes of the modules. */
function sourcesHash() {
  const files = readdirSync(sources).filter((name) => /\.(ts|mjs)$/.test(name));
  const texts = files.sort().map((name) => readFileSync(join(sources, name)));
  const { version } = JSON.parse(readFileSync(join(dirname(compiler), "..", "package.json"), "utf8"));
  return sha256(version, JSON.stringify([OPTIONS, MODULES]), ...texts);
}

/** Builds all modules into `folder`, side by side. @throws Error with the compiler's message */
export async function buildModules(folder) {
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(sources, "generated"), { recursive: true });
  writeFileSync(join(sources, "generated", "blake2b.ts"), blake2bSource());
  const compile = ([name, entry, options]) => {
    const args = [compiler, entry, ...OPTIONS, ...options, "-o", join(folder, `${name}.wasm`)];
    return promisify(execFile)(process.execPath, args, { cwd: sources });
  };
  await Promise.all(MODULES.map(compile));
}

/** Lines "sha256  name" of the modules in `folder`, as sha256sum prints them. */
export const moduleHashes = (folder) =>
  MODULES.map(([name]) => `${sha256(readFileSync(join(folder, `${name}.wasm`)))}  ${name}.wasm\n`).join("");

/** Builds into {@link builtFolder} unless its modules are those of the sources as they are. */
async function buildIfStale() {
  const stamp = join(builtFolder, "sources.sha256");
  const wanted = sourcesHash();
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.error("[set-up] building the WebAssembly modules");
  await buildModules(builtFolder);
  writeFileSync(stamp, wanted);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildIfStale();
  if (process.argv[2] === "--record") writeFileSync(join(here, "wasm.sha256"), moduleHashes(builtFolder));
}
