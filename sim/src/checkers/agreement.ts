import { maxAhead, maxReorgDepth, type Params } from "@fluxlab/core";
import type { CheckedNetwork, Checker, WitnessedBlock } from "./checker.ts";
import { owesBlock } from "./dueBlocks.ts";
import type { FluxnodeBooks } from "./fluxnodeBook.ts";

/** A branch that is let in just in time may go on growing while its blocks are on their way, and so may the chain it overtakes. */
const GROWN_SINCE = 2;

/**
 * What is buried far deeper than rules let a new fork in stays: no node ever takes so many blocks off. fluxd asks for the depth when
 * a fork's first header comes (src/main.cpp AcceptBlockHeader), not when its blocks have come.
 */
export const commonPrefix = (network: CheckedNetwork): Checker => ({
  name: "common prefix",
  tip(block, left, at, report) {
    const params = network.rulesOf(at.node);
    const most = GROWN_SINCE * maxReorgDepth(block.height + left, params);
    if (left > most)
      report(`${left} blocks were taken off, and ${most} may be`, { ...at, height: block.height });
  },
});

/** Blocks by which tips of nodes may differ while a block is on its way. */
const ON_THE_WAY = 3;

/** Seconds since a clock let something in after which it is expected to have happened. */
const PATIENCE = 300;

/**
 * At the end, which is some time after the last fault, all honest nodes of equal rules that run follow one chain, but for what is
 * still on its way, for chains that are {@link partedForGood}, and for blocks that are {@link letIn} later; and somebody has added to
 * a chain since `healed`, microseconds, if anybody {@link owesBlock}.
 *
 * Clocks set right do not heal at once: blocks stamped by clocks that were ahead bind the times of those that follow, and a node keeps
 * the offset that it took from its peers (fluxd src/timedata.cpp counts each once).
 */
export function convergence(network: CheckedNetwork, healed: number, books: FluxnodeBooks): Checker {
  const tips = new Map<number, WitnessedBlock>();
  let grown = false;
  return {
    name: "convergence",
    tip(block, _left, { node }) {
      tips.set(node, block);
    },
    block(block, params, { time }) {
      books.add(block, params);
      if (time > healed) grown = true;
    },
    end(time, report) {
      const running = [...tips].filter(([node]) => network.isUp(node));
      const quiet = { since: healed, now: time };
      if (!grown && running.some(([node, tip]) => owesBlock(tip, node, quiet, network, books))) {
        report("nobody has added a block since all was well again", {});
      }
      const honest = running.filter(([node]) => !network.isByzantine(node));
      for (const group of byRules(network, honest)) {
        const [, best] = group.reduce((high, each) => (each[1].height > high[1].height ? each : high));
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

function byRules(
  network: CheckedNetwork,
  tips: readonly (readonly [number, WitnessedBlock])[],
): (readonly [number, WitnessedBlock])[][] {
  const groups = new Map<Params, (readonly [number, WitnessedBlock])[]>();
  for (const tip of tips) {
    const params = network.rulesOf(tip[0]);
    groups.set(params, [...(groups.get(params) ?? []), tip]);
  }
  return [...groups.values()];
}

/**
 * Whether a node on one tip refuses the other's chain for its depth: what was apart for so long stays apart by the rules, and each side
 * bans the other.
 */
export const partedForGood = (tip: WitnessedBlock, other: WitnessedBlock, params: Params): boolean =>
  tip.height - commonHeight(tip, other) > maxReorgDepth(tip.height, params);

/** Height of the last block that two chains share. */
export function commonHeight(a: WitnessedBlock, b: WitnessedBlock): number {
  let [left, right]: (WitnessedBlock | undefined)[] = [a, b];
  while (left !== undefined && right !== undefined && left.hash !== right.hash) {
    if (left.height >= right.height) left = left.parent;
    else right = right.parent;
  }
  return left?.height ?? -1;
}
