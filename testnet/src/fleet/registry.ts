import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { InputError } from "@fluxlab/core/command-line";
import type { RunnerKind } from "./runner.ts";
import type { SshHost } from "./ssh/inventory.ts";

// What is known of each testnet of a root folder, on the disk, so that any later command finds it, whoever was killed.

/** Where testnets live unless said otherwise. */
export const DEFAULT_ROOT = "runs/testnets";

const RECORD = "testnet.json";

/** What a later command needs to end nodes elsewhere. No secrets: keys are named, not held. */
export type PlaceRecord =
  | { readonly kind: "docker"; readonly engine: string | undefined }
  | { readonly kind: "ssh"; readonly folder: string; readonly hosts: readonly SshHost[] };

/** A node, as far as others than its controller need to know it. */
interface NodeRecord {
  readonly index: number;
  /** Process number, here or on its host, or a container's name; undefined: not running. */
  readonly id: string | undefined;
  /** Process number on this machine, if it is a process of it. */
  readonly pid: number | undefined;
  /** HOST:PORT. */
  readonly listen: string;
  readonly rpcPort: number;
}

/** A testnet. */
export interface TestnetRecord {
  readonly name: string;
  readonly runner: RunnerKind;
  /** Where its nodes are, if they are no processes of this machine. */
  readonly place: PlaceRecord | undefined;
  readonly title: string;
  readonly phase: "starting" | "ready" | "ending";
  readonly controllerPid: number;
  /** Where its controller takes orders, and the word it asks for. */
  readonly control: { readonly port: number; readonly token: string } | undefined;
  readonly nodes: readonly NodeRecord[];
}

/** The folder of one testnet. */
export const testnetFolder = (root: string, name: string): string => join(resolve(root), name);

/** Makes the folder of all testnets, if there is none. @throws InputError if it cannot be made */
export function makeRoot(root: string): void {
  try {
    mkdirSync(resolve(root), { recursive: true });
  } catch (error) {
    throw new InputError(`--root ${root}: cannot be made: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Takes a name for a new testnet by making its folder.
 * @throws InputError if there is one of that name, or the folder cannot be made
 */
export function claimName(root: string, name: string): string {
  makeRoot(root);
  const folder = testnetFolder(root, name);
  try {
    mkdirSync(folder);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "EEXIST") throw new InputError(`${folder}: cannot be made: ${message}`, { cause: error });
    throw new InputError(
      `there is a testnet "${name}" (${folder}): end it by "down ${name}", or choose another --name`,
      { cause: error },
    );
  }
  return folder;
}

/** Replaces the record in one step, so that a reader never meets half of it. */
export function writeRecord(root: string, record: TestnetRecord): void {
  const file = join(testnetFolder(root, record.name), RECORD);
  writeFileSync(`${file}.tmp`, `${JSON.stringify(record, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.tmp`, file);
}

/** Undefined: there is none, or its controller ended before it wrote one. */
export function readRecord(root: string, name: string): TestnetRecord | undefined {
  const file = join(testnetFolder(root, name), RECORD);
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, "utf8")) as TestnetRecord;
}

/** Names of all testnets of a root, half-dead ones too. */
export function testnetNames(root: string): readonly string[] {
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Takes away all files of a testnet. */
export const forgetTestnet = (root: string, name: string): void =>
  rmSync(testnetFolder(root, name), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
