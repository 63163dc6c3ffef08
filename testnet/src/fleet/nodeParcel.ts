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
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@fluxlab/core/command-line";
import { runCommandLine } from "./runCommandLine.ts";

// A node and its agent as a few files that need nothing but Node.js: for containers and for other machines.

/** Files for elsewhere, known by what is in them. */
export interface NodeParcel {
  /** Of the content: equal parcels, equal keys. */
  readonly key: string;
  /** A program, its threads and what they read. */
  readonly folder: string;
  /** The node's program, below the folder. */
  readonly program: string;
}

/** The program of a node in a checkout. */
const NODE = "testnet/bin/flux-node.ts";
/** And in a parcel; the agent is beside it. */
const BUNDLED = "bin/flux-node.mjs";
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

/** By program: who holds a testnet starts all its nodes alike, whatever is edited meanwhile. */
const parcels = new Map<string, Promise<NodeParcel>>();

/** The parcel of a program, which is made when it is first wanted. */
export function once(program: string, make: () => Promise<NodeParcel>): Promise<NodeParcel> {
  const parcel = parcels.get(program) ?? make();
  parcels.set(program, parcel);
  return parcel;
}

/** The parcel of this checkout; made once, and again by a later process when a source has changed. */
export const nodeParcel = (): Promise<NodeParcel> => once("", ownParcel);

async function ownParcel(): Promise<NodeParcel> {
  const key = sourcesKey(ROOT);
  const folder = join(CACHE, `parcel-${key}`);
  if (!existsSync(folder))
    await making(
      (made) => bundle(ROOT, join(ROOT, NODE), made),
      (made) => moveInto(made, folder),
    );
  return { key, folder, program: BUNDLED };
}

/**
 * The parcel of another version: a script such as the `testnet/bin/flux-node.ts` of another checkout. Each process bundles it anew, since
 * nobody knows all that it is made of.
 * @throws InputError if it is no script, or cannot be bundled
 */
export async function versionParcel(program: string): Promise<NodeParcel> {
  if (!/\.[cm]?[jt]s$/.test(program))
    throw new InputError(
      `${program}: only scripts go to other places, such as another checkout's ${NODE}: leave --on out`,
    );
  return parcelOf(BUNDLED, (made) => bundle(checkoutOf(program), program, made));
}

/** What `fill` puts into a folder. `program`: the node's, below that. */
export const parcelOf = (program: string, fill: (folder: string) => Promise<void>): Promise<NodeParcel> =>
  making(fill, (made) => {
    const key = contentKey(made);
    const folder = join(CACHE, `parcel-${key}`);
    if (!existsSync(folder)) moveInto(made, folder);
    return { key, folder, program };
  });

/** Fills a folder that `use` may move away. */
async function making<T>(fill: (folder: string) => Promise<void>, use: (made: string) => T): Promise<T> {
  mkdirSync(CACHE, { recursive: true });
  const made = mkdtempSync(join(CACHE, "making-"));
  try {
    await fill(made);
    return use(made);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

/** Puts a node's program of a checkout into a folder, with the agent and all that they read. */
async function bundle(root: string, program: string, into: string): Promise<void> {
  await bundlePrograms(root, program, join(into, "bin"));
  cpSync(join(root, "core/dist-wasm"), join(into, "dist-wasm"), { recursive: true });
  copyNative(join(into, "node_modules"));
  cpSync(join(root, "testnet/package.json"), join(into, "package.json")); // it has the version
}

/** The checkout that a program lies in; this one if it lies in none. */
function checkoutOf(program: string): string {
  for (let folder = dirname(program); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, "core/dist-wasm")) && existsSync(join(folder, NODE))) return folder;
  return ROOT;
}

function sourcesKey(root: string): string {
  const files = SOURCES.flatMap((source) => filesBelow(join(root, source)));
  const made = files.filter((file) => !/\.d\.ts$|tsconfig/.test(file));
  return keyOf(root, [join(root, "package-lock.json"), join(root, "testnet/package.json"), ...made]);
}

const contentKey = (folder: string): string => keyOf(folder, filesBelow(folder));

/** In the same order everywhere. */
const filesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function keyOf(root: string, files: readonly string[]): string {
  const hash = createHash("sha256").update(`${process.platform}-${process.arch}`);
  for (const file of files) hash.update(`${file.slice(root.length)}\0`).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** Programs of threads in a checkout, which nodes start by address and no import leads to. */
const THREADS = ["testnet/src/host/signatures/checkerThread.ts", "core/host/solverWorker.ts"];

/** Who starts a thread names its source; in a parcel it is a file beside. */
const threadAddresses = {
  name: "addresses of threads",
  transform: (code: string): string =>
    THREADS.map((file) => basename(file, ".ts")).reduce(
      (text, thread) =>
        text.replaceAll(`"./${thread}.ts", import.meta.url`, `"./${thread}.mjs", import.meta.url`),
      code,
    ),
};

async function bundlePrograms(root: string, program: string, into: string): Promise<void> {
  const { rolldown } = await import("rolldown"); // only who has to bundle waits for it
  const threads = THREADS.map((file) => join(root, file)).filter((file) => existsSync(file));
  const input = {
    "flux-node": program,
    "flux-agent": join(ROOT, "testnet/bin/flux-agent.ts"),
    ...Object.fromEntries(threads.map((file) => [basename(file, ".ts"), file])),
  };
  try {
    const build = await rolldown({ input, platform: "node", logLevel: "silent", plugins: [threadAddresses] });
    // Beside bin lies dist-wasm, as it does in the core: modules are found by the address of who reads them.
    const names = { entryFileNames: "[name].mjs", chunkFileNames: "[name]-[hash].mjs" };
    await build.write({ dir: into, format: "esm", ...names });
    await build.close();
  } catch (error) {
    throw new InputError(`${program}: cannot be bundled: ${(error as Error).message}`, { cause: error });
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
