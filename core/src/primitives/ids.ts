declare const id: unique symbol;

// 32-byte identities in wire order (reverse of what is displayed). The brands keep the three from being exchanged.

/** Names a transaction; FluxNode signatures are not part of what it covers. */
export type Txid = Uint8Array & { readonly [id]: "txid" };

/** Names a header, without the signature of a proof-of-node producer. */
export type BlockHash = Uint8Array & { readonly [id]: "blockHash" };

/**
 * Names exact content, every signature included. Contents that share a block hash (other signatures, or a merkle tree with
 * repeated transactions) differ here, so verdicts about validity are remembered by this and never by the block hash.
 */
export type ContentId = Uint8Array & { readonly [id]: "contentId" };

/** 32 zero bytes: "no block", "no transaction". */
export const ZERO_HASH: Uint8Array = new Uint8Array(32);
