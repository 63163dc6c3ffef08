import {
  acceptedCollateral,
  COLLATERAL_MATURITY,
  confirmExpiryHeight,
  NEW_COLLATERAL,
  OLD_COLLATERAL,
  type Params,
  PaymentQueues,
  TIERS,
} from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import { type Updates, updatesUntil } from "./confirmations.ts";
import { BEFORE_RUN, OFFLINE, OperatorRows, STATUS } from "./operatorRows.ts";

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

/**
 * The FluxNodes as the chain sees them: who is STARTED, in the DoS list, confirmed and in which place of which queue. Makes
 * the moves of the node state machine when told to; when they are due and who wants them is decided by {@link Operators}.
 */
export class ChainNodes {
  readonly rows: OperatorRows;
  readonly queues: PaymentQueues;
  readonly counts: LifecycleCounts = {
    starts: 0,
    confirms: 0,
    updates: 0,
    startExpiries: 0,
    dosReleases: 0,
    expiries: 0,
    spent: 0,
  };
  /** Nodes listed as STARTED, and as DoS. */
  started = 0;
  dos = 0;
  readonly #params: Params;
  readonly #seed: string;

  /** `seed` names the collaterals, which decide ties in the queues. */
  constructor(params: Params, seed: string, capacity: number) {
    this.#params = params;
    this.#seed = seed;
    this.rows = new OperatorRows(capacity);
    this.queues = new PaymentQueues(Math.max(capacity, 16));
  }

  /** A new operator with a mature collateral of the latest amount that block `height` accepts. */
  add(tier: number, height: number): number {
    const row = this.rows.add(tier);
    const latest = acceptedCollateral(this.#params, height, TIERS[tier]!).at(-1);
    this.rows.joinedHeight[row] = height;
    this.rows.oldCollateral[row] = latest === OLD_COLLATERAL[TIERS[tier]!] ? 1 : 0;
    this.rows.collateralHeight[row] = height - COLLATERAL_MATURITY;
    this.queues.setOutpoint(row, this.#outpoint(row));
    return row;
  }

  /** Puts a row that was confirmed before the run into its queue. */
  enterEstablished(row: number): void {
    const { tier, confirmedHeight, lastPaidHeight } = this.rows;
    this.queues.setOutpoint(row, this.#outpoint(row));
    this.queues.enter(row, tier[row]!, confirmedHeight[row]!, lastPaidHeight[row]!);
  }

  start(row: number, height: number): void {
    this.counts.starts++;
    this.started++;
    this.rows.status[row] = STATUS.started;
    this.rows.startedHeight[row] = height;
  }

  confirm(row: number, height: number, seconds: number): void {
    const { rows } = this;
    this.counts.confirms++;
    this.started--;
    rows.status[row] = STATUS.confirmed;
    rows.confirmedHeight[row] = height;
    rows.lastConfirmedHeight[row] = height;
    rows.lastPaidHeight[row] = 0;
    rows.turnSeconds[row] = seconds;
    rows.confirmedAtSeconds[row] = seconds;
    rows.onlineSince[row] = height;
    this.queues.enter(row, rows.tier[row]!, height, 0);
  }

  runOut(row: number): void {
    this.counts.startExpiries++;
    this.started--;
    this.dos++;
    this.rows.status[row] = STATUS.dos;
  }

  /** A node whose collateral was spent meanwhile does not come back. */
  release(row: number): void {
    this.counts.dosReleases++;
    this.dos--;
    this.rows.status[row] = this.rows.spent[row] === 1 ? STATUS.left : STATUS.absent;
  }

  /** Whether block `height` expires a confirmed node for want of an update. */
  expiresIn(row: number, height: number): boolean {
    const { status, onlineSince, lastConfirmedHeight } = this.rows;
    if (status[row] !== STATUS.confirmed || onlineSince[row] !== OFFLINE) return false;
    return confirmExpiryHeight(this.#params, lastConfirmedHeight[row]!) === height;
  }

  expire(row: number, height: number, seconds: number): void {
    this.counts.expiries++;
    this.#endConfirmation(row, height, seconds);
  }

  /** A confirmed node's collateral is spent. */
  spend(row: number, height: number, seconds: number): void {
    this.counts.spent++;
    if (this.rows.status[row] === STATUS.confirmed) this.#endConfirmation(row, height, seconds);
  }

  #endConfirmation(row: number, height: number, seconds: number): void {
    const { rows } = this;
    if (rows.onlineSince[row] !== OFFLINE) this.counts.updates += this.#updates(row, height).count;
    this.queues.leave(row);
    rows.status[row] = STATUS.absent;
    rows.confirmedSeconds[row]! += seconds - rows.confirmedAtSeconds[row]!;
    rows.turnSeconds[row] = BEFORE_RUN;
  }

  /** From block `height` on nobody updates the node. */
  goOffline(row: number, height: number): void {
    const { lastConfirmed, count } = this.#updates(row, height - 1);
    this.counts.updates += count;
    this.rows.lastConfirmedHeight[row] = lastConfirmed;
    this.rows.onlineSince[row] = OFFLINE;
  }

  /** Updates up to block `height`, those included that were never asked for one by one. */
  updatesUntil(height: number): number {
    const { rows } = this;
    let count = this.counts.updates;
    for (let row = 0; row < rows.length; row++) {
      const online = rows.status[row] === STATUS.confirmed && rows.onlineSince[row] !== OFFLINE;
      if (online) count += this.#updates(row, height).count;
    }
    return count;
  }

  #updates(row: number, height: number): Updates {
    const { lastConfirmedHeight, onlineSince, updateDelay } = this.rows;
    return updatesUntil(
      this.#params,
      lastConfirmedHeight[row]!,
      onlineSince[row]!,
      updateDelay[row]!,
      height,
    );
  }

  /** Satoshi in the node's collateral output. */
  collateral(row: number): bigint {
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

  /** A new output of the new amount, made in block `height`, takes the collateral's place. */
  replaceCollateral(row: number, height: number): void {
    this.rows.oldCollateral[row] = 0;
    this.rows.collateralHeight[row] = height;
    this.rows.collateralSerial[row]!++;
    this.queues.setOutpoint(row, this.#outpoint(row));
  }

  #outpoint(row: number): { txid: Uint8Array; index: number } {
    const name = `${this.#seed}/collateral/${row}/${this.rows.collateralSerial[row]}`;
    return { txid: sha256(utf8ToBytes(name)), index: 0 };
  }
}
