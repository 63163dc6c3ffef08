import {
  assert,
  compareQueuePositions,
  type FluxnodeMove,
  heightAfter,
  type NodeChain,
  type Params,
  Random,
  TIERS,
  unreachable,
} from "@fluxlab/core";
import type { RunDigest } from "../kernel/digest.ts";
import { EventQueue } from "../kernel/eventQueue.ts";
import { ChainNodes, type NodeMove } from "./chainNodes.ts";
import { isOverdue, LOOK_BLOCKS } from "./confirmations.ts";
import type { CollateralName, EconomyBeginning, EconomyPlan, Shock } from "./economyPlan.ts";
import { establishTier } from "./established.ts";
import { BEFORE_RUN, GONE, OFFLINE, type OperatorRows } from "./operatorRows.ts";

/**
 * What can happen to a node in a block, in the order in which fluxd merges a block's changes (03 section 5.7), with the
 * operators' own doings between. The number orders the events of one block in the queue, and in the digest those and what
 * the chain decided.
 */
export const EVENT = {
  /** Source: 0. Once a day: how many operators come and go. */
  plan: 0,
  /** Source: tier. A new operator STARTs. */
  join: 1,
  start: 2,
  /** Decided by the chain, like the next. */
  startExpiry: 3,
  dosRelease: 4,
  confirm: 5,
  online: 6,
  offline: 7,
  /** The last block of the tier's old collateral has passed. Decided by the chain. */
  transition: 8,
  migrate: 9,
  leave: 10,
  /** Decided by the chain. */
  expire: 11,
  /** Source: index of the shock. What comes of it are the events above. */
  shock: 12,
  /** An operator leaves for good. */
  exit: 13,
} as const;
type EventKind = (typeof EVENT)[keyof typeof EVENT];

/** What the chain decides without an operator's doing. */
const DECIDED: Partial<Record<FluxnodeMove, EventKind>> = {
  missedConfirm: EVENT.startExpiry,
  released: EVENT.dosRelease,
  expired: EVENT.expire,
  collateralOutdated: EVENT.transition,
};

/** An event as the digest is told of it. */
interface Note {
  readonly kind: EventKind;
  readonly row: number;
  /** Of the operator's collateral at the time. */
  readonly serial: number;
}

/** First word of an event's digest row, plus its kind. */
export const EVENT_ROW = 0x8000_0000;

const DAY_SECONDS = 86_400;

/**
 * The operators of a run: they join, START, confirm, stay online or do not, replace collateral, leave. What they do are events
 * at heights; what the chain then does to their nodes they learn from it.
 */
export class Operators {
  readonly nodes: ChainNodes;
  readonly events: EventQueue;
  /** Operators that have not left, those planned for today included, by tier index. */
  readonly alive = new Int32Array(TIERS.length);
  /** Operators that each shock has hit. */
  readonly hit: Uint32Array;
  readonly #plan: EconomyPlan;
  readonly #params: Params;
  readonly #rows: OperatorRows;
  readonly #digest: RunDigest;
  readonly #outages: Random;
  readonly #lifetimes: Random;
  readonly #starts: Random;
  readonly #arrivals: Random;
  /** Chance of each shock. */
  readonly #shocks: readonly Random[];
  /** Operators whose places nobody takes, less those who came beyond the plan, by tier index. */
  readonly #exited = new Int32Array(TIERS.length);
  /** Of the block that is being played. */
  #notes: Note[] = [];

  constructor(plan: EconomyPlan, chain: NodeChain, nameCollateral: CollateralName, digest: RunDigest) {
    this.#plan = plan;
    this.#params = plan.params;
    this.#digest = digest;
    const random = Random.root(plan.seed);
    this.#outages = random.fork("outages");
    this.#lifetimes = random.fork("lifetimes");
    this.#starts = random.fork("starts");
    this.#arrivals = random.fork("arrivals");
    this.hit = new Uint32Array(plan.shocks.length);
    this.#shocks = plan.shocks.map((_, i) => random.fork(`shock/${i}`));
    const capacity = TIERS.reduce((sum, tier) => sum + plan.population[tier].atStart, 0);
    this.nodes = new ChainNodes(chain, nameCollateral, capacity);
    this.#rows = this.nodes.rows;
    this.events = new EventQueue(Math.max(capacity * 2, 1024));
    if (plan.beginning !== undefined) this.#goOn(plan.beginning);
    else {
      TIERS.forEach((_, tier) => {
        this.#beginTier(tier, random);
      });
    }
    if (TIERS.some((tier) => plan.population[tier].atStart > 0 || plan.population[tier].atEnd > 0)) {
      this.events.push(plan.firstHeight, EVENT.plan, 0);
    }
    plan.shocks.forEach(({ height }, i) => {
      this.events.push(height, EVENT.shock, i);
    });
  }

  #beginTier(tier: number, random: Random): void {
    const { firstHeight, joinOverSeconds } = this.#plan;
    const { atStart } = this.#plan.population[TIERS[tier]!];
    this.alive[tier] = atStart;
    if (joinOverSeconds === undefined) {
      const draws = random.fork(`established/${tier}`);
      for (const node of establishTier(this.#params, firstHeight, tier, atStart, this.#rows, draws)) {
        this.nodes.enterEstablished(node);
        if (this.#rows.oldCollateral[node.row] === 1) this.#scheduleMigration(node.row, firstHeight);
        this.#scheduleLeave(node.row, firstHeight);
        this.#scheduleOutage(node.row, firstHeight);
      }
    } else {
      const opening = Math.max(firstHeight, this.#params.upgrades.kamata.height);
      for (let i = 0; i < atStart; i++) this.#scheduleJoin(tier, opening, joinOverSeconds);
    }
  }

  /** The operators of nodes that the chain has. Who has missed an UPDATE by more than a slow operator would is down. */
  #goOn({ nodes }: EconomyBeginning): void {
    const { firstHeight, operators } = this.#plan;
    for (const record of [...nodes].sort(compareQueuePositions)) {
      const row = this.nodes.enterRecorded(record, firstHeight);
      this.alive[this.#rows.tier[row]!]!++;
      this.#rows.updateDelay[row] = this.#starts.below(LOOK_BLOCKS);
      this.#rows.turnSeconds[row] = record.status === "confirmed" ? BEFORE_RUN : GONE;
      if (this.#rows.oldCollateral[row] === 1) this.#scheduleMigration(row, firstHeight);
      this.#scheduleLeave(row, firstHeight);
      if (record.status === "started") {
        this.events.push(firstHeight + this.#starts.below(LOOK_BLOCKS), EVENT.confirm, row);
      } else if (record.status === "confirmed" && !isOverdue(this.#params, record, firstHeight)) {
        this.nodes.goOnline(row, firstHeight);
        this.#scheduleOutage(row, firstHeight);
      } else if (record.status === "confirmed") {
        this.#rows.onlineSince[row] = OFFLINE;
        this.#schedule(firstHeight, this.#outages.exponential(operators.outageSeconds), EVENT.online, row);
      }
    }
  }

  /** Plays the operators' part of block `height`, `seconds` into the run, and then the chain's. */
  play(height: number, seconds: number): void {
    while (this.events.nextTime === height) {
      this.events.pop();
      this.#deliverOne(this.events.kind as EventKind, this.events.source, height);
    }
    const moves = this.nodes.connect();
    if (moves !== undefined) for (const move of moves) this.#react(move, height, seconds);
    if (this.#notes.length > 0) this.#tellDigest(height);
  }

  /** In the order of {@link EVENT}: operators' doings as they happened, the chain's decisions by operator. */
  #tellDigest(height: number): void {
    for (const { kind, row, serial } of this.#notes.sort((a, b) => a.kind - b.kind || order(a, b)))
      this.#digest.row(EVENT_ROW + kind, height, row, serial);
    this.#notes = [];
  }

  #deliverOne(kind: EventKind, source: number, height: number): void {
    switch (kind) {
      case EVENT.plan:
        return this.#planDay(height);
      case EVENT.join:
        return this.#join(source, height);
      case EVENT.start:
        return this.#start(source, height);
      case EVENT.confirm:
        return this.#confirm(source, height);
      case EVENT.online:
        return this.#online(source, height);
      case EVENT.offline:
        return this.#offline(source, height);
      case EVENT.migrate:
        return this.#migrate(source, height);
      case EVENT.leave:
        return this.#leave(source, height);
      case EVENT.shock:
        return this.#strike(source, height);
      case EVENT.exit:
        return this.#exit(source, height);
      case EVENT.startExpiry:
      case EVENT.dosRelease:
      case EVENT.transition:
      case EVENT.expire:
        return assert(false, "what the chain decides is never scheduled");
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
    const planned = Math.floor(
      (atStart * (span - (height - firstHeight)) + atEnd * (height - firstHeight)) / span,
    );
    return Math.max(planned - this.#exited[tier]!, 0);
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
      if (rows.tier[row] !== tier || rows.left[row] === 1) continue;
      return this.events.push(height + 1, EVENT.leave, row);
    }
  }

  #scheduleLeave(row: number, height: number): void {
    const { lifetimeSeconds } = this.#plan.operators;
    if (lifetimeSeconds === Number.POSITIVE_INFINITY) return;
    this.#schedule(height, this.#lifetimes.exponential(lifetimeSeconds), EVENT.leave, row);
  }

  #leave(row: number, height: number): void {
    const rows = this.#rows;
    if (rows.left[row] === 1) return;
    // Spending in the very block of the INITIAL confirm would not end it (03 section 5.4); nobody does that on purpose.
    if (this.#confirmsIn(row, height)) return this.events.push(height + 1, EVENT.leave, row);
    this.#note(EVENT.leave, row);
    this.alive[rows.tier[row]!]!--;
    rows.left[row] = 1;
    this.nodes.spend(row, height);
  }

  /** Whether the operator's confirm is in block `height`, which is being made. */
  #confirmsIn(row: number, height: number): boolean {
    return this.#rows.actedHeight[row] === height && this.nodes.record(row)?.status === "started";
  }

  // START, confirm, and what comes of missing it

  #start(row: number, height: number): void {
    const rows = this.#rows;
    if (rows.left[row] === 1 || rows.actedHeight[row] === height || this.nodes.record(row) !== undefined)
      return;
    const mature = this.nodes.collateralMature(row);
    if (height < mature) return this.events.push(mature, EVENT.start, row);
    if (!this.nodes.collateralAccepted(row, height)) {
      this.nodes.replaceCollateral(row, height);
      return this.events.push(this.nodes.collateralMature(row), EVENT.start, row);
    }
    this.#note(EVENT.start, row);
    this.nodes.start(row, height);
    const { numerator, denominator } = this.#plan.operators.missedStart;
    if (!this.#starts.chance(numerator, denominator))
      this.events.push(height + 2 + this.#starts.below(LOOK_BLOCKS), EVENT.confirm, row);
  }

  /** Where no confirm can be mined the START runs out. */
  #confirm(row: number, height: number): void {
    if (this.#rows.left[row] === 1 || !this.nodes.collateralAccepted(row, height)) return;
    this.#note(EVENT.confirm, row);
    this.nodes.confirm(row, height);
    this.#scheduleOutage(row, height);
  }

  /** What a block did to a node, as its operator takes it. */
  #react({ move, row }: NodeMove, height: number, seconds: number): void {
    const rows = this.#rows;
    const decided = DECIDED[move];
    if (decided !== undefined) this.#note(decided, row);
    if (move === "confirmed") {
      rows.turnSeconds[row] = seconds;
      rows.confirmedAtSeconds[row] = seconds;
    } else if (move === "expired" || move === "collateralSpent" || move === "collateralOutdated") {
      rows.confirmedSeconds[row]! += seconds - rows.confirmedAtSeconds[row]!;
      rows.turnSeconds[row] = GONE;
    }
    const startsAgain = move === "released" || move === "collateralOutdated";
    if (startsAgain && rows.left[row] === 0) this.events.push(height + 1, EVENT.start, row);
  }

  // Outages

  #scheduleOutage(row: number, height: number): void {
    const { outageEverySeconds } = this.#plan.operators;
    if (outageEverySeconds === Number.POSITIVE_INFINITY) return;
    const seconds = this.#outages.exponential(outageEverySeconds);
    this.#rows.nextOutageHeight[row] = this.#schedule(height, seconds, EVENT.offline, row);
  }

  #offline(row: number, height: number): void {
    if (this.#rows.nextOutageHeight[row] !== height || !this.#confirmed(row)) return;
    this.#note(EVENT.offline, row);
    this.nodes.goOffline(row, height);
    this.#schedule(height, this.#outages.exponential(this.#plan.operators.outageSeconds), EVENT.online, row);
  }

  #online(row: number, height: number): void {
    const rows = this.#rows;
    if (rows.left[row] === 1) return;
    this.#note(EVENT.online, row);
    if (this.nodes.record(row) === undefined) return this.events.push(height + 1, EVENT.start, row);
    if (!this.#confirmed(row) || rows.onlineSince[row] !== OFFLINE) return;
    this.nodes.goOnline(row, height);
    this.#scheduleOutage(row, height);
  }

  #confirmed(row: number): boolean {
    return this.nodes.record(row)?.status === "confirmed";
  }

  // What hits many at once

  #strike(shock: number, height: number): void {
    const { kind, tiers, share, blocks } = this.#plan.shocks[shock]!;
    if (kind === "price") return this.#reprice(shock, height);
    const random = this.#shocks[shock]!;
    const rows = this.#rows;
    for (let row = 0; row < rows.length; row++) {
      if (!tiers.includes(rows.tier[row]!) || !this.#canBeHit(kind, row, height)) continue;
      if (!random.chance(share.numerator, share.denominator)) continue;
      this.hit[shock]!++;
      if (kind === "exit") this.events.push(height + 1 + random.below(blocks), EVENT.exit, row);
      else this.#failBenchmark(row, height, blocks);
    }
  }

  /** Operators leave or come until a part of the way to the number whose nodes pay at the new price is gone. */
  #reprice(shock: number, height: number): void {
    const { tiers, share, blocks, paying } = this.#plan.shocks[shock]!;
    const random = this.#shocks[shock]!;
    for (const tier of tiers) {
      const gap = paying![tier]! - this.alive[tier]!;
      const count = Math.floor((Math.abs(gap) * share.numerator) / share.denominator);
      this.hit[shock]! += count;
      if (gap < 0) {
        for (const row of this.#someOf(tier, count, random))
          this.events.push(height + 1 + random.below(blocks), EVENT.exit, row);
      } else {
        // Counted when planned, like those of a day.
        this.alive[tier]! += count;
        this.#exited[tier]! -= count;
        for (let i = 0; i < count; i++) this.events.push(height + 1 + random.below(blocks), EVENT.join, tier);
      }
    }
  }

  /** So many operators of a tier that have not left, or all, drawn by chance. */
  #someOf(tier: number, count: number, random: Random): number[] {
    const rows = this.#rows;
    const present: number[] = [];
    for (let row = 0; row < rows.length; row++)
      if (rows.tier[row] === tier && rows.left[row] === 0) present.push(row);
    random.shuffle(present);
    return present.slice(0, count);
  }

  /** A benchmark fails where one is made: whoever is down already comes back in his own time. */
  #canBeHit(kind: Shock["kind"], row: number, height: number): boolean {
    const rows = this.#rows;
    if (rows.left[row] === 1) return false;
    if (kind === "exit") return true;
    return this.#confirmed(row) && rows.onlineSince[row] !== OFFLINE && rows.actedHeight[row] !== height;
  }

  /** As {@link #sendAway}, but that the tier's target falls with it. */
  #exit(row: number, height: number): void {
    if (this.#rows.left[row] === 1) return;
    if (this.#confirmsIn(row, height)) return this.events.push(height + 1, EVENT.exit, row);
    this.#exited[this.#rows.tier[row]!]!++;
    this.#leave(row, height);
  }

  #failBenchmark(row: number, height: number, blocks: number): void {
    this.#note(EVENT.offline, row);
    this.#rows.nextOutageHeight[row] = 0; // a node that is down does not go down again
    this.nodes.goOffline(row, height);
    this.events.push(height + blocks, EVENT.online, row);
  }

  // The change to other collateral amounts

  #scheduleMigration(row: number, height: number): void {
    const { begin, end } = this.#params.fluxnodes.transitions[TIERS[this.#rows.tier[row]!]!];
    const from = Math.max(begin, height + 1);
    if (from < end) this.events.push(from + this.#starts.below(end - from), EVENT.migrate, row);
  }

  /** The operator moves to the new collateral: the old one is spent, the new one matures, the node STARTs again. */
  #migrate(row: number, height: number): void {
    const rows = this.#rows;
    if (rows.oldCollateral[row] === 0 || rows.left[row] === 1) return;
    // Not while a START is open: the operator waits for the confirm. If that comes too late, #start replaces the collateral.
    const status = this.nodes.record(row)?.status;
    if (rows.actedHeight[row] === height || status === "started" || status === "dos") {
      return this.events.push(height + 1, EVENT.migrate, row);
    }
    this.#note(EVENT.migrate, row);
    this.nodes.spend(row, height);
    this.nodes.replaceCollateral(row, height);
    this.events.push(this.nodes.collateralMature(row), EVENT.start, row);
  }

  /** Schedules an event at least one block after `height`; returns its height. Beyond the run it is not kept. */
  #schedule(height: number, seconds: number, kind: EventKind, row: number): number {
    const at = heightAfter(this.#params, height, Math.max(seconds, 1));
    if (at <= this.#plan.lastHeight) this.events.push(at, kind, row);
    return at;
  }

  #note(kind: EventKind, row: number): void {
    this.#notes.push({ kind, row, serial: this.#rows.collateralSerial[row]! });
  }
}

const CHAIN_DECIDES = new Set<EventKind>(Object.values(DECIDED));

/** Of two events of one kind and block: 0 leaves them as they are. */
const order = (a: Note, b: Note): number => (CHAIN_DECIDES.has(a.kind) ? a.row - b.row : 0);
