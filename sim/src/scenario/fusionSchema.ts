import * as Schema from "effect/Schema";
import { SWAP_SIZES } from "../world/fusionPlan.ts";
import { oneOf, text, whole } from "./decode.ts";
import { amount, chain, duration } from "./schemaParts.ts";
import { parseRatio, RATIO_HINT } from "./units.ts";

// What a scenario may say of swaps that a relayer pays from a float.

/** More in one run than a reader could follow. */
const MOST_FLOWS = 50;
const MOST_A_DAY = 1_000_000;
const MOST_TIMES = 1_000;
const FLOWS_HINT = `a list of 1 to ${MOST_FLOWS} flows`;

const surge = Schema.Struct({
  /** Since the first block. */
  from: duration,
  for: duration,
  /** So many times as many swaps. */
  times: whole(`a whole number from 1 to ${MOST_TIMES}`, 1, MOST_TIMES),
});

const flows = Schema.Array(
  Schema.Struct({
    source: chain,
    target: chain,
    /** On average. */
    swapsPerDay: whole(`a whole number from 1 to ${MOST_A_DAY}`, 1, MOST_A_DAY),
    /** Of a swap, on average. */
    amount,
    /** "equal", if left out. */
    sizes: Schema.optionalKey(oneOf(SWAP_SIZES)),
    surge: Schema.optionalKey(surge),
  }),
)
  .annotate({ message: FLOWS_HINT })
  .check(
    Schema.makeFilter(
      (list: readonly unknown[]) => (list.length >= 1 && list.length <= MOST_FLOWS) || FLOWS_HINT,
    ),
  );

/** Swaps among chains, and what the relayer has at hand to pay them. */
export const fusion = Schema.Struct({
  /** At hand on each chain at the start, after a refill, and at most: the rest is in cold storage. */
  float: amount,
  /** Chains with a float of their own. */
  floats: Schema.optionalKey(
    Schema.Array(Schema.Struct({ chain, float: amount })).annotate({
      message: "a list of chains, each with its float",
    }),
  ),
  refill: Schema.Struct({
    /** Of the float: with less at hand a refill is ordered. */
    below: text(RATIO_HINT, (value) => parseRatio(value) !== undefined),
    /** From the order until the coins are there. */
    after: duration,
  }),
  flows,
});
