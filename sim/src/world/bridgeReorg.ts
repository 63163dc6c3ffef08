import {
  type AssetLedger,
  type AssetParams,
  assert,
  type BrokenInvariant,
  brokenInvariants,
  type ChainId,
  rollback,
  shortfall,
} from "@fluxlab/core";
import { HOLDER, heldLedger, heldOn, nextBlock } from "./heldLedger.ts";

// Spec 05 §7, first question: how long after a lock with N confirmations can a reorganisation of k blocks on its source break
// invariant 2, by how much, and what does that cost? Not a formula: the ledger itself is played for every pair.

export interface BridgeReorgSetup {
  readonly assets: AssetParams;
  readonly source: ChainId;
  readonly target: ChainId;
  /** Of the one lock that every block of the source carries, satoshi. */
  readonly lockAmount: bigint;
  /** What it costs to make one block of the source, satoshi. */
  readonly blockCost: bigint;
}

export interface BridgeReorgRow {
  /** N: blocks of the source, the lock's own included, before the target pays. */
  readonly confirmations: number;
  /** k: latest blocks of the source that are replaced, and none of their locks come back. */
  readonly depth: number;
  /** Locks that were paid out on the target and are gone: one a block, so as many blocks is the attack open after a payment. */
  readonly exposedBlocks: number;
  readonly exposedMs: number;
  /** Coins too many, satoshi; what the attacker gains. */
  readonly shortfall: bigint;
  readonly broken: readonly BrokenInvariant["invariant"][];
  /** Of the k + 1 blocks that overtake k, satoshi. */
  readonly attackCost: bigint;
  /** Amount locked in each block from which the attack pays, satoshi; undefined where none does. */
  readonly breakEven: bigint | undefined;
}

/** Which pairs are tried, and on what. */
export interface BridgePlan extends BridgeReorgSetup {
  readonly confirmations: readonly number[];
  readonly depths: readonly number[];
  /** Most blocks that a branch may replace for nodes of the source to let it in; undefined if that is not known. */
  readonly deepestFollowed: number | undefined;
}

/** Every pair of `confirmations` and `depths`, 1 or more each, in that order. Ledgers share what they can: N is played once. */
export const bridgeReorgTable = (
  confirmations: readonly number[],
  depths: readonly number[],
  setup: BridgeReorgSetup,
): BridgeReorgRow[] =>
  confirmations.flatMap((n) => {
    const swapped = playSwaps(n, n + Math.max(0, ...depths), setup);
    return depths.map((k) => bridgeReorgRow(n, k, swapped, setup));
  });

function bridgeReorgRow(
  confirmations: number,
  depth: number,
  swapped: AssetLedger,
  setup: BridgeReorgSetup,
): BridgeReorgRow {
  const { source, blockCost } = setup;
  const back = rollback(swapped, source, swapped.chains[source]!.tip - depth);
  assert(!("reason" in back), "the flow lasts longer than the reorganisation is deep");
  const exposedBlocks = back.reports.length;
  const attackCost = blockCost * BigInt(depth + 1);
  return {
    confirmations,
    depth,
    exposedBlocks,
    exposedMs: exposedBlocks * setup.assets.chains[source]!.blockIntervalMs,
    shortfall: shortfall(back.ledger),
    broken: brokenInvariants(back.ledger).map(({ invariant }) => invariant),
    attackCost,
    breakEven: exposedBlocks === 0 ? undefined : attackCost / BigInt(exposedBlocks) + 1n,
  };
}

/** Most that one block's lock may hold where `blocks` blocks carry one each, satoshi: nothing comes back to the source. */
export const mostPerLock = (source: ChainId, blocks: number): bigint => heldOn(source) / BigInt(blocks);

/** `blocks` blocks of the source with a lock in each, every lock paid out on the target as soon as it may be. */
function playSwaps(confirmations: number, blocks: number, setup: BridgeReorgSetup): AssetLedger {
  const { source, target, lockAmount } = setup;
  const chains = setup.assets.chains.map((chain) => ({ ...chain, confirmations }));
  let ledger = heldLedger({ ...setup.assets, chains }, [source, target]);
  const lockIds: string[] = [];
  for (let block = 0; block < blocks; block++) {
    const id = block.toString(16).padStart(64, "0");
    lockIds.push(id);
    ledger = nextBlock(ledger, source, [
      { type: "lock", id, source, target, owner: HOLDER, amount: lockAmount },
    ]);
    const confirmed = lockIds[block + 1 - confirmations];
    if (confirmed !== undefined)
      ledger = nextBlock(ledger, target, [{ type: "unlock", source, id: confirmed }]);
  }
  return ledger;
}
