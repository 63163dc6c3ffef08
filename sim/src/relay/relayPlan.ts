import type { Regions } from "../net/regions.ts";

/** Everything a run of the relay model depends on. Sizes are bytes, times microseconds unless said. */
export interface RelayPlan {
  readonly seed: string;
  readonly nodes: number;
  /** The run ends when a block would extend one of this height. */
  readonly blocks: number;
  /** Mean time between blocks; mining power does not change it. */
  readonly blockInterval: number;
  readonly regions: Regions;
  /** Chance of having at most 1, 2, … outbound links. */
  readonly degrees: readonly number[];
  readonly relay: RelayNumbers;
}

/** What the messages of a block's relay weigh and how long nodes take over them. */
export interface RelayNumbers {
  readonly blockBytes: number;
  readonly compactBlockBytes: number;
  /** Shares of 1000 nodes. */
  readonly compactNodesPerMille: number;
  readonly churnNodesPerMille: number;
  /** Compact blocks in 100 that lack transactions at their receiver. */
  readonly compactFailurePercent: { readonly steady: number; readonly churn: number };
  /** What inv, getdata and getblocktxn take beyond the latency. */
  readonly requestDelay: number;
  /** What a sender takes over each block. */
  readonly processing: number;
  /** Hashes a node tries per millisecond. */
  readonly power: { readonly mean: number; readonly deviation: number };
}

/**
 * SimBlock's default (dsg-titech/simblock 5fc7f9f, settings/SimulationConfiguration.java; the delays are in
 * task/AbstractMessageTask.java and node/Node.java).
 */
export const SIMBLOCK_RELAY: RelayNumbers = {
  blockBytes: 535_000,
  compactBlockBytes: 18_000,
  compactNodesPerMille: 964,
  churnNodesPerMille: 976,
  compactFailurePercent: { steady: 13, churn: 27 },
  requestDelay: 10_000,
  processing: 2_000,
  power: { mean: 400_000, deviation: 100_000 },
};
