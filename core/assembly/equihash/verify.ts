// AssemblyScript. Judges solutions as core/src/crypto/equihash/verify.ts does, with the same verdicts.

import { BASE_BYTES, bigEndianPair, hashNumber, hashTwisted, readInput } from "./digests";
import { unpackIndex } from "./packing";

// Verdicts; zero is "valid", the others are places in EQUIHASH_FAULTS of verify.ts.
const COLLISION: u32 = 2;
const ORDER: u32 = 3;
const DUPLICATE: u32 = 4;
const NONZERO: u32 = 5;

const MAX_INDICES: u32 = 512;
const ROW_BYTES: u32 = 32;
/** A digest and the bytes a row's loads may touch behind it. */
const DIGEST_ROOM: usize = 64 + 32;

/** Claims judged by one call. */
export const CLAIMS_MAX: u32 = 64;

// A claim, and where its parts lie: n, k, bytes of input, input, solution. The verdict takes the place of n.
const CLAIM_K: u32 = 4;
const CLAIM_INPUT_BYTES: u32 = 8;
export const CLAIM_INPUT: u32 = 12;
export const CLAIM_SOLUTION: u32 = CLAIM_INPUT + 256;
/** The longest solution, and eight bytes that reading its last index touches. */
export const CLAIM_BYTES: u32 = CLAIM_SOLUTION + 1344 + 8;

/** Where the host puts claims. */
export const claims: usize = memory.data(CLAIMS_MAX * CLAIM_BYTES, 16);

const base: usize = memory.data(BASE_BYTES, 16);
const digest: usize = memory.data(DIGEST_ROOM, 16);
const term: usize = memory.data(64, 16);
/** Of each place in the solution: its index, and four words of its row. */
const indices: usize = memory.data(4 * MAX_INDICES, 16);
const rows: usize = memory.data(ROW_BYTES * MAX_INDICES, 16);
/** Open addressing, twice as many places as indices; an entry is an index + 1. */
const seen: usize = memory.data(8 * MAX_INDICES, 16);

/** Judges the first `count` claims. */
export function checkClaims(count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const claim = claims + i * CLAIM_BYTES;
    store<u32>(claim, check(claim));
  }
}

function check(claim: usize): u32 {
  const n = load<u32>(claim);
  const k = load<u32>(claim, CLAIM_K);
  const cellBits = n / (k + 1);
  readInput(base, n, k, digestBytes(n), claim + CLAIM_INPUT, load<u32>(claim, CLAIM_INPUT_BYTES));
  const count: u32 = 1 << k;
  for (let i: u32 = 0; i < count; i++) {
    const index = unpackIndex(claim + CLAIM_SOLUTION, i, cellBits + 1);
    store<u32>(indices + 4 * i, index);
    writeRow(n, cellBits * (k + 1), index, rows + ROW_BYTES * i);
  }
  const distinct = allDistinct(count);
  for (let length: u32 = 1; length < count; length <<= 1) {
    const fault = joinLevel(count / length, length, cellBits, distinct);
    if (fault != 0) return fault;
  }
  return isZero(rows) ? 0 : NONZERO;
}

function digestBytes(n: u32): u32 {
  return (512 / n) * ((n + 7) >> 3);
}

/** Sub-hash `index` as four words, first bit most significant; bits from `bits` on are zero. */
function writeRow(n: u32, bits: u32, index: u32, row: usize): void {
  const perDigest = 512 / n;
  const number = index / perDigest;
  if (n == 125) hashTwisted(base, number, digest, term);
  else hashNumber(base, number, digest);
  const bytes = digest + (index - number * perDigest) * ((n + 7) >> 3);
  v128.store(row, bigEndianPair(bytes));
  v128.store(row, bigEndianPair(bytes + 16), 16);
  for (let word: u32 = 0; word < 4; word++) {
    const start = word * 64;
    const used = bits <= start ? 0 : bits - start;
    if (used >= 64) continue;
    const mask: u64 = used == 0 ? 0 : u64.MAX_VALUE << (64 - used);
    store<u64>(row + 8 * word, load<u64>(row + 8 * word) & mask);
  }
}

/** Joins `nodes` rows of `length` indices each in pairs; zero, or the first fault. */
function joinLevel(nodes: u32, length: u32, cellBits: u32, distinct: bool): u32 {
  for (let i: u32 = 0; i < nodes; i += 2) {
    const left = rows + ROW_BYTES * i;
    const right = left + ROW_BYTES;
    const x0 = load<u64>(left) ^ load<u64>(right);
    if (x0 >> (64 - cellBits) != 0) return COLLISION;
    const list = indices + 4 * length * i;
    if (!inOrder(list, list + 4 * length, length)) return ORDER;
    if (!distinct && shareAny(list, list + 4 * length, length)) return DUPLICATE;
    const x1 = load<u64>(left, 8) ^ load<u64>(right, 8);
    const x2 = load<u64>(left, 16) ^ load<u64>(right, 16);
    const x3 = load<u64>(left, 24) ^ load<u64>(right, 24);
    const parent = rows + ROW_BYTES * (i >> 1);
    const carry = 64 - cellBits;
    store<u64>(parent, (x0 << cellBits) | (x1 >> carry));
    store<u64>(parent, (x1 << cellBits) | (x2 >> carry), 8);
    store<u64>(parent, (x2 << cellBits) | (x3 >> carry), 16);
    store<u64>(parent, x3 << cellBits, 24);
  }
  return 0;
}

/** Whether the right list is not less than the left, element by element. */
function inOrder(left: usize, right: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    const l = load<u32>(left + 4 * i);
    const r = load<u32>(right + 4 * i);
    if (l != r) return l < r;
  }
  return true;
}

/** Every index against every other: only solutions with a duplicate somewhere come here. */
function shareAny(left: usize, right: usize, length: u32): bool {
  for (let i: u32 = 0; i < length; i++) {
    const l = load<u32>(left + 4 * i);
    for (let j: u32 = 0; j < length; j++) if (l == load<u32>(right + 4 * j)) return true;
  }
  return false;
}

/** Whether no index occurs twice in the whole solution. */
function allDistinct(count: u32): bool {
  const places = 2 * count;
  memory.fill(seen, 0, 4 * places);
  for (let i: u32 = 0; i < count; i++) {
    const entry = load<u32>(indices + 4 * i) + 1;
    let place = ((entry * 0x9e3779b1) >> 16) & (places - 1);
    for (let other = load<u32>(seen + 4 * place); other != 0; other = load<u32>(seen + 4 * place)) {
      if (other == entry) return false;
      place = (place + 1) & (places - 1);
    }
    store<u32>(seen + 4 * place, entry);
  }
  return true;
}

function isZero(row: usize): bool {
  return (load<u64>(row) | load<u64>(row, 8) | load<u64>(row, 16) | load<u64>(row, 24)) == 0;
}
