import { decodeCompact } from "../../bytes/compactTarget.ts";
import { addU256, divU256, type U256, u256 } from "../../bytes/u256.ts";
import type { Params } from "../../params/params.ts";
import type { HeaderHistory } from "../headerHistory.ts";

// What LWMA and LWMA3 share.

/** Weighted solve time of a window in which every block takes the target spacing: T * (1 + 2 + ... + N). */
export function lwmaWeight({ pow }: Params): number {
  const { lwmaWindow: window, targetSpacing } = pow;
  return ((window * (window + 1)) / 2) * targetSpacing;
}

/** Reused by the function below, which is done with it when it returns. */
const share = u256();

/**
 * Sets `out` to the average target of the last N blocks, over {@link lwmaWeight}: times the weighted solve time it is the
 * next target. Each share is rounded down for itself.
 */
export function sumOfTargetShares(out: U256, history: HeaderHistory, params: Params): void {
  const window = params.pow.lwmaWindow;
  const divisor = lwmaWeight(params) * window;
  out.fill(0);
  for (let height = history.height - window + 1; height <= history.height; height++) {
    decodeCompact(share, history.bits(height));
    divU256(share, share, divisor);
    addU256(out, out, share);
  }
}
