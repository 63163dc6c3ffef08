import { murmurHash3, SipHash } from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const sequence = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i);
const M64 = 2n ** 64n - 1n;

/** SipHash-2-4 as its paper states it, in 64-bit arithmetic. */
function plainSipHash(key: Uint8Array, data: Uint8Array): bigint {
  const words = (bytes: Uint8Array) =>
    Array.from({ length: bytes.length / 8 }, (_, i) => Buffer.from(bytes).readBigUInt64LE(8 * i));
  const [k0, k1] = words(key);
  const v = [0x736f6d6570736575n, 0x646f72616e646f6dn, 0x6c7967656e657261n, 0x7465646279746573n].map(
    (each, i) => each ^ (i % 2 === 0 ? k0! : k1!),
  );
  const rotate = (i: number, by: bigint) => {
    v[i] = ((v[i]! << by) | (v[i]! >> (64n - by))) & M64;
  };
  const half = (a: number, b: number, by: bigint) => {
    v[a] = (v[a]! + v[b]!) & M64;
    rotate(b, by);
    v[b]! ^= v[a]!;
  };
  const round = () => {
    half(0, 1, 13n);
    rotate(0, 32n);
    half(2, 3, 16n);
    half(0, 3, 21n);
    half(2, 1, 17n);
    rotate(2, 32n);
  };
  const padded = new Uint8Array(8 * (Math.floor(data.length / 8) + 1));
  padded.set(data);
  padded[padded.length - 1] = data.length;
  for (const word of words(padded)) {
    v[3]! ^= word;
    round();
    round();
    v[0]! ^= word;
  }
  v[2]! ^= 0xffn;
  for (let i = 0; i < 4; i++) round();
  return v[0]! ^ v[1]! ^ v[2]! ^ v[3]!;
}

describe("SipHash-2-4", () => {
  const joined = (key: Uint8Array, data: Uint8Array): bigint => {
    const { low, high } = new SipHash(key).hash(data);
    return (BigInt(high) << 32n) | BigInt(low);
  };

  test("gives the example of its paper (appendix A)", () => {
    expect(joined(sequence(16), sequence(15))).toBe(0xa129ca6149be45e5n);
  });

  test("is what the paper's formulas say, of any bytes under any key", () => {
    const key = fc.uint8Array({ minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(key, fc.uint8Array({ maxLength: 40 }), (k, data) => {
        expect(joined(k, data)).toBe(plainSipHash(k, data));
      }),
    );
  });
});

describe("MurmurHash3", () => {
  test("comes to the check value of SMHasher, which hashes the hashes of every length up to 255", () => {
    const hashes = Buffer.alloc(1_024);
    for (let i = 0; i < 256; i++) hashes.writeUInt32LE(murmurHash3(256 - i, sequence(i)), 4 * i);
    expect(murmurHash3(0, hashes)).toBe(0xb0f57ee3);
  });
});
