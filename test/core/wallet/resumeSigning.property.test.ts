import {
  finalise,
  keyId,
  multisigScript,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  payToKeyHash,
  payToPublicKey,
  payToScriptHash,
  resumeSigning,
  SAPLING_GROUP_ID,
  type SpendableCoin,
  scriptIdOf,
  signedSoFar,
  signPartial,
  startSigning,
} from "@fluxlab/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { testKey } from "../../support/keys.ts";

const keys = ["a", "b", "c", "d"].map((label) => testKey(label));
const [owner] = keys;
const redeemScript = multisigScript(
  3,
  keys.map(({ publicKey }) => publicKey),
);
const scripts = [
  payToKeyHash(keyId(owner!.publicKey)),
  payToPublicKey(owner!.publicKey),
  payToScriptHash(scriptIdOf(redeemScript)),
  redeemScript,
];
const coins: SpendableCoin[] = scripts.map((scriptPubKey, index) => ({
  outpoint: { txid: new Uint8Array(32).fill(3), index },
  output: { value: 1_000_000n, scriptPubKey },
  ...(index === 2 ? { redeemScript } : {}),
}));

const unsigned = (overwintered: boolean): OrdinaryTransaction => ({
  kind: "ordinary",
  overwintered,
  version: overwintered ? 4 : 1,
  versionGroupId: overwintered ? SAPLING_GROUP_ID : 0,
  inputs: coins.map(({ outpoint }) => ({
    prevout: outpoint,
    scriptSig: new Uint8Array(0),
    sequence: 0xffff_ffff,
  })),
  outputs: [{ value: 3_000_000n, scriptPubKey: scripts[0]! }],
  lockTime: 0,
  expiryHeight: 0,
  shielded: NOTHING_SHIELDED,
});

const BRANCH = 0x76b8_09bb;

test("signing in turns, each on the transaction of the one before, comes to what signing together does", () => {
  const order = fc.shuffledSubarray(keys, { minLength: 0 });
  fc.assert(
    fc.property(fc.boolean(), order, (overwintered, signers) => {
      const tx = unsigned(overwintered);
      const together = signPartial(fastEcdsa, startSigning(tx, coins, BRANCH), signers);
      let turn = tx;
      for (const signer of signers) {
        const partial = resumeSigning(fastEcdsa, turn, coins, BRANCH);
        turn = signedSoFar(signPartial(fastEcdsa, partial, [signer]));
      }
      const inTurns = resumeSigning(fastEcdsa, turn, coins, BRANCH);
      const needed = signers.includes(owner!) && signers.length >= 3;
      expect(finalise(fastEcdsa, inTurns).kind).toBe(needed ? "signed" : "unsigned");
      if (needed && signers.length === 3) expect(signedSoFar(together)).toEqual(turn);
    }),
    { numRuns: 30 },
  );
});

test("signatures of another transaction, and anything else in a script, are left out", () => {
  const signed = signedSoFar(signPartial(fastEcdsa, startSigning(unsigned(true), coins, BRANCH), keys));
  const other = { ...signed, lockTime: 1 };
  const resumed = resumeSigning(fastEcdsa, other, coins, BRANCH);
  for (const { signatures } of resumed.inputs) expect(signatures.size).toBe(0);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (scriptSig) => {
      const inputs = signed.inputs.map((input) => ({ ...input, scriptSig }));
      const partial = resumeSigning(fastEcdsa, { ...signed, inputs }, coins, BRANCH);
      for (const { signatures } of partial.inputs) expect(signatures.size).toBe(0);
    }),
  );
});
