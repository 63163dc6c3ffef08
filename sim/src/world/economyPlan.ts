import type { FluxnodeRecord, Outpoint, Params, PerTier, Satoshi, Tier } from "@fluxlab/core";

/** A probability as a fraction of whole numbers. */
export interface Ratio {
  readonly numerator: number;
  readonly denominator: number;
}

/** How many operators a tier has; the number goes in a straight line from the first to the last block. */
export interface TierPopulation {
  readonly atStart: number;
  readonly atEnd: number;
}

/** What operators do. Means are of exponential distributions; Infinity is "never". */
export interface OperatorHabits {
  /** Mean seconds until an operator sells the collateral and leaves. */
  readonly lifetimeSeconds: number;
  /** Mean seconds from coming online to the next outage. */
  readonly outageEverySeconds: number;
  /** Mean seconds of an outage. */
  readonly outageSeconds: number;
  /** Chance that the confirm of a START does not arrive in its window. */
  readonly missedStart: Ratio;
}

/** Something that happens to many operators at once. */
export interface Shock {
  /**
   * "exit": they sell their collateral for good, and nobody takes their place. "benchmarkFailure": their benchmarks fail, so that
   * nothing they send is signed. "price": the coin's price changes, and as many leave or come as make the tier's nodes pay.
   */
  readonly kind: "exit" | "benchmarkFailure" | "price";
  readonly height: number;
  /** Indexes into TIERS. */
  readonly tiers: readonly number[];
  /** Of the operators there are, or of the nodes that are confirmed and online; of the way to {@link paying}. */
  readonly share: Ratio;
  /** Over which those hit leave or come, or until all benchmarks pass again; at least 1. */
  readonly blocks: number;
  /** After a change of price: by tier index, how many nodes could live on what the tier gets. */
  readonly paying?: readonly number[];
}

/** The chain before a run that goes on from it. */
export interface EconomyBeginning {
  /** In any order. */
  readonly nodes: readonly FluxnodeRecord[];
  /** Satoshi that coinbases have created. */
  readonly supply: bigint;
}

/** Everything a run at economy fidelity depends on, in the units of the chain. */
export interface EconomyPlan {
  readonly params: Params;
  /** Text of the seed; equal plans with equal seeds run equally. */
  readonly seed: string;
  readonly firstHeight: number;
  readonly lastHeight: number;
  readonly population: PerTier<TierPopulation>;
  /** What the chain has before the first block; undefined: operators are drawn, and the supply is the schedule's. */
  readonly beginning?: EconomyBeginning | undefined;
  /**
   * Seconds over which the first operators START, from the first block that allows it; undefined: they are confirmed, and
   * their queues in full rotation, when the run begins.
   */
  readonly joinOverSeconds: number | undefined;
  readonly operators: OperatorHabits;
  /** Those beyond the last block do not happen. */
  readonly shocks: readonly Shock[];
  /** Satoshi; the run reports the block whose issuance passes it. */
  readonly supplyCap: bigint;
}

/** Names the output that is an operator's collateral, `serial` counting the operator's collaterals from 0. */
export type CollateralName = (collateral: {
  readonly row: number;
  readonly serial: number;
  readonly tier: Tier;
  readonly amount: Satoshi;
}) => Outpoint;
