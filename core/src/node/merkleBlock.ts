import { equalBytes } from "../bytes/compare.ts";
import { sha256d } from "../bytes/hash.ts";
import type { Block } from "../primitives/block.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { txid } from "../primitives/txid.ts";
import { MAX_BLOCK_BYTES } from "../rules/limits.ts";
import type { BloomFilter } from "./bloomFilter.ts";
import type { Message } from "./messages.ts";

// Blocks for peers that want some of their transactions, with the proof that those are in them: the tree of hashes walked
// depth first, a bit for each node that says whether a match lies below, and the hashes of the nodes where the walk ends.
// Source: fluxd src/merkleblock.cpp, BIP 37.

type MerkleBlockMessage = Extract<Message, { command: "merkleblock" }>;

/** What is proved of a list of hashes without showing all of it. */
export interface PartialMerkleTree {
  /** Hashes of the whole list. */
  readonly count: number;
  readonly hashes: readonly Uint8Array[];
  /** Eight bits a byte, the lowest first. */
  readonly flags: Uint8Array;
}

/** The shortest transaction, as fluxd counts it. */
const MIN_TRANSACTION_BYTES = 60;

/** Nodes of the tree at a height above its leaves. */
const widthAt = (count: number, height: number): number => (count + (1 << height) - 1) >> height;

/** Height of the root. */
function rootHeight(count: number): number {
  let height = 0;
  while (widthAt(count, height) > 1) height++;
  return height;
}

function pairHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  const pair = new Uint8Array(64);
  pair.set(left, 0);
  pair.set(right, 32);
  return sha256d(pair);
}

/** The proof for those of `leaves` that match; there is at least one leaf. */
export function partialMerkleTree(
  leaves: readonly Uint8Array[],
  matches: readonly boolean[],
): PartialMerkleTree {
  const count = leaves.length;
  const bits: boolean[] = [];
  const hashes: Uint8Array[] = [];
  const hashAt = (height: number, position: number): Uint8Array => {
    if (height === 0) return leaves[position]!;
    const left = hashAt(height - 1, position * 2);
    const hasRight = position * 2 + 1 < widthAt(count, height - 1);
    return pairHash(left, hasRight ? hashAt(height - 1, position * 2 + 1) : left);
  };
  const walk = (height: number, position: number): void => {
    const below = matches.slice(position << height, (position + 1) << height).includes(true);
    bits.push(below);
    if (height === 0 || !below) {
      hashes.push(hashAt(height, position));
      return;
    }
    walk(height - 1, position * 2);
    if (position * 2 + 1 < widthAt(count, height - 1)) walk(height - 1, position * 2 + 1);
  };
  walk(rootHeight(count), 0);
  const flags = new Uint8Array(Math.ceil(bits.length / 8));
  for (const [i, bit] of bits.entries()) if (bit) flags[i >> 3]! |= 1 << (i & 7);
  return { count, hashes, flags };
}

/** The root that a proof leads to and the leaves it proves, in order; undefined for what is no proof. */
export function readPartialMerkleTree({
  count,
  hashes,
  flags,
}: PartialMerkleTree): { readonly root: Uint8Array; readonly matched: readonly Uint8Array[] } | undefined {
  if (count === 0 || count > MAX_BLOCK_BYTES / MIN_TRANSACTION_BYTES) return undefined;
  if (hashes.length > count || flags.length * 8 < hashes.length) return undefined;
  const matched: Uint8Array[] = [];
  let bitsUsed = 0;
  let hashesUsed = 0;
  const walk = (height: number, position: number): Uint8Array | undefined => {
    if (bitsUsed >= flags.length * 8) return undefined;
    const below = (flags[bitsUsed >> 3]! & (1 << (bitsUsed & 7))) !== 0;
    bitsUsed++;
    if (height === 0 || !below) {
      const hash = hashes[hashesUsed++];
      if (hash !== undefined && below) matched.push(hash);
      return hash;
    }
    const left = walk(height - 1, position * 2);
    if (left === undefined) return undefined;
    if (position * 2 + 1 >= widthAt(count, height - 1)) return pairHash(left, left);
    const right = walk(height - 1, position * 2 + 1);
    // Halves that are equal could stand for a shorter list with the same root (CVE-2012-2459).
    return right === undefined || equalBytes(left, right) ? undefined : pairHash(left, right);
  };
  const root = walk(rootHeight(count), 0);
  const usedUp = Math.ceil(bitsUsed / 8) === flags.length && hashesUsed === hashes.length;
  return root === undefined || !usedUp ? undefined : { root, matched };
}

/** What a block is to a peer with `filter` (without one: everything), and the transactions that go with it. */
export function merkleBlock(
  { header, transactions }: Block,
  filter: BloomFilter | undefined,
): { readonly message: MerkleBlockMessage; readonly matched: readonly Transaction[] } {
  const matches = transactions.map((tx) => filter === undefined || filter.matches(tx));
  const { count, hashes, flags } = partialMerkleTree(transactions.map(txid), matches);
  const message: MerkleBlockMessage = { command: "merkleblock", header, transactions: count, hashes, flags };
  return { message, matched: transactions.filter((_, i) => matches[i]) };
}
