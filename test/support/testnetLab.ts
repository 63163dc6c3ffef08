import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  endAll,
  nodeFolderOf,
  order,
  RpcClient,
  readRecord,
  type TestnetRecord,
  type TestnetStatus,
  testnetFolder,
} from "@fluxlab/testnet/fleet";
import { expect, onTestFinished } from "vitest";
import { runProgram, temporaryFolder } from "./program.ts";

// Testnets from the command line, as users have them.

/** npm run testnet. */
export const PROGRAM = "testnet/bin/flux-testnet.ts";
/** A laboratory network's file. */
export const NETWORK = new URL("../../scenarios/testnet/lab-pow.json", import.meta.url).pathname;
/** Of three nodes in a row unless said otherwise. */
export function scenarioFile(fields: Readonly<Record<string, unknown>> = {}): string {
  const file = join(temporaryFolder(), "scenario.yaml");
  const scenario = {
    ...{ name: "three", title: "Three nodes in a row", network: NETWORK, nodes: 3, run: "1 h" },
    topology: {
      links: [
        [1, 0],
        [2, 1],
      ],
    },
    ...fields,
  };
  writeFileSync(file, JSON.stringify(scenario));
  return file;
}

/** A node's program that is not this checkout's own: what another version would be. */
export function otherProgram(): string {
  const file = join(temporaryFolder(), "other.mjs");
  const ours = new URL("../../testnet/bin/flux-node.ts", import.meta.url).pathname;
  writeFileSync(file, `await import(${JSON.stringify(ours)});`);
  return file;
}

/**
 * The laboratory's network on three nodes: one is of another version, one keeps to the old rules, leaves the chain when the upgrade
 * comes, and is upgraded; FluxNodes are paid and checkers look on.
 */
export const mixedScenarioFile = (): string =>
  scenarioFile({
    ...{ name: "mixed", network: "lab", blockInterval: "700 ms", run: "70 s", fluxUpgrade: 4, late: [2] },
    ...{ fluxnodes: { cumulus: 3, nimbus: 2, stratus: 1 }, links: { latency: "20 ms" } },
    hashRate: [2, 2, 0],
    groups: [{ nodes: [1], binary: otherProgram() }],
    faults: [
      // It has a chain of its own, which must never be the longer one: whoever sends such a chain is banned for a day.
      { at: "5 s", hashRate: { nodes: [2], weight: 1 } },
      { at: "12 s", upgrade: [2] },
      // One goes on, so that two last blocks of equal work do not stand against each other for ever.
      { at: "20 s", hashRate: { nodes: [1, 2], weight: 0 } },
    ],
    expect: [
      "tips >= 2 at 8 s", // long after they part, and before the upgrade
      "refused >= 1 on node 2 within 11 s",
      "tips = 1 from 21 s within 45 s",
      "refused = 0 on node 0 at 21 s",
    ],
  });

/**
 * Ours and one or two fluxds in a ring, which is split, mined apart and healed, loses a fluxd and gets it back; what FLUXD names. In the end
 * they are on one chain and have nothing against each other.
 */
export const fluxdScenarioFile = (nodes: number): string => {
  const last = nodes - 1;
  const ring = Array.from({ length: last }, (_, i) => [i + 1, i]);
  return scenarioFile({
    ...{ name: "mixed", network: "regtest", nodes, blockInterval: "1 s", run: "90 s" },
    groups: [{ nodes: [...new Set([1, nodes - 2])], fluxd: "$FLUXD" }],
    ...{ topology: { links: [...ring, [last, 0]] }, links: { latency: "10 ms" } },
    // On regtest all blocks pay the same key: two of ours that mine apart could find the same block.
    hashRate: Array.from({ length: nodes }, (_, node) => (node === 1 || node === last ? 1 : 0)),
    faults: [
      { at: "4 s", partition: [[0, 1]], for: "8 s" },
      { at: "18 s", kill: [1], for: "2 s" },
      { at: "22 s", hashRate: { nodes: [last], weight: 0 } },
    ],
    expect: [
      "tips >= 2 at 9 s",
      "tips = 1 from 24 s within 60 s",
      "reorganised >= 1 on any within 24 s",
      "peers = 2 on all from 24 s within 60 s",
      "refused = 0 on all at 28 s",
      "banned = 0 on all at 28 s",
    ],
  });
};

/** Between two looks at a testnet. */
const LOOK_MS = 50;
const sleep = (ms: number): Promise<void> => new Promise((later) => setTimeout(later, ms));

/** A place for testnets, of which nothing outlives the test. */
export class Lab {
  readonly root: string = temporaryFolder();

  constructor() {
    onTestFinished(async () => void (await endAll(this.root)));
  }

  /** Runs a command and gives what it prints as data. */
  async ask<T>(...args: string[]): Promise<T> {
    const { code, stdout, stderr } = await runProgram(PROGRAM, ...args, "--root", this.root, "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return JSON.parse(stdout) as T;
  }

  /** Runs a command. */
  async tell(...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await runProgram(PROGRAM, ...args, "--root", this.root);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return stdout.trim();
  }

  /** Runs a command that fails, and gives its exit code and message. */
  async fails(...args: string[]): Promise<readonly [number | null, string]> {
    const { code, stderr } = await runProgram(PROGRAM, ...args, "--root", this.root);
    return [code, stderr];
  }

  /** Does a fault, as the command does, but without a process for it. */
  async fault(name: string, fault: object): Promise<void> {
    await order(this.root, name, "fault", fault);
  }

  status(name: string): Promise<TestnetStatus> {
    return order<TestnetStatus>(this.root, name, "status");
  }

  /** Has a node make blocks. */
  async mine(name: string, node: number, blocks: number): Promise<void> {
    await this.rpc(name, node, "generate", blocks);
  }

  /** Asks a node. */
  async rpc<T>(name: string, node: number, method: string, ...params: unknown[]): Promise<T> {
    const { runner, nodes } = this.record(name);
    if (runner !== "process") return order<T>(this.root, name, "rpc", { node, method, params });
    const folder = nodeFolderOf(testnetFolder(this.root, name), node);
    return new RpcClient(nodes[node]!.rpcPort, folder).call<T>(method, params);
  }

  record(name: string): TestnetRecord {
    return readRecord(this.root, name)!;
  }

  /** Resolves when the nodes' tips satisfy a condition. */
  async until(
    name: string,
    condition: (tips: readonly string[], status: TestnetStatus) => boolean,
  ): Promise<void> {
    for (;;) {
      const status = await this.status(name);
      if (
        condition(
          status.nodes.map(({ tip, height }) => `${height} ${tip}`),
          status,
        )
      )
        return;
      await sleep(LOOK_MS); // who asks all the time takes from the nodes what they need to get there
    }
  }
}

/** Whether all are equal. */
export const same = (values: readonly string[]) => new Set(values).size === 1;

/** Whether a process runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}

/** Everything that a testnet has running. */
export const processesOf = ({ controllerPid, nodes }: TestnetRecord): number[] => [
  controllerPid,
  ...nodes.flatMap(({ pid }) => pid ?? []),
];
