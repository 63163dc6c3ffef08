import type { EquihashParams } from "../../params/params.ts";
import { EquihashDigests } from "./digests.ts";
import { equihashShape } from "./params.ts";

/** Finds all solutions of one nonce; all implementations find the same. */
export interface EquihashSolver {
  /**
   * The index lists of every solution of `input` (a header up to and with its nonce), in no particular order, or undefined
   * if `progress` stopped the search. Source: fluxd src/crypto/equihash.cpp Equihash::BasicSolve.
   */
  solve(input: Uint8Array, progress?: SolveProgress): number[][] | undefined;
}

/** Told from time to time how far a search is, in steps of about equal length; false stops it. */
export type SolveProgress = (done: number, total: number) => boolean;

/** Most leaves the plain solver takes on: memory is about a hundred bytes a leaf and round. */
const MAX_PLAIN_INDEX_BITS = 17;

/** XOR of the leaves that remains to be cancelled, and their indices in canonical order. */
interface Row {
  readonly rest: Uint8Array;
  readonly indices: readonly number[];
}

/**
 * A solver that anyone can check against the definition: all rows, k rounds of joining what collides. For small
 * parameters only, (48, 5) and (96, 5); undefined for others, which would not fit the heap.
 */
export function plainSolver(params: EquihashParams): EquihashSolver | undefined {
  const shape = equihashShape(params);
  if (shape === undefined || shape.indexBits > MAX_PLAIN_INDEX_BITS) return undefined;
  const { k, cellBytes } = shape;
  return {
    solve(input, progress = () => true) {
      let rows: Row[] = new EquihashDigests(shape, input)
        .allRows()
        .map((rest, index) => ({ rest, indices: [index] }));
      for (let round = 1; round <= k; round++) {
        if (!progress(round - 1, k)) return undefined;
        // In the last round two cells have to cancel together.
        rows = joinColliding(rows, round === k ? 2 * cellBytes : cellBytes);
      }
      return rows.map(({ indices }) => [...indices]);
    },
  };
}

/** All pairs that agree in the first `bytes` and share no index, joined. */
function joinColliding(rows: readonly Row[], bytes: number): Row[] {
  const met = new Map<number, Row[]>();
  const joined: Row[] = [];
  for (const row of rows) {
    const key = bigEndian(row.rest, bytes);
    const group = met.get(key);
    if (group === undefined) {
      met.set(key, [row]);
      continue;
    }
    for (const other of group) {
      if (!other.indices.some((index) => row.indices.includes(index))) joined.push(join(other, row, bytes));
    }
    group.push(row);
  }
  return joined;
}

function bigEndian(row: Uint8Array, bytes: number): number {
  let value = 0;
  for (let i = 0; i < bytes; i++) value = value * 256 + row[i]!;
  return value;
}

function join(a: Row, b: Row, bytes: number): Row {
  const [left, right] = a.indices[0]! < b.indices[0]! ? [a, b] : [b, a];
  const rest = left.rest.slice(bytes);
  for (let i = 0; i < rest.length; i++) rest[i]! ^= right.rest[bytes + i]!;
  return { rest, indices: left.indices.concat(right.indices) };
}
