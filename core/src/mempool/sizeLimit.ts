import { assert } from "../util/assert.ts";
import type { Random } from "../util/random.ts";
import type { PoolEntry } from "./entry.ts";

// What a place in the pool costs, and who loses it when the pool is full (ZIP 401). Source: fluxd src/mempool_limit.cpp.

const MIN_COST = 4_000;
/** Less than this fee, in satoshi, makes a transaction likelier to lose its place, by so much weight. */
const DEFAULT_FEE = 10_000n;
const LOW_FEE_PENALTY = 16_000;

/**
 * Cost of a place. fluxd counts bytes of its own memory, which depends on its compiler; here it is four thirds of the size on
 * the wire, which is what those come to for ordinary payments. Most transactions are below the minimum either way.
 */
export const placeCost = ({ bytes }: PoolEntry): number => Math.max(MIN_COST, Math.floor((bytes * 4) / 3));

/** How likely a transaction is to lose its place, among others. */
export const evictionWeight = (entry: PoolEntry): number =>
  placeCost(entry) + (entry.fee < DEFAULT_FEE ? LOW_FEE_PENALTY : 0);

/** One of `entries` by chance, in proportion to their weights. Walks all of them: the pool is hardly ever full. */
export function drawForEviction(entries: Iterable<PoolEntry>, random: Pick<Random, "below">): PoolEntry {
  const candidates = [...entries];
  const total = candidates.reduce((sum, entry) => sum + evictionWeight(entry), 0);
  let draw = random.below(total);
  for (const entry of candidates) {
    draw -= evictionWeight(entry);
    if (draw < 0) return entry;
  }
  assert(false, "a draw below the total weight falls on one of the entries");
}
