import {
  acceptedCollateral,
  COLLATERAL_MATURITY,
  confirmExpiryHeight,
  dosReleaseHeight,
  expiresByTransition,
  heightAfter,
  NEW_COLLATERAL,
  OLD_COLLATERAL,
  type Params,
  PaymentQueues,
  Random,
  startExpiryHeight,
  TIERS,
  unreachable,
} from "@fluxlab/core";
import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import type { RunDigest } from "../kernel/digest.ts";
import { EventQueue } from "../kernel/eventQueue.ts";
import { LOOK_BLOCKS, updatesUntil } from "./confirmations.ts";
import type { EconomyPlan } from "./economyPlan.ts";
import { establishTier } from "./established.ts";
import { BEFORE_RUN, OFFLINE, OperatorRows, STATUS } from "./operatorRows.ts";

/**
 * What can happen to a node in a block, in the order in which fluxd merges a block's changes (03 section 5.7), with the
 * operators' own doings between. The number is the event's kind in the queue, so it orders events of one block.
 */
export const EVENT = {
  /** Source: 0. Once a day: how many operators come and go. */
  plan: 0,
  /** Source: tier. A new operator STARTs. */
  join: 1,
  start: 2,
  startExpiry: 3,
  dosRelease: 4,
  confirm: 5,
  online: 6,
  offline: 7,
  /** Source: tier. The last block of the tier's old collateral has passed. */
  transition: 8,
  migrate: 9,
  leave: 10,
  expire: 11,
} as const;
type EventKind = (typeof EVENT)[keyof typeof EVENT];

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

const DAY_SECONDS = 86_400;

/**
 * The operators of a run: they START, confirm, stay online or do not, replace collateral, leave; what the chain then does to
 * their nodes comes from the core's lifecycle rules. Works on the queues in place.
 */
export class Operators {
  readonly rows: OperatorRows;
  readonly queues: PaymentQueues;
  readonly events: EventQueue;
  readonly counts: LifecycleCounts = {
    starts: 0,
    confirms: 0,
    updates: 0,
    startExpiries: 0,
    dosReleases: 0,
    expiries: 0,
    spent: 0,
  };
  /** Nodes the chain lists as STARTED and DoS. */
  started = 0;
  dos = 0;
  /** Operators that have not left, by tier index. */
  readonly alive = new Int32Array(TIERS.length);
  readonly #plan: EconomyPlan;
  readonly #params: Params;
  readonly #digest: RunDigest;
  readonly #outages: Random;
  readonly #lifetimes: Random;
  readonly #starts: Random;
  readonly #arrivals: Random;
  readonly #collaterals: string;

  constructor(plan: EconomyPlan, digest: RunDigest) {
    this.#plan = plan;
    this.#params = plan.params;
    this.#digest = digest;
    const random = Random.root(plan.seed);
    this.#outages = random.fork("outages");
    this.#lifetimes = random.fork("lifetimes");
    this.#starts = random.fork("starts");
    this.#arrivals = random.fork("arrivals");
    this.#collaterals = `${plan.seed}/collateral`;
    const capacity = TIERS.reduce((sum, tier) => sum + plan.population[tier].atStart, 0);
    this.rows = new OperatorRows(capacity);
    this.queues = new PaymentQueues(Math.max(capacity, 16));
    this.events = new EventQueue(Math.max(capacity * 2, 1024));
    TIERS.forEach((_, tier) => {
      this.#beginTier(tier, random);
    });
    if (capacity > 0 || TIERS.some((tier) => plan.population[tier].atEnd > 0)) {
      this.events.push(plan.firstHeight, EVENT.plan, 0);
    }
  }

  #beginTier(tier: number, random: Random): void {
    const { firstHeight, lastHeight, joinOverSeconds } = this.#plan;
    const { atStart } = this.#plan.population[TIERS[tier]!];
    this.alive[tier] = atStart;
    if (joinOverSeconds === undefined) {
      establishTier(this.#params, firstHeight, tier, atStart, this.rows, random.fork(`established/${tier}`));
      for (let row = this.rows.length - atStart; row < this.rows.length; row++) this.#beginEstablished(row);
    } else {
      const opening = Math.max(firstHeight, this.#params.upgrades.kamata.height);
      for (let i = 0; i < atStart; i++) this.#scheduleJoin(tier, opening, joinOverSeconds);
    }
    const { begin, end } = this.#params.fluxnodes.transitions[TIERS[tier]!];
    if (end >= firstHeight && begin <= lastHeight) this.events.push(end, EVENT.transition, tier);
  }

  #beginEstablished(row: number): void {
    const { firstHeight } = this.#plan;
    const { rows } = this;
    this.queues.setOutpoint(row, this.#outpoint(row));
    this.queues.enter(row, rows.tier[row]!, rows.confirmedHeight[row]!, rows.lastPaidHeight[row]!);
    if (rows.oldCollateral[row] === 1) this.#scheduleMigration(row, firstHeight);
    this.#scheduleLeave(row, firstHeight);
    this.#scheduleOutage(row, firstHeight);
  }

  /** Delivers every event due in block `height`, `seconds` into the run. */
  deliver(height: number, seconds: number): void {
    while (this.events.nextTime === height) {
      this.events.pop();
      this.#deliverOne(this.events.kind as EventKind, this.events.source, height, seconds);
    }
  }

  #deliverOne(kind: EventKind, source: number, height: number, seconds: number): void {
    switch (kind) {
      case EVENT.plan:
        return this.#planDay(height);
      case EVENT.join:
        return this.#join(source, height);
      case EVENT.start:
        return this.#start(source, height);
      case EVENT.startExpiry:
        return this.#startExpiry(source, height);
      case EVENT.dosRelease:
        return this.#dosRelease(source, height);
      case EVENT.confirm:
        return this.#confirm(source, height, seconds);
      case EVENT.online:
        return this.#online(source, height);
      case EVENT.offline:
        return this.#offline(source, height);
      case EVENT.transition:
        return this.#transition(source, height, seconds);
      case EVENT.migrate:
        return this.#migrate(source, height, seconds);
      case EVENT.leave:
        return this.#leave(source, height, seconds);
      case EVENT.expire:
        return this.#expire(source, height, seconds);
      default:
        return unreachable(kind, "event kind");
    }
  }

  /** Finishes the books at the end of a run: updates that were never asked for are counted. */
  countOpenUpdates(height: number): number {
    const { rows } = this;
    let count = 0;
    for (let row = 0; row < rows.length; row++) {
      if (rows.status[row] === STATUS.confirmed && rows.onlineSince[row] !== OFFLINE) {
        count += this.#updates(row, height).count;
      }
    }
    return this.counts.updates + count;
  }

  // Population

  #planDay(height: number): void {
    const tomorrow = heightAfter(this.#params, height, DAY_SECONDS);
    if (tomorrow <= this.#plan.lastHeight) this.events.push(tomorrow, EVENT.plan, 0);
    TIERS.forEach((_, tier) => {
      const missing = this.#target(tier, height) - this.alive[tier]!;
      for (let i = 0; i < missing; i++) this.#scheduleJoin(tier, height + 1, DAY_SECONDS);
      this.alive[tier]! += Math.max(missing, 0); // counted when planned, so that tomorrow does not plan them again
      for (let i = missing; i < 0; i++) this.#sendAway(tier, height);
    });
  }

  #target(tier: number, height: number): number {
    const { firstHeight, lastHeight, population } = this.#plan;
    const { atStart, atEnd } = population[TIERS[tier]!];
    const span = Math.max(lastHeight - firstHeight, 1);
    return Math.floor((atStart * (span - (height - firstHeight)) + atEnd * (height - firstHeight)) / span);
  }

  /** Some operator of the tier leaves in the next block; none if all that count are still to come. */
  #sendAway(tier: number, height: number): void {
    const { rows } = this;
    if (rows.length === 0) return;
    const first = this.#arrivals.below(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const row = (first + i) % rows.length;
      if (rows.tier[row] !== tier || rows.status[row] === STATUS.left || rows.spent[row] === 1) continue;
      return this.events.push(height + 1, EVENT.leave, row);
    }
  }

  #scheduleJoin(tier: number, from: number, overSeconds: number): void {
    const at = heightAfter(this.#params, from, this.#arrivals.below(overSeconds));
    this.events.push(at, EVENT.join, tier);
  }

  #join(tier: number, height: number): void {
    const row = this.rows.add(tier);
    this.rows.joinedHeight[row] = height;
    this.rows.updateDelay[row] = this.#starts.below(LOOK_BLOCKS);
    this.rows.collateralHeight[row] = height - COLLATERAL_MATURITY;
    const amounts = acceptedCollateral(this.#params, height, TIERS[tier]!);
    if (amounts.at(-1) === OLD_COLLATERAL[TIERS[tier]!]) {
      this.rows.oldCollateral[row] = 1;
      this.#scheduleMigration(row, height);
    }
    this.queues.setOutpoint(row, this.#outpoint(row));
    this.#scheduleLeave(row, height);
    this.#start(row, height);
  }

  #scheduleLeave(row: number, height: number): void {
    const { lifetimeSeconds } = this.#plan.operators;
    if (lifetimeSeconds === Number.POSITIVE_INFINITY) return;
    this.#schedule(height, this.#lifetimes.exponential(lifetimeSeconds), EVENT.leave, row);
  }

  // Chain life

  #start(row: number, height: number): void {
    const { rows } = this;
    if (rows.status[row] !== STATUS.absent) return;
    const mature = rows.collateralHeight[row]! + COLLATERAL_MATURITY;
    if (height < mature) return this.events.push(mature, EVENT.start, row);
    if (!this.#collateralAccepted(row, height)) {
      this.#replaceCollateral(row, height);
      return this.events.push(height + COLLATERAL_MATURITY, EVENT.start, row);
    }
    this.#note(EVENT.start, row, height);
    this.counts.starts++;
    this.started++;
    rows.status[row] = STATUS.started;
    rows.startedHeight[row] = height;
    const { numerator, denominator } = this.#plan.operators.missedStart;
    if (this.#starts.chance(numerator, denominator)) {
      this.events.push(startExpiryHeight(this.#params, height), EVENT.startExpiry, row);
    } else {
      this.events.push(height + 2 + this.#starts.below(LOOK_BLOCKS), EVENT.confirm, row);
    }
  }

  #confirm(row: number, height: number, seconds: number): void {
    const { rows } = this;
    if (rows.spent[row] === 1 || !this.#collateralAccepted(row, height)) {
      // The collateral test fails, so no confirm can be mined and the START runs out.
      const expiry = startExpiryHeight(this.#params, rows.startedHeight[row]!);
      return this.events.push(expiry, EVENT.startExpiry, row);
    }
    this.#note(EVENT.confirm, row, height);
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
    this.#scheduleOutage(row, height);
  }

  #startExpiry(row: number, height: number): void {
    this.#note(EVENT.startExpiry, row, height);
    this.counts.startExpiries++;
    this.started--;
    this.dos++;
    this.rows.status[row] = STATUS.dos;
    const release = dosReleaseHeight(this.#params, this.rows.startedHeight[row]!);
    this.events.push(release, EVENT.dosRelease, row);
  }

  #dosRelease(row: number, height: number): void {
    this.#note(EVENT.dosRelease, row, height);
    this.counts.dosReleases++;
    this.dos--;
    if (this.rows.spent[row] === 1) {
      this.rows.status[row] = STATUS.left;
      return;
    }
    this.rows.status[row] = STATUS.absent;
    this.events.push(height + 1, EVENT.start, row);
  }

  #expire(row: number, height: number, seconds: number): void {
    const { rows } = this;
    // Out of date if the node came back in time, left, or was confirmed anew.
    if (rows.status[row] !== STATUS.confirmed || rows.onlineSince[row] !== OFFLINE) return;
    if (confirmExpiryHeight(this.#params, rows.lastConfirmedHeight[row]!) !== height) return;
    this.#note(EVENT.expire, row, height);
    this.counts.expiries++;
    this.#endConfirmation(row, seconds);
  }

  #endConfirmation(row: number, seconds: number): void {
    const { rows } = this;
    this.queues.leave(row);
    rows.status[row] = STATUS.absent;
    rows.confirmedSeconds[row]! += seconds - rows.confirmedAtSeconds[row]!;
    rows.turnSeconds[row] = BEFORE_RUN;
  }

  // Outages

  #scheduleOutage(row: number, height: number): void {
    const { outageEverySeconds } = this.#plan.operators;
    if (outageEverySeconds === Number.POSITIVE_INFINITY) return;
    const seconds = this.#outages.exponential(outageEverySeconds);
    this.rows.nextOutageHeight[row] = this.#schedule(height, seconds, EVENT.offline, row);
  }

  #offline(row: number, height: number): void {
    const { rows } = this;
    if (rows.status[row] !== STATUS.confirmed || rows.nextOutageHeight[row] !== height) return;
    this.#note(EVENT.offline, row, height);
    const { lastConfirmed, count } = this.#updates(row, height - 1);
    this.counts.updates += count;
    rows.lastConfirmedHeight[row] = lastConfirmed;
    rows.onlineSince[row] = OFFLINE;
    this.events.push(confirmExpiryHeight(this.#params, lastConfirmed), EVENT.expire, row);
    this.#schedule(height, this.#outages.exponential(this.#plan.operators.outageSeconds), EVENT.online, row);
  }

  #online(row: number, height: number): void {
    const { rows } = this;
    if (rows.status[row] === STATUS.left) return;
    this.#note(EVENT.online, row, height);
    if (rows.status[row] === STATUS.absent) return this.events.push(height + 1, EVENT.start, row);
    if (rows.status[row] !== STATUS.confirmed || rows.onlineSince[row] !== OFFLINE) return;
    rows.onlineSince[row] = height;
    this.#scheduleOutage(row, height);
  }

  #updates(row: number, height: number): { lastConfirmed: number; count: number } {
    const { lastConfirmedHeight, onlineSince, updateDelay } = this.rows;
    return updatesUntil(
      this.#params,
      lastConfirmedHeight[row]!,
      onlineSince[row]!,
      updateDelay[row]!,
      height,
    );
  }

  // Collateral

  #leave(row: number, height: number, seconds: number): void {
    const { rows } = this;
    const status = rows.status[row]!;
    if (status === STATUS.left || rows.spent[row] === 1) return;
    // Spending in the very block of the INITIAL confirm would not end it (03 section 5.4); nobody does that on purpose.
    if (status === STATUS.confirmed && rows.confirmedHeight[row] === height) {
      return this.events.push(height + 1, EVENT.leave, row);
    }
    this.#note(EVENT.leave, row, height);
    this.counts.spent++;
    this.alive[rows.tier[row]!]!--;
    if (status === STATUS.started || status === STATUS.dos) {
      rows.spent[row] = 1; // the chain keeps the entry until its time is up
      return;
    }
    if (status === STATUS.confirmed) this.#spendConfirmed(row, height, seconds);
    rows.status[row] = STATUS.left;
  }

  #spendConfirmed(row: number, height: number, seconds: number): void {
    if (this.rows.onlineSince[row] !== OFFLINE) this.counts.updates += this.#updates(row, height).count;
    this.#endConfirmation(row, seconds);
  }

  #scheduleMigration(row: number, height: number): void {
    const { begin, end } = this.#params.fluxnodes.transitions[TIERS[this.rows.tier[row]!]!];
    const from = Math.max(begin, height + 1);
    if (from < end) this.events.push(from + this.#starts.below(end - from), EVENT.migrate, row);
  }

  /** The operator moves to the new collateral: the old one is spent, the new one matures, the node STARTs again. */
  #migrate(row: number, height: number, seconds: number): void {
    const { rows } = this;
    const status = rows.status[row]!;
    if (rows.oldCollateral[row] === 0 || status === STATUS.left || rows.spent[row] === 1) return;
    // Not while a START is open: the operator waits for the confirm. If that comes too late, #start replaces the collateral.
    if (status === STATUS.started || status === STATUS.dos || rows.confirmedHeight[row] === height) {
      return this.events.push(height + 1, EVENT.migrate, row);
    }
    this.#note(EVENT.migrate, row, height);
    this.counts.spent++;
    if (status === STATUS.confirmed) this.#spendConfirmed(row, height, seconds);
    this.#replaceCollateral(row, height);
    this.events.push(height + COLLATERAL_MATURITY, EVENT.start, row);
  }

  #replaceCollateral(row: number, height: number): void {
    this.rows.oldCollateral[row] = 0;
    this.rows.collateralHeight[row] = height;
    this.rows.collateralSerial[row]!++;
    this.queues.setOutpoint(row, this.#outpoint(row));
  }

  #transition(tier: number, height: number, seconds: number): void {
    const { rows } = this;
    if (!expiresByTransition(this.#params, height, TIERS[tier]!, OLD_COLLATERAL[TIERS[tier]!])) return;
    for (let row = 0; row < rows.length; row++) {
      if (rows.tier[row] !== tier || rows.oldCollateral[row] === 0) continue;
      if (rows.status[row] !== STATUS.confirmed) continue;
      this.#note(EVENT.transition, row, height);
      this.counts.expiries++;
      if (rows.onlineSince[row] !== OFFLINE) this.counts.updates += this.#updates(row, height).count;
      this.#endConfirmation(row, seconds);
      this.events.push(height + 1, EVENT.start, row);
    }
  }

  #collateralAccepted(row: number, height: number): boolean {
    const tier = TIERS[this.rows.tier[row]!]!;
    const amount = this.rows.oldCollateral[row] === 1 ? OLD_COLLATERAL[tier] : NEW_COLLATERAL[tier];
    return acceptedCollateral(this.#params, height, tier).includes(amount);
  }

  #outpoint(row: number): { txid: Uint8Array; index: number } {
    const name = `${this.#collaterals}/${row}/${this.rows.collateralSerial[row]}`;
    return { txid: sha256(utf8ToBytes(name)), index: 0 };
  }

  /** Schedules an event at least one block after `height`; returns its height. Beyond the run it is not kept. */
  #schedule(height: number, seconds: number, kind: EventKind, row: number): number {
    const at = heightAfter(this.#params, height, Math.max(seconds, 1));
    if (at <= this.#plan.lastHeight) this.events.push(at, kind, row);
    return at;
  }

  #note(kind: EventKind, row: number, height: number): void {
    this.#digest.row(0x8000_0000 + kind, height, row, this.rows.collateralSerial[row]!);
  }
}
