// AssemblyScript. Where everything lies: the threads' own rooms, then the layers, bucket by bucket. Several instances, one
// a thread, share the memory; each writes to its own room and its own segment of every bucket, so nothing is locked.

import { BASE_BYTES } from "./digests";

const PAGE_BYTES: u64 = 65536;

/** Most threads: with more, slots would be wasted, and those of (200, 9) would outgrow a pair code (see rounds.ts). */
export const THREADS_MAX: u32 = 8;

/** Digests hashed before their leaves are stored. */
export const BATCH: u32 = 128;

/** Pairs of one bucket, far more than the 16384 expected: it only binds in a flood of equal rows. */
export const PAIRS_MAX: u32 = 1 << 16;

/** Pairs of the last round. */
export const CANDIDATES_MAX: u32 = 1 << 14;

/** Pairs of one bucket that give the same item: more than a few only in a flood of equal rows. */
export const MATCHES_MAX: u32 = 256;

/** Three numbers: a bucket and two slots in it. */
export const PAIR_BYTES: u32 = 12;

/** Bits of the longest key that rows are joined by: those of the last round of (125, 4). */
const KEY_BITS_MAX: u32 = 16;

const INPUT_BYTES: u32 = 256;
const ITEM_ROOM: u32 = 64;

// A thread's room, part by part. Links and heads hold a slot + 1, or zero.
const INPUT: usize = 0;
const BASE: usize = INPUT + INPUT_BYTES;
const ITEM: usize = BASE + ((BASE_BYTES + 63) & ~63);
const COUNTS: usize = ITEM + ITEM_ROOM;
const TERM: usize = COUNTS + 64;
const DIGESTS: usize = TERM + 64;
const HEADS: usize = DIGESTS + (64 * BATCH + 64);
const LINKS: usize = HEADS + 2 * (1 << KEY_BITS_MAX);
const QUEUE: usize = LINKS + 2 * (1 << 16);
const CANDIDATES: usize = QUEUE + 4 * <usize>PAIRS_MAX;
const MATCHES: usize = CANDIDATES + <usize>PAIR_BYTES * CANDIDATES_MAX;
const ROOM_BYTES: usize = MATCHES + <usize>PAIR_BYTES * MATCHES_MAX;

const LAYERS_MAX: u32 = 9;

export let threads: u32 = 1;
export let thread: u32 = 0;
export let buckets: u32 = 0;
let layers: u32 = 0;
let leaves: u32 = 0;
let nextLayer: u32 = 0;
let end: u64 = 0;

/** Of each layer: its address, bytes from one bucket of it to the next, slots of one thread in one bucket. */
const layerStarts: usize = memory.data(4 * LAYERS_MAX, 4);
const layerStrides: usize = memory.data(4 * LAYERS_MAX, 4);
const layerSegments: usize = memory.data(4 * LAYERS_MAX, 4);

function room(owner: u32): usize {
  return ((__heap_base + 63) & ~63) + <usize>owner * ROOM_BYTES;
}

export function inputRoom(): usize { return room(thread) + INPUT; }
export function base(): usize { return room(thread) + BASE; }
export function itemRoom(): usize { return room(thread) + ITEM; }
export function termRoom(): usize { return room(thread) + TERM; }
export function digestRoom(): usize { return room(thread) + DIGESTS; }
export function heads(): usize { return room(thread) + HEADS; }
export function links(): usize { return room(thread) + LINKS; }
export function queue(): usize { return room(thread) + QUEUE; }
export function matches(): usize { return room(thread) + MATCHES; }

/** Pairs that `owner` found in the last round. */
export function candidates(owner: u32): usize { return room(owner) + CANDIDATES; }
/** Where their count is. */
export function candidateCount(owner: u32): usize { return room(owner) + COUNTS; }
/** Where the count of rows is that `owner` had no room for. */
export function lostCount(owner: u32): usize { return room(owner) + COUNTS + 4; }

/** Rows `owner` has put into each bucket of `layer`, four bytes each. */
export function rowCounts(owner: u32, layer: u32): usize {
  return room(threads) + <usize>((owner * layers + layer) * buckets) * 4;
}

export function layerStart(layer: u32): usize { return load<u32>(layerStarts + 4 * layer); }
export function layerStride(layer: u32): u32 { return load<u32>(layerStrides + 4 * layer); }
export function layerSegment(layer: u32): u32 { return load<u32>(layerSegments + 4 * layer); }

/** Lays out the memory; the layers themselves follow by {@link addLayer}. */
export function layOut(threadCount: u32, threadNumber: u32, bucketCount: u32, layerCount: u32, leafCount: u32): void {
  threads = threadCount;
  thread = threadNumber;
  buckets = bucketCount;
  layers = layerCount;
  leaves = leafCount;
  nextLayer = 0;
  end = <u64>rowCounts(threads, 0);
}

/**
 * Slots a thread needs in one bucket of a layer. Rows fall into segments like darts, and six standard deviations above the
 * mean hardly one of a billion overflows. Besides, the rows of a layer are as many as the leaves on average only: what one
 * round has too many of, the next has twice over.
 */
function segmentSlots(layer: u32): u32 {
  const mean = <f64>(leaves / buckets / threads);
  const drift: f64 = layer == 0 ? 0 : (mean * <f64>(1 << (layer - 1))) / Math.sqrt(<f64>leaves);
  return <u32>(mean + 6 * (Math.sqrt(mean) + drift)) + 1;
}

/** Makes room for a layer of items of `bytes` each. */
export function addLayer(bytes: u32): void {
  const segment = segmentSlots(nextLayer);
  // An odd multiple of a cache line, so that the buckets' ends do not all fall into a few sets of the cache.
  const lines = (threads * segment * bytes + 63) >> 6;
  const stride = (lines | 1) << 6;
  const start = (end + 63) & ~63;
  store<u32>(layerStarts + 4 * nextLayer, <u32>start);
  store<u32>(layerStrides + 4 * nextLayer, stride);
  store<u32>(layerSegments + 4 * nextLayer, segment);
  end = start + <u64>stride * buckets;
  nextLayer++;
}

/** Pages of the whole layout, and a few bytes that reading the last item touches. */
export function pagesNeeded(): u32 {
  return <u32>((end + 8 + PAGE_BYTES - 1) / PAGE_BYTES);
}

/** Forgets what this thread has stored. */
export function clearOwn(): void {
  memory.fill(rowCounts(thread, 0), 0, <usize>(layers * buckets) * 4);
  store<u32>(candidateCount(thread), 0);
  store<u32>(lostCount(thread), 0);
}

/** A slot for one more row of `bucket`, or FULL. `counts` are this thread's of a layer of `segment` slots. */
@inline
export function claimSlot(counts: usize, segment: u32, bucket: u32): u32 {
  const count = counts + 4 * <usize>bucket;
  const slot = load<u32>(count);
  if (slot >= segment) {
    countLost();
    return FULL;
  }
  store<u32>(count, slot + 1);
  return slot;
}

export const FULL: u32 = u32.MAX_VALUE;

export function countLost(): void {
  store<u32>(lostCount(thread), load<u32>(lostCount(thread)) + 1);
}
