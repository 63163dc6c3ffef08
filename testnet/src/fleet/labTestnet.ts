import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Block, encodeWif, type Params, toDisplayHex, wireHex } from "@fluxlab/core";
import { InputError } from "@fluxlab/core/command-line";
import { datRecord } from "@fluxlab/core/host";
import { type LabFluxnode, type LabWorld, type LabWorldInput, labWorld } from "@fluxlab/sim";
import { formatNetwork, InvalidInput } from "@fluxlab/sim/scenario";
import type { TestnetScenario } from "./testnetSchema.ts";
import { parseTime } from "./times.ts";

// The laboratory's own network on real nodes: the simulator's keys, first blocks and FluxNodes, as files that nodes can read.

/** Files of a laboratory network in a testnet's folder. */
export interface LabFiles {
  /** Network files: the newest rules, and those of nodes that are late. */
  readonly network: string;
  readonly oldNetwork: string | undefined;
  /** Height of the first block of proof of node by the newest rules. */
  readonly workEnds: number;
  /** The blocks that all nodes begin with. */
  readonly chain: string;
  /** By node: the FluxNodes that it looks after. */
  readonly fluxnodes: readonly string[];
}

/** What a scenario does not say. */
export interface LabChoices {
  /** Blocks that the run begins with, the laboratory's first ones and more; undefined: those alone. */
  readonly chain?: readonly Block[] | undefined;
  /** Whether simulated nodes stand around the world where the scenario names no latency, or on one machine. */
  readonly worldwide?: boolean;
}

/**
 * The network of a scenario, as the simulator knows it. `links`: who dials whom. Undefined: it is not the laboratory's.
 * @throws InputError for what does not fit together
 */
export function labWorldOf(
  { network, hashRate, fluxnodes, fluxUpgrade, ponUpgrade, ponSpacing, ...scenario }: TestnetScenario,
  links: readonly (readonly [number, number])[],
  { chain, worldwide = false }: LabChoices = {},
): LabWorld | undefined {
  if (network !== "lab") return undefined;
  const { name, title, question, nodes, seed, late } = scenario;
  const input: LabWorldInput = {
    ...{ name, title, nodes, seed, late, hashRate },
    ...(question === undefined ? {} : { question }),
    blockInterval: secondsText(scenario.blockInterval ?? "1 s"),
    run: secondsText(scenario.run),
    topology: { links },
    ...(worldwide && scenario.links.latency === undefined ? {} : { latencyMs: linkLatencyMs(scenario) }),
    ...(chain === undefined ? {} : { chain }),
    ...(fluxnodes === undefined ? {} : { fluxnodes }),
    ...(fluxUpgrade === undefined ? {} : { fluxUpgrade }),
    ...(ponUpgrade === undefined ? {} : { ponUpgrade }),
    ...(ponSpacing === undefined ? {} : { ponSpacing: secondsText(ponSpacing) }),
  };
  try {
    return labWorld(input);
  } catch (error) {
    if (error instanceof InvalidInput) throw new InputError(error.message, { cause: error });
    throw error;
  }
}

/** One-way delay of a link without a fault, with what a proxy of this machine takes. */
export const linkLatencyMs = ({ links }: Pick<TestnetScenario, "links">): number =>
  1 + (links.latency === undefined ? 0 : parseTime(links.latency)!);

/** A time of a testnet in the units of the simulator, which knows no milliseconds. */
const secondsText = (time: string): string => `${parseTime(time)! / 1_000} s`;

/** Writes what the nodes of a laboratory network begin with. */
export function writeLabFiles(folder: string, { plan, lab, base }: LabWorld): LabFiles {
  const write = (name: string, content: string | Uint8Array): string => {
    const file = join(folder, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const messageStart = wireHex(plan.params.messageStart);
  const chain = Buffer.concat(base.slice(1).map((block) => datRecord(block, messageStart)));
  return {
    network: write("network.json", formatNetwork(plan.params, lab.genesis)),
    oldNetwork: plan.late && write("old-network.json", formatNetwork(plan.late.params, lab.genesis)),
    workEnds: plan.params.upgrades.pon.height,
    chain: write("first-blocks.dat", chain),
    fluxnodes: Array.from({ length: plan.nodes }, (_, node) =>
      write(`fluxnodes-${node}.json`, fluxnodeFile(fluxnodesOn(node, plan), plan.params)),
    ),
  };
}

/** The FluxNodes of a node. */
const fluxnodesOn = (node: number, { history, operators }: LabWorld["plan"]): readonly LabFluxnode[] =>
  (history?.fluxnodes ?? []).filter((_, i) => operators[i] === node);

const fluxnodeFile = (fluxnodes: readonly LabFluxnode[], params: Params): string =>
  JSON.stringify(
    fluxnodes.map(({ tier, collateral, owner, key, ip }) => ({
      tier,
      collateral: `${toDisplayHex(collateral.txid)}:${collateral.index}`,
      ownerKey: encodeWif(owner, params),
      nodeKey: encodeWif(key, params),
      ip: Buffer.from(ip).toString("latin1"),
    })),
    undefined,
    2,
  );
