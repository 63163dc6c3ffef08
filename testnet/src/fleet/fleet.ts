import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { Random } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import type { LabFiles } from "./labTestnet.ts";
import type { Link, LinkTrouble, Way } from "./linkProxy.ts";
import { lastLogLines, logFileOf, nodeFolderOf } from "./nodeFolder.ts";
import { type NodeSight, Observer } from "./observer.ts";
import { PacketFaults } from "./packetFaults.ts";
import type { DiskTrouble, Executed, NodeProgram, NodeRpc, NodeSpec, Runner, StartedNode } from "./runner.ts";

/** A dialling node and the one that listens. */
export type LinkEnds = readonly [dialler: number, listener: number];

/** A network to start. */
export interface FleetPlan {
  readonly nodes: number;
  readonly links: readonly LinkEnds[];
  /** A built-in network or a network file. */
  readonly network: string;
  /** What the nodes of a laboratory network begin with. */
  readonly lab?: LabFiles;
  /** Data folder whose copy all nodes begin with. */
  readonly data?: string | undefined;
  /** Nodes that begin under the old rules. */
  readonly late?: readonly number[];
  /** By how much all clocks are fast: the network lives at a time of its own. */
  readonly clockMs?: number;
  /** Programs of nodes that are not of this checkout. */
  readonly programs: ReadonlyMap<number, NodeProgram>;
  readonly seed: number;
  /** What links are like when nothing is wrong. */
  readonly trouble: LinkTrouble;
}

/** One node as its fleet sees it. */
export interface NodeStatus extends NodeSight {
  readonly index: number;
  readonly state: "starting" | "running" | "paused" | "down";
  readonly id: string | undefined;
  readonly listen: string;
  readonly rpcPort: number;
  readonly clockOffsetMs: number;
}

interface Member {
  spec: NodeSpec;
  readonly rpc: NodeRpc;
  started: StartedNode | undefined;
  ready: boolean;
  paused: boolean;
  /** The node is not expected to run: a fault, not a crash. */
  downOnPurpose: boolean;
  disk: DiskTrouble;
  /** Its disk was full since it started: a node that has something to write then ends, and that is no crash. */
  metFullDisk: boolean;
}

interface FleetLink {
  readonly ends: LinkEnds;
  readonly link: Link;
}

/** A node that has not answered for so long does not work. */
const READY_MS = 120_000;
const NO_DISK_TROUBLE: DiskTrouble = { full: false, slowMs: 0 };
/** Between two questions whether a node is ready. */
const ASK_MS = 50;
/** Of a node that died. */
const LINES_SHOWN = 12;

/** A running network of real nodes: nodes, the links between them, and what they say. */
export class Fleet {
  readonly observer: Observer;
  /** What the kernels of the nodes' places do with packets. */
  readonly packets: PacketFaults;
  readonly #runner: Runner;
  readonly #plan: FleetPlan;
  readonly #folder: string;
  readonly #members: Member[] = [];
  readonly #links: FleetLink[] = [];
  /** Nodes that ended without being told to, with what they said last. */
  readonly #crashes: string[] = [];
  readonly #changed: () => void;
  /** Hears of nodes that keep to other rules from now on. */
  #rulesSet: (index: number, rules: "old" | "new") => void = () => {};
  #closing = false;

  /** `folder`: the testnet's own. `changed`: nodes have come or gone. Nothing runs before {@link start}. */
  constructor(runner: Runner, plan: FleetPlan, folder: string, changed: () => void = () => {}) {
    this.#runner = runner;
    this.#plan = plan;
    this.#folder = folder;
    this.#changed = changed;
    this.observer = new Observer(join(folder, "observations.jsonl"));
    this.packets = new PacketFaults(runner, (index) => this.#member(index).spec);
  }

  /**
   * Starts all nodes side by side and resolves when each answers and is connected to those it dials.
   * @throws InputError naming a node that did not come up, with its last words
   */
  async start(): Promise<void> {
    await this.#add(this.#plan.nodes, this.#plan.links);
    await this.#connected();
  }

  /** Adds nodes and links, and resolves when the new nodes answer. */
  async #add(count: number, links: readonly LinkEnds[]): Promise<void> {
    const first = this.#members.length;
    const indices = Array.from({ length: count }, (_, i) => first + i);
    const places = await this.#runner.place(indices);
    const listenOf = (index: number) => places[index - first]?.listen ?? this.#member(index).spec.listen;
    const peers = new Map<number, string[]>(indices.map((index) => [index, []]));
    for (const [dialler, listener] of links) {
      const link = await this.#link([dialler, listener], listenOf(listener));
      peers.get(dialler)?.push(link.address);
    }
    for (const [i, index] of indices.entries()) {
      const folder = nodeFolderOf(this.#folder, index);
      const spec = {
        ...{ index, folder, network: this.#networkOf(index), ...places[i]! },
        ...{
          peers: peers.get(index)!,
          clockOffsetMs: this.#clockMs,
          program: this.#plan.programs.get(index),
        },
        ...{ chain: this.#plan.lab?.chain, fluxnodes: this.#plan.lab?.fluxnodes[index] },
        data: this.#plan.data,
      };
      const rpc = this.#runner.rpc(spec);
      this.#members.push({
        spec,
        rpc,
        started: undefined,
        ready: false,
        paused: false,
        downOnPurpose: false,
        disk: NO_DISK_TROUBLE,
        metFullDisk: false,
      });
      this.observer.follow(index, folder);
    }
    await Promise.all(indices.map((index) => this.startNode(index)));
  }

  get #clockMs(): number {
    return this.#plan.clockMs ?? 0;
  }

  #networkOf(index: number): string {
    const { lab, late = [], network } = this.#plan;
    if (lab === undefined) return network;
    return late.includes(index) ? (lab.oldNetwork ?? lab.network) : lab.network;
  }

  async #link(ends: LinkEnds, listen: string): Promise<Link> {
    const link = await this.#runner.link(...ends, listen, this.#plan.seed);
    link.set("there", this.#plan.trouble);
    link.set("back", this.#plan.trouble);
    this.#links.push({ ends, link });
    return link;
  }

  /** More nodes, each dialling up to four of those that are there. */
  async grow(count: number): Promise<void> {
    const random = Random.root(String(this.#plan.seed)).fork(`grow/${this.#members.length}`);
    const total = this.#members.length + count;
    const links: LinkEnds[] = [];
    for (let dialler = this.#members.length; dialler < total; dialler++)
      links.push(...earlierNodes(dialler, 4, random));
    await this.#add(count, links);
  }

  /** Takes away the nodes with the highest numbers, and their links. */
  async shrink(count: number): Promise<void> {
    const left = this.#members.length - count;
    for (const { ends, link } of this.#links.filter(({ ends }) => Math.max(...ends) >= left)) {
      this.#links.splice(
        this.#links.findIndex((each) => each.ends === ends),
        1,
      );
      await link.close();
    }
    await Promise.all(this.#members.slice(left).map(({ spec }) => this.stopNode(spec.index, "stop")));
    for (const { spec } of this.#members.splice(left)) {
      this.observer.forget(spec.index);
      await this.#runner.remove(spec);
    }
    this.#changed();
  }

  /** Starts one node and resolves when it answers. @throws InputError with its last words if it does not */
  async startNode(index: number): Promise<void> {
    const member = this.#member(index);
    if (member.started?.running === true) return;
    this.observer.restarted(index);
    const started = await this.#runner.start(member.spec);
    if (this.#closing) {
      await started.kill();
      throw new InputError(`node ${index} is not needed any more`);
    }
    const metFullDisk = member.disk.full;
    Object.assign(member, { started, ready: false, paused: false, downOnPurpose: false, metFullDisk });
    this.#changed();
    void started.ended.then((how) => {
      if (member.started !== started || member.downOnPurpose || this.#closing) return;
      if (member.metFullDisk) this.#endedByDisk(member);
      else this.#crashes.push(this.#lastWords(member, `ended by itself: ${how}`));
      this.#changed();
    });
    await this.packets.started(member.spec);
    await this.#answers(member, started);
    member.ready = true;
  }

  /** Until there is room it is no use to start it. */
  #endedByDisk(member: Member): void {
    const { index } = member.spec;
    this.observer.restarted(index);
    if (member.disk.full) return;
    this.startNode(index).catch((error: unknown) => this.#crashes.push((error as Error).message));
  }

  async #answers(member: Member, started: StartedNode): Promise<void> {
    const deadline = performance.now() + READY_MS;
    let last = "";
    while (performance.now() < deadline) {
      if (!started.running) {
        throw new InputError(this.#lastWords(member, `did not start: ${await started.ended}`));
      }
      try {
        await member.rpc.call("getblockcount");
        return;
      } catch (error) {
        last = (error as Error).message;
      }
      await pause(ASK_MS);
    }
    throw new InputError(this.#lastWords(member, `did not answer within ${READY_MS / 1_000} s: ${last}`));
  }

  /** Resolves when every node has as many peers as there are links to it, or says so if that takes too long. */
  async #connected(): Promise<void> {
    const deadline = performance.now() + READY_MS;
    const wanted = this.#members.map(
      ({ spec }) => this.#links.filter(({ ends }) => ends.includes(spec.index)).length,
    );
    for (;;) {
      this.observer.look();
      const lacking = this.#members.filter((_, i) => this.observer.sight(i).peers < wanted[i]!);
      if (lacking.length === 0) return;
      if (performance.now() > deadline)
        throw new InputError(this.#lastWords(lacking[0]!, "is not connected to all its peers"));
      this.#throwIfDown();
      await pause(ASK_MS);
    }
  }

  #throwIfDown(): void {
    const [crash] = this.#crashes;
    if (crash !== undefined) throw new InputError(crash);
  }

  #lastWords({ spec }: Member, what: string): string {
    const lines = lastLogLines(spec.folder, LINES_SHOWN).map((line) => `  ${line}`);
    const said = lines.length === 0 ? "It said nothing." : `It said last (${logFileOf(spec.folder)}):`;
    return [`node ${spec.index} ${what}. ${said}`, ...lines].join("\n");
  }

  /** Ends one node: in order, or as in a crash. */
  async stopNode(index: number, how: "stop" | "kill"): Promise<void> {
    const member = this.#member(index);
    member.downOnPurpose = true;
    if (member.started?.running !== true) return;
    await member.started[how]();
    this.observer.restarted(index);
    member.paused = false;
    this.#changed();
  }

  async setPaused(index: number, paused: boolean): Promise<void> {
    const member = this.#member(index);
    if (member.started?.running !== true || member.paused === paused) return;
    member.paused = paused;
    if (paused) await member.started.pause();
    else await member.started.resume();
  }

  /** Takes away what a node, which must not run, has on its disk. */
  async wipeNode(index: number): Promise<void> {
    await this.#runner.wipe(this.#member(index).spec);
  }

  /** Changes what is wrong with the disk of a node; one that ended because it was full starts again when there is room. */
  async troubleDisk(index: number, change: Partial<DiskTrouble>): Promise<void> {
    const member = this.#member(index);
    const before = member.disk;
    const disk = { ...before, ...change };
    if (disk.full) member.metFullDisk = true; // the node may meet it before whoever fills it has answered
    await this.#runner.troubleDisk(member.spec, disk);
    member.disk = disk;
    if (before.full && !disk.full && !member.downOnPurpose) await this.startNode(index);
  }

  /** Runs a command where the node is. */
  exec(index: number, command: readonly string[]): Promise<Executed> {
    return this.#runner.exec(this.#member(index).spec, command);
  }

  /** Holds from the node's next start. */
  setClockOffset(index: number, clockOffsetMs: number): void {
    const member = this.#member(index);
    member.spec = { ...member.spec, clockOffsetMs: this.#clockMs + clockOffsetMs };
  }

  /** Whether the rules of a node take no proof of work on its tip. */
  endsWork(index: number): boolean {
    const { lab } = this.#plan;
    if (lab === undefined || this.#member(index).spec.network !== lab.network) return false;
    return this.observer.sight(index).height + 1 >= lab.workEnds;
  }

  /** Whether a node answers, and keeps to the newest rules. */
  keepsNewRules(index: number): boolean {
    const member = this.#member(index);
    const { lab, network } = this.#plan;
    return this.#state(member) === "running" && member.spec.network === (lab?.network ?? network);
  }

  /** Keeps to these rules from its next start. */
  setRules(index: number, rules: "old" | "new"): void {
    const member = this.#member(index);
    const { lab, network } = this.#plan;
    const file = rules === "old" ? (lab?.oldNetwork ?? lab?.network) : lab?.network;
    member.spec = { ...member.spec, network: file ?? network };
    this.#rulesSet(index, rules);
  }

  /** Sets the trouble of the link between two nodes for what the first says to the second; all else of the link stays. */
  changeLink(from: number, to: number, change: (trouble: LinkTrouble) => LinkTrouble): void {
    for (const { ends, link } of this.#links) {
      const way: Way | undefined =
        ends[0] === from && ends[1] === to
          ? "there"
          : ends[1] === from && ends[0] === to
            ? "back"
            : undefined;
      if (way !== undefined) link.set(way, change(link.trouble(way)));
    }
  }

  resetLink(a: number, b: number): void {
    for (const { ends, link } of this.#links) if (ends.includes(a) && ends.includes(b)) link.reset();
  }

  /** Has somebody hear of nodes that are to keep to other rules, before they start again. */
  onRules(listener: (index: number, rules: "old" | "new") => void): void {
    this.#rulesSet = listener;
  }

  get links(): readonly LinkEnds[] {
    return this.#links.map(({ ends }) => ends);
  }

  /** Bytes that went over all links. */
  get bytes(): number {
    return this.#links.reduce((sum, { link }) => sum + link.counts.bytes, 0);
  }

  /** By how many milliseconds pieces left their links too late, on average: the machines had other things to do. */
  get lateMs(): number {
    const counts = this.#links.map(({ link }) => link.counts);
    const sum = (figure: "waited" | "lateMs") => counts.reduce((all, each) => all + each[figure], 0);
    return sum("lateMs") / Math.max(1, sum("waited"));
  }

  get size(): number {
    return this.#members.length;
  }

  /** Nodes that answer. */
  get running(): readonly number[] {
    return this.#members.filter((member) => this.#state(member) === "running").map(({ spec }) => spec.index);
  }

  /** What nodes that ended by themselves said last. */
  get crashes(): readonly string[] {
    return this.#crashes;
  }

  rpc(index: number): NodeRpc {
    return this.#member(index).rpc;
  }

  status(): readonly NodeStatus[] {
    return this.#members.map((member) => {
      const { index, listen, rpcPort } = member.spec;
      const clockOffsetMs = member.spec.clockOffsetMs - this.#clockMs;
      const { tip, height, peers, reorganised, refused, banned } = this.observer.sight(index);
      const state = this.#state(member);
      const id = state === "down" ? undefined : member.started?.id;
      return {
        index,
        state,
        id,
        listen,
        rpcPort,
        clockOffsetMs,
        tip,
        height,
        peers,
        reorganised,
        refused,
        banned,
      };
    });
  }

  #state({ started, ready, paused }: Member): NodeStatus["state"] {
    if (started?.running !== true) return "down";
    if (paused) return "paused";
    return ready ? "running" : "starting";
  }

  #member(index: number): Member {
    const member = this.#members[index];
    if (member === undefined)
      throw new InputError(`there is no node ${index}: nodes are 0 to ${this.#members.length - 1}`);
    return member;
  }

  /** Copies what the nodes said and what was observed into a folder; `data`: and what is on the disks of those of ours. */
  async collect(into: string, { data }: { readonly data: boolean } = { data: false }): Promise<void> {
    this.observer.look();
    mkdirSync(join(into, "logs"), { recursive: true });
    const observations = join(this.#folder, "observations.jsonl");
    if (existsSync(observations)) copyFileSync(observations, join(into, "observations.jsonl"));
    for (const { spec } of this.#members) {
      const log = logFileOf(spec.folder);
      if (existsSync(log)) copyFileSync(log, join(into, "logs", `node-${spec.index}.log`));
      if (data && spec.program?.kind !== "fluxd")
        await this.#runner.copyData(spec, join(into, "datadirs", `node-${spec.index}`));
    }
  }

  /** Ends all nodes and links. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(this.#members.map(({ spec }) => this.stopNode(spec.index, "stop")));
    await Promise.all(this.#links.map(({ link }) => link.close()));
    await this.#runner.close();
    this.observer.close();
  }
}

/** Links of a node to `degree` of those before it, by chance; to all if there are no more. */
export function earlierNodes(dialler: number, degree: number, random: Random): readonly LinkEnds[] {
  const earlier = Array.from({ length: dialler }, (_, i) => i);
  random.shuffle(earlier);
  return earlier.slice(0, degree).map((listener) => [dialler, listener]);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
