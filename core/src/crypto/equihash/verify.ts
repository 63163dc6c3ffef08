import { compareBytes } from "../../bytes/compare.ts";
import type { EquihashParams } from "../../params/params.ts";
import { EquihashDigests } from "./digests.ts";
import { unpackIndices } from "./packing.ts";
import { type EquihashShape, equihashShape } from "./params.ts";

/**
 * Why a solution is none. In the order in which the reference tests, which is also the order of the reasons in the
 * vectors; `unknownParameters` is ours, fluxd has no such solutions.
 */
export const EQUIHASH_FAULTS = [
  /** Nobody defined these n and k. */
  "unknownParameters",
  /** The solution has not the length that n and k call for. */
  "length",
  /** Two halves that should agree in the first c bits left do not. */
  "collision",
  /** Two halves are not in the order of their indices. */
  "order",
  /** An index occurs twice. */
  "duplicate",
  /** All rounds collide but the last bits do not cancel. */
  "nonzero",
] as const;

/** One of {@link EQUIHASH_FAULTS}. */
export type EquihashFault = (typeof EQUIHASH_FAULTS)[number];

/** A solution to judge. Nothing is kept of the bytes. */
export interface EquihashClaim {
  readonly params: EquihashParams;
  /** What is hashed: a header up to and with its nonce (140 bytes), never more than MAX_EQUIHASH_INPUT_BYTES. */
  readonly input: Uint8Array;
  /** Any bytes at all. */
  readonly solution: Uint8Array;
}

/** Judges solutions; all implementations give the same verdicts. */
export interface EquihashVerifier {
  /** The first test that the claim fails, or undefined if the solution is valid. */
  check(claim: EquihashClaim): EquihashFault | undefined;
  /** {@link check} of each, in order: one call for the headers of a message. */
  checkAll(claims: readonly EquihashClaim[]): (EquihashFault | undefined)[];
}

/** A node of the tree of collisions: the cells that are left of the XOR of its leaves, and their indices in order. */
interface Node {
  readonly row: Uint8Array;
  readonly indices: readonly number[];
}

/** Judges a solution step by step as the specification does. Source: fluxd src/crypto/equihash.cpp Equihash::IsValidSolution. */
export function verifyEquihash({ params, input, solution }: EquihashClaim): EquihashFault | undefined {
  const shape = equihashShape(params);
  if (shape === undefined) return "unknownParameters";
  if (solution.length !== shape.solutionBytes) return "length";
  const digests = new EquihashDigests(shape, input);
  let nodes: Node[] = unpackIndices(solution, shape).map((index) => ({
    row: digests.row(index),
    indices: [index],
  }));
  while (nodes.length > 1) {
    const parents: Node[] = [];
    for (let i = 0; i < nodes.length; i += 2) {
      const parent = join(nodes[i]!, nodes[i + 1]!, shape);
      if (typeof parent === "string") return parent;
      parents.push(parent);
    }
    nodes = parents;
  }
  return nodes[0]!.row.every((byte) => byte === 0) ? undefined : "nonzero";
}

function join(left: Node, right: Node, { cellBytes }: EquihashShape): Node | EquihashFault {
  if (compareBytes(left.row.subarray(0, cellBytes), right.row.subarray(0, cellBytes)) !== 0)
    return "collision";
  if (!inOrder(left.indices, right.indices)) return "order";
  if (shareAny(left.indices, right.indices)) return "duplicate";
  return {
    row: left.row.subarray(cellBytes).map((byte, i) => byte ^ right.row[cellBytes + i]!),
    indices: [...left.indices, ...right.indices],
  };
}

/** Whether `right` is not less than `left`, element by element. Source: fluxd src/crypto/equihash.h IndicesBefore. */
function inOrder(left: readonly number[], right: readonly number[]): boolean {
  const differing = left.findIndex((index, i) => index !== right[i]);
  return differing < 0 || left[differing]! < right[differing]!;
}

/** Source: fluxd src/crypto/equihash.h DistinctIndices. */
function shareAny(left: readonly number[], right: readonly number[]): boolean {
  const seen = new Set(left);
  return right.some((index) => seen.has(index));
}

/** Plain TypeScript, for every host. */
export const plainEquihash: EquihashVerifier = {
  check: verifyEquihash,
  checkAll: (claims) => claims.map(verifyEquihash),
};
