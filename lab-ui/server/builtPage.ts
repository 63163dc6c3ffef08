import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { InputError } from "@fluxlab/core/command-line";

const ROOT = resolve(import.meta.dirname, "../..");

/** Everything the page is made from; files or folders from the root. */
const SOURCES = [
  "package-lock.json",
  "lab-ui/index.html",
  "lab-ui/vite.config.ts",
  "lab-ui/public",
  "lab-ui/src",
  "core/src",
  "sim/src",
  "scenarios",
  "reports/src",
];

/**
 * The folder with the built page. It is built if its sources have changed since; `say` is told so.
 * @throws InputError if it cannot be built.
 */
export function builtPage(say: (line: string) => void): string {
  return aloneIn(join(ROOT, "lab-ui/.building"), () => buildIfChanged(say));
}

/** Milliseconds between looks at a lock, and after which it is of a process that was killed. */
const LOOK_EVERY = 200;
const STALE_AFTER = 180_000;

/** Does something while no other process does: two that start at once must not build into one folder. */
function aloneIn<T>(lock: string, work: () => T): T {
  for (;;) {
    try {
      mkdirSync(lock);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const since = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
      if (Date.now() - since > STALE_AFTER) rmdirSync(lock);
      else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LOOK_EVERY);
    }
  }
  try {
    return work();
  } finally {
    rmdirSync(lock);
  }
}

/** Pages that stay: another server may still hand out the one before. */
const KEPT = 3;

/** A folder for each state of the sources, so that a new page takes nothing from a server of an older one. */
function buildIfChanged(say: (line: string) => void): string {
  const pages = join(ROOT, "lab-ui/dist");
  const folder = join(pages, hashOf(SOURCES).slice(0, 16));
  const stamp = join(folder, ".built");
  if (existsSync(stamp)) return folder;
  say("building the page (a few seconds, once)");
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [
      ...[join(ROOT, "node_modules/vite/bin/vite.js"), "build", join(ROOT, "lab-ui")],
      ...["--outDir", folder, "--emptyOutDir", "--logLevel", "error"],
    ],
    { cwd: ROOT, encoding: "utf8" },
  );
  if (status !== 0) throw new InputError(`the page could not be built:\n${stdout}${stderr}`);
  compress(folder);
  writeFileSync(stamp, "");
  for (const { path } of newestFirst(pages).slice(KEPT)) rmSync(path, { recursive: true });
  return folder;
}

const newestFirst = (folder: string) =>
  readdirSync(folder)
    .map((name) => join(folder, name))
    .map((path) => ({ path, time: statSync(path).mtimeMs }))
    .sort((a, b) => b.time - a.time);

/** Text, which a server hands out as it lies here, small already. Fonts are compressed in themselves. */
const TEXT = /\.(js|css|svg|html)$/;
/** Of eleven: the last two take many times as long for a few percent. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

function compress(folder: string): void {
  const files = readdirSync(folder, { withFileTypes: true, recursive: true });
  for (const { name, parentPath } of files.filter((file) => file.isFile() && TEXT.test(file.name))) {
    const path = join(parentPath, name);
    const bytes = readFileSync(path);
    writeFileSync(`${path}.br`, brotliCompressSync(bytes, BROTLI));
    writeFileSync(`${path}.gz`, gzipSync(bytes));
  }
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths.flatMap(filesBelow)) hash.update(path).update(readFileSync(join(ROOT, path)));
  return hash.digest("hex");
}

function filesBelow(path: string): string[] {
  const at = join(ROOT, path);
  if (/\.[a-z]+$/.test(path)) return [path];
  return readdirSync(at, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .sort();
}
