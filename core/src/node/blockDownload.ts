import { ABSENT } from "../state/keyTable.ts";
import type { HeaderSync } from "./headerSync.ts";
import { INV_BLOCK, type InventoryItem, type Message } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import { OpenRequests } from "./openRequests.ts";
import { type BlockRequest, NONE, type Peer } from "./peer.ts";
import { kept } from "./peerKnowledge.ts";

/** Blocks asked of one peer at a time. Source: fluxd src/main.h MAX_BLOCKS_IN_TRANSIT_PER_PEER. */
const MAX_IN_FLIGHT = 128;
/** How far ahead of the last common block a peer is asked for blocks. Source: fluxd src/main.h BLOCK_DOWNLOAD_WINDOW. */
const WINDOW = 8_192;
/** For which one peer may keep the window from moving. Source: fluxd src/main.h BLOCK_STALLING_TIMEOUT. */
const STALLING_TIME = 2 * SECOND;
/** Of block spacings: headers younger than so many are near enough to the tip. Source: fluxd src/main.cpp CanDirectFetch. */
const DIRECT_FETCH_SPACINGS = 20;
/** Half spacings that a block may take, besides one for each that was asked for before. Source: fluxd src/main.cpp GetBlockTimeout. */
const BASE_HALF_SPACINGS = 4;

/**
 * Asks peers for blocks whose headers are known, from many at a time, and notices who does not deliver.
 * Source: fluxd src/main.cpp FindNextBlocksToDownload, SendMessages.
 */
export class BlockDownload {
  readonly #context: NodeContext;
  readonly #sync: HeaderSync;
  readonly #inFlight: OpenRequests;
  /** Of the last search: whose block keeps the window from moving, if nothing could be asked for. */
  #staller: Peer | undefined;

  constructor(context: NodeContext, sync: HeaderSync) {
    this.#context = context;
    this.#sync = sync;
    this.#inFlight = new OpenRequests();
    this.#staller = undefined;
  }

  /** Blocks asked for and not received. */
  get inFlight(): number {
    return this.#inFlight.size;
  }

  /** Whether a block is on its way. */
  isRequested(row: number): boolean {
    return this.#inFlight.has(row);
  }

  /** Asks a peer for blocks that it has and nobody was asked for. */
  request(peer: Peer): void {
    const { chain, shared } = this.#context;
    peer.bestKnown = kept(peer.bestKnown, shared.chain.tree);
    if (peer.bestKnown === ABSENT || peer.closing) return;
    if (chain.isLinked(peer.bestKnown)) {
      peer.lastCommon = peer.bestKnown;
      return;
    }
    if (!this.#mayAsk(peer)) return;
    const room = MAX_IN_FLIGHT - peer.requests.length;
    if (room <= 0) return;
    const rows = this.#next(peer, room);
    if (rows.length > 0) this.#ask(peer, rows);
    else if (this.#staller !== undefined && peer.requests.length === 0) this.#startStalling(this.#staller);
  }

  #mayAsk(peer: Peer): boolean {
    if (!peer.servesBlocks) return false;
    if (this.#context.catchingUp && !this.#sync.isSource(peer)) return false;
    // fluxd asks for nothing at all below old headers; a peer that has no more headers is not worth the wait.
    return peer.headersComplete || this.#directFetch();
  }

  #directFetch(): boolean {
    const { chain, shared, adjustedTime, params } = this.#context;
    const oldest = adjustedTime - DIRECT_FETCH_SPACINGS * params.pow.targetSpacing;
    return shared.chain.tree.time(chain.bestHeader) > oldest;
  }

  /** Up to `room` rows, lowest first. */
  #next(peer: Peer, room: number): readonly number[] {
    const { chain, shared } = this.#context;
    const { tree } = shared.chain;
    const best = peer.bestKnown;
    this.#staller = undefined;
    if (tree.compareWork(best, chain.tip) < 0) return NONE;
    peer.lastCommon = kept(peer.lastCommon, tree);
    const from = peer.lastCommon === ABSENT ? chain.tip : peer.lastCommon;
    peer.lastCommon = tree.commonAncestor(from, best);
    const windowEnd = tree.height(peer.lastCommon) + WINDOW;
    // In the commonest case the search below would find nothing but what follows the tip.
    if (tree.parent(best) === chain.tip && tree.height(best) <= windowEnd) {
      peer.lastCommon = chain.tip;
      return this.#isWanted(best) ? [best] : NONE;
    }
    const top = Math.min(tree.height(best), windowEnd);
    const rows: number[] = [];
    let waitingFor: Peer | undefined;
    for (let at = peer.lastCommon; tree.height(at) < top; ) {
      const batchTop = tree.ancestor(best, Math.min(top, tree.height(at) + MAX_IN_FLIGHT));
      for (const row of tree.path(at, batchTop)) {
        if (chain.hasFailed(row)) return rows;
        if (chain.hasBlock(row)) {
          if (chain.isLinked(row)) peer.lastCommon = row;
          continue;
        }
        const request = this.#inFlight.get(row);
        if (request !== undefined) waitingFor ??= request.peer;
        else if (rows.push(row) === room) return rows;
      }
      at = batchTop;
    }
    const moreBehindWindow = tree.height(best) > windowEnd;
    if (rows.length === 0 && moreBehindWindow && waitingFor !== peer) this.#staller = waitingFor;
    return rows;
  }

  /** Whether a block on top of the tip is to be asked for. */
  #isWanted(row: number): boolean {
    const { chain } = this.#context;
    return !chain.hasFailed(row) && !chain.hasBlock(row) && !this.#inFlight.has(row);
  }

  #ask(peer: Peer, rows: readonly number[]): void {
    const { peers, shared } = this.#context;
    for (const row of rows) this.#track(peer, row);
    peers.send(peer, rows.length === 1 ? shared.messages.request(rows[0]!) : this.#requestOf(rows));
    this.#context.wakeBy(peer.requests[0]!.deadline);
  }

  #requestOf(rows: readonly number[]): Message {
    const { tree } = this.#context.shared.chain;
    const items: InventoryItem[] = rows.map((row) => ({ type: INV_BLOCK, hash: tree.hash(row) }));
    return { command: "getdata", items };
  }

  #track(peer: Peer, row: number): void {
    const request: BlockRequest = { row, peer, deadline: this.#deadline(this.#inFlight.size) };
    this.#inFlight.add(request);
    peer.requests = peer.requests.length === 0 ? [request] : [...peer.requests, request];
    this.#sync.calm(row);
  }

  /** With so many blocks asked for before. */
  #deadline(queued: number): number {
    const { ports, params } = this.#context;
    return ports.now() + (params.pow.targetSpacing * SECOND * (BASE_HALF_SPACINGS + queued)) / 2;
  }

  /** A block has come, from whomever. Whether it had been asked for. */
  received(row: number): boolean {
    const request = this.#inFlight.get(row);
    if (request === undefined) return false;
    this.#forget(request);
    if (this.#inFlight.size > 0) this.#hurry();
    return true;
  }

  #forget({ row, peer }: BlockRequest): void {
    this.#inFlight.delete(row);
    peer.requests = peer.requests.length === 1 ? NONE : peer.requests.filter((other) => other.row !== row);
    peer.stallingSince = 0;
    this.#sync.calm(ABSENT);
  }

  /** Less is asked for than before, so what is may take less time. */
  #hurry(): void {
    for (const peer of this.#context.peers.all) {
      const [first] = peer.requests;
      if (first === undefined) continue;
      const latest = this.#deadline(this.#inFlight.size - peer.requests.length);
      if (latest >= first.deadline) continue;
      first.deadline = latest;
      this.#context.wakeBy(latest);
    }
  }

  /** After blocks came: whoever has nothing to do may be of use again. */
  requestFromIdle(): void {
    const { chain, peers } = this.#context;
    if (chain.bestHeader === chain.tip) return;
    for (const peer of peers.all) if (peer.requests.length === 0) this.request(peer);
  }

  /** What lay on branches that were dropped when chains were folded comes too late. */
  #forgetDropped(peer: Peer): void {
    const { tree } = this.#context.shared.chain;
    for (const request of peer.requests) if (!tree.isLive(request.row)) this.#forget(request);
  }

  #startStalling(peer: Peer): void {
    if (peer.stallingSince !== 0) return;
    peer.stallingSince = this.#context.ports.now();
    this.#context.wakeBy(peer.stallingSince + STALLING_TIME);
  }

  /** A peer has gone: what it was asked for is asked of others. */
  left(peer: Peer): void {
    if (peer.requests.length === 0) return;
    for (const { row } of peer.requests) this.#inFlight.delete(row);
    peer.requests = NONE;
    this.#sync.calm(ABSENT);
    for (const other of this.#context.peers.all) this.request(other);
  }

  /** Drops whoever does not deliver. */
  tick(now: number): void {
    if (this.#inFlight.size === 0) return;
    const { peers } = this.#context;
    for (const peer of peers.all) {
      this.#forgetDropped(peer);
      const [first] = peer.requests;
      if (peer.closing || first === undefined) continue;
      const stalledAt =
        peer.stallingSince === 0 ? Number.POSITIVE_INFINITY : peer.stallingSince + STALLING_TIME;
      if (stalledAt <= now) peers.drop(peer, "stalls the download of blocks");
      else if (first.deadline <= now) peers.drop(peer, "did not send a block in time");
      else this.#context.wakeBy(Math.min(first.deadline, stalledAt));
    }
  }
}
