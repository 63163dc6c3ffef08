import {
  DELEGATE_SIGNING,
  type Delegates,
  delegateUpdate,
  encodeBase64,
  encodeWif,
  FLUX_MESSAGE_MAGIC,
  type KeyPair,
  mainnet,
  multisigScript,
  signMessage,
  signStart,
  startSignatureValid,
  startVersion5,
  startVersion6,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  txid,
  ZELID_MESSAGE_MAGIC,
} from "@fluxlab/core";
import fluxSdk from "@runonflux/flux-sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { anyKey, anyTxid } from "../../support/keys.ts";

// The wallet library of the Flux team must agree on every byte of a START.

const { fluxnode } = fluxSdk;
const wif = (key: KeyPair): string => encodeWif(key, mainnet);

const anyStart = fc.record({
  txid: anyTxid,
  index: fc.integer({ min: 0, max: 0xffff_ffff }),
  owner: anyKey,
  node: anyKey,
  sigTime: fc.integer({ min: 0, max: 0xffff_ffff }),
});

test("START version 5", () => {
  fc.assert(
    fc.property(anyStart, ({ txid: id, index, owner, node, sigTime }) => {
      const unsigned = startVersion5({
        collateral: { txid: id, index },
        collateralKey: owner.publicKey,
        nodeKey: node.publicKey,
        sigTime,
      });
      const ours = signStart(fastEcdsa, unsigned, owner);
      const theirs = fluxnode.startFluxNode(
        toDisplayHex(id),
        index,
        wif(owner),
        wif(node),
        sigTime,
        owner.compressed,
        node.compressed,
      );
      expect(toWireHex(transactionBytes(ours))).toBe(theirs);
      expect(toDisplayHex(txid(ours))).toBe(fluxnode.txidStart(theirs));
      expect(startSignatureValid(fastEcdsa, ours, [])).toBe(true);
    }),
    { numRuns: 25 },
  );
});

const anyDelegates: fc.Arbitrary<Delegates | undefined> = fc.oneof(
  fc.constant(undefined),
  fc.constant(DELEGATE_SIGNING),
  fc
    .array(anyKey, { minLength: 1, maxLength: 4 })
    .map((keys) => delegateUpdate(keys.map(({ publicKey }) => publicKey))),
);

test("START version 6 of keys and of multisigs, with and without delegates", () => {
  fc.assert(
    fc.property(anyStart, anyDelegates, fc.boolean(), (start, delegates, multisig) => {
      const { txid: id, index, owner, node, sigTime } = start;
      const redeemScript = multisigScript(1, [node.publicKey, owner.publicKey]);
      const unsigned = startVersion6({
        collateral: { txid: id, index },
        owner: multisig ? { type: "script", redeemScript } : { type: "key", publicKey: owner.publicKey },
        nodeKey: node.publicKey,
        sigTime,
        ...(delegates === undefined ? {} : { delegates }),
      });
      const ours = signStart(fastEcdsa, unsigned, owner);
      const theirs = fluxnode.startFluxNodev6(
        toDisplayHex(id),
        index,
        wif(owner),
        wif(node),
        sigTime,
        owner.compressed,
        node.compressed,
        multisig ? toWireHex(redeemScript) : undefined,
        delegates === undefined
          ? null
          : {
              version: delegates.version,
              type: delegates.type,
              delegatePublicKeys: delegates.keys.map(toWireHex),
            },
      );
      expect(toWireHex(transactionBytes(ours))).toBe(theirs);
      const byDelegate = delegates === DELEGATE_SIGNING;
      expect(startSignatureValid(fastEcdsa, ours, [])).toBe(!byDelegate);
      expect(startSignatureValid(fastEcdsa, ours, [owner.publicKey])).toBe(true);
    }),
    { numRuns: 40 },
  );
});

test("message signatures under both magics", () => {
  fc.assert(
    fc.property(anyKey, fc.string({ unit: "binary" }), (key, text) => {
      const message = new Uint8Array(Buffer.from(text));
      for (const magic of [FLUX_MESSAGE_MAGIC, ZELID_MESSAGE_MAGIC] as const) {
        const theirs = fluxnode.signMessage(text, wif(key), key.compressed, `\x18${magic}`);
        expect(encodeBase64(signMessage(fastEcdsa, key, message, magic))).toBe(theirs);
      }
    }),
    { numRuns: 25 },
  );
});
