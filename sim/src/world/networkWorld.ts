import {
  assert,
  type FullNode,
  type Message,
  type NetworkAddress,
  nobleEcdsa,
  type Observation,
  type PeerId,
  type PeerLink,
  PeerRows,
  plainEquihash,
  Random,
  type SharedChain,
  SharedChains,
} from "@fluxlab/core";
import { CalendarQueue } from "../kernel/calendarQueue.ts";
import { EventDigest } from "../kernel/eventDigest.ts";
import { LinkFaults } from "../net/linkFaults.ts";
import { type LinkEnd, type LinkId, Links } from "../net/links.ts";
import { dealByShare } from "../net/regions.ts";
import { Alarms } from "./alarms.ts";
import { Announcements } from "./announcements.ts";
import { BlockRace } from "./blockRace.ts";
import { CALL_TIMEOUT, Dialler, REDIAL_AFTER, REDIAL_SPREAD } from "./dialler.ts";
import { FluxnodeProduction } from "./fluxnodeProduction.ts";
import type { LabNetwork } from "./labGenesis.ts";
import type { LabOperator } from "./labOperator.ts";
import { operatorsOf, tend } from "./labOperators.ts";
import { type Letter, Letters, NO_HEADER } from "./letters.ts";
import { MessageTally } from "./messageTally.ts";
import { mineModelledBlock } from "./modelledMining.ts";
import { firstTip, type NetworkPlan } from "./networkPlan.ts";
import { linkTo, nodeAtAddress } from "./nodeAddresses.ts";
import { NodeClocks } from "./nodeClocks.ts";
import { type Disk, NodeStart } from "./nodeStart.ts";
import { rememberedEcdsa } from "./rememberedEcdsa.ts";
import { SwapDesk } from "./swapDesk.ts";
import { throughBytes } from "./throughBytes.ts";
import type { PortsHost } from "./virtualPorts.ts";
import {
  ANSWERED,
  ARRIVED,
  CALLED,
  CLOSED,
  firstWord,
  INTERFERENCE,
  LETTER,
  MINED,
  NOBODY,
  REDIAL,
  TIP_ROW,
  UNREADABLE,
  UNWEIGHED,
  WAKE,
} from "./worldEvents.ts";
import type { BlockTime, Mining, SendFilter, Watcher } from "./worldHooks.ts";

/** Blocks between looks at what no node can need any more. */
const FOLD_EVERY = 64;

/** Microseconds over which nodes open their first connections. */
const OPENING_TIME = 1_000_000;

/**
 * A network of full nodes: each runs the production node over its own clock and connections, and all share blocks and what is
 * found about them, which is the same for everyone under the same rules. Time passes from event to event; what happens
 * depends on the plan alone.
 */
export class NetworkWorld implements PortsHost {
  readonly plan: NetworkPlan;
  readonly nodes: FullNode[];
  /** Rows of their tips: to be looked at without touching thousands of nodes. */
  readonly tips: Int32Array;
  /** Nodes that do not run. */
  readonly down: Uint8Array;
  /** What a miner does with its blocks; those not named give them to their nodes. */
  readonly minings = new Map<number, Mining>();
  /** How a miner stamps its blocks; those not named by their clocks. */
  readonly blockTimes = new Map<number, BlockTime>();
  /** What a node keeps to itself; those not named nothing. */
  readonly filters = new Map<number, SendFilter>();
  /** By node that runs them. */
  readonly operators: ReadonlyMap<number, readonly LabOperator[]>;
  readonly race: BlockRace;
  /** Where coins are swapped, if they are. */
  readonly swapDesk: SwapDesk | undefined;
  /** Microseconds that a node takes for a block, besides those of nobody. */
  readonly diskTime: Float64Array;
  readonly chain: SharedChain;
  readonly clocks: NodeClocks;
  readonly region: Uint8Array;
  readonly faults: LinkFaults;
  readonly links: Links;
  readonly tally = new MessageTally();
  /** Events delivered. */
  events = 0;
  /** Microseconds since the world began; everything up to then has happened. */
  playedTo = 0;
  /** Blocks mined, on whatever tip. */
  blocksMined = 0;
  /** The node whose message another is looking at; {@link NOBODY} if none is. */
  speaker = NOBODY;

  readonly #chains: SharedChains;
  readonly #queue = new CalendarQueue(4_096);
  readonly #digest = new EventDigest();
  readonly #letters: Letters;
  /** What nodes know of their peers, as far as announcements concern it. */
  readonly #peers = new PeerRows();
  readonly #watch: Watcher;
  readonly #dialler: Dialler;
  readonly #dialling: Random;
  readonly #starts: NodeStart;
  readonly #production: FluxnodeProduction;
  readonly #interferences: (() => void)[] = [];
  /** Until when a node is busy or stands still, and hears nothing. */
  readonly heldUntil: Float64Array;
  readonly #announcements: Announcements;
  #foldAt = FOLD_EVERY;
  /** Nodes whose tips moved while the world gave them something, for their operators. */
  readonly #moved: number[] = [];
  readonly #alarms: Alarms;

  constructor(plan: NetworkPlan, { params, genesis }: LabNetwork, watch: Watcher) {
    const { nodes, regions } = plan;
    const root = Random.root(plan.seed);
    this.plan = plan;
    this.#watch = watch;
    this.race = new BlockRace(plan.blockInterval, plan.hashRate, root.fork("mining"));
    this.swapDesk = plan.swaps ? new SwapDesk(plan.seed, firstTip(plan)) : undefined;
    this.down = new Uint8Array(nodes);
    this.diskTime = new Float64Array(nodes);
    this.heldUntil = new Float64Array(nodes);
    this.#dialler = new Dialler(plan.topology);
    this.#dialling = root.fork("dialling");
    this.clocks = new NodeClocks(nodes, plan.startSeconds);
    this.clocks.draw(plan.clocks, root.fork("clocks"));
    this.region = dealByShare(regions.shares, nodes, root.fork("regions"));
    this.faults = new LinkFaults(nodes, root.fork("faults"));
    this.links = new Links(this.region, { regions, random: root.fork("latency"), faults: this.faults });
    this.#alarms = new Alarms(nodes, this.#queue);
    this.#chains = new SharedChains(plan.start?.chain ?? genesis, {
      ecdsa: rememberedEcdsa(nobleEcdsa),
      trust: "nothing",
      equihash: plainEquihash,
    });
    this.chain = this.#chains.under(params);
    this.#letters = new Letters(this.chain.tree);
    this.#announcements = new Announcements(this, this.#peers, this.#letters, this.#queue, this.#digest);
    this.#starts = new NodeStart({ chains: this.#chains, peers: this.#peers }, plan, this, root);
    this.nodes = Array.from({ length: nodes }, (_, node) => this.#starts.first(node));
    this.tips = Int32Array.from(this.nodes, ({ chain }) => chain.tip);
    this.operators = operatorsOf(plan, root);
    this.#production = new FluxnodeProduction(this.operators, this.minings, this, root.fork("production"));
    for (const [i, node] of this.nodes.entries()) this.#production.attach(i, node);
    this.#openTopology(root.fork("opening"));
    this.#raceOn();
  }

  /** SHA-256 (hex) over every event delivered and every change of a tip so far. */
  digest(): string {
    return this.#digest.hex();
  }

  /** When something happens next, microseconds; Infinity: never. */
  get nextTime(): number {
    return this.#queue.nextTime;
  }

  /** Plays everything up to a time of the world, that included. */
  advance(until: number): void {
    const queue = this.#queue;
    this.#announcements.settle();
    while (queue.popBy(until)) {
      this.#peers.now = this.links.now = queue.time;
      this.#deliver(queue.kind, queue.source, queue.target, queue.payload);
    }
    this.playedTo = this.#peers.now = until;
  }

  #openTopology(random: Random): void {
    const { nodes, starts, outbound } = this.plan.topology;
    for (let node = 0; node < nodes; node++) {
      this.nodes[node]!.start();
      for (let i = 0; i < outbound[node]!; i++) this.#dial(starts[node]! + i, random.below(OPENING_TIME));
    }
  }

  #deliver(kind: number, source: number, target: number, payload: number): void {
    if (kind === WAKE) {
      this.#wake(target);
    } else if (kind === ARRIVED) {
      const until = this.heldUntil[this.links.nodeAt(target)]!;
      if (until > this.#queue.time) this.#queue.push(until, kind, source, target, payload);
      else this.#arrive(payload, source, target);
    } else if (this.heldUntil[target]! > this.#queue.time && kind !== INTERFERENCE) {
      this.#queue.push(this.heldUntil[target]!, kind, source, target, payload);
    } else {
      this.#record(this.#queue.time | 0, kind, source, target, payload);
      if (kind === MINED) this.#mine(target, payload);
      else if (kind === CLOSED) this.#closed(payload, target);
      else if (kind === CALLED) this.#called(payload, source, target);
      else if (kind === ANSWERED) this.#answered(payload, source, target);
      else if (kind === REDIAL) this.#redial(payload, target);
      else this.#interferences[payload]!();
    }
    if (this.blocksMined >= this.#foldAt) this.#fold();
    if (this.#moved.length > 0) this.#tend();
    this.#announcements.settle();
  }

  #tend(): void {
    for (let node = this.#moved.pop(); node !== undefined; node = this.#moved.pop())
      tend(this.operators.get(node) ?? [], this.nodes[node]!, this.localTime(node));
  }

  /** `time` as 32 bits, which is all that counts: a double would be boxed on its way here. */
  #record(time: number, kind: number, source: number, target: number, what: number): void {
    this.events++;
    this.#digest.row(time, (kind << 26) | source, target, what);
  }

  // Mining

  /** Draws who finds the next block of the network, and when. */
  #raceOn(): void {
    const won = this.race.run();
    if (won === undefined) return;
    this.#queue.push(this.#queue.time + won.wait, MINED, won.winner, won.winner, this.race.number);
  }

  /** Sets a miner's hash rate to so many times what was planned; 0 stops it. */
  setPower(node: number, times: number): void {
    this.race.setPower(node, times);
    this.#raceOn();
  }

  #mine(miner: number, race: number): void {
    if (race !== this.race.number) return;
    this.#raceOn();
    if (this.down[miner] === 1) return;
    const node = this.nodes[miner]!;
    const seconds = this.blockTimes.get(miner)?.(node) ?? Math.floor(this.localTime(miner) / 1_000_000);
    const block = mineModelledBlock(node, node.chain.shared, seconds, this.race.random);
    if (block === undefined) return;
    const hash = this.chain.tree.hashOf(block.header);
    this.observe(miner, { kind: "produced", hash, height: node.chain.tipHeight + 1 });
    const give = this.minings.get(miner) ?? ((mined) => node.submitBlock(mined));
    give(block);
  }

  /** Nodes that have not upgraded yet will look at all blocks since the beginning again. */
  #fold(): void {
    this.#foldAt = this.blocksMined + FOLD_EVERY;
    const views = this.nodes.map(({ chain }) => chain);
    this.#announcements.recallAll();
    const late = views.some(({ shared }) => shared.params !== this.plan.params);
    this.#chains.fold(views, late ? firstTip(this.plan) : undefined);
    this.#letters.fold();
  }

  // Messages

  send(node: number, link: PeerId, message: Message): void {
    const from = this.links.end(link, node);
    if (!this.links.isOpenAt(from)) return;
    if (this.filters.size > 0 && this.filters.get(node)?.(message, link) === false) return;
    const sent = this.#letters.of(message);
    const { bytes, announced } = sent;
    this.links.transmit(link, node, bytes);
    const { arrival, again, corrupted } = this.links;
    if (arrival === Number.POSITIVE_INFINITY) return;
    const isAnnouncement = announced !== NO_HEADER;
    if (isAnnouncement) this.links.arrived(from ^ 1, bytes);
    this.#count(arrival | 0, from, message, bytes);
    const letter = this.plan.wire === "bytes" ? this.#letters.of(throughBytes(message)) : sent;
    const flags = (corrupted ? UNREADABLE : 0) + (isAnnouncement ? UNWEIGHED : 0);
    const mayStay = flags === UNWEIGHED && letter.announced !== NO_HEADER;
    if (!mayStay || !this.#announcements.leave(from ^ 1, announced)) {
      this.#queue.push(arrival, ARRIVED, node, from ^ 1, this.#letters.send(letter) * LETTER + flags);
    }
    if (again === Number.POSITIVE_INFINITY) return;
    this.#count(again | 0, from, message, 0);
    const copy = this.#letters.send(letter) * LETTER + (flags | UNWEIGHED);
    this.#queue.push(again, ARRIVED, node, from ^ 1, copy);
  }

  sendToAll(node: number, links: readonly PeerId[], count: number, message: Message): void {
    const letter = this.#letters.of(message);
    const isPlain = this.filters.size === 0 && !this.faults.active && this.plan.wire !== "bytes";
    if (isPlain && letter.announced !== NO_HEADER) this.#announcements.send(node, links, count, letter);
    else for (let i = 0; i < count; i++) this.send(node, links[i]!, message);
  }

  /** A message is known by when it comes: that of some nobody will ask. */
  #count(arrival: number, from: LinkEnd, { command }: Message, bytes: number): void {
    this.#record(arrival, ARRIVED, this.links.nodeAt(from), this.links.nodeAt(from ^ 1), bytes);
    this.tally.count(command, bytes);
  }

  #arrive(payload: number, source: number, end: LinkEnd): void {
    const letter = this.#letters.numbered((payload / LETTER) | 0);
    this.#letters.delivered(letter);
    if ((payload & UNWEIGHED) === 0) this.links.arrived(end, letter.bytes);
    const target = this.links.nodeAt(end);
    if (this.links.isOpenAt(end)) this.#hear(letter, (payload & UNREADABLE) !== 0, source, end);
    else this.#refuse(end >>> 1, source, target);
    if (letter.announced !== NO_HEADER) this.#announcements.came(end);
  }

  #hear({ message, announced }: Letter, unreadable: boolean, source: number, end: LinkEnd): void {
    const { command } = message;
    const target = this.links.nodeAt(end);
    const link = end >>> 1;
    if (this.diskTime[target]! > 0 && (command === "block" || command === "cmpctblock")) {
      this.pause(target, this.#queue.time + this.diskTime[target]!);
    }
    this.speaker = source;
    if (unreadable) this.nodes[target]!.unreadable(link, { command, unknownTransactionFormat: false });
    else if (announced === NO_HEADER || !this.#announcements.takes(end, announced))
      this.nodes[target]!.receive(link, message);
    this.speaker = NOBODY;
  }

  bytesUnderWay(node: number, link: PeerId): number {
    return this.links.underWay(link, node);
  }

  // Connections

  connect(node: number, address: NetworkAddress, purpose: PeerLink["purpose"]): void {
    assert(purpose === "ordinary", "virtual nodes are told whom to connect to, and ask for nothing else");
    const target = nodeAtAddress(address, this.plan.nodes);
    if (target !== undefined && target !== node) this.#call(node, target, 0);
  }

  /** Opens a connection that the topology asks for. */
  #dial(slot: number, wait: number): void {
    this.#dialler.dialled(slot, this.#call(this.#dialler.caller(slot), this.#dialler.target(slot), wait));
  }

  #call(caller: number, target: number, wait: number): LinkId {
    const link = this.links.add(caller, target);
    const time = this.#queue.time + wait + this.links.delay(caller, target);
    this.#queue.push(time, CALLED, caller, target, link);
    return link;
  }

  /** The target takes the connection, and waits for the caller to speak. */
  #called(link: LinkId, caller: number, target: number): void {
    if (this.faults.cuts(caller, target) || this.faults.cuts(target, caller)) {
      this.#queue.push(this.#queue.time + CALL_TIMEOUT, CLOSED, target, caller, link);
    } else if (this.down[target] === 1) {
      this.#refuse(link, caller, target);
    } else {
      const time = this.#queue.time + this.links.delay(target, caller);
      this.#queue.push(time, ANSWERED, target, caller, link);
      this.links.setOpen(link, target, true);
      this.#connected(link, target, linkTo(caller, "inbound", this.chain.params.p2pPort));
    }
  }

  #answered(link: LinkId, source: number, caller: number): void {
    if (this.down[caller] === 1 || !this.#dialler.isWanted(link)) return this.#refuse(link, source, caller);
    this.links.setOpen(link, caller, true);
    this.#connected(link, caller, linkTo(source, "outbound", this.chain.params.p2pPort));
  }

  #connected(link: PeerId, node: number, peer: PeerLink): void {
    this.#announcements.met(this.links.end(link, node), this.nodes[node]!.connected(link, peer));
  }

  /** Nobody is there any more, and the other end's system hears of it, if it can. */
  #refuse(link: LinkId, speaker: number, refuser: number): void {
    if (this.faults.cuts(refuser, speaker)) return;
    const time = this.#queue.time + this.links.delay(refuser, speaker);
    this.#queue.push(time, CLOSED, refuser, speaker, link);
  }

  /** The end of a connection for the one who opened it, who will open it again. */
  #lostCall(link: LinkId, caller: number): void {
    const slot = this.#dialler.lost(link);
    if (slot === undefined || this.down[caller] === 1) return;
    const time = this.#queue.time + REDIAL_AFTER + this.#dialling.below(REDIAL_SPREAD);
    this.#queue.push(time, REDIAL, caller, caller, slot);
  }

  #redial(slot: number, caller: number): void {
    if (this.down[caller] === 0 && !this.#dialler.isBusy(slot)) this.#dial(slot, 0);
  }

  disconnect(node: number, link: PeerId): void {
    if (!this.links.isOpen(link, node)) return;
    this.#shut(link, node);
    this.links.transmit(link, node, 0);
    const peer = this.links.other(link, node);
    // Whoever is cut off hears nothing, not even that.
    if (this.links.arrival !== Number.POSITIVE_INFINITY) {
      this.#queue.push(this.links.arrival, CLOSED, node, peer, link);
    }
    if (this.links.opener(link) === node) this.#lostCall(link, node);
  }

  #shut(link: LinkId, node: number): void {
    this.#announcements.recall(this.links.end(link, node));
    this.links.setOpen(link, node, false);
  }

  #closed(link: LinkId, node: number): void {
    const wasOpen = this.links.isOpen(link, node);
    if (wasOpen) this.#shut(link, node);
    if (wasOpen && this.down[node] === 0) this.nodes[node]!.disconnected(link);
    if (this.links.opener(link) === node) this.#lostCall(link, node);
  }

  /** Bans end connections; the node closes them itself, and nobody calls twice. */
  ban(): void {}

  localTime(node: number): number {
    return this.clocks.local(node, this.#queue.time);
  }

  wakeAt(node: number, local: number): void {
    this.#alarms.set(node, this.clocks.worldTime(node, local, this.#queue.time));
  }

  #wake(node: number): void {
    if (!this.#alarms.comes(node) || this.down[node] === 1) return;
    if (!this.#alarms.rings(node, this.heldUntil[node]!)) return;
    this.#record(this.#queue.time | 0, WAKE, node, node, 0);
    this.nodes[node]!.wake();
  }

  /** Sets a node's clock ahead by so many microseconds, and makes it gain so many more a second. */
  setClock(node: number, ahead: number, drift: number): void {
    this.#recall(node);
    this.clocks.turn(node, ahead, drift, this.#queue.time);
    // What the node waited for may have come: it looks.
    this.#alarms.set(node, this.#queue.time);
  }

  // What is done to nodes from outside

  /** Does something at a time of the world, before it has come. */
  interfere(time: number, action: () => void): void {
    this.#queue.push(time, INTERFERENCE, 0, 0, this.#interferences.length);
    this.#interferences.push(action);
  }

  /** What the world's time is while somebody interferes. */
  get now(): number {
    return this.#queue.time;
  }

  /** Ends a node's process: its system closes the connections. */
  kill(node: number): void {
    if (this.down[node] === 1) return;
    const links = this.nodes[node]!.peers.map(({ id }) => id);
    this.down[node] = 1;
    for (const link of links) this.disconnect(node, link);
    for (const slot of this.#dialler.slotsOf(node)) this.#dialler.forget(slot);
  }

  /** Starts a node that is down, with what is left on its disk, under its rules or other ones. */
  restart(node: number, disk: Disk, params = this.nodes[node]!.chain.shared.params): void {
    if (this.down[node] === 0) return;
    this.down[node] = 0;
    this.heldUntil[node] = this.clocks.setBackFrom[node] = 0;
    this.nodes[node]!.end();
    this.nodes[node] = this.#starts.again(node, this.nodes[node]!.chain, disk, params);
    this.#production.attach(node, this.nodes[node]!);
    this.nodes[node]!.start();
    const { tipHash: hash, tipHeight: height } = this.nodes[node]!.chain;
    this.observe(node, { kind: "tip", hash, height, disconnected: 0, connected: 0 });
    for (const slot of this.#dialler.slotsOf(node)) this.#dial(slot, this.#dialling.below(OPENING_TIME));
  }

  /** What was left with a node because it would know it in time. */
  #recall(node: number): void {
    for (const { id } of this.nodes[node]!.peers) this.#announcements.recall(this.links.end(id, node));
  }

  /** Until then a node does nothing, and everything waits for it. */
  pause(node: number, until: number): void {
    this.#recall(node);
    this.heldUntil[node] = Math.max(this.heldUntil[node]!, until);
  }

  observe(node: number, observation: Observation): void {
    const { tree } = this.chain;
    if (observation.kind === "produced") this.blocksMined++;
    if (observation.kind === "tip") {
      this.tips[node] = this.nodes[node]!.chain.tip;
      if (this.operators.has(node)) this.#moved.push(node);
      if (node === 0) this.swapDesk?.follow(this.tips[node]!, tree);
      this.#digest.row(TIP_ROW, node, observation.height, firstWord(observation.hash));
    }
    this.#watch(node, observation, this.#queue.time, tree);
  }
}
