import type { Outpoint } from "../primitives/outpoint.ts";
import type { Coin } from "../rules/coin.ts";
import {
  ID_BYTES,
  isPayToKeyHash,
  isPayToScriptHash,
  payToKeyHash,
  payToScriptHash,
} from "../script/standard.ts";
import { assert } from "../util/assert.ts";
import { ABSENT, grownTo, KeyTable } from "./keyTable.ts";

const TXID_WORDS = 8;

/**
 * How a script is kept: nearly all are one of two forms, of which only the hash differs. One that is no longer than such a hash, as
 * modelled miners use, lies in its place: {@link SHORT} and its length.
 */
const KEY_HASH = 0;
const SCRIPT_HASH = 1;
const IN_FULL = 2;
const SHORT = 3;

/**
 * Unspent outputs in typed columns, nothing of them on the heap but unusual scripts. A transaction's id, height and kind are
 * kept once for all its outputs: an output is found by the transaction's row and its index.
 */
export class CoinTable {
  readonly #transactions: KeyTable;
  /** By transaction row: height * 2, and 1 more for a coinbase. */
  #origin: Uint32Array;
  /** By transaction row: outputs that are in the table. */
  #outputs: Uint32Array;
  readonly #coins: KeyTable;
  /** By coin row. */
  #value: BigInt64Array;
  #scriptForm: Uint8Array;
  #scriptHash: Uint8Array;
  readonly #scriptsInFull: Map<number, Uint8Array>;

  constructor() {
    this.#transactions = new KeyTable(TXID_WORDS);
    this.#origin = new Uint32Array(0);
    this.#outputs = new Uint32Array(0);
    this.#coins = new KeyTable(2);
    this.#value = new BigInt64Array(0);
    this.#scriptForm = new Uint8Array(0);
    this.#scriptHash = new Uint8Array(0);
    this.#scriptsInFull = new Map();
  }

  get size(): number {
    return this.#coins.size;
  }

  /** The coin of that name. */
  get(outpoint: Outpoint): Coin | undefined {
    const transaction = this.#findTransaction(outpoint.txid);
    if (transaction === ABSENT) return undefined;
    const row = this.#findCoin(transaction, outpoint.index);
    return row === ABSENT ? undefined : this.#coinAt(row, transaction);
  }

  /** How many outputs of a transaction are in the table. */
  outputsOf(txid: Uint8Array): number {
    const transaction = this.#findTransaction(txid);
    return transaction === ABSENT ? 0 : this.#outputs[transaction]!;
  }

  /** Puts in a coin, which must not be there. */
  add({ txid, index }: Outpoint, coin: Coin): void {
    const origin = coin.height * 2 + (coin.coinbase ? 1 : 0);
    let transaction = this.#findTransaction(txid);
    if (transaction === ABSENT) transaction = this.#addTransaction(origin);
    assert(this.#origin[transaction] === origin, "outputs of one transaction come from one block");
    this.#outputs[transaction]!++;
    this.#coins.key[0] = transaction;
    this.#coins.key[1] = index;
    this.#setCoin(this.#coins.add(), coin);
  }

  /** Takes out a coin, which must be there. */
  remove({ txid, index }: Outpoint): void {
    const transaction = this.#findTransaction(txid);
    assert(transaction !== ABSENT && this.#findCoin(transaction, index) !== ABSENT, "only a coin is spent");
    this.#scriptsInFull.delete(this.#coins.remove());
    this.#outputs[transaction]!--;
    if (this.#outputs[transaction] === 0) this.#transactions.remove();
  }

  /** Every coin, in no particular order. */
  *entries(): Generator<readonly [Outpoint, Coin]> {
    for (const row of this.#coins.rows()) {
      const transaction = this.#coins.wordOf(row, 0);
      const outpoint = { txid: this.#txidAt(transaction), index: this.#coins.wordOf(row, 1) };
      yield [outpoint, this.#coinAt(row, transaction)];
    }
  }

  /** Leaves the id's words in the key of the transactions' table. */
  #findTransaction(txid: Uint8Array): number {
    const { key } = this.#transactions;
    for (let word = 0; word < TXID_WORDS; word++) {
      const at = word * 4;
      key[word] = txid[at]! | (txid[at + 1]! << 8) | (txid[at + 2]! << 16) | (txid[at + 3]! << 24);
    }
    return this.#transactions.find();
  }

  #findCoin(transaction: number, index: number): number {
    this.#coins.key[0] = transaction;
    this.#coins.key[1] = index;
    return this.#coins.find();
  }

  #addTransaction(origin: number): number {
    const row = this.#transactions.add();
    const { capacity } = this.#transactions;
    this.#origin = grownTo(this.#origin, capacity, (length) => new Uint32Array(length));
    this.#outputs = grownTo(this.#outputs, capacity, (length) => new Uint32Array(length));
    this.#origin[row] = origin;
    this.#outputs[row] = 0;
    return row;
  }

  #setCoin(row: number, { value, scriptPubKey }: Coin): void {
    const { capacity } = this.#coins;
    this.#value = grownTo(this.#value, capacity, (length) => new BigInt64Array(length));
    this.#scriptForm = grownTo(this.#scriptForm, capacity, (length) => new Uint8Array(length));
    this.#scriptHash = grownTo(this.#scriptHash, capacity * ID_BYTES, (length) => new Uint8Array(length));
    this.#value[row] = value;
    const at = row * ID_BYTES;
    if (isPayToKeyHash(scriptPubKey)) {
      this.#scriptForm[row] = KEY_HASH;
      this.#scriptHash.set(scriptPubKey.subarray(3, 3 + ID_BYTES), at);
    } else if (isPayToScriptHash(scriptPubKey)) {
      this.#scriptForm[row] = SCRIPT_HASH;
      this.#scriptHash.set(scriptPubKey.subarray(2, 2 + ID_BYTES), at);
    } else if (scriptPubKey.length <= ID_BYTES) {
      this.#scriptForm[row] = SHORT + scriptPubKey.length;
      this.#scriptHash.set(scriptPubKey, at);
    } else {
      this.#scriptForm[row] = IN_FULL;
      this.#scriptsInFull.set(row, scriptPubKey.slice()); // a view would keep its whole block
    }
  }

  #coinAt(row: number, transaction: number): Coin {
    const origin = this.#origin[transaction]!;
    return {
      value: this.#value[row]!,
      scriptPubKey: this.#scriptAt(row),
      height: origin >>> 1,
      coinbase: (origin & 1) === 1,
    };
  }

  #scriptAt(row: number): Uint8Array {
    const form = this.#scriptForm[row]!;
    if (form === IN_FULL) return this.#scriptsInFull.get(row)!;
    const at = row * ID_BYTES;
    if (form >= SHORT) return this.#scriptHash.slice(at, at + form - SHORT);
    const hash = this.#scriptHash.slice(at, at + ID_BYTES);
    return form === KEY_HASH ? payToKeyHash(hash) : payToScriptHash(hash);
  }

  #txidAt(transaction: number): Uint8Array {
    const txid = new Uint8Array(TXID_WORDS * 4);
    for (let at = 0; at < txid.length; at++) {
      txid[at] = this.#transactions.wordOf(transaction, at >> 2) >>> (8 * (at & 3));
    }
    return txid;
  }
}
