import { sha256 } from "@noble/hashes/sha2.js";
import { equalBytes } from "../bytes/compare.ts";
import { SipHash } from "../bytes/sipHash.ts";
import { Writer } from "../bytes/writer.ts";
import type { Block } from "../primitives/block.ts";
import { type BlockHeader, writeHeader } from "../primitives/header.ts";
import { merkleTree } from "../primitives/merkle.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { MAX_BLOCK_BYTES } from "../rules/limits.ts";
import type { Message } from "./messages.ts";

// Blocks that name their transactions by short ids, and the way back with the transactions that a node has.
// Source: fluxd src/blockencodings.cpp, which differs from BIP 152 in its layouts only.

type CompactBlock = Extract<Message, { command: "cmpctblock" }>;

const TWO_TO_32 = 0x1_0000_0000;

/** Source: fluxd src/blockencodings.cpp InitData. */
const MAX_TRANSACTIONS = MAX_BLOCK_BYTES / 100;

/** A block names at most so many positions. */
const MAX_INDEX = 0xffff;

/** Reused by {@link shortIdsOf}, which is done with it when it returns. */
const scratch = new Writer();

/** Ids of 48 bits, by the key of one compact block. */
export function shortIdsOf(header: BlockHeader, nonce: bigint): (id: Uint8Array) => number {
  writeHeader(scratch.reset(), header);
  scratch.u64(nonce);
  const sipHash = new SipHash(sha256(scratch.view()).subarray(0, 16));
  return (id) => {
    const { low, high } = sipHash.hash(id);
    return low + (high & 0xffff) * TWO_TO_32;
  };
}

/** What `block` travels as; `nonce` is 64 random bits. The coinbase goes with it: nobody can have it. */
export function compactBlock({ header, transactions }: Block, nonce: bigint): CompactBlock {
  const shortId = shortIdsOf(header, nonce);
  const [coinbase, ...others] = transactions;
  return {
    command: "cmpctblock",
    header,
    nonce,
    shortIds: others.map((tx) => shortId(txid(tx))),
    prefilled: coinbase === undefined ? [] : [{ index: 0, tx: coinbase }],
  };
}

/** A transaction that a node has, and its id. */
export interface KnownTx {
  readonly id: Uint8Array;
  readonly tx: Transaction;
}

/**
 * A block of which some transactions may be missing. `invalid`: the message is no compact block, which costs its sender.
 * `ambiguous`: two of its short ids are the same, so the whole block has to be asked for.
 */
export type Reconstruction =
  | { readonly state: "invalid" | "ambiguous" }
  | { readonly state: "partial"; readonly block: PartialBlock };

/** Puts the transactions that are known in their places. Those of `known` that come first go first. */
export function reconstruct(message: CompactBlock, known: Iterable<KnownTx>): Reconstruction {
  const { header, nonce, shortIds, prefilled } = message;
  const count = shortIds.length + prefilled.length;
  if (count === 0 || count > MAX_TRANSACTIONS) return { state: "invalid" };
  const transactions: (Transaction | undefined)[] = new Array(count).fill(undefined);
  for (const [i, { index, tx }] of prefilled.entries()) {
    // No prefilled position may leave room before it that the short ids cannot fill.
    if (index > MAX_INDEX || index > shortIds.length + i) return { state: "invalid" };
    transactions[index] = tx;
  }
  const places = placesOf(shortIds, transactions);
  if (places === undefined) return { state: "ambiguous" };
  fillPlaces(transactions, places, shortIdsOf(header, nonce), known);
  return { state: "partial", block: new PartialBlock(header, transactions) };
}

/** Where each short id belongs, or undefined if two are the same. */
function placesOf(
  shortIds: readonly number[],
  transactions: readonly (Transaction | undefined)[],
): Map<number, number> | undefined {
  const places = new Map<number, number>();
  let place = 0;
  for (const id of shortIds) {
    while (transactions[place] !== undefined) place++;
    if (places.has(id)) return undefined;
    places.set(id, place++);
  }
  return places;
}

/** Puts what is known in its place. One that two transactions would fit stays empty: which is meant, only the sender knows. */
export function fillPlaces(
  transactions: (Transaction | undefined)[],
  places: ReadonlyMap<number, number>,
  shortId: (id: Uint8Array) => number,
  known: Iterable<KnownTx>,
): void {
  const taken = new Map<number, Uint8Array>();
  for (const { id, tx } of known) {
    const place = places.get(shortId(id));
    if (place === undefined) continue;
    const before = taken.get(place);
    if (before === undefined) {
      transactions[place] = tx;
      taken.set(place, id);
    } else if (!equalBytes(before, id)) {
      transactions[place] = undefined;
    }
  }
}

/** A header and the transactions that are there already. */
export class PartialBlock {
  readonly header: BlockHeader;
  /** Positions of the transactions to ask for, rising. */
  readonly missing: readonly number[];
  readonly #transactions: readonly (Transaction | undefined)[];

  constructor(header: BlockHeader, transactions: readonly (Transaction | undefined)[]) {
    this.header = header;
    this.missing = transactions.flatMap((tx, index) => (tx === undefined ? [index] : []));
    this.#transactions = transactions;
  }

  /**
   * The block with `transactions` in the places that were missing, in order; undefined if their number is wrong or they, or
   * one that was taken for another with its short id, are not what the header commits to.
   */
  complete(transactions: readonly Transaction[]): Block | undefined {
    if (transactions.length !== this.missing.length) return undefined;
    let next = 0;
    const all = this.#transactions.map((tx) => tx ?? transactions[next++]!);
    const { root } = merkleTree(all.map(txid));
    return equalBytes(root, this.header.merkleRoot) ? { header: this.header, transactions: all } : undefined;
  }
}
