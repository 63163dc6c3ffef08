import type { Outpoint } from "../primitives/outpoint.ts";
import { joinSplitNullifiers } from "../primitives/shielded.ts";
import type { Transaction } from "../primitives/transaction.ts";
import type { Coin } from "../rules/coin.ts";
import { isUnspendable } from "../rules/unspendable.ts";
import { hashKey, outpointKey } from "../state/outpointKey.ts";
import type { StateView } from "../state/stateView.ts";
import { assert } from "../util/assert.ts";
import type { PoolEntry } from "./entry.ts";
import { placeCost } from "./sizeLimit.ts";

/** Height of coins that the pool makes: above every block, so that rules about age see a young coin. Source: fluxd MEMPOOL_HEIGHT. */
const POOL_HEIGHT = 0x7fff_ffff;

/**
 * The transactions of a pool and who depends on whom among them. Keeps no policy: it holds what it is given, as long as no two
 * spend one coin, reveal one nullifier or speak for one FluxNode. Sapling nullifiers are not looked at, because transactions
 * that reveal them get no verdict. Source: fluxd src/txmempool.h CTxMemPool.
 */
export class TxPool {
  /** Transactions in it. A field, for nodes to look at with each block without touching the map. */
  size: number;
  /** Of all transactions in their canonical form. */
  bytes: number;
  /** Of all places. */
  cost: number;
  /** Transactions that came and went so far. */
  changes: number;
  /** By hashKey of the id, in order of entry. */
  readonly #entries: Map<string, PoolEntry>;
  /** By outpointKey of the coin spent. */
  readonly #spenders: Map<string, PoolEntry>;
  /** By hashKey of the Sprout nullifier. */
  readonly #revealers: Map<string, PoolEntry>;
  /** By outpointKey of the collateral. */
  readonly #fluxnodeTxs: Map<string, PoolEntry>;

  constructor() {
    this.size = 0;
    this.bytes = 0;
    this.cost = 0;
    this.changes = 0;
    this.#entries = new Map();
    this.#spenders = new Map();
    this.#revealers = new Map();
    this.#fluxnodeTxs = new Map();
  }

  /** The entry of that id. */
  get(txid: Uint8Array): PoolEntry | undefined {
    return this.#entries.get(hashKey(txid));
  }

  /** In order of entry. The pool may lose transactions while they are gone through. */
  entries(): IterableIterator<PoolEntry> {
    return this.#entries.values();
  }

  /** Who spends a coin. */
  spender(outpoint: Outpoint): PoolEntry | undefined {
    return this.#spenders.get(outpointKey(outpoint));
  }

  /** The START or CONFIRM that waits for a node. */
  fluxnodeTx(collateral: Outpoint): PoolEntry | undefined {
    return this.#fluxnodeTxs.get(outpointKey(collateral));
  }

  /** Who in the pool spends a coin or reveals a nullifier of `tx`; `tx` itself, if it is there. */
  conflicts(tx: Transaction): ReadonlySet<PoolEntry> {
    const found = new Set<PoolEntry>();
    if (tx.kind !== "ordinary") return found;
    for (const key of spentKeys(tx)) addIfPresent(found, this.#spenders.get(key));
    for (const key of nullifierKeys(tx)) addIfPresent(found, this.#revealers.get(key));
    return found;
  }

  /** The coin behind an outpoint, of a pool transaction or else of the chain; the pool's own spending is not looked at. */
  coin(outpoint: Outpoint, chain: StateView): Coin | undefined {
    const parent = this.get(outpoint.txid);
    if (parent === undefined) return chain.coin(outpoint);
    const output = parent.tx.kind === "ordinary" ? parent.tx.outputs[outpoint.index] : undefined;
    if (output === undefined || isUnspendable(output.scriptPubKey)) return undefined;
    return { ...output, height: POOL_HEIGHT, coinbase: false };
  }

  /** Takes in what conflicts with nothing here. */
  add(entry: PoolEntry): void {
    const { tx, txid } = entry;
    assert(this.get(txid) === undefined, "a transaction enters the pool once");
    assert(this.conflicts(tx).size === 0, "transactions of the pool do not conflict");
    this.#entries.set(hashKey(txid), entry);
    this.size++;
    for (const key of spentKeys(tx)) this.#spenders.set(key, entry);
    for (const key of nullifierKeys(tx)) this.#revealers.set(key, entry);
    for (const key of collateralKeys(tx)) this.#fluxnodeTxs.set(key, entry);
    this.bytes += entry.bytes;
    this.cost += placeCost(entry);
    this.changes++;
  }

  /** Takes out one transaction and leaves those that depend on it. */
  remove(entry: PoolEntry): void {
    const { tx, txid } = entry;
    assert(this.get(txid) === entry, "only what is in the pool is taken out");
    this.#entries.delete(hashKey(txid));
    this.size--;
    for (const key of spentKeys(tx)) this.#spenders.delete(key);
    for (const key of nullifierKeys(tx)) this.#revealers.delete(key);
    for (const key of collateralKeys(tx)) this.#fluxnodeTxs.delete(key);
    this.bytes -= entry.bytes;
    this.cost -= placeCost(entry);
    this.changes++;
  }

  /** Pool transactions that spend an output of the transaction `txid`, which need not be in the pool itself, and those after. */
  descendants(txid: Uint8Array, tx: Transaction): ReadonlySet<PoolEntry> {
    const found = new Set<PoolEntry>();
    const addChildren = (id: Uint8Array, outputs: number): void => {
      for (let index = 0; index < outputs; index++) {
        addIfPresent(found, this.spender({ txid: id, index }));
      }
    };
    addChildren(txid, outputCount(tx));
    for (const entry of found) addChildren(entry.txid, outputCount(entry.tx)); // goes on while the set grows
    return found;
  }

  /** Pool transactions whose outputs `tx` spends, and those before. */
  ancestors(tx: Transaction): ReadonlySet<PoolEntry> {
    const found = new Set<PoolEntry>();
    const addParents = (child: Transaction): void => {
      if (child.kind !== "ordinary") return;
      for (const { prevout } of child.inputs) addIfPresent(found, this.get(prevout.txid));
    };
    addParents(tx);
    for (const entry of found) addParents(entry.tx);
    return found;
  }
}

const outputCount = (tx: Transaction): number => (tx.kind === "ordinary" ? tx.outputs.length : 0);

const spentKeys = (tx: Transaction): string[] =>
  tx.kind === "ordinary" ? tx.inputs.map(({ prevout }) => outpointKey(prevout)) : [];

const nullifierKeys = (tx: Transaction): string[] =>
  tx.kind === "ordinary" ? tx.shielded.joinSplits.flatMap(joinSplitNullifiers).map(hashKey) : [];

const collateralKeys = (tx: Transaction): string[] =>
  tx.kind === "fluxnodeStart" || tx.kind === "fluxnodeConfirm" ? [outpointKey(tx.collateral)] : [];

function addIfPresent(entries: Set<PoolEntry>, entry: PoolEntry | undefined): void {
  if (entry !== undefined) entries.add(entry);
}
