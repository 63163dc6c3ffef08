import { equalBytes } from "../bytes/compare.ts";
import type { HeaderOutcome } from "../chain/chainView.ts";
import { GENESIS_ROW } from "../chain/headerTree.ts";
import type { BlockHeader } from "../primitives/header.ts";
import { ZERO_HASH } from "../primitives/ids.ts";
import { dosScore } from "../rules/violation.ts";
import { ABSENT } from "../state/keyTable.ts";
import {
  COMPACT_HEADERS_VERSION,
  compactHeader,
  lastCheckpointHeight,
  MAX_COMPACT_HEADERS,
} from "./compactHeaders.ts";
import type { Locator } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";
import { noteHas, noteSent } from "./peerKnowledge.ts";

/** In one message. Source: fluxd src/main.h MAX_HEADERS_RESULTS. */
export const MAX_HEADERS = 160;
/** A best header younger than this, in seconds, is worth a question to every peer. */
const NEARLY_SYNCED = 24 * 60 * 60;
/** How long an answer is waited for before another peer is asked; fluxd waits for ever. */
const ANSWER_TIME = 60 * SECOND;
/** Announcements in a row whose parents nobody knows, before each costs points. */
const MAX_UNCONNECTING = 10;

/** For a message of more headers than one may have. */
export const TOO_MANY_HEADERS_POINTS = 20;
/** For headers that are no chain. */
export const NOT_CONTINUOUS_POINTS = 20;
const UNKNOWN_PARENT_POINTS = 10;
/** A header on a block that breaks a rule. */
const INVALID_PARENT_POINTS = 100;

/**
 * Headers first: asks for them, takes them in and gives them out. Source: fluxd src/main.cpp SendMessages,
 * ProcessMessage "getheaders", "headers".
 */
export class HeaderSync {
  readonly #context: NodeContext;
  /** Peers that were asked because they connected, and have not sent all they have. */
  #syncing: number;
  /** Whether everybody was asked once the best header was young; those who connect later are asked when they do. */
  #askedAll: boolean;
  /** Whether a peer may owe an answer. */
  #someOwe: boolean;

  constructor(context: NodeContext) {
    this.#context = context;
    this.#syncing = 0;
    this.#askedAll = false;
    this.#someOwe = false;
  }

  /** Asks a peer for headers if that is due: one at first, and everybody once we are nearly there. */
  start(peer: Peer): void {
    const { chain, shared, peers } = this.#context;
    if (peer.syncStarted || peer.closing || !this.isSource(peer)) return;
    if (this.#syncing > 0 && !this.#nearlySynced()) return;
    peer.syncStarted = true;
    peer.syncing = true;
    this.#syncing++;
    const { tree } = shared.chain;
    // From the parent of the best, so that peers who have the same best header answer with it.
    const best = chain.bestHeader;
    peers.send(peer, shared.messages.getHeaders(best === GENESIS_ROW ? best : tree.parent(best)));
    this.#awaitAnswer(peer);
  }

  /** Whether blocks and headers are asked of this peer: of those that others connected to only if there is none better. */
  isSource(peer: Peer): boolean {
    if (!peer.introduced || !peer.servesBlocks || peer.link.purpose !== "ordinary") return false;
    return peer.preferred || !this.#context.peers.all.some((other) => other.preferred && !other.closing);
  }

  #nearlySynced(): boolean {
    const { chain, shared, adjustedTime } = this.#context;
    return shared.chain.tree.time(chain.bestHeader) > adjustedTime - NEARLY_SYNCED;
  }

  #startAll(): void {
    this.#askedAll = this.#nearlySynced();
    for (const peer of this.#context.peers.all) this.start(peer);
    this.calm(ABSENT);
  }

  /** Announcements of the tip are nothing new once everybody was asked; nor are those of `coming`, a block on its way. */
  calm(coming: number): void {
    const { peers, chain, shared, catchingUp } = this.#context;
    const isNext = coming !== ABSENT && shared.chain.tree.parent(coming) === chain.tip && !catchingUp;
    if (this.#askedAll) peers.setCalm(chain.tip, isNext ? coming : ABSENT);
    else peers.setCalm(ABSENT, ABSENT);
  }

  /** After `headers` were taken in: whether more announcements of what we have will lead to anything. */
  settle(peer: Peer): void {
    const owes = peer.headersAskedAt !== 0 || peer.syncing || !peer.headersComplete;
    peer.settled =
      !owes &&
      peer.servesBlocks &&
      peer.unknownAnnounced === undefined &&
      peer.unconnecting === 0 &&
      !peer.closing;
  }

  /** Asks for what follows the best header, up to `stop`, unless an answer is under way. */
  ask(peer: Peer, stop: Uint8Array = ZERO_HASH): void {
    const { peers, shared, chain } = this.#context;
    if (stop === ZERO_HASH && this.#isAsked(peer)) return;
    const general = shared.messages.getHeaders(chain.bestHeader);
    peers.send(peer, stop === ZERO_HASH || general.command !== "getheaders" ? general : { ...general, stop });
    this.#awaitAnswer(peer);
  }

  /** Whether a question of ours is open. */
  #isAsked({ headersAskedAt }: Peer): boolean {
    return headersAskedAt !== 0 && this.#context.ports.now() - headersAskedAt < ANSWER_TIME;
  }

  #awaitAnswer(peer: Peer): void {
    const now = this.#context.ports.now();
    peer.headersAskedAt = now;
    this.#someOwe = true;
    peer.settled = false;
    this.#context.wakeBy(now + ANSWER_TIME);
  }

  /** A peer announced a block by its hash alone. */
  announcedHash(peer: Peer, hash: Uint8Array): void {
    const { shared, chain } = this.#context;
    const { tree } = shared.chain;
    const row = tree.find(hash);
    if (row !== ABSENT && chain.knows(row)) noteHas(peer, row, tree);
    else {
      peer.unknownAnnounced = hash;
      this.ask(peer, hash);
    }
  }

  /** `headers`. Whether all were taken in. */
  receive(peer: Peer, headers: readonly BlockHeader[]): boolean {
    const { peers, shared } = this.#context;
    if (headers.length > MAX_HEADERS) {
      peers.charge(peer, TOO_MANY_HEADERS_POINTS, `headers: ${headers.length} in one message`);
      return false;
    }
    if (headers.length === 0) {
      peer.headersAskedAt = 0;
      this.#complete(peer);
      return true;
    }
    const last = this.#acceptRun(peer, headers);
    if (last === ABSENT) return false;
    peer.headersAskedAt = 0;
    this.connected(peer, last);
    if (headers.length < MAX_HEADERS) this.#complete(peer);
    else {
      peer.headersComplete = false;
      peers.send(peer, shared.messages.getHeaders(last));
      this.#awaitAnswer(peer);
    }
    return true;
  }

  /** The peer has no more: somebody else may have, which fluxd does not ask before the next block. */
  #complete(peer: Peer): void {
    peer.headersComplete = true;
    if (this.#stopSyncing(peer)) this.#startAll();
  }

  /** Whether it was at it. */
  #stopSyncing(peer: Peer): boolean {
    if (!peer.syncing) return false;
    peer.syncing = false;
    this.#syncing--;
    return true;
  }

  /** Row of the last, or {@link ABSENT} if one was not taken. */
  #acceptRun(peer: Peer, headers: readonly BlockHeader[]): number {
    const known = headers.length === 1 ? this.#knownRow(headers[0]!) : ABSENT;
    if (known !== ABSENT) return known;
    const { chain, shared, adjustedTime } = this.#context;
    const { tree } = shared.chain;
    let last = ABSENT;
    for (const header of headers) {
      if (last !== ABSENT && !equalBytes(header.previousHash, tree.hash(last))) {
        this.#context.peers.charge(peer, NOT_CONTINUOUS_POINTS, "headers: not continuous");
        return ABSENT;
      }
      const outcome = chain.acceptHeader(header, adjustedTime);
      if (!("row" in outcome)) {
        // fluxd forgets that the peer has those before, and with a clock that is behind it fetches no blocks at all.
        if (last !== ABSENT) noteHas(peer, last, tree);
        this.refused(peer, outcome);
        return ABSENT;
      }
      last = outcome.row;
    }
    return last;
  }

  /** Row of a header that this node has already, in the commonest case: most announcements are of blocks that others announced. */
  #knownRow(header: BlockHeader): number {
    const { chain, shared } = this.#context;
    const row = shared.chain.tree.rowOf(header);
    return row !== ABSENT && chain.knows(row) && !chain.hasFailed(row) ? row : ABSENT;
  }

  /** The peer has shown a header that we have now. */
  connected(peer: Peer, row: number): void {
    peer.unconnecting = 0;
    noteHas(peer, row, this.#context.shared.chain.tree);
    this.#resolveAnnounced(peer);
    if (!this.#askedAll && this.#nearlySynced()) this.#startAll();
  }

  /** Source: fluxd src/main.cpp ProcessBlockAvailability. */
  #resolveAnnounced(peer: Peer): void {
    if (peer.unknownAnnounced === undefined) return;
    const { shared, chain } = this.#context;
    const row = shared.chain.tree.find(peer.unknownAnnounced);
    if (row === ABSENT || !chain.knows(row)) return;
    peer.unknownAnnounced = undefined;
    noteHas(peer, row, shared.chain.tree);
  }

  /** Why a header was not taken. Source: fluxd src/main.cpp AcceptBlockHeader. */
  refused(peer: Peer, outcome: Exclude<HeaderOutcome, { row: number }>): void {
    const { peers, catchingUp } = this.#context;
    switch (outcome.outcome) {
      case "unknownParent":
        this.unconnecting(peer);
        return;
      case "invalidParent":
        peers.charge(peer, INVALID_PARENT_POINTS, "bad-prevblk");
        return;
      case "knownInvalid":
        return;
      case "invalid": {
        // A clock that is behind finds every new tip too new, before it looks for the parent; fluxd never learns what it has
        // missed and may have by now. The question stays open until something comes that is not too new.
        if (isTooNew(outcome)) this.ask(peer);
        const judge = { judging: "block", catchingUp } as const;
        peers.charge(peer, dosScore(outcome.violation, judge), outcome.violation.rule);
      }
    }
  }

  /**
   * fluxd announces a new tip without asking whether the parent is known, and fines those who do so to it. We ask for what lies
   * between; only a peer that does nothing else is fined. While our question is on its way an honest peer that catches up may
   * announce one tip after another.
   */
  unconnecting(peer: Peer): void {
    if (this.#isAsked(peer)) return;
    peer.unconnecting++;
    if (peer.unconnecting > MAX_UNCONNECTING) {
      this.#context.peers.charge(peer, UNKNOWN_PARENT_POINTS, "bad-prevblk");
    }
    this.ask(peer);
  }

  /**
   * `getheaders`: what follows the last block of ours that the peer has. It is answered while catching up too, which fluxd does
   * not do: all we give out is valid, and two nodes that were away for long could not help each other.
   */
  serve(peer: Peer, locator: Locator, stop: Uint8Array): void {
    const { chain, shared, peers } = this.#context;
    const { tree, params } = shared.chain;
    const stopRow = tree.find(stop);
    if (locator.hashes.length === 0) {
      if (stopRow !== ABSENT && chain.knows(stopRow)) peers.send(peer, shared.messages.announcement(stopRow));
      return;
    }
    // Two that lived on different branches meet: fluxd learns of the other's only when that one grows.
    const [best] = locator.hashes;
    if (!this.#isKnown(best!)) this.ask(peer);
    const fork = this.locate(peer, locator);
    const checkpoint = lastCheckpointHeight(params);
    const compact = peer.version >= COMPACT_HEADERS_VERSION && tree.height(fork) + 1 < checkpoint;
    // fluxd sends more than its checkpoint allows, and bans whoever does so to it.
    const most = compact ? Math.min(MAX_COMPACT_HEADERS, checkpoint - 1 - tree.height(fork)) : MAX_HEADERS;
    const last = this.#lastToServe(fork, most, stopRow);
    const rows = tree.path(fork, last);
    if (compact) {
      const headers = rows.map((row) => compactHeader(tree.header(row), tree.hash(row)));
      peers.send(peer, { command: "cmpheaders", headers });
    } else if (rows.length === 1) peers.send(peer, shared.messages.announcement(last));
    else peers.send(peer, { command: "headers", headers: rows.map((row) => tree.header(row)) });
    noteSent(peer, last, tree);
  }

  #isKnown(hash: Uint8Array): boolean {
    const { chain, shared } = this.#context;
    const row = shared.chain.tree.find(hash);
    return row !== ABSENT && chain.knows(row);
  }

  /** The first block of a locator that is on our best chain; the peer has it. */
  locate(peer: Peer, { hashes }: Locator): number {
    const { chain, shared } = this.#context;
    const { tree } = shared.chain;
    for (const hash of hashes) {
      const row = tree.find(hash);
      if (row === ABSENT || !chain.knows(row) || !chain.isActive(row)) continue;
      noteHas(peer, row, tree);
      return row;
    }
    return GENESIS_ROW;
  }

  #lastToServe(fork: number, most: number, stop: number): number {
    const { chain, shared } = this.#context;
    const { tree } = shared.chain;
    const height = Math.min(chain.tipHeight, tree.height(fork) + most);
    const stopHeight = stop !== ABSENT && chain.isActive(stop) ? tree.height(stop) : height;
    return tree.ancestor(chain.tip, stopHeight > tree.height(fork) ? Math.min(height, stopHeight) : height);
  }

  /** A peer has gone. */
  left(peer: Peer): void {
    if (this.#stopSyncing(peer)) this.#startAll();
  }

  /** Peers that owe an answer are passed over, and asked again when there is nobody else. */
  tick(now: number): void {
    if (!this.#someOwe) return;
    this.#someOwe = false;
    let silent = false;
    for (const peer of this.#context.peers.all) {
      if (peer.headersAskedAt === 0 || peer.closing) continue;
      if (now - peer.headersAskedAt < ANSWER_TIME) {
        this.#someOwe = true;
        this.#context.wakeBy(peer.headersAskedAt + ANSWER_TIME);
        continue;
      }
      peer.headersAskedAt = 0;
      silent = this.#stopSyncing(peer) || silent;
    }
    if (!silent) return;
    this.#startAll();
    if (this.#syncing > 0) return;
    for (const peer of this.#context.peers.all) if (!peer.headersComplete) peer.syncStarted = false;
    this.#startAll();
  }
}

/** Whether a header is refused only for now, by our clock. */
const isTooNew = (outcome: HeaderOutcome): boolean =>
  outcome.outcome === "invalid" && outcome.violation.rule === "time-too-new";
