import {
  type Block,
  merkleTree,
  nobleEcdsa,
  type OrdinaryTransaction,
  outpointKey,
  signPonBlock,
  txid,
  withExtraNonce,
} from "@fluxlab/core";
import type { NetworkWorld } from "../world/networkWorld.ts";
import type { ByzantineFault, Injection } from "./fault.ts";

/**
 * Producers that sign two blocks for a slot, as nothing in the protocol punishes: half of the peers get the one, half the other. Both
 * have the same draw, so each node stays with the one it had first until the next block decides.
 */
export const equivocation = (world: NetworkWorld, { nodes }: ByzantineFault): Injection => ({
  begin: () => {
    for (const node of nodes) world.minings.set(node, (block) => tellBoth(world, node, block));
  },
  end: () => {
    for (const node of nodes) world.minings.delete(node);
  },
});

function tellBoth(world: NetworkWorld, at: number, block: Block): void {
  const other = twin(world, at, block);
  if (other !== undefined) {
    const introduced = world.nodes[at]!.peers.filter((peer) => peer.introduced);
    for (const [i, { id }] of introduced.entries()) {
      world.send(at, id, { command: "block", block: i % 2 === 0 ? block : other });
    }
  }
  world.nodes[at]!.submitBlock(block);
}

/** Another block of the same producer, slot and parent, as valid as the first; undefined if it is one of proof of work. */
function twin(world: NetworkWorld, at: number, { header, transactions }: Block): Block | undefined {
  if (header.kind !== "pon") return undefined;
  const name = outpointKey(header.collateral);
  const producer = world.operators.get(at)?.find(({ fluxnode }) => outpointKey(fluxnode.collateral) === name);
  if (producer === undefined) return undefined;
  const [first, ...others] = transactions as [OrdinaryTransaction, ...Block["transactions"]];
  const coinbase = withExtraNonce(first, world.nodes[at]!.chain.tipHeight + 1, 1);
  const all = [coinbase, ...others];
  const merkleRoot = merkleTree(all.map((tx) => txid(tx))).root;
  return signPonBlock(
    { header: { ...header, merkleRoot }, transactions: all },
    producer.fluxnode.key,
    nobleEcdsa,
  );
}
