import {
  type Coin,
  checkConfirmState,
  checkStartState,
  collateralInputTier,
  type FluxnodeStart,
  flux,
  INITIAL_CONFIRM,
  keyId,
  mainnet,
  multisigScript,
  type Params,
  payToKeyHash,
  payToPublicKey,
  payToScriptHash,
  scriptIdOf,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { confirmTx, startTx } from "../../../support/chainBuilder.ts";

const keys = ["02", "03"].map((byte) => `${byte}${"77".repeat(32)}`);
const since = 1_600_000_000;
const params: Params = {
  ...mainnet,
  fluxnodes: {
    ...mainnet.fluxnodes,
    foundationKeys: [
      { validFrom: 0, publicKey: keys[0]! },
      { validFrom: since, publicKey: keys[1]! },
    ],
  },
};

/** Of one of the foundation's multisig outputs. */
const coin: Coin = {
  value: flux(10_000n),
  scriptPubKey: payToScriptHash(scriptIdOf(new Uint8Array(0))),
  height: 1,
  coinbase: false,
};

test("a foundation key stands for multisig collaterals from its own second to that of the next", () => {
  const ruleFor = (key: string, sigTime: number) => {
    const tx = startTx({ txid: new Uint8Array(32).fill(1), index: 0 }, wireHex(key), sigTime);
    return checkStartState(tx, { node: undefined, coin, transactionKnown: () => true }, params)?.rule;
  };
  const refused = "fluxnode-tx-p2sh-publickeys-didn't-match";
  const rules = keys.map((key) => [since - 1, since].map((sigTime) => ruleFor(key, sigTime)));
  expect(rules).toEqual([
    [undefined, refused],
    [refused, undefined],
  ]);
});

/** The rule that a START breaks whose collateral is an output of this script. */
const ruleOf = (scriptPubKey: Uint8Array, changes: Partial<FluxnodeStart>): string | undefined => {
  const tx = { ...startTx({ txid: new Uint8Array(32).fill(1), index: 0 }, owner, 1), ...changes };
  const state = { node: undefined, coin: { ...coin, scriptPubKey }, transactionKnown: () => true };
  return checkStartState(tx, state, params)?.rule;
};

const owner = wireHex(`02${"11".repeat(32)}`);
const redeemScript = multisigScript(1, [owner]);
const toKeyHash = payToKeyHash(keyId(owner));
const toScript = payToScriptHash(scriptIdOf(redeemScript));
const normal = { version: 6, fluxTxVersion: 1 } as const;
const p2sh = { version: 6, fluxTxVersion: 2, collateralPubkey: new Uint8Array(0), redeemScript } as const;

test.each<[string, Uint8Array, Partial<FluxnodeStart>, string | undefined]>([
  ["version 5, key hash", toKeyHash, {}, undefined],
  ["version 5, bare key", payToPublicKey(owner), {}, undefined],
  [
    "version 5, key hash of another",
    payToKeyHash(new Uint8Array(20)),
    {},
    "fluxnode-tx-destinations-didn't-match",
  ],
  ["version 5, bare multisig", redeemScript, {}, "fluxnode-tx-failed-to-extract-destination"],
  [
    "version 5, bare key that is none",
    payToPublicKey(new Uint8Array(33)),
    {},
    "fluxnode-tx-failed-to-extract-destination",
  ],
  ["version 5, script hash", toScript, {}, "fluxnode-tx-p2sh-publickeys-didn't-match"],
  ["normal, key hash", toKeyHash, normal, undefined],
  ["normal, bare key", payToPublicKey(owner), normal, "fluxnode-tx-normal-version-not-p2pkh-script"],
  ["normal, script hash", toScript, normal, "fluxnode-tx-normal-version-not-p2pkh-script"],
  ["P2SH, its script", toScript, p2sh, undefined],
  ["P2SH, key hash", toKeyHash, p2sh, "fluxnode-tx-p2sh-version-not-p2sh-script"],
  [
    "P2SH, another script",
    payToScriptHash(new Uint8Array(20)),
    p2sh,
    "fluxnode-tx-p2shnodes-destinations-didn't-match",
  ],
  // Both bits: of neither kind, so no script form is asked for; but there is no key.
  ["both, script hash", toScript, { ...p2sh, fluxTxVersion: 3 }, "fluxnode-tx-p2sh-publickeys-didn't-match"],
  ["both, key hash", toKeyHash, { ...p2sh, fluxTxVersion: 3 }, "fluxnode-tx-destinations-didn't-match"],
])("a collateral's script against its START: %s", (_, scriptPubKey, changes, rule) => {
  expect(ruleOf(scriptPubKey, changes)).toBe(rule);
});

test("a CONFIRM of an unknown node is invalid, whatever tier it claims", () => {
  const tx = confirmTx({ txid: new Uint8Array(32).fill(1), index: 0 }, INITIAL_CONFIRM, "", 1);
  expect(checkConfirmState(tx, undefined, 2_100_000, mainnet)?.rule).toBe("fluxnode-tx-unknown-node");
});

test("a collateral is a hundred blocks old at least, and of an amount of its height", () => {
  const tx = startTx({ txid: new Uint8Array(32).fill(1), index: 0 }, owner, 1);
  const tierOf = (value: bigint, height: number, age: number) => {
    const tier = collateralInputTier(tx, { ...coin, value, height: height - age }, height, mainnet);
    return typeof tier === "string" ? tier : tier.facts["detail"];
  };
  const [old, fresh] = [flux(10_000n), flux(1_000n)];
  expect([tierOf(old, 600_000, 99), tierOf(old, 600_000, 100)]).toEqual([
    "Minimum height requirement not met",
    "cumulus",
  ]);
  const none = "Couldn't get coin tier from amount";
  expect([1_076_531, 1_076_532, 1_086_611, 1_086_612].map((height) => tierOf(fresh, height, 100))).toEqual([
    none,
    "cumulus",
    "cumulus",
    "cumulus",
  ]);
  expect([1_086_611, 1_086_612].map((height) => tierOf(old, height, 100))).toEqual(["cumulus", none]);
  expect([old - 1n, old + 1n].map((value) => tierOf(value, 600_000, 100))).toEqual([none, none]);
});
