import { Random } from "@fluxlab/core";
import type { FaultInput, TestnetScenario } from "../testnetSchema.ts";
import { parseTime } from "../times.ts";
import type { RehearsalPlan } from "./rehearsalSchema.ts";

/** When a node installs the new version. */
interface UpgradeTime {
  readonly node: number;
  /** Milliseconds since the run began; 0: before it; undefined: not in this run. */
  readonly at: number | undefined;
}

/** A rehearsal as a scenario that real nodes and the simulator can play. */
export interface RehearsalScenario {
  readonly scenario: TestnetScenario;
  /** By node. */
  readonly upgrades: readonly UpgradeTime[];
  /** Nodes that are tried out, which have upgraded by then. */
  readonly restart: number;
  readonly rollback: number | undefined;
}

/** Who upgrades when is drawn from the seed; equal plans give equal rehearsals. */
export function rehearsalScenario(plan: RehearsalPlan): RehearsalScenario {
  const { nodes, seed, rollback } = plan;
  const order = Array.from({ length: nodes }, (_, node) => node);
  Random.root(String(seed)).fork("adoption").shuffle(order);
  const upgrades = Array.from({ length: nodes }, (_, node): UpgradeTime => ({ node, at: undefined }));
  for (const [i, node] of order.entries()) upgrades[node] = { node, at: adoptionTime(plan, (i + 1) / nodes) };
  const late = upgrades.filter(({ at }) => at !== 0);
  const back = rollback && (rollback.node ?? order[0]!);
  const installs = late.flatMap(({ node, at }): FaultInput[] =>
    at === undefined ? [] : [{ at: `${at} ms`, upgrade: [node] }],
  );
  const goingBack: FaultInput[] =
    rollback === undefined ? [] : [{ at: rollback.at, for: rollback.for, downgrade: [back!] }];
  return {
    upgrades,
    restart: plan.restart ?? order.find((node) => node !== back)!,
    rollback: back,
    scenario: scenarioOf(
      plan,
      late.map(({ node }) => node),
      [...installs, ...goingBack, ...plan.faults],
    ),
  };
}

function scenarioOf(
  plan: RehearsalPlan,
  late: readonly number[],
  faults: readonly FaultInput[],
): TestnetScenario {
  const { activation, slots, upgrade } = plan.new;
  return {
    ...{ name: plan.name, title: plan.title, network: "lab", nodes: plan.nodes, seed: plan.seed },
    ...{ fluxnodes: plan.fluxnodes, blockInterval: plan.blockInterval, run: plan.run, faults, late },
    ...{ topology: { random: plan.links }, blocksBefore: 0, groups: [], expect: [] },
    links: plan.latency === undefined ? {} : { latency: plan.latency },
    ...(upgrade === "pon" ? { ponUpgrade: activation } : { fluxUpgrade: activation }),
    ...(slots === undefined ? {} : { ponSpacing: slots }),
  };
}

/** When such a part of all nodes has upgraded, milliseconds; undefined: never. */
function adoptionTime({ adoption }: RehearsalPlan, part: number): number | undefined {
  const wanted = part * 100;
  const [first] = adoption;
  // What is installed at the first point is installed at once.
  if (wanted <= first!.percent + ROUNDING) return parseTime(first!.at)!;
  for (const [i, point] of adoption.entries()) {
    const before = adoption[i - 1];
    if (before === undefined || wanted > point.percent + ROUNDING) continue;
    const [from, to] = [parseTime(before.at)!, parseTime(point.at)!];
    const share = (wanted - before.percent) / (point.percent - before.percent);
    return Math.round(from + (to - from) * share);
  }
  return undefined;
}

/** Percent of many nodes are not exact. */
const ROUNDING = 1e-9;
