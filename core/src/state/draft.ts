import type { Outpoint } from "../primitives/outpoint.ts";
import { joinSplitCommitments, joinSplitNullifiers } from "../primitives/shielded.ts";
import type { SproutTree } from "../primitives/sproutTree.ts";
import { isCoinbase, type OrdinaryTransaction } from "../primitives/transaction.ts";
import type { Coin } from "../rules/coin.ts";
import { shieldedValueIn, shieldedValueOut } from "../rules/inputRules.ts";
import { isUnspendable } from "../rules/unspendable.ts";
import { assert } from "../util/assert.ts";
import type { NamedCoin, StateDelta } from "./delta.ts";
import { hashKey, outpointKey } from "./outpointKey.ts";
import type { StateView } from "./stateView.ts";

/**
 * Coins and notes in the middle of a block: the parent's state with the transactions so far applied. The only thing that
 * changes while a block is connected; FluxNodes are not in it, because their rules see the parent's state alone.
 */
export class Draft {
  readonly #parent: StateView;
  readonly #height: number;
  readonly #created: Map<string, NamedCoin>;
  readonly #spent: Map<string, NamedCoin>;
  readonly #nullifiers: Map<string, Uint8Array>;
  #sproutTree: SproutTree;
  #transparentAdded: bigint;
  #sproutAdded: bigint;

  constructor(parent: StateView) {
    this.#parent = parent;
    this.#height = parent.height + 1;
    this.#created = new Map();
    this.#spent = new Map();
    this.#nullifiers = new Map();
    this.#sproutTree = parent.sproutTree;
    this.#transparentAdded = 0n;
    this.#sproutAdded = 0n;
  }

  coin(outpoint: Outpoint): Coin | undefined {
    const key = outpointKey(outpoint);
    if (this.#spent.has(key)) return undefined;
    return this.#created.get(key)?.coin ?? this.#parent.coin(outpoint);
  }

  /** The coins of all inputs, or the position of the first that has none. */
  inputCoins(tx: OrdinaryTransaction): readonly Coin[] | number {
    const coins: Coin[] = [];
    for (const [input, { prevout }] of tx.inputs.entries()) {
      const coin = this.coin(prevout);
      if (coin === undefined) return input;
      coins.push(coin);
    }
    return coins;
  }

  /** Whether the nullifier was revealed before, in this block or another. */
  sproutNullifierSpent(nullifier: Uint8Array): boolean {
    return this.#nullifiers.has(hashKey(nullifier)) || this.#parent.sproutNullifierSpent(nullifier);
  }

  /** The note tree after an earlier block: those within this one are not final. */
  sproutTreeAt(root: Uint8Array): SproutTree | undefined {
    return this.#parent.sproutTreeAt(root);
  }

  /** What the block has spent so far that its parent's state still had. */
  spentOutpoints(): Outpoint[] {
    return [...this.#spent.values()].map(({ outpoint }) => outpoint);
  }

  /** Spends the coins of `tx`, which are `spent` in the order of its inputs, and adds what it makes. */
  apply(tx: OrdinaryTransaction, txid: Uint8Array, spent: readonly Coin[]): void {
    for (const [input, coin] of spent.entries()) this.#spend(tx.inputs[input]!.prevout, coin);
    const coinbase = isCoinbase(tx);
    for (const [index, output] of tx.outputs.entries()) {
      if (!isUnspendable(output.scriptPubKey))
        this.#create({ txid, index }, { ...output, height: this.#height, coinbase });
    }
    for (const joinSplit of tx.shielded.joinSplits) {
      for (const nullifier of joinSplitNullifiers(joinSplit))
        this.#nullifiers.set(hashKey(nullifier), nullifier);
      this.#sproutTree = this.#sproutTree.append(joinSplitCommitments(joinSplit));
    }
    this.#sproutAdded += shieldedValueOut(tx) - shieldedValueIn(tx);
  }

  #spend(outpoint: Outpoint, coin: Coin): void {
    const key = outpointKey(outpoint);
    this.#transparentAdded -= coin.value;
    if (!this.#created.delete(key)) this.#spent.set(key, { outpoint, coin });
  }

  #create(outpoint: Outpoint, coin: Coin): void {
    const key = outpointKey(outpoint);
    assert(
      !this.#created.has(key),
      "BIP30 and the merkle tree keep two transactions of a block from sharing an id",
    );
    this.#transparentAdded += coin.value;
    this.#created.set(key, { outpoint, coin });
  }

  /** All of it as a delta, with what the block did to FluxNodes. The draft is done with. */
  freeze(
    blockHash: Uint8Array,
    { fluxnodes, delegates, payments }: Pick<StateDelta, "fluxnodes" | "delegates" | "payments">,
  ): StateDelta {
    return {
      height: this.#height,
      blockHash,
      parentHash: this.#parent.blockHash,
      created: this.#created,
      spent: this.#spent,
      fluxnodes,
      delegates,
      payments,
      nullifiers: this.#nullifiers,
      sproutTree: { before: this.#parent.sproutTree, after: this.#sproutTree },
      supplyChange: { transparent: this.#transparentAdded, sprout: this.#sproutAdded },
    };
  }
}
