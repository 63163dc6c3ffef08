import { TIERS } from "@fluxlab/core";
import type { Fault } from "../faults/fault.ts";
import type { Topology } from "../net/topology.ts";
import type { RelayModel } from "../relay/relayModel.ts";
import type { NetworkScenario } from "../scenario/spreadSchema.ts";
import { firstTip } from "../world/networkPlan.ts";
import type { NetworkWorld } from "../world/networkWorld.ts";

// What does not change while a run is played: who is where, linked with whom, and what goes wrong when.

/** A fault of the scenario. */
export interface FaultBand {
  /** Place in the scenario's list, and its word for it. */
  readonly index: number;
  readonly fault: string;
  /** Seconds since the run began. */
  readonly from: number;
  readonly to: number;
  readonly nodes: Uint32Array;
  /** Whether it keeps messages of these nodes and all others from each other, but for {@link except}; undefined: it does not. */
  readonly cut: "both" | "in" | "out" | undefined;
  readonly except: Uint32Array;
}

export interface SpreadScene {
  readonly nodes: number;
  readonly regionNames: readonly string[];
  /** By node, index into {@link regionNames}. */
  readonly region: Uint8Array;
  /** By node: 0 without a FluxNode, else 1 + the index into TIERS of its highest. */
  readonly tier: Uint8Array;
  /** By node: its part of the hash rate. */
  readonly hashRate: Uint32Array;
  /** Whom each node means to be linked with, as in {@link Topology}. */
  readonly links: Pick<Topology, "starts" | "peers" | "outbound">;
  /** Height of the block that all nodes begin with. */
  readonly baseHeight: number;
  readonly faults: readonly FaultBand[];
  /** Names of the checkers that watch. */
  readonly checkers: readonly string[];
  /** Blocks into the run at which the rules change; undefined: they do not. */
  readonly upgrade: number | undefined;
  /** Of the run; of the relay model, whose end chance decides, about as long. */
  readonly seconds: number;
}

const SECOND = 1_000_000;

export const networkScene = (
  world: NetworkWorld,
  scenario: NetworkScenario,
  faults: readonly Fault[],
  checkers: readonly string[],
): SpreadScene => ({
  nodes: world.plan.nodes,
  regionNames: world.plan.regions.names,
  region: world.region,
  tier: highestTiers(world),
  hashRate: world.plan.hashRate,
  links: world.plan.topology,
  baseHeight: firstTip(world.plan),
  faults: faults.map((fault, index) => faultBand(fault, index, scenario.faults![index]!.fault)),
  checkers,
  upgrade: scenario.ponUpgrade ?? scenario.fluxUpgrade,
  seconds: world.plan.duration / SECOND,
});

function faultBand(fault: Fault, index: number, name: string): FaultBand {
  const isCut = fault.kind === "link" && fault.where === "around";
  return {
    index,
    fault: name,
    from: fault.start / SECOND,
    to: fault.end / SECOND,
    nodes: Uint32Array.from(fault.nodes),
    cut: isCut ? fault.direction : undefined,
    except: Uint32Array.from(isCut ? fault.except : []),
  };
}

function highestTiers({ plan, operators }: NetworkWorld): Uint8Array {
  const tiers = new Uint8Array(plan.nodes);
  for (const [node, hosted] of operators) {
    for (const { fluxnode } of hosted) {
      tiers[node] = Math.max(tiers[node]!, 1 + TIERS.indexOf(fluxnode.tier));
    }
  }
  return tiers;
}

/** Nobody has a chain there, and nothing goes wrong. */
export const relayScene = ({ plan, topology, region }: RelayModel): SpreadScene => ({
  nodes: plan.nodes,
  regionNames: plan.regions.names,
  region,
  tier: new Uint8Array(plan.nodes),
  hashRate: new Uint32Array(plan.nodes).fill(1),
  links: topology,
  baseHeight: 0,
  faults: [],
  checkers: [],
  upgrade: undefined,
  seconds: (plan.blocks * plan.blockInterval) / SECOND,
});
