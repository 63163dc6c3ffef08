import {
  ALLOCATION,
  type AllocationRow,
  type AssetOperation,
  type AssetParams,
  type ChainTerms,
  NATIVE_CHAIN,
  parallelReward,
} from "@fluxlab/core";

/** An operation that the ledger accepted and no reorganisation has removed, and where it stands. */
export interface Standing {
  readonly operation: AssetOperation;
  readonly chain: number;
  readonly height: number;
  /** For a claim: what it was worth when it was made, satoshi. */
  readonly worth: bigint;
}

export interface Recount {
  readonly terms: readonly ChainTerms[];
  readonly shortfall: bigint;
}

type Sums = { -readonly [Term in keyof ChainTerms]: bigint };

/** The obvious ledger: every operation that stands, added up afresh from the allocation table. */
export function recount(params: AssetParams, nativeEmitted: bigint, standing: readonly Standing[]): Recount {
  const of = (row: AllocationRow["row"], chain: number): bigint => {
    const { native, eachParallel } = ALLOCATION.find((each) => each.row === row)!;
    return chain === NATIVE_CHAIN ? native : eachParallel;
  };
  const sums = params.chains.map(({ id }): Sums => {
    const emitted = id === NATIVE_CHAIN ? nativeEmitted : 0n;
    return {
      circulating: emitted,
      swapLocked: of("swap", id),
      unclaimed: 0n,
      unemitted: of("natural", id) - of("foundation", id) - of("exchange", id) - emitted,
      reserve: of("foundation", id) + of("exchange", id),
      inFlight: 0n,
      deficit: 0n,
    };
  });
  const locks = standing.flatMap(({ operation }) => (operation.type === "lock" ? [operation] : []));
  let orphaned = 0n;
  for (const { operation, chain, worth } of standing) {
    const here = sums[chain]!;
    switch (operation.type) {
      case "accrueReward":
        here.circulating += operation.amount;
        here.unemitted -= operation.amount;
        if (operation.role === "none") break;
        for (const parallel of sums.slice(1)) {
          const earned = parallelReward(params.rewardModel, operation.role, operation.amount);
          parallel.unclaimed += earned;
          parallel.unemitted -= earned;
        }
        break;
      case "snapshot":
        for (const { amount } of operation.balances) {
          sums[operation.chain]!.unclaimed += amount / 10n;
          sums[operation.chain]!.unemitted -= amount / 10n;
        }
        break;
      case "claim":
        sums[operation.chain]!.unclaimed -= worth;
        sums[operation.chain]!.circulating += worth;
        break;
      case "releaseReserve":
        here.reserve -= operation.amount;
        here.circulating += operation.amount;
        break;
      case "lock": {
        const ended = standing.some(
          ({ operation: other }) =>
            (other.type === "unlock" || other.type === "cancel") &&
            other.source === operation.source &&
            other.id === operation.id,
        );
        here.circulating -= operation.amount;
        here.swapLocked += operation.amount;
        if (!ended) here.inFlight += operation.amount;
        break;
      }
      case "unlock":
        here.circulating += worth;
        here.swapLocked -= worth;
        if (!locks.some(({ id, source }) => id === operation.id && source === operation.source))
          orphaned += worth;
        break;
      case "cancel":
        here.circulating += worth;
        here.swapLocked -= worth;
        break;
      case "releaseChain":
        break;
    }
  }
  for (const each of sums) {
    if (each.circulating >= 0n) continue;
    each.deficit = -each.circulating;
    each.swapLocked += each.circulating;
    each.circulating = 0n;
  }
  return { terms: sums, shortfall: sums.reduce((sum, { deficit }) => sum + deficit, orphaned) };
}
