import { type Boost, toWireHex } from "@fluxlab/core";

/** What the operator thinks of transactions: prioritisetransaction. Lost with the process, as in fluxd. */
export class Boosts {
  readonly #boosts: Map<string, Boost>;

  constructor() {
    this.#boosts = new Map();
  }

  /** Adds to what was said before. `txid` in wire order, `fee` in satoshi. */
  add(txid: Uint8Array, priority: number, fee: bigint): void {
    const before = this.of(txid);
    this.#boosts.set(toWireHex(txid), {
      priority: (before?.priority ?? 0) + priority,
      fee: (before?.fee ?? 0n) + fee,
    });
  }

  of(txid: Uint8Array): Boost | undefined {
    return this.#boosts.get(toWireHex(txid));
  }
}
