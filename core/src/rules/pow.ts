import type { Params } from "../params/params.ts";
import { meetsTarget, targetLimits } from "./proofTarget.ts";

/**
 * Whether the hash of a proof-of-work header meets its target; where a network checks no targets every hash does.
 * Source: fluxd src/pow.cpp CheckProofOfWork.
 */
export const checkProofOfWork = (hash: Uint8Array, bits: number, params: Params): boolean =>
  !params.checkProofTargets || meetsTarget(hash, bits, targetLimits(params).pow.target);
