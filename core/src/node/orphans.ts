import type { Txid } from "../primitives/ids.ts";
import type { Transaction } from "../primitives/transaction.ts";
import { transactionSize } from "../primitives/txid.ts";
import { hashKey } from "../state/outpointKey.ts";
import type { PeerId } from "./ports.ts";

/** Source: fluxd src/main.h DEFAULT_MAX_ORPHAN_TRANSACTIONS. */
const MAX_ORPHANS = 100;
/** Source: fluxd src/main.cpp AddOrphanTx. */
const MAX_ORPHAN_BYTES = 5_000;

/** A transaction some of whose parents nobody has sent yet. */
export interface Orphan {
  readonly tx: Transaction;
  readonly txid: Txid;
  readonly from: PeerId;
}

/** Transactions that wait for their parents: a few, small ones, and none that a peer which has gone sent. */
export class Orphans {
  readonly #orphans: Map<string, Orphan>;
  /** By {@link hashKey} of a parent. */
  readonly #children: Map<string, Orphan[]>;
  readonly #below: (bound: number) => number;

  /** `below`: who has to leave when there are too many. */
  constructor(below: (bound: number) => number) {
    this.#orphans = new Map();
    this.#children = new Map();
    this.#below = below;
  }

  get size(): number {
    return this.#orphans.size;
  }

  has(txid: Uint8Array): boolean {
    return this.#orphans.size > 0 && this.#orphans.has(hashKey(txid));
  }

  /** Unless it is too large. */
  add(orphan: Orphan): void {
    const key = hashKey(orphan.txid);
    if (this.#orphans.has(key) || transactionSize(orphan.tx) > MAX_ORPHAN_BYTES) return;
    this.#orphans.set(key, orphan);
    for (const parent of parentKeys(orphan.tx)) {
      const children = this.#children.get(parent);
      if (children === undefined) this.#children.set(parent, [orphan]);
      else children.push(orphan);
    }
    while (this.#orphans.size > MAX_ORPHANS)
      this.remove([...this.#orphans.values()][this.#below(this.#orphans.size)]!);
  }

  /** Takes out one that is there. */
  remove(orphan: Orphan): void {
    this.#orphans.delete(hashKey(orphan.txid));
    for (const parent of parentKeys(orphan.tx)) {
      const others = this.#children.get(parent)?.filter((child) => child !== orphan) ?? [];
      if (others.length === 0) this.#children.delete(parent);
      else this.#children.set(parent, others);
    }
  }

  /** Those that spend an output of a transaction. */
  childrenOf(txid: Uint8Array): readonly Orphan[] {
    return this.#children.size === 0 ? [] : [...(this.#children.get(hashKey(txid)) ?? [])];
  }

  /** A peer has gone. */
  left(peer: PeerId): void {
    for (const orphan of [...this.#orphans.values()]) if (orphan.from === peer) this.remove(orphan);
  }

  /** A block joined the chain: what it contains waits no more, and what conflicts with it waits in vain. */
  forget(txid: Uint8Array): void {
    const orphan = this.#orphans.get(hashKey(txid));
    if (orphan !== undefined) this.remove(orphan);
  }
}

const parentKeys = (tx: Transaction): ReadonlySet<string> =>
  new Set(tx.kind === "ordinary" ? tx.inputs.map(({ prevout }) => hashKey(prevout.txid)) : []);
