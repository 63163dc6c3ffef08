// AssemblyScript. The module that solves (125, 4), (144, 5), (200, 9) and, to be compared with an obvious solver, (96, 5): phases of steps, which the host runs one by one,
// so that it can show progress and stop. With several threads each has an instance of its own over one shared memory, runs
// all steps, and in each does its share; between phases they wait for one another.

import {
  addLayer,
  base,
  buckets,
  candidateCount,
  candidates,
  clearOwn,
  inputRoom,
  layOut,
  lostCount,
  pagesNeeded,
  THREADS_MAX,
  thread,
  threads,
} from "./arena";
import { readInput } from "./digests";
import { itemBytes, its } from "./items";
import {
  Layer125x0,
  Layer125x1,
  Layer125x2,
  Layer125x3,
  Layer144x0,
  Layer144x1,
  Layer144x2,
  Layer144x3,
  Layer144x4,
  Layer200x0,
  Layer200x1,
  Layer200x2,
  Layer200x3,
  Layer200x4,
  Layer200x5,
  Layer200x6,
  Layer200x7,
  Layer200x8,
  Layer96x0,
  Layer96x1,
  Layer96x2,
  Layer96x3,
  Layer96x4,
  Set125,
  Set144,
  Set200,
  Set96,
} from "./layers";
import { batchCount, findIndex, leafCount, storeBatch } from "./leaves";
import { closeBucket, findParents, joinBucket } from "./rounds";

export { candidates, inputRoom, matches } from "./arena";

const LEAF_STEPS: u32 = 256;
const ROUND_STEPS: u32 = 64;

let n: u32 = 0;
let k: u32 = 0;

/** Takes on a set of parameters. Returns the pages of memory it needs, or 0 if it is not one of ours. */
export function prepare(forN: u32, forThreads: u32, forThread: u32): u32 {
  if (forThreads == 0 || forThreads > THREADS_MAX || forThread >= forThreads) return 0;
  n = forN;
  if (n == 96) return lay96(forThreads, forThread);
  if (n == 125) return lay125(forThreads, forThread);
  if (n == 144) return lay144(forThreads, forThread);
  if (n == 200) return lay200(forThreads, forThread);
  return 0;
}

function lay<S>(forThreads: u32, forThread: u32): void {
  k = its<S>().k;
  layOut(forThreads, forThread, 1 << its<S>().bucketBits, k, leafCount<S>());
}

function lay96(forThreads: u32, forThread: u32): u32 {
  lay<Set96>(forThreads, forThread);
  addLayer(itemBytes<Layer96x0>());
  addLayer(itemBytes<Layer96x1>());
  addLayer(itemBytes<Layer96x2>());
  addLayer(itemBytes<Layer96x3>());
  addLayer(itemBytes<Layer96x4>());
  return pagesNeeded();
}

function lay125(forThreads: u32, forThread: u32): u32 {
  lay<Set125>(forThreads, forThread);
  addLayer(itemBytes<Layer125x0>());
  addLayer(itemBytes<Layer125x1>());
  addLayer(itemBytes<Layer125x2>());
  addLayer(itemBytes<Layer125x3>());
  return pagesNeeded();
}

function lay144(forThreads: u32, forThread: u32): u32 {
  lay<Set144>(forThreads, forThread);
  addLayer(itemBytes<Layer144x0>());
  addLayer(itemBytes<Layer144x1>());
  addLayer(itemBytes<Layer144x2>());
  addLayer(itemBytes<Layer144x3>());
  addLayer(itemBytes<Layer144x4>());
  return pagesNeeded();
}

function lay200(forThreads: u32, forThread: u32): u32 {
  lay<Set200>(forThreads, forThread);
  addLayer(itemBytes<Layer200x0>());
  addLayer(itemBytes<Layer200x1>());
  addLayer(itemBytes<Layer200x2>());
  addLayer(itemBytes<Layer200x3>());
  addLayer(itemBytes<Layer200x4>());
  addLayer(itemBytes<Layer200x5>());
  addLayer(itemBytes<Layer200x6>());
  addLayer(itemBytes<Layer200x7>());
  addLayer(itemBytes<Layer200x8>());
  return pagesNeeded();
}

/** Starts on the input of `length` bytes at {@link inputRoom}. */
export function begin(length: u32): void {
  const digestBytes = (512 / n) * ((n + 7) >> 3);
  readInput(base(), n, k, digestBytes, inputRoom(), length);
  clearOwn();
}

/** Phases of a search: the leaves, then k rounds. */
export function phaseCount(): u32 {
  return k + 1;
}

export function stepCount(phase: u32): u32 {
  return phase == 0 ? LEAF_STEPS : ROUND_STEPS;
}

/** This thread's share of a step. All threads have to be done with the phase before. */
export function step(phase: u32, number: u32): void {
  if (phase == 0) {
    if (n == 125) storeLeaves<Set125, Layer125x0>(number);
    else if (n == 144) storeLeaves<Set144, Layer144x0>(number);
    else if (n == 200) storeLeaves<Set200, Layer200x0>(number);
    else storeLeaves<Set96, Layer96x0>(number);
    return;
  }
  // Buckets are dealt out by number. Whoever is faster must not take more: its segments would overflow.
  const share = buckets / ROUND_STEPS;
  const end = (number + 1) * share;
  for (let bucket = number * share; bucket < end; bucket++) {
    if (bucket % threads == thread) solveBucket(phase, bucket);
  }
}

function storeLeaves<S, L>(number: u32): void {
  const batches = batchCount<S>();
  const share = (batches + LEAF_STEPS - 1) / LEAF_STEPS;
  const end = min<u32>((number + 1) * share, batches);
  for (let batch = number * share; batch < end; batch++) {
    if (batch % threads == thread) storeBatch<S, L>(batch);
  }
}

function solveBucket(round: u32, bucket: u32): void {
  if (n == 125) solve125(round, bucket);
  else if (n == 144) solve144(round, bucket);
  else if (n == 200) solve200(round, bucket);
  else solve96(round, bucket);
}

function solve96(round: u32, bucket: u32): void {
  if (round == 1) joinBucket<Set96, Layer96x0, Layer96x1>(1, bucket);
  else if (round == 2) joinBucket<Set96, Layer96x1, Layer96x2>(2, bucket);
  else if (round == 3) joinBucket<Set96, Layer96x2, Layer96x3>(3, bucket);
  else if (round == 4) joinBucket<Set96, Layer96x3, Layer96x4>(4, bucket);
  else closeBucket<Set96, Layer96x4>(4, bucket);
}

function solve125(round: u32, bucket: u32): void {
  if (round == 1) joinBucket<Set125, Layer125x0, Layer125x1>(1, bucket);
  else if (round == 2) joinBucket<Set125, Layer125x1, Layer125x2>(2, bucket);
  else if (round == 3) joinBucket<Set125, Layer125x2, Layer125x3>(3, bucket);
  else closeBucket<Set125, Layer125x3>(3, bucket);
}

function solve144(round: u32, bucket: u32): void {
  if (round == 1) joinBucket<Set144, Layer144x0, Layer144x1>(1, bucket);
  else if (round == 2) joinBucket<Set144, Layer144x1, Layer144x2>(2, bucket);
  else if (round == 3) joinBucket<Set144, Layer144x2, Layer144x3>(3, bucket);
  else if (round == 4) joinBucket<Set144, Layer144x3, Layer144x4>(4, bucket);
  else closeBucket<Set144, Layer144x4>(4, bucket);
}

function solve200(round: u32, bucket: u32): void {
  if (round == 1) joinBucket<Set200, Layer200x0, Layer200x1>(1, bucket);
  else if (round == 2) joinBucket<Set200, Layer200x1, Layer200x2>(2, bucket);
  else if (round == 3) joinBucket<Set200, Layer200x2, Layer200x3>(3, bucket);
  else if (round == 4) joinBucket<Set200, Layer200x3, Layer200x4>(4, bucket);
  else if (round == 5) joinBucket<Set200, Layer200x4, Layer200x5>(5, bucket);
  else if (round == 6) joinBucket<Set200, Layer200x5, Layer200x6>(6, bucket);
  else if (round == 7) joinBucket<Set200, Layer200x6, Layer200x7>(7, bucket);
  else if (round == 8) joinBucket<Set200, Layer200x7, Layer200x8>(8, bucket);
  else closeBucket<Set200, Layer200x8>(8, bucket);
}

/** Pairs that `owner` found in the last round; they are at {@link candidates}. */
export function countCandidates(owner: u32): u32 {
  return load<u32>(candidateCount(owner));
}

/** Rows of all threads that found no room: if there are any, solutions may be missing. */
export function lostRows(): u32 {
  let lost: u32 = 0;
  for (let owner: u32 = 0; owner < threads; owner++) lost += load<u32>(lostCount(owner));
  return lost;
}

/** Finds the pairs of rows that joined to the one in a slot of `layer`, above 0; their count. They are at {@link matches}. */
export function parents(layer: u32, bucket: u32, slot: u32): u32 {
  if (n == 125) {
    if (layer == 1) return findParents<Set125, Layer125x0, Layer125x1>(1, bucket, slot);
    if (layer == 2) return findParents<Set125, Layer125x1, Layer125x2>(2, bucket, slot);
    return findParents<Set125, Layer125x2, Layer125x3>(3, bucket, slot);
  }
  if (n == 96) {
    if (layer == 1) return findParents<Set96, Layer96x0, Layer96x1>(1, bucket, slot);
    if (layer == 2) return findParents<Set96, Layer96x1, Layer96x2>(2, bucket, slot);
    if (layer == 3) return findParents<Set96, Layer96x2, Layer96x3>(3, bucket, slot);
    return findParents<Set96, Layer96x3, Layer96x4>(4, bucket, slot);
  }
  if (n == 144) {
    if (layer == 1) return findParents<Set144, Layer144x0, Layer144x1>(1, bucket, slot);
    if (layer == 2) return findParents<Set144, Layer144x1, Layer144x2>(2, bucket, slot);
    if (layer == 3) return findParents<Set144, Layer144x2, Layer144x3>(3, bucket, slot);
    return findParents<Set144, Layer144x3, Layer144x4>(4, bucket, slot);
  }
  if (layer == 1) return findParents<Set200, Layer200x0, Layer200x1>(1, bucket, slot);
  if (layer == 2) return findParents<Set200, Layer200x1, Layer200x2>(2, bucket, slot);
  if (layer == 3) return findParents<Set200, Layer200x2, Layer200x3>(3, bucket, slot);
  if (layer == 4) return findParents<Set200, Layer200x3, Layer200x4>(4, bucket, slot);
  if (layer == 5) return findParents<Set200, Layer200x4, Layer200x5>(5, bucket, slot);
  if (layer == 6) return findParents<Set200, Layer200x5, Layer200x6>(6, bucket, slot);
  if (layer == 7) return findParents<Set200, Layer200x6, Layer200x7>(7, bucket, slot);
  return findParents<Set200, Layer200x7, Layer200x8>(8, bucket, slot);
}

/** The index of the leaf in a slot of layer 0; all ones would be our bug. */
export function leafIndex(bucket: u32, slot: u32): u32 {
  if (n == 125) return findIndex<Set125, Layer125x0>(bucket, slot);
  if (n == 144) return findIndex<Set144, Layer144x0>(bucket, slot);
  if (n == 200) return findIndex<Set200, Layer200x0>(bucket, slot);
  return findIndex<Set96, Layer96x0>(bucket, slot);
}
