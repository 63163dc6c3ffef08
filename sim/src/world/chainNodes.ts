import {
  acceptedCollateral,
  COLLATERAL_MATURITY,
  collateralsExamined,
  type FluxnodeConfirm,
  type FluxnodeIdentity,
  type FluxnodeMove,
  type FluxnodeRecord,
  type FluxnodeTransition,
  INITIAL_CONFIRM,
  NEW_COLLATERAL,
  NO_ROW,
  type NodeChain,
  OLD_COLLATERAL,
  type Outpoint,
  outpointKey,
  type Params,
  type Satoshi,
  startedRecord,
  TIERS,
  type Tier,
} from "@fluxlab/core";
import { type Updates, updatesUntil } from "./confirmations.ts";
import type { CollateralName } from "./economyPlan.ts";
import type { EstablishedNode } from "./established.ts";
import { OFFLINE, OperatorRows } from "./operatorRows.ts";

/** How often each thing happened on the chain. */
export interface LifecycleCounts {
  starts: number;
  confirms: number;
  updates: number;
  startExpiries: number;
  dosReleases: number;
  expiries: number;
  spent: number;
}

/** Something that a block did to an operator's node. */
export interface NodeMove {
  readonly move: FluxnodeMove;
  readonly row: number;
}

const NO_BYTES = new Uint8Array(0);

/**
 * Operators' nodes on the core's chain: what operators send becomes part of the next block, and what the chain's rules make of it
 * comes back by operator. UPDATEs of nodes that are online are solved (confirmations.ts), all else is the core's.
 */
export class ChainNodes {
  readonly rows: OperatorRows;
  readonly chain: NodeChain;
  readonly counts: LifecycleCounts = {
    starts: 0,
    confirms: 0,
    updates: 0,
    startExpiries: 0,
    dosReleases: 0,
    expiries: 0,
    spent: 0,
  };
  readonly #params: Params;
  readonly #nameCollateral: CollateralName;
  /** Operator by row of the chain's node table. */
  #operatorOf = new Uint32Array(64);
  /** Operator by collateral, the very object, of nodes that the chain lists. */
  readonly #operatorOfCollateral = new Map<Outpoint, number>();
  // The next block, but for its coinbase.
  #starts: FluxnodeIdentity[] = [];
  #confirms: FluxnodeConfirm[] = [];
  #spent: Outpoint[] = [];

  /** `nameCollateral` decides ties in the queues. */
  constructor(chain: NodeChain, nameCollateral: CollateralName, capacity: number) {
    this.chain = chain;
    this.rows = new OperatorRows(capacity);
    this.#params = chain.params;
    this.#nameCollateral = nameCollateral;
  }

  /** What the chain knows of an operator's node after its latest block; undefined: nothing. */
  record(row: number): FluxnodeRecord | undefined {
    const record = this.chain.nodes.at(this.rows.listedAt[row]!);
    return record?.outpoint === this.rows.collateral[row] ? record : undefined; // rows are used again
  }

  /** The operator whose node a tier's next payment goes to, or {@link NO_ROW}. */
  payee(tier: number): number {
    const row = this.chain.nodes.headRow(tier);
    return row === NO_ROW ? NO_ROW : this.#operatorOf[row]!;
  }

  /** The first `most` operators of a tier's payment queue, the next payee first. */
  queueFront(tier: Tier, most: number): number[] {
    const front: number[] = [];
    for (const { outpoint } of this.chain.nodes.queue(tier)) {
      if (front.length >= most) break;
      front.push(this.#operatorOfCollateral.get(outpoint)!);
    }
    return front;
  }

  /** A new operator with a mature collateral of the latest amount that block `height` accepts. */
  add(tier: number, height: number): number {
    const row = this.rows.add(tier);
    const latest = acceptedCollateral(this.#params, height, TIERS[tier]!).at(-1);
    this.rows.joinedHeight[row] = height;
    this.rows.oldCollateral[row] = latest === OLD_COLLATERAL[TIERS[tier]!] ? 1 : 0;
    this.rows.collateralHeight[row] = height - COLLATERAL_MATURITY;
    this.#rename(row);
    return row;
  }

  /** Lists a node that the chain has, in whatever list it is there, and returns its operator. */
  enterRecorded(record: FluxnodeRecord, firstHeight: number): number {
    const { outpoint, identity } = record;
    const row = this.rows.add(TIERS.indexOf(identity.tier));
    this.rows.joinedHeight[row] = firstHeight;
    this.rows.oldCollateral[row] = identity.collateralAmount === NEW_COLLATERAL[identity.tier] ? 0 : 1;
    this.rows.collateralHeight[row] = identity.addedHeight - COLLATERAL_MATURITY;
    this.rows.collateral[row] = outpoint;
    this.rows.key[row] = outpointKey(outpoint);
    this.chain.nodes.set(this.rows.key[row]!, record);
    this.#operatorOfCollateral.set(outpoint, row);
    this.#listed(row);
    return row;
  }

  /** Lists a node that was confirmed before the run. */
  enterEstablished({ row, ...heights }: EstablishedNode): void {
    this.#rename(row);
    const started = startedRecord(this.#identity(row, heights.confirmedHeight - 1));
    this.chain.nodes.set(this.rows.key[row]!, { ...started, status: "confirmed", ...heights });
    this.#operatorOfCollateral.set(this.rows.collateral[row]!, row);
    this.#listed(row);
    this.chain.nodes.leaveUpdating(this.rows.key[row]!);
  }

  // What operators send for block `height`, which is the next one

  start(row: number, height: number): void {
    this.rows.actedHeight[row] = height;
    this.#operatorOfCollateral.set(this.rows.collateral[row]!, row);
    this.#starts.push(this.#identity(row, height));
  }

  confirm(row: number, height: number): void {
    this.rows.actedHeight[row] = height;
    this.#confirms.push({
      kind: "fluxnodeConfirm",
      version: 5,
      collateral: this.rows.collateral[row]!,
      sigTime: 0,
      benchmarkTier: TIERS.length,
      benchmarkSigTime: 0,
      updateType: INITIAL_CONFIRM,
      ip: NO_BYTES,
      sig: NO_BYTES,
      benchmarkSig: NO_BYTES,
    });
  }

  spend(row: number, height: number): void {
    this.counts.spent++;
    this.rows.actedHeight[row] = height;
    this.#spent.push(this.rows.collateral[row]!);
  }

  /** From block `height` on nobody updates the node. */
  goOffline(row: number, height: number): void {
    this.#settle(row, height - 1);
    this.rows.onlineSince[row] = OFFLINE;
  }

  /** From block `height` on the node updates its confirmation again. */
  goOnline(row: number, height: number): void {
    this.rows.onlineSince[row] = height;
    this.chain.nodes.leaveUpdating(this.rows.key[row]!);
  }

  /**
   * Connects the next block. Answers with what it did to operators' nodes besides paying them, in the order in which it did;
   * undefined if it did nothing else.
   */
  connect(): readonly NodeMove[] | undefined {
    const height = this.chain.height + 1;
    const examined = collateralsExamined(this.#params, height);
    if (examined) this.#eachUpdating((row) => this.#settle(row, height - 1));
    const empty = this.#starts.length + this.#confirms.length + this.#spent.length === 0;
    const block = empty ? undefined : { starts: this.#starts, confirms: this.#confirms, spent: this.#spent };
    const transition = this.chain.connect(block);
    if (!empty) [this.#starts, this.#confirms, this.#spent] = [[], [], []];
    const moves = transition && this.#follow(transition, height);
    if (examined) this.#eachUpdating((row) => this.chain.nodes.leaveUpdating(this.rows.key[row]!));
    return moves;
  }

  #follow({ changes, events }: FluxnodeTransition, height: number): NodeMove[] {
    return events.flatMap(({ move, outpoint }) => {
      if (move === "paid") return [];
      const row = this.#operatorOfCollateral.get(outpoint)!;
      const { before, after } = changes.get(outpointKey(outpoint))!;
      const seen = this.#spentAlready(move, row, height) ? "collateralSpent" : move;
      if (before?.status === "confirmed") this.#endConfirmation(before, row, seen, height);
      this.#count(seen);
      if (seen === "started") this.#listed(row);
      if (seen === "confirmed") this.goOnline(row, height);
      if (after === undefined) this.#operatorOfCollateral.delete(outpoint);
      return [{ move: seen, row }];
    });
  }

  /** A collateral spent in the block that would have expired its node is gone once, for being spent (03 section 5.4). */
  #spentAlready(move: FluxnodeMove, row: number, height: number): boolean {
    return (move === "expired" || move === "collateralOutdated") && this.rows.actedHeight[row] === height;
  }

  /** The block that refuses a collateral refuses its UPDATE too; other blocks that end a confirmation may hold one. */
  #endConfirmation(before: FluxnodeRecord, row: number, move: FluxnodeMove, height: number): void {
    if (this.rows.onlineSince[row] === OFFLINE) return;
    const last = move === "collateralOutdated" ? height - 1 : height;
    this.counts.updates += this.#updates(before, row, last).count;
  }

  #count(move: FluxnodeMove): void {
    const { counts } = this;
    if (move === "started") counts.starts++;
    else if (move === "confirmed") counts.confirms++;
    else if (move === "missedConfirm") counts.startExpiries++;
    else if (move === "released") counts.dosReleases++;
    else if (move === "expired" || move === "collateralOutdated") counts.expiries++;
  }

  /** Notes where the chain keeps the node, which it does from START to end. */
  #listed(row: number): void {
    const at = this.chain.nodes.row(this.rows.key[row]!);
    if (at >= this.#operatorOf.length) {
      const grown = new Uint32Array(Math.max(at + 1, this.#operatorOf.length * 2));
      grown.set(this.#operatorOf);
      this.#operatorOf = grown;
    }
    this.#operatorOf[at] = row;
    this.rows.listedAt[row] = at;
  }

  #identity(row: number, addedHeight: number): FluxnodeIdentity {
    return {
      outpoint: this.rows.collateral[row]!,
      tier: TIERS[this.rows.tier[row]!]!,
      collateralAmount: this.collateral(row),
      addedHeight,
      pubkey: NO_BYTES,
      collateralPubkey: NO_BYTES,
      redeemScript: NO_BYTES,
    };
  }

  // Updates, which are solved

  /** Brings the record of an updating node up to its state after block `height`, and lets the chain see it. */
  #settle(row: number, height: number): void {
    const { lastConfirmed, count } = this.#updates(this.record(row)!, row, height);
    this.counts.updates += count;
    this.chain.nodes.settle(this.rows.key[row]!, lastConfirmed);
  }

  #eachUpdating(visit: (row: number) => void): void {
    for (let row = 0; row < this.rows.length; row++) if (this.#isUpdating(row)) visit(row);
  }

  #isUpdating(row: number): boolean {
    return this.rows.onlineSince[row] !== OFFLINE && this.record(row)?.status === "confirmed";
  }

  /** Updates up to the latest block, those included that were never told of one by one. */
  updates(): number {
    let count = this.counts.updates;
    this.#eachUpdating((row) => {
      count += this.#updates(this.record(row)!, row, this.chain.height).count;
    });
    return count;
  }

  /** The height of the latest confirm of a confirmed node. */
  lastConfirmed(row: number): number {
    const record = this.record(row)!;
    return this.#isUpdating(row)
      ? this.#updates(record, row, this.chain.height).lastConfirmed
      : record.lastConfirmedHeight;
  }

  #updates({ lastConfirmedHeight }: FluxnodeRecord, row: number, height: number): Updates {
    const { onlineSince, updateDelay } = this.rows;
    return updatesUntil(this.#params, lastConfirmedHeight, onlineSince[row]!, updateDelay[row]!, height);
  }

  // Collateral

  /** Satoshi in the node's collateral output. */
  collateral(row: number): Satoshi {
    const tier = TIERS[this.rows.tier[row]!]!;
    return this.rows.oldCollateral[row] === 1 ? OLD_COLLATERAL[tier] : NEW_COLLATERAL[tier];
  }

  /** The part of the collateral test that depends on the height. */
  collateralAccepted(row: number, height: number): boolean {
    const amount = this.collateral(row);
    const accepted = acceptedCollateral(this.#params, height, TIERS[this.rows.tier[row]!]!);
    return accepted.some((each) => each === amount);
  }

  /** First block in which the collateral may START a node. */
  collateralMature(row: number): number {
    return this.rows.collateralHeight[row]! + COLLATERAL_MATURITY;
  }

  /** A new output of the new amount, made in block `height`, takes the collateral's place once that block is connected. */
  replaceCollateral(row: number, height: number): void {
    this.rows.oldCollateral[row] = 0;
    this.rows.collateralHeight[row] = height;
    this.rows.collateralSerial[row]!++;
    this.#rename(row);
  }

  #rename(row: number): void {
    const { rows } = this;
    const outpoint = this.#nameCollateral({
      row,
      serial: rows.collateralSerial[row]!,
      tier: TIERS[rows.tier[row]!]!,
      amount: this.collateral(row),
    });
    rows.collateral[row] = outpoint;
    rows.key[row] = outpointKey(outpoint);
  }
}
