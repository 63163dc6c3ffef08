import type { Satoshi } from "../../primitives/money.ts";
import { REWARDS, type RewardParty } from "./allocation.ts";

/**
 * How a native reward makes its earner eligible on the parallel chains; the sources disagree, a scenario chooses.
 * `wp2-equal` (Flux whitepaper v2.1): a tenth of the native amount on each chain, for FluxNodes and miners alike.
 * `wp1-table` (v1.0): in the proportion of the "Infrastructure Rewards" table, where miners get a twentieth of a chain.
 */
export type ParallelRewardModel = "wp1-table" | "wp2-equal";

/** What a native reward carries on one parallel chain, rounded down to the satoshi. */
export function parallelReward(model: ParallelRewardModel, party: RewardParty, native: bigint): Satoshi {
  if (model === "wp2-equal") return (native / 10n) as Satoshi;
  const whole = REWARDS[party];
  return ((native * whole.eachParallel) / whole.native) as Satoshi;
}
