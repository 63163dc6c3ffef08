// SipHash-2-4 in 32-bit halves: a short keyed hash of short texts. Source: Aumasson and Bernstein, "SipHash: a fast
// short-input PRF"; fluxd src/crypto/siphash.cpp.

/** A 64-bit hash. */
export interface Hash64 {
  /** Bits 0 .. 31 and 32 .. 63, unsigned. */
  readonly low: number;
  readonly high: number;
}

/** Under a key of 16 bytes, which is made ready once for any number of hashes. */
export class SipHash {
  /** v0 .. v3, each low half first. */
  readonly #start: Uint32Array;
  readonly #v: Uint32Array;

  constructor(key: Uint8Array) {
    const words = new DataView(key.buffer, key.byteOffset, key.byteLength);
    const half = (i: number) => words.getUint32(4 * i, true);
    this.#start = Uint32Array.of(
      ...[half(0) ^ 0x70736575, half(1) ^ 0x736f6d65, half(2) ^ 0x6e646f6d, half(3) ^ 0x646f7261],
      ...[half(0) ^ 0x6e657261, half(1) ^ 0x6c796765, half(2) ^ 0x79746573, half(3) ^ 0x74656462],
    );
    this.#v = new Uint32Array(8);
  }

  /** Of any bytes. */
  hash(data: Uint8Array): Hash64 {
    const v = this.#v;
    v.set(this.#start);
    const whole = data.length - (data.length % 8);
    for (let at = 0; at < whole; at += 8) absorb(v, word(data, at), word(data, at + 4));
    const last = new Uint8Array(8);
    last.set(data.subarray(whole));
    last[7] = data.length;
    absorb(v, word(last, 0), word(last, 4));
    v[4]! ^= 0xff;
    for (let round = 0; round < 4; round++) sipRound(v);
    return {
      low: (v[0]! ^ v[2]! ^ v[4]! ^ v[6]!) >>> 0,
      high: (v[1]! ^ v[3]! ^ v[5]! ^ v[7]!) >>> 0,
    };
  }
}

const word = (data: Uint8Array, at: number): number =>
  data[at]! | (data[at + 1]! << 8) | (data[at + 2]! << 16) | (data[at + 3]! << 24);

function absorb(v: Uint32Array, low: number, high: number): void {
  v[6]! ^= low;
  v[7]! ^= high;
  sipRound(v);
  sipRound(v);
  v[0]! ^= low;
  v[1]! ^= high;
}

function sipRound(v: Uint32Array): void {
  add(v, 0, 2);
  rotate(v, 2, 13);
  mix(v, 2, 0);
  swap(v, 0);
  add(v, 4, 6);
  rotate(v, 6, 16);
  mix(v, 6, 4);
  add(v, 0, 6);
  rotate(v, 6, 21);
  mix(v, 6, 0);
  add(v, 4, 2);
  rotate(v, 2, 17);
  mix(v, 2, 4);
  swap(v, 4);
}

/** v[to] += v[from], 64 bits. */
function add(v: Uint32Array, to: number, from: number): void {
  const low = v[to]! + v[from]!;
  v[to] = low;
  v[to + 1] = v[to + 1]! + v[from + 1]! + (low > 0xffff_ffff ? 1 : 0);
}

/** v[to] ^= v[from], 64 bits. */
function mix(v: Uint32Array, to: number, from: number): void {
  v[to]! ^= v[from]!;
  v[to + 1]! ^= v[from + 1]!;
}

/** Left by 1 .. 31 bits. */
function rotate(v: Uint32Array, at: number, bits: number): void {
  const low = v[at]!;
  const high = v[at + 1]!;
  v[at] = (low << bits) | (high >>> (32 - bits));
  v[at + 1] = (high << bits) | (low >>> (32 - bits));
}

/** Left by 32 bits. */
function swap(v: Uint32Array, at: number): void {
  const low = v[at]!;
  v[at] = v[at + 1]!;
  v[at + 1] = low;
}
