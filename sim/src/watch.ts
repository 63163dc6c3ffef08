import type { CheckedNetwork, Checker } from "./checkers/checker.ts";
import { networkCheckers } from "./checkers/networkCheckers.ts";
import { SwapChecker } from "./checkers/swaps.ts";
import { Watchman } from "./checkers/watchman.ts";
import type { Fault } from "./faults/fault.ts";
import { linkedWith } from "./net/topology.ts";
import type { LabNetwork } from "./world/labGenesis.ts";
import type { NetworkWorld } from "./world/networkWorld.ts";
import type { SwapDesk } from "./world/swapDesk.ts";

/** Looks at the books of the swaps after each tip of the node beside them. */
function assetConservation(desk: SwapDesk): Checker {
  const swaps = new SwapChecker();
  return {
    name: swaps.name,
    tip(_block, _left, at, report) {
      if (at.node === 0) swaps.check(desk.book, at, report);
    },
  };
}

/** When the last fault is over, microseconds. */
export const healedAt = (faults: readonly Fault[]): number =>
  faults.reduce((last, { end }) => Math.max(last, end), 0);

/** All checkers over a world, and others besides. */
export function watch(
  world: NetworkWorld,
  lab: LabNetwork,
  faults: readonly Fault[],
  others: readonly Checker[] = [],
): Watchman {
  const byzantine = new Set(faults.flatMap((fault) => (fault.kind === "byzantine" ? fault.nodes : [])));
  const network: CheckedNetwork = {
    nodes: world.plan.nodes,
    rulesOf: (node) => world.nodes[node]!.chain.shared.params,
    isUp: (node) => world.down[node] === 0,
    clock: (node) => Math.floor(world.localTime(node) / 1_000_000),
    clockSetBackFrom: (node) => Math.floor(world.clocks.setBackFrom[node]! / 1_000_000),
    adjustedTime: (node) => world.nodes[node]!.adjustedTime,
    mines: (node) => world.plan.hashRate[node]! > 0,
    fluxnodesOf: (node) => (world.operators.get(node) ?? []).map(({ fluxnode }) => fluxnode.collateral),
    isByzantine: (node) => byzantine.has(node),
    linksOf: (node) => linkedWith(world.plan.topology, node),
    peerOf: (node, peer) => world.links.other(peer, node),
    blockOf(node, hash) {
      const { chain } = world.nodes[node]!;
      const block = chain.block(chain.shared.tree.find(hash));
      return block === "pruned" ? undefined : block;
    },
    loadOf(node) {
      const { mempool, blocksInFlight, peers } = world.nodes[node]!;
      return { poolBytes: mempool.pool.bytes, blocksInFlight, peers: peers.length };
    },
  };
  const checkers = [
    ...networkCheckers(network, healedAt(faults)),
    ...(world.swapDesk === undefined ? [] : [assetConservation(world.swapDesk)]),
    ...others,
  ];
  const { start, history } = world.plan;
  if (start !== undefined) return new Watchman(network, checkers, start.chain);
  return new Watchman(network, checkers, [lab.genesis, ...(history?.blocks ?? [])]);
}
