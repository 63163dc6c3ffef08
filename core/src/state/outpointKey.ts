import type { Outpoint } from "../primitives/outpoint.ts";

// Keys for `Map`: two bytes a character, so that equal bytes give equal keys. Made in one call from plain arguments: a string
// put together piece by piece has to be flattened at its first look-up, which costs more than the look-up.

/** Bytes `i` and `i + 1` as one character code. */
const pair = (bytes: Uint8Array, i: number): number => bytes[i]! | (bytes[i + 1]! << 8);

const codes = String.fromCharCode;

/** Of a 32-byte hash. */
export function hashKey(hash: Uint8Array): string {
  const p = (i: number) => pair(hash, i);
  return codes(
    p(0),
    p(2),
    p(4),
    p(6),
    p(8),
    p(10),
    p(12),
    p(14),
    p(16),
    p(18),
    p(20),
    p(22),
    p(24),
    p(26),
    p(28),
    p(30),
  );
}

/** Of an outpoint. */
export function outpointKey({ txid, index }: Outpoint): string {
  const p = (i: number) => pair(txid, i);
  const [low, high] = [index & 0xffff, index >>> 16];
  return codes(
    p(0),
    p(2),
    p(4),
    p(6),
    p(8),
    p(10),
    p(12),
    p(14),
    p(16),
    p(18),
    p(20),
    p(22),
    p(24),
    p(26),
    p(28),
    p(30),
    low,
    high,
  );
}
