import type { RunDigest } from "../kernel/digest.ts";
import { type BridgePlan, bridgeReorgTable } from "../world/bridgeReorg.ts";
import type { BridgeRecord } from "./runRecord.ts";

/** Digest rows of the bridge's pairs, and of their amounts; those of the economy are below. */
const BRIDGE_ROW = 0xe000_0000;

/** Plays every pair of the plan and tells the digest what came of it. */
export function bridgeRecord(plan: BridgePlan, digest: RunDigest): BridgeRecord {
  const { assets, source, target, lockAmount, blockCost, confirmations, depths, deepestFollowed } = plan;
  const pairs = bridgeReorgTable(confirmations, depths, plan);
  for (const { confirmations: n, depth, exposedBlocks, shortfall, attackCost } of pairs) {
    digest.row(BRIDGE_ROW, n, depth, exposedBlocks);
    digest.amount(BRIDGE_ROW + 1, depth, shortfall);
    digest.amount(BRIDGE_ROW + 2, depth, attackCost);
  }
  const { symbol, blockIntervalMs } = assets.chains[source]!;
  return {
    source: symbol,
    target: assets.chains[target]!.symbol,
    blockSeconds: blockIntervalMs / 1_000,
    lockAmount,
    blockCost,
    deepestFollowed,
    confirmations,
    depths,
    pairs,
  };
}
