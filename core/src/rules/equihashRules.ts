import { shapeOfSolution } from "../crypto/equihash/params.ts";
import type { EquihashVerifier } from "../crypto/equihash/verify.ts";
import type { EquihashParams, Params } from "../params/params.ts";
import { type Upgrade, upgradeActive } from "../params/upgrades.ts";
import { equihashInput, type PowHeader } from "../primitives/header.ts";
import { type Violation, violation } from "./violation.ts";

// Which Equihash a proof-of-work header must show, and whether it does. fluxd asks twice and never compares the answers:
// the proof is judged by the parameters that its length names, whatever the height; the height only limits the length.

/** Up to here the test network takes any length. Source: fluxd src/main.cpp ContextualCheckBlockHeader. */
const TESTNET_ANY_LENGTH_UP_TO = 320;

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
 * solved, and {@link checkEquihashSolution} refuses it. Source: fluxd src/main.cpp ContextualCheckBlockHeader.
 */
export function checkSolutionSize(
  { solution }: PowHeader,
  height: number,
  params: Params,
): Violation | undefined {
  const bytes = solution.length;
  if (bytes === 0 || (params.kind === "test" && height <= TESTNET_ANY_LENGTH_UP_TO)) return undefined;
  const accepted = equihashParamsAt(height, params).some(({ n, k }) => {
    const shape = shapeOfSolution(bytes);
    return shape?.n === n && shape.k === k;
  });
  return accepted ? undefined : violation("bad-equihash-solution-size", { bytes, height });
}

/**
 * The solution solves the puzzle of its own length. Source: fluxd src/pow.cpp CheckEquihashSolution, called by src/main.cpp
 * CheckBlockHeader.
 */
export function checkEquihashSolution(header: PowHeader, verifier: EquihashVerifier): Violation | undefined {
  const { solution } = header;
  const params = shapeOfSolution(solution.length);
  if (params === undefined) return violation("invalid-solution", { bytes: solution.length, fault: "length" });
  const fault = verifier.check({ params, input: equihashInput(header), solution });
  return fault && violation("invalid-solution", { bytes: solution.length, fault });
}
