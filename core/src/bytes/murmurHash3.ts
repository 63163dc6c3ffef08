const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

const rotate = (word: number, bits: number): number => (word << bits) | (word >>> (32 - bits));

const scramble = (word: number): number => Math.imul(rotate(Math.imul(word, C1), 15), C2);

/** MurmurHash3 x86 32 of `data` under `seed`, unsigned. Source: fluxd src/hash.cpp MurmurHash3. */
export function murmurHash3(seed: number, data: Uint8Array): number {
  let hash = seed;
  const whole = data.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const word = data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);
    hash = Math.imul(rotate(hash ^ scramble(word), 13), 5) + 0xe6546b64;
  }
  let tail = 0;
  for (let at = data.length - 1; at >= whole; at--) tail = (tail << 8) | data[at]!;
  hash ^= scramble(tail) ^ data.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
