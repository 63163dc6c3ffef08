import { maxAhead, maxReorgDepth, type Params } from "@fluxlab/core";
import type { CheckedNetwork, Checker, WitnessedBlock } from "./checker.ts";
import { owesBlock } from "./dueBlocks.ts";
import type { FluxnodeBooks } from "./fluxnodeBook.ts";
import { linkedGroups } from "./linkedGroups.ts";

/**
 * What is buried deeper than rules let a new fork in stays: no node lets in a header that parts from its chain so far below its tip.
 * fluxd asks for the depth then (src/main.cpp AcceptBlockHeader) and never again: a branch that was let in and kept up with may take off
 * any number of blocks later, when its blocks come at last or when it has become the better one.
 */
export function commonPrefix(network: CheckedNetwork): Checker {
  const tips = new Map<number, number>();
  return {
    name: "common prefix",
    tip(block, _left, { node }) {
      tips.set(node, block.height);
    },
    observation(observation, at, report) {
      const tip = tips.get(at.node);
      if (observation.kind !== "fork" || tip === undefined) return;
      const { height } = observation;
      const depth = tip - (height - 1);
      const most = maxReorgDepth(tip, network.rulesOf(at.node));
      if (depth >= most) {
        report(`a fork was let in ${depth} blocks below the tip, and it must be fewer than ${most}`, {
          ...at,
          height,
        });
      }
    },
  };
}

/** Blocks by which tips of nodes may differ while a block is on its way. */
const ON_THE_WAY = 3;

/** Seconds since a clock let something in after which it is expected to have happened. */
const PATIENCE = 300;

/**
 * At the end, which is some time after the last fault, all honest nodes of equal rules that run and are linked follow one chain, but
 * for what is still on its way, for chains that are {@link partedForGood}, for blocks that are {@link letIn} later, and for a best chain to
 * which nobody has added since `healed`, microseconds, if there was time; and somebody has added to a chain since then, if anybody {@link owesBlock}.
 *
 * Only news bring together: who knows headers of a better chain whose blocks nobody has is told of no block that its peers have (each asks
 * for what follows its best header, and announces tips as they come), as in fluxd.
 *
 * Clocks set right do not heal at once: blocks stamped by clocks that were ahead bind the times of those that follow, and a node keeps
 * the offset that it took from its peers (fluxd src/timedata.cpp counts each once).
 */
export function convergence(network: CheckedNetwork, healed: number, books: FluxnodeBooks): Checker {
  const tips = new Map<number, WitnessedBlock>();
  const addedAt = new Map<string, number>();
  let grown = false;
  return {
    name: "convergence",
    tip(block, _left, { node }) {
      tips.set(node, block);
    },
    block(block, params, { time }) {
      books.add(block, params);
      addedAt.set(block.hash, Math.min(addedAt.get(block.hash) ?? time, time));
      if (time > healed) grown = true;
    },
    end(time, report) {
      const running = [...tips].filter(([node]) => network.isUp(node));
      const quiet = { since: healed, now: time };
      if (!grown && running.some(([node, tip]) => owesBlock(tip, node, quiet, network, books))) {
        report("nobody has added a block since all was well again", {});
      }
      const honest = running.flatMap(([node]) => (network.isByzantine(node) ? [] : [node]));
      for (const nodes of linkedGroups(honest, network)) {
        const group = nodes.map((node) => [node, tips.get(node)!] as const);
        const [, best] = group.reduce((high, each) => (each[1].height > high[1].height ? each : high));
        if (healed < time && addedAt.get(best.hash)! <= healed) continue;
        for (const [node, tip] of group) {
          const fork = commonHeight(tip, best);
          const due = letIn(best, fork, node, tip, network);
          const apart = due - Math.min(fork, tip.height);
          if (apart > ON_THE_WAY && !partedForGood(tip, best, network.rulesOf(node))) {
            report(`${apart} blocks behind the best chain's ${due}, from which its chain parts at ${fork}`, {
              node,
              height: tip.height,
            });
          }
        }
      }
    },
  };
}

/** Unix seconds of the latest header that a node on a tip has let in for a while. Source: fluxd src/main.cpp CheckBlockHeader. */
function latestTime(node: number, tip: WitnessedBlock, network: CheckedNetwork): number {
  const ahead = maxAhead(tip.block.header.kind, tip.height, network.rulesOf(node));
  return network.adjustedTime(node) + ahead - PATIENCE;
}

/** Height up to which a node's clock lets in a chain above `fork`. */
function letIn(
  best: WitnessedBlock,
  fork: number,
  node: number,
  tip: WitnessedBlock,
  network: CheckedNetwork,
): number {
  const latest = latestTime(node, tip, network);
  let height = best.height;
  for (let at: WitnessedBlock | undefined = best; at !== undefined && at.height > fork; at = at.parent) {
    if (at.block.header.time > latest) height = at.height - 1;
  }
  return height;
}

/**
 * Whether a node on one of two tips refuses the first header of the other's branch for its depth: what was apart for so long stays apart
 * by the rules. The side that refuses bans the other, so it hears nothing either, though its own branch may be short enough to leave.
 * Who is merely behind has no branch to be refused.
 */
export const partedForGood = (a: WitnessedBlock, b: WitnessedBlock, params: Params): boolean => {
  const fork = commonHeight(a, b);
  if (a.height === fork || b.height === fork) return false;
  return [a, b].some(({ height }) => height - fork >= maxReorgDepth(height, params));
};

/** Height of the last block that two chains share. */
export function commonHeight(a: WitnessedBlock, b: WitnessedBlock): number {
  let [left, right]: (WitnessedBlock | undefined)[] = [a, b];
  while (left !== undefined && right !== undefined && left.hash !== right.hash) {
    if (left.height >= right.height) left = left.parent;
    else right = right.parent;
  }
  return left?.height ?? -1;
}
