import type { Block } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import type { LabWorld } from "@fluxlab/sim";
import { InvalidInput } from "@fluxlab/sim/scenario";
import { serveControl } from "./control.ts";
import type { DoneFault } from "./faultBook.ts";
import { describeFault, lastFaultMs } from "./faults.ts";
import { Fleet, type FleetPlan, type NodeStatus } from "./fleet.ts";
import { labWorldOf, writeLabFiles } from "./labTestnet.ts";
import { LiveWatch } from "./liveWatch.ts";
import { fleetPlan } from "./loadTestnet.ts";
import { openRunner, type RunnerChoice } from "./openRunner.ts";
import { Play } from "./play.ts";
import { predict } from "./prediction.ts";
import { claimName, forgetTestnet, type TestnetRecord, writeRecord } from "./registry.ts";
import { Releases } from "./releases.ts";
import { RpcRefusal, RpcSilence } from "./rpcClient.ts";
import type { RunnerKind } from "./runner.ts";
import { testnetFacts, writeFacts } from "./testnetFacts.ts";
import { decodeFault, type TestnetScenario } from "./testnetSchema.ts";

/** Where a testnet is to be, and who hears about it. */
export interface TestnetOptions {
  readonly root: string;
  readonly name: string;
  readonly signal: AbortSignal;
  /** Processes of this machine if left out. */
  readonly on?: RunnerChoice;
  /** Takes a line for each thing that happens. */
  readonly say: (text: string) => void;
  /** Blocks that a laboratory network begins with; undefined: its first ones. */
  readonly chain?: readonly Block[] | undefined;
  /** A node's data folder, of which each node gets a copy; `chain` says what is in it. Only for processes of this machine. */
  readonly data?: string | undefined;
}

/** A testnet under this process: it lives until {@link close}. */
export interface Testnet {
  readonly fleet: Fleet;
  readonly play: Play;
  /** Milliseconds from nothing to the last node's answer. */
  readonly readyMs: number;
  /** Resolves when somebody asks for its end from outside. */
  readonly asked: Promise<void>;
  /** Copies logs and observations into a folder, with what one has to know to read them; `data`: the nodes' folders too. */
  collect(into: string, data: boolean): Promise<void>;
  close(): Promise<void>;
}

/** What the order "rpc" asks. */
export interface RpcOrder {
  readonly node: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

/** What the order "exec" asks; it answers with what became of the command. */
export interface ExecOrder {
  readonly node: number;
  readonly command: readonly string[];
}

/** What the order "collect" asks. */
export interface CollectOrder {
  readonly into: string;
  /** Whether what is on the nodes' disks is wanted, too. */
  readonly data: boolean;
}

/** What the order "status" answers. */
export interface TestnetStatus {
  readonly nodes: readonly NodeStatus[];
  readonly sinceReadyMs: number;
  /** All that were done, and until when. */
  readonly faults: readonly DoneFault[];
  readonly linkBytes: number;
  readonly crashes: readonly string[];
  readonly events: readonly { readonly at: number; readonly text: string }[];
  readonly expectations: readonly {
    readonly text: string;
    readonly outcome: string;
    readonly seen: string;
  }[];
}

/**
 * Starts a testnet and begins to play its scenario. Whatever goes wrong, and whenever it is interrupted, what it had started is
 * ended and its files are gone.
 * @throws InputError for what a person has to change
 */
export async function openTestnet(scenario: TestnetScenario, options: TestnetOptions): Promise<Testnet> {
  const { root, name, signal, say } = options;
  const releases = new Releases();
  const close = async (): Promise<void> => {
    const failures = await releases.release();
    for (const { message } of failures) say(`while ending: ${message}`);
  };
  const folder = claimName(root, name);
  // Without its record nobody would find what is left elsewhere.
  const left = { elsewhere: false };
  releases.add(folder, () => {
    if (!left.elsewhere) forgetTestnet(root, name);
  });
  try {
    return await startIn(folder, scenario, options, releases, left, close);
  } catch (error) {
    await close();
    signal.throwIfAborted();
    throw explained(error, folder);
  }
}

async function startIn(
  folder: string,
  scenario: TestnetScenario,
  { root, name, signal, say, chain, data, on = { kind: "process" } }: TestnetOptions,
  releases: Releases,
  left: { elsewhere: boolean },
  close: () => Promise<void>,
): Promise<Testnet> {
  const beganAt = performance.now();
  const links = fleetPlan(scenario);
  if (data !== undefined && on.kind !== "process")
    throw new InputError("start: datadir: copies lie on this machine alone: leave --on out");
  const world = labWorldOf(scenario, links.links, { chain });
  const plan = world === undefined ? links : { ...links, ...labPlan(folder, world), data };
  let record: TestnetRecord = {
    ...{ name, runner: on.kind, place: undefined, title: scenario.title, phase: "starting" },
    ...{ controllerPid: process.pid, control: undefined, nodes: [] },
  };
  let fleet: Fleet | undefined;
  const note = (change: Partial<TestnetRecord>): void => {
    record = {
      ...record,
      ...change,
      nodes: (fleet?.status() ?? []).map((node) => nodeRecord(node, on.kind)),
    };
    writeRecord(root, record);
  };
  note({});
  const runner = await openRunner(on, root, name, say, (place) => note({ place }));
  releases.add("places of nodes", async () => {
    left.elsewhere = true;
    await runner.close();
    left.elsewhere = false;
  });
  fleet = new Fleet(runner, plan, folder, () => note({}));
  const running = fleet;
  const watch = world && watchOf(world, running, lastFaultMs(scenario.faults));
  const endNodes = () => running.close();
  releases.add("nodes", endNodes);
  // Interrupted while it starts: nodes that end make the start fail.
  signal.addEventListener("abort", () => void endNodes(), { once: true });
  await fleet.start();
  signal.throwIfAborted();
  if (scenario.blocksBefore > 0) await firstBlocks(fleet, scenario.blocksBefore);
  const readyMs = performance.now() - beganAt;
  const lab = world && watch && { world, watch };
  const play = new Play(fleet, scenario, plan.trouble, say, lab);
  releases.add("scenario", () => play.stop());
  let ask = () => {};
  const asked = new Promise<void>((resolve) => {
    ask = resolve;
  });
  const facts = () => testnetFacts(scenario, running, play, world);
  const collect = async (into: string, data: boolean) => {
    await running.collect(into, { data });
    writeFacts(into, facts());
  };
  const control = await serveControl({
    status: async () => statusOf(fleet, play),
    fault: async (data) => {
      const fault = faultOf(data, fleet.size);
      await play.inject(fault);
      return describeFault(fault);
    },
    scale: async (count) => {
      await scale(fleet, count);
      return fleet.size;
    },
    rpc: async (asked) => rpcOrder(fleet, asked),
    exec: async (asked) => execOrder(fleet, asked),
    facts: async () => facts(),
    predict: async (simulations) => predict(scenario, play, simulations, signal),
    collect: async (asked) => {
      const { into, data } = asked as CollectOrder;
      await collect(into, data);
    },
    down: async () => ask(),
  });
  releases.add("control", () => control.close());
  note({ phase: "ready", control: { port: control.port, token: control.token } });
  return { fleet, play, readyMs, asked, collect, close };
}

/** The nodes' clocks show the time of the simulator's world, in which their first blocks were made. */
const labPlan = (folder: string, world: LabWorld): Pick<FleetPlan, "lab" | "late" | "clockMs"> => ({
  lab: writeLabFiles(folder, world),
  late: world.plan.late?.nodes ?? [],
  clockMs: world.plan.startSeconds * 1_000 - Date.now(),
});

/** Somebody who looks at all that the nodes say. */
function watchOf(world: LabWorld, fleet: Fleet, healedMs: number): LiveWatch {
  const nodes = {
    isRunning: (node: number) => fleet.running.includes(node),
    nodeAt: (ip: string) => {
      const there = fleet.status().filter(({ listen }) => listen.startsWith(`${ip}:`));
      return there.length === 1 ? there[0]!.index : undefined;
    },
  };
  const watch = new LiveWatch(world, nodes, healedMs * 1_000);
  fleet.observer.listen((observation) => watch.take(observation));
  fleet.onRules((node, rules) => watch.setRules(node, rules));
  return watch;
}

const nodeRecord = ({ index, id, listen, rpcPort }: NodeStatus, kind: RunnerKind) => ({
  ...{ index, id, listen, rpcPort },
  pid: id === undefined || kind !== "process" ? undefined : Number(id),
});

/** Gives all nodes a chain of so many blocks. */
async function firstBlocks(fleet: Fleet, count: number): Promise<void> {
  await fleet.rpc(0).call("generate", [count], 600_000);
  while (fleet.running.some((node) => fleet.observer.sight(node).height < count)) {
    if (fleet.crashes.length > 0) throw new InputError(fleet.crashes[0]!);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function statusOf(fleet: Fleet, play: Play): TestnetStatus {
  play.look(false);
  return {
    ...{ nodes: fleet.status(), sinceReadyMs: Math.round(play.now), linkBytes: fleet.bytes },
    ...{ faults: play.faults, crashes: fleet.crashes, events: play.events },
    expectations: play.verdicts.map(({ expectation, outcome, seen }) => ({
      ...{ text: expectation.text, outcome, seen },
    })),
  };
}

async function rpcOrder(fleet: Fleet, asked: unknown): Promise<unknown> {
  const { node, method, params } = asked as RpcOrder;
  try {
    return await fleet.rpc(node).call(method, params);
  } catch (error) {
    if (error instanceof RpcRefusal || error instanceof RpcSilence)
      throw new InputError(error.message, { cause: error });
    throw error;
  }
}

async function execOrder(fleet: Fleet, asked: unknown): Promise<unknown> {
  const { node, command } = asked as ExecOrder;
  return fleet.exec(node, command);
}

function faultOf(data: unknown, nodes: number): ReturnType<typeof decodeFault> {
  try {
    return decodeFault(data, nodes);
  } catch (error) {
    if (error instanceof InvalidInput) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

async function scale(fleet: Fleet, count: unknown): Promise<void> {
  if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || count > 1_000)
    throw new InputError(`expected a number of nodes from 1 to 1000, got ${JSON.stringify(count)}`);
  if (count > fleet.size) await fleet.grow(count - fleet.size);
  else await fleet.shrink(fleet.size - count);
}

/** Errors of the operating system that a person can do something about. */
function explained(error: unknown, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException;
  const fix: Readonly<Record<string, string>> = {
    ENOSPC: `the disk of ${folder} is full: make room, or choose another --root`,
    EACCES: `no permission: choose a --root that you may write to`,
    EMFILE: "too many files are open: raise the limit by ulimit -n, or start fewer nodes",
    EAGAIN: "no more processes may be started: raise the limit by ulimit -u, or start fewer nodes",
    EADDRINUSE: "another program took the port in the meantime: try again",
  };
  if (code === undefined || !Object.hasOwn(fix, code)) return error;
  return new InputError(`${fix[code]} (${message})`, { cause: error });
}
