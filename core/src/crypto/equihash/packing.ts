import { assert } from "../../util/assert.ts";
import type { EquihashShape } from "./params.ts";

/** How many indices a solution has, and bits of each. */
type IndexList = Pick<EquihashShape, "indexBits" | "indices">;

// Numbers of a fixed count of bits in one big-endian bit stream, and the same numbers in whole bytes each.
// Source: fluxd src/crypto/equihash.cpp ExpandArray, CompressArray.

/** Bits of the accumulators below that may be waiting: less than a byte and one number. */
const MAX_WIDTH_BITS = 25;

/**
 * Each group of `widthBits` bits as a big-endian integer in whole bytes, `padBytes` zero bytes before it. An incomplete
 * group at the end is dropped: (125, 4) leaves three bits.
 */
export function expandBits(packed: Uint8Array, widthBits: number, padBytes = 0): Uint8Array {
  assert(widthBits >= 8 && widthBits <= MAX_WIDTH_BITS, `groups of ${widthBits} bits fit the accumulator`);
  const groupBytes = Math.ceil(widthBits / 8) + padBytes;
  const expanded = new Uint8Array(Math.floor((packed.length * 8) / widthBits) * groupBytes);
  let accumulator = 0; // the low `waiting` bits have been read and not written
  let waiting = 0;
  let end = 0;
  for (const byte of packed) {
    accumulator = (accumulator << 8) | byte;
    waiting += 8;
    if (waiting < widthBits) continue;
    waiting -= widthBits;
    end += groupBytes;
    writeBigEndian(expanded, end, (accumulator >>> waiting) & ((1 << widthBits) - 1));
  }
  return expanded;
}

/** Writes `value` so that its last byte lies before `end`; the bytes before it are zero already. */
function writeBigEndian(bytes: Uint8Array, end: number, value: number): void {
  for (let at = end - 1, rest = value; rest > 0; at--, rest >>>= 8) bytes[at] = rest & 0xff;
}

/** Undoes {@link expandBits} where groups fill the stream. */
export function packBits(expanded: Uint8Array, widthBits: number, padBytes = 0): Uint8Array {
  const groupBytes = Math.ceil(widthBits / 8) + padBytes;
  const groups = Array.from({ length: expanded.length / groupBytes }, (_, i) =>
    expanded.subarray(i * groupBytes, (i + 1) * groupBytes).reduce((value, byte) => value * 256 + byte, 0),
  );
  return packNumbers(groups, widthBits);
}

/** Numbers below 2^`widthBits`, big-endian, one after the other; together they fill whole bytes. */
function packNumbers(numbers: readonly number[], widthBits: number): Uint8Array {
  const packed = new Uint8Array((numbers.length * widthBits) / 8);
  const room = 1 << widthBits; // widths stay below 26 bits
  for (const [i, number] of numbers.entries()) {
    assert(number >= 0 && number < room, `number ${i}, ${number}, has ${widthBits} bits`);
    for (let bit = 0; bit < widthBits; bit++) {
      const at = i * widthBits + bit;
      packed[at >>> 3]! |= ((number >>> (widthBits - 1 - bit)) & 1) << (7 - (at & 7));
    }
  }
  return packed;
}

/**
 * The indices of a solution in stored order. Every string of the right length is some list of indices and the other way
 * round. Source: fluxd src/crypto/equihash.cpp GetIndicesFromMinimal.
 */
export function unpackIndices(solution: Uint8Array, { indexBits, indices }: IndexList): number[] {
  const list: number[] = [];
  for (let i = 0; i < indices; i++) {
    let index = 0;
    for (let at = i * indexBits; at < (i + 1) * indexBits; at++) {
      index = index * 2 + ((solution[at >>> 3]! >>> (7 - (at & 7))) & 1);
    }
    list.push(index);
  }
  return list;
}

/** The solution of a list of indices. Source: fluxd src/crypto/equihash.cpp GetMinimalFromIndices. */
export const packIndices = (
  indices: readonly number[],
  { indexBits }: Pick<IndexList, "indexBits">,
): Uint8Array => packNumbers(indices, indexBits);
