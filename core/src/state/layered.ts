import { equalBytes } from "../bytes/compare.ts";
import type { Outpoint } from "../primitives/outpoint.ts";
import type { SproutTree } from "../primitives/sproutTree.ts";
import type { Tier } from "../primitives/tier.ts";
import type { Coin } from "../rules/coin.ts";
import { compareQueuePositions } from "../rules/fluxnode/queueOrder.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import { assert } from "../util/assert.ts";
import { added, type BaseState } from "./base.ts";
import type { StateDelta } from "./delta.ts";
import { hashKey, outpointKey } from "./outpointKey.ts";
import type { StateContents, Supply } from "./stateView.ts";

/**
 * The state after a block of any branch: a base that many such views share, and the deltas from there, which they share too.
 * Going to another tip is taking another view; nothing is undone. A look-up walks the deltas from the tip, so it costs in
 * proportion to the distance to the base. When the base moves its views are over: make new ones.
 */
export class LayeredState implements StateContents {
  readonly height: number;
  readonly blockHash: Uint8Array;
  readonly supply: Supply;
  readonly sproutTree: SproutTree;
  readonly #base: BaseState;
  /** The base's block when the view was made. */
  readonly #baseHash: Uint8Array;
  /** From the base upwards. */
  readonly #deltas: readonly StateDelta[];
  /** Every node that the deltas touch, as the latest of them leaves it; made when first needed. */
  #touched: ReadonlyMap<string, FluxnodeRecord | undefined> | undefined;

  constructor(base: BaseState, deltas: readonly StateDelta[]) {
    const tip = deltas.at(-1);
    this.height = tip?.height ?? base.height;
    this.blockHash = tip?.blockHash ?? base.blockHash;
    this.sproutTree = tip?.sproutTree.after ?? base.sproutTree;
    this.supply = deltas.reduce((supply, delta) => added(supply, delta.supplyChange, 1n), base.supply);
    this.#base = base;
    this.#baseHash = base.blockHash;
    this.#deltas = deltas;
    this.#touched = undefined;
    for (const [i, { parentHash }] of deltas.entries()) {
      const below = deltas[i - 1]?.blockHash ?? base.blockHash;
      assert(equalBytes(parentHash, below), "each delta follows the one below it");
    }
  }

  /** The state after a block that follows this one. */
  with(delta: StateDelta): LayeredState {
    return new LayeredState(this.#steady(), [...this.#deltas, delta]);
  }

  #steady(): BaseState {
    assert(this.#base.blockHash === this.#baseHash, "the base has not moved under its views");
    return this.#base;
  }

  coin(outpoint: Outpoint): Coin | undefined {
    const key = outpointKey(outpoint);
    for (let i = this.#deltas.length - 1; i >= 0; i--) {
      const { created, spent } = this.#deltas[i]!;
      const made = created.get(key);
      if (made !== undefined) return made.coin;
      if (spent.has(key)) return undefined;
    }
    return this.#steady().coin(outpoint);
  }

  unspentOutputs(txid: Uint8Array): number {
    let count = this.#steady().unspentOutputs(txid);
    for (const { created, spent } of this.#deltas) {
      for (const { outpoint } of created.values()) if (equalBytes(outpoint.txid, txid)) count++;
      for (const { outpoint } of spent.values()) if (equalBytes(outpoint.txid, txid)) count--;
    }
    return count;
  }

  fluxnode(outpoint: Outpoint): FluxnodeRecord | undefined {
    const key = outpointKey(outpoint);
    for (let i = this.#deltas.length - 1; i >= 0; i--) {
      const change = this.#deltas[i]!.fluxnodes.get(key);
      if (change !== undefined) return change.after;
    }
    return this.#steady().fluxnode(outpoint);
  }

  delegates(outpoint: Outpoint): readonly Uint8Array[] {
    const key = outpointKey(outpoint);
    for (let i = this.#deltas.length - 1; i >= 0; i--) {
      const change = this.#deltas[i]!.delegates.get(key);
      if (change !== undefined) return change.after;
    }
    return this.#steady().delegates(outpoint);
  }

  /** The first of the base's queue that no delta touched, or one that they did and that comes before it. */
  queueHead(tier: Tier): FluxnodeRecord | undefined {
    let head: FluxnodeRecord | undefined;
    for (const record of this.#untouched(this.#steady().queue(tier))) {
      head = record;
      break;
    }
    for (const record of this.#touchedIn(tier)) {
      if (head === undefined || compareQueuePositions(record, head) < 0) head = record;
    }
    return head;
  }

  queue(tier: Tier): readonly FluxnodeRecord[] {
    const records = [...this.#untouched(this.#steady().queue(tier)), ...this.#touchedIn(tier)];
    return records.sort(compareQueuePositions);
  }

  *startedAt(height: number): Generator<FluxnodeRecord> {
    yield* this.#untouched(this.#steady().startedAt(height));
    for (const record of this.#touchedNodes().values()) {
      if (record?.status === "started" && record.identity.addedHeight === height) yield record;
    }
  }

  *dosAddedUpTo(height: number): Generator<FluxnodeRecord> {
    yield* this.#untouched(this.#steady().dosAddedUpTo(height));
    for (const record of this.#touchedNodes().values()) {
      if (record?.status === "dos" && record.identity.addedHeight <= height) yield record;
    }
  }

  *confirmedUpTo(height: number): Generator<FluxnodeRecord> {
    yield* this.#untouched(this.#steady().confirmedUpTo(height));
    for (const record of this.#touchedNodes().values()) {
      if (record?.status === "confirmed" && record.lastConfirmedHeight <= height) yield record;
    }
  }

  sproutNullifierSpent(nullifier: Uint8Array): boolean {
    const key = hashKey(nullifier);
    return (
      this.#deltas.some(({ nullifiers }) => nullifiers.has(key)) ||
      this.#steady().sproutNullifierSpent(nullifier)
    );
  }

  sproutTreeAt(root: Uint8Array): SproutTree | undefined {
    const delta = this.#deltas.find(({ sproutTree }) => equalBytes(sproutTree.after.root, root));
    return delta?.sproutTree.after ?? this.#steady().sproutTreeAt(root);
  }

  *coins(): Generator<readonly [Outpoint, Coin]> {
    const gone = new Set<string>();
    const made = new Map<string, readonly [Outpoint, Coin]>();
    for (const { spent, created } of this.#deltas) {
      for (const key of spent.keys()) if (!made.delete(key)) gone.add(key);
      for (const [key, { outpoint, coin }] of created) made.set(key, [outpoint, coin]);
    }
    for (const entry of this.#steady().coins()) if (!gone.has(outpointKey(entry[0]))) yield entry;
    yield* made.values();
  }

  *fluxnodes(): Generator<FluxnodeRecord> {
    yield* this.#untouched(this.#steady().fluxnodes());
    for (const record of this.#touchedNodes().values()) if (record !== undefined) yield record;
  }

  *allDelegates(): Generator<readonly [Outpoint, readonly Uint8Array[]]> {
    const changed = new Map<string, readonly [Outpoint, readonly Uint8Array[]]>();
    for (const { delegates } of this.#deltas) {
      for (const [key, { outpoint, after }] of delegates) changed.set(key, [outpoint, after]);
    }
    for (const entry of this.#steady().allDelegates()) if (!changed.has(outpointKey(entry[0]))) yield entry;
    for (const entry of changed.values()) if (entry[1].length > 0) yield entry;
  }

  *sproutNullifiers(): Generator<Uint8Array> {
    yield* this.#steady().sproutNullifiers();
    for (const { nullifiers } of this.#deltas) yield* nullifiers.values();
  }

  *sproutAnchors(): Generator<Uint8Array> {
    yield* this.#steady().sproutAnchors();
    for (const { sproutTree } of this.#deltas) {
      if (sproutTree.after !== sproutTree.before) yield sproutTree.after.root;
    }
  }

  #touchedNodes(): ReadonlyMap<string, FluxnodeRecord | undefined> {
    this.#steady();
    if (this.#touched !== undefined) return this.#touched;
    const touched = new Map<string, FluxnodeRecord | undefined>();
    for (const { fluxnodes } of this.#deltas)
      for (const [key, { after }] of fluxnodes) touched.set(key, after);
    this.#touched = touched;
    return touched;
  }

  *#touchedIn(tier: Tier): Generator<FluxnodeRecord> {
    for (const record of this.#touchedNodes().values()) {
      if (record?.status === "confirmed" && record.identity.tier === tier) yield record;
    }
  }

  *#untouched(records: Iterable<FluxnodeRecord>): Generator<FluxnodeRecord> {
    const touched = this.#touchedNodes();
    for (const record of records) if (!touched.has(outpointKey(record.outpoint))) yield record;
  }
}
