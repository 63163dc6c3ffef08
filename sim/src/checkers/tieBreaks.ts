import { comparePonHashes, headerPonHash, ponHeightReached } from "@fluxlab/core";
import { commonHeight } from "./agreement.ts";
import type { CheckedNetwork, Checker, WitnessedBlock } from "./checker.ts";

/**
 * Of two proof-of-node tips of equal height above the same proof of work, whose work is equal, a node leaves one for the other only if
 * that has the smaller draw. Source: fluxd src/main.cpp CBlockIndexWorkComparator.
 */
export function tieBreaks(network: CheckedNetwork): Checker {
  const tips = new Map<number, WitnessedBlock>();
  return {
    name: "tie breaks",
    tip(block, left, at, report) {
      const before = tips.get(at.node);
      tips.set(at.node, block);
      if (before === undefined || left === 0 || before.height !== block.height) return;
      const params = network.rulesOf(at.node);
      const [old, now] = [before.block.header, block.block.header];
      if (old.kind !== "pon" || now.kind !== "pon") return;
      if (!ponHeightReached(params.upgrades, commonHeight(before, block) + 1)) return;
      if (comparePonHashes(headerPonHash(now, params), headerPonHash(old, params)) >= 0) {
        report("a block was left for one of equal height that did not draw a smaller hash", {
          ...at,
          height: block.height,
        });
      }
    },
  };
}
