import type { EquihashParams, Params } from "../params/params.ts";
import { type Upgrade, upgradeActive } from "../params/upgrades.ts";
import type { PowHeader } from "../primitives/header.ts";
import { type Violation, violation } from "./violation.ts";

/** Up to here the test network takes any length. Source: fluxd src/main.cpp ContextualCheckBlockHeader. */
const TESTNET_ANY_LENGTH_UP_TO = 320;

/** Bytes of a solution: 2^k indices of n / (k + 1) + 1 bits. Source: fluxd src/crypto/equihash.h SolutionWidth. */
export const solutionBytes = ({ n, k }: EquihashParams): number =>
  ((1 << k) * (Math.floor(n / (k + 1)) + 1)) / 8;

/**
 * The parameter sets a block at `height` may use; a miner takes the first. For some blocks after a change the old set is
 * accepted beside the new one. Source: fluxd src/chainparams.cpp validEHparameterList.
 */
export function equihashParamsAt(
  height: number,
  { pow, upgrades }: Params,
): readonly [EquihashParams, ...EquihashParams[]] {
  const [first, second, third] = pow.equihash;
  const settled = Math.max(0, height - pow.equihashFadeLength);
  const active = (upgrade: Upgrade, at: number): boolean => upgradeActive(upgrades, upgrade, at);
  if (active("kamiooka", settled)) return [third];
  if (active("kamiooka", height)) return [third, second];
  if (active("equihash144", settled)) return [second];
  if (active("equihash144", height)) return [second, first];
  return [first];
}

/**
 * The length of the solution is one of those accepted at `height`. None at all passes: a template is checked before it is
 * solved, and that no proof is empty is another rule. Source: fluxd src/main.cpp ContextualCheckBlockHeader.
 */
export function checkSolutionSize(
  { solution }: PowHeader,
  height: number,
  params: Params,
): Violation | undefined {
  const bytes = solution.length;
  if (bytes === 0 || (params.kind === "test" && height <= TESTNET_ANY_LENGTH_UP_TO)) return undefined;
  const accepted = equihashParamsAt(height, params).some((each) => solutionBytes(each) === bytes);
  return accepted ? undefined : violation("bad-equihash-solution-size", { bytes, height });
}
