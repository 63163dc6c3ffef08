import type { FaultInput } from "../scenario/faultSchema.ts";
import { decodeNetworkScenario, type NetworkScenario } from "../scenario/spreadSchema.ts";
import { parseDuration } from "../scenario/units.ts";

/** A scenario that fails, and the seed it fails with. */
export interface FailingCase {
  readonly scenario: NetworkScenario;
  readonly seed: number;
}

/** Whether a case fails in the way that is to be kept; cases that make no sense do not. */
export type StillFails = (tried: FailingCase) => boolean;

/** Seeds that are tried with each smaller scenario: what is left out shifts chance for what remains. */
const SEEDS = 3;

export interface ShrinkProgress {
  /** Cases played. */
  readonly tried: number;
  readonly best: FailingCase;
}

/**
 * Looks for a smaller case that still fails: fewer nodes first, then fewer faults, less time, fewer FluxNodes, plainer settings;
 * until nothing can be left out or `most` cases were played.
 */
export function shrink(
  failing: FailingCase,
  stillFails: StillFails,
  most: number,
  onProgress: (progress: ShrinkProgress) => void = () => {},
): FailingCase {
  let best = failing;
  let tried = 0;
  const fails = (scenario: NetworkScenario): boolean => {
    for (let i = 0; i < SEEDS && tried < most; i++) {
      const candidate = { scenario, seed: i === 0 ? best.seed : i };
      tried++;
      if (stillFails(candidate)) {
        best = candidate;
        onProgress({ tried, best });
        return true;
      }
    }
    return false;
  };
  let smaller = true;
  while (smaller && tried < most) {
    smaller = false;
    for (const step of STEPS) {
      // A step that worked is tried again at once: halving goes on until it fails.
      for (let candidate = next(step, best); candidate !== undefined; candidate = next(step, best)) {
        if (!fails(candidate)) break;
        smaller = true;
      }
    }
    smaller = leaveOutFaults(() => best, fails) || smaller;
  }
  return best;
}

/** A part of a scenario made smaller; undefined: it is as small as it gets. */
type Step = (scenario: NetworkScenario) => object | undefined;

const next = (step: Step, { scenario }: FailingCase): NetworkScenario | undefined => {
  const change = step(scenario);
  return change === undefined ? undefined : decodeNetworkScenario(given({ ...scenario, ...change }));
};

/** Without what was left out. */
const given = (scenario: object): object =>
  Object.fromEntries(Object.entries(scenario).filter(([, value]) => value !== undefined));

const STEPS: readonly Step[] = [
  ({ nodes, ...rest }) => fewerNodes({ nodes, ...rest }, Math.ceil(nodes / 2)),
  ({ nodes, ...rest }) => fewerNodes({ nodes, ...rest }, nodes - 1),
  ({ run, faults }) => {
    const seconds = secondsOf(run);
    const shorter = Math.floor(seconds * 0.7);
    if (shorter < 60) return undefined;
    return { run: `${shorter} s`, faults: (faults ?? []).flatMap((fault) => cutOff(fault, shorter)) };
  },
  ({ fluxnodes }) => {
    if (fluxnodes === undefined) return undefined;
    const { cumulus, nimbus, stratus } = fluxnodes;
    if (stratus > 0) return { fluxnodes: { ...fluxnodes, stratus: 0 } };
    if (nimbus > 0) return { fluxnodes: { ...fluxnodes, nimbus: 0 } };
    return cumulus > 1 ? { fluxnodes: { ...fluxnodes, cumulus: cumulus - 1 } } : undefined;
  },
  ({ wire }) => (wire === "bytes" ? { wire: "reference" } : undefined),
  ({ swaps }) => (swaps ? { swaps: false } : undefined),
  ({ keyholders }) => (keyholders === undefined ? undefined : { keyholders: undefined }),
  ({ clocks }) =>
    clocks.offset !== "0 s" || clocks.driftPpm !== 0 ? { clocks: { offset: "0 s", driftPpm: 0 } } : undefined,
  ({ topology }) => ("random" in topology && topology.random > 2 ? { topology: { random: 2 } } : undefined),
];

/** Tries without ever fewer of the faults at a time (delta debugging; Zeller and Hildebrandt, 2002). */
function leaveOutFaults(best: () => FailingCase, fails: (scenario: NetworkScenario) => boolean): boolean {
  let smaller = false;
  for (let size = (best().scenario.faults ?? []).length; size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < (best().scenario.faults ?? []).length; ) {
      const { scenario } = best();
      const faults = (scenario.faults ?? []).filter((_, i) => i < at || i >= at + size);
      if (fails({ ...scenario, faults })) smaller = true;
      else at += size;
    }
  }
  return smaller;
}

function fewerNodes(scenario: NetworkScenario, nodes: number): object | undefined {
  if (nodes < 2 || nodes === scenario.nodes) return undefined;
  const inside = (ids: readonly number[]) => ids.filter((id) => id < nodes);
  const faults = (scenario.faults ?? []).flatMap((fault): FaultInput[] => {
    const attackers = "attackers" in fault ? { attackers: inside(fault.attackers) } : {};
    if (typeof fault.nodes !== "object" || !("ids" in fault.nodes)) return [{ ...fault, ...attackers }];
    const ids = inside(fault.nodes.ids);
    return ids.length === 0 ? [] : [{ ...fault, ...attackers, nodes: { ids } }];
  });
  const holders = inside(scenario.keyholders?.nodes ?? []);
  const keyholders = holders.length < 2 ? undefined : { ...scenario.keyholders!, nodes: holders };
  return { nodes, miners: Math.min(scenario.miners, nodes), faults, keyholders };
}

/** A fault as far as it is before an end. */
function cutOff(fault: FaultInput, end: number): FaultInput[] {
  const at = secondsOf(fault.at);
  const length = fault.for === undefined ? 0 : secondsOf(fault.for);
  if (at >= end) return [];
  return [{ ...fault, for: `${Math.min(length, end - at)} s` }];
}

function secondsOf(text: string): number {
  const duration = parseDuration(text);
  return duration !== undefined && "seconds" in duration ? duration.seconds : 0;
}
