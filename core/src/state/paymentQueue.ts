import type { Outpoint } from "../primitives/outpoint.ts";
import { TIERS, type Tier } from "../primitives/tier.ts";
import { queueRank } from "../rules/fluxnode/queueOrder.ts";
import { assert } from "../util/assert.ts";

/** Where a link leads nowhere, and the answer of {@link PaymentQueues.head} for an empty tier. */
export const NO_ROW = -1;

/** A txid and an index as nine big-endian words, so that comparing words compares bytes. */
const OUTPOINT_WORDS = 9;

/**
 * The three tiers' payment queues over dense node rows: the same order as sorting by compareQueuePositions, kept as
 * linked lists in typed columns. A chain only ever appends (a payment or a confirmation has the highest rank so far) and
 * takes from the front, so entering, paying and leaving are O(1) and allocate nothing. Undo works at the ends too; a row put
 * back into the middle costs a walk from the nearer end.
 */
export class PaymentQueues {
  #previous: Int32Array;
  #next: Int32Array;
  #rank: Float64Array;
  /** Tier index of a row in a queue, NO_ROW of one that is in none. */
  #tierOf: Int8Array;
  #outpoints: Uint32Array;
  readonly #head = new Int32Array(TIERS.length).fill(NO_ROW);
  readonly #tail = new Int32Array(TIERS.length).fill(NO_ROW);
  readonly #size = new Int32Array(TIERS.length);

  /** Holds rows 0 .. `capacity` - 1; grows by itself. */
  constructor(capacity: number) {
    this.#previous = new Int32Array(capacity).fill(NO_ROW);
    this.#next = new Int32Array(capacity).fill(NO_ROW);
    this.#rank = new Float64Array(capacity);
    this.#tierOf = new Int8Array(capacity).fill(NO_ROW);
    this.#outpoints = new Uint32Array(capacity * OUTPOINT_WORDS);
  }

  /** Names the collateral of `row`, the last tie-break of the order. The row must be in no queue. */
  setOutpoint(row: number, outpoint: Outpoint): void {
    this.#reserve(row);
    assert(this.#tierOf[row] === NO_ROW, `row ${row} is queued: its outpoint orders it`);
    const at = row * OUTPOINT_WORDS;
    const txid = new DataView(outpoint.txid.buffer, outpoint.txid.byteOffset, 32);
    for (let word = 0; word < 8; word++) this.#outpoints[at + word] = txid.getUint32(word * 4);
    this.#outpoints[at + 8] = outpoint.index;
  }

  /** Puts a confirmed node into its tier's queue; `lastPaidHeight` 0 = never paid. */
  enter(row: number, tier: number, confirmedHeight: number, lastPaidHeight: number): void {
    this.#reserve(row);
    assert(this.#tierOf[row] === NO_ROW, `row ${row} is queued already`);
    this.#tierOf[row] = tier;
    this.#rank[row] = queueRank(confirmedHeight, lastPaidHeight);
    this.#size[tier]!++;
    this.#link(row, tier);
  }

  /** Takes a node out: expired, spent, or its confirmation undone. */
  leave(row: number): void {
    assert(this.has(row), `row ${row} is in no queue`);
    const tier = this.#tierOf[row]!;
    this.#unlink(row, tier);
    this.#tierOf[row] = NO_ROW;
    this.#size[tier]!--;
  }

  /** The payee of the tier's next block, or {@link NO_ROW}. */
  head(tier: number): number {
    return this.#head[tier]!;
  }

  /** Moves `row` to its place after a payment in block `height`; with the values from before, undoes one. */
  reposition(row: number, confirmedHeight: number, lastPaidHeight: number): void {
    assert(this.has(row), `row ${row} is in no queue`);
    const tier = this.#tierOf[row]!;
    this.#unlink(row, tier);
    this.#rank[row] = queueRank(confirmedHeight, lastPaidHeight);
    this.#link(row, tier);
  }

  /** Confirmed nodes of a tier. */
  size(tier: number): number {
    return this.#size[tier]!;
  }

  /** Whether `row` is in a queue. */
  has(row: number): boolean {
    return row < this.#tierOf.length && this.#tierOf[row] !== NO_ROW;
  }

  /** Rows of a tier in the order they are paid. */
  *order(tier: Tier): Generator<number> {
    for (let row = this.#head[TIERS.indexOf(tier)]!; row !== NO_ROW; row = this.#next[row]!) yield row;
  }

  #unlink(row: number, tier: number): void {
    const previous = this.#previous[row]!;
    const next = this.#next[row]!;
    if (previous === NO_ROW) this.#head[tier] = next;
    else this.#next[previous] = next;
    if (next === NO_ROW) this.#tail[tier] = previous;
    else this.#previous[next] = previous;
  }

  /** Links `row` at its place, searched from both ends at once: nearly always it is an end. */
  #link(row: number, tier: number): void {
    let fromTail = this.#tail[tier]!;
    let fromHead = this.#head[tier]!;
    while (fromTail !== NO_ROW && this.#comesBefore(row, fromTail)) {
      if (this.#comesBefore(row, fromHead)) {
        this.#linkBetween(this.#previous[fromHead]!, row, fromHead, tier);
        return;
      }
      fromTail = this.#previous[fromTail]!;
      fromHead = this.#next[fromHead]!;
    }
    const next = fromTail === NO_ROW ? this.#head[tier]! : this.#next[fromTail]!;
    this.#linkBetween(fromTail, row, next, tier);
  }

  #linkBetween(previous: number, row: number, next: number, tier: number): void {
    this.#previous[row] = previous;
    this.#next[row] = next;
    if (previous === NO_ROW) this.#head[tier] = row;
    else this.#next[previous] = row;
    if (next === NO_ROW) this.#tail[tier] = row;
    else this.#previous[next] = row;
  }

  #comesBefore(a: number, b: number): boolean {
    const difference = this.#rank[a]! - this.#rank[b]!;
    if (difference !== 0) return difference < 0;
    for (let word = 0; word < OUTPOINT_WORDS; word++) {
      const wordA = this.#outpoints[a * OUTPOINT_WORDS + word]!;
      const wordB = this.#outpoints[b * OUTPOINT_WORDS + word]!;
      if (wordA !== wordB) return wordA < wordB;
    }
    return false;
  }

  #reserve(row: number): void {
    if (row < this.#next.length) return;
    const capacity = Math.max(row + 1, this.#next.length * 2);
    const grown = <T extends Int32Array | Int8Array | Float64Array | Uint32Array>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.#previous = grown(new Int32Array(capacity).fill(NO_ROW), this.#previous);
    this.#next = grown(new Int32Array(capacity).fill(NO_ROW), this.#next);
    this.#rank = grown(new Float64Array(capacity), this.#rank);
    this.#tierOf = grown(new Int8Array(capacity).fill(NO_ROW), this.#tierOf);
    this.#outpoints = grown(new Uint32Array(capacity * OUTPOINT_WORDS), this.#outpoints);
  }
}
