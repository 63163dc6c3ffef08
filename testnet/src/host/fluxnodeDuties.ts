import { FluxnodeProducer, type Producer, Random, SharedDraws } from "@fluxlab/core";
import { type LabFluxnode, LabOperator } from "@fluxlab/sim";
import type { LiveNode } from "./liveNode.ts";
import { osBits32 } from "./os.ts";

/** Makes the blocks of FluxNodes in their slots, once proof of node is in force. */
export const producerOf = (fluxnodes: readonly LabFluxnode[]): Producer =>
  new FluxnodeProducer(fluxnodes, new SharedDraws(), Random.root(`${osBits32()}`));

/**
 * Looks after FluxNodes on a live node, by the operators of the simulator: STARTs, confirms and updates when they are due. Returns how to
 * stop it.
 */
export function tendFluxnodes(live: LiveNode, fluxnodes: readonly LabFluxnode[]): () => void {
  const random = Random.root(`${osBits32()}`);
  const operators = fluxnodes.map((fluxnode, i) => new LabOperator(fluxnode, random.fork(`operator ${i}`)));
  const tend = (): void => {
    const seconds = Math.floor(live.host.now() / 1_000_000);
    for (const operator of operators) operator.tend(live.node, seconds);
  };
  let due: NodeJS.Immediate | undefined;
  // The node is not called from inside its own calls; one look serves all tips of a moment.
  const look = (): void => {
    due ??= setImmediate(() => {
      due = undefined;
      tend();
    });
  };
  const unwatch = live.watch(({ kind }) => {
    if (kind === "tip") look();
  });
  look();
  return () => {
    unwatch();
    clearImmediate(due);
  };
}
