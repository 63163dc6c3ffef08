import { type PerTier, perTier } from "@fluxlab/core";
import type { SpreadRecord } from "@fluxlab/sim";

/** What FluxNodes miss where proof of node makes fewer blocks than it aims at. */
export interface MissedPayments {
  /** Blocks that the spacing asks for between the first one and the end of the run, and those made. */
  readonly due: number;
  readonly made: number;
  /** Payments that the tier's nodes would have had at that pace, less those they had. */
  readonly tiers: PerTier<number>;
}

/** Undefined where the upgrade was not one to proof of node, or did not come. */
export function missedPayments({ upgrade, seconds }: SpreadRecord): MissedPayments | undefined {
  if (upgrade?.seconds === undefined || upgrade.ponSpacing === undefined) return undefined;
  const { proofOfNode, emergency } = upgrade.upgraded.blocks;
  const made = proofOfNode + emergency;
  const due = 1 + Math.floor((seconds - upgrade.seconds) / upgrade.ponSpacing);
  // Where there is no other chain, payments of blocks before the upgrade are counted with those after it.
  const before = upgrade.upgraded.blocks.proofOfWork;
  const tiers = perTier((tier) => {
    const { count } = upgrade.upgraded.payments[tier];
    return count === 0 ? 0 : Math.max(due + before - count, 0);
  });
  return { due, made, tiers };
}
