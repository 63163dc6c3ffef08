import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { InputError } from "@fluxlab/core/command-line";
import { dataFolderOf, lastLogLines, logFileOf } from "./nodeFolder.ts";
import type { NodeSpec, Runner, StartedNode } from "./runner.ts";

/** The program that is a node. */
const NODE_PROGRAM = fileURLToPath(new URL("../../bin/flux-node.ts", import.meta.url));

/** A node that is told to end has so long. */
const STOP_MS = 10_000;

/** Where Node.js keeps what it has compiled, so that nodes start faster. It does without where that cannot be written. */
const CACHE = fileURLToPath(new URL("../../../node_modules/.cache/flux-lab", import.meta.url));

/** Nodes as processes of this machine, without privileges. */
export const processRunner: Runner = {
  kind: "process",
  start: startProcess,
  lastLines: ({ folder }, count) => lastLogLines(folder, count),
  wipe: ({ folder }) => rmSync(dataFolderOf(folder), { recursive: true, force: true }),
};

function startProcess(spec: NodeSpec): StartedNode {
  let log: number;
  try {
    mkdirSync(spec.folder, { recursive: true });
    log = openSync(logFileOf(spec.folder), "a");
  } catch (error) {
    throw new InputError(`${spec.folder}: cannot be written to: ${(error as Error).message}`, {
      cause: error,
    });
  }
  try {
    const child = spawn(process.execPath, [NODE_PROGRAM, ...nodeArguments(spec)], {
      // A group of its own: Ctrl-C is for the controller, which ends its nodes in order.
      detached: true,
      // Straight to the disk: a node neither waits for its controller nor ends with it.
      stdio: ["ignore", log, log],
      env: { ...process.env, NODE_COMPILE_CACHE: CACHE },
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

  pause(): void {
    this.#child.kill("SIGSTOP");
  }

  resume(): void {
    this.#child.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGTERM");
    this.resume(); // one that stands still hears nothing
    const impatient = setTimeout(() => this.#child.kill("SIGKILL"), STOP_MS);
    await this.ended;
    clearTimeout(impatient);
  }

  async kill(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.ended;
  }
}
