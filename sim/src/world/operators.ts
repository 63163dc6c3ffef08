import {
  confirmExpiryHeight,
  dosReleaseHeight,
  expiresByTransition,
  heightAfter,
  type Params,
  Random,
  startExpiryHeight,
  TIERS,
  unreachable,
} from "@fluxlab/core";
import type { RunDigest } from "../kernel/digest.ts";
import { EventQueue } from "../kernel/eventQueue.ts";
import { ChainNodes } from "./chainNodes.ts";
import { LOOK_BLOCKS } from "./confirmations.ts";
import type { EconomyPlan } from "./economyPlan.ts";
import { establishTier } from "./established.ts";
import { OFFLINE, type OperatorRows, STATUS } from "./operatorRows.ts";

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

/** First word of an event's digest row, plus its kind. */
export const EVENT_ROW = 0x8000_0000;

const DAY_SECONDS = 86_400;

/**
 * The operators of a run: they join, START, confirm, stay online or do not, replace collateral, leave. What they do and
 * what the chain then does to their nodes are events at heights that the core's lifecycle rules name.
 */
export class Operators {
  readonly nodes: ChainNodes;
  readonly events: EventQueue;
  /** Operators that have not left, those planned for today included, by tier index. */
  readonly alive = new Int32Array(TIERS.length);
  readonly #plan: EconomyPlan;
  readonly #params: Params;
  readonly #rows: OperatorRows;
  readonly #digest: RunDigest;
  readonly #outages: Random;
  readonly #lifetimes: Random;
  readonly #starts: Random;
  readonly #arrivals: Random;

  constructor(plan: EconomyPlan, digest: RunDigest) {
    this.#plan = plan;
    this.#params = plan.params;
    this.#digest = digest;
    const random = Random.root(plan.seed);
    this.#outages = random.fork("outages");
    this.#lifetimes = random.fork("lifetimes");
    this.#starts = random.fork("starts");
    this.#arrivals = random.fork("arrivals");
    const capacity = TIERS.reduce((sum, tier) => sum + plan.population[tier].atStart, 0);
    this.nodes = new ChainNodes(plan.params, plan.seed, capacity);
    this.#rows = this.nodes.rows;
    this.events = new EventQueue(Math.max(capacity * 2, 1024));
    TIERS.forEach((_, tier) => {
      this.#beginTier(tier, random);
    });
    if (TIERS.some((tier) => plan.population[tier].atStart > 0 || plan.population[tier].atEnd > 0)) {
      this.events.push(plan.firstHeight, EVENT.plan, 0);
    }
  }

  #beginTier(tier: number, random: Random): void {
    const { firstHeight, lastHeight, joinOverSeconds } = this.#plan;
    const { atStart } = this.#plan.population[TIERS[tier]!];
    this.alive[tier] = atStart;
    if (joinOverSeconds === undefined) {
      const firstRow = this.#rows.length;
      establishTier(this.#params, firstHeight, tier, atStart, this.#rows, random.fork(`established/${tier}`));
      for (let row = firstRow; row < this.#rows.length; row++) this.#beginEstablished(row);
    } else {
      const opening = Math.max(firstHeight, this.#params.upgrades.kamata.height);
      for (let i = 0; i < atStart; i++) this.#scheduleJoin(tier, opening, joinOverSeconds);
    }
    const { begin, end } = this.#params.fluxnodes.transitions[TIERS[tier]!];
    if (end >= firstHeight && begin <= lastHeight) this.events.push(end, EVENT.transition, tier);
  }

  #beginEstablished(row: number): void {
    const { firstHeight } = this.#plan;
    this.nodes.enterEstablished(row);
    if (this.#rows.oldCollateral[row] === 1) this.#scheduleMigration(row, firstHeight);
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

  // Coming and going

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

  #scheduleJoin(tier: number, from: number, overSeconds: number): void {
    const at = heightAfter(this.#params, from, this.#arrivals.below(overSeconds));
    this.events.push(at, EVENT.join, tier);
  }

  #join(tier: number, height: number): void {
    const row = this.nodes.add(tier, height);
    this.#rows.updateDelay[row] = this.#starts.below(LOOK_BLOCKS);
    if (this.#rows.oldCollateral[row] === 1) this.#scheduleMigration(row, height);
    this.#scheduleLeave(row, height);
    this.#start(row, height);
  }

  /** Some operator of the tier leaves in the next block; none if all that count are still to come. */
  #sendAway(tier: number, height: number): void {
    const rows = this.#rows;
    if (rows.length === 0) return;
    const first = this.#arrivals.below(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const row = (first + i) % rows.length;
      if (rows.tier[row] !== tier || rows.status[row] === STATUS.left || rows.spent[row] === 1) continue;
      return this.events.push(height + 1, EVENT.leave, row);
    }
  }

  #scheduleLeave(row: number, height: number): void {
    const { lifetimeSeconds } = this.#plan.operators;
    if (lifetimeSeconds === Number.POSITIVE_INFINITY) return;
    this.#schedule(height, this.#lifetimes.exponential(lifetimeSeconds), EVENT.leave, row);
  }

  #leave(row: number, height: number, seconds: number): void {
    const rows = this.#rows;
    const status = rows.status[row]!;
    if (status === STATUS.left || rows.spent[row] === 1) return;
    // Spending in the very block of the INITIAL confirm would not end it (03 section 5.4); nobody does that on purpose.
    if (status === STATUS.confirmed && rows.confirmedHeight[row] === height) {
      return this.events.push(height + 1, EVENT.leave, row);
    }
    this.#note(EVENT.leave, row, height);
    this.alive[rows.tier[row]!]!--;
    this.nodes.spend(row, height, seconds);
    if (status === STATUS.started || status === STATUS.dos)
      rows.spent[row] = 1; // listed until its time is up
    else rows.status[row] = STATUS.left;
  }

  // START, confirm, and what comes of missing it

  #start(row: number, height: number): void {
    if (this.#rows.status[row] !== STATUS.absent) return;
    const mature = this.nodes.collateralMature(row);
    if (height < mature) return this.events.push(mature, EVENT.start, row);
    if (!this.nodes.collateralAccepted(row, height)) {
      this.nodes.replaceCollateral(row, height);
      return this.events.push(this.nodes.collateralMature(row), EVENT.start, row);
    }
    this.#note(EVENT.start, row, height);
    this.nodes.start(row, height);
    const { numerator, denominator } = this.#plan.operators.missedStart;
    if (this.#starts.chance(numerator, denominator)) this.#scheduleStartExpiry(row);
    else this.events.push(height + 2 + this.#starts.below(LOOK_BLOCKS), EVENT.confirm, row);
  }

  #scheduleStartExpiry(row: number): void {
    const started = this.#rows.startedHeight[row]!;
    this.events.push(startExpiryHeight(this.#params, started), EVENT.startExpiry, row);
  }

  #confirm(row: number, height: number, seconds: number): void {
    const testFails = this.#rows.spent[row] === 1 || !this.nodes.collateralAccepted(row, height);
    if (testFails) return this.#scheduleStartExpiry(row); // no confirm can be mined: the START runs out
    this.#note(EVENT.confirm, row, height);
    this.nodes.confirm(row, height, seconds);
    this.#scheduleOutage(row, height);
  }

  #startExpiry(row: number, height: number): void {
    this.#note(EVENT.startExpiry, row, height);
    this.nodes.runOut(row);
    const started = this.#rows.startedHeight[row]!;
    this.events.push(dosReleaseHeight(this.#params, started), EVENT.dosRelease, row);
  }

  #dosRelease(row: number, height: number): void {
    this.#note(EVENT.dosRelease, row, height);
    this.nodes.release(row);
    if (this.#rows.status[row] === STATUS.absent) this.events.push(height + 1, EVENT.start, row);
  }

  // Outages

  #scheduleOutage(row: number, height: number): void {
    const { outageEverySeconds } = this.#plan.operators;
    if (outageEverySeconds === Number.POSITIVE_INFINITY) return;
    const seconds = this.#outages.exponential(outageEverySeconds);
    this.#rows.nextOutageHeight[row] = this.#schedule(height, seconds, EVENT.offline, row);
  }

  #offline(row: number, height: number): void {
    const rows = this.#rows;
    if (rows.status[row] !== STATUS.confirmed || rows.nextOutageHeight[row] !== height) return;
    this.#note(EVENT.offline, row, height);
    this.nodes.goOffline(row, height);
    this.events.push(confirmExpiryHeight(this.#params, rows.lastConfirmedHeight[row]!), EVENT.expire, row);
    this.#schedule(height, this.#outages.exponential(this.#plan.operators.outageSeconds), EVENT.online, row);
  }

  #online(row: number, height: number): void {
    const rows = this.#rows;
    if (rows.status[row] === STATUS.left) return;
    this.#note(EVENT.online, row, height);
    if (rows.status[row] === STATUS.absent) return this.events.push(height + 1, EVENT.start, row);
    if (rows.status[row] !== STATUS.confirmed || rows.onlineSince[row] !== OFFLINE) return;
    rows.onlineSince[row] = height;
    this.#scheduleOutage(row, height);
  }

  #expire(row: number, height: number, seconds: number): void {
    if (!this.nodes.expiresIn(row, height)) return; // it came back in time, left, or was confirmed anew
    this.#note(EVENT.expire, row, height);
    this.nodes.expire(row, height, seconds);
  }

  // The change to other collateral amounts

  #scheduleMigration(row: number, height: number): void {
    const { begin, end } = this.#params.fluxnodes.transitions[TIERS[this.#rows.tier[row]!]!];
    const from = Math.max(begin, height + 1);
    if (from < end) this.events.push(from + this.#starts.below(end - from), EVENT.migrate, row);
  }

  /** The operator moves to the new collateral: the old one is spent, the new one matures, the node STARTs again. */
  #migrate(row: number, height: number, seconds: number): void {
    const rows = this.#rows;
    const status = rows.status[row]!;
    if (rows.oldCollateral[row] === 0 || status === STATUS.left || rows.spent[row] === 1) return;
    // Not while a START is open: the operator waits for the confirm. If that comes too late, #start replaces the collateral.
    if (status === STATUS.started || status === STATUS.dos || rows.confirmedHeight[row] === height) {
      return this.events.push(height + 1, EVENT.migrate, row);
    }
    this.#note(EVENT.migrate, row, height);
    this.nodes.spend(row, height, seconds);
    this.nodes.replaceCollateral(row, height);
    this.events.push(this.nodes.collateralMature(row), EVENT.start, row);
  }

  #transition(tier: number, height: number, seconds: number): void {
    const rows = this.#rows;
    for (let row = 0; row < rows.length; row++) {
      if (rows.tier[row] !== tier || rows.status[row] !== STATUS.confirmed) continue;
      if (!expiresByTransition(this.#params, height, TIERS[tier]!, this.nodes.collateral(row))) continue;
      this.#note(EVENT.transition, row, height);
      this.nodes.expire(row, height, seconds);
      this.events.push(height + 1, EVENT.start, row);
    }
  }

  /** Schedules an event at least one block after `height`; returns its height. Beyond the run it is not kept. */
  #schedule(height: number, seconds: number, kind: EventKind, row: number): number {
    const at = heightAfter(this.#params, height, Math.max(seconds, 1));
    if (at <= this.#plan.lastHeight) this.events.push(at, kind, row);
    return at;
  }

  #note(kind: EventKind, row: number, height: number): void {
    this.#digest.row(EVENT_ROW + kind, height, row, this.#rows.collateralSerial[row]!);
  }
}
