// AssemblyScript. The leaves: all sub-hashes of an input, each in its bucket. An item keeps the last bits of its index; the
// rest follows from its slot, because indices enter a bucket in order, and from trying those near.

import {
  BATCH,
  base,
  buckets,
  digestRoom,
  itemRoom,
  layerSegment,
  layerStart,
  layerStride,
  rowCounts,
  termRoom,
  thread,
  threads,
} from "./arena";
import { addWords, bigEndianPair, hashNumber, hashTwisted } from "./digests";
import { itemBytes, itemLink, its, mask, writeItem } from "./items";
import { Inspect, Scatter } from "./rounds";

/** Of the hash number: digests in a group of the twist, less one. */
const TWIST_MASK: u32 = 15;

export const NO_INDEX: u32 = u32.MAX_VALUE;

@inline
export function leafCount<S>(): u32 {
  return 2 << (its<S>().n / (its<S>().k + 1));
}

@inline
function perDigest<S>(): u32 {
  return 512 / its<S>().n;
}

@inline
function subHashBytes<S>(): u32 {
  return (its<S>().n + 7) >> 3;
}

/** Batches of digests that hold all leaves. */
export function batchCount<S>(): u32 {
  const digests = (leafCount<S>() + perDigest<S>() - 1) / perDigest<S>();
  return (digests + BATCH - 1) / BATCH;
}

/**
 * Hashes one batch, then stores its leaves. Not one by one: the stores miss the cache, and hashing behind each would have
 * to wait for them.
 */
export function storeBatch<S, L>(batch: u32): void {
  const first = batch * BATCH;
  const room = digestRoom();
  const hasher = base();
  for (let i: u32 = 0; i < BATCH; i++) {
    const digest = room + 64 * i;
    hashNumber(hasher, first + i, digest);
    if (its<S>().twisted && ((first + i) & TWIST_MASK) != 0) addWords(digest, digest - 64);
  }
  const segment = layerSegment(0);
  const start = layerStart(0) + thread * segment * itemBytes<L>();
  const stride = layerStride(0);
  const counts = rowCounts(thread, 0);
  let index = first * perDigest<S>();
  for (let i: u32 = 0; i < BATCH; i++) {
    let bytes = room + 64 * i;
    for (let part: u32 = 0; part < perDigest<S>(); part++) {
      if (index < leafCount<S>()) storeLeaf<S, L, Scatter>(bytes, index, start, stride, counts, segment);
      bytes += subHashBytes<S>();
      index++;
    }
  }
}

/** Stores the sub-hash at `bytes` as an item; returns where it went, or 0. */
@inline
function storeLeaf<S, L, P>(
  bytes: usize,
  index: u32,
  start: usize,
  stride: u32,
  counts: usize,
  segment: u32,
): usize {
  const used = (its<S>().n / (its<S>().k + 1)) * (its<S>().k + 1);
  const front = bigEndianPair(bytes);
  const back = subHashBytes<S>() > 16 ? bigEndianPair(bytes + 16) : i64x2.splat(0);
  const w0: u64 = i64x2.extract_lane(front, 0);
  const w1: u64 = i64x2.extract_lane(front, 1) & mask(used, 1);
  const w2: u64 = i64x2.extract_lane(back, 0) & mask(used, 2);
  const w3: u64 = i64x2.extract_lane(back, 1) & mask(used, 3);
  const bits = its<S>().bucketBits;
  const carry = 64 - bits;
  const item = its<P>().at(start, stride, counts, segment, <u32>(w0 >> carry), itemBytes<L>());
  if (item == 0) return 0;
  const y0 = (w0 << bits) | (w1 >> carry);
  const y1 = (w1 << bits) | (w2 >> carry);
  const y2 = (w2 << bits) | (w3 >> carry);
  writeItem<L>(item, y0, y1, y2, w3 << bits, index, 0);
  return item;
}

/** The index of the leaf in a slot, or NO_INDEX, which would be our bug. */
export function findIndex<S, L>(bucket: u32, slot: u32): u32 {
  const item = layerStart(0) + <usize>bucket * layerStride(0) + slot * itemBytes<L>();
  const known = itemLink<L>(item);
  const bits = its<L>().linkBits;
  const choices = leafCount<S>() >> bits;
  // Every thread's leaves come evenly from all indices.
  const near = min<u32>(((slot % layerSegment(0)) * buckets * threads) >> bits, choices - 1);
  for (let distance: u32 = 0; distance < choices; distance++) {
    const above = ((near + distance) << bits) | known;
    if (near + distance < choices && isLeaf<S, L>(above, item, bucket)) return above;
    const below = ((near - distance) << bits) | known;
    if (distance <= near && isLeaf<S, L>(below, item, bucket)) return below;
  }
  return NO_INDEX;
}

/** Whether sub-hash `index` is the item in `bucket`. */
function isLeaf<S, L>(index: u32, item: usize, bucket: u32): bool {
  const number = index / perDigest<S>();
  const digest = digestRoom();
  if (its<S>().twisted) hashTwisted(base(), number, digest, termRoom());
  else hashNumber(base(), number, digest);
  const bytes = digest + (index % perDigest<S>()) * subHashBytes<S>();
  const leaf = storeLeaf<S, L, Inspect>(bytes, index, itemRoom(), bucket, 0, 0);
  return leaf != 0 && memory.compare(leaf, item, itemBytes<L>()) == 0;
}
