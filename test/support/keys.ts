import { type KeyPair, keyPair, parseSecretKey, sha256d } from "@fluxlab/core";
import fc from "fast-check";
import { fastEcdsa } from "./ecdsa.ts";

/** A key pair for tests, the same one for the same label. */
export function testKey(label: string, compressed = true): KeyPair {
  const secretKey = parseSecretKey(sha256d(new Uint8Array(Buffer.from(label))));
  if (secretKey === undefined) throw new Error(`the hash of ${label} is no key`);
  return keyPair(fastEcdsa, secretKey, compressed);
}

export const anyKey: fc.Arbitrary<KeyPair> = fc
  .tuple(fc.nat(), fc.boolean())
  .map(([n, compressed]) => testKey(`any ${n}`, compressed));

export const anyTxid = fc.uint8Array({ minLength: 32, maxLength: 32 });
