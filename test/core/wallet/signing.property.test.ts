import {
  branchIdAt,
  checkTransaction,
  combinePartials,
  feeAtRate,
  finalise,
  type KeyPair,
  keyId,
  mainnet,
  multisigScript,
  type PartialTransaction,
  type PlannedTransaction,
  payToKeyHash,
  payToPublicKey,
  payToScriptHash,
  planTransaction,
  type SpendableCoin,
  scriptIdOf,
  signPartial,
  signTransaction,
  startSigning,
  transactionSize,
} from "@fluxlab/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fastEcdsa } from "../../support/ecdsa.ts";
import { testKey } from "../../support/keys.ts";

const SPROUT_HEIGHT = 100_000;
const SAPLING_HEIGHT = 2_100_000;
const owner = testKey("owner");
const oldOwner = testKey("old owner", false);
const partners = [testKey("first"), testKey("second"), testKey("third")];
const redeemScript = multisigScript(
  2,
  partners.map(({ publicKey }) => publicKey),
);
const elsewhere = payToKeyHash(keyId(testKey("payee").publicKey));

const locks: readonly Omit<SpendableCoin, "outpoint" | "output">[] = [
  {},
  { publicKeyBytes: 65 },
  {},
  {},
  { redeemScript },
];
const scripts: readonly Uint8Array[] = [
  payToKeyHash(keyId(owner.publicKey)),
  payToKeyHash(keyId(oldOwner.publicKey)),
  payToPublicKey(owner.publicKey),
  multisigScript(
    2,
    partners.map(({ publicKey }) => publicKey),
  ),
  payToScriptHash(scriptIdOf(redeemScript)),
];

const coinOf = (kind: number, value: bigint, index: number): SpendableCoin => ({
  ...locks[kind],
  outpoint: { txid: new Uint8Array(32).fill(1), index },
  output: { value, scriptPubKey: scripts[kind]! },
});

const anyCoins = fc
  .array(fc.tuple(fc.nat(locks.length - 1), fc.bigInt({ min: 1_000n, max: 10_000_000n })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((kinds) => kinds.map(([kind, value], i) => coinOf(kind, value, i)));

const everyKey: readonly KeyPair[] = [owner, oldOwner, ...partners];
const neverAsked = { isMultisig: () => false, signaturesValid: () => false };

describe.each([
  ["before Acadia", SPROUT_HEIGHT],
  ["today", SAPLING_HEIGHT],
])("a payment %s", (_, height) => {
  const branchId = branchIdAt(mainnet.upgrades, height);

  test("is valid, pays its rate, and is signed by all who must", () => {
    fc.assert(
      fc.property(
        anyCoins,
        fc.bigInt({ min: 54n, max: 20_000_000n }),
        fc.bigInt({ min: 0n, max: 5_000n }),
        (coins, value, feeRate) => {
          const payments = [{ value, scriptPubKey: elsewhere }];
          const plan = { height, payments, coins, changeScript: scripts[0]!, feeRate };
          const planned = planTransaction(plan, mainnet);
          if (planned.kind !== "planned") {
            expect(planned.kind).toBe("insufficientFunds");
            return;
          }
          const signed = signTransaction(fastEcdsa, planned.tx, planned.coins, everyKey, branchId);
          if (signed.kind !== "signed") throw new Error(JSON.stringify(signed));
          expect(checkTransaction(signed.tx, neverAsked)).toBeUndefined();
          expect(planned.fee).toBeGreaterThanOrEqual(feeAtRate(feeRate, transactionSize(signed.tx)));
          const paid = signed.tx.outputs.reduce((sum, output) => sum + output.value, 0n);
          const spent = planned.coins.reduce((sum, { output }) => sum + output.value, 0n);
          expect(paid + planned.fee).toBe(spent);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe("a shared transaction", () => {
  const coins = [0, 3, 4].map((kind, i) => coinOf(kind, 1_000_000n, i));
  const plan = {
    height: SAPLING_HEIGHT,
    payments: [{ value: 2_500_000n, scriptPubKey: elsewhere }],
    coins,
    changeScript: scripts[0]!,
  };
  const planned = planTransaction(plan, mainnet) as PlannedTransaction;
  const start = startSigning(planned.tx, planned.coins, branchIdAt(mainnet.upgrades, SAPLING_HEIGHT));
  const signedBy = (key: KeyPair): PartialTransaction => signPartial(fastEcdsa, start, [key]);
  const combine = (...partials: PartialTransaction[]): PartialTransaction =>
    partials.reduce((a, b) => combinePartials(a, b)!);

  test("is finished by any two partners, whatever the order in which their parts are combined", () => {
    for (const [i, j] of [
      [0, 1],
      [1, 2],
      [0, 2],
    ] as const) {
      const parts = [signedBy(owner), signedBy(partners[i]!), signedBy(partners[j]!)];
      const forth = finalise(fastEcdsa, combine(...parts));
      expect(forth.kind).toBe("signed");
      expect(finalise(fastEcdsa, combine(...parts.toReversed()))).toEqual(forth);
      expect(finalise(fastEcdsa, combine(...parts, ...parts))).toEqual(forth);
    }
  });

  test("takes the first signatures in the script's order if there are more than it needs", () => {
    const two = combine(signedBy(owner), signedBy(partners[0]!), signedBy(partners[1]!));
    expect(finalise(fastEcdsa, combine(two, signedBy(partners[2]!)))).toEqual(finalise(fastEcdsa, two));
  });

  test("names the inputs that miss signatures", () => {
    const missing = (partial: PartialTransaction): number[] => {
      const result = finalise(fastEcdsa, partial);
      if (result.kind === "signed") return [];
      for (const { why } of result.inputs) expect(why).toBe("signaturesMissing");
      return result.inputs.map(({ index }) => index);
    };
    const shared = planned.coins.flatMap(({ output }, i) => (output.scriptPubKey === scripts[0] ? [] : [i]));
    expect(missing(start)).toEqual([0, 1, 2]);
    expect(missing(signedBy(owner))).toEqual(shared);
    expect(missing(combine(signedBy(owner), signedBy(partners[1]!)))).toEqual(shared);
  });

  test("is not finished by a wrong signature, and the input that has it is named", () => {
    const part = combine(signedBy(owner), signedBy(partners[0]!), signedBy(partners[1]!));
    const [first, ...rest] = part.inputs;
    const wrong = new Map(
      [...first!.signatures].map(([key, signature]) => [key, signature.with(10, signature[10]! ^ 1)]),
    );
    const result = finalise(fastEcdsa, { ...part, inputs: [{ ...first!, signatures: wrong }, ...rest] });
    expect(result).toMatchObject({ kind: "unsigned", inputs: [{ index: 0 }] });
  });

  test("is not combined with another", () => {
    const other = { ...start, tx: { ...start.tx, lockTime: 5 } };
    expect(combinePartials(start, other)).toBeUndefined();
  });
});

describe("a plan that cannot be carried out says why", () => {
  const base = { height: SAPLING_HEIGHT, coins: [coinOf(0, 10_000n, 0)], changeScript: scripts[0]! };

  test("nothing to pay", () => {
    expect(planTransaction({ ...base, payments: [] }, mainnet)).toEqual({ kind: "nothingToPay" });
  });

  test("dust", () => {
    const payments = [54n, 53n].map((value) => ({ value, scriptPubKey: elsewhere }));
    expect(planTransaction({ ...base, payments }, mainnet)).toEqual({
      kind: "dustPayment",
      payment: 1,
      valueMin: 54n,
    });
  });

  test("too little money", () => {
    const payments = [{ value: 10_000n, scriptPubKey: elsewhere }];
    expect(planTransaction({ ...base, payments }, mainnet)).toEqual({
      kind: "insufficientFunds",
      available: 10_000n,
      target: 10_000n,
    });
  });
});

test("a plan with a lock time makes its inputs heed it", () => {
  const payments = [{ value: 5_000n, scriptPubKey: elsewhere }];
  const plan = {
    height: SAPLING_HEIGHT,
    coins: [coinOf(0, 10_000n, 0)],
    changeScript: scripts[0]!,
    payments,
  };
  const planned = planTransaction({ ...plan, lockTime: SAPLING_HEIGHT + 5 }, mainnet) as PlannedTransaction;
  expect(planned.tx.inputs.map(({ sequence }) => sequence)).toEqual([0xffff_fffe]);
  expect(planned.tx.expiryHeight).toBe(SAPLING_HEIGHT + 20);
});
