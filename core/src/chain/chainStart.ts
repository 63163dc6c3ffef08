import type { Params } from "../params/params.ts";
import type { Block } from "../primitives/block.ts";
import type { BlockHeader } from "../primitives/header.ts";
import type { StateImage } from "../state/stateView.ts";

/**
 * A connected state that chains begin with instead of genesis, as after folding everything below: a chain that was connected before,
 * or one that never had blocks. What is in it is believed.
 */
export interface ChainStart {
  /** The latest headers, lowest first, the last that of the block: as many as {@link headersLookedAt}, or all from genesis on. */
  readonly headers: readonly BlockHeader[];
  /** The block that the state is after. */
  readonly block: Block;
  /** Must not change. */
  readonly state: StateImage;
}

/** More than the median time and the widest window of a proof-of-work retarget in a network file, 144 blocks, look back together. */
const PROOF_OF_WORK_WINDOW = 288;

/** Headers that rules may look back on, at most, from any block. */
export const headersLookedAt = ({ pon }: Params): number =>
  Math.max(PROOF_OF_WORK_WINDOW, pon.difficultyWindow + 1);
