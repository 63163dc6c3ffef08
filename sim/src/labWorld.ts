import { assert, type Block, blockHash, equalBytes, rewindHeight } from "@fluxlab/core";
import type { Regions } from "./net/regions.ts";
import { compileNetwork, labParams } from "./scenario/compileSpread.ts";
import { InvalidInput } from "./scenario/problems.ts";
import {
  decodeNetworkScenario,
  type NetworkScenario,
  type NetworkScenarioInput,
} from "./scenario/spreadSchema.ts";
import type { LabNetwork } from "./world/labGenesis.ts";
import type { NetworkPlan } from "./world/networkPlan.ts";

/** A laboratory network of which a testnet and its simulation are two instances. */
export interface LabWorldInput
  extends Pick<
    NetworkScenarioInput,
    | "name"
    | "title"
    | "question"
    | "nodes"
    | "blockInterval"
    | "run"
    | "fluxnodes"
    | "fluxUpgrade"
    | "ponUpgrade"
    | "ponSpacing"
    | "topology"
  > {
  readonly seed: number;
  /** By node; everybody has as much if it is left out. */
  readonly hashRate?: readonly number[] | undefined;
  /** Nodes that begin under the rules of before the upgrade. */
  readonly late?: readonly number[];
  /** Blocks after genesis that the run begins with, the laboratory's first ones and more; undefined: those alone. */
  readonly chain?: readonly Block[];
  /** One-way delay of every link, milliseconds; undefined: nodes stand around the world. */
  readonly latencyMs?: number;
}

/** A laboratory network in numbers: the same nodes, keys and first blocks wherever it is played. */
export interface LabWorld {
  /** Without faults, which are not the network's. */
  readonly scenario: NetworkScenario;
  readonly plan: NetworkPlan;
  readonly lab: LabNetwork;
  /** The blocks that all begin with, genesis first. */
  readonly base: readonly Block[];
}

/** The least that the simulator's law of latencies knows (net/latency.ts). */
export const LEAST_LATENCY_MS = 6;

/** @throws InvalidInput for what does not fit together */
export function labWorld({ hashRate, late = [], latencyMs, seed, chain, ...input }: LabWorldInput): LabWorld {
  const scenario = decodeNetworkScenario({
    ...{ fidelity: "network", network: "lab", seed, ...input },
    ...(hashRate === undefined ? {} : { hashRates: hashRate.map((rate, node) => ({ node, rate })) }),
  });
  // Only so that there are two sets of rules; who keeps to which when is for the caller to say.
  const someLate = { fault: "late-upgrade" as const, at: input.run, nodes: { ids: [0] } };
  const both = hasUpgrade(input) ? { ...scenario, faults: [someLate] } : scenario;
  const { plan: compiled, lab } = compileNetwork(both, labParams, seed);
  const plan = { ...compiled, late: compiled.late && { ...compiled.late, nodes: late } };
  const regions = latencyMs === undefined ? plan.regions : oneRegion(Math.max(LEAST_LATENCY_MS, latencyMs));
  const begun = chain === undefined ? plan : withChain(plan, chain);
  return {
    scenario,
    plan: { ...begun, regions },
    lab,
    base: [lab.genesis, ...(begun.history?.blocks ?? [])],
  };
}

const hasUpgrade = ({
  fluxUpgrade,
  ponUpgrade,
}: Pick<LabWorldInput, "fluxUpgrade" | "ponUpgrade">): boolean =>
  fluxUpgrade !== undefined || ponUpgrade !== undefined;

/** The run begins when the last of the blocks has been made. */
function withChain(plan: NetworkPlan, chain: readonly Block[]): NetworkPlan {
  const { history } = plan;
  assert(history !== undefined, "the laboratory's network has first blocks");
  const own = chain.slice(0, history.blocks.length).every((block, i) => {
    const first = history.blocks[i]!;
    return equalBytes(blockHash(block.header), blockHash(first.header));
  });
  if (!own || chain.length < history.blocks.length) {
    const expected = "blocks of a laboratory network with the same FluxNodes";
    throw new InvalidInput("chain", [{ path: [], expected, got: `${chain.length} blocks of another` }]);
  }
  const { late, params } = plan;
  const known = late === undefined ? chain.length : rewindHeight(late.params, params, chain.length);
  if (known < chain.length) {
    const expected = `blocks up to ${known} at most, which old rules take as well`;
    throw new InvalidInput("chain", [{ path: [], expected, got: `blocks up to ${chain.length}` }]);
  }
  const startSeconds = Math.max(plan.startSeconds, chain.at(-1)!.header.time + 1);
  return { ...plan, history: { ...history, blocks: chain }, startSeconds };
}

/** A machine that all nodes share: no line is slower than the loopback interface. */
const oneRegion = (meanLatencyMs: number): Regions => ({
  names: ["laboratory"],
  shares: [1],
  meanLatencyMs: [[meanLatencyMs]],
  upload: [1e10],
  download: [1e10],
});
