import { assert } from "../../util/assert.ts";

// From a pair of rows that cancelled in the last round back to the leaves under it. Rows are known by where they lie; the
// solver finds the parents of a row by joining their bucket again.

/** Where a row lies in its layer. */
interface RowPlace {
  readonly bucket: number;
  readonly slot: number;
}

export interface RowPair {
  readonly bucket: number;
  readonly slots: readonly [number, number];
}

export interface RowSource {
  /**
   * The pairs of rows of the layer below that join to what lies at `place` of `layer` (> 0): one, but for rows that several
   * pairs make alike.
   */
  parents(layer: number, place: RowPlace): readonly RowPair[];
  /** Index of the leaf at a place of layer 0. */
  leafIndex(place: RowPlace): number;
}

/**
 * The index lists, in canonical order, of all trees below `pair` of `layer` in which no leaf occurs twice. Level by level:
 * most pairs of the last round share a row, and are given up at the first level where that shows.
 */
export function solutionsBelow(source: RowSource, layer: number, pair: RowPair): number[][] {
  let trees: RowPlace[][] = [placesOf(pair)];
  for (let level = layer; level > 0; level--) {
    trees = trees.filter(allDifferent).flatMap((places) => treesAbove(source, level, places));
  }
  return trees
    .filter(allDifferent)
    .map((places) => canonicalOrder(places.map((place) => source.leafIndex(place))));
}

const placesOf = ({ bucket, slots }: RowPair): RowPlace[] => slots.map((slot) => ({ bucket, slot }));

/** Most slots of a bucket. */
const SLOTS = 0x1_0000;

const allDifferent = (places: readonly RowPlace[]): boolean =>
  new Set(places.map(({ bucket, slot }) => bucket * SLOTS + slot)).size === places.length;

/** Every choice of parents for every place, in place of the places. */
function treesAbove(source: RowSource, level: number, places: readonly RowPlace[]): RowPlace[][] {
  let trees: RowPlace[][] = [[]];
  for (const place of places) {
    const pairs = source.parents(level, place);
    assert(pairs.length > 0, "every row above the leaves was joined from two");
    trees = trees.flatMap((tree) => pairs.map((pair) => tree.concat(placesOf(pair))));
  }
  return trees;
}

/** Each half sorted, the half with the smaller first index first. */
function canonicalOrder(indices: number[]): number[] {
  if (indices.length === 1) return indices;
  const half = indices.length / 2;
  const left = canonicalOrder(indices.slice(0, half));
  const right = canonicalOrder(indices.slice(half));
  return left[0]! < right[0]! ? left.concat(right) : right.concat(left);
}
