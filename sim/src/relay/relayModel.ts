import { Random } from "@fluxlab/core";
import { CalendarQueue } from "../kernel/calendarQueue.ts";
import { EventDigest } from "../kernel/eventDigest.ts";
import { Latency } from "../net/latency.ts";
import { dealByShare } from "../net/regions.ts";
import { randomTopology, type Topology } from "../net/topology.ts";
import { BlockSpread, KNOWN, REQUESTED, UNKNOWN } from "./blockSpread.ts";
import { missingPercent } from "./missingShare.ts";
import { RelayBlocks } from "./relayBlocks.ts";
import type { RelayPlan } from "./relayPlan.ts";
import { UploadQueues } from "./uploadQueues.ts";

// Kinds of events: what arrives at `target` from `source`; the payload is the block. At one moment they come in this order.
const MINED = 0;
const INV = 1;
const GETDATA = 2;
const COMPACT_BLOCK = 3;
const BLOCK = 4;
const GETBLOCKTXN = 5;

/** Names of the kinds, by number. */
export const RELAY_MESSAGES = ["mined", "inv", "getdata", "cmpctblock", "block", "getblocktxn"] as const;

export interface RelayOptions {
  /** Also delivers announcements that the receiver is bound to ignore; the outcome is the same, and it takes longer. */
  readonly everyAnnouncement?: boolean;
  /** Told when a node's tip moves to a block, microseconds, and who sent the block; the miner itself for its own. */
  readonly onTip?: (node: number, block: number, time: number, from: number) => void;
}

/**
 * How blocks spread when nothing is checked and there are no transactions: SimBlock's model of Bitcoin's relay
 * (dsg-titech/simblock 5fc7f9f, node/Node.java) over this simulator's kernel and network. Nodes announce a new tip to all they
 * are linked with; who does not know it asks the first announcer; a block goes out as a compact block where both ends can,
 * and whole, or what of it is missing, where that fails. A node sends one block at a time and the next when that has arrived.
 *
 * Two things are left out because they cannot change the outcome. One winner is drawn for the whole network instead of a
 * waiting time for every node (exponential times have no memory). And an announcement is not delivered when its receiver has
 * asked for the block already, or will have been told of it earlier.
 */
export class RelayModel {
  readonly plan: RelayPlan;
  readonly topology: Topology;
  readonly blocks: RelayBlocks;
  /** Messages sent, by kind; announcements that were not delivered are among them. */
  readonly sent = new Float64Array(RELAY_MESSAGES.length);
  /** Events delivered. */
  events = 0;
  done = false;

  readonly #queue: CalendarQueue;
  readonly #digest = new EventDigest();
  readonly #everyAnnouncement: boolean;
  readonly #onTip: RelayOptions["onTip"];
  readonly #latency: Latency;
  readonly region: Uint8Array;
  /** Bits in a millisecond, from region to region. */
  readonly #bandwidth: readonly (readonly number[])[];
  readonly #compact: Uint8Array;
  readonly #churn: Uint8Array;
  readonly #power: Uint32Array;
  readonly #strongest: number;
  readonly #latencies: Random;
  readonly #races: Random;
  readonly #failures: Random;

  /** By node, row of {@link blocks}. */
  readonly tip: Uint32Array;
  readonly #sending: Uint8Array;
  readonly #uploads: UploadQueues;
  /** By block; undefined when nothing of it is under way any more. */
  readonly #spreads: (BlockSpread | undefined)[] = [undefined];
  readonly #idleSpreads: BlockSpread[] = [];
  /** Blocks of which nothing is under way, but which somebody may not have. */
  #quiet: number[] = [];

  constructor(plan: RelayPlan, options: RelayOptions = {}) {
    const { nodes, regions, relay } = plan;
    const root = Random.root(plan.seed);
    this.plan = plan;
    this.#everyAnnouncement = options.everyAnnouncement === true;
    this.#onTip = options.onTip;
    this.#latencies = root.fork("latency");
    this.#races = root.fork("mining");
    this.#failures = root.fork("compact blocks");
    this.region = dealByShare(regions.shares, nodes, root.fork("regions"));
    this.#latency = new Latency(regions.meanLatencyMs);
    this.#bandwidth = regions.upload.map((up) => regions.download.map((down) => Math.min(up, down) / 1_000));
    const dealt = (perMille: number, label: string) =>
      dealByShare([1_000 - perMille, perMille], nodes, root.fork(label));
    this.#compact = dealt(relay.compactNodesPerMille, "compact nodes");
    this.#churn = dealt(relay.churnNodesPerMille, "churn nodes");
    this.#power = miningPowers(plan, root.fork("power"));
    this.#strongest = this.#power.reduce((most, power) => Math.max(most, power), 1);
    this.topology = randomTopology(degrees(plan, root.fork("degrees")), root.fork("topology"));
    this.blocks = new RelayBlocks(nodes);
    this.tip = new Uint32Array(nodes);
    this.#sending = new Uint8Array(nodes);
    this.#uploads = new UploadQueues(nodes);
    this.#queue = new CalendarQueue();
    this.#raceOn();
  }

  /** Of the highest block. */
  get height(): number {
    return this.blocks.highest;
  }

  /** Microseconds since the run began. */
  get time(): number {
    return this.#queue.time;
  }

  /** SHA-256 (hex) over every event so far. */
  digest(): string {
    return this.#digest.hex();
  }

  /** When something happens next, microseconds; Infinity: never. */
  get nextTime(): number {
    return this.#queue.nextTime;
  }

  /** Plays until `blocks` more are mined, or to the end, when the last has reached everybody. */
  advance(blocks: number): void {
    for (let mined = 0; mined < blocks && !this.done; ) if (this.#next()) mined++;
  }

  /** Plays everything up to a time, microseconds, that included. */
  advanceTo(time: number): void {
    while (!this.done && (this.#queue.nextTime <= time || this.#queue.nextTime === Number.POSITIVE_INFINITY))
      this.#next();
  }

  /** One event; whether it was that somebody mined. */
  #next(): boolean {
    const queue = this.#queue;
    if (!queue.pop()) {
      this.done = true;
      return false;
    }
    this.events++;
    this.#digest.row(queue.time, (queue.kind << 26) | queue.source, queue.target, queue.payload);
    if (queue.kind === MINED) {
      this.#mine(queue.target);
      return true;
    }
    this.#deliver(queue.kind, queue.source, queue.target, queue.payload);
    return false;
  }

  /** Draws who finds the next block of the network, and when. */
  #raceOn(): void {
    const winner = this.#races.weighted(this.#power, this.#strongest);
    const time = this.#queue.time + this.#races.exponential(this.plan.blockInterval);
    this.#queue.push(time, MINED, winner, winner, 0);
  }

  #mine(miner: number): void {
    const parent = this.tip[miner]!;
    // The chain is long enough: nobody mines any more, and what is under way still arrives.
    if (this.blocks.height[parent]! >= this.plan.blocks) return;
    this.sent[MINED]!++;
    const block = this.blocks.add(parent, miner, this.#queue.time);
    const spread = this.#idleSpreads.pop() ?? new BlockSpread(this.plan.nodes);
    this.#spreads.push(spread);
    spread.pending = 1;
    this.#receive(miner, block, miner);
    this.#oneLess(block, spread);
    this.#raceOn();
  }

  #deliver(kind: number, source: number, target: number, block: number): void {
    const spread = this.#spreads[block]!;
    if (kind === INV) {
      if (spread.stateOf[target] === UNKNOWN) {
        spread.stateOf[target] = REQUESTED;
        this.#send(GETDATA, target, source, block, this.plan.relay.requestDelay);
      }
    } else if (kind === GETDATA || kind === GETBLOCKTXN) {
      this.#uploads.add(target, source, block, kind);
      spread.pending++;
      if (this.#sending[target] === 0) this.#sendNext(target);
    } else {
      this.#sendNext(source);
      if (kind === COMPACT_BLOCK && this.#lacksTransactions(target)) {
        this.#send(GETBLOCKTXN, target, source, block, this.plan.relay.requestDelay);
      } else {
        this.#receive(target, block, source);
      }
    }
    this.#oneLess(block, spread);
  }

  /** Sends what is next in a node's queue; the one before has arrived. */
  #sendNext(node: number): void {
    const uploads = this.#uploads;
    const next = uploads.take(node);
    this.#sending[node] = next ? 1 : 0;
    if (!next) return;
    const { to, block } = uploads;
    const { blockBytes, compactBlockBytes, processing } = this.plan.relay;
    let kind = BLOCK;
    let bytes = blockBytes;
    if (uploads.kind === GETBLOCKTXN) {
      bytes = Math.trunc((blockBytes * missingPercent(this.#churn[node] === 1, this.#failures)) / 100);
    } else if (this.#compact[to] === 1 && this.#compact[node] === 1) {
      kind = COMPACT_BLOCK;
      bytes = compactBlockBytes;
    }
    const bitsPerMs = this.#bandwidth[this.region[node]!]![this.region[to]!]!;
    this.#send(kind, node, to, block, Math.round((bytes * 8_000) / bitsPerMs) + processing);
    this.#spreads[block]!.pending--; // was queued, now is under way
  }

  #send(kind: number, from: number, to: number, block: number, delay: number): void {
    const latency = this.#latency.draw(this.region[from]!, this.region[to]!, this.#latencies);
    this.#queue.push(this.#queue.time + latency + delay, kind, from, to, block);
    this.#spreads[block]!.pending++;
    this.sent[kind]!++;
  }

  /** A node has a whole block: it becomes its tip if it is higher, and the node's peers hear of it. */
  #receive(node: number, block: number, from: number): void {
    this.#know(node, block);
    if (this.blocks.height[block]! <= this.blocks.height[this.tip[node]!]!) return;
    this.tip[node] = block;
    this.#onTip?.(node, block, this.#queue.time, from);
    this.#announce(node, block);
  }

  /** Who gets a block has all before it, asked for or not, and asks for none of them. */
  #know(node: number, block: number): void {
    for (let known = block; known !== 0; known = this.blocks.parent[known]!) {
      const spread = this.#spreads[known];
      if (spread === undefined || spread.stateOf[node] === KNOWN) return;
      spread.stateOf[node] = KNOWN;
      this.blocks.arrived(known, this.#queue.time);
    }
  }

  #announce(node: number, block: number): void {
    const { starts, peers } = this.topology;
    const spread = this.#spreads[block]!;
    const region = this.region[node]!;
    const sendAt = this.#queue.time + this.plan.relay.requestDelay;
    const end = starts[node + 1]!;
    for (let i = starts[node]!; i < end; i++) {
      const peer = peers[i]!;
      const arrival = sendAt + this.#latency.draw(region, this.region[peer]!, this.#latencies);
      const ignored = spread.stateOf[peer] !== UNKNOWN || spread.announcedAt[peer]! < arrival;
      if (ignored && !this.#everyAnnouncement) continue;
      spread.announcedAt[peer] = Math.min(arrival, spread.announcedAt[peer]!);
      this.#queue.push(arrival, INV, node, peer, block);
      spread.pending++;
    }
    this.sent[INV]! += end - starts[node]!;
  }

  #lacksTransactions(node: number): boolean {
    const { steady, churn } = this.plan.relay.compactFailurePercent;
    return this.#failures.below(100) < (this.#churn[node] === 1 ? churn : steady);
  }

  /** Something of a block has arrived. */
  #oneLess(block: number, spread: BlockSpread): void {
    if (--spread.pending > 0) return;
    this.#quiet.push(block);
    if (this.blocks.reached[block] === this.plan.nodes) this.#forgetUpTo(block);
  }

  /**
   * A block that everybody has and of which nothing is under way can do nothing any more, nor can those before it. Blocks that
   * lost a race, which some never get, are kept as long as they may win after all.
   */
  #forgetUpTo(block: number): void {
    const { height, reached } = this.blocks;
    const left: number[] = [];
    for (const each of this.#quiet) {
      const spread = this.#spreads[each];
      if (spread === undefined || spread.pending > 0) continue; // twice in the list, or at work again
      if (height[each]! > height[block]! || (reached[each]! < this.plan.nodes && this.#mayWin(each))) {
        left.push(each);
        continue;
      }
      this.#spreads[each] = undefined;
      spread.clear();
      this.#idleSpreads.push(spread);
    }
    this.#quiet = left;
  }

  /** Whether a node's chain or something under way is built on a block. */
  #mayWin(block: number): boolean {
    for (const tip of new Set(this.tip)) if (this.#isOn(tip, block)) return true;
    for (let later = block + 1; later < this.#spreads.length; later++)
      if ((this.#spreads[later]?.pending ?? 0) > 0 && this.#isOn(later, block)) return true;
    return false;
  }

  #isOn(block: number, below: number): boolean {
    const { height, parent } = this.blocks;
    let at = block;
    while (height[at]! > height[below]!) at = parent[at]!;
    return at === below;
  }
}

function miningPowers({ nodes, relay: { power } }: RelayPlan, random: Random): Uint32Array {
  return Uint32Array.from({ length: nodes }, () =>
    Math.max(Math.trunc(power.mean + random.normal() * power.deviation), 1),
  );
}

/** Outbound links of each node: how many nodes have how many is not left to chance. */
function degrees({ nodes, degrees: atMost }: RelayPlan, random: Random): Uint8Array {
  const shares = atMost.map((chance, i) => chance - (atMost[i - 1] ?? 0));
  return dealByShare(shares, nodes, random).map((index) => index + 1);
}
