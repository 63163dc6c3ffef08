import { execFile } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InputError } from "@fluxlab/core/command-line";
import type {
  AskPrediction,
  DoFault,
  LogLines,
  NetworkPrediction,
  NodeMetrics,
  SilentNode,
  StartTestnet,
  TestnetFrame,
  TestnetList,
  TestnetNode,
  TestnetScenarioEntry,
  TestnetSummary,
} from "@fluxlab/lab-ui/api";
import { parseYaml } from "@fluxlab/sim/scenario";
import {
  controllerRuns,
  endTestnet,
  isObservation,
  LogFollower,
  lastLogLines,
  loadTestnet,
  logFileOf,
  nodeFolderOf,
  order,
  readRecord,
  type TestnetFacts,
  type TestnetStatus,
  testnetFolder,
  testnetNames,
} from "@fluxlab/testnet/fleet";
import { fieldOf, NotFound, orNothing, type Send, TEXT, WHOLE, wait } from "./api.ts";
import { yamlFiles } from "./library.ts";
import { aboutOf, TestnetFrames } from "./testnetFrames.ts";

const SCENARIOS = fileURLToPath(new URL("../../scenarios/testnet/", import.meta.url));
const PROGRAM = fileURLToPath(new URL("../../testnet/bin/flux-testnet.ts", import.meta.url));

/** Milliseconds between looks at a testnet, and at a log. */
const LOOK_MS = 500;
/** Lines of a log that are shown at once. */
const FIRST_LINES = 400;

/** The testnets of a root folder, whoever started them, through their controllers. */
export class Testnets {
  readonly #root: string;
  /** What nodes call themselves, by testnet, node and process. */
  readonly #versions = new Map<string, string>();

  constructor(root: string) {
    this.#root = root;
  }

  list(): TestnetList {
    return {
      testnets: testnetNames(this.#root).map((name) => this.#summary(name)),
      scenarios: yamlFiles(SCENARIOS).map(scenarioEntry),
    };
  }

  #summary(name: string): TestnetSummary {
    const record = readRecord(this.#root, name);
    const state = controllerRuns(this.#root, name) ? (record?.phase ?? "starting") : "half-dead";
    return {
      ...{ name, title: record?.title ?? "", state },
      ...{ nodes: record?.nodes.length ?? 0, runner: record?.runner ?? "process" },
    };
  }

  /** Names of the address are those of folders that there are. @throws NotFound */
  #existing(name: string): string {
    if (testnetNames(this.#root).includes(name)) return name;
    throw new NotFound(`there is no testnet "${name}"`);
  }

  /** Starts a testnet that stays, as `npm run testnet -- up` does. @throws InputError with what is to be changed */
  async start(body: unknown): Promise<{ readonly name: string }> {
    const asked: StartTestnet = {
      scenario: fieldOf(body, "scenario", TEXT),
      ...given("name", fieldOf(body, "name", orNothing(TEXT))),
      ...given("nodes", fieldOf(body, "nodes", orNothing(WHOLE))),
      ...given("seed", fieldOf(body, "seed", orNothing(WHOLE))),
    };
    const file = yamlFiles(SCENARIOS).find(({ name }) => name === asked.scenario)?.path;
    if (file === undefined) throw new NotFound(`there is no scenario "${asked.scenario}" of testnets`);
    const name = asked.name ?? asked.scenario;
    if (!/^[a-z0-9]+(?:[-.][a-z0-9]+)*$/.test(name))
      throw new InputError(`name: expected small letters, digits and dashes, got "${name}"`);
    if (testnetNames(this.#root).includes(name))
      throw new InputError(`there is a testnet "${name}": end it, or choose another name`);
    await runTestnetProgram([
      ...["up", file, "--root", this.#root, "--name", name, "--json"],
      ...(asked.nodes === undefined ? [] : ["--nodes", `${asked.nodes}`]),
      ...(asked.seed === undefined ? [] : ["--seed", `${asked.seed}`]),
    ]);
    return { name };
  }

  async end(name: string): Promise<{ readonly name: string }> {
    await endTestnet(this.#root, this.#existing(name));
    return { name };
  }

  async doFault(name: string, body: unknown): Promise<{ readonly text: string }> {
    const asked: DoFault = { fault: fieldOf(body, "fault", TEXT) };
    const fault = parsedFault(asked.fault);
    return { text: await order<string>(this.#root, this.#existing(name), "fault", fault) };
  }

  predict(name: string, body: unknown): Promise<NetworkPrediction> {
    const asked: AskPrediction = { simulations: fieldOf(body, "simulations", WHOLE) };
    return order(this.#root, this.#existing(name), "predict", asked.simulations);
  }

  /** What a node says of itself now. */
  async metrics(name: string, node: number): Promise<NodeMetrics | SilentNode> {
    this.#existing(name);
    try {
      return await this.#answered(name, node);
    } catch (error) {
      if (error instanceof InputError) return { silent: error.message };
      throw error;
    }
  }

  async #answered(name: string, node: number): Promise<NodeMetrics> {
    const ask = <T>(method: string) => order<T>(this.#root, name, "rpc", { node, method, params: [] });
    const [network, pool, totals] = await Promise.all([
      ask<NetworkInfo>("getnetworkinfo"),
      ask<{ readonly size: number; readonly bytes: number }>("getmempoolinfo"),
      ask<{ readonly totalbytesrecv: number; readonly totalbytessent: number }>("getnettotals"),
    ]);
    return {
      ...{ version: network.subversion, protocol: network.protocolversion },
      ...{ connections: network.connections, timeOffset: network.timeoffset },
      ...{ poolTransactions: pool.size, poolBytes: pool.bytes },
      ...{ bytesReceived: totals.totalbytesrecv, bytesSent: totals.totalbytessent },
    };
  }

  /** Tells what happens until the testnet ends or nobody listens. */
  async follow(name: string, send: Send, signal: AbortSignal): Promise<void> {
    if (!testnetNames(this.#root).includes(name)) return send({ ended: `there is no testnet "${name}"` });
    let frames: TestnetFrames | undefined;
    let [followed, told] = ["", ""];
    while (!signal.aborted) {
      const { phase } = readRecord(this.#root, name) ?? {};
      if (!controllerRuns(this.#root, name)) return send({ ended: "its controller has ended" });
      if (phase === "ready") {
        const facts = await order<TestnetFacts>(this.#root, name, "facts");
        const status = await order<TestnetStatus>(this.#root, name, "status");
        const network = JSON.stringify([facts.nodes, facts.beganAt, facts.baseHeight]);
        const isAnew = frames === undefined || network !== followed;
        if (isAnew)
          frames = new TestnetFrames(facts, join(testnetFolder(this.#root, name), "observations.jsonl"));
        const key = JSON.stringify([network, facts.faults, facts.links, facts.oldRules]);
        const isOther = key !== told;
        [followed, told] = [network, key];
        const seconds = status.sinceReadyMs / 1_000;
        const { rows } = frames!.next({ seconds, bytes: status.linkBytes });
        const frame: TestnetFrame = {
          about: isOther ? aboutOf(facts, frames!.begin) : undefined,
          isAnew,
          ...{ rows, seconds, findings: facts.findings },
          status: { ...status, nodes: await this.#nodes(name, status, facts) },
        };
        send(frame);
      }
      await wait(frames?.isBehind === true ? 0 : LOOK_MS, signal);
    }
  }

  async #nodes(name: string, { nodes }: TestnetStatus, { oldRules }: TestnetFacts): Promise<TestnetNode[]> {
    return await Promise.all(
      nodes.map(async (node) => ({
        ...node,
        version: await this.#version(name, node),
        isNew: !oldRules.includes(node.index),
      })),
    );
  }

  /** A process says once what it is. */
  async #version(
    name: string,
    { index, id, state }: TestnetStatus["nodes"][number],
  ): Promise<string | undefined> {
    const key = `${name} ${index} ${id}`;
    const known = this.#versions.get(key);
    if (known !== undefined || state !== "running") return known;
    try {
      const asked = { node: index, method: "getnetworkinfo", params: [] };
      const { subversion } = await order<NetworkInfo>(this.#root, name, "rpc", asked);
      this.#versions.set(key, subversion);
      return subversion;
    } catch {
      return undefined; // it went down just now
    }
  }

  /** Tells what a node says to people, its last lines first. */
  async log(name: string, node: number, send: Send, signal: AbortSignal): Promise<void> {
    const folder = nodeFolderOf(testnetFolder(this.#root, this.#existing(name)), node);
    const follower = new LogFollower(logFileOf(folder), 0);
    follower.newLines();
    const first: LogLines = { lines: lastLogLines(folder, FIRST_LINES) };
    send(first);
    while (!signal.aborted) {
      await wait(LOOK_MS, signal);
      const lines = follower.newLines().filter((line) => !isObservation(line));
      if (lines.length > 0) send({ lines });
    }
  }
}

interface NetworkInfo {
  readonly subversion: string;
  readonly protocolversion: number;
  readonly connections: number;
  readonly timeoffset: number;
}

const given = <K extends string, T>(key: K, value: T | undefined): { readonly [Key in K]?: T } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [Key in K]?: T });

function scenarioEntry({
  name,
  path,
}: {
  readonly name: string;
  readonly path: string;
}): TestnetScenarioEntry {
  const { title, question, network, nodes, run, faults } = loadTestnet(path);
  return { name, title, question, network: network.split("/").at(-1)!, nodes, run, faults: faults.length };
}

function parsedFault(text: string): unknown {
  try {
    return parseYaml("fault", text, (data) => data);
  } catch (error) {
    throw new InputError(`fault: ${(error as Error).message}`, { cause: error });
  }
}

/** @throws InputError with what the program says is to be changed */
const runTestnetProgram = (args: readonly string[]): Promise<void> =>
  new Promise((resolve, reject) => {
    execFile(process.execPath, [PROGRAM, ...args], (error, _stdout, stderr) => {
      if (error === null) resolve();
      else reject(new InputError(stderr.trim() === "" ? error.message : stderr.trim(), { cause: error }));
    });
  });
