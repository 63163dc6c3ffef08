import { assert, type Outpoint } from "@fluxlab/core";

/** What every operator knows and has got, one column a field; a row is an operator, for good. The chain knows the rest. */
export class OperatorRows {
  length = 0;
  /** Index into TIERS. */
  tier = new Uint8Array(0);
  /** 1 once the operator has gone for good. */
  left = new Uint8Array(0);
  /** 1 while the collateral is the amount of before its tier's transition. */
  oldCollateral = new Uint8Array(0);
  /** Blocks, beyond the least possible, that this operator's node takes to update its confirmation. */
  updateDelay = new Uint8Array(0);
  /** Height of the latest block with a START, a confirm or a spent collateral of the operator's. */
  actedHeight = new Uint32Array(0);
  /** Height the node went online, or {@link OFFLINE}. */
  onlineSince = new Uint32Array(0);
  /** Row of the chain's node table with the node, if its collateral is this operator's. */
  listedAt = new Uint32Array(0);
  /** Height of the first START, or of the run's first block for nodes that were there before. */
  joinedHeight = new Uint32Array(0);
  /** Run time of the latest payment or confirm, seconds; {@link BEFORE_RUN} if that was before the run, {@link GONE}. */
  turnSeconds = new Float64Array(0);
  /** Payments received in the run. */
  payments = new Uint32Array(0);
  /** Satoshi received in the run. */
  earned = new BigUint64Array(0);
  /** Seconds spent confirmed in finished confirmations, and the run time at which the present one began. */
  confirmedSeconds = new Float64Array(0);
  confirmedAtSeconds = new Float64Array(0);
  /** Height at which the next outage is due; an outage event of another height is out of date. */
  nextOutageHeight = new Uint32Array(0);
  /** Height of the block that made the collateral output. */
  collateralHeight = new Uint32Array(0);
  /** Which collateral this is: 0 the first, one more for each that replaced it. */
  collateralSerial = new Uint16Array(0);
  /** The collateral output, and its {@link outpointKey}. */
  readonly collateral: Outpoint[] = [];
  readonly key: string[] = [];

  constructor(capacity: number) {
    this.#resize(Math.max(capacity, 16));
  }

  /** Adds an operator with all fields 0 and returns its row. */
  add(tier: number): number {
    if (this.length === this.tier.length) this.#resize(this.length * 2);
    assert(this.length < 0xffff_ffff, "rows are u32");
    const row = this.length++;
    this.tier[row] = tier;
    return row;
  }

  #resize(capacity: number): void {
    const grow = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    this.tier = grow(new Uint8Array(capacity), this.tier);
    this.left = grow(new Uint8Array(capacity), this.left);
    this.actedHeight = grow(new Uint32Array(capacity), this.actedHeight);
    this.oldCollateral = grow(new Uint8Array(capacity), this.oldCollateral);
    this.updateDelay = grow(new Uint8Array(capacity), this.updateDelay);
    this.onlineSince = grow(new Uint32Array(capacity), this.onlineSince);
    this.listedAt = grow(new Uint32Array(capacity), this.listedAt);
    this.joinedHeight = grow(new Uint32Array(capacity), this.joinedHeight);
    this.turnSeconds = grow(new Float64Array(capacity), this.turnSeconds);
    this.payments = grow(new Uint32Array(capacity), this.payments);
    this.earned = grow(new BigUint64Array(capacity), this.earned);
    this.confirmedSeconds = grow(new Float64Array(capacity), this.confirmedSeconds);
    this.confirmedAtSeconds = grow(new Float64Array(capacity), this.confirmedAtSeconds);
    this.nextOutageHeight = grow(new Uint32Array(capacity), this.nextOutageHeight);
    this.collateralHeight = grow(new Uint32Array(capacity), this.collateralHeight);
    this.collateralSerial = grow(new Uint16Array(capacity), this.collateralSerial);
  }
}

/** {@link OperatorRows.onlineSince} of a node that is down. */
export const OFFLINE = 0xffff_ffff;

/** {@link OperatorRows.turnSeconds} of a node that is not confirmed. */
export const GONE = -2;

/** {@link OperatorRows.turnSeconds} of a node whose latest turn was before the run: no wait is measured from it. */
export const BEFORE_RUN = -1;
