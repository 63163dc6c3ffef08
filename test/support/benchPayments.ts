import {
  branchIdAt,
  type ChainView,
  type Coin,
  type Outpoint,
  signTransaction,
  type Transaction,
  txid,
} from "@fluxlab/core";
import { BENCH_PARAMS } from "./benchNode.ts";
import { ordinaryTx } from "./chainBuilder.ts";
import { fastEcdsa } from "./ecdsa.ts";
import { MINER_KEY, MINER_SCRIPT } from "./miningLab.ts";

// Payments of the bench's network: the miner's coins go to the miner.

/** Satoshi a payment. */
export const FEE = 1_000n;

/** What the coinbase at a height pays first. */
export function coinbaseAt(view: ChainView, height: number): { outpoint: Outpoint; coin: Coin } {
  const block = view.block(view.shared.tree.ancestor(view.tip, height));
  if (block === undefined || block === "pruned") throw new Error("the last blocks are kept");
  const outpoint = { txid: txid(block.transactions[0]!), index: 0 };
  return { outpoint, coin: view.state().coin(outpoint)! };
}

/** A coin of the miner's to the miner. */
export function passedOn(prevout: Outpoint, coin: Coin, height: number): Transaction {
  const unsigned = ordinaryTx(BENCH_PARAMS, height, {
    inputs: [{ prevout, scriptSig: new Uint8Array(), sequence: 0xffffffff }],
    outputs: [{ value: coin.value - FEE, scriptPubKey: MINER_SCRIPT }],
  });
  const branchId = branchIdAt(BENCH_PARAMS.upgrades, height);
  const signed = signTransaction(
    fastEcdsa,
    unsigned,
    [{ outpoint: prevout, output: coin }],
    [MINER_KEY],
    branchId,
  );
  if (signed.kind !== "signed") throw new Error("the bench signs with the miner's key");
  return signed.tx;
}
