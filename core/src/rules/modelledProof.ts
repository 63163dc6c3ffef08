import { equalBytes } from "../bytes/compare.ts";
import { equihashShape, shapeOfSolution } from "../crypto/equihash/params.ts";
import type { Params } from "../params/params.ts";
import type { PowHeader } from "../primitives/header.ts";
import { assert } from "../util/assert.ts";
import { equihashParamsAt } from "./equihashRules.ts";
import { type Violation, violation } from "./violation.ts";

// Proof of work without the work, for laboratory networks: not a rule of fluxd. A marker stands where the solution would, as
// long as that, so that blocks and what they cost to send keep their size. Everything else about the header is as ever.

/** Whether blocks show a marker instead of work. Other networks than laboratories want real work whatever their parameters say. */
export const proofIsModelled = ({ proof, kind }: Params): boolean => proof === "modelled" && kind === "lab";

/** "modelled" in ASCII; zeros follow. */
const MARKER = Uint8Array.of(0x6d, 0x6f, 0x64, 0x65, 0x6c, 0x6c, 0x65, 0x64);

function marker(bytes: number): Uint8Array {
  const solution = new Uint8Array(bytes);
  solution.set(MARKER);
  return solution;
}

/** What a block at `height` shows in place of a solution. */
export function modelledSolution(height: number, params: Params): Uint8Array {
  const shape = equihashShape(equihashParamsAt(height, params)[0]);
  assert(shape !== undefined, "a network's Equihash parameters are ones that somebody defined");
  return marker(shape.solutionBytes);
}

/** The header shows the marker, in one of the lengths that solutions have. */
export function checkModelledProof({ solution }: PowHeader): Violation | undefined {
  const bytes = solution.length;
  return shapeOfSolution(bytes) !== undefined && equalBytes(solution, marker(bytes))
    ? undefined
    : violation("invalid-solution", { bytes, fault: "marker" });
}
