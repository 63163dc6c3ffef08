// AssemblyScript. Finds all solutions of (48, 5) and (96, 5): every row carries its indices, and every pair that collides
// and shares no index is joined. The same as core/src/crypto/equihash/solve.ts.

import { BASE_BYTES, bigEndianPair, hashNumber, readInput } from "./digests";

// A row: two words of what is left to cancel, first bit most significant, then its indices in canonical order.
const REST_BYTES: u32 = 16;

/**
 * Rows of a round, as a multiple of the leaves. Each round doubles how far their number is from the mean, so for the 512
 * leaves of (48, 5) it wanders widely; for the 131072 of (96, 5) by a few percent.
 */
const ROOM_SMALL: u32 = 32;
const ROOM: u32 = 2;

const PAGE_BYTES: usize = 65536;

const base: usize = memory.data(BASE_BYTES, 16);
const digest: usize = memory.data(96, 16);
/** Where the host puts the input. */
export const solveInput: usize = memory.data(256, 16);

let heads: usize = 0;
let links: usize = 0;
let from: usize = 0;
let to: usize = 0;
let capacity: u32 = 0;
/** Rows that found no room: some solutions may then be missing. */
let lost: u32 = 0;

export function lostRows(): u32 {
  return lost;
}

/** Solves the input of `length` bytes. Returns the count of solutions; their indices are at {@link solutionList}. */
export function solveSmall(n: u32, k: u32, length: u32): u32 {
  const cellBits = n / (k + 1);
  const leaves: u32 = 2 << cellBits;
  reserve(leaves, cellBits, k);
  lost = 0;
  readInput(base, n, k, (512 / n) * (n >> 3), solveInput, length);
  writeLeaves(n, leaves);
  let rows = leaves;
  for (let round: u32 = 1; round <= k; round++) rows = joinRound(rows, round, cellBits, round == k);
  return rows;
}

/** Indices of solution `i`: 2^k of them. */
export function solutionList(i: u32, k: u32): usize {
  return from + i * rowBytes(k) + REST_BYTES;
}

/** Bytes of a row that is the XOR of 2^level leaves. */
function rowBytes(level: u32): u32 {
  return REST_BYTES + (4 << level);
}

/** Makes room behind the static data, once for each size that is larger than those before. */
function reserve(leaves: u32, cellBits: u32, k: u32): void {
  capacity = leaves * (leaves <= 512 ? ROOM_SMALL : ROOM);
  const table: usize = <usize>capacity * rowBytes(k);
  heads = (__heap_base + 15) & ~15;
  links = heads + (<usize>4 << cellBits);
  from = (links + 4 * (<usize>capacity + 1) + 15) & ~15; // links are counted from 1
  to = from + table;
  const missing = <i32>((to + table + PAGE_BYTES - 1) / PAGE_BYTES) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

function writeLeaves(n: u32, leaves: u32): void {
  const perDigest = 512 / n;
  const bytes = n >> 3;
  const low: u64 = n > 64 ? u64.MAX_VALUE << (128 - n) : 0;
  const high: u64 = n >= 64 ? u64.MAX_VALUE : u64.MAX_VALUE << (64 - n);
  for (let index: u32 = 0; index < leaves; index++) {
    const part = index % perDigest;
    if (part == 0) hashNumber(base, index / perDigest, digest);
    const words = bigEndianPair(digest + part * bytes);
    const row = from + index * rowBytes(0);
    store<u64>(row, i64x2.extract_lane(words, 0) & high);
    store<u64>(row, i64x2.extract_lane(words, 1) & low, 8);
    store<u32>(row, index, REST_BYTES);
  }
}

/** Joins all pairs of `rows` rows that agree in their first cell, in the last round in all that is left. */
function joinRound(rows: u32, round: u32, cellBits: u32, last: bool): u32 {
  const stride = rowBytes(round - 1);
  memory.fill(heads, 0, <usize>4 << cellBits);
  let joined: u32 = 0;
  for (let i: u32 = 0; i < rows; i++) {
    const row = from + i * stride;
    const head = heads + 4 * <usize>(load<u64>(row) >> (64 - cellBits));
    for (let j = load<u32>(head); j != 0; j = load<u32>(links + 4 * j)) {
      const other = from + (j - 1) * stride;
      if (last && (load<u64>(row) != load<u64>(other) || load<u64>(row, 8) != load<u64>(other, 8))) continue;
      if (shareAny(row + REST_BYTES, other + REST_BYTES, 1 << (round - 1))) continue;
      if (joined == capacity) {
        lost++;
        continue;
      }
      joinRows(row, other, to + joined * rowBytes(round), round, cellBits);
      joined++;
    }
    store<u32>(links + 4 * (i + 1), load<u32>(head));
    store<u32>(head, i + 1);
  }
  const spent = from;
  from = to;
  to = spent;
  return joined;
}

function joinRows(a: usize, b: usize, parent: usize, round: u32, cellBits: u32): void {
  const high = load<u64>(a) ^ load<u64>(b);
  const low = load<u64>(a, 8) ^ load<u64>(b, 8);
  store<u64>(parent, (high << cellBits) | (low >> (64 - cellBits)));
  store<u64>(parent, low << cellBits, 8);
  const swap = load<u32>(a, REST_BYTES) > load<u32>(b, REST_BYTES);
  const half: u32 = 4 << (round - 1);
  const left = (swap ? b : a) + REST_BYTES;
  const right = (swap ? a : b) + REST_BYTES;
  const list = parent + REST_BYTES;
  for (let at: u32 = 0; at < half; at += 4) {
    store<u32>(list + at, load<u32>(left + at));
    store<u32>(list + half + at, load<u32>(right + at));
  }
}

function shareAny(a: usize, b: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    const index = load<u32>(a + 4 * i);
    for (let j: u32 = 0; j < length; j++) if (index == load<u32>(b + 4 * j)) return true;
  }
  return false;
}
