import {
  type Coin,
  checkStartState,
  flux,
  mainnet,
  type Params,
  payToScriptHash,
  scriptIdOf,
  wireHex,
} from "@fluxlab/core";
import { expect, test } from "vitest";
import { startTx } from "../../../support/chainBuilder.ts";

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
