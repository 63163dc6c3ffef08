import type { Satoshi } from "../../primitives/money.ts";
import { assert } from "../../util/assert.ts";
import { ALLOCATION, type AllocationRow, TOTAL_PER_CHAIN } from "./allocation.ts";
import type { ParallelRewardModel } from "./reward.ts";

/** Number of a chain in payloads and lists: 0 is the native chain, the others count up in order of release. */
export type ChainId = number;

/** The chain whose blocks `fluxd` makes. */
export const NATIVE_CHAIN: ChainId = 0;

/** Payloads name a chain by one byte, but claims are remembered as bits of one integer. */
const MAX_CHAINS = 31;

/** One chain of the assets as the ledger knows it; a scenario may give any list whose members' ids are their places. */
export interface AssetChain {
  readonly id: ChainId;
  readonly symbol: string;
  readonly name: string;
  /** Milliseconds between blocks. */
  readonly blockIntervalMs: number;
  /** Blocks, its own included, that a lock on this chain needs before it may be unlocked elsewhere. */
  readonly confirmations: number;
  /** Blocks after its own at which a lock that nothing unlocked may be cancelled. */
  readonly cancelAfterBlocks: number;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

/** Native and the parallel chains in order of release. Source: spec 05 §2; KDA to SOL by Flux whitepaper v2.1. */
const DEFAULT_CHAIN_FACTS: readonly (readonly [symbol: string, name: string, blockIntervalMs: number])[] = [
  ["FLUX", "Flux", 120_000],
  ["KDA", "Kadena", 30_000],
  ["ETH", "Ethereum", 12_000],
  ["BSC", "Binance Smart Chain", 3_000],
  ["TRX", "Tron", 3_000],
  ["SOL", "Solana", 400],
  ["AVAX", "Avalanche", 2_000],
  ["ERG", "Ergo", 120_000],
  ["ALGO", "Algorand", 2_800],
  ["MATIC", "Polygon", 2_000],
  ["BASE", "Base", 2_000],
];

/**
 * The default list. Names and order are facts; block intervals are the chains' round public figures, and the lab asks an
 * hour of confirmations and lets a lock be cancelled after a day, since the real service publishes neither.
 */
export const DEFAULT_CHAINS: readonly AssetChain[] = DEFAULT_CHAIN_FACTS.map(
  ([symbol, name, blockIntervalMs], id) => ({
    id,
    symbol,
    name,
    blockIntervalMs,
    confirmations: Math.ceil(HOUR_MS / blockIntervalMs),
    cancelAfterBlocks: Math.ceil(DAY_MS / blockIntervalMs),
  }),
);

/** The rules of one ledger: which chains, which reward model, which cap. */
export interface AssetParams {
  readonly chains: readonly AssetChain[];
  readonly rewardModel: ParallelRewardModel;
  /** Most that may circulate on all chains together, satoshi. */
  readonly circulationCap: Satoshi;
}

/** Native and ten parallel chains, equal rewards, 440,000,000 FLUX. */
export const DEFAULT_ASSETS: AssetParams = {
  chains: DEFAULT_CHAINS,
  rewardModel: "wp2-equal",
  circulationCap: TOTAL_PER_CHAIN,
};

/** Says whether parameters from our own code make sense: the list begins with the native chain and ids are places. */
export function assertAssetParams({ chains }: AssetParams): void {
  assert(chains.length >= 1 && chains.length <= MAX_CHAINS, `1..${MAX_CHAINS} chains, not ${chains.length}`);
  for (const [place, { id, confirmations, cancelAfterBlocks }] of chains.entries()) {
    assert(id === place, `chain ${id} is in place ${place} of its list`);
    for (const blocks of [confirmations, cancelAfterBlocks])
      assert(Number.isSafeInteger(blocks) && blocks >= 1, `chain ${id} waits for ${blocks} blocks`);
  }
}

/** How a chain's 440,000,000 FLUX are divided before anything is emitted, satoshi. */
export interface ChainAllocation {
  /** Holders' airdrop and rewards to come; on the native chain what is mined. */
  readonly natural: bigint;
  /** Foundation and exchange airdrops. */
  readonly reserve: bigint;
  readonly swap: bigint;
}

/** Source: Flux whitepaper v1.0, the rows of {@link ALLOCATION}. */
export function chainAllocation(chain: ChainId): ChainAllocation {
  const column = chain === NATIVE_CHAIN ? "native" : "eachParallel";
  const of = (name: AllocationRow["row"]): bigint => ALLOCATION.find(({ row }) => row === name)![column];
  return {
    natural: of("holders") + of("outstanding"),
    reserve: of("foundation") + of("exchange"),
    swap: of("swap"),
  };
}
