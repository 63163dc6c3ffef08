import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
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
  const folder = join(ROOT, "lab-ui/dist");
  const stamp = join(folder, ".sources");
  const sources = hashOf(SOURCES);
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === sources) return folder;
  say("building the page (a few seconds, once)");
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [join(ROOT, "node_modules/vite/bin/vite.js"), "build", join(ROOT, "lab-ui"), "--logLevel", "error"],
    { cwd: ROOT, encoding: "utf8" },
  );
  if (status !== 0) throw new InputError(`the page could not be built:\n${stdout}${stderr}`);
  writeFileSync(stamp, sources);
  return folder;
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
