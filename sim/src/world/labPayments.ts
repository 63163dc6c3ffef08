import {
  addressScript,
  assert,
  branchIdAt,
  equalBytes,
  fusionPayloadBytes,
  keyId,
  nobleEcdsa,
  nullDataScript,
  type OrdinaryTransaction,
  type Params,
  payToKeyHash,
  planTransaction,
  type Random,
  type SpendableCoin,
  signTransaction,
  type TxOutput,
  txid,
} from "@fluxlab/core";
import type { LabHistory } from "./labHistory.ts";
import { labKey } from "./labKeys.ts";

/** Satoshi that change hands at once. */
const AMOUNT = 100_000_000n;
/** A parallel chain and an account on it: the first of spec 05. */
const LOCK_TARGET = 1;
const ACCOUNT_BYTES = 20;

const payer = labKey(nobleEcdsa, "premine");
const payerScript = payToKeyHash(keyId(payer.publicKey));

/**
 * Payments of a laboratory's miner, who has the coinbases of its history: each spends the coin that waited longest and gets the change back.
 * Blocks of a branch that dies may take a coin with them; those that follow from it are refused then.
 */
export class LabPayments {
  readonly #params: Params;
  readonly #random: Random;
  readonly #coins: SpendableCoin[];

  constructor(params: Params, history: LabHistory, random: Random) {
    this.#params = params;
    this.#random = random;
    const mature = history.blocks.slice(1, history.blocks.length - params.coinbaseMaturity);
    this.#coins = mature.flatMap(({ transactions: [coinbase] }) => {
      assert(coinbase?.kind === "ordinary", "blocks begin with a coinbase");
      const own = equalBytes(coinbase.outputs[0]!.scriptPubKey, payerScript);
      return own ? coinOf(coinbase, 0) : [];
    });
  }

  /** A payment to somebody, for a block at this height or later. Undefined: nobody has coins. */
  payment(height: number): OrdinaryTransaction | undefined {
    const account = Uint8Array.from({ length: ACCOUNT_BYTES }, () => this.#random.below(256));
    return this.#spend(height, [{ value: AMOUNT, scriptPubKey: payToKeyHash(account) }]);
  }

  /** Coins locked in the swap pool, to be paid out on a parallel chain. Source: spec 05 section 6. */
  lock(height: number): OrdinaryTransaction | undefined {
    const pool = addressScript(this.#params.funds.swapPool.address, this.#params);
    assert(pool !== undefined, "a network's swap pool has an address of the network");
    const account = Uint8Array.from({ length: ACCOUNT_BYTES }, () => this.#random.below(256));
    const payload = fusionPayloadBytes({
      type: "lock",
      target: LOCK_TARGET,
      recipient: { kind: 1, account },
    });
    return this.#spend(height, [
      { value: AMOUNT, scriptPubKey: pool },
      { value: 0n, scriptPubKey: nullDataScript(payload) },
    ]);
  }

  #spend(height: number, payments: readonly TxOutput[]): OrdinaryTransaction | undefined {
    const coin = this.#coins.shift();
    if (coin === undefined) return undefined;
    const planned = planTransaction(
      { height, payments, coins: [coin], changeScript: payerScript, expiryHeight: 0 },
      this.#params,
    );
    if (planned.kind !== "planned") return this.#spend(height, payments); // too little is left of this one
    const branch = branchIdAt(this.#params.upgrades, height);
    const signed = signTransaction(nobleEcdsa, planned.tx, planned.coins, [payer], branch);
    assert(signed.kind === "signed", "the miner's key is known");
    if (planned.change > 0n) this.#coins.push(...coinOf(signed.tx, signed.tx.outputs.length - 1));
    return signed.tx;
  }
}

function coinOf(tx: OrdinaryTransaction, index: number): SpendableCoin[] {
  const output = tx.outputs[index];
  assert(output !== undefined, "the output is there");
  return [{ outpoint: { txid: txid(tx), index }, output }];
}
