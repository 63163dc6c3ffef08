import type { Random } from "../util/random.ts";

// Nonces of proof of work: 256-bit numbers, little-endian. Source: fluxd src/miner.cpp CreateNewBlock, BitcoinMiner.

const NONCE_BYTES = 32;
/** Kept zero at both ends: low ones count attempts, high ones are for the flags of threads. */
const ZERO_BYTES = 2;

/** A random nonce to begin with, so that miners do not walk the same way. */
export function firstNonce(random: Random): Uint8Array {
  const nonce = new Uint8Array(NONCE_BYTES);
  for (let i = ZERO_BYTES; i < NONCE_BYTES - ZERO_BYTES; i++) nonce[i] = random.below(256);
  return nonce;
}

/** The next nonce, or undefined when all attempts of this coinbase have been made. */
export function nextNonce(nonce: Uint8Array): Uint8Array | undefined {
  const attempt = nonce[0]! | (nonce[1]! << 8);
  if (attempt === 0xffff) return undefined;
  const next = nonce.slice();
  next[0] = (attempt + 1) & 0xff;
  next[1] = (attempt + 1) >> 8;
  return next;
}
