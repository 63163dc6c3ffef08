import {
  compactFromDer,
  derFromCompact,
  hasHighS,
  isStrictDer,
  nobleEcdsa,
  parseSecretKey,
  type RecoveryId,
  type SecretKey,
  verifyDer,
  wireHex,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nativeEcdsa } from "../../support/ecdsa.ts";

const ORDER = 0xffff_ffff_ffff_ffff_ffff_ffff_ffff_fffe_baae_dce6_af48_a03b_bfd2_5e8c_d036_4141n;
const PRIME = 2n ** 256n - 2n ** 32n - 977n;
const scalar = (value: bigint): Uint8Array => wireHex(value.toString(16).padStart(64, "0"));

const anyDigest = fc.uint8Array({ minLength: 32, maxLength: 32 });
/** Small scalars, scalars next to the order and its half, and random ones. */
const anyScalar = fc.oneof(
  fc.bigInt({ min: 0n, max: 3n }),
  fc.bigInt({ min: ORDER - 3n, max: ORDER + 3n }),
  fc.bigInt({ min: ORDER / 2n - 2n, max: ORDER / 2n + 2n }),
  fc.bigInt({ min: PRIME - ORDER - 3n, max: PRIME - ORDER + 3n }),
  fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
);
const anySecretKey = fc.bigInt({ min: 1n, max: ORDER - 1n }).map((value) => scalar(value) as SecretKey);
const anyCompact = fc
  .tuple(anyScalar, anyScalar)
  .map(([r, s]) => Uint8Array.from([...scalar(r), ...scalar(s)]));

type Signed = { secretKey: SecretKey; digest: Uint8Array; compact: Uint8Array; recoveryId: RecoveryId };
const anySigned: fc.Arbitrary<Signed> = fc
  .tuple(anySecretKey, anyDigest)
  .map(([secretKey, digest]) => ({ secretKey, digest, ...nobleEcdsa.sign(secretKey, digest) }));

/** S replaced by order - S: as good a signature, with the other recovery parity. */
function otherS(compact: Uint8Array): Uint8Array {
  const s = BigInt(`0x${Buffer.from(compact.subarray(32)).toString("hex")}`);
  return Uint8Array.from([...compact.subarray(0, 32), ...scalar(ORDER - s)]);
}

/** The three SEC forms of a key, and ways to break them. */
function keyForms(secretKey: SecretKey): Record<string, Uint8Array> {
  const compressed = nobleEcdsa.publicKey(secretKey, true);
  const plain = nobleEcdsa.publicKey(secretKey, false);
  const first = (byte: number): Uint8Array => Uint8Array.from([byte, ...plain.subarray(1)]);
  const parity = plain[64]! & 1;
  return { compressed, plain, hybrid: first(6 + parity), wrongHybrid: first(7 - parity), unknown: first(5) };
}

const anyPublicKey = fc.oneof(
  anySecretKey.chain((secretKey) => fc.constantFrom(...Object.values(keyForms(secretKey)))),
  fc.uint8Array({ maxLength: 70 }),
  fc.tuple(fc.constantFrom(2, 3), anyScalar).map(([first, x]) => Uint8Array.from([first, ...scalar(x)])),
  fc
    .tuple(fc.constantFrom(4, 6, 7), anyScalar, anyScalar)
    .map(([first, x, y]) => Uint8Array.from([first, ...scalar(x), ...scalar(y)])),
  // x and y of a point with small x, each also with the prime added: not a form of any key.
  fc.constantFrom(2, 3).map((first) => Uint8Array.from([first, ...scalar(PRIME + 1n)])),
);

describe("the backend in TypeScript", () => {
  test("verifies what it signs under every form of the key, with either S, and nothing that was changed", () => {
    fc.assert(
      fc.property(anySigned, fc.nat({ max: 63 }), fc.nat({ max: 254 }), (signed, at, by) => {
        const { secretKey, digest, compact } = signed;
        const { compressed, plain, hybrid, wrongHybrid, unknown } = keyForms(secretKey);
        expect(hasHighS(compact)).toBe(false);
        expect(hasHighS(otherS(compact))).toBe(true);
        for (const key of [compressed, plain, hybrid]) {
          expect(nobleEcdsa.verify(key!, digest, compact)).toBe(true);
          expect(nobleEcdsa.verify(key!, digest, otherS(compact))).toBe(true);
        }
        for (const key of [wrongHybrid, unknown])
          expect(nobleEcdsa.verify(key!, digest, compact)).toBe(false);
        const changed = compact.slice();
        changed[at] = (changed[at]! + 1 + by) & 0xff;
        expect(nobleEcdsa.verify(compressed!, digest, changed)).toBe(false);
      }),
      { numRuns: 20 },
    );
  });

  test("recovers the signer in the form asked for", () => {
    fc.assert(
      fc.property(anySigned, ({ secretKey, digest, compact, recoveryId }) => {
        for (const compressed of [true, false]) {
          const key = nobleEcdsa.publicKey(secretKey, compressed);
          expect(nobleEcdsa.recover(digest, compact, recoveryId, compressed)).toEqual(key);
          const flipped = (recoveryId ^ 1) as RecoveryId;
          expect(nobleEcdsa.recover(digest, otherS(compact), flipped, compressed)).toEqual(key);
        }
      }),
      { numRuns: 20 },
    );
  });
});

describe.skipIf(nativeEcdsa === undefined)(
  nativeEcdsa === undefined ? "SKIPPED: no libsecp256k1 addon here to compare with" : "libsecp256k1 agrees",
  () => {
    const native = nativeEcdsa!;

    test("on signatures", () => {
      fc.assert(
        fc.property(anySecretKey, anyDigest, (secretKey, digest) => {
          expect(native.sign(secretKey, digest)).toEqual(nobleEcdsa.sign(secretKey, digest));
          for (const compressed of [true, false]) {
            expect(native.publicKey(secretKey, compressed)).toEqual(
              nobleEcdsa.publicKey(secretKey, compressed),
            );
          }
        }),
        { numRuns: 50 },
      );
    });

    test("on verdicts about signatures, genuine, malleated and made up", () => {
      const anyCase = fc.oneof(
        anySigned.map((each) => ({ ...each, key: keyForms(each.secretKey)["compressed"]! })),
        anySigned.map((each) => ({
          ...each,
          compact: otherS(each.compact),
          key: keyForms(each.secretKey)["hybrid"]!,
        })),
        anySigned.map((each) => ({ ...each, key: keyForms(each.secretKey)["wrongHybrid"]! })),
        fc.record({ key: anyPublicKey, digest: anyDigest, compact: anyCompact }),
      );
      fc.assert(
        fc.property(anyCase, ({ key, digest, compact }) => {
          expect(native.verify(key, digest, compact)).toBe(nobleEcdsa.verify(key, digest, compact));
        }),
        { numRuns: 200 },
      );
    });

    test("on what is a point", () => {
      fc.assert(
        fc.property(anyPublicKey, (key) => {
          expect(native.isOnCurve(key)).toBe(nobleEcdsa.isOnCurve(key));
        }),
        { numRuns: 300 },
      );
    });

    test("on recovery from any scalars", () => {
      fc.assert(
        fc.property(
          anyDigest,
          anyCompact,
          fc.constantFrom(0, 1, 2, 3),
          fc.boolean(),
          (digest, compact, id, form) => {
            expect(native.recover(digest, compact, id, form)).toEqual(
              nobleEcdsa.recover(digest, compact, id, form),
            );
          },
        ),
        { numRuns: 200 },
      );
    });
  },
);

/** Strict DER as a grammar: the two integers written the one way there is. */
function obviousDer(r: bigint, s: bigint): Uint8Array {
  const integer = (value: bigint): string => {
    let hex = value.toString(16);
    if (hex.length % 2 === 1) hex = `0${hex}`;
    if (Number.parseInt(hex.slice(0, 2), 16) >= 0x80) hex = `00${hex}`;
    return `02${(hex.length / 2).toString(16).padStart(2, "0")}${hex}`;
  };
  const body = integer(r) + integer(s);
  return wireHex(`30${(body.length / 2).toString(16).padStart(2, "0")}${body}`);
}

describe("DER", () => {
  test("is written as its grammar says and read back", () => {
    fc.assert(
      fc.property(anyScalar, anyScalar, (r, s) => {
        const compact = Uint8Array.from([...scalar(r), ...scalar(s)]);
        expect(derFromCompact(compact)).toEqual(obviousDer(r, s));
        expect(compactFromDer(obviousDer(r, s))).toEqual(compact);
      }),
    );
  });

  test("with a byte changed is no signature, or exactly the strict form of another one", () => {
    fc.assert(
      fc.property(anyScalar, anyScalar, fc.nat(71), fc.nat(255), (r, s, at, byte) => {
        const der = obviousDer(r, s);
        der[at % der.length] = byte;
        const compact = compactFromDer(der);
        expect(compact !== undefined).toBe(isStrictDer(der));
        // A scalar of more than 32 bytes reads as zero and cannot be written back.
        const tooLarge =
          compact !== undefined && (der[3]! > 33 || der[5 + der[3]!]! > 33 || has33Digits(der));
        if (compact !== undefined && !tooLarge) expect(derFromCompact(compact)).toEqual(der);
      }),
    );
  });

  test("that is empty, too long or followed by a byte does not verify", () => {
    fc.assert(
      fc.property(anySigned, ({ secretKey, digest, compact }) => {
        const key = nobleEcdsa.publicKey(secretKey, true);
        const der = derFromCompact(compact);
        expect(verifyDer(nobleEcdsa, key, digest, der)).toBe(true);
        expect(verifyDer(nobleEcdsa, key, digest, Uint8Array.from([...der, 1]))).toBe(false);
        expect(verifyDer(nobleEcdsa, key, digest, der.subarray(0, -1))).toBe(false);
        expect(verifyDer(nobleEcdsa, key, digest, new Uint8Array(0))).toBe(false);
      }),
      { numRuns: 5 },
    );
  });
});

/** Whether an integer of 33 bytes has no leading zero to drop. */
function has33Digits(der: Uint8Array): boolean {
  const lengthR = der[3]!;
  return (lengthR === 33 && der[4] !== 0) || (der[5 + lengthR] === 33 && der[6 + lengthR] !== 0);
}

test("secret keys lie in 1 .. order - 1", () => {
  for (const value of [1n, 2n, ORDER - 1n]) expect(parseSecretKey(scalar(value))).toEqual(scalar(value));
  for (const value of [0n, ORDER, ORDER + 1n, 2n ** 256n - 1n])
    expect(parseSecretKey(scalar(value))).toBeUndefined();
  expect(parseSecretKey(new Uint8Array(31).fill(1))).toBeUndefined();
});
