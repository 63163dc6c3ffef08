import type { Fleet } from "./fleet.ts";
import type { LinkTrouble } from "./linkProxy.ts";
import { FAULT_KINDS, type FaultInput, type TroubleInput } from "./testnetSchema.ts";
import { parseTime } from "./times.ts";

/** Who mines, as far as faults change it. */
export interface HashRates {
  weight(node: number): number;
  setWeight(node: number, weight: number): void;
}

/** What faults are done to. */
export interface FaultTarget {
  readonly fleet: Fleet;
  readonly hashRates: HashRates;
  /** What links are like in order. */
  readonly order: LinkTrouble;
}

/** Puts a fault in order again; undefined: nothing is left of it to put in order. */
export type Heal = (() => Promise<void>) | undefined;

type Kind = (typeof FAULT_KINDS)[number];
type Injectors = { [K in Kind]: (fault: NonNullable<FaultInput[K]>, target: FaultTarget) => Promise<Heal> };

/** The kind of a fault, which the schema has seen to be one. */
export const kindOf = (fault: FaultInput): Kind => FAULT_KINDS.find((kind) => kind in fault)!;

/** Does a fault, at once. Faults of links that overlap add up: the later one wins where both say something. */
export function inject(fault: FaultInput, target: FaultTarget): Promise<Heal> {
  const kind = kindOf(fault);
  return (INJECTORS[kind] as (value: unknown, target: FaultTarget) => Promise<Heal>)(fault[kind], target);
}

/** "partition [[0],[1,2]] for 20 s". */
export function describeFault(fault: FaultInput): string {
  const kind = kindOf(fault);
  return `${kind} ${JSON.stringify(fault[kind])}${fault.for === undefined ? "" : ` for ${fault.for}`}`;
}

/** When the last fault is over, milliseconds after the nodes were ready. */
export const lastFaultMs = (faults: readonly FaultInput[]): number =>
  Math.max(0, ...faults.map((fault) => parseTime(fault.at ?? "0 s")! + parseTime(fault.for ?? "0 s")!));

const INJECTORS: Injectors = {
  partition: async (groups, { fleet }) => {
    const groupOf = (node: number) => groups.findIndex((group) => group.includes(node)); // the rest: -1
    return split(fleet, (a, b) => groupOf(a) !== groupOf(b));
  },

  unplug: async (nodes, { fleet }) => split(fleet, (a, b) => nodes.includes(a) || nodes.includes(b)),

  cut: async ({ from, to }, { fleet }) =>
    cutWays(
      fleet,
      from.flatMap((a) => to.map((b) => [a, b] as const)),
    ),

  links: async ({ between, ...trouble }, { fleet, order }) => {
    const worse = linkTrouble(trouble);
    const ways = (between ?? fleet.links).flatMap(([a, b]) => [[a, b] as const, [b, a] as const]);
    for (const [from, to] of ways) fleet.changeLink(from, to, (now) => ({ ...now, ...worse }));
    const before = Object.fromEntries(
      Object.keys(worse).map((key) => [key, order[key as keyof LinkTrouble]]),
    ) as Partial<LinkTrouble>;
    return async () => {
      for (const [from, to] of ways) fleet.changeLink(from, to, (now) => ({ ...now, ...before }));
    };
  },

  packets: async ({ between, latency, jitter, ...rest }, { fleet }) =>
    fleet.packets.trouble(between ?? pairsOf(fleet), {
      ...{ lossPerMillion: 0, bytesPerSecond: 0, ...rest },
      ...{ latencyMs: parseTime(latency ?? "0 s")!, jitterMs: parseTime(jitter ?? "0 s")! },
    }),

  reset: async (pairs, { fleet }) => {
    for (const [a, b] of pairs) fleet.resetLink(a, b);
    return undefined;
  },

  heal: async (_links, { fleet, order }) => {
    await fleet.packets.heal();
    for (const [a, b] of fleet.links) {
      fleet.changeLink(a, b, () => order);
      fleet.changeLink(b, a, () => order);
    }
    return undefined;
  },

  pause: async (nodes, { fleet }) => {
    await all(nodes, (node) => fleet.setPaused(node, true));
    return () => all(nodes, (node) => fleet.setPaused(node, false));
  },

  kill: (nodes, { fleet }) => down(fleet, nodes, "kill"),
  stop: (nodes, { fleet }) => down(fleet, nodes, "stop"),

  start: async (nodes, { fleet }) => {
    await all(nodes, (node) => fleet.startNode(node));
    return undefined;
  },

  wipe: async (nodes, { fleet }) => {
    const heal = await down(fleet, nodes, "kill");
    await all(nodes, (node) => fleet.wipeNode(node));
    return heal;
  },

  clock: async ({ nodes, offset }, { fleet }) => {
    await restartWithClock(fleet, nodes, offsetMs(offset));
    return () => restartWithClock(fleet, nodes, 0);
  },

  upgrade: async (nodes, { fleet }) => {
    await restartUnder(fleet, nodes, "new");
    return undefined;
  },

  downgrade: async (nodes, { fleet }) => {
    await restartUnder(fleet, nodes, "old");
    return () => restartUnder(fleet, nodes, "new");
  },

  fullDisk: async (nodes, { fleet }) => {
    await all(nodes, (node) => fleet.troubleDisk(node, { full: true }));
    return () => all(nodes, (node) => fleet.troubleDisk(node, { full: false }));
  },

  slowDisk: async ({ nodes, latency }, { fleet }) => {
    await all(nodes, (node) => fleet.troubleDisk(node, { slowMs: parseTime(latency)! }));
    return () => all(nodes, (node) => fleet.troubleDisk(node, { slowMs: 0 }));
  },

  hashRate: async ({ nodes, weight }, { hashRates }) => {
    const before = nodes.map((node) => hashRates.weight(node));
    for (const node of nodes) hashRates.setWeight(node, weight);
    return async () => {
      for (const [i, node] of nodes.entries()) hashRates.setWeight(node, before[i]!);
    };
  },
};

const all = async (nodes: readonly number[], act: (node: number) => Promise<void>): Promise<void> => {
  await Promise.all(nodes.map(act));
};

async function down(fleet: Fleet, nodes: readonly number[], how: "stop" | "kill"): Promise<Heal> {
  await all(nodes, (node) => fleet.stopNode(node, how));
  return () => all(nodes, (node) => fleet.startNode(node));
}

/** Every two nodes. */
const pairsOf = (fleet: Fleet): (readonly [number, number])[] =>
  Array.from({ length: fleet.size }, (_, b) => Array.from({ length: b }, (_, a) => [a, b] as const)).flat();

/** Some nodes do not reach each other: by the kernels of their places where those can tell them apart, else by the proxies of their links. */
async function split(fleet: Fleet, apart: (a: number, b: number) => boolean): Promise<Heal> {
  const pairs = pairsOf(fleet).filter(([a, b]) => apart(a, b));
  if (fleet.packets.tells([...new Set(pairs.flat())])) return fleet.packets.cut(pairs);
  const links = fleet.links.filter(([a, b]) => apart(a, b));
  return cutWays(
    fleet,
    links.flatMap(([a, b]) => [[a, b] as const, [b, a] as const]),
  );
}

function cutWays(fleet: Fleet, ways: readonly (readonly [number, number])[]): Heal {
  const set = (cut: boolean) => {
    for (const [from, to] of ways) fleet.changeLink(from, to, (trouble) => ({ ...trouble, cut }));
  };
  set(true);
  return async () => set(false);
}

/** The operator stops the node and starts another version on the old disk. */
const restartUnder = (fleet: Fleet, nodes: readonly number[], rules: "old" | "new"): Promise<void> =>
  all(nodes, async (node) => {
    await fleet.stopNode(node, "stop");
    fleet.setRules(node, rules);
    await fleet.startNode(node);
  });

/** A process reads its clock's offset when it starts. */
async function restartWithClock(fleet: Fleet, nodes: readonly number[], offsetMs: number): Promise<void> {
  await all(nodes, async (node) => {
    await fleet.stopNode(node, "stop");
    fleet.setClockOffset(node, offsetMs);
    await fleet.startNode(node);
  });
}

function offsetMs(text: string): number {
  const ms = parseTime(text.replace(/^-/, ""))!;
  return text.startsWith("-") ? -ms : ms;
}

/** The trouble that a scenario writes, as far as it names it. */
export function linkTrouble({ latency, jitter, ...rest }: TroubleInput): Partial<LinkTrouble> {
  return {
    ...rest,
    ...(latency === undefined ? {} : { latencyMs: parseTime(latency)! }),
    ...(jitter === undefined ? {} : { jitterMs: parseTime(jitter)! }),
  };
}
