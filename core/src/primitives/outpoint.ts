/** Names one output of one transaction. */
export interface Outpoint {
  /** 32 bytes in wire order: the reverse of the displayed hex. */
  readonly txid: Uint8Array;
  /** Output index, u32. */
  readonly index: number;
}

/**
 * Negative if `a` comes first: txid by unsigned bytes in wire order, then index unsigned.
 * Source: fluxd src/primitives/transaction.h COutPoint operator<, src/uint256.h base_blob.
 */
export function compareOutpoints(a: Outpoint, b: Outpoint): number {
  for (let i = 0; i < 32; i++) {
    const difference = a.txid[i]! - b.txid[i]!;
    if (difference !== 0) return difference;
  }
  return a.index - b.index;
}
