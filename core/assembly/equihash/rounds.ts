// AssemblyScript. The rounds of Wagner's algorithm over buckets: rows that agree in a cell are joined, and what is left of
// them goes into the bucket that the next cell names. A row keeps of its parents no more than their bucket, or a part of
// its number; whoever wants to know them joins that bucket again and compares.

import {
  buckets,
  CANDIDATES_MAX,
  candidateCount,
  candidates,
  claimSlot,
  countLost,
  FULL,
  heads,
  itemRoom,
  layerSegment,
  layerStart,
  layerStride,
  links,
  MATCHES_MAX,
  matches,
  PAIR_BYTES,
  PAIRS_MAX,
  queue,
  rowCounts,
  thread,
  threads,
} from "./arena";
import { difference, itemBytes, itemLink, itemWord, its, writeItem } from "./items";

// The front of an item tells its parents apart: a pair code, s (s - 1) / 2 + r for slots r < s, and above it their bucket but
// for the last bits, which are in the link. Slots stay below 5793, so eight threads' segments of (200, 9) fit.
const PAIR_CODE_BITS: u32 = 24;

@inline
function cellBits<S>(): u32 {
  return its<S>().n / (its<S>().k + 1);
}

/** Bits of a cell that are left behind those that name the bucket. */
@inline
function keyBits<S>(): u32 {
  return cellBits<S>() - its<S>().bucketBits;
}

/** Of the last round, in which rows have to agree in more than their cell: longer keys leave an eighth of the pairs to look at. */
@inline
function closingKeyBits<S>(): u32 {
  return keyBits<S>() + 3;
}

/** Where a joined row goes: the next free slot of its bucket. */
export class Scatter {
  @inline at(start: usize, stride: u32, counts: usize, segment: u32, bucket: u32, bytes: u32): usize {
    const slot = claimSlot(counts, segment, bucket);
    if (slot == FULL) return 0;
    return start + <usize>bucket * stride + slot * bytes;
  }
}

/** To look at a row: `start`, if its bucket is the wanted one, which takes the place of the stride. */
export class Inspect {
  @inline at(start: usize, wanted: u32, counts: usize, segment: u32, bucket: u32, bytes: u32): usize {
    return bucket == wanted ? start : 0;
  }
}

/**
 * Joins two rows of layer F that agree in their cell into an item of layer T. Rows that cancel altogether are dropped: with
 * these parameters they have all their leaves in common, and would grow to cliques. Returns where the item went, or 0.
 */
@inline
function join<S, F, T, P>(
  a: usize,
  b: usize,
  origin: u32,
  front: u32,
  start: usize,
  stride: u32,
  counts: usize,
  segment: u32,
): usize {
  const x0 = difference<F>(a, b, 0);
  const x1 = difference<F>(a, b, 1);
  const x2 = difference<F>(a, b, 2);
  const x3 = difference<F>(a, b, 3);
  if ((x0 | x1 | x2 | x3) == 0) return 0;
  const bucket = <u32>((x0 << keyBits<S>()) >> (64 - its<S>().bucketBits));
  const item = its<P>().at(start, stride, counts, segment, bucket, itemBytes<T>());
  if (item == 0) return 0;
  const cell = cellBits<S>();
  const carry = 64 - cell;
  const y0 = (x0 << cell) | (x1 >> carry);
  const y1 = (x1 << cell) | (x2 >> carry);
  const y2 = (x2 << cell) | (x3 >> carry);
  writeItem<T>(item, y0, y1, y2, x3 << cell, origin, front);
  return item;
}

/**
 * Finds the pairs of rows in a bucket that agree in their first `keyBits` bits: into the queue go, for every row, the last one before it
 * of the same key. The others hang on that one's link ({@link follow}). No branch depends on what is found, so none is
 * mispredicted.
 */
@inline
function findPairs<L>(layer: u32, bucket: u32, first: usize, keyBits: u32): u32 {
  const head = heads();
  const link = links();
  const pairs = queue();
  memory.fill(head, 0, 2 << keyBits);
  let queued: u32 = 0;
  for (let owner: u32 = 0; owner < threads; owner++) {
    const from = owner * layerSegment(layer);
    const to = from + load<u32>(rowCounts(owner, layer) + 4 * <usize>bucket);
    for (let slot = from; slot < to; slot++) {
      const word = itemWord<L>(first + slot * itemBytes<L>(), 0);
      const key = head + 2 * <usize>(word >> (64 - keyBits));
      const other: u32 = load<u16>(key);
      store<u16>(key, slot + 1);
      store<u16>(link + 2 * <usize>slot, other);
      store<u32>(pairs + 4 * <usize>queued, (slot << 16) | other);
      queued += u32(other != 0);
    }
  }
  return queued;
}

/** Appends to the queue the pair of the entry's row and the next of its key, if there is one; the new count of pairs. */
@inline
function follow(entry: u32, queued: u32, pairs: usize, link: usize): u32 {
  const other: u32 = load<u16>(link + 2 * <usize>((entry & 0xffff) - 1));
  store<u32>(pairs + 4 * <usize>queued, (entry & 0xffff0000) | other);
  return queued + (u32(other != 0) & u32(queued < PAIRS_MAX - 1));
}

/** Joins all pairs of a bucket of layer F, number `to` - 1, into layer T. */
export function joinBucket<S, F, T>(to: u32, bucket: u32): void {
  const first = layerStart(to - 1) + <usize>bucket * layerStride(to - 1);
  const segment = layerSegment(to);
  const start = layerStart(to) + thread * segment * itemBytes<T>();
  const stride = layerStride(to);
  const counts = rowCounts(thread, to);
  const pairs = queue();
  const link = links();
  let queued = findPairs<F>(to - 1, bucket, first, keyBits<S>());
  for (let at: u32 = 0; at < queued; at++) {
    const entry = load<u32>(pairs + 4 * <usize>at);
    queued = follow(entry, queued, pairs, link);
    const later = entry >> 16;
    const earlier = (entry & 0xffff) - 1;
    const a = first + earlier * itemBytes<F>();
    const b = first + later * itemBytes<F>();
    const front = its<T>().frontBytes == 0 ? 0 : pairFront<T>(bucket, later, earlier);
    join<S, F, T, Scatter>(a, b, bucket, front, start, stride, counts, segment);
  }
  if (queued >= PAIRS_MAX - 1) countLost();
}

@inline
function pairFront<T>(bucket: u32, later: u32, earlier: u32): u32 {
  return ((bucket >> its<T>().linkBits) << PAIR_CODE_BITS) | (((later * (later - 1)) >> 1) + earlier);
}

/** Notes all pairs of a bucket of the last layer that cancel altogether. */
export function closeBucket<S, L>(layer: u32, bucket: u32): void {
  const first = layerStart(layer) + <usize>bucket * layerStride(layer);
  const pairs = queue();
  const link = links();
  const found = candidates(thread);
  let count = load<u32>(candidateCount(thread));
  let queued = findPairs<L>(layer, bucket, first, closingKeyBits<S>());
  for (let at: u32 = 0; at < queued; at++) {
    const entry = load<u32>(pairs + 4 * <usize>at);
    queued = follow(entry, queued, pairs, link);
    const later = entry >> 16;
    const earlier = (entry & 0xffff) - 1;
    if (difference<L>(first + later * itemBytes<L>(), first + earlier * itemBytes<L>(), 0) != 0) continue;
    if (count == CANDIDATES_MAX) {
      countLost();
      break;
    }
    writePair(found, count, bucket, earlier, later);
    count++;
  }
  if (queued >= PAIRS_MAX - 1) countLost();
  store<u32>(candidateCount(thread), count);
}

function writePair(list: usize, i: u32, bucket: u32, earlier: u32, later: u32): void {
  const entry = list + i * PAIR_BYTES;
  store<u32>(entry, bucket);
  store<u32>(entry, earlier, 4);
  store<u32>(entry, later, 8);
}

/** Finds the pairs of layer F that join to the item in a slot of layer T; their count. They are at {@link matches}. */
export function findParents<S, F, T>(layer: u32, bucket: u32, slot: u32): u32 {
  const item = layerStart(layer) + <usize>bucket * layerStride(layer) + slot * itemBytes<T>();
  const origin = itemLink<T>(item);
  if (its<T>().frontBytes != 0) return decodeFront(load<u32>(item), origin, its<T>().linkBits);
  let found: u32 = 0;
  // The item holds the last bits of its parents' bucket, all or some of them.
  for (let each = origin; each < buckets; each += 1 << its<T>().linkBits) {
    found = matchBucket<S, F, T>(layer - 1, each, item, bucket, found);
  }
  return found;
}

function decodeFront(front: u32, link: u32, linkBits: u32): u32 {
  const bucket = ((front >> PAIR_CODE_BITS) << linkBits) | link;
  const code = front & ((1 << PAIR_CODE_BITS) - 1);
  let later = <u32>((1 + Math.sqrt(<f64>(1 + 8 * code))) / 2);
  // The root is exact to far less than one; these make sure of it at the edges.
  while ((later * (later - 1)) >> 1 > code) later--;
  while ((later * (later + 1)) >> 1 <= code) later++;
  writePair(matches(), 0, bucket, code - ((later * (later - 1)) >> 1), later);
  return 1;
}

function matchBucket<S, F, T>(layer: u32, bucket: u32, item: usize, wanted: u32, known: u32): u32 {
  const first = layerStart(layer) + <usize>bucket * layerStride(layer);
  const pairs = queue();
  const link = links();
  let found = known;
  let queued = findPairs<F>(layer, bucket, first, keyBits<S>());
  for (let at: u32 = 0; at < queued; at++) {
    const entry = load<u32>(pairs + 4 * <usize>at);
    queued = follow(entry, queued, pairs, link);
    const later = entry >> 16;
    const earlier = (entry & 0xffff) - 1;
    const a = first + earlier * itemBytes<F>();
    const b = first + later * itemBytes<F>();
    const joined = join<S, F, T, Inspect>(a, b, bucket, 0, itemRoom(), wanted, 0, 0);
    if (joined == 0 || memory.compare(joined, item, itemBytes<T>()) != 0) continue;
    if (found == MATCHES_MAX) {
      countLost();
      break;
    }
    writePair(matches(), found, bucket, earlier, later);
    found++;
  }
  return found;
}
