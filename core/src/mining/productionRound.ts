import type { Params } from "../params/params.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { TIERS } from "../primitives/tier.ts";
import { nextBits } from "../rules/difficulty.ts";
import type { HeaderHistory } from "../rules/headerHistory.ts";
import type { ProductionRound } from "../rules/ponSchedule.ts";
import type { StateContents } from "../state/stateView.ts";

/** The round of the block after a parent; `state` is after the parent. */
export function productionRound(
  state: StateContents,
  headers: HeaderHistory,
  params: Params,
): ProductionRound {
  return {
    parentHash: state.blockHash as BlockHash,
    parentTime: headers.time(headers.height),
    height: headers.height + 1,
    bits: nextBits(headers, undefined, params),
    confirmed: TIERS.flatMap((tier) => Array.from(state.queue(tier), ({ outpoint }) => outpoint)),
  };
}
