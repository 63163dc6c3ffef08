import type { EquihashParams } from "../../params/params.ts";

// The parameter sets fluxd can verify, and what follows from n and k. Source: fluxd src/crypto/equihash.h, equihash.cpp.

/** Everything that follows from (n, k). Sizes in bytes unless they say bits. */
export interface EquihashShape extends EquihashParams {
  /** Sub-hashes cut from one BLAKE2b digest. */
  readonly hashesPerDigest: number;
  readonly subHashBytes: number;
  readonly digestBytes: number;
  /** Bits that must agree in each round, c = n / (k + 1). */
  readonly collisionBits: number;
  /** Bytes of one expanded cell of c bits. */
  readonly cellBytes: number;
  /** k + 1 expanded cells. */
  readonly rowBytes: number;
  /** Bits of one index in a solution. */
  readonly indexBits: number;
  /** Indices of a solution, 2^k. */
  readonly indices: number;
  readonly solutionBytes: number;
  /** First half of the personalisation, 8 ASCII characters. */
  readonly personalisation: "ZcashPoW" | "ZelProof";
  /** ZelHash: a digest is the sum of those before it in its group of sixteen. */
  readonly twisted: boolean;
}

function shape(n: number, k: number): EquihashShape {
  const collisionBits = Math.floor(n / (k + 1));
  const cellBytes = Math.ceil(collisionBits / 8);
  const hashesPerDigest = Math.floor(512 / n);
  const subHashBytes = Math.ceil(n / 8);
  const indexBits = collisionBits + 1;
  const indices = 1 << k;
  const twisted = n === 125 && k === 4;
  return {
    n,
    k,
    hashesPerDigest,
    subHashBytes,
    digestBytes: hashesPerDigest * subHashBytes,
    collisionBits,
    cellBytes,
    rowBytes: (k + 1) * cellBytes,
    indexBits,
    indices,
    solutionBytes: (indices * indexBits) / 8,
    // Source: fluxd src/crypto/equihash.cpp Equihash::InitialiseState.
    personalisation: twisted || (n === 144 && k === 5) ? "ZelProof" : "ZcashPoW",
    twisted,
  };
}

/** The sets fluxd knows, and no others. Source: fluxd src/pow.cpp CheckEquihashSolution. */
export const EQUIHASH_SHAPES: readonly EquihashShape[] = [
  shape(200, 9),
  shape(144, 5),
  shape(96, 5),
  shape(125, 4),
  shape(48, 5),
];

/** The shape of (n, k), or undefined for parameters nobody defined. */
export const equihashShape = ({ n, k }: EquihashParams): EquihashShape | undefined =>
  EQUIHASH_SHAPES.find((each) => each.n === n && each.k === k);

/** The one set whose solutions have this length; fluxd judges a header by it. Source: fluxd src/pow.cpp CheckEquihashSolution. */
export const shapeOfSolution = (solutionBytes: number): EquihashShape | undefined =>
  EQUIHASH_SHAPES.find((each) => each.solutionBytes === solutionBytes);
