import type { EquihashParams, Params } from "../params/params.ts";
import { upgradeActive } from "../params/upgrades.ts";

/** Bytes of a solution: 2^k indices of n / (k + 1) + 1 bits. Source: fluxd src/crypto/equihash.h SolutionWidth. */
export const solutionBytes = ({ n, k }: EquihashParams): number =>
  (2 ** k * (Math.floor(n / (k + 1)) + 1)) / 8;

/**
 * Equihash parameters whose solutions are accepted at `height`, the newest first; two of them while an older one fades.
 * Source: fluxd src/chainparams.cpp validEHparameterList.
 */
export function equihashParamsAt(height: number, { upgrades, pow }: Params): readonly EquihashParams[] {
  const [base, second, third] = pow.equihash;
  const faded = Math.max(0, height - pow.equihashFadeLength);
  if (upgradeActive(upgrades, "kamiooka", faded)) return [third];
  if (upgradeActive(upgrades, "kamiooka", height)) return [third, second];
  if (upgradeActive(upgrades, "equihash144", faded)) return [second];
  if (upgradeActive(upgrades, "equihash144", height)) return [second, base];
  return [base];
}

/** Up to this height test takes solutions of any length, which the public network's first blocks need. */
const LAST_LENIENT_TEST_HEIGHT = 320;

/**
 * Whether a solution of so many bytes is accepted at `height`. An empty one always is, so that a block not solved yet can be
 * tried; that no proof is empty is another rule. Source: fluxd src/main.cpp ContextualCheckBlockHeader.
 */
export function solutionLengthAccepted(bytes: number, height: number, params: Params): boolean {
  if (bytes === 0 || (params.kind === "test" && height <= LAST_LENIENT_TEST_HEIGHT)) return true;
  return equihashParamsAt(height, params).some((accepted) => solutionBytes(accepted) === bytes);
}
