import {
  addressScript,
  encodeWif,
  finalise,
  type KeyPair,
  keyId,
  mainnet,
  multisigScript,
  NOTHING_SHIELDED,
  type OrdinaryTransaction,
  parseWhole,
  payToKeyHash,
  payToPublicKey,
  payToScriptHash,
  readTransaction,
  SAPLING_GROUP_ID,
  SignatureHasher,
  type SpendableCoin,
  scriptAddress,
  scriptIdOf,
  signPartial,
  startSigning,
  toDisplayHex,
  toWireHex,
  transactionBytes,
  txid,
  wireHex,
} from "@fluxlab/core";
import utxoLib from "@runonflux/utxo-lib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { anyKey, anyTxid } from "../../support/keys.ts";

// Another implementation of Sapling transactions, by other people, must agree on every byte.

const BRANCH_ID = mainnet.upgrades.pon.branchId;
const flux = utxoLib.networks.flux;

/** How a coin is locked, and the keys that open it. */
interface Lock {
  readonly scriptPubKey: Uint8Array;
  readonly redeemScript?: Uint8Array;
  readonly keys: readonly KeyPair[];
}

function scriptHashLock(redeemScript: Uint8Array, keys: readonly KeyPair[]): Lock {
  return { scriptPubKey: payToScriptHash(scriptIdOf(redeemScript)), redeemScript, keys };
}

const anyMultisig = fc
  .uniqueArray(anyKey, { minLength: 1, maxLength: 4, selector: ({ publicKey }) => toWireHex(publicKey) })
  .chain((keys) => fc.integer({ min: 1, max: keys.length }).map((required) => ({ keys, required })))
  .map(({ keys, required }) => ({
    script: multisigScript(
      required,
      keys.map(({ publicKey }) => publicKey),
    ),
    signers: keys.slice(0, required),
  }));

const anyLock: fc.Arbitrary<Lock> = fc.oneof(
  anyKey.map((key) => ({ scriptPubKey: payToKeyHash(keyId(key.publicKey)), keys: [key] })),
  anyKey.map((key) => ({ scriptPubKey: payToPublicKey(key.publicKey), keys: [key] })),
  anyMultisig.map(({ script, signers }) => ({ scriptPubKey: script, keys: signers })),
  anyMultisig.map(({ script, signers }) => scriptHashLock(script, signers)),
);

/** Their amounts are numbers. */
const anyValue = fc.bigInt({ min: 0n, max: 2n ** 53n - 1n });
const anyCoin = fc
  .record({
    lock: anyLock,
    txid: anyTxid,
    index: fc.nat(),
    value: anyValue,
    sequence: fc.integer({ min: 0, max: 0xffff_ffff }),
  })
  .map(({ lock, txid, index, value, sequence }) => {
    const coin: SpendableCoin = {
      outpoint: { txid, index },
      output: { value, scriptPubKey: lock.scriptPubKey },
      ...(lock.redeemScript === undefined ? {} : { redeemScript: lock.redeemScript }),
    };
    return { coin, sequence, keys: lock.keys };
  });

const anyOutput = fc.record({ value: anyValue, scriptPubKey: fc.uint8Array({ maxLength: 60 }) });
const anyHashType = fc.constantFrom(1, 2, 3, 0x81, 0x82, 0x83);

const anySpend = fc.record({
  coins: fc.uniqueArray(anyCoin, {
    minLength: 1,
    maxLength: 4,
    selector: ({ coin }) => toDisplayHex(coin.outpoint.txid) + coin.outpoint.index,
  }),
  outputs: fc.array(anyOutput, { minLength: 1, maxLength: 4 }),
  lockTime: fc.integer({ min: 0, max: 0xffff_ffff }),
  expiryHeight: fc.integer({ min: 0, max: 499_999_999 }),
  hashType: anyHashType,
});

test("hashes, signatures, bytes and ids of Sapling transactions", () => {
  fc.assert(
    fc.property(anySpend, ({ coins, outputs, lockTime, expiryHeight, hashType }) => {
      const unsigned: OrdinaryTransaction = {
        kind: "ordinary",
        overwintered: true,
        version: 4,
        versionGroupId: SAPLING_GROUP_ID,
        inputs: coins.map(({ coin, sequence }) => ({
          prevout: coin.outpoint,
          scriptSig: new Uint8Array(0),
          sequence,
        })),
        outputs,
        lockTime,
        expiryHeight,
        shielded: NOTHING_SHIELDED,
      };
      const theirs = new utxoLib.TransactionBuilder(flux, Number.MAX_SAFE_INTEGER);
      theirs.setVersion(4);
      theirs.setVersionGroupId(SAPLING_GROUP_ID);
      theirs.setExpiryHeight(expiryHeight);
      theirs.setLockTime(lockTime);
      for (const { coin, sequence } of coins) {
        const { txid, index } = coin.outpoint;
        theirs.addInput(toDisplayHex(txid), index, sequence, Buffer.from(coin.output.scriptPubKey));
      }
      for (const { value, scriptPubKey } of outputs)
        theirs.addOutput(Buffer.from(scriptPubKey), Number(value));
      const theirUnsigned = theirs.buildIncomplete();

      const hasher = new SignatureHasher(unsigned, BRANCH_ID);
      for (const [index, { coin }] of coins.entries()) {
        const scriptCode = coin.redeemScript ?? coin.output.scriptPubKey;
        const amount = coin.output.value;
        const theirHash = theirUnsigned.hashForZcashSignature(
          index,
          Buffer.from(scriptCode),
          Number(amount),
          hashType,
        );
        expect(toWireHex(hasher.digest({ index, scriptCode, amount }, hashType)!)).toBe(
          theirHash.toString("hex"),
        );
      }

      let ours = startSigning(
        unsigned,
        coins.map(({ coin }) => coin),
        BRANCH_ID,
      );
      for (const [index, { coin, keys }] of coins.entries()) {
        ours = signPartial(fastEcdsa, ours, keys, hashType);
        for (const key of keys) {
          const redeemScript = coin.redeemScript && Buffer.from(coin.redeemScript);
          const pair = utxoLib.ECPair.fromWIF(encodeWif(key, mainnet), flux);
          theirs.sign(index, pair, redeemScript, hashType, Number(coin.output.value));
        }
      }
      const signed = finalise(fastEcdsa, ours);
      if (signed.kind !== "signed") throw new Error(JSON.stringify(signed));
      const theirSigned = theirs.build();
      expect(toWireHex(transactionBytes(signed.tx))).toBe(theirSigned.toHex());
      expect(toDisplayHex(txid(signed.tx))).toBe(theirSigned.getId());
      expect(parseWhole(wireHex(theirSigned.toHex()), readTransaction)).toEqual(signed.tx);
    }),
    { numRuns: 25 },
  );
});

test("addresses and key texts", () => {
  fc.assert(
    fc.property(anyKey, anyMultisig, (key, { script }) => {
      const pair = utxoLib.ECPair.fromWIF(encodeWif(key, mainnet), flux);
      expect(pair.toWIF()).toBe(encodeWif(key, mainnet));
      expect(toWireHex(pair.getPublicKeyBuffer())).toBe(toWireHex(key.publicKey));
      expect(pair.getAddress()).toBe(scriptAddress(payToPublicKey(key.publicKey), mainnet));
      const scriptPubKey = payToScriptHash(scriptIdOf(script));
      const address = utxoLib.address.fromOutputScript(Buffer.from(scriptPubKey), flux);
      expect(scriptAddress(scriptPubKey, mainnet)).toBe(address);
      expect(toWireHex(addressScript(address, mainnet)!)).toBe(
        utxoLib.address.toOutputScript(address, flux).toString("hex"),
      );
    }),
    { numRuns: 25 },
  );
});
