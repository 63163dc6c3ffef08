import {
  buildScript,
  decodeScriptNumber,
  encodeScriptNumber,
  evalScript,
  isMinimalPush,
  isPushOnly,
  isTrue,
  legacySigops,
  matchMultisigScript,
  numberPart,
  OP,
  ScriptCursor,
  type SignatureChecker,
  scriptSigops,
  toWireHex,
  verifyScript,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { plainScriptPolicy, plainVerifier } from "../../support/plainScripts.ts";
import { sampleTransactions } from "../../support/samples.ts";

/** Opcodes, pushes and stray bytes, as in scripts from a stranger. */
const anyScript = fc
  .array(
    fc.oneof(
      fc.nat(255).map((byte) => [byte]),
      fc
        .nat({ max: 40 })
        .map((by) => [OP.ONE + (by % 17), OP.ZERO, OP.DUP, OP.IF, OP.CHECKMULTISIG].slice(by % 5)),
      fc.uint8Array({ maxLength: 80 }).map((data) => [...buildScript(data)]),
    ),
    { maxLength: 30 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

const anyFlags = fc.nat(0x3ff);

/** Says yes to about half of what it is asked, always the same. */
const moody: SignatureChecker = {
  checkSignature: (signature, publicKey) => ((signature[0] ?? 0) + publicKey.length) % 2 === 0,
  checkLockTime: (lockTime) => lockTime % 2 === 0,
};

test("no script throws, and none leaves more than the stack may hold", () => {
  fc.assert(
    fc.property(anyScript, anyScript, anyFlags, (scriptSig, scriptPubKey, flags) => {
      verifyScript(scriptSig, scriptPubKey, flags, moody);
      const stack: Uint8Array[] = [];
      evalScript(stack, scriptSig, flags, moody);
      expect(stack.length).toBeLessThanOrEqual(1_000 + 3); // the check comes after the opcode, which adds three at most
    }),
    { numRuns: 2_000 },
  );
});

test("a script is read as the plain decoder reads it", () => {
  const plain = plainVerifier(true);
  fc.assert(
    fc.property(anyScript, (bytes) => {
      expect(isPushOnly(bytes)).toBe(plainScriptPolicy.isPushOnly(bytes));
      expect(matchMultisigScript(bytes) !== undefined).toBe(plain.isMultisig(bytes));
      const tx = {
        ...sampleTransactions["payment"]!,
        outputs: [{ value: 0n, scriptPubKey: bytes }],
      } as never;
      expect(legacySigops(tx)).toBe(plain.legacySigops(tx));
    }),
    { numRuns: 1_000 },
  );
});

test("what a cursor walks over is all of a well-formed script", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 600 }), { maxLength: 5 }), (pushes) => {
      const bytes = buildScript(...pushes);
      const cursor = new ScriptCursor(bytes);
      const found: string[] = [];
      while (cursor.next()) found.push(toWireHex(cursor.data));
      expect(found).toEqual(pushes.map(toWireHex));
      expect(cursor.malformed).toBe(false);
      const cut = new ScriptCursor(bytes.subarray(0, -1));
      while (cut.next()) expect(cut.malformed).toBe(false);
      expect(cut.malformed).toBe((pushes.at(-1)?.length ?? 0) > 0);
    }),
  );
});

/** The obvious form of a number: two's magnitude by division, sign on top. */
function encodeBig(value: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value < 0n ? -value : value; rest > 0n; rest /= 256n) bytes.push(Number(rest % 256n));
  if ((bytes.at(-1) ?? 0) >= 0x80) bytes.push(0);
  if (value < 0n) bytes.push(bytes.pop()! + 0x80);
  return Uint8Array.from(bytes);
}

test("numbers are encoded minimally, and every other encoding is told apart", () => {
  const anyNumber = fc.oneof(fc.integer({ min: -300, max: 300 }), fc.integer(), fc.maxSafeInteger());
  fc.assert(
    fc.property(anyNumber, fc.uint8Array({ maxLength: 6 }), (value, bytes) => {
      const encoded = encodeScriptNumber(value);
      expect(encoded).toEqual(encodeBig(BigInt(value)));
      expect(decodeScriptNumber(encoded, true, 8)).toBe(value === 0 ? 0 : value);
      const read = decodeScriptNumber(bytes, false, 5);
      expect(read !== undefined).toBe(bytes.length <= 5);
      if (read !== undefined) {
        const minimal = toWireHex(encodeScriptNumber(read)) === toWireHex(bytes);
        expect(decodeScriptNumber(bytes, true, 5) !== undefined).toBe(minimal);
        expect(isTrue(bytes)).toBe(read !== 0);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("a number is pushed in its minimal form", () => {
  fc.assert(
    fc.property(fc.integer({ min: -200, max: 70_000 }), (value) => {
      const cursor = new ScriptCursor(buildScript(numberPart(value)));
      expect(cursor.next()).toBe(true);
      if (cursor.opcode <= OP.PUSHDATA4) expect(isMinimalPush(cursor.data, cursor.opcode)).toBe(true);
      const stack: Uint8Array[] = [];
      evalScript(stack, buildScript(numberPart(value)), 0, moody);
      expect(stack.map((each) => decodeScriptNumber(each, true))).toEqual([value]);
    }),
  );
});

test("an accurate count of signature checks looks at the number of keys", () => {
  const multisig = buildScript(OP.ONE, OP.ONE + 2, OP.CHECKMULTISIG, OP.CHECKSIG);
  expect(scriptSigops(multisig, false)).toBe(21);
  expect(scriptSigops(multisig, true)).toBe(4);
  expect(scriptSigops(buildScript(OP.ZERO, OP.CHECKMULTISIGVERIFY), true)).toBe(20);
  expect(scriptSigops(Uint8Array.of(OP.CHECKSIG, 5, OP.CHECKSIG), true)).toBe(1);
});
