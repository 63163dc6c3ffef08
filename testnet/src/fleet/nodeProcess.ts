import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { InputError } from "@fluxlab/core/command-line";
import { dataFolderOf, diskTroubleFileOf, logFileOf } from "./nodeFolder.ts";
import type { NodeSpec, StartedNode } from "./runner.ts";

/** A node that is told to end has so long. */
const STOP_MS = 10_000;

/**
 * Starts a node of ours, as {@link startProcess} does. `program`: the command that it is, to which its options are added.
 * @throws InputError if its folder cannot be written to
 */
export const startNodeProcess = (
  spec: NodeSpec,
  program: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedNode => startProcess(spec.folder, [...program, ...nodeArguments(spec)], env);

/**
 * Starts a process of this machine that outlives the one that starts it. It writes what it says straight to the log of a node's folder: it
 * neither waits for whoever watches it nor ends with them.
 * @throws InputError if the folder cannot be written to
 */
export function startProcess(
  folder: string,
  [command, ...args]: readonly string[],
  env: Readonly<Record<string, string>> = {},
): StartedNode {
  let log: number;
  try {
    mkdirSync(dataFolderOf(folder), { recursive: true });
    log = openSync(logFileOf(folder), "a");
  } catch (error) {
    throw new InputError(`${folder}: cannot be written to: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    const child = spawn(command!, args, {
      // A group of its own: Ctrl-C is for the controller, which ends its nodes in order.
      detached: true,
      stdio: ["ignore", log, log],
      env: { ...process.env, ...env },
    });
    return new NodeProcess(child);
  } finally {
    closeSync(log);
  }
}

/** Its file descriptor: a node says what it observes where it says everything. */
const STANDARD_OUTPUT = "1";

/** The command line of a node. */
const nodeArguments = (spec: NodeSpec): string[] => [
  ...["--datadir", dataFolderOf(spec.folder)],
  ...["--network", spec.network],
  ...["--listen", spec.listen],
  ...["--rpc", `127.0.0.1:${spec.rpcPort}`],
  ...["--key-pool", "1"],
  "--no-dns-seeds",
  ...["--log-level", "info"],
  ...["--observations", STANDARD_OUTPUT],
  ...(spec.chain === undefined ? [] : ["--load-blocks", spec.chain, "--state-digests"]),
  ...(spec.fluxnodes === undefined ? [] : ["--fluxnodes", spec.fluxnodes]),
  ...spec.peers.flatMap((peer) => ["--connect", peer]),
  ...(spec.program === undefined ? ["--disk-trouble", diskTroubleFileOf(spec.folder)] : []),
  ...(spec.clockOffsetMs === 0 ? [] : ["--clock-offset", String(spec.clockOffsetMs / 1_000)]),
];

class NodeProcess implements StartedNode {
  readonly ended: Promise<string>;
  readonly #child: ChildProcess;
  #running = true;

  constructor(child: ChildProcess) {
    this.#child = child;
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.#running = false;
        resolve(how);
      };
      child.once("error", (error) => end(error.message));
      child.once("exit", (code, signal) => end(signal === null ? `exit code ${code}` : `signal ${signal}`));
    });
  }

  get id(): string {
    return String(this.#child.pid ?? "");
  }

  get running(): boolean {
    return this.#running;
  }

  async pause(): Promise<void> {
    this.#child.kill("SIGSTOP");
  }

  async resume(): Promise<void> {
    this.#child.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    this.#child.kill("SIGCONT"); // one that stands still hears nothing
    const impatient = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.ended;
    clearTimeout(impatient);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}
