import { equalBytes } from "../bytes/compare.ts";
import { blockHash } from "../primitives/header.ts";
import type { BlockHash } from "../primitives/ids.ts";
import { ABSENT } from "../state/keyTable.ts";
import { hashKey } from "../state/outpointKey.ts";
import { MAX_COMPACT_HEADERS } from "./compactHeaders.ts";
import { type HeaderSync, NOT_CONTINUOUS_POINTS, TOO_MANY_HEADERS_POINTS } from "./headerSync.ts";
import { type CompactHeader, INV_BLOCK } from "./messages.ts";
import { type NodeContext, SECOND } from "./nodeContext.ts";
import type { Peer } from "./peer.ts";

/** Blocks asked for at a time. */
const MAX_IN_FLIGHT = 128;
/** Without a block for so long the peer is dropped. */
const PATIENCE = 240 * SECOND;

/**
 * Headers without solutions, which fluxd believes. Here they are a list of blocks that one peer says it has: nothing is taken in
 * but the blocks themselves, one after the other, and each is judged in full. fluxd's own list does not end at its checkpoint,
 * for which it bans others; here nobody minds. Source: fluxd src/main.cpp ProcessMessage "cmpheaders".
 */
export class CompactHeaderSync {
  readonly #context: NodeContext;
  readonly #sync: HeaderSync;
  /** Who sent the list that is being worked on. */
  #peer: Peer | undefined;
  /** Not asked for yet, lowest first. */
  #waiting: BlockHash[];
  /** By {@link hashKey}. */
  readonly #asked: Set<string>;
  #deadline: number;

  constructor(context: NodeContext, sync: HeaderSync) {
    this.#context = context;
    this.#sync = sync;
    this.#peer = undefined;
    this.#waiting = [];
    this.#asked = new Set();
    this.#deadline = 0;
  }

  /** `cmpheaders`. */
  receive(peer: Peer, headers: readonly CompactHeader[]): void {
    const { peers } = this.#context;
    if (headers.length > MAX_COMPACT_HEADERS) {
      peers.charge(peer, TOO_MANY_HEADERS_POINTS, `cmpheaders: ${headers.length} in one message`);
      return;
    }
    const [first] = headers;
    if (first === undefined) {
      this.#sync.receive(peer, []);
      return;
    }
    const hashes = headers.map((header) => (header.kind === "pon" ? blockHash(header) : header.hash));
    if (headers.some(({ previousHash }, i) => i > 0 && !equalBytes(previousHash, hashes[i - 1]!))) {
      peers.charge(peer, NOT_CONTINUOUS_POINTS, "cmpheaders: not continuous");
      return;
    }
    if (!this.#isKnown(first.previousHash)) {
      this.#sync.unconnecting(peer);
      return;
    }
    peer.headersAskedAt = 0;
    if (this.#peer !== undefined) return; // one list at a time
    this.#peer = peer;
    this.#waiting = hashes.filter((hash) => !this.#hasBlock(hash));
    this.#askNext();
  }

  #isKnown(hash: Uint8Array): boolean {
    const { shared, chain } = this.#context;
    const row = shared.chain.tree.find(hash);
    return row !== ABSENT && chain.knows(row);
  }

  #hasBlock(hash: Uint8Array): boolean {
    const { shared, chain } = this.#context;
    const row = shared.chain.tree.find(hash);
    return row !== ABSENT && chain.hasBlock(row);
  }

  #askNext(): void {
    const { peers, ports, shared, chain } = this.#context;
    const peer = this.#peer;
    if (peer === undefined || this.#asked.size > 0) return;
    const batch = this.#waiting.splice(0, MAX_IN_FLIGHT);
    if (batch.length > 0) {
      for (const hash of batch) this.#asked.add(hashKey(hash));
      this.#deadline = ports.now() + PATIENCE;
      this.#context.wakeBy(this.#deadline);
      peers.send(peer, { command: "getdata", items: batch.map((hash) => ({ type: INV_BLOCK, hash })) });
      return;
    }
    this.#peer = undefined;
    // However long it was: honest lists end at a checkpoint, not at the tip.
    peers.send(peer, shared.messages.getHeaders(chain.tip));
  }

  /** A block has come. Whether it was asked for here; call {@link judged} once it is judged. */
  received(hash: BlockHash): boolean {
    if (this.#peer === undefined || !this.#asked.delete(hashKey(hash))) return false;
    this.#deadline = this.#context.ports.now() + PATIENCE;
    return true;
  }

  /** After a block was judged: a list with a block that is no good is no good. */
  judged(good: boolean): void {
    if (good) this.#askNext();
    else this.#giveUp();
  }

  #giveUp(): void {
    this.#peer = undefined;
    this.#waiting = [];
    this.#asked.clear();
  }

  /** A peer has gone. */
  left(peer: Peer): void {
    if (peer === this.#peer) this.#giveUp();
  }

  tick(now: number): void {
    if (this.#peer === undefined) return;
    if (this.#deadline > now) this.#context.wakeBy(this.#deadline);
    else this.#context.peers.drop(this.#peer, "did not send a block in time");
  }
}
