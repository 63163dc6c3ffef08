import type { Fund, PerTier, Tier, Upgrade } from "@fluxlab/core";
import type { Scenario } from "../scenario/schema.ts";
import type { BridgeReorgRow } from "../world/bridgeReorg.ts";
import type { LifecycleCounts } from "../world/chainNodes.ts";
import type { Shock } from "../world/economyPlan.ts";
import type { Waits } from "../world/waitHistogram.ts";
import type { FusionRecord } from "./fusionRecord.ts";

// What is left of a run: everything a report, a table or a page shows, and what it takes to repeat it. Amounts are satoshi
// (bigint), times are seconds since the first block, heights are block heights. Columns of one group have equal length.

/** Something that happened, or was due, at one height of the run; drawn as a mark on every time axis. */
export type ChainEvent =
  /** The subsidy changed (halving, start of proof of node, yearly reduction) between the block before and this one. */
  | { readonly type: "subsidy"; readonly height: number; readonly from: bigint; readonly to: bigint }
  | { readonly type: "upgrade"; readonly height: number; readonly upgrade: Upgrade }
  | { readonly type: "funding"; readonly height: number; readonly fund: Fund; readonly amount: bigint }
  /** The tier's old collateral is refused from here on. */
  | { readonly type: "transitionEnd"; readonly height: number; readonly tier: Tier }
  /** The scenario's shock of this number. `hit`: operators. */
  | {
      readonly type: "shock";
      readonly height: number;
      readonly shock: number;
      readonly kind: Shock["kind"];
      readonly hit: number;
    }
  /** Issuance passed the scenario's cap in this block. */
  | { readonly type: "capPassed"; readonly height: number; readonly before: bigint; readonly after: bigint };

/** One tier at the sample heights. */
export interface TierSamples {
  /** Confirmed nodes: the length of the payment queue. */
  readonly queue: Uint32Array;
  /** Payments and satoshi since the first block. */
  readonly payments: Float64Array;
  readonly paid: BigUint64Array;
  /** What one payment is worth at this height, satoshi. */
  readonly share: BigUint64Array;
}

/** The state after each sample height; the first sample is the first block, the last sample the last block. */
export interface Samples {
  readonly height: Float64Array;
  readonly seconds: Float64Array;
  /** Everything coinbases have created since genesis. */
  readonly supply: BigUint64Array;
  /** Since the first block. */
  readonly toProducers: BigUint64Array;
  readonly toDevFund: BigUint64Array;
  readonly toFunds: BigUint64Array;
  /** Nodes the chain lists as STARTED, and as DoS. */
  readonly started: Uint32Array;
  readonly dos: Uint32Array;
  readonly tiers: PerTier<TierSamples>;
}

/**
 * What the nodes of a tier got in equal stretches of the run: of the nodes confirmed through a whole stretch, the 5th, 50th
 * and 95th percentile and the mean, satoshi in that stretch. Stretches without such a node are 0 in `nodes` and all else.
 */
export interface PayoutSpread {
  readonly firstHeight: Float64Array;
  readonly lastHeight: Float64Array;
  /** Length of the stretch. */
  readonly seconds: Float64Array;
  readonly tiers: PerTier<{
    readonly nodes: Uint32Array;
    readonly low: BigUint64Array;
    readonly median: BigUint64Array;
    readonly high: BigUint64Array;
    readonly mean: BigUint64Array;
  }>;
}

/** Every operator's node, one row each. */
export interface NodeTable {
  /** Index into TIERS. */
  readonly tier: Uint8Array;
  /** Height of its first START, or the run's first height for those that were there before. */
  readonly joinedHeight: Uint32Array;
  /** Seconds confirmed within the run. */
  readonly confirmedSeconds: Float64Array;
  readonly payments: Uint32Array;
  readonly earned: BigUint64Array;
}

/** A tier over the whole run. */
export interface TierTotals {
  readonly payments: number;
  readonly paid: bigint;
  /** Summed over its nodes. */
  readonly confirmedSeconds: number;
  /** From a payment to the same node's next, or from its confirmation to its first. Waits that began before the run are not in it. */
  readonly waits: Waits;
}

/** Swaps against reorganisations of their source, as {@link BridgeReorgRow} tells of each pair. */
export interface BridgeRecord {
  /** Symbols of the chains. */
  readonly source: string;
  readonly target: string;
  /** Between blocks of the source. */
  readonly blockSeconds: number;
  /** Locked in every block of the source, satoshi. */
  readonly lockAmount: bigint;
  /** Of one block of the source, satoshi. */
  readonly blockCost: bigint;
  /** Most blocks that a branch may replace for nodes of the source to let it in; undefined: not known. */
  readonly deepestFollowed: number | undefined;
  readonly confirmations: readonly number[];
  readonly depths: readonly number[];
  /** For each of the confirmations every depth. */
  readonly pairs: readonly BridgeReorgRow[];
}

/** What is played on the ledger of the parallel assets, where the scenario asks for it. */
export interface AssetRecords {
  readonly bridge?: BridgeRecord;
  readonly fusion?: FusionRecord;
}

/** All that is kept of a run. */
export interface RunRecord extends AssetRecords {
  readonly format: 1;
  readonly fidelity: "economy";
  readonly scenario: Scenario;
  /** SHA-256 (hex) of the scenario without its seed, and of the network's parameters. */
  readonly scenarioHash: string;
  readonly rulesId: string;
  readonly networkName: string;
  readonly seed: string;
  readonly firstHeight: number;
  readonly lastHeight: number;
  /** Seconds from the first block to the last. */
  readonly seconds: number;
  /** SHA-256 (hex) over everything that happened: equal commit, scenario and seed give an equal digest on any machine. */
  readonly digest: string;
  readonly supply: {
    readonly cap: bigint;
    /** Before the first block, and after the last. */
    readonly before: bigint;
    readonly after: bigint;
    /** Height at which the network's schedule passes the cap, in the run or not; undefined: never. */
    readonly schedulePassesCapAt: number | undefined;
  };
  readonly toProducers: bigint;
  readonly toDevFund: bigint;
  readonly toFunds: bigint;
  readonly tiers: PerTier<TierTotals>;
  /** Satoshi a node of the tier locks at the end of the run. */
  readonly collateral: PerTier<bigint>;
  readonly counts: Readonly<LifecycleCounts>;
  readonly events: readonly ChainEvent[];
  readonly samples: Samples;
  readonly spread: PayoutSpread;
  readonly nodes: NodeTable;
  /** If the run went on from a recorded chain. */
  readonly start?: StartedFrom;
}

/** The last block of a chain that a run went on from. */
export interface StartedFrom {
  readonly height: number;
  /** Display order. */
  readonly blockHash: string;
}
