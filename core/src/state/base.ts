import { equalBytes } from "../bytes/compare.ts";
import { ZERO_HASH } from "../primitives/ids.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import { SproutTree } from "../primitives/sproutTree.ts";
import type { Tier } from "../primitives/tier.ts";
import type { Coin } from "../rules/coin.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import { assert } from "../util/assert.ts";
import { CoinTable } from "./coinTable.ts";
import type { StateDelta } from "./delta.ts";
import { FluxnodeTable } from "./fluxnodeTable.ts";
import { hashKey, outpointKey } from "./outpointKey.ts";
import type { StateContents, StateImage, Supply } from "./stateView.ts";

/**
 * The state at one height in flat tables, moved one block up or down by deltas. Views that stand on it (layered.ts) hold only
 * as long as it does not move.
 */
export class BaseState implements StateContents {
  height: number;
  blockHash: Uint8Array;
  supply: Supply;
  sproutTree: SproutTree;
  readonly #coins: CoinTable;
  readonly #nodes: FluxnodeTable;
  readonly #delegates: Map<string, readonly [Outpoint, readonly Uint8Array[]]>;
  readonly #nullifiers: Map<string, Uint8Array>;
  readonly #anchors: Map<string, SproutTree>;

  /** Before genesis. */
  constructor() {
    this.height = -1;
    this.blockHash = ZERO_HASH;
    this.supply = { transparent: 0n, sprout: 0n };
    this.sproutTree = SproutTree.EMPTY;
    this.#coins = new CoinTable();
    this.#nodes = new FluxnodeTable();
    this.#delegates = new Map();
    this.#nullifiers = new Map();
    this.#anchors = new Map([[hashKey(SproutTree.EMPTY.root), SproutTree.EMPTY]]);
  }

  /** Connects a block on top of the one this state is after. */
  apply(delta: StateDelta): void {
    assert(delta.height === this.height + 1, "a delta follows the state it was made on");
    assert(equalBytes(delta.parentHash, this.blockHash), "a delta follows the block it was made on");
    // Spent coins go first: their rows serve the new ones.
    for (const { outpoint } of delta.spent.values()) this.#coins.remove(outpoint);
    for (const { outpoint, coin } of delta.created.values()) this.#coins.add(outpoint, coin);
    for (const [key, { after }] of delta.fluxnodes) this.#nodes.set(key, after);
    for (const [key, { outpoint, after }] of delta.delegates) this.#setDelegates(key, outpoint, after);
    for (const [key, nullifier] of delta.nullifiers) this.#nullifiers.set(key, nullifier);
    const { before, after } = delta.sproutTree;
    if (after !== before) this.#anchors.set(hashKey(after.root), after);
    this.#moveTo(delta.height, delta.blockHash, after, added(this.supply, delta.supplyChange, 1n));
  }

  /** Becomes the state that `other` is. Only a state before genesis does. */
  copy(other: StateImage): void {
    for (const [outpoint, coin] of other.coins()) this.addCoin(outpoint, coin);
    for (const record of other.fluxnodes()) this.addFluxnode(record);
    for (const [outpoint, keys] of other.allDelegates()) this.addDelegates(outpoint, keys);
    for (const nullifier of other.sproutNullifiers()) this.addNullifier(nullifier);
    for (const root of other.sproutAnchors()) this.addAnchor(other.sproutTreeAt(root)!);
    this.standAfter(other.height, other.blockHash, other.sproutTree, other.supply);
  }

  // A state that is not reached by deltas is filled bit by bit, and then told after which block it is.

  addCoin(outpoint: Outpoint, coin: Coin): void {
    this.#coins.add(outpoint, coin);
  }

  addFluxnode(record: FluxnodeRecord): void {
    this.#nodes.set(outpointKey(record.outpoint), record);
  }

  addDelegates(outpoint: Outpoint, keys: readonly Uint8Array[]): void {
    this.#setDelegates(outpointKey(outpoint), outpoint, keys);
  }

  addNullifier(nullifier: Uint8Array): void {
    this.#nullifiers.set(hashKey(nullifier), nullifier);
  }

  addAnchor(tree: SproutTree): void {
    this.#anchors.set(hashKey(tree.root), tree);
  }

  /** Ends the filling. Only of a state before genesis. */
  standAfter(height: number, blockHash: Uint8Array, sproutTree: SproutTree, supply: Supply): void {
    assert(this.height === -1, "only a new state is filled");
    this.#moveTo(height, blockHash, sproutTree, supply);
  }

  /** Disconnects the latest block, whose delta it must be. */
  revert(delta: StateDelta): void {
    assert(equalBytes(delta.blockHash, this.blockHash), "only the latest block is disconnected");
    for (const { outpoint } of delta.created.values()) this.#coins.remove(outpoint);
    for (const { outpoint, coin } of delta.spent.values()) this.#coins.add(outpoint, coin);
    for (const [key, { before }] of delta.fluxnodes) this.#nodes.set(key, before);
    for (const [key, { outpoint, before }] of delta.delegates) this.#setDelegates(key, outpoint, before);
    for (const key of delta.nullifiers.keys()) this.#nullifiers.delete(key);
    const { before, after } = delta.sproutTree;
    if (after !== before) this.#anchors.delete(hashKey(after.root));
    this.#moveTo(delta.height - 1, delta.parentHash, before, added(this.supply, delta.supplyChange, -1n));
  }

  #moveTo(height: number, blockHash: Uint8Array, sproutTree: SproutTree, supply: Supply): void {
    this.height = height;
    this.blockHash = blockHash;
    this.sproutTree = sproutTree;
    this.supply = supply;
  }

  #setDelegates(key: string, outpoint: Outpoint, keys: readonly Uint8Array[]): void {
    if (keys.length === 0) this.#delegates.delete(key);
    else this.#delegates.set(key, [outpoint, keys]);
  }

  /** How many coins there are. */
  get coinCount(): number {
    return this.#coins.size;
  }

  coin(outpoint: Outpoint): Coin | undefined {
    return this.#coins.get(outpoint);
  }

  unspentOutputs(txid: Uint8Array): number {
    return this.#coins.outputsOf(txid);
  }

  fluxnode(outpoint: Outpoint): FluxnodeRecord | undefined {
    return this.#nodes.fluxnode(outpoint);
  }

  delegates(outpoint: Outpoint): readonly Uint8Array[] {
    return this.#delegates.get(outpointKey(outpoint))?.[1] ?? [];
  }

  queueHead(tier: Tier): FluxnodeRecord | undefined {
    return this.#nodes.head(tier);
  }

  startedAt(height: number): Iterable<FluxnodeRecord> {
    return this.#nodes.startedAt(height);
  }

  dosAddedUpTo(height: number): Iterable<FluxnodeRecord> {
    return this.#nodes.dosAddedUpTo(height);
  }

  confirmedUpTo(height: number): Iterable<FluxnodeRecord> {
    return this.#nodes.confirmedUpTo(height);
  }

  sproutNullifierSpent(nullifier: Uint8Array): boolean {
    return this.#nullifiers.has(hashKey(nullifier));
  }

  sproutTreeAt(root: Uint8Array): SproutTree | undefined {
    return this.#anchors.get(hashKey(root));
  }

  coins(): Iterable<readonly [Outpoint, Coin]> {
    return this.#coins.entries();
  }

  fluxnodes(): Iterable<FluxnodeRecord> {
    return this.#nodes.all();
  }

  queue(tier: Tier): Iterable<FluxnodeRecord> {
    return this.#nodes.queue(tier);
  }

  allDelegates(): Iterable<readonly [Outpoint, readonly Uint8Array[]]> {
    return this.#delegates.values();
  }

  sproutNullifiers(): Iterable<Uint8Array> {
    return this.#nullifiers.values();
  }

  *sproutAnchors(): Generator<Uint8Array> {
    for (const { root } of this.#anchors.values()) yield root;
  }
}

/** A supply with `times` a change. */
export const added = (supply: Supply, change: Supply, times: 1n | -1n): Supply => ({
  transparent: supply.transparent + times * change.transparent,
  sprout: supply.sprout + times * change.sprout,
});
