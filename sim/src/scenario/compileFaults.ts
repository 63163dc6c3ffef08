import { type Params, Random } from "@fluxlab/core";
import type { Fault, FaultSpan } from "../faults/fault.ts";
import { dealByShare, type Regions } from "../net/regions.ts";
import type { LabFluxnode } from "../world/labFluxnode.ts";
import type { FaultInput, FaultTargets } from "./faultSchema.ts";
import type { Problem } from "./problems.ts";
import { parseDuration, parseRatio, upkeepOf } from "./units.ts";

const SECOND = 1_000_000;
const MILLISECOND = 1_000;
/** Parts of a million in one of a thousand. */
const PER_MILLE = 1_000;

/** Blocks that a torn disk loses if nothing is said: about what fluxd writes at once. */
const TORN_BLOCKS = 3;

/** What the faults of a scenario are about. */
export interface FaultWorld {
  readonly seed: string;
  readonly nodes: number;
  readonly regions: Regions;
  /** Microseconds. */
  readonly duration: number;
  /** The rules of those that are up to date. */
  readonly params: Params;
  readonly fluxnodes: readonly LabFluxnode[];
  /** The node of each FluxNode. */
  readonly operators: readonly number[];
}

/** Faults in numbers. They must have no {@link faultProblems}. */
export function compileFaults(faults: readonly FaultInput[], world: FaultWorld): Fault[] {
  const compiled = faults.map((fault, i) => compileFault(fault, span(fault, i, world), world));
  const never = new Set(
    compiled.flatMap((fault) => (fault.kind === "upgrade" && fault.params === undefined ? fault.nodes : [])),
  );
  return compiled.map((fault) =>
    fault.kind === "upgrade" && fault.params !== undefined
      ? { ...fault, nodes: fault.nodes.filter((node) => !never.has(node)) }
      : fault,
  );
}

function span(fault: FaultInput, i: number, world: FaultWorld): FaultSpan {
  const start = microseconds(fault.at);
  const length = fault.for === undefined ? 0 : microseconds(fault.for);
  const random = Random.root(world.seed).fork(`fault ${i}`);
  return { start, end: start + length, nodes: targeted(fault.nodes, world, random) };
}

/** Nodes that somebody of these targets is, in rising order. */
function targeted(targets: FaultTargets, world: FaultWorld, random: Random): number[] {
  const everybody = Array.from({ length: world.nodes }, (_, node) => node);
  if (targets === "all") return everybody;
  if ("ids" in targets) return [...new Set(targets.ids)].sort((a, b) => a - b);
  if ("tier" in targets) {
    const hosts = world.fluxnodes.flatMap(({ tier }, i) =>
      tier === targets.tier ? [world.operators[i]!] : [],
    );
    return [...new Set(hosts)].sort((a, b) => a - b);
  }
  if ("region" in targets) {
    const regions = dealByShare(world.regions.shares, world.nodes, Random.root(world.seed).fork("regions"));
    const region = world.regions.names.indexOf(targets.region);
    return everybody.filter((node) => regions[node] === region);
  }
  const { numerator, denominator } = parseRatio(targets.share)!;
  random.shuffle(everybody);
  const count = Math.max(1, Math.round((world.nodes * numerator) / denominator));
  return everybody.slice(0, count).sort((a, b) => a - b);
}

function compileFault(fault: FaultInput, when: FaultSpan, { params }: FaultWorld): Fault {
  const within = (trouble: object): Fault => ({
    kind: "link",
    where: "within",
    direction: "both",
    except: [],
    trouble,
    ...when,
  });
  const around = (direction: "both" | "in" | "out", except: readonly number[]): Fault => ({
    kind: "link",
    where: "around",
    direction,
    except,
    trouble: { cut: true },
    ...when,
  });
  switch (fault.fault) {
    case "delay":
      return within({ delay: fault.milliseconds * MILLISECOND });
    case "jitter":
      return within({ jitter: fault.milliseconds * MILLISECOND });
    case "loss":
      return within({ lostPerMillion: fault.perMille * PER_MILLE });
    case "duplication":
      return within({ duplicatedPerMillion: fault.perMille * PER_MILLE });
    case "reordering":
      return within({ reorderedPerMillion: fault.perMille * PER_MILLE });
    case "corruption":
      return within({ corruptedPerMillion: fault.perMille * PER_MILLE });
    case "bandwidth":
      return within({ bandwidth: fault.kilobits * 1_000 });
    case "clog":
      return within({ heldUntil: when.end });
    case "partition":
      return around(fault.direction ?? "both", []);
    case "eclipse":
      return around("both", fault.attackers);
    case "kill":
      return { kind: "crash", disk: diskOf(fault), ...when };
    case "pause":
      return { kind: "pause", ...when };
    case "slow-disk":
      return { kind: "slowDisk", blockTime: fault.milliseconds * MILLISECOND, ...when };
    case "clock": {
      const offset = (fault.milliseconds ?? 0) * MILLISECOND;
      return { kind: "clock", offset, drift: fault.driftPpm ?? 0, stays: fault.stays ?? false, ...when };
    }
    case "late-upgrade":
      return { kind: "upgrade", params, ...when };
    case "timestamp-games":
      return { kind: "timestamps", stamp: fault.stamp, ...when };
    case "never-upgrade":
      return { kind: "upgrade", params: undefined, ...when };
    case "hash-rate":
      return { kind: "power", times: fault.times, ...when };
    case "benchmark-failure":
      return { kind: "operators", act: "idle", ...when };
    case "collateral-spend":
      return { kind: "operators", act: "spend", ...when };
    case "price":
      return { kind: "price", upkeep: upkeepOf(fault.price, fault.monthlyCost), ...when };
    case "double-lock":
      return { kind: "swaps", act: "doubleLocks", ...when };
    case "stale-relayer":
      return { kind: "swaps", act: "staleRelayer", ...when };
    default:
      return { kind: "byzantine", behaviour: BEHAVIOURS[fault.fault], ...when };
  }
}

const BEHAVIOURS = {
  "invalid-blocks": "invalidBlocks",
  withholding: "withholding",
  "selfish-mining": "selfishMining",
  equivocation: "equivocation",
  "header-spam": "headerSpam",
  "tx-spam": "txSpam",
} as const;

const diskOf = ({ disk, blocks }: Extract<FaultInput, { fault: "kill" }>) =>
  disk === "torn" ? { kind: disk, blocks: blocks ?? TORN_BLOCKS } : { kind: disk ?? ("whole" as const) };

/** Faults that only begin. */
const ENDLESS: ReadonlySet<string> = new Set(["late-upgrade", "never-upgrade", "collateral-spend"]);

/** What is wrong with faults that the schema cannot tell. `duration`: microseconds; `upgrade`: whether rules change in the run; `regions`: names. */
export function faultProblems(
  faults: readonly FaultInput[],
  {
    nodes,
    duration,
    upgrade,
    regions,
  }: { nodes: number; duration: number; upgrade: boolean; regions: readonly string[] },
): Problem[] {
  return faults.flatMap((fault, i) => {
    const problems: Problem[] = [];
    const add = (field: string, expected: string, got: unknown) =>
      problems.push({ path: ["faults", i, field], expected, got });
    const { at, for: length, nodes: targets } = fault;
    if (length === undefined && !ENDLESS.has(fault.fault))
      add("for", 'how long it lasts, such as "10 min"', length);
    const end = microseconds(at) + (length === undefined ? 0 : microseconds(length));
    if (end > duration) add("at", "a fault that is over before the run is", at);
    const ids = typeof targets === "object" && "ids" in targets ? targets.ids : [];
    const outside = ids.find((id) => id >= nodes);
    if (outside !== undefined) add("nodes", `numbers of nodes from 0 to ${nodes - 1}`, outside);
    if (typeof targets === "object" && "region" in targets && !regions.includes(targets.region)) {
      add("nodes", `one of the regions ${regions.join(", ")}`, targets.region);
    }
    if ((fault.fault === "late-upgrade" || fault.fault === "never-upgrade") && !upgrade)
      add("fault", "an upgrade in the run: fluxUpgrade or ponUpgrade", fault.fault);
    return problems;
  });
}

export function microseconds(duration: string): number {
  const parsed = parseDuration(duration);
  if (parsed === undefined || !("seconds" in parsed)) {
    throw new Error("Invariant broken: the schema accepts only what the units read");
  }
  return parsed.seconds * SECOND;
}
