import { equalBytes } from "../bytes/compare.ts";
import { sha256d } from "../bytes/hash.ts";
import { ZERO_HASH } from "./ids.ts";

/** What the transactions of a block come to. */
export interface MerkleTree {
  readonly root: Uint8Array;
  /**
   * Whether some level ends in two equal hashes, so that a shorter list of transactions has the same root (CVE-2012-2459).
   * Such a block is refused without condemning its hash.
   */
  readonly duplicated: boolean;
}

/**
 * Root over `txids` in block order; an odd last hash is paired with itself.
 * Source: fluxd src/primitives/block.cpp CBlock::BuildMerkleTree.
 */
export function merkleTree(txids: readonly Uint8Array[]): MerkleTree {
  const pair = new Uint8Array(64);
  let level = txids;
  let duplicated = false;
  while (level.length > 1) {
    const above: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
      const left = level[i]!;
      const right = level[i + 1] ?? left;
      if (i + 2 === level.length && equalBytes(left, right)) duplicated = true;
      pair.set(left, 0);
      pair.set(right, 32);
      above.push(sha256d(pair));
    }
    level = above;
  }
  return { root: level[0] ?? ZERO_HASH, duplicated };
}
