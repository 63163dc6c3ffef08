import type { Outpoint } from "../primitives/outpoint.ts";
import { TIERS, type Tier } from "../primitives/tier.ts";
import { queueRank } from "../rules/fluxnode/queueOrder.ts";
import type { FluxnodeRecord } from "../rules/fluxnode/record.ts";
import { assert } from "../util/assert.ts";
import { HeightIndex } from "./heightIndex.ts";
import { outpointKey } from "./outpointKey.ts";
import { NO_ROW, PaymentQueues } from "./paymentQueue.ts";

const INITIAL_ROWS = 64;

/** All nodes in any list, found by outpoint, by age and by place in the payment queues. */
export class FluxnodeTable {
  readonly #rowOf: Map<string, number>;
  /** By row; undefined where a row is free. */
  readonly #records: (FluxnodeRecord | undefined)[];
  readonly #freeRows: number[];
  readonly #queues: PaymentQueues;
  readonly #started: HeightIndex;
  readonly #dos: HeightIndex;
  readonly #confirmed: HeightIndex;

  constructor() {
    this.#rowOf = new Map();
    this.#records = [];
    this.#freeRows = [];
    this.#queues = new PaymentQueues(INITIAL_ROWS);
    this.#started = new HeightIndex();
    this.#dos = new HeightIndex();
    this.#confirmed = new HeightIndex();
  }

  /** `key`: outpointKey of the collateral. */
  get(key: string): FluxnodeRecord | undefined {
    const row = this.#rowOf.get(key);
    return row === undefined ? undefined : this.#records[row];
  }

  /** Replaces what is known of a node; undefined takes it out of its list. */
  set(key: string, after: FluxnodeRecord | undefined): void {
    const before = this.get(key);
    if (!sameAge(before, after)) {
      if (before !== undefined) this.#index(before).remove(indexedHeight(before), key);
      if (after !== undefined) this.#index(after).add(indexedHeight(after), key);
    }
    const row = this.#rowOf.get(key) ?? this.#newRow(key);
    this.#requeue(row, before, after);
    this.#records[row] = after;
    if (after !== undefined) return;
    this.#rowOf.delete(key);
    this.#freeRows.push(row);
  }

  /** The record of the node with that collateral, in whatever list it is. */
  fluxnode(outpoint: Outpoint): FluxnodeRecord | undefined {
    return this.get(outpointKey(outpoint));
  }

  /** Where a node is kept until it leaves the lists; {@link NO_ROW} if it is in none. Rows are used again. */
  row(key: string): number {
    return this.#rowOf.get(key) ?? NO_ROW;
  }

  /** The node kept in a row. */
  at(row: number): FluxnodeRecord | undefined {
    return this.#records[row];
  }

  /** Row of the payee of the next block, by tier index, or {@link NO_ROW}. */
  headRow(tier: number): number {
    return this.#queues.head(tier);
  }

  head(tier: Tier): FluxnodeRecord | undefined {
    const row = this.headRow(TIERS.indexOf(tier));
    return row === NO_ROW ? undefined : this.#records[row];
  }

  /** Pays the confirmed node of a row in block `height`: what {@link set} does to its record and its place, and no more. */
  pay(row: number, height: number): void {
    this.#records[row] = { ...this.#records[row]!, lastPaidHeight: height };
    this.#queues.reposition(row, 0, height);
  }

  /**
   * Leaves a confirmed node out of {@link confirmedUpTo} until {@link settle}: its UPDATEs are known to come in time, and nobody
   * tells of them one by one. Meanwhile its record says when the latest was that somebody told of.
   */
  leaveUpdating(key: string): void {
    this.#confirmed.remove(indexedHeight(this.#present(key)), key);
  }

  /** Ends {@link leaveUpdating}: the latest UPDATE of the node was in block `lastConfirmed`. */
  settle(key: string, lastConfirmed: number): void {
    const record = this.#present(key);
    this.#records[this.row(key)] = { ...record, lastConfirmedHeight: lastConfirmed };
    this.#confirmed.add(lastConfirmed, key);
  }

  #present(key: string): FluxnodeRecord {
    const record = this.get(key);
    assert(record?.status === "confirmed", "only a confirmed node is kept confirmed");
    return record;
  }

  /** Nodes in the list of those STARTED, or in the DoS list. */
  listed(status: "started" | "dos"): number {
    return status === "started" ? this.#started.size : this.#dos.size;
  }

  /** Confirmed nodes by tier index. */
  queueLength(tier: number): number {
    return this.#queues.size(tier);
  }

  /** Confirmed nodes of a tier in the order they are paid. */
  *queue(tier: Tier): Generator<FluxnodeRecord> {
    for (const row of this.#queues.order(tier)) yield this.#records[row]!;
  }

  startedAt(height: number): Iterable<FluxnodeRecord> {
    return this.#recordsOf(this.#started.at(height));
  }

  dosAddedUpTo(height: number): Iterable<FluxnodeRecord> {
    return this.#recordsOf(this.#dos.upTo(height));
  }

  confirmedUpTo(height: number): Iterable<FluxnodeRecord> {
    return this.#recordsOf(this.#confirmed.upTo(height));
  }

  /** Whether {@link startedAt}, {@link dosAddedUpTo} or {@link confirmedUpTo} has anything, asked for these heights. */
  anyOfAge(startedAt: number, dosAddedUpTo: number, confirmedUpTo: number): boolean {
    return (
      this.#started.hasAt(startedAt) ||
      this.#dos.hasUpTo(dosAddedUpTo) ||
      this.#confirmed.hasUpTo(confirmedUpTo)
    );
  }

  *all(): Generator<FluxnodeRecord> {
    for (const record of this.#records) if (record !== undefined) yield record;
  }

  *#recordsOf(keys: Iterable<string>): Generator<FluxnodeRecord> {
    for (const key of keys) yield this.get(key)!;
  }

  #index({ status }: FluxnodeRecord): HeightIndex {
    if (status === "started") return this.#started;
    return status === "dos" ? this.#dos : this.#confirmed;
  }

  #newRow(key: string): number {
    const row = this.#freeRows.pop() ?? this.#records.length;
    this.#rowOf.set(key, row);
    return row;
  }

  /** Only confirmed nodes queue, and only payments and confirmations move them. */
  #requeue(row: number, before: FluxnodeRecord | undefined, after: FluxnodeRecord | undefined): void {
    const rankBefore = rank(before);
    const rankAfter = rank(after);
    if (rankBefore === rankAfter) return;
    if (rankBefore !== undefined) this.#queues.leave(row);
    if (after === undefined || rankAfter === undefined) return;
    this.#queues.setOutpoint(row, after.outpoint);
    const tier = TIERS.indexOf(after.identity.tier);
    this.#queues.enter(row, tier, after.confirmedHeight, after.lastPaidHeight);
  }
}

const rank = (record: FluxnodeRecord | undefined): number | undefined =>
  record?.status === "confirmed" ? queueRank(record.confirmedHeight, record.lastPaidHeight) : undefined;

/** The height from which the node's next deadline counts. */
const indexedHeight = (record: FluxnodeRecord): number =>
  record.status === "confirmed" ? record.lastConfirmedHeight : record.identity.addedHeight;

/** Whether two records are in one index at one height. */
const sameAge = (before: FluxnodeRecord | undefined, after: FluxnodeRecord | undefined): boolean =>
  before !== undefined &&
  after !== undefined &&
  before.status === after.status &&
  indexedHeight(before) === indexedHeight(after);
