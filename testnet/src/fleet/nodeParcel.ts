import { createHash } from "node:crypto";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@fluxlab/core/command-line";
import { runCommandLine } from "./runCommandLine.ts";

// A node and its agent as a few files that need nothing but Node.js: for containers and for other machines.

/** Files for elsewhere, known by what is in them. */
export interface NodeParcel {
  /** Of the content: equal parcels, equal keys. */
  readonly key: string;
  /** `bin/flux-node.mjs`, `bin/flux-agent.mjs` and what they read. */
  readonly folder: string;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const CACHE = join(ROOT, "node_modules", ".cache", "flux-lab");
/** Everything that the programs may be made of. */
const SOURCES = [
  "core/src",
  "core/host",
  "core/dist-wasm",
  "sim/src",
  "sim/host",
  "testnet/src",
  "testnet/bin",
];
/** libsecp256k1, which a bundle cannot hold, and what loads it. */
const NATIVE = ["secp256k1", "node-gyp-build"];

/** The parcel of this checkout; made once, and again when a source changes. `root`: another checkout of ours instead. */
export async function nodeParcel(root = ROOT): Promise<NodeParcel> {
  const key = sourcesKey(root);
  const folder = join(CACHE, `parcel-${key}`);
  if (existsSync(folder)) return { key, folder };
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(join(CACHE, "making-"));
  try {
    await bundle(root, join(made, "bin"));
    cpSync(join(root, "core/dist-wasm"), join(made, "dist-wasm"), { recursive: true });
    copyNative(join(made, "node_modules"));
    cpSync(join(root, "testnet/package.json"), join(made, "package.json")); // it has the version
    moveInto(made, folder);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return { key, folder };
}

function sourcesKey(root: string): string {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of ["package-lock.json", "testnet/package.json"])
    hash.update(readFileSync(join(root, file)));
  for (const source of SOURCES) {
    const folder = join(root, source);
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }).sort(byPath)) {
      if (!entry.isFile() || /\.d\.ts$|tsconfig/.test(entry.name)) continue;
      const file = join(entry.parentPath, entry.name);
      hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
    }
  }
  return hash.digest("hex").slice(0, 16);
}

const byPath = (a: { parentPath: string; name: string }, b: { parentPath: string; name: string }): number =>
  join(a.parentPath, a.name) < join(b.parentPath, b.name) ? -1 : 1;

async function bundle(root: string, into: string): Promise<void> {
  const { rolldown } = await import("rolldown"); // only who starts nodes elsewhere waits for it
  const input = ["flux-node", "flux-agent"].map((name) => join(root, "testnet/bin", `${name}.ts`));
  const build = await rolldown({ input, platform: "node", logLevel: "silent" });
  try {
    // Beside bin lies dist-wasm, as it does in the core: modules are found by the address of who reads them.
    await build.write({
      ...{ dir: into, format: "esm", entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" },
    });
  } finally {
    await build.close();
  }
}

/** Without it nodes check signatures in TypeScript: slower, and right. */
function copyNative(into: string): void {
  const { resolve } = createRequire(import.meta.url);
  for (const name of NATIVE) {
    let from: string;
    try {
      from = dirname(resolve(`${name}/package.json`));
    } catch {
      return;
    }
    const foreign = (path: string) =>
      /\/src(?:$|\/)/.test(path.slice(from.length)) ||
      (path.slice(from.length).startsWith("/prebuilds/") &&
        !path.includes(`/prebuilds/${process.platform}-${process.arch}`));
    cpSync(from, join(into, name), { recursive: true, dereference: true, filter: (path) => !foreign(path) });
  }
}

/** Another process may have made the same in the meantime. */
function moveInto(made: string, place: string): void {
  try {
    renameSync(made, place);
  } catch (error) {
    if (!existsSync(place)) throw error;
  }
}

/** The Node.js that runs this, as one file for a machine of the same kind. */
export const nodeBinary = (): NodeBinary => ({
  file: process.execPath,
  key: `node-${process.version}-${process.platform}-${process.arch}`,
});

/** A Node.js. */
export interface NodeBinary {
  readonly file: string;
  readonly key: string;
}

/** A packed folder, or the file of a Node.js as `bin/node`, made once. @throws InputError if tar fails */
export async function packed(what: NodeParcel | NodeBinary): Promise<string> {
  const archive = join(CACHE, `${what.key}.tar.gz`);
  if (existsSync(archive)) return archive;
  const made = mkdtempSync(join(CACHE, "packing-"));
  try {
    let { folder } = what as { folder?: string };
    if ("file" in what) {
      folder = join(made, "content");
      mkdirSync(join(folder, "bin"), { recursive: true });
      cpSync(what.file, join(folder, "bin", "node"), { dereference: true });
    }
    const archiveMade = join(made, "archive.tar.gz");
    const { code, stderr } = await runCommandLine([
      "sh",
      "-c",
      'tar -C "$0" -c . | gzip -1 > "$1"',
      folder!,
      archiveMade,
    ]);
    if (code !== 0) throw new InputError(`${CACHE}: the node could not be packed: ${stderr.trim()}`);
    moveInto(archiveMade, archive);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
  return archive;
}
