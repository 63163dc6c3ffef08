import {
  compactFromDer,
  decodeBase64,
  decodeWif,
  derFromCompact,
  encodeAddress,
  encodeBase64,
  encodeWif,
  keyId,
  keyPair,
  mainnet,
  messageDigest,
  nobleEcdsa,
  recoverMessageKey,
  regtest,
  sha256d,
  signMessage,
  testnet,
  toWireHex,
  verifyMessage,
  wireHex,
  ZELID_MESSAGE_MAGIC,
} from "@fluxlab/core";
import { describe, expect, test } from "vitest";
import { readJson } from "../../support/vectors.ts";
import { vectorTest } from "../../support/vectorTest.ts";

const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

function keyOf(wif: string) {
  const key = decodeWif(wif, mainnet);
  if (key === undefined) throw new Error(`not a key: ${wif}`);
  return keyPair(nobleEcdsa, key.secretKey, key.compressed);
}

interface SignatureCase {
  readonly wif: string;
  readonly compressed: boolean;
  readonly pubkey: string;
  readonly address_main: string;
  readonly message_utf8: string;
  readonly digest: string;
  readonly signature_der: string;
  readonly signature_compact: string;
  readonly signature_base64: string;
}

interface Vectors {
  readonly deterministic_signatures: { readonly cases: readonly SignatureCase[] };
  readonly message_signatures: { readonly cases: readonly SignatureCase[] };
}

vectorTest("keys and deterministic signatures of key_tests.cpp", () => {
  for (const each of readJson<Vectors>("keys_and_signatures.json").deterministic_signatures.cases) {
    const key = keyOf(each.wif);
    expect(encodeWif(key, mainnet)).toBe(each.wif);
    expect(key.compressed).toBe(each.compressed);
    expect(toWireHex(key.publicKey)).toBe(each.pubkey);
    expect(encodeAddress({ type: "keyHash", id: keyId(key.publicKey) }, mainnet)).toBe(each.address_main);
    const digest = sha256d(utf8(each.message_utf8));
    expect(toWireHex(digest)).toBe(each.digest);
    const { compact, recoveryId } = nobleEcdsa.sign(key.secretKey, digest);
    expect(toWireHex(derFromCompact(compact))).toBe(each.signature_der);
    expect(compactFromDer(wireHex(each.signature_der))).toEqual(compact);
    const header = 27 + recoveryId + (key.compressed ? 4 : 0);
    expect(toWireHex(Uint8Array.from([header, ...compact]))).toBe(each.signature_compact);
  }
});

vectorTest("message signatures under fluxd's magic", () => {
  for (const each of readJson<Vectors>("keys_and_signatures.json").message_signatures.cases) {
    const key = keyOf(each.wif);
    const message = utf8(each.message_utf8);
    expect(toWireHex(messageDigest(message))).toBe(each.digest);
    const signature = signMessage(nobleEcdsa, key, message);
    expect(encodeBase64(signature)).toBe(each.signature_base64);
    expect(recoverMessageKey(nobleEcdsa, message, decodeBase64(each.signature_base64)!)).toEqual(
      key.publicKey,
    );
  }
});

describe("a message signature", () => {
  const key = keyPair(nobleEcdsa, keyOf("L17FU2CoD4joDmEp1xMbfuD6eQ8Yr8SEC2gjbcKktLs3DS3WCCxF").secretKey);
  const message = utf8("a login phrase");
  const signature = signMessage(nobleEcdsa, key, message);
  const withHeader = (header: number): Uint8Array => Uint8Array.from([header, ...signature.subarray(1)]);
  const verifies = (bytes: Uint8Array): boolean =>
    verifyMessage(nobleEcdsa, keyId(key.publicKey), message, bytes);

  test("verifies for its key and not for another message or magic", () => {
    expect(verifies(signature)).toBe(true);
    expect(verifyMessage(nobleEcdsa, keyId(key.publicKey), utf8("another"), signature)).toBe(false);
    const zelId = signMessage(nobleEcdsa, key, message, ZELID_MESSAGE_MAGIC);
    expect(verifies(zelId)).toBe(false);
    expect(verifyMessage(nobleEcdsa, keyId(key.publicKey), message, zelId, ZELID_MESSAGE_MAGIC)).toBe(true);
  });

  test("counts its header modulo 8 and ties the form of the key to it", () => {
    const header = signature[0]!;
    for (let each = header % 8; each < 256; each += 8)
      expect(verifies(withHeader(each)), `${each}`).toBe(true);
    const uncompressed = keyPair(nobleEcdsa, key.secretKey, false);
    expect(verifies(withHeader(header - 4))).toBe(false);
    const other = withHeader(header - 4);
    expect(verifyMessage(nobleEcdsa, keyId(uncompressed.publicKey), message, other)).toBe(true);
  });

  test.each([0, 64, 66])("of %i bytes is none", (length) => {
    expect(recoverMessageKey(nobleEcdsa, message, new Uint8Array(length).fill(31))).toBeUndefined();
  });

  test("with a zero or too large scalar has no signer", () => {
    for (const fill of [0, 0xff]) {
      const bad = new Uint8Array(65).fill(fill);
      bad[0] = 31;
      expect(recoverMessageKey(nobleEcdsa, message, bad)).toBeUndefined();
    }
  });
});

test("a key of one kind of network is none of the other's", () => {
  const key = keyOf("L17FU2CoD4joDmEp1xMbfuD6eQ8Yr8SEC2gjbcKktLs3DS3WCCxF");
  expect(decodeWif(encodeWif(key, testnet), mainnet)).toBeUndefined();
  expect(decodeWif(encodeWif(key, testnet), regtest)?.secretKey).toEqual(key.secretKey);
});
