import { verifyEd25519 } from "@fluxlab/core";
import { ed25519 } from "@noble/curves/ed25519.js";
import { sha512 } from "@noble/hashes/sha2.js";
import { concatBytes } from "@noble/hashes/utils.js";
import fc from "fast-check";
import { expect, test } from "vitest";

const ORDER = ed25519.Point.Fn.ORDER;

/** `signature` with the group order added to its S: the same equation, another encoding. */
function withLargeS(signature: Uint8Array): Uint8Array {
  let s = 0n;
  for (let i = 63; i >= 32; i--) s = (s << 8n) | BigInt(signature[i]!);
  s += ORDER;
  const malleated = signature.slice();
  for (let i = 32; i < 64; i++, s >>= 8n) malleated[i] = Number(s & 0xffn);
  return malleated;
}

test("a signature holds for its key and message alone, and in its one encoding", () => {
  const bytes32 = fc.uint8Array({ minLength: 32, maxLength: 32 });
  const holds = fc.property(bytes32, bytes32, fc.nat(511), (secret, message, bit) => {
    const publicKey = ed25519.getPublicKey(secret);
    const signature = ed25519.sign(message, secret);
    expect(verifyEd25519(publicKey, message, signature)).toBe(true);
    const flipped = signature.slice();
    flipped[bit >> 3]! ^= 1 << (bit & 7);
    expect(verifyEd25519(publicKey, message, flipped)).toBe(false);
    expect(
      verifyEd25519(
        publicKey,
        message.map((byte) => byte ^ 1),
        signature,
      ),
    ).toBe(false);
    expect(verifyEd25519(publicKey, message, withLargeS(signature))).toBe(false);
  });
  fc.assert(holds, { numRuns: 15 });
});

test("points of small order sign nothing, though the equation holds for them", () => {
  const identity = ed25519.Point.ZERO.toBytes();
  // With key and R at the identity and S = 0 the equation reads 0 = 0 for every message.
  const signature = new Uint8Array(64);
  signature.set(identity);
  expect(verifyEd25519(identity, Uint8Array.of(1), signature)).toBe(false);
  const key = ed25519.getPublicKey(new Uint8Array(32).fill(1));
  expect(verifyEd25519(key, Uint8Array.of(1), signature)).toBe(false);
});

test("a signature is judged without the cofactor, as libsodium does", () => {
  const torsion = ed25519.Point.fromBytes(
    Uint8Array.from(Buffer.from("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "hex")),
  );
  const secret = new Uint8Array(32).fill(3);
  const message = Uint8Array.of(7);
  const { head, scalar, point } = ed25519.utils.getExtendedPublicKey(secret);
  expect(head).toHaveLength(32);
  // R off by a point of order 8: right only up to the cofactor.
  const nonce = 12_345n;
  const r = ed25519.Point.BASE.multiply(nonce).add(torsion).toBytes();
  const challenge = challengeOf(r, point.toBytes(), message);
  let s = (nonce + challenge * scalar) % ORDER;
  const signature = new Uint8Array(64);
  signature.set(r);
  for (let i = 32; i < 64; i++, s >>= 8n) signature[i] = Number(s & 0xffn);
  expect(ed25519.verify(signature, message, point.toBytes(), { zip215: true })).toBe(true);
  expect(verifyEd25519(point.toBytes(), message, signature)).toBe(false);
});

function challengeOf(r: Uint8Array, publicKey: Uint8Array, message: Uint8Array): bigint {
  const digest = Buffer.from(sha512(concatBytes(r, publicKey, message)));
  return BigInt(`0x${digest.reverse().toString("hex")}`) % ORDER;
}
