import type { OrdinaryTransaction, Outpoint, Params, StateView } from "@fluxlab/core";
import { toDisplayHex, txid } from "@fluxlab/core";

// The pool of payments as anyone would first write it: a list, every question answered by going through all of it. Scripts are
// taken to be satisfied, nothing is shielded, and the pool is never full.

export const nameOf = ({ txid, index }: Outpoint): string => `${toDisplayHex(txid)}:${index}`;

export const idOf = (tx: OrdinaryTransaction): string => toDisplayHex(txid(tx));

export const spentBy = (tx: OrdinaryTransaction): string[] => tx.inputs.map(({ prevout }) => nameOf(prevout));

export class NaivePool {
  txs: OrdinaryTransaction[] = [];
  readonly #params: Params;

  constructor(params: Params) {
    this.#params = params;
  }

  /** What an outpoint is worth, in the pool or the chain; undefined if there is no such coin. */
  #value(outpoint: Outpoint, state: StateView): bigint | undefined {
    const parent = this.txs.find((tx) => idOf(tx) === toDisplayHex(outpoint.txid));
    return parent === undefined ? state.coin(outpoint)?.value : parent.outputs[outpoint.index]?.value;
  }

  #mature(outpoint: Outpoint, state: StateView): boolean {
    const coin = state.coin(outpoint);
    return !coin?.coinbase || state.height + 1 - coin.height >= this.#params.coinbaseMaturity;
  }

  /** Takes `tx` if it may be in the next block together with all the others, and has three blocks to spare. */
  offer(tx: OrdinaryTransaction, state: StateView): boolean {
    const values = tx.inputs.map(({ prevout }) => this.#value(prevout, state));
    const worth = values.reduce<bigint>((sum, value) => sum + (value ?? 0n), 0n);
    const takes =
      !this.txs.some((other) => idOf(other) === idOf(tx)) &&
      !this.txs.some((other) => spentBy(other).some((name) => spentBy(tx).includes(name))) &&
      tx.outputs.every((_, index) => state.coin({ txid: txid(tx), index }) === undefined) &&
      values.every((value) => value !== undefined) &&
      tx.inputs.every(({ prevout }) => this.#mature(prevout, state)) &&
      worth >= tx.outputs.reduce((sum, { value }) => sum + value, 0n) &&
      (tx.expiryHeight === 0 || tx.expiryHeight >= state.height + 4);
    if (takes) this.txs.push(tx);
    return takes;
  }

  /** Drops whatever `keeps` says no to and, again and again, whatever has lost a coin it spends. */
  #keep(state: StateView, keeps: (tx: OrdinaryTransaction) => boolean): void {
    this.txs = this.txs.filter(keeps);
    const whole = (tx: OrdinaryTransaction): boolean =>
      tx.inputs.every(({ prevout }) => this.#value(prevout, state) !== undefined);
    while (!this.txs.every(whole)) this.txs = this.txs.filter(whole);
  }

  /** `state`: after the block. What was mined has lost its coins like what conflicts with it. */
  blockConnected(state: StateView): void {
    this.#keep(state, ({ expiryHeight }) => expiryHeight === 0 || expiryHeight >= state.height);
  }

  /** `state`: before the block. */
  blockDisconnected(payments: readonly OrdinaryTransaction[], state: StateView): void {
    for (const tx of payments) this.offer(tx, state);
    this.#keep(state, (tx) => tx.inputs.every(({ prevout }) => this.#mature(prevout, state)));
  }
}
